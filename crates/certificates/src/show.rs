//! Codes that a holder shows 亮证: small, signed, good for a minute. They say which certificates and which of their
//! fields may be seen, and no more; whoever scans one verifies it with the issuer's keys alone, or asks the platform,
//! which remembers the code's id and refuses its second use.

use domain::Timestamp;

use crate::base64url::encode;
use crate::id::CertificateId;
use crate::key::SigningKey;
use crate::key_set::KeySet;
use crate::refusal::Refusal;
use crate::show_text::{Reader, Writer, from_base32, to_base32};

/// Seconds for which a code may be good at most; the page renews it before.
pub const SHOW_SECONDS: u8 = 60;
/// Bytes of a code with its signature: with a short address before it, it fits a QR of version 15 at level M.
const MOST_BYTES: usize = 336;
const SIGNATURE: usize = 64;
/// What a signature is about begins so, that none is taken for a signature over something else.
const DOMAIN: &[u8] = b"shengshi show 1\0";
const FORM: u8 = 1;

/// What a holder shows, to anyone who scans it in time.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// Random: names the code, so that it is used once and can be taken back.
    pub id: [u8; 16],
    /// When it was made, whole seconds.
    pub made: Timestamp,
    /// For how many seconds it is good, 1 to 60.
    pub seconds: u8,
    /// What may be seen.
    pub certificates: Vec<ShownCertificate>,
}

/// One certificate in a code.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownCertificate {
    /// Which one.
    pub id: CertificateId,
    /// The fields that may be seen. Those with a value can be read without the network; the value of the others is told
    /// by the platform. A value is what the platform signed when the code was made.
    pub fields: Vec<(String, Option<String>)>,
}

/// Why a code cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotShow {
    /// Good for no time, or for more than a minute.
    #[error("a code is good for 1 to {SHOW_SECONDS} seconds")]
    Seconds,
    /// Nothing is shown.
    #[error("a code shows at least one certificate")]
    Nothing,
    /// Too much for a QR that any phone reads.
    #[error("this is too much for one code: show fewer fields")]
    TooMuch,
    /// The key cannot sign.
    #[error("the key cannot sign")]
    Key,
}

impl Shown {
    /// The signed code: capital letters and digits only, as a QR takes them best; may stand in an address.
    ///
    /// # Errors
    /// [`CannotShow`].
    pub fn sign(&self, key: &SigningKey) -> Result<String, CannotShow> {
        if self.seconds == 0 || self.seconds > SHOW_SECONDS {
            return Err(CannotShow::Seconds);
        }
        if self.certificates.is_empty() {
            return Err(CannotShow::Nothing);
        }
        let mut bytes = self.body(key.verifying_key().short()).ok_or(CannotShow::TooMuch)?;
        if bytes.len() + SIGNATURE > MOST_BYTES {
            return Err(CannotShow::TooMuch);
        }
        let signature = key.sign(&[DOMAIN, &bytes].concat()).map_err(|_| CannotShow::Key)?;
        bytes.extend(signature);
        Ok(to_base32(&bytes))
    }

    fn body(&self, short: [u8; 8]) -> Option<Vec<u8>> {
        let mut out = Writer::default();
        out.byte(FORM);
        out.raw(&short);
        out.raw(&self.id);
        out.seconds(self.made.as_second())?;
        out.byte(self.seconds);
        out.byte(u8::try_from(self.certificates.len()).ok()?);
        for certificate in &self.certificates {
            out.certificate_id(&certificate.id)?;
            out.byte(u8::try_from(certificate.fields.len()).ok()?);
            for (name, value) in &certificate.fields {
                out.text(Some(name))?;
                out.text(value.as_deref())?;
            }
        }
        Some(out.bytes)
    }

    /// Reads a code. That it is genuine and in time says nothing of the certificates' status: ask for that, or say
    /// that it was not checked.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn verify(text: &str, keys: &KeySet, now: Timestamp, leeway: i64) -> Result<Self, Refusal> {
        if text.len() > to_base32(&[0; MOST_BYTES]).len() {
            return Err(Refusal::TooLarge);
        }
        let bytes = from_base32(text).ok_or(Refusal::Malformed("letters"))?;
        let (body, signature) = bytes.split_last_chunk::<SIGNATURE>().ok_or(Refusal::Malformed("length"))?;
        let mut reader = Reader(body);
        match reader.byte() {
            Some(FORM) => {}
            Some(_) => return Err(Refusal::WrongForm),
            None => return Err(Refusal::Malformed("length")),
        }
        let short = reader.array::<8>().ok_or(Refusal::Malformed("key"))?;
        if !keys.find_short(short)?.verifies(&[DOMAIN, body].concat(), signature) {
            return Err(Refusal::Altered);
        }
        let shown = Self::read(&mut reader).ok_or(Refusal::Malformed("content"))?;
        if now.as_second().saturating_add(leeway) < shown.made.as_second() {
            return Err(Refusal::NotYetValid);
        }
        if now.as_second().saturating_sub(leeway) >= shown.expires().as_second() {
            return Err(Refusal::Expired);
        }
        Ok(shown)
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let id = reader.array::<16>()?;
        let made = Timestamp::from_second(reader.seconds()?).ok()?;
        let seconds = reader.byte().filter(|seconds| (1..=SHOW_SECONDS).contains(seconds))?;
        let mut certificates = Vec::new();
        for _ in 0..reader.byte()? {
            let id = reader.certificate_id()?;
            let mut fields = Vec::new();
            for _ in 0..reader.byte()? {
                fields.push((reader.text()??, reader.text()?));
            }
            certificates.push(ShownCertificate { id, fields });
        }
        (reader.0.is_empty() && !certificates.is_empty()).then_some(Self { id, made, seconds, certificates })
    }

    /// The instant from which the code is refused.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        let end = self.made.as_second().saturating_add(i64::from(self.seconds));
        Timestamp::from_second(end).unwrap_or(Timestamp::MAX)
    }
}

// Neither the holder's data nor a code that is still good belongs in a log.
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let id = encode(&self.id[..4]);
        f.debug_struct("Shown").field("id", &id).field("made", &self.made).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ShownCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShownCertificate").field("fields", &self.fields.len()).finish_non_exhaustive()
    }
}
