//! The hash chain of a case: each event is bound to all before it.

use ring::digest::{Context, SHA256};
use uuid::Uuid;

use crate::Error;
use crate::cases::{EventRow, StoredCase};
use crate::commit::NewEvent;

/// How far a case has come: its last event and that event's hash. A commit names the head it was
/// decided on, so that of two that race only one is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of the last event, from 1; 0 for a case that does not exist yet.
    pub seq: i64,
    /// SHA-256 over the previous hash and the event.
    pub hash: [u8; 32],
}

impl Head {
    /// The head of a case that does not exist yet.
    pub const NEW: Self = Self { seq: 0, hash: [0; 32] };

    pub(crate) fn next(&self, area: &str, case_id: Uuid, event: &NewEvent) -> Self {
        let seq = self.seq + 1;
        let link = Link {
            area,
            case_id,
            seq,
            at: event.at,
            kind: &event.kind,
            data: &event.data,
            sealed: event.sealed.as_deref(),
        };
        Self { seq, hash: link.hash(&self.hash) }
    }
}

/// What an event's hash covers.
struct Link<'a> {
    area: &'a str,
    case_id: Uuid,
    seq: i64,
    at: i64,
    kind: &'a str,
    data: &'a str,
    sealed: Option<&'a [u8]>,
}

impl Link<'_> {
    /// Every part is preceded by its length, so that no two events share an encoding.
    fn hash(&self, previous: &[u8]) -> [u8; 32] {
        let mut context = Context::new(&SHA256);
        let mut part = |bytes: &[u8]| {
            context.update(&(bytes.len() as u64).to_be_bytes());
            context.update(bytes);
        };
        part(previous);
        part(self.area.as_bytes());
        part(self.case_id.as_bytes());
        part(&self.seq.to_be_bytes());
        part(&self.at.to_be_bytes());
        part(self.kind.as_bytes());
        part(self.data.as_bytes());
        part(&[u8::from(self.sealed.is_some())]);
        part(self.sealed.unwrap_or_default());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }
}

/// Recomputes the chain of a case and compares it with the stored hashes and the stored head.
///
/// # Errors
/// [`Error::Corrupt`] names the case and the first event that does not fit.
pub fn verify_chain(case: &StoredCase) -> Result<(), Error> {
    let row = &case.row;
    let broken = |seq: i64, what: &str| {
        Error::Corrupt(format!("case {} in {}, event {seq}: {what}", row.id, row.area))
    };
    let mut head = Head::NEW;
    for event in &case.events {
        let seq = head.seq + 1;
        if event.seq != seq {
            return Err(broken(seq, "missing"));
        }
        if event.prev_hash != head.hash {
            return Err(broken(seq, "does not follow the event before it"));
        }
        head = Head { seq, hash: link(row.area.as_str(), row.id, event).hash(&head.hash) };
        if event.hash != head.hash {
            return Err(broken(seq, "its content does not fit its hash"));
        }
    }
    if head != row.head {
        Err(broken(head.seq, "the chain does not end at the head of the case"))
    } else {
        Ok(())
    }
}

fn link<'a>(area: &'a str, case_id: Uuid, event: &'a EventRow) -> Link<'a> {
    Link {
        area,
        case_id,
        seq: event.seq,
        at: event.at,
        kind: &event.kind,
        data: &event.data,
        sealed: event.sealed.as_deref(),
    }
}
