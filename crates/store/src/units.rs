//! What the pages of a line read: a row for each unit that stations have reported, and one for each lot. Derived from
//! cases and written in the commits that change them; rebuilt from them by [`Store::rewrite_unit`].

use uuid::Uuid;

use crate::cases::{CaseView, MAX_PAGE};
use crate::chain::Head;
use crate::drafts::Count;
use crate::engine::{Arg, Conn, args, row};
use crate::multi::Multi;
use crate::rewrite::Rewrite;
use crate::sql::statements;
use crate::write::Write;
use crate::{Error, Store};

row! {
    /// A unit as its case stands.
    pub struct InspectedUnit {
        /// Six digits of the handling area.
        pub area: String,
        /// The case.
        pub case_id: Uuid,
        /// Code of the organisation.
        pub agency: String,
        /// Code of the item.
        pub item: String,
        /// The lot.
        pub lot: String,
        /// Serial number.
        pub serial: String,
        /// The recipe it was inspected by.
        pub recipe: String,
        /// The station, as a party.
        pub station: Uuid,
        /// When it was reported, microseconds since 1970.
        pub at: i64,
        /// `ok`, `ng`, `unsure`, `cannot-judge`.
        pub judged: String,
        /// How likely a defect is, in ten thousandths.
        pub score: i64,
        /// Version of the model.
        pub model: String,
        /// Why it could not be judged.
        pub obstacle: Option<String>,
        /// How many findings there are, which may be more than are listed.
        pub found: i64,
        /// A list of lists: class, score in ten thousandths, x, y, width, height.
        pub findings: String,
        /// SHA-256 of the template, hexadecimal.
        pub template: String,
        /// Where it went: `rule`, `sample`, `person`.
        pub sent: String,
        /// `open`, `ok`, `ng`, `ended`.
        pub outcome: String,
        /// A person decided it.
        pub by_person: bool,
        /// When it was decided, microseconds since 1970.
        pub closed_at: Option<i64>,
    }
}

row! {
    /// A lot of an agency.
    pub struct InspectedLot {
        /// Code of the item.
        pub item: String,
        /// The lot.
        pub lot: String,
        /// When the first of its units was reported, microseconds since 1970.
        pub first_at: i64,
    }
}

row! {
    /// How many units are alike, by station.
    pub struct UnitTally {
        /// Code of the item.
        pub item: String,
        /// The station.
        pub station: Uuid,
        /// As in [`InspectedUnit`].
        pub judged: String,
        /// As in [`InspectedUnit`].
        pub sent: String,
        /// As in [`InspectedUnit`].
        pub outcome: String,
        /// As in [`InspectedUnit`].
        pub by_person: bool,
        /// How many.
        pub n: i64,
        /// When the last of them was reported, microseconds since 1970.
        pub last_at: i64,
    }
}

row! {
    /// How many units of a day are alike.
    pub struct DayTally {
        /// Days since 1970, in the time of Beijing.
        pub day: i64,
        /// As in [`InspectedUnit`].
        pub judged: String,
        /// As in [`InspectedUnit`].
        pub sent: String,
        /// As in [`InspectedUnit`].
        pub outcome: String,
        /// As in [`InspectedUnit`].
        pub by_person: bool,
        /// How many.
        pub n: i64,
    }
}

row! {
    /// A call of a model.
    pub struct UnitCall {
        /// When, microseconds since 1970.
        pub at: i64,
        /// Version of the model.
        pub model: String,
        /// In ten thousandths.
        pub score: i64,
        /// Where it went, as in [`InspectedUnit`].
        pub sent: String,
    }
}

/// Whose units, and of which item.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Six digits of the handling area.
    pub area: &'a str,
    /// Code of the organisation.
    pub agency: &'a str,
    /// Code of the item.
    pub item: &'a str,
}

statements! {
    /// The row of a case, if it is a unit's.
    UNIT_OF_CASE = "SELECT area, case_id, agency, item, lot, unit AS serial, recipe, station, at, judged, score, model, obstacle, \
        found, findings, template, sent, outcome, by_person, closed_at FROM inspected_units \
        WHERE area = $1 AND case_id = $2";
    UNITS_OF_LOT = "SELECT area, case_id, agency, item, lot, unit AS serial, recipe, station, at, judged, score, model, obstacle, \
        found, findings, template, sent, outcome, by_person, closed_at FROM inspected_units \
        WHERE area = $1 AND agency = $2 AND item = $3 AND lot = $4 AND (at, case_id) > ($5, $6) \
        ORDER BY at, case_id LIMIT $7";
    UNITS_BETWEEN = "SELECT area, case_id, agency, item, lot, unit AS serial, recipe, station, at, judged, score, model, obstacle, \
        found, findings, template, sent, outcome, by_person, closed_at FROM inspected_units \
        WHERE area = $1 AND agency = $2 AND item = $3 AND at >= $4 AND at < $5 ORDER BY at DESC LIMIT $6";
    TALLY_LOT = "SELECT item, station, judged, sent, outcome, by_person, count(*) AS n, max(at) AS last_at \
        FROM inspected_units WHERE area = $1 AND agency = $2 AND item = $3 AND lot = $4 \
        GROUP BY item, station, judged, sent, outcome, by_person";
    TALLY_SINCE = "SELECT item, station, judged, sent, outcome, by_person, count(*) AS n, max(at) AS last_at \
        FROM inspected_units WHERE area = $1 AND agency = $2 AND item = $3 AND at >= $4 \
        GROUP BY item, station, judged, sent, outcome, by_person";
    /// Eight hours before Greenwich begins the day of Beijing; there is no other in the country.
    TALLY_DAYS = "SELECT (at + 28800000000) / 86400000000 AS day, judged, sent, outcome, by_person, count(*) AS n \
        FROM inspected_units WHERE area = $1 AND agency = $2 AND item = $3 AND at >= $4 AND at < $5 \
        GROUP BY (at + 28800000000) / 86400000000, judged, sent, outcome, by_person";
    OPEN_UNITS = "SELECT count(*) AS n FROM inspected_units \
        WHERE area = $1 AND agency = $2 AND item = $3 AND outcome = 'open'";
    FIRST_CALLS = "SELECT at, model, score, sent FROM inspected_units \
        WHERE area = $1 AND agency = $2 AND item = $3 AND model = $4 ORDER BY at LIMIT $5";
    LAST_CALLS = "SELECT at, model, score, sent FROM inspected_units \
        WHERE area = $1 AND agency = $2 AND item = $3 ORDER BY at DESC LIMIT $4";
    LOTS_LATEST = "SELECT item, lot, first_at FROM inspected_lots \
        WHERE area = $1 AND agency = $2 AND first_at < $3 ORDER BY first_at DESC LIMIT $4";
    LOT_BEGAN = "UPDATE inspected_lots SET first_at = $5 \
        WHERE area = $1 AND agency = $2 AND item = $3 AND lot = $4 AND first_at > $5";
}

pub(crate) static PUT_UNITS: Multi = Multi::new(
    "INSERT INTO inspected_units (area, case_id, agency, item, lot, unit, recipe, station, at, judged, score, model, \
     obstacle, found, findings, template, sent, outcome, by_person, closed_at)",
    20,
    "ON CONFLICT (area, case_id) DO UPDATE SET agency = excluded.agency, item = excluded.item, lot = excluded.lot, \
     unit = excluded.unit, recipe = excluded.recipe, station = excluded.station, at = excluded.at, \
     judged = excluded.judged, score = excluded.score, model = excluded.model, obstacle = excluded.obstacle, \
     found = excluded.found, findings = excluded.findings, template = excluded.template, sent = excluded.sent, \
     outcome = excluded.outcome, by_person = excluded.by_person, closed_at = excluded.closed_at",
);

/// Adds what is not there; what is there is neither changed nor waited for.
pub(crate) static ADD_LOTS: Multi = Multi::new(
    "INSERT INTO inspected_lots (area, agency, item, lot, first_at)",
    5,
    "ON CONFLICT (area, agency, item, lot) DO NOTHING",
);

impl InspectedUnit {
    pub(crate) fn push_args<'a>(&'a self, out: &mut Vec<Arg<'a>>) {
        out.extend(args![
            &self.area,
            self.case_id,
            &self.agency,
            &self.item,
            &self.lot,
            &self.serial,
            &self.recipe,
            self.station,
            self.at,
            &self.judged,
            self.score,
            &self.model,
            &self.obstacle,
            self.found,
            &self.findings,
            &self.template,
            &self.sent,
            &self.outcome,
            self.by_person,
            self.closed_at,
        ]);
    }

    pub(crate) fn push_lot_args<'a>(&'a self, out: &mut Vec<Arg<'a>>) {
        out.extend(args![&self.area, &self.agency, &self.item, &self.lot, self.at]);
    }
}

/// The lots of these units, each once and in one order, so that of two writers neither waits for the other.
pub(crate) fn lots_of<'a>(units: impl Iterator<Item = &'a InspectedUnit>, out: &mut Vec<Arg<'a>>) {
    let mut units: Vec<_> = units.collect();
    let lot = |unit: &'a InspectedUnit| (&unit.area, &unit.agency, &unit.item, &unit.lot);
    units.sort_by_key(|unit| (lot(unit), unit.at));
    units.dedup_by_key(|unit| lot(unit));
    units.iter().for_each(|unit| unit.push_lot_args(out));
}

/// Writes a unit anew, and its lot.
pub(crate) async fn put(conn: &mut Conn, unit: &InspectedUnit) -> Result<(), Error> {
    let mut bound = Vec::new();
    unit.push_args(&mut bound);
    PUT_UNITS.run(conn, &bound).await?;
    bound.clear();
    unit.push_lot_args(&mut bound);
    ADD_LOTS.run(conn, &bound).await?;
    conn.run(LOT_BEGAN, &bound).await.map(drop)
}

/// Reading fails when the database cannot be reached.
impl Store {
    /// The row of a case, if it is a unit's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn inspected_unit(&self, area: &str, case: Uuid) -> Result<Option<InspectedUnit>, Error> {
        self.db.optional(UNIT_OF_CASE, &args![area, case]).await
    }

    /// A page of a lot's units in the order they were reported, after (time, case) of the last one of the page before;
    /// begin with the least.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn units_of_lot(
        &self,
        line: Line<'_>,
        lot: &str,
        after: (i64, Uuid),
        limit: i64,
    ) -> Result<Vec<InspectedUnit>, Error> {
        let Line { area, agency, item } = line;
        let limit = limit.min(MAX_PAGE);
        self.db.list(UNITS_OF_LOT, &args![area, agency, item, lot, after.0, after.1, limit]).await
    }

    /// Units of an item that were reported from `from` on and before `until`, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn units_between(
        &self,
        line: Line<'_>,
        from: i64,
        until: i64,
        limit: i64,
    ) -> Result<Vec<InspectedUnit>, Error> {
        let Line { area, agency, item } = line;
        self.db.list(UNITS_BETWEEN, &args![area, agency, item, from, until, limit.min(MAX_PAGE)]).await
    }

    /// How the units of a lot stand.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tally_lot(&self, line: Line<'_>, lot: &str) -> Result<Vec<UnitTally>, Error> {
        let Line { area, agency, item } = line;
        self.db.list(TALLY_LOT, &args![area, agency, item, lot]).await
    }

    /// How the units of an item stand that were reported from `from` on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tally_since(&self, line: Line<'_>, from: i64) -> Result<Vec<UnitTally>, Error> {
        let Line { area, agency, item } = line;
        self.db.list(TALLY_SINCE, &args![area, agency, item, from]).await
    }

    /// How the units of an item stand, a day of Beijing after the other.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tally_days(&self, line: Line<'_>, from: i64, until: i64) -> Result<Vec<DayTally>, Error> {
        let Line { area, agency, item } = line;
        self.db.list(TALLY_DAYS, &args![area, agency, item, from, until]).await
    }

    /// How many units of an item wait for a person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_units(&self, line: Line<'_>) -> Result<i64, Error> {
        let Line { area, agency, item } = line;
        let count: Count = self.db.one(OPEN_UNITS, &args![area, agency, item]).await?;
        Ok(count.n)
    }

    /// The first calls of a model on an item, the first first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn first_calls(&self, line: Line<'_>, model: &str, limit: i64) -> Result<Vec<UnitCall>, Error> {
        let Line { area, agency, item } = line;
        self.db.list(FIRST_CALLS, &args![area, agency, item, model, limit.min(MAX_CALLS)]).await
    }

    /// The last calls on an item, by whichever model, the last first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_calls(&self, line: Line<'_>, limit: i64) -> Result<Vec<UnitCall>, Error> {
        let Line { area, agency, item } = line;
        self.db.list(LAST_CALLS, &args![area, agency, item, limit.min(MAX_CALLS)]).await
    }

    /// Lots of an agency that began before an instant, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lots_latest(
        &self,
        area: &str,
        agency: &str,
        before: i64,
        limit: i64,
    ) -> Result<Vec<InspectedLot>, Error> {
        self.db.list(LOTS_LATEST, &args![area, agency, before, limit.min(MAX_PAGE)]).await
    }

    /// [`Store::rewrite_view`] of a unit's case, with the unit's row.
    ///
    /// # Errors
    /// As for [`Store::rewrite_view`].
    pub async fn rewrite_unit(
        &self,
        person: Uuid,
        head: Head,
        view: CaseView,
        unit: InspectedUnit,
    ) -> Result<(), Error> {
        let (area, case_id) = (unit.area.clone(), unit.case_id);
        let rewrite = Rewrite { area, case_id, person, head, view, unit: Some(Box::new(unit)) };
        self.write(Write::Rewrite(Box::new(rewrite))).await.map(drop)
    }
}

/// Calls read at once.
pub const MAX_CALLS: i64 = 5_000;
