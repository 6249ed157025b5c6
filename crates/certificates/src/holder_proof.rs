//! A wallet's proof to hold the key that a credential is to be bound to (OpenID for Verifiable Credential Issuance 1.0,
//! appendix F.1).

use domain::Timestamp;
use serde_json::Value;

use crate::jws::{Jws, seconds};
use crate::key::{Algorithm, VerifyingKey};
use crate::refusal::Refusal;

/// The type in the header.
const TYPE: &str = "openid4vci-proof+jwt";
/// The algorithms that are taken, by their names in a header.
pub const PROOF_ALGORITHMS: [&str; 2] = ["ES256", "EdDSA"];

/// What a proof shows once its signature was checked. Whether its nonce is ours, and new, is the caller's to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderProof {
    /// The key, as the proof brings it: nobody says whose it is but whoever holds the access token.
    pub key: VerifyingKey,
    /// The issuer's question that it answers.
    pub nonce: String,
}

impl HolderProof {
    /// Reads a proof made for `audience`, the issuer's name for itself, not longer than `max_age` seconds ago.
    ///
    /// # Errors
    /// Why it is not accepted; [`Refusal::Malformed`] with `jwk` when its key is missing, secret, of a kind that is not
    /// taken, or named in two ways.
    pub fn verify(
        text: &str,
        audience: &str,
        now: Timestamp,
        max_age: i64,
        leeway: i64,
    ) -> Result<Self, Refusal> {
        let proof = Jws::parse(text)?;
        proof.is_a(&[TYPE])?;
        let header = proof.header();
        // A key named in two ways could be two keys.
        if header.contains_key("kid") || header.contains_key("x5c") {
            return Err(Refusal::Malformed("jwk"));
        }
        let jwk = header.get("jwk").ok_or(Refusal::Malformed("jwk"))?;
        let key = VerifyingKey::from_jwk(jwk).map_err(|_| Refusal::Malformed("jwk"))?;
        if key.algorithm() == Algorithm::Sm2 {
            return Err(Refusal::Malformed("jwk"));
        }
        proof.check(&key).map_err(|why| if why == Refusal::Altered { Refusal::ProofAltered } else { why })?;
        if proof.payload.get("aud").and_then(Value::as_str) != Some(audience) {
            return Err(Refusal::WrongAudience);
        }
        let made = seconds(&proof.payload, "iat")?.ok_or(Refusal::Malformed("iat"))?;
        let age = now.as_second().saturating_sub(made);
        if age < leeway.saturating_neg() || age > max_age.saturating_add(leeway) {
            return Err(Refusal::ProofNotFresh);
        }
        let nonce = proof.payload.get("nonce").and_then(Value::as_str).ok_or(Refusal::WrongNonce)?.to_owned();
        Ok(Self { key, nonce })
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use serde_json::{Map, Value, json};

    use super::HolderProof;
    use crate::base64url::encode;
    use crate::{Algorithm, Refusal, SigningKey};

    const NOW: i64 = 1_795_392_000;
    const ISSUER: &str = "https://issuer.example";

    fn key(algorithm: Algorithm) -> SigningKey {
        SigningKey::from_seed(algorithm, &[3; 32]).unwrap()
    }

    fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
        let text =
            format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        format!("{text}.{}", encode(&key.sign(text.as_bytes()).unwrap()))
    }

    fn header(key: &SigningKey) -> Map<String, Value> {
        let alg = key.algorithm().jose();
        let header =
            json!({ "alg": alg, "typ": "openid4vci-proof+jwt", "jwk": key.verifying_key().to_jwk() });
        header.as_object().unwrap().clone()
    }

    fn claims() -> Map<String, Value> {
        json!({ "aud": ISSUER, "iat": NOW, "nonce": "n-1" }).as_object().unwrap().clone()
    }

    fn read(text: &str) -> Result<HolderProof, Refusal> {
        HolderProof::verify(text, ISSUER, Timestamp::from_second(NOW).unwrap(), 300, 60)
    }

    #[test]
    fn a_proof_of_either_kind_is_read() {
        for algorithm in [Algorithm::Ed25519, Algorithm::P256] {
            let key = key(algorithm);
            let proof = read(&signed(&key, &header(&key).into(), &claims().into())).unwrap();
            assert_eq!((&proof.key, proof.nonce.as_str()), (key.verifying_key(), "n-1"));
        }
    }

    #[test]
    fn each_wrong_thing_has_its_own_reason() {
        let own = key(Algorithm::P256);
        let other = key(Algorithm::Ed25519);
        let with_header = |name: &str, value: Value| {
            let mut header = header(&own);
            header.insert(name.to_owned(), value);
            read(&signed(&own, &header.into(), &claims().into())).unwrap_err()
        };
        let jwk = Refusal::Malformed("jwk");
        assert_eq!(with_header("alg", "none".into()), Refusal::AlgNone);
        assert_eq!(with_header("alg", "HS256".into()), Refusal::KeyConfusion);
        assert_eq!(with_header("alg", "EdDSA".into()), Refusal::KeyConfusion);
        assert_eq!(with_header("typ", "JWT".into()), Refusal::WrongForm);
        assert_eq!(with_header("crit", json!(["b64"])), Refusal::UnknownExtension);
        assert_eq!(with_header("kid", "x".into()), jwk);
        assert_eq!(with_header("jwk", Value::Null), jwk);
        let secret: Value = serde_json::from_str(&own.to_secret_jwk()).unwrap();
        assert_eq!(with_header("jwk", secret), jwk);
        assert_eq!(with_header("jwk", other.verifying_key().to_jwk()), Refusal::KeyConfusion);
        let third = SigningKey::from_seed(Algorithm::P256, &[4; 32]).unwrap();
        assert_eq!(with_header("jwk", third.verifying_key().to_jwk()), Refusal::ProofAltered);
        let sm2 = key(Algorithm::Sm2);
        assert_eq!(read(&signed(&sm2, &header(&sm2).into(), &claims().into())), Err(jwk));

        let with_claim = |name: &str, value: Value| {
            let mut claims = claims();
            claims.insert(name.to_owned(), value);
            read(&signed(&own, &header(&own).into(), &claims.into())).unwrap_err()
        };
        assert_eq!(with_claim("aud", "https://other.example".into()), Refusal::WrongAudience);
        assert_eq!(with_claim("iat", (NOW - 361).into()), Refusal::ProofNotFresh);
        assert_eq!(with_claim("iat", (NOW + 61).into()), Refusal::ProofNotFresh);
        assert_eq!(with_claim("nonce", Value::Null), Refusal::WrongNonce);
    }
}
