//! What programs of partners ask for, from other sites and without cookies: which addresses those are, and the
//! headers by which browsers let a page of another site read the answer (Fetch standard, CORS). Handlers of these
//! addresses know no session, so a foreign request can do there nothing that its sender could not do from anywhere.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// Answered to anybody who reads the answer by script.
const READABLE: [&str; 11] = [
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/userinfo",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-credential-issuer",
    "/.well-known/jwt-vc-issuer",
    "/.well-known/did.json",
    "/vci/nonce",
    "/vci/credential",
];
/// The same, for addresses with a part that varies: what wallets fetch and send.
const READABLE_BELOW: [&str; 4] = ["/status/", "/vct/", "/vci/offers/", "/verify/asked/"];
/// Forms of other sites that only lead on, with a GET, to a page that asks for itself.
const LEADING_ON: [&str; 2] = ["/oauth/authorize", "/oauth/logout"];

/// Whether another site may send a form to this path.
pub(crate) fn may_come_from_elsewhere(path: &str) -> bool {
    is_readable(path) || LEADING_ON.contains(&path)
}

fn is_readable(path: &str) -> bool {
    READABLE.contains(&path) || READABLE_BELOW.iter().any(|start| path.starts_with(start))
}

/// The answer to a browser that asks whether a page of another site may ask; none for other requests.
pub(crate) fn preflight(method: &Method, path: &str) -> Option<Response> {
    if method != Method::OPTIONS || !is_readable(path) {
        return None;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let fixed = HeaderValue::from_static;
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, fixed("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, fixed("authorization, content-type"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, fixed("3600"));
    Some(response)
}

/// Lets pages of other sites read the answer. No cookie comes with what they ask, and none would be looked at.
pub(crate) fn readable(path: &str, response: &mut Response) {
    if is_readable(path) {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("www-authenticate"));
    }
}
