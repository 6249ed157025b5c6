//! The signature's envelope: CMS SignedData (RFC 5652) with the attributes that CAdES and PAdES baseline B-B ask for: content
//! type, message digest, and the digest of the signing certificate (RFC 5035). The time of signing stands in the file's own
//! dictionary and must not stand here (ETSI EN 319 142-1, 6.3).

use sha2::{Digest, Sha256};

use super::der::{self, OBJECT, OCTETS, SEQUENCE, sequence, set_of, value};
use super::x509::{Facts, PublicKey};
use super::{KeyFailed, SealKey};
use crate::Error;

const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
const CONTENT_TYPE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F];
const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
pub(super) const ECDSA_SHA_256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
pub(super) const RSA_SHA_256: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];

/// What the key of the signing certificate signs with.
#[derive(Clone, Copy)]
enum Kind {
    Ecdsa,
    /// Bytes of the modulus, and of each signature.
    Rsa(usize),
}

impl Kind {
    fn of(key: &PublicKey<'_>) -> Result<Self, Error> {
        match key {
            PublicKey::P256(_) => Ok(Self::Ecdsa),
            // 2048 to 4096 bits.
            PublicKey::Rsa { modulus, .. } if (256..=512).contains(&modulus.len()) => {
                Ok(Self::Rsa(modulus.len()))
            }
            _ => Err(Error::Chain(
                "the agency's certificate holds neither a P-256 key nor RSA of 2048 to 4096 bits",
            )),
        }
    }

    fn algorithm(self) -> Vec<u8> {
        match self {
            Self::Ecdsa => algorithm(ECDSA_SHA_256),
            // With RSA the parameters are NULL (RFC 4055, 5).
            Self::Rsa(_) => sequence(&[&value(OBJECT, RSA_SHA_256), &[0x05, 0x00]]),
        }
    }

    fn fits(self, signature: &[u8]) -> bool {
        match self {
            Self::Ecdsa => is_signature(signature),
            Self::Rsa(length) => signature.len() == length,
        }
    }
}

/// The signing certificate, with those that vouch for it.
pub(super) struct Signer<'a> {
    chain: &'a [Vec<u8>],
    own: &'a [u8],
    certificate: Facts<'a>,
    kind: Kind,
}

impl<'a> Signer<'a> {
    /// Reads the chain: each certificate must be issued by the next one, and the first must hold a key that seals.
    pub(super) fn read(chain: &'a [Vec<u8>]) -> Result<Self, Error> {
        let own = chain.first().ok_or(Error::Chain("it is empty"))?;
        let certificate = Facts::read(own)?;
        let kind = Kind::of(&certificate.key)?;
        let mut below = Facts::read(own)?;
        for above in chain.get(1..).unwrap_or_default() {
            let above = Facts::read(above)?;
            if below.issuer != above.subject {
                return Err(Error::Chain("a certificate was not issued by the next one"));
            }
            below = above;
        }
        Ok(Self { chain, own, certificate, kind })
    }

    /// Bytes that the envelope takes at most.
    pub(super) fn room(&self) -> usize {
        /// The envelope without certificates is some 450 bytes with the issuer's name; names may be long.
        const ENVELOPE: usize = 768;
        let longer = if let Kind::Rsa(length) = self.kind { length } else { 0 };
        ENVELOPE + longer + self.certificate.issuer.len() + self.chain.iter().map(Vec::len).sum::<usize>()
    }

    /// Signs `content`, which does not go into the envelope.
    pub(super) fn sign(&self, key: &dyn SealKey, content: &[u8]) -> Result<Vec<u8>, Error> {
        let attributes = self.attributes(content);
        let signature = key.sign(&attributes).map_err(|KeyFailed(why)| Error::Key(why))?;
        if !self.kind.fits(&signature) {
            return Err(Error::Key("it answered with something that is no signature of its kind".to_owned()));
        }
        // What is signed is a SET; in the envelope the same bytes are tagged [0].
        let mut tagged = attributes;
        tagged[0] = 0xA0;
        let sha_256 = algorithm(SHA_256);
        let info = sequence(&[
            &der::integer(&[1]),
            &sequence(&[self.certificate.issuer, self.certificate.serial]),
            &sha_256,
            &tagged,
            &self.kind.algorithm(),
            &value(OCTETS, &signature),
        ]);
        let certificates = set_of(self.chain.to_vec());
        let (inside, _) = der::expect(&certificates, der::SET)?;
        let data = sequence(&[
            &der::integer(&[1]),
            &set_of(vec![sha_256]),
            &sequence(&[&value(OBJECT, DATA)]),
            &value(0xA0, inside.body),
            &set_of(vec![info]),
        ]);
        Ok(sequence(&[&value(OBJECT, SIGNED_DATA), &value(0xA0, &data)]))
    }

    /// The attributes that are signed, as a SET.
    fn attributes(&self, content: &[u8]) -> Vec<u8> {
        let own = sequence(&[&value(OCTETS, &Sha256::digest(self.own))]);
        set_of(vec![
            attribute(CONTENT_TYPE, &value(OBJECT, DATA)),
            attribute(MESSAGE_DIGEST, &value(OCTETS, &Sha256::digest(content))),
            attribute(SIGNING_CERTIFICATE_V2, &sequence(&[&sequence(&[&own])])),
        ])
    }
}

fn attribute(kind: &[u8], content: &[u8]) -> Vec<u8> {
    sequence(&[&value(OBJECT, kind), &set_of(vec![content.to_vec()])])
}

/// An algorithm without parameters.
pub(super) fn algorithm(kind: &[u8]) -> Vec<u8> {
    sequence(&[&value(OBJECT, kind)])
}

/// Whether this is a sequence of two positive numbers of at most 256 bits, and nothing else.
pub(super) fn is_signature(bytes: &[u8]) -> bool {
    let numbers = || {
        let (both, after) = der::expect(bytes, SEQUENCE).ok()?;
        let (r, rest) = der::expect(both.body, der::INTEGER).ok()?;
        let (s, rest) = der::expect(rest, der::INTEGER).ok()?;
        (after.is_empty() && rest.is_empty()).then_some([r.body, s.body])
    };
    let positive = |number: &[u8]| {
        number.len() <= 33
            && number.first().is_some_and(|first| *first < 0x80)
            && number.iter().any(|byte| *byte != 0)
    };
    numbers().is_some_and(|both| both.into_iter().all(positive))
}
