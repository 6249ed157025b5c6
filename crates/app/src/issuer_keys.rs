//! The keys that sign certificates, codes and status lists: one signs, older ones still verify, retired ones do not.

use std::sync::{Arc, PoisonError, RwLock};

use certificates::{Algorithm, KeySet, SigningKey};
use domain::{Timestamp, from_micros, micros};

use crate::{App, Error};

/// Keys are read again after so long (µs): by then every server knows of a rotation or retirement.
const FRESH: i64 = 30_000_000;

/// The same where one is missing.
const SOON: i64 = 1_000_000;

/// The keys as last read.
#[derive(Default)]
pub(crate) struct Keys(RwLock<Option<(i64, Arc<KeySet>)>>);

/// A key, for operators.
#[derive(Debug, Clone)]
pub struct IssuerKeyInfo {
    /// Its name: the RFC 7638 thumbprint.
    pub kid: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was retired.
    pub retired: Option<Timestamp>,
    /// Whether it signs now.
    pub signs: bool,
}

impl App {
    /// The keys: the newest that is not retired signs. A first one is made when there is none.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) async fn key_set(&self) -> Result<Arc<KeySet>, Error> {
        self.keys_read_within(FRESH).await
    }

    /// The keys, for what was signed by one that is not among those last read: another server may have rotated since.
    /// Read once a second at most, whatever is made up.
    pub(crate) async fn newer_keys(&self) -> Result<Arc<KeySet>, Error> {
        self.keys_read_within(SOON).await
    }

    async fn keys_read_within(&self, fresh: i64) -> Result<Arc<KeySet>, Error> {
        let now = micros(self.now());
        let kept = self.keys.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, keys)) = kept.filter(|(at, _)| (0..fresh).contains(&(now - at))) {
            return Ok(keys);
        }
        let mut keys = self.read_keys().await?;
        if keys.signer().is_none() {
            self.new_key_of_issuer(Algorithm::Ed25519).await?;
            keys = self.read_keys().await?;
        }
        let keys = Arc::new(keys);
        *self.keys.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, keys.clone()));
        Ok(keys)
    }

    async fn read_keys(&self) -> Result<KeySet, Error> {
        let mut keys = KeySet::default();
        let mut retired = Vec::new();
        for kept in self.store.issuer_keys().await? {
            let key = SigningKey::from_secret_jwk(&serde_json::from_slice(&kept.secret)?)
                .map_err(|error| Error::Certificate(error.to_string()))?;
            if kept.retired_at.is_some() {
                keys.add(key.verifying_key().clone());
                retired.push(kept.kid);
            } else {
                keys.rotate(key);
            }
        }
        for kid in retired {
            keys.retire(&kid);
        }
        Ok(keys)
    }

    async fn new_key_of_issuer(&self, algorithm: Algorithm) -> Result<String, Error> {
        let mut seed = [0; 32];
        self.random.fill(&mut seed);
        let key =
            SigningKey::from_seed(algorithm, &seed).map_err(|error| Error::Certificate(error.to_string()))?;
        let kid = key.verifying_key().kid().to_owned();
        self.store.keep_issuer_key(&kid, key.to_secret_jwk().as_bytes(), micros(self.now())).await?;
        Ok(kid)
    }

    fn forget_keys(&self) {
        *self.keys.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The public keys that verify, as a JWK set (RFC 7517).
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn issuer_jwks(&self) -> Result<String, Error> {
        Ok(self.key_set().await?.to_jwks().to_string())
    }

    /// What SD-JWT VC has under `/.well-known/jwt-vc-issuer`: the issuer's name, which is its address, and its keys.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn issuer_metadata(&self, issuer: &str) -> Result<String, Error> {
        let jwks = self.key_set().await?.to_jwks();
        Ok(serde_json::json!({ "issuer": issuer, "jwks": jwks }).to_string())
    }

    /// All keys, the oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn issuer_key_list(&self) -> Result<Vec<IssuerKeyInfo>, Error> {
        let keys = self.store.issuer_keys().await?;
        let signer = keys.iter().rev().find(|key| key.retired_at.is_none()).map(|key| key.kid.clone());
        let info = |key: store::IssuerKey| IssuerKeyInfo {
            signs: signer.as_ref() == Some(&key.kid),
            kid: key.kid,
            created: from_micros(key.created_at),
            retired: key.retired_at.map(from_micros),
        };
        Ok(keys.into_iter().map(info).collect())
    }

    /// A new key signs from now on, of the kind of the last one unless another is named; those before still verify.
    /// Its name.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn rotate_issuer_key(&self, algorithm: Option<Algorithm>) -> Result<String, Error> {
        let last = self.read_keys().await?.signer().map(|key| key.verifying_key().algorithm());
        let kid = self.new_key_of_issuer(algorithm.or(last).unwrap_or(Algorithm::Ed25519)).await?;
        self.forget_keys();
        Ok(kid)
    }

    /// From now on nothing that this key signed is accepted; running servers follow within half a minute. The key
    /// that signs is replaced first, so that no older one signs again; the new one's name.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such key, or it was retired before.
    pub async fn retire_issuer_key(&self, kid: &str) -> Result<Option<String>, Error> {
        let signs = self.read_keys().await?.signer().is_some_and(|key| key.verifying_key().kid() == kid);
        let next = if signs { Some(self.rotate_issuer_key(None).await?) } else { None };
        self.store.retire_issuer_key(kid, micros(self.now())).await?;
        self.forget_keys();
        Ok(next)
    }
}
