//! Keys as JSON (RFC 7517, RFC 8037) and their thumbprints (RFC 7638).

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::base64url::{decode_32, encode};
use crate::key::{Algorithm, Point, SigningKey, VerifyingKey};

/// No curve name is registered for SM2 in JOSE; `SM2` is what others write.
const SM2_CURVE: &str = "SM2";

/// Why a JSON object is no key of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadJwk {
    /// A member is missing or no text.
    #[error("the key lacks {0}")]
    Missing(&'static str),
    /// Neither OKP Ed25519 nor EC on P-256 or SM2.
    #[error("keys are Ed25519, P-256 or SM2")]
    Kind,
    /// `alg`, `use` or `key_ops` say that the key is for something else.
    #[error("the key is for something else than signatures of its curve")]
    Purpose,
    /// The bytes are no point of the curve, or the secret does not belong to the public half.
    #[error("the numbers of the key do not fit")]
    Numbers,
    /// A secret key where a public one belongs.
    #[error("this is a secret key, and a public one belongs here")]
    Secret,
}

impl VerifyingKey {
    /// The public key as a JWK, with `kid`, `alg` and `use`.
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        let mut jwk = required(self.point());
        jwk.insert("alg".to_owned(), self.algorithm().jose().into());
        jwk.insert("kid".to_owned(), self.kid().into());
        jwk.insert("use".to_owned(), "sig".into());
        Value::Object(jwk)
    }

    /// Reads a public JWK. Its name is the thumbprint, whatever its own `kid` says.
    ///
    /// # Errors
    /// [`BadJwk`]; a secret key is refused, so that it is not handed on by mistake.
    pub fn from_jwk(jwk: &Value) -> Result<Self, BadJwk> {
        if jwk.get("d").is_some() {
            return Err(BadJwk::Secret);
        }
        public_half(jwk)
    }
}

impl SigningKey {
    /// The whole key as a JWK, secret included, for a sealed key store.
    #[must_use]
    pub fn to_secret_jwk(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(encode(self.seed().as_ref()));
        let public = self.verifying_key().to_jwk().to_string();
        Zeroizing::new(format!("{{\"d\":\"{}\",{}", secret.as_str(), &public[1..]))
    }

    /// Reads a JWK with its secret `d`.
    ///
    /// # Errors
    /// [`BadJwk`]; also when `d` does not belong to the public half.
    pub fn from_secret_jwk(jwk: &Value) -> Result<Self, BadJwk> {
        let public = public_half(jwk)?;
        let seed = Zeroizing::new(decode_32(text(jwk, "d")?).ok_or(BadJwk::Numbers)?);
        let key = Self::from_seed(public.algorithm(), &seed).map_err(|_| BadJwk::Numbers)?;
        if *key.verifying_key() == public { Ok(key) } else { Err(BadJwk::Numbers) }
    }
}

fn public_half(jwk: &Value) -> Result<VerifyingKey, BadJwk> {
    let coordinate = |name| decode_32(text(jwk, name)?).ok_or(BadJwk::Numbers);
    let key = match (text(jwk, "kty")?, text(jwk, "crv")?) {
        ("OKP", "Ed25519") => VerifyingKey::ed25519(&coordinate("x")?),
        ("EC", "P-256") => VerifyingKey::p256(&uncompressed(&coordinate("x")?, &coordinate("y")?)),
        ("EC", SM2_CURVE) => VerifyingKey::sm2(&uncompressed(&coordinate("x")?, &coordinate("y")?)),
        _ => return Err(BadJwk::Kind),
    };
    let key = key.map_err(|_| BadJwk::Numbers)?;
    for_signatures(jwk, key.algorithm())?;
    Ok(key)
}

fn for_signatures(jwk: &Value, algorithm: Algorithm) -> Result<(), BadJwk> {
    let alg = jwk.get("alg").is_none_or(|alg| alg.as_str().is_some_and(|alg| algorithm.is_named(alg)));
    let usage = jwk.get("use").is_none_or(|usage| usage == "sig");
    let ops = jwk.get("key_ops").is_none_or(|ops| {
        ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify" || op == "sign"))
    });
    if alg && usage && ops { Ok(()) } else { Err(BadJwk::Purpose) }
}

fn text<'a>(jwk: &'a Value, name: &'static str) -> Result<&'a str, BadJwk> {
    jwk.get(name).and_then(Value::as_str).ok_or(BadJwk::Missing(name))
}

fn uncompressed(x: &[u8; 32], y: &[u8; 32]) -> [u8; 65] {
    let mut point = [4_u8; 65];
    point[1..33].copy_from_slice(x);
    point[33..].copy_from_slice(y);
    point
}

/// The members that make the key, which are those of the thumbprint.
fn required(point: &Point) -> Map<String, Value> {
    let curve = |crv: &str, bytes: &[u8]| json!({ "kty": "EC", "crv": crv, "x": encode(&bytes[1..33]), "y": encode(&bytes[33..65]) });
    let jwk = match point {
        Point::Ed25519(key) => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(key.as_bytes()) }),
        Point::P256(key) => curve("P-256", key.to_sec1_point(false).as_bytes()),
        Point::Sm2(key) => curve(SM2_CURVE, &key.to_sec1_bytes()),
    };
    match jwk {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// SHA-256 over the required members in the order of their names, without spaces (RFC 7638 section 3).
pub(crate) fn thumbprint(point: &Point) -> String {
    let members: std::collections::BTreeMap<String, Value> = required(point).into_iter().collect();
    let text: Vec<String> =
        members.iter().map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
    encode(&Sha256::digest(format!("{{{}}}", text.join(","))))
}
