//! Codes and addresses that are handed out and kept nowhere: what they stand for is sealed in them,
//! so that whoever reads the database cannot make one, and they tell nothing to those who hold them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::{App, Error};

/// Longest text that is looked at: ours are shorter.
const LONGEST: usize = 400;

impl App {
    /// Seals bytes as text for one purpose.
    pub(crate) fn hand_out(&self, purpose: &str, bytes: &[u8]) -> Result<String, Error> {
        Ok(URL_SAFE_NO_PAD.encode(self.store.hand_out(purpose, bytes)?))
    }

    /// Opens a text of ours for that purpose.
    pub(crate) fn take_back(&self, purpose: &str, text: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok().filter(|_| text.len() <= LONGEST)?;
        self.store.take_back(purpose, &sealed)
    }

    /// A word that holds until an instant (µs) and that only we can write: anybody may ask for as many as they like, so
    /// it is hashed with a key and nothing is sealed for it.
    pub(crate) fn word_until(&self, purpose: &str, until: i64) -> String {
        let mut chance = [0; 16];
        self.random.fill(&mut chance);
        let said = [&until.to_be_bytes()[..], &chance].concat();
        let hash = self.store.lookup(purpose, &URL_SAFE_NO_PAD.encode(&said));
        URL_SAFE_NO_PAD.encode([&said[..], hash.bytes()].concat())
    }

    /// Until when such a word of ours holds.
    pub(crate) fn word_holds_until(&self, purpose: &str, word: &str) -> Option<i64> {
        let bytes = URL_SAFE_NO_PAD.decode(word).ok().filter(|_| word.len() <= LONGEST)?;
        let (said, hash) = bytes.split_at_checked(24)?;
        let ours = self.store.lookup(purpose, &URL_SAFE_NO_PAD.encode(said));
        // Hashed again, so that how long the comparison takes tells nothing.
        let same = digest(&[hash]) == digest(&[ours.bytes()]);
        let until = said.first_chunk().copied().map(i64::from_be_bytes);
        until.filter(|_| same)
    }

    /// A handle of a row: its person and id. Two handles of one row differ.
    pub(crate) fn handle_of(&self, purpose: &str, person: Uuid, id: Uuid) -> Result<String, Error> {
        self.hand_out(purpose, &[person.into_bytes(), id.into_bytes()].concat())
    }

    /// The row of a handle of ours.
    pub(crate) fn row_of(&self, purpose: &str, handle: &str) -> Option<(Uuid, Uuid)> {
        let bytes = self.take_back(purpose, handle)?;
        let (person, id) = bytes.split_at_checked(16)?;
        Some((Uuid::from_slice(person).ok()?, Uuid::from_slice(id).ok()?))
    }
}

/// SHA-256 of parts, one after the other.
pub(crate) fn digest(parts: &[&[u8]]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, &parts.concat()).as_ref().to_vec()
}
