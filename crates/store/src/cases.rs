//! Cases as they are read: the event log, the view beside it and the citizen's own list.

use uuid::Uuid;

use crate::chain::Head;
use crate::engine::{Columns, Row, args, row};
use crate::sql::statements;
use crate::{Error, Store};

/// Rows one page may ask for.
pub const MAX_PAGE: i64 = 1_000;

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
        /// When little time is left of it, microseconds since 1970: the yellow light.
        pub warn_at: Option<i64>,
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
        /// When a clock takes effect by itself, microseconds since 1970: a timer that outlives the process.
        pub wake_at: Option<i64>,
        /// The case this one is a branch of.
        pub part_of: Option<Uuid>,
        /// The area that case is kept in.
        pub part_area: Option<String>,
        /// Supervision cards it has been given.
        pub cards: i64,
    }
}

impl CaseView {
    /// Where it stands on the desk: when it is due, or the largest number when no clock runs.
    pub(crate) fn sort_at(&self) -> i64 {
        self.due_at.filter(|_| !self.clock_paused).unwrap_or(i64::MAX)
    }

    /// When its light turns yellow, or red where nothing warns.
    pub(crate) fn light_at(&self) -> i64 {
        self.warn_at.filter(|_| !self.clock_paused).unwrap_or_else(|| self.sort_at())
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

impl Row for CaseRow {
    fn read(row: &impl Columns) -> Result<Self, Error> {
        let hash = digest(row.get("head")?)?;
        Ok(Self {
            area: row.get("area")?,
            id: row.get("id")?,
            person: row.get("person")?,
            view: CaseView::read(row)?,
            head: Head { seq: row.get("seq")?, hash },
        })
    }
}

fn digest(bytes: Vec<u8>) -> Result<[u8; 32], Error> {
    bytes.try_into().map_err(|_| Error::Corrupt("a head is 32 bytes".to_owned()))
}

/// A case with its events, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCase {
    /// The view and the head.
    pub row: CaseRow,
    /// From `seq` 1 to the head.
    pub events: Vec<EventRow>,
}

/// What happened in a case, oldest first: all that a decision needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The applicant.
    pub person: Uuid,
    /// The last event and its hash: what the next commit must name.
    pub head: Head,
    /// From `seq` 1 to the head.
    pub events: Vec<EventRow>,
}

struct Past {
    person: Uuid,
    event: EventRow,
}

impl Row for Past {
    fn read(row: &impl Columns) -> Result<Self, Error> {
        Ok(Self { person: row.get("person")?, event: EventRow::read(row)? })
    }
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
        /// The case this one is a branch of.
        pub part_of: Option<Uuid>,
    }
}

/// The columns of a [`CaseRow`].
macro_rules! case_columns {
    () => {
        "area, id, person, number, item, agency, definition, status, step, outcome, open, received_at, due_at, \
         warn_at, due_kind, clock_paused, claimed_by, updated_at, view, wake_at, part_of, part_area, \
         coalesce(cards, 0) AS cards, seq, head"
    };
}
pub(crate) use case_columns;

statements! {
    LOAD_CASE = concat!("SELECT ", case_columns!(), " FROM cases WHERE area = $1 AND id = $2");
    CASE_BY_NUMBER = concat!("SELECT ", case_columns!(), " FROM cases WHERE area = $1 AND number = $2");
    /// Over all areas, for verification: a keyset walk, not a query of the desk.
    CASES_AFTER = concat!("SELECT ", case_columns!(), " FROM cases WHERE (area, id) > ($1, $2) ORDER BY area, id LIMIT $3");
    LOAD_EVENTS = "SELECT seq, at, kind, data, sealed, prev_hash, hash FROM events \
        WHERE area = $1 AND case_id = $2 AND seq <= $3 ORDER BY seq";
    HISTORY = "SELECT person, seq, at, kind, data, sealed, prev_hash, hash FROM events \
        WHERE area = $1 AND case_id = $2 ORDER BY seq";
    MY_CASES = "SELECT id, area, number, item, status, submitted_at, updated_at, part_of FROM my_cases \
        WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    BRANCHES = "SELECT id, area, number, item, status, submitted_at, updated_at, part_of FROM my_cases \
        WHERE person = $1 AND part_of = $2 ORDER BY id LIMIT $3";
    MY_CASE = "SELECT id, area, number, item, status, submitted_at, updated_at, part_of FROM my_cases \
        WHERE person = $1 AND id = $2";
}

impl Store {
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

    /// A case without its events.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn case_row(&self, area: &str, id: Uuid) -> Result<Option<CaseRow>, Error> {
        self.db.optional(LOAD_CASE, &args![area, id]).await
    }

    /// What happened in a case, without the view beside it: one statement, so that all of it is of one moment.
    ///
    /// # Errors
    /// When the database cannot be read; [`Error::Corrupt`] when the last hash is none.
    pub async fn history(&self, area: &str, id: Uuid) -> Result<Option<History>, Error> {
        let rows: Vec<Past> = self.db.all(HISTORY, &args![area, id]).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let (person, head) =
            (last.person, Head { seq: last.event.seq, hash: digest(last.event.hash.clone())? });
        Ok(Some(History { person, head, events: rows.into_iter().map(|row| row.event).collect() }))
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

    /// The branches of one of the citizen's cases, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn branches_of(&self, person: Uuid, part_of: Uuid, limit: i64) -> Result<Vec<MyCase>, Error> {
        self.db.all(BRANCHES, &args![person, part_of, limit.min(MAX_PAGE)]).await
    }

    /// One of the citizen's own cases: where it is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn my_case(&self, person: Uuid, id: Uuid) -> Result<Option<MyCase>, Error> {
        self.db.optional(MY_CASE, &args![person, id]).await
    }

    /// The next cases of the whole store after (`area`, `id`), for verification; begin with `("", nil)`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_after(&self, area: &str, id: Uuid, limit: i64) -> Result<Vec<CaseRow>, Error> {
        self.db.list(CASES_AFTER, &args![area, id, limit.min(MAX_PAGE)]).await
    }
}
