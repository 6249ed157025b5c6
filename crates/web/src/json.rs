//! Answers for programs: JSON that was made elsewhere.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// How long anybody may keep a public document, in seconds.
pub(crate) const KEPT: &str = "public, max-age=60";

/// A document that is the same for all.
pub(crate) fn document(kind: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEPT)], body).into_response()
}

/// An answer to one program, kept by nobody.
pub(crate) fn answer(status: StatusCode, body: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}
