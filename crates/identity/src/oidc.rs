//! Signing in with an OpenID Connect provider: the relying party's side of the authorization code flow (OpenID
//! Connect Core 1.0 § 3.1, Discovery 1.0, PKCE of RFC 7636, issuer identification of RFC 9207).
//!
//! Addresses are written and answers judged here; whoever calls asks over the network and checks signatures.

mod authorise;
mod discovery;
mod fault;
mod id_token;
mod keys;
mod people;

pub use authorise::{TokenAnswer, TokenAuth, address, code, token_answer, token_request};
pub use discovery::Discovery;
pub use fault::Fault;
pub use id_token::{Expected, IdToken, Judged};
pub use keys::{Algorithm, Key, Keys, Material};
pub use people::{ClaimNames, Levels, person};

pub(crate) use authorise::form;

use serde_json::{Map, Value};

/// Longest answer of a provider that is read, in bytes, and longest token.
pub const MAX_ANSWER: usize = 256 * 1024;
/// Longest ID token, in bytes.
pub const MAX_TOKEN: usize = 32 * 1024;
/// By how many seconds clocks may differ.
pub const SKEW: i64 = 60;
/// Oldest ID token that is taken, in seconds since it was issued.
pub const MAX_AGE: i64 = 600;

/// A provider as whoever runs the site describes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id here, part of the record.
    pub id: String,
    /// The issuer, exactly as it writes itself.
    pub issuer: String,
    /// Who this site is to it.
    pub client_id: String,
    /// The secret that goes with that; none for a public client.
    pub secret: Option<String>,
    /// What is asked for, beginning with `openid`.
    pub scope: String,
    /// Where claims stand.
    pub names: ClaimNames,
    /// What its levels mean.
    pub levels: Levels,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({} at {}, …)", self.client_id, self.issuer)
    }
}

/// A JSON object of at most `limit` bytes.
fn object(bytes: &[u8], limit: usize) -> Option<Map<String, Value>> {
    if bytes.len() > limit {
        return None;
    }
    serde_json::from_slice(bytes).ok()
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// Seconds since 1970; whole or not.
fn seconds(object: &Map<String, Value>, name: &str) -> Option<i64> {
    let value = object.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "it saturates, and what is far off is refused")]
    value.as_i64().or_else(|| value.as_f64().filter(|at| at.is_finite()).map(|at| at as i64))
}
