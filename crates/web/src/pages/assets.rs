//! `/static/{name}`

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;
use crate::view::assets;

/// Addresses change with the content, so a copy may be kept for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Failure> {
    let asset = assets().iter().find(|asset| asset.name == name).ok_or(Failure::NotFound)?;
    let mut response = Bytes::from_static(&asset.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    Ok(response)
}
