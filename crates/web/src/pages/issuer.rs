//! What verifiers elsewhere fetch: the issuer's keys (RFC 7517, SD-JWT VC section 5) and its status lists.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;

use crate::failure::Failure;
use crate::json::document;
use crate::origin::Origin;
use crate::site::Site;

/// The address of this site.
pub(super) fn origin(site: &Site, headers: &HeaderMap) -> Result<Origin, Failure> {
    site.origin(headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default())
}

pub(crate) async fn jwks(State(site): State<Arc<Site>>) -> Result<Response, Failure> {
    Ok(document("application/jwk-set+json", site.app.issuer_jwks().await?))
}

pub(crate) async fn metadata(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Failure> {
    let issuer = origin(&site, &headers)?;
    Ok(document("application/json", site.app.issuer_metadata(issuer.as_str()).await?))
}

pub(crate) async fn status(
    State(site): State<Arc<Site>>,
    Path((area, n)): Path<(String, u32)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let area: domain::AreaCode = area.parse().map_err(|_| Failure::NotFound)?;
    let uri = format!("{}/status/{area}/{n}", origin(&site, &headers)?.as_str());
    let list = site.app.status_list(area.as_str(), n, &uri).await?;
    Ok(document("application/statuslist+jwt", list))
}
