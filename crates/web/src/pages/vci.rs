//! What wallets elsewhere ask of this site: OpenID for Verifiable Credential Issuance 1.0, and types of SD-JWT VC.

use std::sync::Arc;

use app::{CREDENTIAL_LABELS, Error, Labels};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use domain::{Lang, Text};

use super::issuer::origin;
use super::oauth_token::{bearer, refusal, unauthorised, unkept};
use crate::failure::Failure;
use crate::json::{answer, document};
use crate::site::Site;

/// Labels of what every credential has, in both languages.
fn labels(site: &Site) -> Labels {
    let common = CREDENTIAL_LABELS.map(|name| {
        let key = format!("certificate-{name}");
        let text = |lang| site.views.text(lang, &key, &[]);
        Text::both(text(Lang::Zh), text(Lang::En))
    });
    Labels { site: site.config.name.clone(), common }
}

/// As JSON, or signed for whoever asks for `application/jwt` (section 12.2.2).
pub(crate) async fn metadata(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Failure> {
    let issuer = origin(&site, &headers)?;
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.starts_with("application/jwt") {
        let signed = site.app.signed_credential_issuer(issuer.as_str(), &labels(&site)).await?;
        return Ok(vary(document("application/jwt", signed)));
    }
    let plain = site.app.credential_issuer(issuer.as_str(), &labels(&site)).await?;
    Ok(vary(document("application/json", plain)))
}

fn vary(mut response: Response) -> Response {
    response.headers_mut().insert(header::VARY, header::HeaderValue::from_static("accept"));
    response
}

pub(crate) async fn kind(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let issuer = origin(&site, &headers)?;
    let kind = site.app.credential_type(&kind, issuer.as_str(), &labels(&site))?;
    Ok(document("application/json", kind))
}

pub(crate) async fn offer(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let issuer = origin(&site, &headers)?;
    Ok(answer(StatusCode::OK, site.app.wallet_offer(&code, issuer.as_str()).await?))
}

pub(crate) async fn nonce(State(site): State<Arc<Site>>) -> Result<Response, Failure> {
    Ok(answer(StatusCode::OK, site.app.credential_nonce()))
}

pub(crate) async fn credential(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let issuer = origin(&site, &headers)?;
    match site.app.credential(bearer(&headers), &body, issuer.as_str()).await {
        Ok(credential) => Ok(answer(StatusCode::OK, credential)),
        Err(Error::Oauth(why)) if matches!(why.code, "invalid_token" | "insufficient_scope") => {
            Ok(unkept(unauthorised(&headers, why)))
        }
        Err(error) => Ok(unkept(refusal(&headers, error))),
    }
}
