//! Idempotency keys: the same request, sent again, is answered and not carried out again.

use domain::CaseId;
use ring::digest::{Context, SHA256};
use uuid::Uuid;

use crate::{App, Error};

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
    /// A key of `principal` for a request made of `parts` (address and fields, in their order).
    ///
    /// # Errors
    /// [`Error::BadKey`] for an empty or too long key.
    pub fn new<'a>(
        principal: Uuid,
        key: &str,
        parts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Error> {
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(Error::BadKey);
        }
        let mut hash = Context::new(&SHA256);
        for part in parts {
            // With its length before it, so that "ab" + "c" is not "a" + "bc".
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let mut request = [0; 32];
        request.copy_from_slice(hash.finish().as_ref());
        Ok(Self { principal, key: key.to_owned(), request })
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

    /// Whether this was done under this key before.
    pub(crate) async fn done_before(&self, area: &str, case: CaseId, once: &Once) -> Result<bool, Error> {
        let Some(row) = self.store.once(area, once.principal, &once.key).await? else { return Ok(false) };
        if row.request == once.request && row.answer == case.to_string() {
            Ok(true)
        } else {
            Err(Error::KeyReused)
        }
    }
}
