//! The agency's electronic seal: an advanced electronic signature in the file (电子签名法 art. 13), by a key that somebody else keeps.

mod cms;
mod der;
mod facts;
pub mod x509;

use crate::Error;
use cms::Signer;

/// Signs for an agency. A key store or a security module can stand behind it; this room never sees the key.
pub trait SealKey {
    /// The signature over the SHA-256 of `message`, of the kind of the key in the agency's certificate: ECDSA on P-256 as
    /// the DER of `SEQUENCE { r, s }` (RFC 3279, 2.2.3), or RSASSA-PKCS1-v1_5 as long as the modulus (RFC 8017, 8.2).
    ///
    /// # Errors
    /// When the key cannot be used now; the words are for the log.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed>;
}

/// The key did not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyFailed(pub String);

/// What an agency seals with.
#[derive(Clone, Copy)]
pub struct Seal<'a> {
    /// The key that belongs to the first certificate of the chain.
    pub key: &'a dyn SealKey,
    /// X.509 certificates in DER: the agency's own one first, then those that vouch for it.
    pub chain: &'a [Vec<u8>],
}

/// Certificates in a chain, at most.
pub const MAX_CHAIN: usize = 5;

impl<'a> Seal<'a> {
    /// Reads the chain before the file is written.
    pub(crate) fn prepare(&self) -> Result<Prepared<'a>, Error> {
        if self.chain.len() > MAX_CHAIN {
            return Err(Error::Chain("it has more than five certificates"));
        }
        Ok(Prepared { key: self.key, signer: Signer::read(self.chain)? })
    }
}

/// A seal whose chain was read.
pub(crate) struct Prepared<'a> {
    key: &'a dyn SealKey,
    signer: Signer<'a>,
}

impl Prepared<'_> {
    /// Bytes that the signature takes at most.
    pub(crate) fn room(&self) -> usize {
        self.signer.room()
    }

    /// The CMS signature over `content`.
    pub(crate) fn sign(&self, content: &[u8]) -> Result<Vec<u8>, Error> {
        self.signer.sign(self.key, content)
    }
}
