//! `/desk/certificates/{area}/{id}`: the issuer takes a certificate back or replaces it.

use std::sync::Arc;

use app::{DeskCertificate, IssuerWish};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::Rule;
use uuid::Uuid;

use super::wallet::rows;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::wallet::{CertificateAction, DeskCertificatePage};
use crate::visitor::Visitor;

const WISHES: [(&str, IssuerWish); 2] = [("replace", IssuerWish::Replace), ("revoke", IssuerWish::Revoke)];

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path((area, id)): Path<(String, Uuid)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let found = site.app.desk_certificate(&visitor.officer()?, &area, id).await?;
    visitor.personal(&page(&visitor, &found, &area, None))
}

fn page(visitor: &Visitor, found: &DeskCertificate, area: &str, wrong: Option<&str>) -> DeskCertificatePage {
    let held = &found.held;
    let action = |(id, _): &(&'static str, IssuerWish)| CertificateAction {
        id,
        action: format!("/desk/certificates/{area}/{}/{id}", held.id),
        error: wrong == Some(*id),
        seen: held.certificate.id.version(),
    };
    DeskCertificatePage {
        case: if found.of_a_batch() {
            "/desk".to_owned()
        } else {
            format!("/desk/cases/{area}/{}", found.case)
        },
        name: Tx::of(&held.kind.name, visitor.lang),
        standing: held.standing.id(),
        identifier: held.certificate.id.as_str().to_owned(),
        rows: rows(visitor, held),
        actions: if found.may_change { WISHES.iter().map(action).collect() } else { Vec::new() },
    }
}

/// The address of a form, kept by a browser after an answer, leads to the certificate.
pub(crate) async fn back(Path((area, id, wish)): Path<(String, Uuid, String)>) -> Result<Response, Failure> {
    let area: domain::AreaCode = area.parse().map_err(|_| Failure::NotFound)?;
    let known = WISHES.iter().any(|(known, _)| *known == wish);
    if known { Ok(see_other(&format!("/desk/certificates/{area}/{id}"))) } else { Err(Failure::NotFound) }
}

pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    Path((area, id, wish)): Path<(String, Uuid, String)>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    let (name, wish) = WISHES.into_iter().find(|(known, _)| *known == wish).ok_or(Failure::NotFound)?;
    let seen = form.get("seen").parse().unwrap_or_default();
    match site.app.change_certificate(&officer, &area, (id, seen), wish, &form.words()).await {
        // Somebody was faster, or the form came twice: the page says how it stands.
        Err(app::Error::Contention) => Ok(see_other(&format!("/desk/certificates/{area}/{id}"))),
        Ok(()) => Ok(see_other(&format!("/desk/certificates/{area}/{id}?notice=done"))),
        Err(app::Error::Refused(refusal)) if refusal.rule == Rule::ReasonsRequired => {
            let found = site.app.desk_certificate(&officer, &area, id).await?;
            let page = page(&visitor, &found, &area, Some(name));
            visitor.again(StatusCode::CONFLICT, &page).await
        }
        Err(error) => Err(error.into()),
    }
}
