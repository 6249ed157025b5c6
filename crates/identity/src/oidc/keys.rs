//! A provider's keys (JWK Set, RFC 7517 and 7518). An algorithm belongs to a key and is never believed of a header.

use serde_json::{Map, Value};

use super::{Fault, MAX_ANSWER, object, text};
use crate::webauthn::from_base64url;

/// Most keys of one provider.
const MAX_KEYS: usize = 64;

/// What a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2,048 bits or more.
    Rs256,
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Names in a header; Ed25519 has two (RFC 8037, RFC 9864).
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Rs256 => &["RS256"],
            Self::Es256 => &["ES256"],
            Self::EdDsa => &["EdDSA", "Ed25519"],
        }
    }
}

/// The public half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// Modulus and exponent, big-endian without zeros in front.
    Rsa {
        /// Modulus.
        n: Vec<u8>,
        /// Exponent.
        e: Vec<u8>,
    },
    /// An uncompressed point of 65 bytes.
    Point(Vec<u8>),
    /// 32 bytes.
    Edwards(Vec<u8>),
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub kid: Option<String>,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// Its public half.
    pub material: Material,
}

/// A provider's keys; those of other kinds and for other uses are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys(Vec<Key>);

impl Keys {
    /// Reads a JWK Set.
    ///
    /// # Errors
    /// [`Fault::Description`] when it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let set = object(bytes, MAX_ANSWER).ok_or(Fault::Description)?;
        let list = set.get("keys").and_then(Value::as_array).ok_or(Fault::Description)?;
        Ok(Self(list.iter().take(MAX_KEYS).filter_map(|key| Key::read(key.as_object()?)).collect()))
    }

    /// The key of a token with this name (or none) that says it was signed with `algorithm`.
    ///
    /// # Errors
    /// [`Fault::UnknownKey`]; [`Fault::Algorithm`] where the key signs with another.
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: &str) -> Result<&Key, Fault> {
        let says = |key: &&Key| key.algorithm.names().contains(&algorithm);
        let Some(kid) = kid else {
            // Without a name there must be no doubt (OpenID Connect Core § 10.1).
            let mut fitting = self.0.iter().filter(says);
            return match (fitting.next(), fitting.next()) {
                (Some(key), None) => Ok(key),
                (None, _) if !self.0.is_empty() => Err(Fault::Algorithm),
                _ => Err(Fault::UnknownKey),
            };
        };
        let key = self.0.iter().find(|key| key.kid.as_deref() == Some(kid)).ok_or(Fault::UnknownKey)?;
        Some(key).filter(says).ok_or(Fault::Algorithm)
    }
}

impl Key {
    fn read(jwk: &Map<String, Value>) -> Option<Self> {
        let bytes = |name| text(jwk, name).and_then(from_base64url);
        let (algorithm, material) = match (text(jwk, "kty")?, text(jwk, "crv")) {
            ("RSA", _) => (Algorithm::Rs256, Material::Rsa { n: whole(bytes("n")?), e: whole(bytes("e")?) }),
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                let point = [vec![4], x, y].concat();
                (Algorithm::Es256, Material::Point(Some(point).filter(|point| point.len() == 65)?))
            }
            ("OKP", Some("Ed25519")) => {
                (Algorithm::EdDsa, Material::Edwards(bytes("x").filter(|x| x.len() == 32)?))
            }
            _ => return None,
        };
        let for_signing = text(jwk, "use").is_none_or(|purpose| purpose == "sig");
        let named = text(jwk, "alg").is_none_or(|name| algorithm.names().contains(&name));
        let kid = text(jwk, "kid").map(str::to_owned);
        Some(Self { kid, algorithm, material }).filter(|_| for_signing && named)
    }
}

/// Without zeros in front.
fn whole(bytes: Vec<u8>) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes[zeros..].to_vec()
}
