//! Passkeys: what a browser and an authenticator answer, read and judged (W3C Web Authentication, Level 2, §§ 7.1
//! and 7.2). Attestation "none" alone is taken; ES256 and EdDSA keys; user presence and verification are required.
//!
//! Signatures are checked by the caller, who has the cryptography: an [`Asserted`] says over which bytes.

mod base64;
mod cbor;
mod data;

use sha2::{Digest, Sha256};

pub use base64::{from_base64url, to_base64url};
use cbor::Value;
use data::AuthenticatorData;

/// Longest answer of a browser, in bytes, before it is read.
pub const MAX_ANSWER: usize = 8 * 1024;
/// Longest credential id (CTAP 2.1 allows 1,023).
const MAX_ID: usize = 1_023;

/// Where a passkey is used: the site as its people's browsers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relying {
    /// Scheme, host and port, such as `https://example.org`.
    pub origin: String,
    /// The host alone: the relying party's id.
    pub domain: String,
}

impl Relying {
    /// SHA-256 of the domain, as authenticators sign it.
    #[must_use]
    pub fn domain_hash(&self) -> [u8; 32] {
        Sha256::digest(self.domain.as_bytes()).into()
    }
}

/// What a signature is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256; the key is an uncompressed point of 65 bytes.
    Es256,
    /// Ed25519; the key is 32 bytes.
    EdDsa,
}

impl Algorithm {
    /// Its COSE number.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::EdDsa => -8,
        }
    }

    /// The algorithm of a COSE number.
    #[must_use]
    pub fn of(number: i64) -> Option<Self> {
        [Self::Es256, Self::EdDsa].into_iter().find(|known| known.number() == number)
    }
}

/// A passkey that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPasskey {
    /// Credential id.
    pub id: Vec<u8>,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// The public key, as [`Algorithm`] says.
    pub public_key: Vec<u8>,
    /// The authenticator's count of signatures; 0 where it keeps none.
    pub counter: u32,
}

/// An answer whose words are right; its signature is still to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asserted {
    /// What was signed.
    pub signed: Vec<u8>,
    /// The authenticator's count of signatures.
    pub counter: u32,
}

/// What a ceremony is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// A passkey is made.
    Create,
    /// A passkey is used.
    Get,
}

impl Ceremony {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// Why an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyFault {
    /// It cannot be read, or is too long.
    #[error("the answer cannot be read")]
    Unreadable,
    /// It was made for another ceremony.
    #[error("the answer is of another ceremony")]
    Ceremony,
    /// It comes from another site, or from a frame in one.
    #[error("the answer comes from another site")]
    Origin,
    /// It was made for another domain.
    #[error("the answer is for another domain")]
    Domain,
    /// The challenge was answered before, has expired, or is not ours.
    #[error("the challenge is not open")]
    Challenge,
    /// Nobody touched the authenticator, or it did not check who they are.
    #[error("the person was not verified")]
    NotVerified,
    /// A kind of attestation that was not asked for.
    #[error("attestation other than none")]
    Attestation,
    /// A key of a kind that was not asked for, or none.
    #[error("a key that was not asked for")]
    Key,
    /// The passkey is not one of this person's.
    #[error("an unknown passkey")]
    Unknown,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// The authenticator's count went back: there is a copy of it.
    #[error("the count of signatures went back")]
    Copied,
    /// They have as many passkeys as one may have, or this one already.
    #[error("too many passkeys")]
    TooMany,
    /// The last passkey of somebody who must have one.
    #[error("the last passkey stays")]
    Last,
    /// The one-time code with which an officer makes the first is another, used or over.
    #[error("the one-time code is not open")]
    Code,
}

/// Reads what the browser said about a ceremony (§ 5.8.1) and gives the challenge it answers.
///
/// # Errors
/// [`PasskeyFault`] for another ceremony, another site, or what cannot be read.
pub fn challenge_of(
    client_data: &[u8],
    ceremony: Ceremony,
    relying: &Relying,
) -> Result<Vec<u8>, PasskeyFault> {
    let said = data::client_data(client_data)?;
    if said.kind != ceremony.name() {
        return Err(PasskeyFault::Ceremony);
    }
    if said.origin != relying.origin || said.cross_origin {
        return Err(PasskeyFault::Origin);
    }
    from_base64url(&said.challenge).ok_or(PasskeyFault::Unreadable)
}

/// Reads a registration (§ 7.1) whose client data were read already.
///
/// # Errors
/// [`PasskeyFault`] with the first thing that is wrong.
pub fn registered(attestation: &[u8], relying: &Relying) -> Result<NewPasskey, PasskeyFault> {
    let Value::Map(object) = cbor::read(attestation)? else { return Err(PasskeyFault::Unreadable) };
    let (mut format, mut statement, mut authenticator) = (None, None, None);
    for (key, value) in object {
        match (key, value) {
            (Value::Text(key), Value::Text(value)) if key == "fmt" => format = Some(value),
            (Value::Text(key), Value::Map(value)) if key == "attStmt" => statement = Some(value),
            (Value::Text(key), Value::Bytes(value)) if key == "authData" => authenticator = Some(value),
            _ => return Err(PasskeyFault::Unreadable),
        }
    }
    let (Some(format), Some(statement), Some(authenticator)) = (format, statement, authenticator) else {
        return Err(PasskeyFault::Unreadable);
    };
    if format != "none" || !statement.is_empty() {
        return Err(PasskeyFault::Attestation);
    }
    let read = AuthenticatorData::read(&authenticator)?;
    read.check(relying.domain_hash())?;
    let made = read.credential.ok_or(PasskeyFault::Key)?;
    if made.id.is_empty() || made.id.len() > MAX_ID {
        return Err(PasskeyFault::Unreadable);
    }
    let (algorithm, public_key) = data::key(&made.key)?;
    Ok(NewPasskey { id: made.id, algorithm, public_key, counter: read.counter })
}

/// Reads an assertion (§ 7.2) whose client data were read already. `domain_hash` is the one the passkey was made for.
///
/// # Errors
/// [`PasskeyFault`] with the first thing that is wrong.
pub fn asserted(
    authenticator: &[u8],
    client_data: &[u8],
    domain_hash: [u8; 32],
) -> Result<Asserted, PasskeyFault> {
    let read = AuthenticatorData::read(authenticator)?;
    read.check(domain_hash)?;
    let mut signed = authenticator.to_vec();
    signed.extend_from_slice(&Sha256::digest(client_data));
    Ok(Asserted { signed, counter: read.counter })
}
