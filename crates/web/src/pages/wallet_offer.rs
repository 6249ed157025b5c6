//! `/me/certificates/{id}/wallet`: a certificate for another wallet.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::wallet::second;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::wallets_elsewhere::{OfferPage, OfferView};
use crate::visitor::Visitor;

fn page(visitor: &Visitor, held: &app::Held) -> OfferPage {
    OfferPage {
        name: Tx::of(&held.kind.name, visitor.lang),
        back: format!("/me/certificates/{}", held.id),
        standing: held.standing.id(),
        offer: None,
    }
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let held = site.app.my_certificate(visitor.citizen()?, id).await?;
    visitor.personal(&page(&visitor, &held))
}

/// Makes an offer, and shows it in answer: nowhere else is it to be seen.
pub(crate) async fn offer(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    let offered = site.app.offer_to_wallet(person, id).await?;
    let address = format!("{}/vci/offers/{}", visitor.origin()?.as_str(), offered.code);
    let encoded: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    let link = format!("openid-credential-offer://?credential_offer_uri={encoded}");
    let mut page = page(&visitor, &offered.held);
    page.offer = Some(OfferView {
        qr: app::qr(&link, &visitor.text("wallet-offer-qr")),
        link,
        pin: offered.pin,
        until: second(&visitor, offered.expires),
    });
    visitor.again(StatusCode::OK, &page).await
}
