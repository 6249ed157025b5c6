//! The lights of a desk and the counts on top of it, bounded: whoever has a thousand cases waiting is not
//! helped by the exact number, and counting a million rows takes longer than showing a page.

use std::fmt;

use uuid::Uuid;

use crate::cases::{CaseRow, case_columns};
use crate::desk::{Claimed, DeskFilter, MAX_STEPS};
use crate::drafts::Count;
use crate::engine::{Arg, Sql, args, row};
use crate::sql::statements;
use crate::{Error, Store};

/// The largest number a [`Tally`] tells.
pub const MAX_TALLY: i64 = 999;

/// Rows looked through to find yellow lights among those that are red by now.
const YELLOW_SCAN: i64 = 5_000;

/// How much time an open case has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// Due later than the warning, or not at all, or the clock stands still.
    Green,
    /// Due between now and the warning.
    Yellow,
    /// Overdue.
    Red,
}

/// A number that is exact up to a bound. Shown as `12`, or as `999+` when there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// As many as this, or at least.
    pub n: i64,
    /// Whether there are, or for yellow lights may be, more.
    pub more: bool,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.n, if self.more { "+" } else { "" })
    }
}

impl Tally {
    /// `n` was counted with a limit of one more than is told.
    fn of(n: i64) -> Self {
        Self { n: n.min(MAX_TALLY), more: n > MAX_TALLY }
    }
}

/// How many open cases stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lights {
    /// Time enough.
    pub green: Tally,
    /// Little time left.
    pub yellow: Tally,
    /// Overdue.
    pub red: Tally,
}

row! {
    /// Yellow lights among the rows looked at.
    struct Yellow {
        seen: i64,
        n: i64,
    }
}

row! {
    /// A case with a yellow light.
    struct Found {
        id: Uuid,
    }
}

/// Of some thousand cases past their warning those that are not red, sorted and filtered.
macro_rules! few_yellow {
    ($range:literal, $order:literal) => {
        concat!(
            "SELECT id FROM (SELECT id, sort_at, claimed_by, step FROM cases \
             WHERE area = $1 AND agency = $2 AND open AND light_at <= $3 ORDER BY light_at DESC LIMIT $4) counted \
             WHERE sort_at > $3 AND sort_at <= $7 AND ",
            $range,
            " AND ($8 = 0 OR ($8 = 1 AND claimed_by IS NULL) OR ($8 = 2 AND claimed_by = $9)) \
             AND ($10 OR step IN ($11, $12, $13, $14, $15, $16, $17, $18)) ORDER BY ",
            $order,
            " LIMIT $19"
        )
    };
}

statements! {
    COUNT_RED = "SELECT count(*) AS n FROM (SELECT id FROM cases \
        WHERE area = $1 AND agency = $2 AND open AND sort_at <= $3 ORDER BY sort_at LIMIT $4) counted";
    COUNT_GREEN = "SELECT count(*) AS n FROM (SELECT id FROM cases \
        WHERE area = $1 AND agency = $2 AND open AND light_at > $3 ORDER BY light_at LIMIT $4) counted";
    /// The last warned first: they are the least likely to be red.
    COUNT_YELLOW = "SELECT count(*) AS seen, count(*) FILTER (WHERE sort_at > $3) AS n FROM (SELECT sort_at \
        FROM cases WHERE area = $1 AND agency = $2 AND open AND light_at <= $3 \
        ORDER BY light_at DESC LIMIT $4) counted";
    SEEN_YELLOW = "SELECT count(*) AS n FROM (SELECT id FROM cases \
        WHERE area = $1 AND agency = $2 AND open AND light_at <= $3 ORDER BY light_at DESC LIMIT $4) counted";
    YELLOW = few_yellow!("(sort_at, id) > ($5, $6)", "sort_at, id");
    YELLOW_BACK = few_yellow!("(sort_at, id) < ($5, $6)", "sort_at DESC, id DESC");
    COUNT_OPEN = "SELECT count(*) AS n FROM (SELECT id FROM cases \
        WHERE area = $1 AND agency = $2 AND open ORDER BY sort_at LIMIT $3) counted";
    COUNT_FREE = "SELECT count(*) AS n FROM (SELECT id FROM cases \
        WHERE area = $1 AND agency = $2 AND open AND claimed_by IS NULL ORDER BY sort_at LIMIT $3) counted";
    COUNT_MINE = "SELECT count(*) AS n FROM (SELECT id FROM cases \
        WHERE area = $1 AND agency = $2 AND open AND claimed_by = $4 ORDER BY sort_at LIMIT $3) counted";
    SOME_CASES = concat!("SELECT ", case_columns!(), " FROM cases WHERE area = $1 AND id IN ($2, $3, $4, $5, $6, \
        $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
}

/// Cases [`SOME_CASES`] reads at once.
const SOME: usize = 16;

impl Store {
    /// The lights of an agency's desk at `now` (microseconds since 1970): over, little time left by each
    /// case's own warning, in time. Bounded; of yellow lights there may be more than told while more than
    /// some thousand cases are overdue.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lights(&self, area: &str, agency: &str, now: i64) -> Result<Lights, Error> {
        let bound = args![area, agency, now, MAX_TALLY + 1];
        let (red, green): (Count, Count) =
            (self.db.tally(COUNT_RED, &bound).await?, self.db.tally(COUNT_GREEN, &bound).await?);
        let yellow: Yellow = self.db.tally(COUNT_YELLOW, &args![area, agency, now, YELLOW_SCAN]).await?;
        let more = yellow.seen == YELLOW_SCAN || yellow.n > MAX_TALLY;
        let yellow = Tally { n: yellow.n.min(MAX_TALLY), more };
        Ok(Lights { green: Tally::of(green.n), yellow, red: Tally::of(red.n) })
    }

    /// How many open cases lie on an agency's desk: all, those nobody has taken, or those of one officer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn desk_count(&self, area: &str, agency: &str, claimed: Claimed) -> Result<Tally, Error> {
        let mut bound = args![area, agency, MAX_TALLY + 1].to_vec();
        let text: Sql = match claimed {
            Claimed::Any => COUNT_OPEN,
            Claimed::Nobody => COUNT_FREE,
            Claimed::By(officer) => {
                bound.extend(args![officer]);
                COUNT_MINE
            }
        };
        self.db.tally::<Count>(text, &bound).await.map(|count| Tally::of(count.n))
    }

    /// A page of the yellow lights, where few cases are past their warning: these are looked through.
    /// `None` where there are many, so that a walk along the desk soon meets them.
    pub(crate) async fn few_yellow(
        &self,
        area: &str,
        agency: &str,
        filter: &DeskFilter,
        now: i64,
        limit: i64,
    ) -> Result<Option<Vec<CaseRow>>, Error> {
        let mut bound = args![area, agency, now, YELLOW_SCAN].to_vec();
        if self.db.tally::<Count>(SEEN_YELLOW, &bound).await?.n == YELLOW_SCAN {
            return Ok(None);
        }
        let (text, key) = match (filter.before, filter.after) {
            (Some(before), _) => (YELLOW_BACK, before.key()),
            (None, Some(after)) => (YELLOW, after.key()),
            (None, None) => (YELLOW, (i64::MIN, Uuid::nil())),
        };
        let (claimed, officer) = match filter.claimed {
            Claimed::Any => (0, None),
            Claimed::Nobody => (1, None),
            Claimed::By(officer) => (2, Some(officer)),
        };
        let last = filter.due_before.map_or(i64::MAX, |at| at.saturating_sub(1));
        let step = |n: usize| filter.steps.get(n).or(filter.steps.first()).map_or("", String::as_str);
        bound.extend(args![key.0, key.1, last, claimed, officer, filter.steps.is_empty()]);
        bound.extend((0..MAX_STEPS).map(|n| Arg::from(step(n))));
        bound.extend(args![limit]);
        let mut found: Vec<Found> = self.db.list(text, &bound).await?;
        if filter.before.is_some() {
            found.reverse();
        }
        let mut rows = Vec::with_capacity(found.len());
        for some in found.chunks(SOME) {
            let mut bound = args![area].to_vec();
            bound.extend((0..SOME).map(|n| Arg::Id(some.get(n).map(|case| case.id))));
            let mut read: Vec<CaseRow> = self.db.all(SOME_CASES, &bound).await?;
            read.sort_by_key(|row| some.iter().position(|case| case.id == row.id));
            rows.extend(read);
        }
        Ok(Some(rows))
    }
}
