//! What authenticators sign, and what browsers say around it.

use serde::Deserialize;

use super::cbor::{self, Value};
use super::{Algorithm, MAX_ANSWER, PasskeyFault};

/// A person was there.
const PRESENT: u8 = 0x01;
/// The authenticator checked who they are.
const VERIFIED: u8 = 0x04;
/// The key may be backed up.
const MAY_BACK_UP: u8 = 0x08;
/// The key is backed up.
const BACKED_UP: u8 = 0x10;
/// A credential follows.
const CREDENTIAL: u8 = 0x40;
/// Extensions follow.
const EXTENSIONS: u8 = 0x80;

/// The client data (§ 5.8.1); members that are not known are passed over, as the standard asks.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientData {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) challenge: String,
    pub(super) origin: String,
    #[serde(default)]
    pub(super) cross_origin: bool,
}

pub(super) fn client_data(bytes: &[u8]) -> Result<ClientData, PasskeyFault> {
    if bytes.len() > MAX_ANSWER {
        return Err(PasskeyFault::Unreadable);
    }
    serde_json::from_slice(bytes).map_err(|_| PasskeyFault::Unreadable)
}

/// Authenticator data (§ 6.1).
#[derive(Debug)]
pub(super) struct AuthenticatorData {
    domain_hash: [u8; 32],
    flags: u8,
    pub(super) counter: u32,
    pub(super) credential: Option<Credential>,
}

/// A credential that was made (§ 6.5.1).
#[derive(Debug)]
pub(super) struct Credential {
    pub(super) id: Vec<u8>,
    pub(super) key: Value,
}

impl AuthenticatorData {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PasskeyFault> {
        if bytes.len() > MAX_ANSWER {
            return Err(PasskeyFault::Unreadable);
        }
        let (domain_hash, rest) = split::<32>(bytes)?;
        let ([flags], rest) = split::<1>(rest)?;
        let (counter, mut rest) = split::<4>(rest)?;
        let mut credential = None;
        if flags & CREDENTIAL != 0 {
            let (_model, after) = split::<16>(rest)?;
            let (length, after) = split::<2>(after)?;
            let id = after.split_at_checked(usize::from(u16::from_be_bytes(length)));
            let (id, after) = id.ok_or(PasskeyFault::Unreadable)?;
            let (key, after) = cbor::read_some(after)?;
            credential = Some(Credential { id: id.to_vec(), key });
            rest = after;
        }
        if flags & EXTENSIONS != 0 {
            rest = match cbor::read_some(rest)? {
                (Value::Map(_), after) => after,
                _ => return Err(PasskeyFault::Unreadable),
            };
        }
        if !rest.is_empty() {
            return Err(PasskeyFault::Unreadable);
        }
        Ok(Self { domain_hash, flags, counter: u32::from_be_bytes(counter), credential })
    }

    /// Made for this domain, with the person there and checked.
    pub(super) fn check(&self, domain_hash: [u8; 32]) -> Result<(), PasskeyFault> {
        if self.domain_hash != domain_hash {
            return Err(PasskeyFault::Domain);
        }
        if self.flags & PRESENT == 0 || self.flags & VERIFIED == 0 {
            return Err(PasskeyFault::NotVerified);
        }
        // Backed up without being able to be is not what an authenticator says (§ 6.1.3).
        if self.flags & (MAY_BACK_UP | BACKED_UP) == BACKED_UP {
            return Err(PasskeyFault::Unreadable);
        }
        Ok(())
    }
}

fn split<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), PasskeyFault> {
    bytes.split_first_chunk::<N>().map(|(first, rest)| (*first, rest)).ok_or(PasskeyFault::Unreadable)
}

/// A COSE key (RFC 9053 § 7) of one of the two kinds that are asked for.
pub(super) fn key(value: &Value) -> Result<(Algorithm, Vec<u8>), PasskeyFault> {
    let Value::Map(entries) = value else { return Err(PasskeyFault::Key) };
    let get = |label: i64| entries.iter().find(|(key, _)| *key == Value::Int(label)).map(|(_, value)| value);
    let int = |label: i64| match get(label) {
        Some(Value::Int(value)) => Some(*value),
        _ => None,
    };
    let bytes = |label: i64| match get(label) {
        Some(Value::Bytes(value)) if value.len() == 32 => Ok(value.as_slice()),
        _ => Err(PasskeyFault::Key),
    };
    match (int(1), int(3), int(-1)) {
        (Some(2), Some(-7), Some(1)) => Ok((Algorithm::Es256, [&[0x04], bytes(-2)?, bytes(-3)?].concat())),
        (Some(1), Some(-8), Some(6)) => Ok((Algorithm::EdDsa, bytes(-2)?.to_vec())),
        _ => Err(PasskeyFault::Key),
    }
}
