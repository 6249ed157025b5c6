//! The outbox: effects that a commit promised, carried out at least once.
//!
//! A worker claims rows of one area for a while (the lease) and gets a fence number with each. When the
//! lease has run out another worker may claim the row under a higher fence; whoever comes back with the
//! old one is refused.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::commit::CaseCommit;
use crate::engine::{Arg, Conn, args, for_each, row};
use crate::messages::{ADD_MESSAGES, Message};
use crate::multi::Multi;
use crate::probe::Point;
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

/// An effect to carry out after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutbox {
    /// Made by the caller (version 7); serves the receiver to tell repeats.
    pub id: Uuid,
    /// What to do.
    pub kind: String,
    /// JSON without personal data.
    pub data: String,
    /// Sealed with the applicant's key.
    pub sealed: Option<Vec<u8>>,
    /// Not before, microseconds since 1970.
    pub next_at: i64,
    /// Microseconds since 1970.
    pub created_at: i64,
    /// The agency that is told, for what leaves the house; none for what the platform does itself.
    pub receiver: Option<String>,
}

row! {
    /// A claimed effect.
    pub struct OutboxRow {
        /// The shard.
        pub area: String,
        /// The row.
        pub id: Uuid,
        /// The case.
        pub case_id: Uuid,
        /// The last event of the commit.
        pub seq: i64,
        /// What to do.
        pub kind: String,
        /// JSON without personal data.
        pub data: String,
        /// Sealed with the applicant's key.
        pub sealed: Option<Vec<u8>>,
        /// The applicant.
        pub person: Uuid,
        /// How often it was claimed, this time included.
        pub attempts: i64,
        /// To be shown with every answer.
        pub fence: i64,
        /// Microseconds since 1970.
        pub created_at: i64,
    }
}

impl OutboxRow {
    /// What to show when the effect is done or has failed.
    #[must_use]
    pub fn claim(&self) -> Claim {
        Claim { area: self.area.clone(), id: self.id, fence: self.fence }
    }
}

/// Proof that a worker holds a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The shard.
    pub area: String,
    /// The row.
    pub id: Uuid,
    /// The number the claim was given.
    pub fence: i64,
}

impl Claim {
    /// In the order of [`DONE`].
    fn args(&self) -> [Arg<'_>; 3] {
        args![&self.area, self.id, self.fence]
    }
}

row! {
    /// An area with work.
    pub(crate) struct Area {
        /// Six digits.
        pub(crate) area: String,
    }
}

row! {
    /// A receiver with something to be told.
    pub struct Receiver {
        /// The shard.
        pub area: String,
        /// The agency.
        pub receiver: String,
    }
}

pub(crate) const OUTBOX_COLUMNS: usize = 14;

pub(crate) static ADD_OUTBOX: Multi = Multi::new(
    "INSERT INTO outbox (area, id, case_id, seq, kind, data, sealed, person, attempts, next_at, lease_until, \
     fence, created_at, receiver)",
    OUTBOX_COLUMNS,
    "",
);

statements! {
    /// Picked once, whatever a planner that does not know the table thinks of it.
    CLAIM = "WITH picked AS MATERIALIZED (SELECT id FROM outbox \
        WHERE area = $1 AND receiver IS NULL AND next_at <= $2 AND lease_until <= $2 AND dead_at IS NULL \
        ORDER BY id LIMIT $4) \
        UPDATE outbox SET lease_until = $3, fence = fence + 1, attempts = attempts + 1 \
        WHERE area = $1 AND lease_until <= $2 AND id IN (SELECT id FROM picked) \
        RETURNING area, id, case_id, seq, kind, data, sealed, person, attempts, fence, created_at";
    /// The same for what one receiver is told.
    CLAIM_FOR = "WITH picked AS MATERIALIZED (SELECT id FROM outbox \
        WHERE area = $1 AND receiver = $5 AND next_at <= $2 AND lease_until <= $2 AND dead_at IS NULL \
        ORDER BY id LIMIT $4) \
        UPDATE outbox SET lease_until = $3, fence = fence + 1, attempts = attempts + 1 \
        WHERE area = $1 AND lease_until <= $2 AND id IN (SELECT id FROM picked) \
        RETURNING area, id, case_id, seq, kind, data, sealed, person, attempts, fence, created_at";
    DONE = "DELETE FROM outbox WHERE area = $1 AND id = $2 AND fence = $3";
    RETRY = "UPDATE outbox SET next_at = $4, lease_until = 0, last_error = $5 \
        WHERE area = $1 AND id = $2 AND fence = $3";
    /// Over all shards: tells the workers where to look.
    AREAS_WITH_OUTBOX = "SELECT DISTINCT area FROM outbox WHERE receiver IS NULL AND next_at <= $1 \
        AND lease_until <= $1 AND dead_at IS NULL ORDER BY area";
    /// The same for receivers.
    RECEIVERS_DUE = "SELECT DISTINCT area, receiver FROM outbox WHERE receiver IS NOT NULL AND next_at <= $1 \
        AND lease_until <= $1 AND dead_at IS NULL ORDER BY area, receiver";
}

impl NewOutbox {
    pub(crate) fn push_args<'a>(&'a self, commit: &'a CaseCommit, seq: i64, out: &mut Vec<Arg<'a>>) {
        out.extend(args![
            &commit.area,
            self.id,
            commit.case_id,
            seq,
            &self.kind,
            &self.data,
            &self.sealed,
            commit.person,
            0i64,
            self.next_at,
            0i64,
            0i64,
            self.created_at,
            &self.receiver,
        ]);
    }
}

pub(crate) async fn claim(
    conn: &mut Conn,
    area: &str,
    receiver: Option<&str>,
    (now, lease_until): (i64, i64),
    limit: i64,
) -> Result<Written, Error> {
    let mut rows: Vec<OutboxRow> = match receiver {
        None => conn.all(CLAIM, &args![area, now, lease_until, limit]).await?,
        Some(receiver) => conn.all(CLAIM_FOR, &args![area, now, lease_until, limit, receiver]).await?,
    };
    rows.sort_unstable_by_key(|row| row.id);
    Ok(Written::Claimed(rows))
}

/// Effects that are carried out: of those still held the rows go and the messages come.
pub(crate) async fn done(
    conn: &mut Conn,
    effects: &[(&Claim, Option<&Message>)],
) -> Result<Vec<Written>, Error> {
    let rows: Vec<_> = effects.iter().map(|(claim, _)| claim.args()).collect();
    let held = conn.together(&for_each(DONE, &rows)).await?;
    let mut bound = Vec::new();
    let news = effects.iter().zip(&held).filter(|(_, held)| **held > 0).filter_map(|((_, news), _)| *news);
    news.for_each(|message| message.push_args(&mut bound));
    ADD_MESSAGES.run(conn, &bound).await?;
    held.into_iter().map(Written::some).collect()
}

pub(crate) async fn retry(
    conn: &mut Conn,
    claim: &Claim,
    next_at: i64,
    error: &str,
) -> Result<Written, Error> {
    Written::some(conn.run(RETRY, &args![&claim.area, claim.id, claim.fence, next_at, error]).await?)
}

/// Bytes kept of the words that say why an effect failed.
const MAX_ERROR: usize = 400;

/// As much of it as is kept, cut between two characters.
pub(crate) fn short(error: &str) -> &str {
    &error[..error.floor_char_boundary(MAX_ERROR)]
}

impl Store {
    /// Claims up to `limit` due effects of one area, of those that the platform carries out itself, until `lease_until`
    /// (microseconds since 1970).
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn claim_outbox(
        &self,
        area: &str,
        now: i64,
        lease_until: i64,
        limit: i64,
    ) -> Result<Vec<OutboxRow>, Error> {
        self.claim_some(area, None, (now, lease_until), limit).await
    }

    /// The same of what one receiver is told.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn claim_outbox_for(
        &self,
        receiver: &Receiver,
        now: i64,
        lease_until: i64,
        limit: i64,
    ) -> Result<Vec<OutboxRow>, Error> {
        let Receiver { area, receiver } = receiver;
        self.claim_some(area, Some(receiver.clone()), (now, lease_until), limit).await
    }

    async fn claim_some(
        &self,
        area: &str,
        receiver: Option<String>,
        (now, lease_until): (i64, i64),
        limit: i64,
    ) -> Result<Vec<OutboxRow>, Error> {
        let (area, limit) = (area.to_owned(), limit.min(MAX_PAGE));
        match self.write(Write::Claim { area, receiver, now, lease_until, limit }).await? {
            Written::Claimed(rows) => {
                self.writers.at(Point::Claimed).await?;
                Ok(rows)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The effect is carried out: its row goes, and in the same commit the message it was, if it was
    /// one, comes into the citizen's box.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the claim is no longer held; nothing is stored then.
    pub async fn outbox_done(&self, claim: Claim, message: Option<Message>) -> Result<(), Error> {
        self.write(Write::OutboxDone { claim, message }).await.map(drop)
    }

    /// The effect failed and is to be tried again from `next_at` on. `error` says why, in a few words
    /// without personal data.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the claim is no longer held.
    pub async fn outbox_retry(&self, claim: Claim, next_at: i64, error: &str) -> Result<(), Error> {
        let error = short(error).to_owned();
        self.write(Write::OutboxRetry { claim, next_at, error }).await.map(drop)
    }

    /// The receivers for whom something is due and unclaimed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn receivers_due(&self, now: i64) -> Result<Vec<Receiver>, Error> {
        self.db.all(RECEIVERS_DUE, &args![now]).await
    }

    /// The areas in which effects that the platform carries out itself are due and unclaimed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn areas_with_outbox(&self, now: i64) -> Result<Vec<String>, Error> {
        let areas: Vec<Area> = self.db.all(AREAS_WITH_OUTBOX, &args![now]).await?;
        Ok(areas.into_iter().map(|row| row.area).collect())
    }
}
