//! The officers' side: what lies on an agency's desk, by due date.

use uuid::Uuid;

use crate::cases::{CaseRow, MAX_PAGE};
use crate::engine::{args, row};
use crate::sql::statements;
use crate::{Error, Store};

/// Steps one filter may name.
pub const MAX_STEPS: usize = 8;

/// Whose cases a desk shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Claimed {
    /// All of the agency's.
    #[default]
    Any,
    /// Those nobody has taken.
    Nobody,
    /// Those this officer has taken.
    By(Uuid),
}

/// Which cases of an agency's desk to show.
#[derive(Debug, Clone, Default)]
pub struct DeskFilter {
    /// Finished cases instead of open ones.
    pub finished: bool,
    /// Only these steps, at most [`MAX_STEPS`]; all when empty.
    pub steps: Vec<String>,
    /// Whose.
    pub claimed: Claimed,
    /// Only what is due before this instant, microseconds since 1970.
    pub due_before: Option<i64>,
    /// The last line of the page before.
    pub after: Option<DeskCursor>,
}

/// Where a page of the desk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskCursor {
    /// `due_at` of the last line.
    pub due_at: Option<i64>,
    /// Its case.
    pub id: Uuid,
}

impl From<&CaseRow> for DeskCursor {
    fn from(row: &CaseRow) -> Self {
        Self { due_at: row.view.due_at, id: row.id }
    }
}

row! {
    /// How many open cases stand how: the lights of a desk. Cases whose clock stands still are green.
    pub struct Lights {
        /// Due later, or not at all, or paused.
        pub green: i64,
        /// Due between now and the warning.
        pub yellow: i64,
        /// Overdue.
        pub red: i64,
    }
}

row! {
    /// How much there is of everything.
    pub struct Stats {
        /// Cases.
        pub cases: i64,
        /// Of these still open.
        pub open_cases: i64,
        /// Events.
        pub events: i64,
        /// People known, the erased included.
        pub persons: i64,
        /// Effects still to carry out.
        pub outbox: i64,
        /// Drafts not yet submitted.
        pub drafts: i64,
    }
}

statements! {
    DESK = "SELECT area, id, person, number, item, agency, definition, status, step, outcome, open, \
        received_at, due_at, warn_at, due_kind, clock_paused, claimed_by, updated_at, view, seq, head \
        FROM cases WHERE area = $1 AND agency = $2 AND open = $3 AND (sort_at, id) > ($4, $5) AND ($19 OR sort_at < $6) \
        AND ($7 = 0 OR ($7 = 1 AND claimed_by IS NULL) OR ($7 = 2 AND claimed_by = $8)) \
        AND ($9 OR step IN ($10, $11, $12, $13, $14, $15, $16, $17)) \
        ORDER BY sort_at, id LIMIT $18";
    LIGHTS = "SELECT count(*) FILTER (WHERE clock_paused OR (sort_at > $3 AND coalesce(warn_at, sort_at) > $3)) AS green, \
        count(*) FILTER (WHERE NOT clock_paused AND sort_at > $3 AND coalesce(warn_at, sort_at) <= $3) AS yellow, \
        count(*) FILTER (WHERE NOT clock_paused AND sort_at <= $3) AS red \
        FROM cases WHERE area = $1 AND agency = $2 AND open";
    /// Over all shards, for the operator.
    STATS = "SELECT (SELECT count(*) FROM cases) AS cases, (SELECT count(*) FROM cases WHERE open) AS open_cases, \
        (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM persons) AS persons, \
        (SELECT count(*) FROM outbox) AS outbox, \
        (SELECT count(*) FROM drafts WHERE submitted_case IS NULL) AS drafts";
}

impl Store {
    /// A page of an agency's desk, by due date; cases without one come last.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more than [`MAX_STEPS`] steps; when the database cannot be read.
    pub async fn desk(
        &self,
        area: &str,
        agency: &str,
        filter: &DeskFilter,
        limit: i64,
    ) -> Result<Vec<CaseRow>, Error> {
        if filter.steps.len() > MAX_STEPS {
            return Err(Error::TooLarge { limit: MAX_STEPS });
        }
        let (sort_at, id) = match filter.after {
            Some(cursor) => (cursor.due_at.unwrap_or(i64::MAX), cursor.id),
            None => (i64::MIN, Uuid::nil()),
        };
        let (claim, officer) = match filter.claimed {
            Claimed::Any => (0, None),
            Claimed::Nobody => (1, None),
            Claimed::By(officer) => (2, Some(officer)),
        };
        // what is due never carries i64::MAX, so a bound of MAX would leave out only the undated
        let (due_before, undated) = (filter.due_before.unwrap_or(i64::MAX), filter.due_before.is_none());
        let step = |n: usize| filter.steps.get(n).or(filter.steps.first()).map_or("", String::as_str);
        let mut bound =
            args![area, agency, !filter.finished, sort_at, id, due_before, claim, officer].to_vec();
        bound.extend(args![filter.steps.is_empty()]);
        bound.extend((0..MAX_STEPS).map(|n| crate::engine::Arg::from(step(n))));
        bound.extend(args![limit.min(MAX_PAGE), undated]);
        self.db.all(DESK, &bound).await
    }

    /// The lights of an agency's desk at `now`: over, little time left by each case's own warning, in time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lights(&self, area: &str, agency: &str, now: i64) -> Result<Lights, Error> {
        self.db.one(LIGHTS, &args![area, agency, now]).await
    }

    /// Counts over the whole store; slow on a large one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stats(&self) -> Result<Stats, Error> {
        self.db.one(STATS, &[]).await
    }
}
