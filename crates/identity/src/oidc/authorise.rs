//! The address a browser is sent to, what it comes back with, and the exchange of the code.

use domain::Lang;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Client, Discovery, Fault, MAX_ANSWER, MAX_TOKEN, object, text};
use crate::provider::{Returned, Visit};
use crate::webauthn::to_base64url;

/// Longest code taken, in bytes.
const MAX_CODE: usize = 2_048;

/// How a relying party shows at the token endpoint who it is (OpenID Connect Core § 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAuth {
    /// `client_secret_basic`
    Basic,
    /// `client_secret_post`
    Post,
    /// A public client, which has PKCE alone.
    None,
}

/// A token endpoint's answer.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenAnswer {
    /// The ID token, not read yet.
    pub id_token: String,
    /// For further claims.
    pub access_token: Option<String>,
}

/// Percent-encoding of all but RFC 3986's unreserved characters: good in a query and in a form.
pub(crate) fn encoded(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::with_capacity(value.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

/// Where to send the browser (§ 3.1.2.1).
#[must_use]
pub fn address(client: &Client, place: &Discovery, visit: &Visit) -> String {
    let challenge = to_base64url(&Sha256::digest(visit.verifier.as_bytes()));
    let levels = visit.needed.map(|needed| client.levels.reaching(needed)).unwrap_or_default();
    let lang = match visit.lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", &client.client_id),
        ("redirect_uri", &visit.callback),
        ("scope", &client.scope),
        ("state", &visit.state),
        ("nonce", &visit.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("ui_locales", lang),
    ];
    if !levels.is_empty() {
        pairs.push(("acr_values", &levels));
    }
    let joint = if place.authorise.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", place.authorise, form(&pairs))
}

/// The code of an answer whose state was this browser's.
///
/// # Errors
/// [`Fault::Mixed`], [`Fault::Refused`], [`Fault::Away`] where the provider is in trouble, [`Fault::Code`].
pub fn code<'a>(client: &Client, place: &Discovery, returned: &'a Returned) -> Result<&'a str, Fault> {
    match returned.get("iss") {
        Some(issuer) if *issuer != client.issuer => return Err(Fault::Mixed),
        None if place.names_itself => return Err(Fault::Mixed),
        _ => {}
    }
    match returned.get("error").map(String::as_str) {
        Some("server_error" | "temporarily_unavailable") => return Err(Fault::Away),
        Some(_) => return Err(Fault::Refused),
        None => {}
    }
    let code = returned.get("code").map(String::as_str).unwrap_or_default();
    if code.is_empty() || code.len() > MAX_CODE { Err(Fault::Code) } else { Ok(code) }
}

/// Body of the exchange, and what the header `Authorization` says where it is needed. `base64` is plain base64 with
/// padding (RFC 4648 § 4).
#[must_use]
pub fn token_request(
    client: &Client,
    auth: TokenAuth,
    code: &str,
    visit: &Visit,
    base64: impl Fn(&[u8]) -> String,
) -> (String, Option<String>) {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &visit.callback),
        ("code_verifier", &visit.verifier),
    ];
    let secret = client.secret.as_deref().unwrap_or_default();
    match auth {
        TokenAuth::Basic => {
            let both = format!("{}:{}", encoded(&client.client_id), encoded(secret));
            return (form(&pairs), Some(format!("Basic {}", base64(both.as_bytes()))));
        }
        TokenAuth::Post => {
            pairs.extend([("client_id", client.client_id.as_str()), ("client_secret", secret)])
        }
        TokenAuth::None => pairs.push(("client_id", &client.client_id)),
    }
    (form(&pairs), None)
}

/// Reads a token endpoint's answer (§ 3.1.3.3, RFC 6749 § 5.2).
///
/// # Errors
/// [`Fault::CodeRefused`], [`Fault::Unreadable`], [`Fault::Away`] for any other refusal: then this site is set up
/// wrongly there, which the person cannot help.
pub fn token_answer(status: u16, body: &[u8]) -> Result<TokenAnswer, Fault> {
    let said = object(body, MAX_ANSWER);
    if status != 200 {
        let error = said.as_ref().and_then(|said| text(said, "error"));
        return Err(if error == Some("invalid_grant") { Fault::CodeRefused } else { Fault::Away });
    }
    let said = said.ok_or(Fault::Unreadable)?;
    let id_token = text(&said, "id_token").filter(|token| token.len() <= MAX_TOKEN);
    let bearer = text(&said, "token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    let access = said.get("access_token").and_then(Value::as_str).filter(|_| bearer);
    Ok(TokenAnswer {
        id_token: id_token.ok_or(Fault::Unreadable)?.to_owned(),
        access_token: access.map(str::to_owned),
    })
}
