//! Certificates of agencies' seals (RFC 5280): a root that vouches, and what it vouches for. An installation that has its
//! certificates from a recognised authority (电子签名法 art. 16) gives those instead.

use domain::Timestamp;
use sha2::{Digest, Sha256};

use super::cms::{ECDSA_SHA_256, algorithm, is_signature};
use super::der::{self, BITS, OBJECT, OCTETS, SEQUENCE, bits, sequence, set_of, value};
use super::{KeyFailed, SealKey};
use crate::Error;

pub use super::facts::{Facts, PublicKey, SignedWith};

pub(super) const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
pub(super) const P_256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
pub(super) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const COUNTRY: &[u8] = &[0x55, 0x04, 0x06];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0A];
const SUBJECT_KEY: &[u8] = &[0x55, 0x1D, 0x0E];
pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
const AUTHORITY_KEY: &[u8] = &[0x55, 0x1D, 0x23];

/// The longest name that a certificate may hold (RFC 5280, appendix A: 64 characters).
const MAX_NAME: usize = 64;

/// What a new certificate is for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The agency: 1 to 64 characters.
    pub name: &'a str,
    /// Its key: an uncompressed point of P-256, 65 bytes beginning with 4.
    pub public_key: &'a [u8; 65],
    /// A number that its issuer never gave before, drawn by chance: at least 64 bits of it (RFC 5280, 4.1.2.2).
    pub serial: [u8; 16],
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub until: Timestamp,
}

/// A certificate that vouches for itself and may vouch for agencies' seals.
///
/// # Errors
/// When the name is empty or too long, the key is no point's encoding, or the key does not sign.
pub fn root(request: &Request<'_>, key: &dyn SealKey) -> Result<Vec<u8>, Error> {
    let name = name(request.name)?;
    let subject_key = key_id(request.public_key);
    let extensions = [
        // An authority, of which no further authority may be derived.
        extension(BASIC_CONSTRAINTS, true, &sequence(&[&[0x01, 0x01, 0xFF], &der::integer(&[0])])),
        // It signs certificates and lists of revoked ones.
        extension(KEY_USAGE, true, &value(BITS, &[1, 0b0000_0110])),
        extension(SUBJECT_KEY, false, &value(OCTETS, &subject_key)),
    ];
    certificate(request, &name, &name, &extensions, key)
}

/// The certificate of an agency's seal, issued by the holder of `issuer` with that one's key.
///
/// # Errors
/// As [`root`], and when `issuer` is no certificate with a P-256 key.
pub fn seal(request: &Request<'_>, issuer: &[u8], key: &dyn SealKey) -> Result<Vec<u8>, Error> {
    let issuer = Facts::read(issuer)?;
    let PublicKey::P256(issuer_key) = issuer.key else {
        return Err(Error::Chain("the issuer's certificate holds no P-256 key"));
    };
    let extensions = [
        extension(BASIC_CONSTRAINTS, true, &sequence(&[])),
        // It signs, and stands by what it signed.
        extension(KEY_USAGE, true, &value(BITS, &[6, 0b1100_0000])),
        extension(SUBJECT_KEY, false, &value(OCTETS, &key_id(request.public_key))),
        extension(AUTHORITY_KEY, false, &sequence(&[&value(0x80, &key_id(issuer_key))])),
    ];
    certificate(request, issuer.subject, &name(request.name)?, &extensions, key)
}

fn certificate(
    request: &Request<'_>,
    issuer: &[u8],
    subject: &[u8],
    extensions: &[Vec<u8>],
    key: &dyn SealKey,
) -> Result<Vec<u8>, Error> {
    if request.public_key[0] != 4 {
        return Err(Error::Chain("the key is no uncompressed point"));
    }
    if request.until <= request.from {
        return Err(Error::Chain("it would end before it begins"));
    }
    let kind = sequence(&[&value(OBJECT, EC_PUBLIC_KEY), &value(OBJECT, P_256)]);
    let signed_with = algorithm(ECDSA_SHA_256);
    let mut serial = request.serial;
    // A positive number of full length, whatever was drawn.
    serial[0] = serial[0] & 0x7F | 0x40;
    let body = sequence(&[
        &value(0xA0, &der::integer(&[2])),
        &der::integer(&serial),
        &signed_with,
        issuer,
        &sequence(&[&time(request.from), &time(request.until)]),
        subject,
        &sequence(&[&kind, &bits(request.public_key)]),
        &value(0xA3, &value(SEQUENCE, &extensions.concat())),
    ]);
    let signature = key.sign(&body).map_err(|KeyFailed(why)| Error::Key(why))?;
    if !is_signature(&signature) {
        return Err(Error::Key("it answered with something that is no ECDSA signature".to_owned()));
    }
    Ok(sequence(&[&body, &signed_with, &bits(&signature)]))
}

fn name(words: &str) -> Result<Vec<u8>, Error> {
    if words.is_empty() || words.chars().count() > MAX_NAME {
        return Err(Error::Chain("a name has 1 to 64 characters"));
    }
    let part = |kind: &[u8], tag: u8, words: &str| {
        set_of(vec![sequence(&[&value(OBJECT, kind), &value(tag, words.as_bytes())])])
    };
    const UTF_8: u8 = 0x0C;
    const PRINTABLE: u8 = 0x13;
    Ok(sequence(&[
        &part(COUNTRY, PRINTABLE, "CN"),
        &part(ORGANISATION, UTF_8, words),
        &part(COMMON_NAME, UTF_8, words),
    ]))
}

fn extension(kind: &[u8], critical: bool, content: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[0x01, 0x01, 0xFF] } else { &[] };
    sequence(&[&value(OBJECT, kind), flag, &value(OCTETS, content)])
}

/// The name of a key: the first 160 bits of its SHA-256 (RFC 7093, method 1).
fn key_id(point: &[u8]) -> Vec<u8> {
    Sha256::digest(point).iter().take(20).copied().collect()
}

/// Two figures of the year until 2049, four from then on (RFC 5280, 4.1.2.5).
fn time(at: Timestamp) -> Vec<u8> {
    const SHORT: u8 = 0x17;
    const LONG: u8 = 0x18;
    let shown = at.strftime("%Y%m%d%H%M%SZ").to_string();
    match shown.get(2..) {
        Some(short) if ("1950".."2050").contains(&&shown[..4]) => value(SHORT, short.as_bytes()),
        _ => value(LONG, shown.as_bytes()),
    }
}
