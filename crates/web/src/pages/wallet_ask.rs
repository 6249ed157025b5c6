//! `/verify/ask…`: asking a wallet elsewhere for a certificate, and what wallets fetch and send for it.

use std::sync::Arc;

use app::{Session, ShownByWallet, WalletQuestion, WalletState, WalletWish, askable, wallet_link};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::from_micros;
use packs::CertificateType;
use uuid::Uuid;

use super::issuer::origin;
use super::oauth_token::{refusal, unkept};
use super::wallet::{moment, readable, second};
use super::{show, wallet};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::json::{answer, document};
use crate::site::Site;
use crate::view::{Link, Tx};

use crate::view::wallet::{Choice, Said};
use crate::view::wallets_elsewhere::{AskPage, AskedPage, AskedView, TypeView};
use crate::visitor::Visitor;

/// Characters of what is typed.
const LONGEST: usize = 60;

fn asker(visitor: &Visitor) -> Option<Uuid> {
    visitor.session.as_ref().map(Session::owner)
}

/// First the types; then, with one chosen, what to ask of it.
pub(crate) async fn show_ask(RawQuery(query): RawQuery, visitor: Visitor) -> Result<Response, Failure> {
    let form = Form::decode(query.unwrap_or_default().as_bytes());
    let kinds = &visitor.site.app.catalogue.certificates;
    let known = kinds.iter().find(|kind| kind.id == form.get("kind"));
    let purpose: String = form.get("purpose").chars().take(LONGEST).collect();
    let carried: String = form_urlencoded::byte_serialize(purpose.as_bytes()).collect();
    let link = |kind: &CertificateType| {
        let address = format!("/verify/ask?kind={}&purpose={carried}", kind.id);
        Link::new(address, Tx::of(&kind.name, visitor.lang))
    };
    visitor.personal(&AskPage {
        kinds: if known.is_some() { Vec::new() } else { kinds.iter().map(link).collect() },
        kind: known.map(|kind| TypeView {
            id: kind.id.clone(),
            name: Tx::of(&kind.name, visitor.lang),
            fields: askable(kind).map(|name| choice(&visitor, kind, name)).collect(),
        }),
        who: officer(&visitor).unwrap_or_default(),
        known: officer(&visitor).is_some(),
        purpose,
    })
}

fn choice(visitor: &Visitor, kind: &CertificateType, name: &str) -> Choice {
    let own = kind.fields.iter().find(|field| field.id == name);
    Choice {
        id: name.to_owned(),
        label: label(visitor, kind, name),
        chosen: name == "name",
        sensitive: name == "number" || own.is_some_and(|field| field.sensitive),
    }
}

fn label(visitor: &Visitor, kind: &CertificateType, name: &str) -> Tx {
    match kind.fields.iter().find(|field| field.id == name) {
        Some(field) => Tx::of(&field.label, visitor.lang),
        None => Tx::own(visitor.text(&format!("certificate-{name}"))),
    }
}

/// Agency and name of the officer signed in: what wallets are told is then ours to say.
fn officer(visitor: &Visitor) -> Option<String> {
    let officer = visitor.session.as_ref().and_then(Session::officer)?;
    let agency = show::agency(&visitor.site, &officer.agency, domain::Lang::Zh).text;
    Some(format!("{agency} {}", officer.name))
}

pub(crate) async fn ask(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    if !visitor.address.is_none_or(|address| site.limits.address(address)) {
        return Err(Failure::TooMany);
    }
    let wish = WalletWish {
        kind: form.get("kind").to_owned(),
        fields: form.several("f").into_iter().map(str::to_owned).collect(),
        who: officer(&visitor).unwrap_or_else(|| form.get("who").to_owned()),
        purpose: form.get("purpose").to_owned(),
    };
    let handle = site.app.ask_wallet(asker(&visitor), wish).await?;
    Ok(see_other(&format!("/verify/ask/{handle}")))
}

/// The code to show while nothing came, then what came.
pub(crate) async fn asked(
    State(site): State<Arc<Site>>,
    Path(handle): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let question = site.app.wallet_question(&handle, asker(&visitor)).await?;
    let names = question.fields.iter().map(|name| label(&visitor, &question.kind, name));
    let page = AskedPage {
        name: Tx::of(&question.kind.name, visitor.lang),
        fields: names.collect(),
        who: question.who.clone(),
        until: second(&visitor, question.expires),
        again: format!("/verify/ask/{handle}"),
        state: state(&visitor, &question)?,
    };
    visitor.personal(&page)
}

fn state(visitor: &Visitor, question: &WalletQuestion) -> Result<AskedView, Failure> {
    Ok(match &question.state {
        WalletState::Waiting => waiting(visitor, question, String::new())?,
        // What was refused leaves the question open: the code stands there still.
        WalletState::Refused(reason) => waiting(visitor, question, reason.clone())?,
        WalletState::NotChecked => AskedView::NotChecked,
        WalletState::Valid(shown) => valid(visitor, question, shown),
    })
}

fn waiting(visitor: &Visitor, question: &WalletQuestion, refused: String) -> Result<AskedView, Failure> {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let link = wallet_link(&question.request, visitor.origin()?.as_str(), encode);
    let qr = app::qr(&link, &visitor.text("wallet-ask-qr"));
    Ok(AskedView::Waiting { qr, link, refused })
}

fn valid(visitor: &Visitor, question: &WalletQuestion, shown: &ShownByWallet) -> AskedView {
    let said = |(name, value): &(String, String)| Said {
        q: label(visitor, &question.kind, name),
        a: readable(value, visitor.lang),
    };
    let mut rows: Vec<Said> = shown.fields.iter().map(said).collect();
    if let Some(until) = shown.until {
        // It holds until the end of the day before.
        let day = visitor.site.app.catalogue.calendar.date_of(from_micros(until - 1));
        let q = Tx::own(visitor.text("certificate-until"));
        rows.push(Said { q, a: wallet::readable(&day.to_string(), visitor.lang) });
    }
    AskedView::Valid { issuer: shown.issuer.clone(), rows, at: moment(visitor, from_micros(shown.at)) }
}

/// What wallets fetch: the signed request.
pub(crate) async fn request(
    State(site): State<Arc<Site>>,
    Path(handle): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let own = origin(&site, &headers)?;
    let request = site.app.wallet_request(&handle, own.as_str(), &site.config.name).await?;
    let kind =
        [(header::CONTENT_TYPE, "application/oauth-authz-req+jwt"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, request).into_response())
}

/// What wallets send: `direct_post`.
pub(crate) async fn response(
    State(site): State<Arc<Site>>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Failure> {
    let own = origin(&site, &headers)?;
    match site.app.wallet_answers(&handle, (form.get("vp_token"), form.get("error")), own.as_str()).await {
        Ok(()) => Ok(answer(StatusCode::OK, "{}".to_owned())),
        Err(error) => Ok(unkept(refusal(&headers, error))),
    }
}

/// `/.well-known/did.json`
pub(crate) async fn did(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Failure> {
    let own = origin(&site, &headers)?;
    Ok(document("application/did+json", site.app.did_document(own.as_str()).await?))
}
