//! Sealing: personal data are encrypted before SQL sees them, each person's with their own key.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use ring::hmac;
use uuid::Uuid;

use crate::master_key::{MasterKey, aead_key, random};
use crate::{Error, hex};

/// First byte of everything sealed, so that a later form can be told apart.
const FORM: u8 = 1;
/// Keys held in memory; when more people are about, the store reads them again.
const MAX_KEYS: usize = 20_000;

/// A keyed hash by which a person is found: it tells nothing to whom the master key is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lookup(pub(crate) [u8; 32]);

impl Lookup {
    /// The hash, as columns keep it.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A person's data key (AES-256-GCM). Cheap to clone; never leaves the memory.
#[derive(Clone)]
pub struct PersonKey {
    person: Uuid,
    key: Arc<LessSafeKey>,
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonKey({}, …)", self.person)
    }
}

impl PersonKey {
    /// Whose key this is.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.person
    }

    /// Encrypts `plain` for this person and this purpose (such as `draft` or `event`): what was sealed
    /// for one purpose does not open under another. 29 bytes longer than `plain`.
    ///
    /// # Errors
    /// [`Error::MasterKey`] when the system gives no random numbers.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        seal(&self.key, &context(self.person, purpose), plain)
    }

    /// Decrypts what [`PersonKey::seal`] made.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for another person's, another purpose's or damaged data.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        open(&self.key, &context(self.person, purpose), sealed).ok_or_else(|| {
            Error::Corrupt(format!("what is sealed as {purpose} for {} does not open", self.person))
        })
    }
}

fn context(person: Uuid, purpose: &str) -> Vec<u8> {
    [b"shengshi/1/", person.as_bytes().as_slice(), b"/", purpose.as_bytes()].concat()
}

/// Form, nonce, ciphertext, tag.
fn seal(key: &LessSafeKey, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
    let mut nonce = [0; NONCE_LEN];
    random(&mut nonce)?;
    let mut body = Vec::with_capacity(1 + NONCE_LEN + plain.len() + key.algorithm().tag_len());
    body.push(FORM);
    body.extend_from_slice(&nonce);
    body.extend_from_slice(plain);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(context), &mut body[1 + NONCE_LEN..]);
    body.extend_from_slice(tag.map_err(|_| Error::TooLarge { limit: u32::MAX as usize })?.as_ref());
    Ok(body)
}

fn open(key: &LessSafeKey, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (&form, rest) = sealed.split_first()?;
    let (nonce, body) = rest.split_at_checked(NONCE_LEN)?;
    if form != FORM {
        return None;
    }
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut body = body.to_vec();
    let length = key.open_in_place(nonce, Aad::from(context), &mut body).ok()?.len();
    body.truncate(length);
    Some(body)
}

/// The master key at work, and the persons' keys lately used.
pub(crate) struct Vault {
    wrapping: LessSafeKey,
    handed_out: LessSafeKey,
    lookup: hmac::Key,
    secrets: hmac::Key,
    keys: Mutex<HashMap<Uuid, PersonKey>>,
}

impl Vault {
    pub(crate) fn new(master: &MasterKey) -> Result<Self, Error> {
        let handed_out = master.handed_out()?;
        let (wrapping, lookup, secrets) = (master.wrapping()?, master.lookup()?, master.secrets()?);
        Ok(Self { wrapping, handed_out, lookup, secrets, keys: Mutex::default() })
    }

    pub(crate) fn lookup(&self, kind: &str, value: &str) -> Lookup {
        let mut context = hmac::Context::with_key(&self.lookup);
        context.update(&(kind.len() as u64).to_be_bytes());
        context.update(kind.as_bytes());
        context.update(value.as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.sign().as_ref());
        Lookup(hash)
    }

    /// 32 secret bytes of the installation for one purpose, the same each time.
    pub(crate) fn secret(&self, purpose: &str) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hmac::sign(&self.secrets, purpose.as_bytes()).as_ref());
        bytes
    }

    /// A new key, and the same key wrapped for the database.
    pub(crate) fn new_key(&self, person: Uuid) -> Result<(PersonKey, Vec<u8>), Error> {
        let mut bytes = [0; 32];
        random(&mut bytes)?;
        let wrapped = seal(&self.wrapping, &context(person, "key"), &bytes)?;
        Ok((PersonKey { person, key: Arc::new(aead_key(&bytes)?) }, wrapped))
    }

    /// The key a database row wraps; kept for the next time.
    pub(crate) fn unwrap_key(&self, person: Uuid, wrapped: &[u8]) -> Result<PersonKey, Error> {
        let bytes = open(&self.wrapping, &context(person, "key"), wrapped)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or_else(|| {
                Error::MasterKey(format!("does not open the key of {person}: is this the key of these data?"))
            })?;
        let key = PersonKey { person, key: Arc::new(aead_key(&bytes)?) };
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MAX_KEYS {
            keys.clear();
        }
        keys.insert(person, key.clone());
        Ok(key)
    }

    /// Seals what is handed out and comes back.
    pub(crate) fn hand_out(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        seal(&self.handed_out, &context(Uuid::nil(), purpose), plain)
    }

    /// Opens what [`Vault::hand_out`] made for the same purpose; nothing else opens.
    pub(crate) fn take_back(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.handed_out, &context(Uuid::nil(), purpose), sealed)
    }

    /// Seals what is the site's own and nobody's.
    pub(crate) fn seal_for_site(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        seal(&self.wrapping, &context(Uuid::nil(), purpose), plain)
    }

    /// Opens what [`Vault::seal_for_site`] made.
    pub(crate) fn open_for_site(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        open(&self.wrapping, &context(Uuid::nil(), purpose), sealed).ok_or_else(|| {
            Error::MasterKey(format!("does not open {purpose}: is this the key of these data?"))
        })
    }

    pub(crate) fn cached(&self, person: Uuid) -> Option<PersonKey> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&person).cloned()
    }

    pub(crate) fn forget(&self, person: Uuid) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&person);
    }
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
}
