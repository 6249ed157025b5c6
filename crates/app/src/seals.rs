//! Electronic seals of agencies 电子印章: what is configured, and else one that this installation makes for itself, which
//! nobody vouches for and which every file says.

use std::sync::Arc;

use certificates::{Algorithm, SigningKey};
use documents::{KeyFailed, SealKey, x509};
use domain::Timestamp;
use tracing::warn;

use crate::{AgencySeal, App, Error};

/// The seals that agencies have from a recognised authority.
pub trait Seals: Send + Sync {
    /// The seal of an agency, by its code; none where it has none.
    fn of(&self, agency: &str) -> Option<Arc<AgencySeal>>;
}

/// Longest name that a certificate holds, in characters (RFC 5280).
const MAX_NAME: usize = 64;
/// Who vouches where nobody does.
const OWN_ROOT: &str = "本站自制的示例机构（没有法律效力）";
/// Years for which a seal of our own is good; each year has its own key.
const OWN_YEARS: i16 = 6;

/// A key of our own: the same each time, of the master key.
struct OwnKey(SigningKey);

impl SealKey for OwnKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        let signature = self.0.sign(message).map_err(|error| KeyFailed(error.to_string()))?;
        let (r, s) = signature.split_at(32);
        let body = [integer(r), integer(s)].concat();
        // Two integers of 33 bytes at most: one byte says how long it is.
        let length = u8::try_from(body.len()).map_err(|error| KeyFailed(error.to_string()))?;
        Ok([&[0x30, length], body.as_slice()].concat())
    }
}

/// A positive number as DER writes it.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(bytes.len() - 1);
    let digits = &bytes[zeros..];
    let sign: &[u8] = if digits[0] & 0x80 == 0 { &[] } else { &[0] };
    let length = u8::try_from(sign.len() + digits.len()).unwrap_or(u8::MAX);
    [&[0x02, length], sign, digits].concat()
}

impl App {
    /// Connects the seals that agencies have.
    #[must_use]
    pub fn with_seals(self, seals: Arc<dyn Seals>) -> Self {
        Self { seals: Some(seals), ..self }
    }

    /// Whether an agency has a seal that a recognised authority vouches for.
    #[must_use]
    pub fn has_seal(&self, agency: &str) -> bool {
        self.seals.as_ref().is_some_and(|seals| seals.of(agency).is_some())
    }

    /// An agency's seal, or one of our own where it has none. `name`: what the agency is called.
    ///
    /// # Errors
    /// [`Error::SealOver`] when it has one whose certificates do not hold today: nothing is sealed with that, and nothing of
    /// our own stands in its place.
    pub(crate) fn seal_of(&self, agency: &str, name: &str) -> Result<Arc<AgencySeal>, Error> {
        if let Some(seal) = self.seals.as_ref().and_then(|seals| seals.of(agency)) {
            if seal.holds(self.now()) {
                return Ok(seal);
            }
            warn!(agency, until = %seal.until(), "a seal's certificate does not hold: nothing is sealed");
            return Err(Error::SealOver);
        }
        let year = self.catalogue.calendar.date_of(self.now()).year();
        let root_key = self.own_key("seal-root")?;
        let root = request(OWN_ROOT, &root_key, self.serial("seal-root"), (2020, 2080))?;
        let root = x509::root(&root.as_request(), &root_key).map_err(told)?;
        let purpose = format!("seal/{agency}/{year}");
        let key = self.own_key(&purpose)?;
        // Nobody is to take it for the agency's own.
        let name: String = format!("示例·{name}").chars().take(MAX_NAME).collect();
        // A day early, so that no time zone makes it begin after the file that it seals.
        let own = request(&name, &key, self.serial(&purpose), (year - 1, year + OWN_YEARS))?;
        let own = x509::seal(&own.as_request(), &root, &root_key).map_err(told)?;
        let seal = AgencySeal::new(Box::new(key), vec![own, root]);
        Ok(Arc::new(seal.map_err(|error| Error::Certificate(error.to_string()))?))
    }

    fn own_key(&self, purpose: &str) -> Result<OwnKey, Error> {
        let seed = self.store.secret(&format!("{purpose}/key"));
        let key = SigningKey::from_seed(Algorithm::P256, &seed);
        Ok(OwnKey(key.map_err(|error| Error::Certificate(error.to_string()))?))
    }

    fn serial(&self, purpose: &str) -> [u8; 16] {
        let mut serial = [0; 16];
        serial.copy_from_slice(&self.store.secret(&format!("{purpose}/serial"))[..16]);
        serial
    }
}

/// What an X.509 certificate of our own is made of.
struct Asked {
    name: String,
    public: [u8; 65],
    serial: [u8; 16],
    from: Timestamp,
    until: Timestamp,
}

impl Asked {
    fn as_request(&self) -> x509::Request<'_> {
        let Self { name, public, serial, from, until } = self;
        x509::Request { name, public_key: public, serial: *serial, from: *from, until: *until }
    }
}

fn request(name: &str, key: &OwnKey, serial: [u8; 16], years: (i16, i16)) -> Result<Asked, Error> {
    let public = key.0.verifying_key().p256_point();
    let public = public.ok_or_else(|| Error::Certificate("no P-256 key".to_owned()))?;
    let first = |year: i16| format!("{year:04}-01-01T00:00:00Z").parse::<Timestamp>();
    let told = |error: jiff::Error| Error::Certificate(error.to_string());
    let (from, until) = (first(years.0).map_err(told)?, first(years.1).map_err(told)?);
    Ok(Asked { name: name.to_owned(), public, serial, from, until })
}

fn told(error: documents::Error) -> Error {
    Error::Certificate(error.to_string())
}

#[cfg(test)]
mod tests {
    use certificates::{Algorithm, SigningKey};
    use documents::SealKey as _;
    use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

    use super::OwnKey;

    #[test]
    fn others_verify_what_a_key_of_ours_signs() {
        for seed in 1..=64_u8 {
            let key = OwnKey(SigningKey::from_seed(Algorithm::P256, &[seed; 32]).unwrap());
            let signature = key.sign(b"a file").unwrap();
            let public = key.0.verifying_key().p256_point().unwrap();
            let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public);
            assert!(public.verify(b"a file", &signature).is_ok(), "seed {seed}");
            assert!(public.verify(b"another", &signature).is_err(), "seed {seed}");
        }
    }
}
