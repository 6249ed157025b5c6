//! Keys that sign and keys that verify. The algorithm belongs to the key: what a token's header says may only agree.

use std::fmt;

use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::Verifier as _;
use zeroize::Zeroizing;

use crate::jwk;

/// What a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// EdDSA on edwards25519, RFC 8037: the default.
    Ed25519,
    /// ECDSA on P-256 with SHA-256, ES256: for wallets that speak nothing else.
    P256,
    /// SM2 with SM3 and the usual identifier `1234567812345678`, GM/T 0003 and 0009. In software: where the law asks
    /// for a certified module, this is not one.
    Sm2,
}

/// The signer's identifier that GM/T 0009 sets where none is agreed.
const SM2_IDENTIFIER: &str = "1234567812345678";

impl Algorithm {
    /// The name in a JOSE header. No name is registered for SM2: `SM2` is private, as others use it.
    #[must_use]
    pub fn jose(self) -> &'static str {
        match self {
            Self::Ed25519 => "EdDSA",
            Self::P256 => "ES256",
            Self::Sm2 => "SM2",
        }
    }

    /// Whether a header's `alg` means this algorithm. RFC 9864 renames EdDSA on this curve to `Ed25519`.
    pub(crate) fn is_named(self, alg: &str) -> bool {
        alg == self.jose() || (self == Self::Ed25519 && alg == "Ed25519")
    }
}

/// The bytes are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no key of the algorithm")]
pub struct BadKey;

/// A key that signs. Its secret leaves the memory with it, and no `Debug` shows it.
#[derive(Clone)]
pub struct SigningKey {
    secret: Secret,
    public: VerifyingKey,
}

#[derive(Clone)]
enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(Box<p256::ecdsa::SigningKey>),
    /// The scalar: the library's own key does not wipe itself, so it lives only while it signs.
    Sm2(Zeroizing<[u8; 32]>),
}

/// A key that verifies, and its name: the RFC 7638 thumbprint.
#[derive(Clone)]
pub struct VerifyingKey {
    point: Point,
    kid: String,
}

#[derive(Clone)]
pub(crate) enum Point {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    Sm2(sm2::dsa::VerifyingKey),
}

impl SigningKey {
    /// The key of 32 secret bytes. For P-256 and SM2 they are the scalar and must lie below the order of the curve,
    /// which random bytes do but for one in four billion.
    ///
    /// # Errors
    /// [`BadKey`] when they do not.
    pub fn from_seed(algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, BadKey> {
        let (secret, point) = match algorithm {
            Algorithm::Ed25519 => {
                let key = ed25519_dalek::SigningKey::from_bytes(seed);
                let point = Point::Ed25519(key.verifying_key());
                (Secret::Ed25519(Box::new(key)), point)
            }
            Algorithm::P256 => {
                let key = p256::ecdsa::SigningKey::from_slice(seed).map_err(|_| BadKey)?;
                let point = Point::P256(*key.verifying_key());
                (Secret::P256(Box::new(key)), point)
            }
            Algorithm::Sm2 => {
                let key = sm2_key(seed)?;
                let point = Point::Sm2(key.verifying_key().clone());
                (Secret::Sm2(Zeroizing::new(*seed)), point)
            }
        };
        Ok(Self { secret, public: VerifyingKey::new(point) })
    }

    /// The half that may be published.
    #[must_use]
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// What the key signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// Signs: 64 bytes. The same message is signed the same way each time, so no random bytes are needed.
    ///
    /// # Errors
    /// [`BadKey`] when the arithmetic fails, which no key made by [`SigningKey::from_seed`] does.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64], BadKey> {
        match &self.secret {
            Secret::Ed25519(key) => Ok(key.sign(message).to_bytes()),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(message).map_err(|_| BadKey)?;
                Ok(signature.to_bytes().into())
            }
            Secret::Sm2(seed) => {
                let signature = sm2_key(seed)?.try_sign(message).map_err(|_| BadKey)?;
                Ok(signature.to_bytes().into())
            }
        }
    }

    /// The 32 secret bytes, for a key store that seals them.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        match &self.secret {
            Secret::Ed25519(key) => Zeroizing::new(key.to_bytes()),
            Secret::P256(key) => Zeroizing::new(key.to_bytes().into()),
            Secret::Sm2(seed) => seed.clone(),
        }
    }
}

fn sm2_key(seed: &[u8; 32]) -> Result<sm2::dsa::SigningKey, BadKey> {
    sm2::dsa::SigningKey::from_slice(SM2_IDENTIFIER, seed).map_err(|_| BadKey)
}

impl VerifyingKey {
    pub(crate) fn new(point: Point) -> Self {
        let kid = jwk::thumbprint(&point);
        Self { point, kid }
    }

    pub(crate) fn ed25519(x: &[u8; 32]) -> Result<Self, BadKey> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(x).map_err(|_| BadKey)?;
        // A key of small order verifies nearly anything.
        if key.is_weak() { Err(BadKey) } else { Ok(Self::new(Point::Ed25519(key))) }
    }

    /// From the uncompressed point, 4 || x || y.
    pub(crate) fn p256(point: &[u8]) -> Result<Self, BadKey> {
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| BadKey)?;
        Ok(Self::new(Point::P256(key)))
    }

    /// From the uncompressed point, 4 || x || y.
    pub(crate) fn sm2(point: &[u8]) -> Result<Self, BadKey> {
        let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTIFIER, point).map_err(|_| BadKey)?;
        Ok(Self::new(Point::Sm2(key)))
    }

    /// The uncompressed point of a P-256 key, 65 bytes beginning with 4; none for a key of another kind.
    #[must_use]
    pub fn p256_point(&self) -> Option<[u8; 65]> {
        let Point::P256(key) = &self.point else { return None };
        key.to_sec1_point(false).as_bytes().try_into().ok()
    }

    pub(crate) fn point(&self) -> &Point {
        &self.point
    }

    /// The key's name: its RFC 7638 thumbprint with SHA-256.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The first bytes of the thumbprint: enough to find a key in a set, in a code that must be small.
    pub(crate) fn short(&self) -> [u8; 8] {
        let thumbprint = crate::base64url::decode_32(&self.kid).unwrap_or_default();
        let mut short = [0; 8];
        short.copy_from_slice(&thumbprint[..8]);
        short
    }

    /// What the key verifies.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.point {
            Point::Ed25519(_) => Algorithm::Ed25519,
            Point::P256(_) => Algorithm::P256,
            Point::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// Whether `signature` is this key's over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.point {
            Point::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Point::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Point::Sm2(key) => sm2::dsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

// The thumbprint is a digest of all that makes the key.
impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.kid == other.kid
    }
}

impl Eq for VerifyingKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.public.kid).finish_non_exhaustive()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("algorithm", &self.algorithm())
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
