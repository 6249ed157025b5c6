//! `/signin/wechat`, which a mini-program calls; `/me/wechat`, which people see

use std::sync::Arc;

use app::{Error, Second, WechatEntry};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use identity::WechatFault;
use serde::{Deserialize, Serialize};

use super::show;
use super::signin::{query, session_cookie, slow_down};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::providers::WechatPage;
use crate::visitor::Visitor;

/// What a mini-program sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Code {
    code: String,
}

/// What it is answered.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
enum Told {
    /// In; the session is the cookie of the answer.
    SignedIn { max_age: i64 },
    /// A passkey is wanted: open this page with the cookie of the answer.
    SecondFactor { open: &'static str, max_age: i64 },
    /// The account is nobody's yet: open this page, sign in there with the real name, and tie it.
    Bind { open: String, expires_in: i64 },
    /// Nothing; `text` is for people.
    Refused { reason: &'static str, text: String },
}

pub(crate) async fn enter(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    body: Result<Json<Code>, JsonRejection>,
) -> Result<Response, Failure> {
    if !site.app.has_wechat() {
        return Err(Failure::NotFound);
    }
    slow_down(&visitor)?;
    let Ok(Json(Code { code })) = body else { return Ok(refused(&visitor, WechatFault::Code)) };
    match site.app.enter_by_wechat(&code, &visitor.agent).await {
        Ok(WechatEntry::SignedIn(signed_in)) => {
            let max_age = signed_in.max_age;
            let told = match signed_in.second {
                Second::Done => Told::SignedIn { max_age },
                _ => Told::SecondFactor { open: "/signin/passkey", max_age },
            };
            let mut response = Json(told).into_response();
            session_cookie(&mut response, &visitor, &signed_in);
            Ok(response)
        }
        Ok(WechatEntry::Bind { ticket, seconds }) => {
            let open = format!("/me/wechat?ticket={ticket}");
            Ok(Json(Told::Bind { open, expires_in: seconds }).into_response())
        }
        Err(Error::Wechat(fault)) => Ok(refused(&visitor, fault)),
        Err(error) => Err(error.into()),
    }
}

fn refused(visitor: &Visitor, fault: WechatFault) -> Response {
    let status = match fault {
        WechatFault::TooOften => StatusCode::TOO_MANY_REQUESTS,
        WechatFault::Busy | WechatFault::Away | WechatFault::Setup(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let told = Told::Refused { reason: fault.id(), text: visitor.text(&format!("wechat-{}", fault.id())) };
    (status, Json(told)).into_response()
}

/// Web views of mini-programs say so (`miniProgram`). A ticket is taken nowhere else, so that nobody ties another's
/// WeChat to their own account by opening a link that was sent to them.
fn inside(visitor: &Visitor) -> bool {
    visitor.agent.to_ascii_lowercase().contains("miniprogram")
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    visitor.citizen()?;
    if !site.app.has_wechat() {
        return Err(Failure::NotFound);
    }
    let ticket = query(raw).get("ticket").to_owned();
    let outside = (!ticket.is_empty() && !inside(&visitor)).then_some("outside");
    visitor.personal(&page(&visitor, ticket, outside).await?)
}

async fn page(visitor: &Visitor, ticket: String, fault: Option<&'static str>) -> Result<WechatPage, Failure> {
    let person = visitor.citizen()?;
    let since = visitor.site.app.wechat_since(person).await?;
    Ok(WechatPage {
        since: since.map(|at| show::moment(visitor, at)).unwrap_or_default(),
        ticket,
        inside: inside(visitor),
        fault,
        name: visitor.site.app.profile(person).await?.name,
    })
}

pub(crate) async fn tie(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.citizen()?;
    visitor.believe(form.get("csrf"))?;
    let ticket = form.get("ticket");
    if !inside(&visitor) && site.app.has_wechat() {
        let page = page(&visitor, String::new(), Some("outside")).await?;
        return visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await;
    }
    match site.app.bind_wechat(visitor.session()?, ticket).await {
        Ok(()) => Ok(see_other("/me/wechat?notice=wechat-tied")),
        Err(Error::Wechat(fault)) => {
            let page = page(&visitor, String::new(), Some(fault.id())).await?;
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(error) => Err(Failure::from(error).back_to(&format!("/me/wechat?ticket={ticket}"))),
    }
}

pub(crate) async fn untie(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.citizen()?;
    visitor.believe(form.get("csrf"))?;
    site.app.unbind_wechat(visitor.session()?).await?;
    Ok(see_other("/me/wechat?notice=wechat-untied"))
}
