//! The officers' side: what lies on an agency's desk, by due date.

use uuid::Uuid;

use crate::cases::{CaseRow, MAX_PAGE};
use crate::desk_text::Shape;
use crate::engine::{Arg, args, row};
use crate::lights::Light;
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
    /// Only open cases with this light at this instant, microseconds since 1970.
    pub light: Option<(Light, i64)>,
    /// The last line of the page before.
    pub after: Option<DeskCursor>,
    /// The first line of the page after: the page that ends before it. It counts instead of `after`.
    pub before: Option<DeskCursor>,
}

/// Where a page of the desk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskCursor {
    /// `due_at` of the line; `None` when no clock runs.
    pub due_at: Option<i64>,
    /// Its case.
    pub id: Uuid,
}

impl From<&CaseRow> for DeskCursor {
    fn from(row: &CaseRow) -> Self {
        Self { due_at: Some(row.view.sort_at()).filter(|at| *at < i64::MAX), id: row.id }
    }
}

impl DeskCursor {
    pub(crate) fn key(self) -> (i64, Uuid) {
        (self.due_at.unwrap_or(i64::MAX), self.id)
    }
}

row! {
    /// How much there is of everything.
    pub struct Stats {
        /// Cases.
        pub cases: i64,
        /// Of these still open.
        pub open_cases: i64,
        /// Cases whose last events no checkpoint holds yet.
        pub unanchored: i64,
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
    /// Over all shards, for the operator.
    STATS = "SELECT (SELECT count(*) FROM cases) AS cases, (SELECT count(*) FROM cases WHERE open) AS open_cases, \
        (SELECT count(*) FROM cases WHERE anchored IS NULL) AS unanchored, \
        (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM persons) AS persons, \
        (SELECT count(*) FROM outbox) AS outbox, \
        (SELECT count(*) FROM drafts WHERE submitted_case IS NULL) AS drafts";
}

/// The part of a desk a page lies in: between two due dates and two instants at which lights turn yellow.
struct Bounds {
    first: i64,
    last: i64,
    /// The light turns yellow after the one and not after the other; `None` where it makes no difference.
    light: Option<(i64, i64)>,
}

impl Bounds {
    fn of(filter: &DeskFilter) -> Self {
        let last = filter.due_before.map_or(i64::MAX, |at| at.saturating_sub(1));
        let all = Self { first: i64::MIN, last, light: None };
        match filter.light.filter(|_| !filter.finished) {
            None => all,
            Some((Light::Red, now)) => Self { last: last.min(now), ..all },
            Some((Light::Yellow, now)) => {
                Self { first: now.saturating_add(1), light: Some((i64::MIN, now)), ..all }
            }
            Some((Light::Green, now)) => {
                Self { first: now.saturating_add(1), light: Some((now, i64::MAX)), ..all }
            }
        }
    }
}

impl Store {
    /// A page of an agency's desk, by due date; cases without a running clock come last. In the order of
    /// the desk also when it is the page [`DeskFilter::before`] a line.
    ///
    /// Its time does not depend on how much lies on the desk, but for green lights: before the first page
    /// of them all yellow ones are passed over.
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
        let limit = limit.min(MAX_PAGE);
        if let Some((Light::Yellow, now)) = filter.light.filter(|_| !filter.finished)
            && let Some(few) = self.few_yellow(area, agency, filter, now, limit).await?
        {
            return Ok(few);
        }
        if filter.steps.is_empty() {
            return self.desk_step(area, agency, filter, None, limit).await;
        }
        // each step is in order; so is what they are merged into
        let mut rows = Vec::new();
        for step in &filter.steps {
            rows.extend(self.desk_step(area, agency, filter, Some(step), limit).await?);
        }
        rows.sort_by_key(|row| DeskCursor::from(row).key());
        rows.dedup_by_key(|row| row.id);
        let limit = usize::try_from(limit).unwrap_or_default();
        if filter.before.is_some() {
            rows.drain(..rows.len().saturating_sub(limit));
        }
        rows.truncate(limit);
        Ok(rows)
    }

    /// A page of one step, or of all.
    async fn desk_step(
        &self,
        area: &str,
        agency: &str,
        filter: &DeskFilter,
        step: Option<&String>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, Error> {
        let bounds = Bounds::of(filter);
        let shape = Shape {
            finished: filter.finished,
            claimed: filter.claimed.into(),
            step: step.is_some(),
            lit: bounds.light.is_some(),
            back: filter.before.is_some(),
        };
        let mut bound = args![area, agency].to_vec();
        if let Some(before) = filter.before {
            let key = before.key().min((bounds.last, Uuid::max()));
            bound.extend(args![key.0, key.1, bounds.first]);
        } else {
            let key = filter.after.map_or((i64::MIN, Uuid::nil()), DeskCursor::key);
            let key = key.max((bounds.first.saturating_sub(1), Uuid::max()));
            bound.extend(args![key.0, key.1, bounds.last]);
        }
        bound.extend(args![limit]);
        bound.extend(step.map(Arg::from));
        if let Claimed::By(officer) = filter.claimed {
            bound.extend(args![officer]);
        }
        if let Some((after, until)) = bounds.light {
            bound.extend(args![after, until]);
        }
        let mut rows: Vec<CaseRow> = self.db.list(shape.sql(), &bound).await?;
        if filter.before.is_some() {
            rows.reverse();
        }
        Ok(rows)
    }

    /// Counts over the whole store; slow on a large one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stats(&self) -> Result<Stats, Error> {
        self.db.tally(STATS, &[]).await
    }
}
