//! Around every request: foreign forms are turned away, failures become pages, answers carry the headers
//! that keep browsers careful.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::cross;
use crate::failure::Failure;
use crate::site::Site;
use crate::view::pages::ErrorPage;
use crate::visitor::Visitor;

const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Turns away what other sites send, and writes the page for what fails.
pub(crate) async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = kept(&parts);
    let reads = parts.method == Method::GET || parts.method == Method::HEAD;
    let path = parts.uri.path().to_owned();
    let mut response = if let Some(answer) = cross::preflight(&parts.method, &path) {
        answer
    } else if !reads && foreign(&site, &parts.headers) && !cross::may_come_from_elsewhere(&path) {
        Failure::Forbidden.into_response()
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    // An address with parts that cannot be read is an address where there is nothing.
    let told = response.extensions().get::<Arc<Failure>>().is_some();
    if reads && !told && !is_written(&response) && response.status() == StatusCode::BAD_REQUEST {
        response = Failure::NotFound.into_response();
    }
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        response = with_page(&site, asked, response).await;
    }
    cross::readable(&path, &mut response);
    careful(&mut response, site.https());
    response
}

/// What an error page needs of the request: its head without what handlers attached.
fn kept(parts: &Parts) -> Parts {
    let mut request = Request::new(());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = parts.uri.clone();
    for name in [header::COOKIE, header::ACCEPT_LANGUAGE] {
        if let Some(value) = parts.headers.get(&name) {
            request.headers_mut().insert(name, value.clone());
        }
    }
    request.into_parts().0
}

/// A form of another site. Browsers say so themselves; the token in the form is the second lock.
fn foreign(site: &Site, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(from) = text("sec-fetch-site") {
        return !matches!(from, "same-origin" | "none");
    }
    let own = site.origin(text("host").unwrap_or_default());
    // Host and port alone: without an address of its own the site does not know its scheme.
    let from = text("origin").map(|origin| origin.split_once("://").map_or("", |(_, from)| from));
    from.is_some_and(|from| own.is_ok_and(|own| own.host() != from))
}

async fn with_page(site: &Arc<Site>, mut asked: Parts, response: Response) -> Response {
    let status = response.status();
    let failure = response.extensions().get::<Arc<Failure>>().cloned();
    if is_written(&response) && failure.is_none() {
        return response;
    }
    let page = failure.as_ref().map_or_else(|| ErrorPage::new(known(status)), |failure| failure.page());
    // The header shows who is signed in, unless that is what fails: a database that is away is not waited for twice.
    let away = matches!(failure.as_deref(), Some(Failure::Away(_)));
    let recognised = if away { None } else { Visitor::from_request_parts(&mut asked, site).await.ok() };
    let visitor = recognised.unwrap_or_else(|| Visitor::anonymous(site.clone(), &asked));
    let mut written = visitor
        .page_with(status, &page, true)
        .unwrap_or_else(|_| (status, status.canonical_reason().unwrap_or_default()).into_response());
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            written.headers_mut().insert(name, value.clone());
        }
    }
    if let Some(seconds) = failure.and_then(|failure| failure.retry_after()) {
        written.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    written
}

/// Whether the handler wrote the answer itself: a page, or JSON for a program.
fn is_written(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| {
        [&b"text/html"[..], b"application/json", b"application/problem+json"]
            .iter()
            .any(|known| kind.as_bytes().starts_with(known))
    })
}

fn known(status: StatusCode) -> u16 {
    let code = status.as_u16();
    if ErrorPage::STATUSES.contains(&code) {
        code
    } else if status.is_server_error() {
        500
    } else {
        400
    }
}

fn careful(response: &mut Response, https: bool) {
    let headers = response.headers_mut();
    let fixed = |name: &'static str, value: &'static str| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    for (name, value) in [
        fixed("x-content-type-options", "nosniff"),
        fixed("referrer-policy", "same-origin"),
        fixed("cross-origin-opener-policy", "same-origin"),
        fixed("cross-origin-resource-policy", "same-origin"),
        fixed("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ] {
        headers.insert(name, value);
    }
    // An uploaded file brings a stricter one.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    if https {
        let (name, value) = fixed("strict-transport-security", "max-age=31536000; includeSubDomains");
        headers.insert(name, value);
    }
    // Pages show who is signed in: no cache that others share may keep them.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
}
