//! ID tokens: read, signature checked by the caller, then judged (OpenID Connect Core § 3.1.3.7).

use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha512};

use super::{Algorithm, Fault, Key, Keys, MAX_AGE, MAX_TOKEN, SKEW, object, seconds, text};
use crate::webauthn::{from_base64url, to_base64url};

/// A token taken apart; nothing in it is believed yet.
#[derive(Debug, Clone)]
pub struct IdToken<'a> {
    algorithm: String,
    kid: Option<String>,
    claims: Map<String, Value>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// What a token must say to be this sign-in's.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// This site.
    pub client_id: &'a str,
    /// This sign-in.
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub now: i64,
    /// What came with it.
    pub access_token: Option<&'a str>,
}

/// A genuine token's claims.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Who, in the provider's own words.
    pub subject: String,
    /// Everything that it says.
    pub claims: Map<String, Value>,
}

impl<'a> IdToken<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// [`Fault::Unreadable`], [`Fault::Unsigned`].
    pub fn read(token: &'a str) -> Result<Self, Fault> {
        if token.len() > MAX_TOKEN {
            return Err(Fault::Unreadable);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Fault::Unreadable)?;
        let (header, claims) = signed.split_once('.').ok_or(Fault::Unreadable)?;
        let part = |text: &str| from_base64url(text).and_then(|bytes| object(&bytes, MAX_TOKEN));
        let header = part(header).ok_or(Fault::Unreadable)?;
        let algorithm = text(&header, "alg").ok_or(Fault::Unreadable)?;
        if algorithm.eq_ignore_ascii_case("none") || signature.is_empty() {
            return Err(Fault::Unsigned);
        }
        // An extension that must be understood is not (RFC 7515 § 4.1.11).
        if header.contains_key("crit") {
            return Err(Fault::Unreadable);
        }
        Ok(Self {
            algorithm: algorithm.to_owned(),
            kid: text(&header, "kid").map(str::to_owned),
            claims: part(claims).ok_or(Fault::Unreadable)?,
            signed,
            signature: from_base64url(signature).ok_or(Fault::Unreadable)?,
        })
    }

    /// Judges the token: its signature with `check` (key, what is signed, signature), then what it says.
    ///
    /// # Errors
    /// The first [`Fault`] found; [`Fault::UnknownKey`] may mean that the provider has new keys.
    pub fn judge(
        self,
        keys: &Keys,
        check: impl Fn(&Key, &[u8], &[u8]) -> bool,
        expected: &Expected<'_>,
    ) -> Result<Judged, Fault> {
        let key = keys.find(self.kid.as_deref(), &self.algorithm)?;
        if !check(key, self.signed.as_bytes(), &self.signature) {
            return Err(Fault::Signature);
        }
        self.addressed(expected)?;
        self.in_time(expected.now)?;
        self.with_access_token(key.algorithm, expected.access_token)?;
        let subject = text(&self.claims, "sub").filter(|sub| !sub.is_empty() && sub.len() <= 255);
        Ok(Judged { subject: subject.ok_or(Fault::Unreadable)?.to_owned(), claims: self.claims })
    }

    /// From whom, for whom, and for which sign-in.
    fn addressed(&self, expected: &Expected<'_>) -> Result<(), Fault> {
        if text(&self.claims, "iss") != Some(expected.issuer) {
            return Err(Fault::Issuer);
        }
        let party = text(&self.claims, "azp");
        match self.claims.get("aud") {
            Some(Value::String(audience)) if audience == expected.client_id => {}
            Some(Value::Array(list)) if list.iter().any(|one| one.as_str() == Some(expected.client_id)) => {
                // One of several audiences: it must say for whom it was made.
                if list.len() > 1 && party.is_none() {
                    return Err(Fault::Party);
                }
            }
            _ => return Err(Fault::Audience),
        }
        if self.claims.contains_key("azp") && party != Some(expected.client_id) {
            return Err(Fault::Party);
        }
        if text(&self.claims, "nonce") == Some(expected.nonce) { Ok(()) } else { Err(Fault::Nonce) }
    }

    fn in_time(&self, now: i64) -> Result<(), Fault> {
        let expires = seconds(&self.claims, "exp").ok_or(Fault::Unreadable)?;
        let issued = seconds(&self.claims, "iat").ok_or(Fault::Unreadable)?;
        if now >= expires.saturating_add(SKEW) || now.saturating_sub(issued) > MAX_AGE + SKEW {
            return Err(Fault::Expired);
        }
        let begins = seconds(&self.claims, "nbf").unwrap_or(issued).max(issued);
        if begins > now.saturating_add(SKEW) { Err(Fault::Early) } else { Ok(()) }
    }

    /// Half of the access token's hash, where the token has one (§ 3.1.3.6).
    fn with_access_token(&self, algorithm: Algorithm, access_token: Option<&str>) -> Result<(), Fault> {
        let (Some(said), Some(access_token)) = (self.claims.get("at_hash"), access_token) else {
            return Ok(());
        };
        let half = match algorithm {
            Algorithm::Rs256 | Algorithm::Es256 => Sha256::digest(access_token)[..16].to_vec(),
            Algorithm::EdDsa => Sha512::digest(access_token)[..32].to_vec(),
        };
        if said.as_str() == Some(&to_base64url(&half)) { Ok(()) } else { Err(Fault::AccessToken) }
    }
}
