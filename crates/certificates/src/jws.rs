//! Compact JWS (RFC 7515) with the care of RFC 8725: the algorithm is the key's, `none` is named and refused, keys in
//! the header are not believed, the type of a token is always checked.

use serde_json::{Map, Value};

use crate::base64url::{decode, encode};
use crate::key::{BadKey, SigningKey, VerifyingKey};
use crate::key_set::KeySet;
use crate::refusal::Refusal;
use crate::strict;

/// A token is not looked at when it has more bytes.
pub(crate) const MOST_BYTES: usize = 512 * 1024;

/// Signs `claims` as a JWT of type `typ`, the header naming algorithm and key.
///
/// # Errors
/// [`BadKey`] when the key cannot sign, which no key of ours does.
pub fn sign_jwt(key: &SigningKey, typ: &str, claims: &Map<String, Value>) -> Result<String, BadKey> {
    sign(key, typ, claims, Some(key.verifying_key().kid()))
}

/// [`sign_jwt`] with another name for the key, such as the one it has in a DID document.
///
/// # Errors
/// [`BadKey`] when the key cannot sign.
pub fn sign_jwt_as(
    key: &SigningKey,
    typ: &str,
    kid: &str,
    claims: &Map<String, Value>,
) -> Result<String, BadKey> {
    sign(key, typ, claims, Some(kid))
}

/// Signs; a holder's proof names no key, since the certificate does.
pub(crate) fn sign(
    key: &SigningKey,
    typ: &str,
    claims: &Map<String, Value>,
    kid: Option<&str>,
) -> Result<String, BadKey> {
    let mut header = Map::new();
    header.insert("alg".to_owned(), key.algorithm().jose().into());
    if let Some(kid) = kid {
        header.insert("kid".to_owned(), kid.into());
    }
    header.insert("typ".to_owned(), typ.into());
    let header = encode(Value::Object(header).to_string().as_bytes());
    let payload = serde_json::to_vec(claims).map_err(|_| BadKey)?;
    let mut text = format!("{header}.{}", encode(&payload));
    let signature = key.sign(text.as_bytes())?;
    text.push('.');
    text.push_str(&encode(&signature));
    Ok(text)
}

/// Reads a JWT of type `typ` signed by one of `keys`, and answers its claims. Times and audience are the caller's.
///
/// # Errors
/// Why it is not accepted.
pub fn verify_jwt(text: &str, keys: &KeySet, typ: &str) -> Result<Map<String, Value>, Refusal> {
    let token = Jws::parse(text)?;
    token.is_a(&[typ])?;
    token.check_with(keys)?;
    Ok(token.payload)
}

/// A token that was read and not yet believed.
pub(crate) struct Jws<'a> {
    header: Map<String, Value>,
    pub(crate) payload: Map<String, Value>,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Refusal> {
        if text.len() > MOST_BYTES {
            return Err(Refusal::TooLarge);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Refusal::Malformed("three parts"))?;
        let (header, payload) = signed.split_once('.').ok_or(Refusal::Malformed("three parts"))?;
        let part = |text, name| {
            let bytes = decode(text).ok_or(Refusal::Malformed(name))?;
            strict::object(&bytes).ok_or(Refusal::Malformed(name))
        };
        let header = part(header, "header")?;
        // Said before anything else is found wrong, so that an unsigned token is called by its name.
        let alg = header.get("alg").and_then(Value::as_str).ok_or(Refusal::Malformed("alg"))?;
        if alg.eq_ignore_ascii_case("none") {
            return Err(Refusal::AlgNone);
        }
        if header.contains_key("crit") {
            return Err(Refusal::UnknownExtension);
        }
        let payload = part(payload, "payload")?;
        let signature = decode(signature).ok_or(Refusal::Malformed("signature"))?;
        Ok(Self { header, payload, signed, signature })
    }

    /// What is said about the token; of keys in it only the holder's proof makes use, which is a proof of that very key.
    pub(crate) fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// That the token says to be of one of these types.
    pub(crate) fn is_a(&self, types: &[&str]) -> Result<(), Refusal> {
        let typ = self.header.get("typ").and_then(Value::as_str).ok_or(Refusal::WrongForm)?;
        // RFC 7515 section 4.1.9: "application/" may be written or left out, in any case.
        let typ = typ.to_ascii_lowercase();
        let short = typ.strip_prefix("application/").unwrap_or(&typ);
        if types.contains(&short) { Ok(()) } else { Err(Refusal::WrongForm) }
    }

    /// That `key` signed it, with the key's own algorithm.
    pub(crate) fn check(&self, key: &VerifyingKey) -> Result<(), Refusal> {
        let alg = self.header.get("alg").and_then(Value::as_str).unwrap_or_default();
        if !key.algorithm().is_named(alg) {
            return Err(Refusal::KeyConfusion);
        }
        if key.verifies(self.signed.as_bytes(), &self.signature) { Ok(()) } else { Err(Refusal::Altered) }
    }

    /// That one of `keys` signed it: the one that the header names, or any where it names none. Answers its name.
    pub(crate) fn check_with<'k>(&self, keys: &'k KeySet) -> Result<&'k str, Refusal> {
        if let Some(kid) = self.header.get("kid") {
            let key = keys.find(kid.as_str().ok_or(Refusal::Malformed("kid"))?)?;
            return self.check(key).map(|()| key.kid());
        }
        let mut last = Refusal::UnknownKey;
        for key in keys.keys() {
            match self.check(key) {
                Ok(()) => return Ok(key.kid()),
                // That a key of the right kind did not sign it says more than that another kind exists.
                Err(Refusal::Altered) => last = Refusal::Altered,
                Err(why) if last == Refusal::UnknownKey => last = why,
                Err(_) => {}
            }
        }
        Err(last)
    }
}

/// A NumericDate (RFC 7519): whole seconds; fractions are cut towards the past.
pub(crate) fn seconds(claims: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, Refusal> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let whole = value.as_i64().or_else(|| {
        let float = value.as_f64()?;
        (float.abs() < 1e15).then_some(float.floor() as i64)
    });
    whole.map(Some).ok_or(Refusal::Malformed(name))
}
