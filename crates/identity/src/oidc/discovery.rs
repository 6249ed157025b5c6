//! What a provider publishes about itself (OpenID Connect Discovery 1.0 § 3).

use serde_json::{Map, Value};

use super::{Fault, MAX_ANSWER, TokenAuth, object, text};

/// Where a provider is asked what. Addresses as it wrote them; whoever asks refuses those that are not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// Where browsers are sent.
    pub authorise: String,
    /// Where a code is exchanged.
    pub token: String,
    /// Its keys.
    pub jwks: String,
    /// Further claims; not every provider has this.
    pub userinfo: Option<String>,
    /// How this site shows there who it is.
    pub auth: TokenAuth,
    /// It names itself in each answer (RFC 9207), so that one without a name is not its own.
    pub names_itself: bool,
}

impl Discovery {
    /// Where an issuer publishes it (§ 4.1).
    #[must_use]
    pub fn address(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    }

    /// Reads it. `secret`: this site has one to show.
    ///
    /// # Errors
    /// [`Fault::Description`], [`Fault::OtherIssuer`].
    pub fn read(bytes: &[u8], issuer: &str, secret: bool) -> Result<Self, Fault> {
        let said = object(bytes, MAX_ANSWER).ok_or(Fault::Description)?;
        if text(&said, "issuer") != Some(issuer) {
            return Err(Fault::OtherIssuer);
        }
        let place = |name| text(&said, name).map(str::to_owned).ok_or(Fault::Description);
        let lists =
            |name: &str, wanted: &str, otherwise: bool| listed(&said, name, wanted).unwrap_or(otherwise);
        if !lists("response_types_supported", "code", true) {
            return Err(Fault::Description);
        }
        // PKCE is sent either way; a provider that lists other methods only would refuse it.
        if !lists("code_challenge_methods_supported", "S256", true) {
            return Err(Fault::Description);
        }
        let methods = "token_endpoint_auth_methods_supported";
        let auth = match secret {
            false => TokenAuth::None,
            true if lists(methods, "client_secret_basic", true) => TokenAuth::Basic,
            true if lists(methods, "client_secret_post", false) => TokenAuth::Post,
            true => return Err(Fault::Description),
        };
        Ok(Self {
            authorise: place("authorization_endpoint")?,
            token: place("token_endpoint")?,
            jwks: place("jwks_uri")?,
            userinfo: text(&said, "userinfo_endpoint").map(str::to_owned),
            auth,
            names_itself: said.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
        })
    }
}

/// Whether a list holds a word; nothing where there is no list.
fn listed(said: &Map<String, Value>, name: &str, wanted: &str) -> Option<bool> {
    let list = said.get(name)?.as_array()?;
    Some(list.iter().any(|word| word.as_str() == Some(wanted)))
}
