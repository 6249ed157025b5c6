//! Cases: the event log, the view beside it and the citizen's own list, in one durable commit.

use uuid::Uuid;

use crate::chain::Head;
use crate::engine::{Arg, Conn, args, from_row, row};
use crate::multi::Multi;
use crate::outbox::{ADD_OUTBOX, NewOutbox, OUTBOX_COLUMNS};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

/// Events one commit may add.
pub const MAX_EVENTS: usize = 32;
/// Outbox rows one commit may add.
pub const MAX_OUTBOX: usize = 32;
/// Rows one page may ask for.
pub const MAX_PAGE: i64 = 1_000;

/// Something that happened to a case. `data` is JSON without personal data; what is personal is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The kind, as `casework` names it.
    pub kind: String,
    /// JSON.
    pub data: String,
    /// Sealed with the applicant's key.
    pub sealed: Option<Vec<u8>>,
}

row! {
    /// A stored event.
    pub struct EventRow {
        /// From 1, without gaps.
        pub seq: i64,
        /// Microseconds since 1970.
        pub at: i64,
        /// The kind, as `casework` names it.
        pub kind: String,
        /// JSON.
        pub data: String,
        /// Sealed with the applicant's key.
        pub sealed: Option<Vec<u8>>,
        /// The hash of the event before; 32 zero bytes for the first.
        pub prev_hash: Vec<u8>,
        /// SHA-256 over `prev_hash` and this event.
        pub hash: Vec<u8>,
    }
}

row! {
    /// What lists and desks show of a case: derived from its events, without personal data.
    pub struct CaseView {
        /// The number people know it by, unique in its area.
        pub number: String,
        /// The service item.
        pub item: String,
        /// The agency handling it now.
        pub agency: String,
        /// Digest of the definition it runs under.
        pub definition: String,
        /// Status for the citizen.
        pub status: String,
        /// Step of the procedure.
        pub step: String,
        /// How it ended, once it has.
        pub outcome: Option<String>,
        /// Whether an officer may still have to act.
        pub open: bool,
        /// Microseconds since 1970.
        pub received_at: i64,
        /// When the running clock ends, microseconds since 1970.
        pub due_at: Option<i64>,
        /// Which clock that is.
        pub due_kind: Option<String>,
        /// Whether the clock stands still.
        pub clock_paused: bool,
        /// The officer who has taken it.
        pub claimed_by: Option<Uuid>,
        /// Microseconds since 1970.
        pub updated_at: i64,
        /// JSON for whatever else pages show.
        pub view: String,
    }
}

/// A case without its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Six digits of the handling area.
    pub area: String,
    /// The id, made by the caller (version 7).
    pub id: Uuid,
    /// The applicant.
    pub person: Uuid,
    /// Last event and its hash: what the next commit must name.
    pub head: Head,
    /// What lists show.
    pub view: CaseView,
}

from_row!(CaseRow, row => {
    area: sqlx::Row::try_get(row, "area")?,
    id: sqlx::Row::try_get(row, "id")?,
    person: sqlx::Row::try_get(row, "person")?,
    head: Head { seq: sqlx::Row::try_get(row, "seq")?, hash: hash(sqlx::Row::try_get(row, "head")?)? },
    view: sqlx::FromRow::from_row(row)?,
});

fn hash(bytes: Vec<u8>) -> Result<[u8; 32], sqlx::Error> {
    bytes.try_into().map_err(|_| sqlx::Error::Decode("a head is 32 bytes".into()))
}

/// A case with its events, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCase {
    /// The view and the head.
    pub row: CaseRow,
    /// From `seq` 1 to the head.
    pub events: Vec<EventRow>,
}

row! {
    /// A line of the citizen's own list.
    pub struct MyCase {
        /// The case.
        pub id: Uuid,
        /// Where it is kept.
        pub area: String,
        /// The number people know it by.
        pub number: String,
        /// The service item.
        pub item: String,
        /// Status for the citizen.
        pub status: String,
        /// Microseconds since 1970.
        pub submitted_at: i64,
        /// Microseconds since 1970.
        pub updated_at: i64,
    }
}

row! {
    /// A definition (JSON) that running cases keep until they are migrated on the record.
    pub struct Definition {
        /// SHA-256 of the body, hexadecimal.
        pub digest: String,
        /// The service item.
        pub item: String,
        /// JSON.
        pub body: String,
        /// Microseconds since 1970.
        pub created_at: i64,
    }
}

/// Everything one command changes, stored as a whole or not at all.
#[derive(Debug, Clone)]
pub struct CaseCommit {
    /// Six digits of the handling area.
    pub area: String,
    /// The case; for a new one the caller makes the id (version 7) and keeps it over retries, so that a
    /// second try finds the first.
    pub case_id: Uuid,
    /// The applicant.
    pub person: Uuid,
    /// The head the command was decided on; [`Head::NEW`] for a new case.
    pub after: Head,
    /// 1 to [`MAX_EVENTS`] events.
    pub events: Vec<NewEvent>,
    /// The view after these events.
    pub view: CaseView,
    /// Effects to carry out, at most [`MAX_OUTBOX`].
    pub outbox: Vec<NewOutbox>,
    /// The draft (of the same person) this submission came from.
    pub draft_done: Option<Uuid>,
    /// The definition, where it may not be stored yet.
    pub definition: Option<Definition>,
}

statements! {
    DRAFT_DONE = "UPDATE drafts SET submitted_case = $3, version = version + 1 WHERE person = $1 AND id = $2";
    PUT_DEFINITION = "INSERT INTO definitions (digest, item, body, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (digest) DO NOTHING";
    GET_DEFINITION = "SELECT digest, item, body, created_at FROM definitions WHERE digest = $1";
    LOAD_CASE = "SELECT area, id, person, number, item, agency, definition, status, step, outcome, open, \
        received_at, due_at, due_kind, clock_paused, claimed_by, updated_at, view, seq, head \
        FROM cases WHERE area = $1 AND id = $2";
    CASE_BY_NUMBER = "SELECT area, id, person, number, item, agency, definition, status, step, outcome, open, \
        received_at, due_at, due_kind, clock_paused, claimed_by, updated_at, view, seq, head \
        FROM cases WHERE area = $1 AND number = $2";
    /// Over all areas, for verification: a keyset walk, not a query of the desk.
    CASES_AFTER = "SELECT area, id, person, number, item, agency, definition, status, step, outcome, open, \
        received_at, due_at, due_kind, clock_paused, claimed_by, updated_at, view, seq, head \
        FROM cases WHERE (area, id) > ($1, $2) ORDER BY area, id LIMIT $3";
    LOAD_EVENTS = "SELECT seq, at, kind, data, sealed, prev_hash, hash FROM events \
        WHERE area = $1 AND case_id = $2 AND seq <= $3 ORDER BY seq";
    MY_CASES = "SELECT id, area, number, item, status, submitted_at, updated_at FROM my_cases \
        WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    MY_CASE = "SELECT id, area, number, item, status, submitted_at, updated_at FROM my_cases \
        WHERE person = $1 AND id = $2";
}

pub(crate) async fn keep(conn: &mut Conn, definition: &Definition) -> Result<Written, Error> {
    let Definition { digest, item, body, created_at } = definition;
    conn.run(PUT_DEFINITION, &args![digest, item, body, *created_at]).await?;
    Ok(Written::Done)
}

/// The gate: a new case goes in if there is none, a later commit if the head is still the one it was
/// decided on. `opened` is 0 in a later commit, so that inserting one shows.
pub(crate) static PUT_CASES: Multi = Multi::new(
    "INSERT INTO cases (area, id, person, number, item, agency, definition, status, step, outcome, open, \
     received_at, due_at, due_kind, clock_paused, claimed_by, updated_at, view, sort_at, seq, head, prev_head, opened)",
    23,
    "ON CONFLICT (area, id) DO UPDATE SET number = excluded.number, item = excluded.item, agency = excluded.agency, \
     definition = excluded.definition, status = excluded.status, step = excluded.step, outcome = excluded.outcome, \
     open = excluded.open, received_at = excluded.received_at, due_at = excluded.due_at, \
     due_kind = excluded.due_kind, clock_paused = excluded.clock_paused, claimed_by = excluded.claimed_by, \
     updated_at = excluded.updated_at, view = excluded.view, sort_at = excluded.sort_at, seq = excluded.seq, \
     head = excluded.head, prev_head = excluded.prev_head \
     WHERE cases.head = excluded.prev_head AND cases.person = excluded.person RETURNING area, id, opened",
);

pub(crate) static ADD_EVENTS: Multi = Multi::new(
    "INSERT INTO events (area, case_id, seq, at, kind, data, sealed, person, prev_hash, hash)",
    10,
    "",
);

pub(crate) static PUT_MY_CASES: Multi = Multi::new(
    "INSERT INTO my_cases (person, id, area, number, item, status, submitted_at, updated_at)",
    8,
    "ON CONFLICT (person, id) DO UPDATE SET area = excluded.area, number = excluded.number, item = excluded.item, \
     status = excluded.status, updated_at = excluded.updated_at",
);

/// A commit with its hashes computed, by the caller's task and not the writer's.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) commit: CaseCommit,
    /// `after`, then the head after each event.
    heads: Vec<Head>,
}

impl Prepared {
    pub(crate) fn new(commit: CaseCommit) -> Result<Self, Error> {
        if commit.events.is_empty() || commit.events.len() > MAX_EVENTS {
            return Err(Error::TooLarge { limit: MAX_EVENTS });
        }
        if commit.outbox.len() > MAX_OUTBOX {
            return Err(Error::TooLarge { limit: MAX_OUTBOX });
        }
        let mut heads = Vec::with_capacity(commit.events.len() + 1);
        let mut head = commit.after;
        heads.push(head);
        for event in &commit.events {
            head = head.next(&commit.area, commit.case_id, event);
            heads.push(head);
        }
        Ok(Self { commit, heads })
    }

    /// The head once this is stored.
    pub(crate) fn head(&self) -> Head {
        self.heads[self.heads.len() - 1]
    }

    fn case_args<'a>(&'a self, out: &mut Vec<Arg<'a>>) {
        let CaseCommit { area, case_id, person, view, .. } = &self.commit;
        let head = &self.heads[self.heads.len() - 1];
        out.extend(args![
            area,
            *case_id,
            *person,
            &view.number,
            &view.item,
            &view.agency,
            &view.definition,
            &view.status,
            &view.step,
            &view.outcome,
            view.open,
            view.received_at,
            view.due_at,
            &view.due_kind,
            view.clock_paused,
            view.claimed_by,
            view.updated_at,
            &view.view,
            view.due_at.unwrap_or(i64::MAX),
            head.seq,
            &head.hash,
            &self.heads[0].hash,
            i64::from(self.commit.after.seq == 0),
        ]);
    }

    fn event_args<'a>(&'a self, out: &mut Vec<Arg<'a>>) {
        let CaseCommit { area, case_id, person, events, .. } = &self.commit;
        for (event, heads) in events.iter().zip(self.heads.windows(2)) {
            out.extend(args![
                area,
                *case_id,
                heads[1].seq,
                event.at,
                &event.kind,
                &event.data,
                &event.sealed,
                *person,
                &heads[0].hash,
                &heads[1].hash,
            ]);
        }
    }

    fn my_case_args<'a>(&'a self, out: &mut Vec<Arg<'a>>) {
        let CaseCommit { area, case_id, person, view, .. } = &self.commit;
        out.extend(args![
            *person,
            *case_id,
            area,
            &view.number,
            &view.item,
            &view.status,
            view.received_at,
            view.updated_at,
        ]);
    }

    fn outbox_args<'a>(&'a self, out: &mut Vec<Arg<'a>>) {
        for row in &self.commit.outbox {
            row.push_args(&self.commit, self.head().seq, out);
        }
    }
}

row! {
    /// A row the gate let through.
    pub(crate) struct Passed {
        /// Area.
        pub(crate) area: String,
        /// Case.
        pub(crate) id: Uuid,
        /// 1 unless a later commit met no case.
        pub(crate) opened: i64,
    }
}

/// Stores what passes the gate; tells for each commit whether it did. No two may be for one case.
pub(crate) async fn commit_all(conn: &mut Conn, batch: &[&Prepared]) -> Result<Vec<bool>, Error> {
    let mut bound = Vec::with_capacity(batch.len() * 23);
    batch.iter().for_each(|job| job.case_args(&mut bound));
    let passed: Vec<Passed> = PUT_CASES.all(conn, &bound).await?;
    if passed.iter().any(|row| row.opened != 1) {
        return Err(Error::NotFound);
    }
    let won: Vec<bool> = if passed.len() == batch.len() {
        vec![true; batch.len()]
    } else {
        let passed: std::collections::HashSet<_> =
            passed.iter().map(|row| (row.area.as_str(), row.id)).collect();
        batch.iter().map(|job| passed.contains(&(job.commit.area.as_str(), job.commit.case_id))).collect()
    };
    let winners: Vec<&Prepared> =
        batch.iter().zip(&won).filter(|(_, won)| **won).map(|(job, _)| *job).collect();
    bound.clear();
    winners.iter().for_each(|job| job.event_args(&mut bound));
    ADD_EVENTS.run(conn, &bound).await?;
    bound.clear();
    winners.iter().for_each(|job| job.my_case_args(&mut bound));
    PUT_MY_CASES.run(conn, &bound).await?;
    bound.clear();
    winners.iter().for_each(|job| job.outbox_args(&mut bound));
    debug_assert_eq!(bound.len() % OUTBOX_COLUMNS, 0);
    ADD_OUTBOX.run(conn, &bound).await?;
    commit_rest(conn, &winners).await?;
    Ok(won)
}

/// What only some commits bring: the end of a draft, a definition not stored before.
async fn commit_rest(conn: &mut Conn, winners: &[&Prepared]) -> Result<(), Error> {
    let mut stored: Vec<&str> = Vec::new();
    for Prepared { commit, .. } in winners {
        if let Some(draft) = commit.draft_done {
            conn.run(DRAFT_DONE, &args![commit.person, draft, commit.case_id]).await?;
        }
        if let Some(definition) = &commit.definition
            && !stored.contains(&definition.digest.as_str())
        {
            keep(conn, definition).await?;
            stored.push(&definition.digest);
        }
    }
    Ok(())
}

impl Store {
    /// Stores a command's events, view, list line and effects in one durable commit, grouped with
    /// others'. Returns the new head once the commit is on the disk.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the case has moved on, exists already or its number is taken;
    /// [`Error::NotFound`] when there is no case to continue; [`Error::Full`], [`Error::Busy`],
    /// [`Error::Stopped`], [`Error::TooLarge`].
    pub async fn commit(&self, commit: CaseCommit) -> Result<Head, Error> {
        let prepared = Prepared::new(commit)?;
        self.writers.commit(prepared).await
    }

    /// A case with all its events.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load_case(&self, area: &str, id: Uuid) -> Result<Option<StoredCase>, Error> {
        let Some(row) = self.db.optional::<CaseRow>(LOAD_CASE, &args![area, id]).await? else {
            return Ok(None);
        };
        // Events never change, so those up to the head read before are the ones that belong to it.
        let events = self.db.all::<EventRow>(LOAD_EVENTS, &args![area, id, row.head.seq]).await?;
        Ok(Some(StoredCase { row, events }))
    }

    /// A case by the number people know it by (stored form, with dashes).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn case_by_number(&self, area: &str, number: &str) -> Result<Option<CaseRow>, Error> {
        self.db.optional(CASE_BY_NUMBER, &args![area, number]).await
    }

    /// The citizen's own cases, newest first. `before` is the last id of the page before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn my_cases(
        &self,
        person: Uuid,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<MyCase>, Error> {
        let before = before.unwrap_or(Uuid::max());
        self.db.all(MY_CASES, &args![person, before, limit.min(MAX_PAGE)]).await
    }

    /// One of the citizen's own cases: where it is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn my_case(&self, person: Uuid, id: Uuid) -> Result<Option<MyCase>, Error> {
        self.db.optional(MY_CASE, &args![person, id]).await
    }

    /// Keeps a definition; one that is kept already stays as it is.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn keep_definition(&self, definition: Definition) -> Result<(), Error> {
        self.write(Write::KeepDefinition(definition)).await.map(drop)
    }

    /// The next cases of the whole store after (`area`, `id`), for verification; begin with `("", nil)`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_after(&self, area: &str, id: Uuid, limit: i64) -> Result<Vec<CaseRow>, Error> {
        self.db.all(CASES_AFTER, &args![area, id, limit.min(MAX_PAGE)]).await
    }

    /// A definition by its digest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn definition(&self, digest: &str) -> Result<Option<Definition>, Error> {
        self.db.optional(GET_DEFINITION, &args![digest]).await
    }
}
