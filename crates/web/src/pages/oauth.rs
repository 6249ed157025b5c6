//! `/oauth/authorize`, `/oauth/consent`, `/.well-known/openid-configuration`

use std::sync::Arc;

use app::{AuthorisationRequest, OauthError, PRE_AUTHORIZED, Returning, Scope, Step, Wrong};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::partners::{BadRequestPage, ConsentPage, LeadPage, ScopeView};
use crate::visitor::Visitor;

/// Longest request, in bytes.
const MAX_REQUEST: usize = 8_192;

/// Names and addresses of the provider (OpenID Connect Discovery 1.0 section 3, RFC 8414).
pub(crate) async fn discovery(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let issuer = site.origin(host)?;
    let issuer = issuer.as_str();
    let scopes: Vec<_> = Scope::ALL.iter().map(|scope| scope.id()).collect();
    let algorithm = site.app.id_token_algorithm().await?;
    let at = |path: &str| format!("{issuer}{path}");
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "userinfo_endpoint": at("/oauth/userinfo"),
        "revocation_endpoint": at("/oauth/revoke"),
        "end_session_endpoint": at("/oauth/logout"),
        "jwks_uri": at("/.well-known/jwks.json"),
        "scopes_supported": scopes,
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "sid", "name",
            "verified_claims", "id_number_masked", "id_number", "phone_number", "address"],
        "acr_values_supported": ["real-name:2", "real-name:3", "real-name:4", "real-name:5"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", PRE_AUTHORIZED],
        "pre-authorized_grant_anonymous_access_supported": true,
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [algorithm],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["zh-CN", "en"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    });
    let kept = HeaderValue::from_static("public, max-age=60");
    Ok(([(header::CACHE_CONTROL, kept)], Json(document)).into_response())
}

/// A form of another site leads on to the page, with the visitor's cookies, which a foreign form does not carry.
pub(crate) async fn authorize_by_form(body: Bytes) -> Result<Response, Failure> {
    lead_on("/oauth/authorize", &body)
}

/// The same request as a GET.
pub(super) fn lead_on(path: &str, body: &[u8]) -> Result<Response, Failure> {
    if body.len() > MAX_REQUEST {
        return Err(Failure::TooLarge);
    }
    let query =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(form_urlencoded::parse(body)).finish();
    Ok(see_other(&format!("{path}?{query}")))
}

pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

async fn read(site: &Site, query: &str) -> Result<Result<AuthorisationRequest, Wrong>, Failure> {
    if query.len() > MAX_REQUEST {
        return Ok(Err(Wrong::Here(OauthError::invalid_request("the request is too long"))));
    }
    Ok(site.app.read_authorisation(&pairs(query)).await?)
}

pub(crate) async fn authorize(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let request = match read(&site, &query).await? {
        Ok(request) => request,
        Err(wrong) => return refuse(&visitor, &headers, wrong).await,
    };
    let issuer = visitor.origin()?;
    match site.app.authorise(&request, visitor.session.as_ref(), issuer.as_str()).await {
        Ok(Step::SignIn(now)) => Err(Failure::SignIn(again(&query, now))),
        Ok(Step::StepUp(level)) => Err(Failure::StepUp(level, format!("/oauth/authorize?{query}"))),
        Ok(Step::Ask(asked)) => visitor.personal(&consent_page(&visitor, &request, &asked, query)),
        Ok(Step::Code(code)) => go(&visitor, &headers, &request.partner, &request.back, &[("code", &code)]),
        Err(app::Error::Oauth(why)) => back(&visitor, &headers, &request.partner, &request.back, why),
        Err(error) => Err(error.into()),
    }
}

/// The request once more, after signing in: that sign-in is new enough for it.
fn again(query: &str, now: i64) -> String {
    let kept = pairs(query).into_iter().filter(|(name, _)| name != "signed_in_after");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("signed_in_after", &now.to_string())
        .finish();
    format!("/oauth/authorize?{query}")
}

fn consent_page(
    visitor: &Visitor,
    request: &AuthorisationRequest,
    asked: &[app::Asked],
    query: String,
) -> ConsentPage {
    let about = &request.partner.about;
    let view = |asked: &app::Asked| ScopeView {
        id: asked.scope.id(),
        sensitive: asked.scope.sensitive(),
        purpose: asked.purpose.as_ref().map(|purpose| Tx::of(purpose, visitor.lang)),
        value: asked.value.clone(),
    };
    ConsentPage {
        name: Tx::of(&about.name, visitor.lang),
        run_by: Tx::of(&about.run_by, visitor.lang),
        host: host(&request.back.to).to_owned(),
        scopes: asked.iter().map(view).collect(),
        days: about.consent_days,
        request: query,
        seen: request.partner.changed.to_string(),
    }
}

/// The host of an address, or an app's own scheme.
fn host(uri: &str) -> &str {
    match uri.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?']).next().unwrap_or_default(),
        None => uri.split(':').next().unwrap_or_default(),
    }
}

pub(crate) async fn consent(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    visitor.citizen()?;
    let query = form.get("request");
    let request = match read(&site, query).await? {
        Ok(request) => request,
        Err(wrong) => return refuse(&visitor, &headers, wrong).await,
    };
    // What was shown is what is agreed to: an application that was changed meanwhile is shown again.
    if form.get("seen") != request.partner.changed.to_string() {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs(query)).finish();
        return Ok(see_other(&format!("/oauth/authorize?{query}")));
    }
    if form.get("answer") != "yes" {
        let why = OauthError::access_denied("the person did not agree");
        return lead(&visitor, &request.partner, &request.back, &told(why)).await;
    }
    let chosen: Vec<_> =
        Scope::ALL.into_iter().filter(|scope| form.get(&format!("scope-{}", scope.id())) == "yes").collect();
    let issuer = visitor.origin()?;
    let code = site.app.agree(&request, visitor.session()?, &chosen, issuer.as_str()).await;
    let code = code.map_err(|error| Failure::from(error).back_to(&format!("/oauth/authorize?{query}")))?;
    lead(&visitor, &request.partner, &request.back, &[("code", &code)]).await
}

async fn refuse(visitor: &Visitor, headers: &HeaderMap, wrong: Wrong) -> Result<Response, Failure> {
    match wrong {
        Wrong::Here(OauthError { code, why }) => {
            visitor.page_with(StatusCode::BAD_REQUEST, &BadRequestPage { code, why }, true)
        }
        Wrong::There(partner, returning, why) => back(visitor, headers, &partner, &returning, why),
    }
}

fn told(why: OauthError) -> [(&'static str, &'static str); 2] {
    [("error", why.code), ("error_description", why.why)]
}

fn back(
    visitor: &Visitor,
    headers: &HeaderMap,
    partner: &app::Partner,
    returning: &Returning,
    why: OauthError,
) -> Result<Response, Failure> {
    go(visitor, headers, partner, returning, &told(why))
}

/// Back to the application with an answer. Browsers hold our `form-action` against every redirect that follows a
/// form, the one of signing in too; where one may have gone before, a page leads on instead, which is no redirect.
fn go(
    visitor: &Visitor,
    headers: &HeaderMap,
    partner: &app::Partner,
    returning: &Returning,
    answer: &[(&str, &str)],
) -> Result<Response, Failure> {
    let to = address(visitor, returning, answer)?;
    let from = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let own = visitor.origin().is_ok_and(|own| referer.starts_with(own.as_str()));
    if from.map_or(own, |from| from == "same-origin") {
        return visitor.personal(&lead_page(visitor, partner, to));
    }
    Ok(see_other(&to))
}

/// The page that leads on, after a form.
async fn lead(
    visitor: &Visitor,
    partner: &app::Partner,
    returning: &Returning,
    answer: &[(&str, &str)],
) -> Result<Response, Failure> {
    visitor.personal(&lead_page(visitor, partner, address(visitor, returning, answer)?))
}

pub(super) fn lead_page(visitor: &Visitor, partner: &app::Partner, to: String) -> LeadPage {
    LeadPage { to, name: Tx::of(&partner.about.name, visitor.lang) }
}

/// With `state` as it came, and `iss` by which applications tell providers apart (RFC 9207).
fn address(visitor: &Visitor, returning: &Returning, answer: &[(&str, &str)]) -> Result<String, Failure> {
    let issuer = visitor.origin()?;
    Ok(with(
        &returning.to,
        returning.state.as_deref(),
        answer.iter().copied().chain([("iss", issuer.as_str())]),
    ))
}

pub(super) fn with<'a>(
    to: &str,
    state: Option<&'a str>,
    more: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(more)
        .extend_pairs(state.map(|state| ("state", state)))
        .finish();
    let mark = if query.is_empty() {
        ""
    } else if to.contains('?') {
        "&"
    } else {
        "?"
    };
    format!("{to}{mark}{query}")
}
