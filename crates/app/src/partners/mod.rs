//! Partners' applications, to which people sign in with their account here: OpenID Connect Core 1.0 with the
//! authorisation code flow and PKCE alone, as RFC 9700 asks. See docs/decisions/0014-openid-provider.md.

mod agree;
mod ask;
mod authorisations;
mod claims;
mod fault;
mod file;
mod logout;
mod registered;
mod scope;
mod tell;
mod tokens;

use ring::digest::{SHA256, digest};

pub use agree::{Asked, Step};
pub use ask::{AuthorisationRequest, Prompt, Returning, Wrong};
pub use authorisations::{Authorisation, AuthorisedScope};
pub use fault::OauthError;
pub use file::{MAX_CONSENT_DAYS, PartnerFile};
pub use logout::{Leaving, LogoutRequest};
pub use registered::{Partner, PartnerSecret};
pub use scope::Scope;
pub use tokens::{Access, CodeUse, TokenAnswer};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Base64url without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// SHA-256, by which secrets and tokens are kept: each has 256 random bits, so a plain hash does.
fn hashed(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}
