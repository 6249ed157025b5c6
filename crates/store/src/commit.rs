//! The one way a case changes: events, view, the citizen's list, effects and messages in one durable commit.

use std::collections::HashSet;

use uuid::Uuid;

use crate::cases::CaseView;
use crate::certificates::CertificateUse;
use crate::chain::Head;
use crate::definitions::{Definition, keep};
use crate::engine::{Arg, Conn, args, for_each, row};
use crate::messages::{ADD_MESSAGES, Message};
use crate::multi::Multi;
use crate::once::{self, Once};
use crate::outbox::{ADD_OUTBOX, NewOutbox, OUTBOX_COLUMNS};
use crate::reviews::{self, ReviewCommit};
use crate::sql::statements;
use crate::units::{self, ADD_LOTS, InspectedUnit, PUT_UNITS};
use crate::{Error, Store};

/// Events one commit may add.
pub const MAX_EVENTS: usize = 32;
/// Outbox rows one commit may add.
pub const MAX_OUTBOX: usize = 32;
/// Uses of certificates one commit may note: as many as an item may have materials.
pub const MAX_USES: usize = 60;
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
    /// Messages into the applicant's box, at most [`MAX_EVENTS`].
    pub messages: Vec<Message>,
    /// The draft (of the same person) this submission came from, as it was read.
    pub draft_done: Option<DraftDone>,
    /// The definition, where it may not be stored yet.
    pub definition: Option<Definition>,
    /// The key under which a caller may ask again, and the answer they then get.
    pub once: Option<Once>,
    /// Lines for the ledgers of the applicant's certificates that it uses, at most [`MAX_USES`].
    pub uses: Vec<CertificateUse>,
    /// The row of the unit that the case is about, after these events.
    pub unit: Option<Box<InspectedUnit>>,
    /// What it brings for the review desk.
    pub review: Option<Box<ReviewCommit>>,
}

/// A draft that becomes a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftDone {
    /// The draft.
    pub id: Uuid,
    /// Its version as it was read.
    pub version: i64,
}

statements! {
    DRAFT_DONE = "UPDATE drafts SET submitted_case = $3, version = version + 1 WHERE person = $1 AND id = $2 \
        AND version = $4 AND submitted_case IS NULL";
}

/// The gate: a new case goes in if there is none, a later commit if the head is still the one it was
/// decided on. `opened` is 0 in a later commit, so that inserting one shows.
pub(crate) static PUT_CASES: Multi = Multi::new(
    "INSERT INTO cases (area, id, person, number, item, agency, definition, status, step, outcome, open, \
     received_at, due_at, warn_at, due_kind, clock_paused, claimed_by, updated_at, view, wake_at, part_of, \
     part_area, cards, sort_at, light_at, seq, head, prev_head, opened)",
    29,
    "ON CONFLICT (area, id) DO UPDATE SET number = excluded.number, item = excluded.item, agency = excluded.agency, \
     definition = excluded.definition, status = excluded.status, step = excluded.step, outcome = excluded.outcome, \
     open = excluded.open, received_at = excluded.received_at, due_at = excluded.due_at, \
     warn_at = excluded.warn_at, due_kind = excluded.due_kind, clock_paused = excluded.clock_paused, \
     claimed_by = excluded.claimed_by, updated_at = excluded.updated_at, view = excluded.view, \
     wake_at = excluded.wake_at, part_of = excluded.part_of, part_area = excluded.part_area, \
     cards = excluded.cards, sort_at = excluded.sort_at, light_at = excluded.light_at, seq = excluded.seq, \
     head = excluded.head, prev_head = excluded.prev_head, anchored = NULL \
     WHERE cases.head = excluded.prev_head AND cases.person = excluded.person RETURNING area, id, opened",
);

pub(crate) static ADD_EVENTS: Multi = Multi::new(
    "INSERT INTO events (area, case_id, seq, at, kind, data, sealed, person, prev_hash, hash)",
    10,
    "",
);

pub(crate) static PUT_MY_CASES: Multi = Multi::new(
    "INSERT INTO my_cases (person, id, area, number, item, status, submitted_at, updated_at, part_of)",
    9,
    "ON CONFLICT (person, id) DO UPDATE SET area = excluded.area, number = excluded.number, item = excluded.item, \
     status = excluded.status, submitted_at = excluded.submitted_at, updated_at = excluded.updated_at, \
     part_of = excluded.part_of",
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
        if commit.uses.len() > MAX_USES {
            return Err(Error::TooLarge { limit: MAX_USES });
        }
        if commit.messages.len() > MAX_EVENTS {
            return Err(Error::TooLarge { limit: MAX_EVENTS });
        }
        let mut heads = Vec::with_capacity(commit.events.len() + 1);
        let mut head = commit.after;
        heads.push(head);
        for event in &commit.events {
            head = head.next(&commit.area, commit.case_id, event);
            heads.push(head);
        }
        if let Some(once) = &commit.once {
            once.check()?;
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
        out.extend(args![area, *case_id, *person]);
        view_args(view, out);
        out.extend(args![head.seq, &head.hash, &self.heads[0].hash, i64::from(self.commit.after.seq == 0),]);
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
        my_case_args(area, *case_id, *person, view, out);
    }

    fn outbox_args<'a>(&'a self, out: &mut Vec<Arg<'a>>) {
        for row in &self.commit.outbox {
            row.push_args(&self.commit, self.head().seq, out);
        }
    }
}

/// The columns of a view, in the order of [`PUT_CASES`], derived ones last.
pub(crate) fn view_args<'a>(view: &'a CaseView, out: &mut Vec<Arg<'a>>) {
    out.extend(args![
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
        view.warn_at,
        &view.due_kind,
        view.clock_paused,
        view.claimed_by,
        view.updated_at,
        &view.view,
        view.wake_at,
        view.part_of,
        &view.part_area,
        Some(view.cards).filter(|cards| *cards != 0),
        view.sort_at(),
        view.light_at(),
    ]);
}

/// A line of the citizen's list, in the order of [`PUT_MY_CASES`].
pub(crate) fn my_case_args<'a>(
    area: &'a str,
    case_id: Uuid,
    person: Uuid,
    view: &'a CaseView,
    out: &mut Vec<Arg<'a>>,
) {
    out.extend(args![
        person,
        case_id,
        area,
        &view.number,
        &view.item,
        &view.status,
        view.received_at,
        view.updated_at,
        view.part_of,
    ]);
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

/// Stores what passes the gates; tells for each commit whether it did. No two may be for one case.
pub(crate) async fn commit_all(conn: &mut Conn, batch: &[&Prepared]) -> Result<Vec<bool>, Error> {
    let mut won = once::take(conn, batch).await?;
    drafts_done(conn, batch, &mut won).await?;
    reviews::take(conn, batch, &mut won).await?;
    let asked = winners(batch, &won);
    let mut bound = Vec::with_capacity(asked.len() * 29);
    asked.iter().for_each(|job| job.case_args(&mut bound));
    let passed: Vec<Passed> = PUT_CASES.all(conn, &bound).await?;
    if passed.iter().any(|row| row.opened != 1) {
        return Err(Error::NotFound);
    }
    if passed.len() < asked.len() {
        let passed: HashSet<_> = passed.iter().map(|row| (row.area.as_str(), row.id)).collect();
        for (job, won) in batch.iter().zip(&mut won).filter(|(_, won)| **won) {
            *won = passed.contains(&(job.commit.area.as_str(), job.commit.case_id));
            if !*won {
                lost(conn, &job.commit).await?;
            }
        }
    }
    let winners = winners(batch, &won);
    add_rows(conn, &winners).await?;
    commit_rest(conn, &winners).await?;
    Ok(won)
}

/// What each commit adds to the tables beside its case.
async fn add_rows(conn: &mut Conn, winners: &[&Prepared]) -> Result<(), Error> {
    let (mut events, mut mine, mut outbox, mut messages) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut units, mut lots): (Vec<Arg<'_>>, Vec<Arg<'_>>) = (Vec::new(), Vec::new());
    for job in winners {
        job.event_args(&mut events);
        job.my_case_args(&mut mine);
        job.outbox_args(&mut outbox);
        job.commit.messages.iter().for_each(|message| message.push_args(&mut messages));
        job.commit.unit.iter().for_each(|unit| unit.push_args(&mut units));
    }
    let new = winners.iter().filter(|job| job.commit.after.seq == 0);
    units::lots_of(new.filter_map(|job| job.commit.unit.as_deref()), &mut lots);
    debug_assert_eq!(outbox.len() % OUTBOX_COLUMNS, 0);
    let tables: [(&'static Multi, &[Arg<'_>]); 6] = [
        (&ADD_EVENTS, &events),
        (&PUT_MY_CASES, &mine),
        (&ADD_OUTBOX, &outbox),
        (&ADD_MESSAGES, &messages),
        (&PUT_UNITS, &units),
        (&ADD_LOTS, &lots),
    ];
    let sqlite = conn.is_sqlite();
    let statements: Vec<_> = tables.iter().flat_map(|(multi, rows)| multi.statements(sqlite, rows)).collect();
    conn.together(&statements).await.map(drop)
}

/// A draft becomes a case as it was read, or not at all: what was saved meanwhile is not lost.
async fn drafts_done(conn: &mut Conn, batch: &[&Prepared], won: &mut [bool]) -> Result<(), Error> {
    let ask = |(job, won): (&&'_ Prepared, &mut bool)| {
        let draft = job.commit.draft_done.as_ref().filter(|_| *won)?;
        Some(args![job.commit.person, draft.id, job.commit.case_id, draft.version])
    };
    let rows: Vec<_> = batch.iter().zip(won.iter_mut()).filter_map(ask).collect();
    let mut done = conn.together(&for_each(DRAFT_DONE, &rows)).await?.into_iter();
    for (job, won) in batch.iter().zip(won).filter(|(job, won)| **won && job.commit.draft_done.is_some()) {
        *won = done.next() == Some(1);
        if let (false, Some(key)) = (*won, &job.commit.once) {
            once::give_back(conn, &job.commit.area, key).await?;
        }
    }
    Ok(())
}

/// Takes back what was done for a commit that the gate did not let through.
async fn lost(conn: &mut Conn, commit: &CaseCommit) -> Result<(), Error> {
    let taken = commit.review.as_ref().is_some_and(|review| review.taken.is_some());
    if commit.draft_done.is_some() || taken {
        // Its draft or verdict is already marked: nothing of the batch stands, and each is tried alone.
        return Err(Error::Conflict);
    }
    match &commit.once {
        Some(key) => once::give_back(conn, &commit.area, key).await,
        None => Ok(()),
    }
}

fn winners<'a>(batch: &[&'a Prepared], won: &[bool]) -> Vec<&'a Prepared> {
    batch.iter().zip(won).filter(|(_, won)| **won).map(|(job, _)| *job).collect()
}

/// What only some commits bring: a definition not stored before, uses of certificates, looks of the review desk.
async fn commit_rest(conn: &mut Conn, winners: &[&Prepared]) -> Result<(), Error> {
    let mut stored: Vec<&str> = Vec::new();
    for job in winners {
        let commit = &job.commit;
        if let Some(definition) = &commit.definition
            && !stored.contains(&definition.digest.as_str())
        {
            keep(conn, definition).await?;
            stored.push(&definition.digest);
        }
        for entry in &commit.uses {
            entry.add(conn).await?;
        }
        reviews::add(conn, job).await?;
    }
    Ok(())
}

impl Store {
    /// Stores a command's events, view, list line, effects and messages in one durable commit, grouped with
    /// others'. Returns the new head once the commit is on the disk.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the case has moved on, exists already, its number is taken, or the key of
    /// [`CaseCommit::once`] was used before;
    /// [`Error::NotFound`] when there is no case to continue; [`Error::Full`], [`Error::Busy`],
    /// [`Error::Stopped`], [`Error::TooLarge`].
    pub async fn commit(&self, commit: CaseCommit) -> Result<Head, Error> {
        let prepared = Prepared::new(commit)?;
        self.writers.commit(prepared).await
    }
}
