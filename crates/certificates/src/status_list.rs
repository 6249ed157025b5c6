//! Token Status List (draft-ietf-oauth-status-list): one small number for each certificate, all of them in one signed
//! token, so that the issuer does not learn who looks at which.

use domain::Timestamp;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde_json::{Map, Value, json};

use crate::base64url::{decode, encode};
use crate::jws::{Jws, seconds, sign_jwt};
use crate::key::{BadKey, SigningKey};
use crate::key_set::KeySet;
use crate::refusal::Refusal;
use crate::verify::Lookup;

/// The type in the header.
const TYPE: &str = "statuslist+jwt";
/// What a list may grow to when inflated: a million certificates of eight bits.
const MOST_INFLATED: usize = 1 << 20;

/// What the issuer says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenStatus {
    /// 0: it holds.
    Valid,
    /// 1: taken back for good; replaced ones too, since others know no word for that.
    Invalid,
    /// 2: suspended.
    Suspended,
    /// A number of the issuer's own.
    Other(u8),
}

impl From<u8> for TokenStatus {
    fn from(number: u8) -> Self {
        match number {
            0 => Self::Valid,
            1 => Self::Invalid,
            2 => Self::Suspended,
            other => Self::Other(other),
        }
    }
}

impl From<TokenStatus> for u8 {
    fn from(status: TokenStatus) -> Self {
        match status {
            TokenStatus::Valid => 0,
            TokenStatus::Invalid => 1,
            TokenStatus::Suspended => 2,
            TokenStatus::Other(other) => other,
        }
    }
}

/// Where the status of a certificate stands: `status` → `status_list` in its claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusClaim {
    /// The list's address.
    pub uri: String,
    /// The place in the list, from 0.
    pub index: u64,
}

impl StatusClaim {
    /// The value of the claim `status`.
    #[must_use]
    pub fn to_claim(&self) -> Value {
        json!({ "status_list": { "idx": self.index, "uri": self.uri } })
    }

    /// Reads the value of the claim `status`.
    #[must_use]
    pub fn from_claim(claim: &Value) -> Option<Self> {
        let list = claim.get("status_list")?;
        let uri = list.get("uri")?.as_str()?.to_owned();
        Some(Self { uri, index: list.get("idx")?.as_u64()? })
    }
}

/// Why a list cannot be made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadList {
    /// Not 1, 2, 4 or 8 bits, or more than a megabyte.
    #[error("a list has 1, 2, 4 or 8 bits for each certificate and at most a megabyte")]
    Shape,
    /// The place lies behind the end.
    #[error("the list has no such place")]
    Place,
    /// The number needs more bits.
    #[error("the status needs more bits than the list has")]
    Bits,
}

/// A list of statuses: 1 bit says valid or not, 2 bits also suspended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    bits: u8,
    bytes: Vec<u8>,
}

impl StatusList {
    /// A list of `length` places, all valid. The length is rounded up to whole bytes.
    ///
    /// # Errors
    /// [`BadList::Shape`].
    pub fn new(bits: u8, length: u64) -> Result<Self, BadList> {
        if ![1, 2, 4, 8].contains(&bits) {
            return Err(BadList::Shape);
        }
        let bytes = length.div_ceil(8 / u64::from(bits));
        let bytes = usize::try_from(bytes).ok().filter(|bytes| *bytes <= MOST_INFLATED);
        Ok(Self { bits, bytes: vec![0; bytes.ok_or(BadList::Shape)?] })
    }

    /// How many places there are.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64 * u64::from(8 / self.bits)
    }

    /// The byte of a place, and by how many bits the number is shifted in it.
    fn place(&self, index: u64) -> Option<(usize, u8)> {
        let each = u64::from(8 / self.bits);
        let byte = usize::try_from(index / each).ok().filter(|byte| *byte < self.bytes.len())?;
        Some((byte, (index % each) as u8 * self.bits))
    }

    fn mask(&self) -> u8 {
        u8::MAX >> (8 - self.bits)
    }

    /// What stands at a place.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<TokenStatus> {
        let (byte, shift) = self.place(index)?;
        Some((self.bytes[byte] >> shift & self.mask()).into())
    }

    /// Sets what stands at a place.
    ///
    /// # Errors
    /// [`BadList::Place`], [`BadList::Bits`].
    pub fn set(&mut self, index: u64, status: TokenStatus) -> Result<(), BadList> {
        let (byte, shift) = self.place(index).ok_or(BadList::Place)?;
        let (number, mask) = (u8::from(status), self.mask());
        if number > mask {
            return Err(BadList::Bits);
        }
        let kept = self.bytes[byte] & !(mask << shift);
        self.bytes[byte] = kept | number << shift;
        Ok(())
    }

    /// The claim `status_list`: `bits`, and `lst` compressed with zlib.
    #[must_use]
    pub fn to_claim(&self) -> Value {
        json!({ "bits": self.bits, "lst": encode(&compress_to_vec_zlib(&self.bytes, 9)) })
    }

    /// Reads the claim `status_list`. Inflation stops at a megabyte.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::TooLarge`].
    pub fn from_claim(claim: &Value) -> Result<Self, Refusal> {
        let bits = claim.get("bits").and_then(Value::as_u64).and_then(|bits| u8::try_from(bits).ok());
        let bits = bits.filter(|bits| [1, 2, 4, 8].contains(bits)).ok_or(Refusal::Malformed("bits"))?;
        let packed = claim.get("lst").and_then(Value::as_str).and_then(decode);
        let packed = packed.ok_or(Refusal::Malformed("lst"))?;
        let bytes = decompress_to_vec_zlib_with_limit(&packed, MOST_INFLATED).map_err(|error| match error
            .status
        {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => Refusal::TooLarge,
            _ => Refusal::Malformed("lst"),
        })?;
        Ok(Self { bits, bytes })
    }
}

/// A list as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusToken {
    /// Its address, `sub`, as certificates name it.
    pub uri: String,
    /// When it was made.
    pub issued: Timestamp,
    /// Until when it may be believed.
    pub expires: Option<Timestamp>,
    /// Seconds after which a newer one should be fetched.
    pub ttl: Option<u64>,
    /// The list.
    pub list: StatusList,
}

impl StatusToken {
    /// Signs the list as a JWT of type `statuslist+jwt`.
    ///
    /// # Errors
    /// [`BadKey`] when the key cannot sign.
    pub fn sign(&self, key: &SigningKey) -> Result<String, BadKey> {
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), self.uri.as_str().into());
        claims.insert("iat".to_owned(), self.issued.as_second().into());
        if let Some(expires) = self.expires {
            claims.insert("exp".to_owned(), expires.as_second().into());
        }
        if let Some(ttl) = self.ttl {
            claims.insert("ttl".to_owned(), ttl.into());
        }
        claims.insert("status_list".to_owned(), self.list.to_claim());
        sign_jwt(key, TYPE, &claims)
    }

    /// Reads the list that was fetched from `uri`, signed by one of `keys`.
    ///
    /// # Errors
    /// Why it is not believed: among others [`Refusal::Expired`] and [`Refusal::NotYetValid`], with `leeway` seconds,
    /// and [`Refusal::OtherList`] when it is the list of another address.
    pub fn verify(
        text: &str,
        uri: &str,
        keys: &KeySet,
        now: Timestamp,
        leeway: i64,
    ) -> Result<Self, Refusal> {
        let token = Jws::parse(text)?;
        token.is_a(&[TYPE])?;
        token.check_with(keys)?;
        let claims = &token.payload;
        if claims.get("sub").and_then(Value::as_str) != Some(uri) {
            return Err(Refusal::OtherList);
        }
        let issued = seconds(claims, "iat")?.ok_or(Refusal::Malformed("iat"))?;
        let expires = seconds(claims, "exp")?;
        if now.as_second().saturating_add(leeway) < issued {
            return Err(Refusal::NotYetValid);
        }
        if expires.is_some_and(|expires| now.as_second().saturating_sub(leeway) >= expires) {
            return Err(Refusal::Expired);
        }
        let list = StatusList::from_claim(claims.get("status_list").unwrap_or(&Value::Null))?;
        let instant = |seconds| Timestamp::from_second(seconds).map_err(|_| Refusal::Malformed("time"));
        Ok(Self {
            uri: uri.to_owned(),
            issued: instant(issued)?,
            expires: expires.map(instant).transpose()?,
            ttl: claims.get("ttl").and_then(Value::as_u64),
            list,
        })
    }

    /// What the list says of a certificate. A list of another address, one that has expired and one without that place
    /// say nothing, so the verdict cannot become "valid".
    #[must_use]
    pub fn lookup(&self, claim: &StatusClaim, now: Timestamp) -> Lookup {
        if self.uri != claim.uri || self.expires.is_some_and(|expires| now >= expires) {
            return Lookup::Unavailable;
        }
        self.list.get(claim.index).map_or(Lookup::Unavailable, Lookup::Found)
    }

    /// Whether a newer list should be fetched before this one is asked again.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let age = now.as_second().saturating_sub(self.issued.as_second());
        let old = self.ttl.is_some_and(|ttl| u64::try_from(age).is_ok_and(|age| age > ttl));
        old || self.expires.is_some_and(|expires| now >= expires)
    }
}
