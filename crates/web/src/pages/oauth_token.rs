//! `/oauth/token`, `/oauth/revoke`, `/oauth/userinfo`: what programs of partners ask for. No session is looked at.

use std::sync::Arc;

use app::{CodeUse, Error, OauthError, PRE_AUTHORIZED, Partner};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;

pub(crate) async fn token(State(site): State<Arc<Site>>, headers: HeaderMap, form: Form) -> Response {
    let answer = match form.get("grant_type") {
        "authorization_code" => by_code(&site, &headers, &form).await,
        "refresh_token" => by_refresh(&site, &headers, &form).await,
        PRE_AUTHORIZED => by_offer(&site, &form).await,
        "" => Err(OauthError::invalid_request("grant_type is missing").into()),
        _ => Err(OauthError::unsupported_grant_type("authorization_code or refresh_token").into()),
    };
    unkept(answer.unwrap_or_else(|error| refusal(&headers, error)))
}

async fn by_code(site: &Site, headers: &HeaderMap, form: &Form) -> Result<Response, Error> {
    let partner = client(site, headers, form).await?;
    let sent = CodeUse {
        code: needed(form, "code")?,
        redirect_uri: needed(form, "redirect_uri")?,
        verifier: needed(form, "code_verifier")?,
    };
    Ok(Json(site.app.exchange_code(&partner, sent).await?).into_response())
}

async fn by_refresh(site: &Site, headers: &HeaderMap, form: &Form) -> Result<Response, Error> {
    let partner = client(site, headers, form).await?;
    let token = needed(form, "refresh_token")?;
    Ok(Json(site.app.refresh(&partner, token, form.get("scope")).await?).into_response())
}

/// A wallet takes up an offer (OpenID4VCI 1.0 section 6.1): its code says all, so nobody is asked who they are.
async fn by_offer(site: &Site, form: &Form) -> Result<Response, Error> {
    let taken = site.app.take_offer(needed(form, "pre-authorized_code")?, form.get("tx_code")).await?;
    Ok(Json(taken).into_response())
}

pub(crate) async fn revoke(State(site): State<Arc<Site>>, headers: HeaderMap, form: Form) -> Response {
    let revoked = async {
        let partner = client(&site, &headers, &form).await?;
        site.app.revoke_token(&partner, needed(&form, "token")?).await
    };
    unkept(match revoked.await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => refusal(&headers, error),
    })
}

pub(crate) async fn userinfo(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let seen = async {
        let access = site.app.access(bearer(&headers)).await?;
        site.app.userinfo(&access).await
    };
    unkept(match seen.await {
        Ok(claims) => Json(claims).into_response(),
        Err(Error::Oauth(why)) => unauthorised(&headers, why),
        Err(error) => refusal(&headers, error),
    })
}

fn needed<'a>(form: &'a Form, name: &str) -> Result<&'a str, OauthError> {
    let missing = OauthError::invalid_request("a parameter is missing");
    Some(form.get(name)).filter(|value| !value.is_empty()).ok_or(missing)
}

fn authorisation<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (named, rest) = value.split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// The access token of a request (RFC 6750 section 2.1): in the header alone, since bodies and addresses are kept in
/// more places.
pub(crate) fn bearer(headers: &HeaderMap) -> &str {
    authorisation(headers, "bearer").unwrap_or_default()
}

/// The application that asks: by HTTP Basic or in the form, not by both (RFC 6749 section 2.3.1).
pub(crate) async fn client(site: &Site, headers: &HeaderMap, form: &Form) -> Result<Partner, Error> {
    let secret = Some(form.get("client_secret")).filter(|secret| !secret.is_empty());
    let Some(basic) = authorisation(headers, "basic") else {
        return site.app.authenticate_partner(form.get("client_id"), secret).await;
    };
    const UNREADABLE: OauthError = OauthError::invalid_client("the header Authorization cannot be read");
    let text =
        STANDARD.decode(basic).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(UNREADABLE)?;
    let (id, basic) = text.split_once(':').ok_or(UNREADABLE)?;
    let (id, basic) = (decoded(id), decoded(basic));
    let named = form.get("client_id");
    if secret.is_some() || !(named.is_empty() || named == id) {
        return Err(OauthError::invalid_request("say who asks in one way").into());
    }
    site.app.authenticate_partner(&id, Some(basic.as_str()).filter(|secret| !secret.is_empty())).await
}

/// Both halves are form-encoded before they are joined.
fn decoded(text: &str) -> String {
    let form = format!("x={}", text.replace('&', "%26"));
    form_urlencoded::parse(form.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// An error as RFC 6749 section 5.2 has it.
pub(crate) fn refusal(headers: &HeaderMap, error: Error) -> Response {
    let Error::Oauth(OauthError { code, why }) = error else {
        return trouble(error);
    };
    let body = Json(json!({ "error": code, "error_description": why }));
    if code != "invalid_client" {
        return (StatusCode::BAD_REQUEST, body).into_response();
    }
    let mut response = (StatusCode::UNAUTHORIZED, body).into_response();
    if headers.contains_key(header::AUTHORIZATION) {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"oauth\""));
    }
    response
}

/// What is nobody's mistake but ours: logged as for people, and told as JSON.
fn trouble(error: Error) -> Response {
    let failure = Failure::from(error);
    let after = failure.retry_after();
    let status = failure.into_response().status();
    let code =
        if status == StatusCode::SERVICE_UNAVAILABLE { "temporarily_unavailable" } else { "server_error" };
    let mut response = (status, Json(json!({ "error": code }))).into_response();
    if let Some(seconds) = after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// An access token that opens nothing (RFC 6750 section 3); where none came, no error is named.
pub(crate) fn unauthorised(headers: &HeaderMap, OauthError { code, why }: OauthError) -> Response {
    let status = if code == "insufficient_scope" { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
    let (challenge, body) = if bearer(headers).is_empty() {
        ("Bearer".to_owned(), json!({}))
    } else {
        let challenge = format!("Bearer error=\"{code}\", error_description=\"{why}\"");
        (challenge, json!({ "error": code, "error_description": why }))
    };
    let mut response = (status, Json(body)).into_response();
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Nobody keeps what has tokens or personal data in it.
pub(crate) fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
