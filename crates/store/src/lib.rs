//! The only room that knows SQL: cases with their hash-chained events and views, the outbox, drafts,
//! messages, sessions, people, blobs and signed checkpoints, on SQLite (embedded) or PostgreSQL with one SQL text.
//!
//! What it promises: an answer means the commit is on the disk; of two commands on one head only one is
//! stored; personal data arrive sealed or are sealed here, and nothing opens them once the person's key
//! is destroyed. What it must never do: decide anything about a case, read the clock, or look into the
//! JSON it keeps.
//!
//! Every table's primary key begins with its shard key (`area` or `person`), and the statements keep to
//! what distributed PostgreSQL accepts.

mod backup;
mod bindings;
mod blobs;
mod cases;
mod certificates;
mod chain;
mod checkpoint;
mod checkpoint_file;
mod commit;
mod connect;
mod dead;
mod definitions;
mod desk;
mod desk_text;
mod drafts;
mod dump;
mod engine;
mod error;
mod files;
mod hex;
mod invites;
mod issuer_keys;
mod lights;
mod lite;
mod master_key;
mod messages;
mod migrate;
mod multi;
mod once;
mod outbox;
mod partners;
mod passkeys;
mod people;
mod permissions;
mod pg;
mod pg_tls;
mod privacy;
mod probe;
mod registrations;
mod restore;
mod reviews;
mod rewrite;
mod schema;
mod seal;
mod sessions;
mod signer;
mod sql;
mod stations;
mod supervision;
mod ties;
mod timers;
mod units;
mod verify;
mod wallet_asks;
mod wallet_offers;
mod write;
mod writer;

#[cfg(test)]
mod statement_tests;

use std::path::Path;
use std::sync::Arc;

pub use backup::{Manifest, TableFile};
pub use bindings::Binding;
pub use blobs::{Blob, BlobRow, MAX_BLOB};
pub use cases::{CaseRow, CaseView, EventRow, History, MAX_PAGE, MyCase, StoredCase};
pub use certificates::{
    Certificate, CertificateStatus, CertificateUse, NewCertificate, Revocation, StatusPlace,
};
pub use chain::{Head, verify_chain};
pub use checkpoint::{Checkpoint, CheckpointHead, MAX_HEADS};
pub use commit::{CaseCommit, DraftDone, MAX_EVENTS, MAX_OUTBOX, MAX_USES, NewEvent};
pub use connect::{Config, Database};
pub use dead::{DeadLetter, Mend};
pub use definitions::{CaseKey, Definition, DefinitionInUse};
pub use desk::{Claimed, DeskCursor, DeskFilter, MAX_STEPS, Stats};
pub use drafts::Draft;
pub use error::{Error, Fault};
pub use issuer_keys::IssuerKey;
pub use lights::{Light, Lights, MAX_TALLY, Tally};
pub use master_key::MasterKey;
pub use messages::Message;
pub use once::{MAX_KEY, Once, OnceRow};
pub use outbox::{Claim, NewOutbox, OutboxRow, Receiver};
pub use partners::{Partner, PartnerConsent, PartnerGrant, PartnerLogout, PartnerToken};
pub use passkeys::Passkey;
pub use people::{MAX_LOOKUPS, ProfileRead};
pub use permissions::{Permission, PermissionAnswer};
pub use privacy::{Consent, Erasure, RecordRead, Unmasking};
pub use probe::{Point, Probe, ProbeFuture};
pub use registrations::Registration;
pub use reviews::{PutVerdict, ReviewCommit, ReviewHold, ReviewLook, ReviewVerdict, SettledUnit};
pub use seal::{Lookup, PersonKey, sha256_hex};
pub use sessions::Session;
pub use signer::{PublicKey, Signer};
pub use stations::{Station, StationUnit};
pub use supervision::CardCursor;
pub use ties::{Ask, AskLimits, Tie};
pub use units::{DayTally, InspectedLot, InspectedUnit, Line, MAX_CALLS, UnitCall, UnitTally};
pub use verify::{CheckpointFault, CheckpointReport, verify_checkpoint};
pub use wallet_asks::{WalletAnswer, WalletAsk};
pub use wallet_offers::{Taking, WalletOffer, shelf};

/// A store, open. Cheap to clone; all clones share the writers and the pool.
#[derive(Clone)]
pub struct Store {
    db: engine::Db,
    writers: Arc<writer::Writers>,
    vault: Arc<seal::Vault>,
    signer: Signer,
    source: Arc<connect::Source>,
    data_dir: Arc<Path>,
}

/// Nothing of the configuration, which may hold a password.
impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database and starts the writers. Call [`Store::migrate`] before anything else.
    ///
    /// # Errors
    /// When the folder or the database cannot be opened.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        std::fs::create_dir_all(config.data_dir.join("blobs"))?;
        if let Database::Sqlite(path) = &config.database
            && let Some(folder) = path.parent()
        {
            std::fs::create_dir_all(folder)?;
        }
        let source = connect::Source::new(config)?;
        let writers = writer::Writers::start(&source, source.connect_writers().await?, config.probe.clone());
        Ok(Self {
            db: source.readers(config.readers),
            writers: Arc::new(writers),
            vault: Arc::new(seal::Vault::new(&config.master_key)?),
            signer: config.master_key.signer()?,
            source: Arc::new(source),
            data_dir: config.data_dir.as_path().into(),
        })
    }

    /// Ready: the database answers, and no failing disk has stopped the writing.
    ///
    /// # Errors
    /// [`Error::Stopped`] after an input or output error; when the database cannot be read.
    pub async fn ready(&self) -> Result<(), Error> {
        if !self.writers.writing() {
            return Err(Error::Stopped);
        }
        self.areas_with_outbox(0).await.map(drop)
    }

    /// Stores what waits, then closes all connections. Later writes fail with [`Error::Stopped`].
    pub async fn close(&self) {
        self.writers.close().await;
        self.db.close().await;
    }
}

/// Random bytes from the system, for tokens and ids: the one source of chance outside tests.
///
/// # Errors
/// When the system gives none.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    master_key::random(&mut bytes)?;
    Ok(bytes)
}
