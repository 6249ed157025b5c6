//! The keys of one issuer and their rotation: one signs, older ones still verify, retired ones are refused.

use serde_json::{Value, json};

use crate::jwk::BadJwk;
use crate::key::{SigningKey, VerifyingKey};
use crate::refusal::Refusal;

/// Keys of one issuer. More are not looked through: a hostile set must not buy time.
const MOST_KEYS: usize = 32;

/// The keys of one issuer, by `kid`.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    signer: Option<SigningKey>,
    known: Vec<Known>,
}

/// A key under the name its issuer gave it: ours give the thumbprint, others what they like.
#[derive(Debug, Clone)]
struct Known {
    kid: String,
    key: VerifyingKey,
    retired: bool,
}

impl Known {
    fn new(key: VerifyingKey) -> Self {
        Self { kid: key.kid().to_owned(), key, retired: false }
    }
}

impl KeySet {
    /// A set whose one key signs.
    #[must_use]
    pub fn new(signer: SigningKey) -> Self {
        let known = vec![Known::new(signer.verifying_key().clone())];
        Self { signer: Some(signer), known }
    }

    /// A set that only verifies.
    pub fn verifying(keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        Self { signer: None, known: keys.into_iter().map(Known::new).collect() }
    }

    /// Reads a JWK set (RFC 7517 section 5). Keys of kinds we do not know are passed over, as the RFC says.
    ///
    /// # Errors
    /// [`BadJwk::Missing`] without `keys`, [`BadJwk::Secret`] when a secret was published, [`BadJwk::Numbers`] for a
    /// broken key, a name given twice or more than 32 keys.
    pub fn from_jwks(jwks: &Value) -> Result<Self, BadJwk> {
        let keys = jwks.get("keys").and_then(Value::as_array).ok_or(BadJwk::Missing("keys"))?;
        if keys.len() > MOST_KEYS {
            return Err(BadJwk::Numbers);
        }
        let mut set = Self::default();
        for jwk in keys {
            let mut known = match VerifyingKey::from_jwk(jwk) {
                Ok(key) => Known::new(key),
                Err(BadJwk::Kind | BadJwk::Purpose | BadJwk::Missing(_)) => continue,
                Err(error) => return Err(error),
            };
            if let Some(kid) = jwk.get("kid").and_then(Value::as_str) {
                kid.clone_into(&mut known.kid);
            }
            if set.known.iter().any(|other| other.kid == known.kid) {
                return Err(BadJwk::Numbers);
            }
            set.known.push(known);
        }
        Ok(set)
    }

    /// The public keys that still verify, as a JWK set, each under its thumbprint.
    #[must_use]
    pub fn to_jwks(&self) -> Value {
        let keys = self.keys().map(VerifyingKey::to_jwk);
        json!({ "keys": keys.collect::<Vec<Value>>() })
    }

    /// The set without the key that signs.
    #[must_use]
    pub fn public(&self) -> Self {
        Self { signer: None, known: self.known.clone() }
    }

    /// From now on `signer` signs; the key that signed before only verifies.
    pub fn rotate(&mut self, signer: SigningKey) {
        self.add(signer.verifying_key().clone());
        self.signer = Some(signer);
    }

    /// Adds a key that only verifies: one that signed in earlier years.
    pub fn add(&mut self, key: VerifyingKey) {
        if !self.known.iter().any(|known| known.key == key) {
            self.known.push(Known::new(key));
        }
    }

    /// From now on nothing that this key signed is accepted. Answers whether the key is known.
    pub fn retire(&mut self, kid: &str) -> bool {
        if self.signer.as_ref().is_some_and(|signer| signer.verifying_key().kid() == kid) {
            self.signer = None;
        }
        let found = self.known.iter_mut().find(|known| known.kid == kid);
        found.map(|known| known.retired = true).is_some()
    }

    /// The key that signs, unless there is none or it was retired.
    #[must_use]
    pub fn signer(&self) -> Option<&SigningKey> {
        self.signer.as_ref()
    }

    /// The key with this name.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] or [`Refusal::RetiredKey`].
    pub fn find(&self, kid: &str) -> Result<&VerifyingKey, Refusal> {
        let known = self.known.iter().find(|known| known.kid == kid).ok_or(Refusal::UnknownKey)?;
        if known.retired { Err(Refusal::RetiredKey) } else { Ok(&known.key) }
    }

    /// The key whose thumbprint begins with these bytes.
    pub(crate) fn find_short(&self, short: [u8; 8]) -> Result<&VerifyingKey, Refusal> {
        let named = self.known.iter().find(|known| known.key.short() == short);
        let known = named.ok_or(Refusal::UnknownKey)?;
        if known.retired { Err(Refusal::RetiredKey) } else { Ok(&known.key) }
    }

    /// The keys that verify.
    pub fn keys(&self) -> impl Iterator<Item = &VerifyingKey> {
        self.known.iter().filter(|known| !known.retired).map(|known| &known.key)
    }
}
