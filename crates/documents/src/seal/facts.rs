//! What a certificate says of itself (RFC 5280): enough to find a wrong one before anything is sealed with it. Signatures are
//! handed out with what they are over; whoever has the algorithms checks them.

use domain::Timestamp;

use super::cms::{ECDSA_SHA_256, RSA_SHA_256};
use super::der::{BITS, INTEGER, OBJECT, OCTETS, Read, SEQUENCE, SET, expect, read, value};
use super::x509::{BASIC_CONSTRAINTS, COMMON_NAME, EC_PUBLIC_KEY, KEY_USAGE, P_256};
use crate::Error;

const P_384: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x22];
const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
const RSA_SHA_384: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C];
const RSA_SHA_512: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D];
const ECDSA_SHA_384: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];
const BOOLEAN: u8 = 0x01;
const UTC_TIME: u8 = 0x17;
const GENERAL_TIME: u8 = 0x18;

/// A key in a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey<'a> {
    /// An uncompressed point of P-256: 65 bytes.
    P256(&'a [u8]),
    /// An uncompressed point of P-384: 97 bytes.
    P384(&'a [u8]),
    /// RSA.
    Rsa {
        /// The whole key, as `RSAPublicKey` (RFC 8017, A.1.1).
        whole: &'a [u8],
        /// Its modulus without leading zeros.
        modulus: &'a [u8],
    },
    /// Another kind.
    Other,
}

/// What the issuer signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedWith {
    /// ECDSA over SHA-256, on the curve of the issuer's key.
    EcdsaSha256,
    /// ECDSA over SHA-384, on the curve of the issuer's key.
    EcdsaSha384,
    /// RSASSA-PKCS1-v1_5 over SHA-256.
    RsaSha256,
    /// RSASSA-PKCS1-v1_5 over SHA-384.
    RsaSha384,
    /// RSASSA-PKCS1-v1_5 over SHA-512.
    RsaSha512,
    /// Something else: nothing can be said of the signature here.
    Other,
}

/// What a certificate says.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Its number, encoded.
    pub serial: &'a [u8],
    /// Who issued it, encoded.
    pub issuer: &'a [u8],
    /// Whose it is, encoded.
    pub subject: &'a [u8],
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub until: Timestamp,
    /// Its holder's key.
    pub key: PublicKey<'a>,
    /// What the issuer signed.
    pub signed: &'a [u8],
    /// With which algorithm.
    pub signed_with: SignedWith,
    /// The issuer's signature.
    pub signature: &'a [u8],
    /// Whether it may vouch for others (`cA`).
    pub vouches: bool,
    /// Whether its key may sign documents; true where it does not restrict its use.
    pub signs: bool,
}

impl<'a> Facts<'a> {
    /// Reads one certificate in DER. No signature is checked.
    ///
    /// # Errors
    /// [`Error::Chain`] when it is none.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let (whole, after) = expect(bytes, SEQUENCE)?;
        if !after.is_empty() {
            return Err(Error::Chain("something follows a certificate"));
        }
        let (body, rest) = expect(whole.body, SEQUENCE)?;
        let (algorithm, rest) = expect(rest, SEQUENCE)?;
        let (signature, _) = expect(rest, BITS)?;
        let signed = body.whole;
        let (_version, rest) = expect(body.body, 0xA0)?;
        let (serial, rest) = expect(rest, INTEGER)?;
        let (_algorithm, rest) = expect(rest, SEQUENCE)?;
        let (issuer, rest) = expect(rest, SEQUENCE)?;
        let (validity, rest) = expect(rest, SEQUENCE)?;
        let (subject, rest) = expect(rest, SEQUENCE)?;
        let (key, rest) = expect(rest, SEQUENCE)?;
        let (from, until) = read(validity.body)?;
        let (until, _) = read(until)?;
        let (vouches, signs) = uses(rest)?;
        Ok(Self {
            serial: serial.whole,
            issuer: issuer.whole,
            subject: subject.whole,
            from: moment(&from)?,
            until: moment(&until)?,
            key: public_key(key.body)?,
            signed,
            signed_with: signed_with(algorithm.body)?,
            signature: signature.body.get(1..).unwrap_or_default(),
            vouches,
            signs,
        })
    }

    /// The holder's common name, for people; empty where there is none.
    #[must_use]
    pub fn name(&self) -> String {
        let found = || -> Option<&'a [u8]> {
            let (all, _) = expect(self.subject, SEQUENCE).ok()?;
            let mut rest = all.body;
            while !rest.is_empty() {
                let (part, after) = expect(rest, SET).ok()?;
                let (pair, _) = expect(part.body, SEQUENCE).ok()?;
                let (kind, words) = expect(pair.body, OBJECT).ok()?;
                if kind.body == COMMON_NAME {
                    return read(words).ok().map(|(words, _)| words.body);
                }
                rest = after;
            }
            None
        };
        String::from_utf8_lossy(found().unwrap_or_default()).into_owned()
    }
}

fn public_key(body: &[u8]) -> Result<PublicKey<'_>, Error> {
    let (kind, rest) = expect(body, SEQUENCE)?;
    let (bits, _) = expect(rest, BITS)?;
    let bits = bits.body.get(1..).unwrap_or_default();
    let (family, parameters) = expect(kind.body, OBJECT)?;
    if family.body == RSA {
        let (pair, _) = expect(bits, SEQUENCE)?;
        let (modulus, _) = expect(pair.body, INTEGER)?;
        let zeros = modulus.body.iter().take_while(|byte| **byte == 0).count();
        return Ok(PublicKey::Rsa { whole: bits, modulus: modulus.body.get(zeros..).unwrap_or_default() });
    }
    let curve = |curve: &[u8]| family.body == EC_PUBLIC_KEY && parameters == value(OBJECT, curve).as_slice();
    Ok(match bits.len() {
        65 if curve(P_256) => PublicKey::P256(bits),
        97 if curve(P_384) => PublicKey::P384(bits),
        _ => PublicKey::Other,
    })
}

fn signed_with(body: &[u8]) -> Result<SignedWith, Error> {
    let (kind, _) = expect(body, OBJECT)?;
    Ok(match kind.body {
        ECDSA_SHA_256 => SignedWith::EcdsaSha256,
        ECDSA_SHA_384 => SignedWith::EcdsaSha384,
        RSA_SHA_256 => SignedWith::RsaSha256,
        RSA_SHA_384 => SignedWith::RsaSha384,
        RSA_SHA_512 => SignedWith::RsaSha512,
        _ => SignedWith::Other,
    })
}

/// Whether a certificate may vouch for others, and whether its key may sign documents: what stands behind the key.
fn uses(mut rest: &[u8]) -> Result<(bool, bool), Error> {
    let (mut vouches, mut signs) = (false, true);
    while !rest.is_empty() {
        let (part, after) = read(rest)?;
        rest = after;
        if part.tag != 0xA3 {
            continue;
        }
        let (all, _) = expect(part.body, SEQUENCE)?;
        let mut each = all.body;
        while !each.is_empty() {
            let (one, after) = expect(each, SEQUENCE)?;
            each = after;
            let (kind, mut content) = expect(one.body, OBJECT)?;
            if content.first() == Some(&BOOLEAN) {
                content = read(content)?.1;
            }
            let (content, _) = expect(content, OCTETS)?;
            if kind.body == BASIC_CONSTRAINTS {
                let (limits, _) = expect(content.body, SEQUENCE)?;
                vouches = limits.body.starts_with(&[BOOLEAN, 1, 0xFF]);
            } else if kind.body == KEY_USAGE {
                let (bits, _) = expect(content.body, BITS)?;
                // digitalSignature, nonRepudiation (RFC 5280, 4.2.1.3): the first two bits.
                signs = bits.body.get(1).is_some_and(|byte| byte & 0b1100_0000 != 0);
            }
        }
    }
    Ok((vouches, signs))
}

/// `YYMMDDhhmmssZ` of the years 1950 to 2049, or `YYYYMMDDhhmmssZ` (RFC 5280, 4.1.2.5).
fn moment(at: &Read<'_>) -> Result<Timestamp, Error> {
    const BAD: Error = Error::Chain("a certificate's validity is no time");
    let text = std::str::from_utf8(at.body).map_err(|_| BAD)?;
    let (century, text) = match at.tag {
        UTC_TIME => (if text < "50" { "20" } else { "19" }, text),
        GENERAL_TIME => text.split_at_checked(2).ok_or(BAD)?,
        _ => return Err(BAD),
    };
    let figures = text.strip_suffix('Z').filter(|text| text.len() == 12).ok_or(BAD)?;
    if !figures.bytes().chain(century.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err(BAD);
    }
    let two = |at: usize| &figures[at..at + 2];
    // "No end" (RFC 5280, 4.1.2.5) lies behind the last moment that can be told.
    if century == "99" && two(0) == "99" {
        return Ok(Timestamp::MAX);
    }
    let [year, month, day, hour, minute, second] = [0, 2, 4, 6, 8, 10].map(two);
    format!("{century}{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().map_err(|_| BAD)
}
