//! `/oauth/logout`, `/oauth/signout`

use std::sync::Arc;

use app::{Error, Leaving, LogoutRequest};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::oauth::{lead_on, lead_page, with};
use super::signin::leave;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::partners::{BadRequestPage, LeavePage};
use crate::visitor::Visitor;

/// A form of another site leads on to the page.
pub(crate) async fn by_form(body: Bytes) -> Result<Response, Failure> {
    lead_on("/oauth/logout", &body)
}

/// Reads a wish to sign out; what is wrong with it is said here, since nobody may be sent anywhere then.
async fn read(site: &Site, visitor: &Visitor, form: &Form) -> Result<Result<Leaving, Response>, Failure> {
    let request = LogoutRequest {
        hint: form.get("id_token_hint"),
        client: form.get("client_id"),
        to: form.get("post_logout_redirect_uri"),
        state: form.get("state"),
    };
    match site.app.read_logout(request, visitor.session.as_ref(), visitor.origin()?.as_str()).await {
        Ok(leaving) => Ok(Ok(leaving)),
        Err(Error::Oauth(why)) => {
            let page = BadRequestPage { code: why.code, why: why.why };
            Ok(Err(visitor.page_with(StatusCode::BAD_REQUEST, &page, true)?))
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let leaving = match read(&site, &visitor, &Form::decode(query.as_bytes())).await? {
        Ok(leaving) => leaving,
        Err(page) => return Ok(page),
    };
    let to = address(&leaving);
    if visitor.session.is_some() && !leaving.sure {
        let name = leaving.partner.as_ref().map(|partner| Tx::of(&partner.about.name, visitor.lang));
        return visitor.personal(&LeavePage { name, request: query, done: false });
    }
    let response = match to {
        Some(to) => see_other(&to),
        None if leaving.sure => see_other("/oauth/logout"),
        None => return visitor.personal(&LeavePage { name: None, request: String::new(), done: true }),
    };
    leave(&visitor, response).await
}

fn address(leaving: &Leaving) -> Option<String> {
    let back = leaving.back.as_ref()?;
    Some(with(&back.to, back.state.as_deref(), std::iter::empty()))
}

pub(crate) async fn signout(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe_session(form.get("csrf"))?;
    let leaving = match read(&site, &visitor, &Form::decode(form.get("request").as_bytes())).await? {
        Ok(leaving) => leaving,
        Err(page) => return Ok(page),
    };
    // After a form a page leads on: browsers hold our `form-action` against redirects.
    let response = match (address(&leaving), &leaving.partner) {
        (Some(to), Some(partner)) => visitor.personal(&lead_page(&visitor, partner, to))?,
        _ => see_other("/oauth/logout"),
    };
    leave(&visitor, response).await
}
