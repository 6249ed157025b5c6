//! Idempotency keys: the same request, sent again, is answered and not carried out again.

use domain::CaseId;
use ring::digest::{Context, SHA256, digest};
use store::Once as OnceRow;
use uuid::Uuid;

use crate::{App, CaseFile, Error, Party};

/// The longest key, in bytes.
pub const MAX_KEY: usize = 255;

/// A key with what it was sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Whose key: two people's equal keys have nothing to do with each other.
    pub principal: Uuid,
    /// The key as sent, 1 to [`MAX_KEY`] bytes.
    pub key: String,
    /// SHA-256 of what was asked.
    pub request: [u8; 32],
}

impl Once {
    /// A key of `principal` for a request made of `parts` (address, fields and files, in their order).
    ///
    /// # Errors
    /// [`Error::BadKey`] for an empty or too long key.
    pub fn new(
        principal: Uuid,
        key: &str,
        parts: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<Self, Error> {
        if key.is_empty() || key.len() > MAX_KEY || key.chars().any(char::is_control) {
            return Err(Error::BadKey);
        }
        let mut hash = Context::new(&SHA256);
        for part in parts {
            // With its length before it, so that "ab" + "c" is not "a" + "bc".
            let part = part.as_ref();
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut request = [0; 32];
        request.copy_from_slice(hash.finish().as_ref());
        Ok(Self { principal, key: key.to_owned(), request })
    }

    /// The key of one of several things that one request asks for, each with a commit of its own.
    pub(crate) fn of_one(&self, thing: &str) -> Self {
        let whole = digest(&SHA256, self.key.as_bytes());
        let mut key: String = whole.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        key.push('/');
        key.push_str(thing);
        Self { key, ..self.clone() }
    }

    /// As stored, with what it came to.
    pub(crate) fn row(&self, answer: String) -> OnceRow {
        OnceRow { principal: self.principal, key: self.key.clone(), request: self.request, answer }
    }
}

impl App {
    /// A fresh key for a form: 128 random bits in hexadecimal.
    #[must_use]
    pub fn new_key(&self) -> String {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        Uuid::from_bytes(bytes).simple().to_string()
    }

    /// Whether a citizen's request about a case of theirs was carried out under this key before.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs, [`Error::KeyReused`] when the key came with another request.
    pub async fn done(
        &self,
        party: impl Into<Party>,
        id: CaseId,
        once: Option<&Once>,
    ) -> Result<bool, Error> {
        let Some(once) = once else { return Ok(false) };
        let mine = self.my_case(party, id).await?;
        self.done_before(mine.case.area.as_str(), id, once).await
    }

    /// The answer to a request about a citizen's case: where it was refused because the same request came
    /// between and has been carried out, the case as that left it.
    pub(crate) async fn or_done(
        &self,
        party: Party,
        id: CaseId,
        once: Option<&Once>,
        answer: Result<CaseFile, Error>,
    ) -> Result<CaseFile, Error> {
        match answer {
            Err(error @ Error::Refused(_)) => {
                if self.done(party, id, once).await? {
                    self.my_case(party, id).await
                } else {
                    Err(error)
                }
            }
            answer => answer,
        }
    }

    /// Whether this was done to the case under this key before.
    pub(crate) async fn done_before(&self, area: &str, case: CaseId, once: &Once) -> Result<bool, Error> {
        self.answered(area, &case.to_string(), once).await
    }

    /// Whether this was answered so under this key before.
    pub(crate) async fn answered(&self, area: &str, answer: &str, once: &Once) -> Result<bool, Error> {
        match self.answer_to(area, once).await? {
            None => Ok(false),
            Some(known) if known == answer => Ok(true),
            Some(_) => Err(Error::KeyReused),
        }
    }

    /// What this request was answered under this key before.
    ///
    /// # Errors
    /// [`Error::KeyReused`] when the key came with another request.
    pub(crate) async fn answer_to(&self, area: &str, once: &Once) -> Result<Option<String>, Error> {
        match self.store.once(area, once.principal, &once.key).await? {
            Some(row) if row.request != once.request => Err(Error::KeyReused),
            row => Ok(row.map(|row| row.answer)),
        }
    }
}
