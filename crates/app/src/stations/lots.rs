//! Lots: how many of what rules passed a person looks at (ISO 2859-1), and the release of a lot by what was found. Which units
//! those are follows from a keyed hash, so that no station can foresee it.

use std::collections::HashMap;

use casework::{Case, Definition, Outcome, Status, What};
use domain::{
    AQLS, CaseId, InspectionLevel, PersonId, Plan, Severity, exact_interval, micros, plan, severity_after,
};
use futures_util::future::join_all;
use packs::{Answers, LotPlan, ServiceItem};
use ring::hmac;
use serde::{Deserialize, Serialize};
use store::{Error as StoreError, InspectedUnit, Line, StationUnit};
use uuid::Uuid;

use super::inspect::first;
use super::units::{FIRST_UNIT, Sent, decided};
use super::{Decided, Report, Station, StationError};
use crate::{App, Error};

/// Most units of a lot that are counted.
pub const MAX_LOT: usize = 20_000;
/// Units read at once.
const TOGETHER: usize = 64;
/// Units a page.
const PAGE: i64 = 1_000;
/// Lots that are looked back on.
const LOOKED_BACK: usize = 200;

/// That a lot may be released.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotRelease {
    /// Code of the item its units were reported for.
    pub item: String,
    /// The lot.
    pub lot: String,
    /// How many units it holds.
    pub size: u32,
    /// Ask although units or looks are lacking: then a person decides.
    #[serde(default)]
    pub as_it_is: bool,
}

/// How a lot stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LotStands {
    /// Units that were reported.
    pub reported: u32,
    /// Passed by rule, those drawn for a look included.
    pub passed: u32,
    /// Found defective, by whomever.
    pub rejected: u32,
    /// Waiting for a person.
    pub waiting: u32,
    /// Units of the sample.
    pub sample: u32,
    /// Ac.
    pub accept: u32,
    /// Units of the sample that a person has looked at.
    pub looked_at: u32,
    /// Of those, defective.
    pub escaped: u32,
    /// The release, once it was asked for.
    pub case: Option<CaseId>,
    /// What became of it: `ok` is released, `ng` held back.
    pub decision: Option<Decided>,
    /// It was asked for just now.
    pub new: bool,
}

/// A unit of a lot.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    /// Passed by rule and not drawn.
    Passed,
    /// Passed by rule and drawn for a look: what the look found, once it did.
    Drawn(Option<bool>),
    /// Rules did not pass it: good, or not, or open.
    Other(Option<bool>),
}

impl Unit {
    pub(super) fn of(row: &InspectedUnit) -> Self {
        let good = match decided(&row.outcome) {
            Decided::Ok => Some(true),
            Decided::Review => None,
            Decided::Ng | Decided::Ended => Some(false),
        };
        match (good, Sent::of(&row.sent)) {
            (Some(true), _) if !row.by_person => Self::Passed,
            // Ended without a look, it escaped nobody.
            (Some(false), _) if !row.by_person => Self::Other(good),
            (_, Sent::Sample) => Self::Drawn(good),
            (_, Sent::Rule | Sent::Person) => Self::Other(good),
        }
    }
}

fn has(item: &ServiceItem, field: &str) -> bool {
    item.form.pages.iter().flat_map(|page| &page.fields).any(|known| known.name == field)
}

pub(super) fn plan_for(lot: u32, by: &LotPlan, severity: Severity) -> Option<Plan> {
    plan(lot, by.level, &by.aql, severity)
}

impl App {
    /// Chance of a unit: the same each time, and foreseen by nobody without the master key.
    pub(super) fn order_of(&self, case: Uuid) -> u64 {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.store.secret("station-draw"));
        u64::from_be_bytes(first(&hmac::sign(&key, case.as_bytes())))
    }

    /// The draw for a report: where its lot's size is known and the item has a plan, so that at least the plan's sample is
    /// drawn, 999 times of a thousand; by the item's percentage otherwise.
    #[expect(clippy::cast_precision_loss, reason = "a fraction needs no more than 53 bits")]
    pub(super) fn draw_for(&self, definition: &Definition, report: &Report, case: CaseId) -> u64 {
        let order = self.order_of(case.0);
        let by = definition.item.rules.as_ref().and_then(|rules| rules.lot_plan.as_ref());
        let (Some(by), Some(size)) = (by, report.lot_size.filter(|size| *size > 0)) else { return order };
        let sizes = [Severity::Normal, Severity::Tightened].map(|severity| plan_for(size, by, severity));
        let Some(sample) = sizes.into_iter().flatten().map(|plan| f64::from(plan.sample)).reduce(f64::max)
        else {
            return order;
        };
        let wanted = (sample + 3.0 * sample.sqrt() + 1.0) / f64::from(size);
        // Below every percentage; what is not drawn so may still be by the item's own, whatever size a station names.
        if (order as f64 / 2.0_f64.powi(64)) < wanted { 0 } else { order }
    }

    /// Asks for the release of a lot, or says what is still lacking. The numbers are counted from the record, and no station
    /// is believed about them.
    ///
    /// # Errors
    /// [`Error::Station`] for an item without a plan or not the station's, and for a lot that is too large.
    pub async fn release_lot(&self, station: &Station, wish: &LotRelease) -> Result<LotStands, Error> {
        let wrong = |field: &str, why| StationError::Report { field: field.to_owned(), why };
        let definition = self.definitions.current(&wish.item).ok_or(StationError::Item)?;
        let item = &definition.item;
        let by = item.rules.as_ref().and_then(|rules| rules.lot_plan.as_ref());
        let by =
            by.filter(|_| item.for_things() && item.agency == station.agency).ok_or(StationError::Item)?;
        let mut releases = self.catalogue.items.iter().filter(|other| {
            other.online() && other.for_things() && other.agency == station.agency && has(other, "escaped")
        });
        let release = releases.next().and_then(|item| self.definitions.current(&item.code));
        let release = release.ok_or(StationError::Item)?;
        if wish.lot.is_empty() || wish.lot.chars().count() > 64 || wish.lot.chars().any(char::is_control) {
            return Err(wrong("lot", "1 to 64 characters, no control characters").into());
        }
        let severity = severity_after(&self.lots_before(station.id, &wish.item, &wish.lot).await?);
        let shown = if severity == Severity::Stopped { Severity::Tightened } else { severity };
        let plan =
            |size| plan_for(size, by, shown).ok_or_else(|| wrong("size", "no plan for a lot of this size"));
        let mut chosen = plan(wish.size)?;
        let mut stands = self.count_lot(station, wish, item.area.as_str(), chosen).await?;
        // A lot is no smaller than what was reported of it: a small size would make a small sample.
        let whole = LotRelease { size: stands.reported.max(wish.size), ..wish.clone() };
        let is_larger = whole.size > wish.size;
        let wish = &whole;
        if is_larger {
            chosen = plan(wish.size)?;
            stands = self.count_lot(station, wish, item.area.as_str(), chosen).await?;
        }
        let id = self.release_case(station.id, &wish.item, &wish.lot);
        if let Some(known) = self.store.my_case(station.id.0, id.0).await? {
            let file = self.case_to_act_on(&known.area, id, &casework::Actor::System).await?;
            (stands.case, stands.decision) = (Some(id), Some(Decided::of(&file.case)));
            return Ok(stands);
        }
        let ready = stands.waiting == 0 && stands.reported >= wish.size && stands.looked_at == stands.sample;
        if !ready && !wish.as_it_is {
            return Ok(stands);
        }
        let answers = lot_answers(station, wish, by, severity, chosen, &stands);
        let (decision, new) = self.ask_release(station, wish, &release, id, answers).await?;
        Ok(LotStands { case: Some(id), decision: Some(decision), new, ..stands })
    }

    async fn ask_release(
        &self,
        station: &Station,
        wish: &LotRelease,
        release: &Definition,
        id: CaseId,
        answers: Answers,
    ) -> Result<(Decided, bool), Error> {
        let area = release.item.area.as_str().to_owned();
        let row = StationUnit { case_id: id.0, area: area.clone(), at: micros(self.now()) };
        self.store.add_station_unit(station.id.0, self.series_key(&wish.item), row).await?;
        let submission = self.things_own(release, id, answers);
        let actor = casework::Actor::Applicant(station.id);
        match self.commit_unit(release, submission, &actor, 99).await {
            Ok(case) => Ok((Decided::of(&case), true)),
            Err(Error::Store(StoreError::Conflict)) => {
                let file = self.case_to_act_on(&area, id, &casework::Actor::System).await?;
                Ok((Decided::of(&file.case), false))
            }
            Err(error) => Err(error),
        }
    }

    /// The lots of this item that were released or held back, the first first.
    pub(super) async fn lots_before(
        &self,
        station: PersonId,
        item: &str,
        lot: &str,
    ) -> Result<Vec<bool>, Error> {
        let mut rows = self.all_units(station, self.series_key(item)).await?;
        rows.sort_by_key(|row| row.at);
        let rows = rows.split_off(rows.len().saturating_sub(LOOKED_BACK));
        let own = self.release_case(station, item, lot).0;
        let mut lots = Vec::new();
        for row in rows.iter().filter(|row| row.case_id != own) {
            let found = self.store.case_row(&row.area, row.case_id).await?;
            match found.and_then(|found| found.view.outcome).as_deref() {
                Some("granted") => lots.push(true),
                Some("refused") => lots.push(false),
                // Not decided yet, or never asked.
                _ => {}
            }
        }
        Ok(lots)
    }

    async fn count_lot(
        &self,
        station: &Station,
        wish: &LotRelease,
        area: &str,
        plan: Plan,
    ) -> Result<LotStands, Error> {
        let key = self.lot_key(&wish.item, &wish.lot);
        let mut rows = self.all_units(station.id, key).await?;
        let line = Line { area, agency: &station.agency, item: &wish.item };
        let known = self.known_units(line, &wish.lot, station.id).await?;
        let mut units: Vec<(u64, Unit)> = known.values().copied().collect();
        // Cases from before there were rows are opened.
        rows.retain(|row| !known.contains_key(&row.case_id));
        for some in rows.chunks(TOGETHER) {
            for unit in join_all(some.iter().map(|row| self.unit_of(row))).await {
                units.extend(unit?);
            }
        }
        Ok(stands(units, plan))
    }

    async fn all_units(&self, station: PersonId, key: store::Lookup) -> Result<Vec<StationUnit>, Error> {
        let (mut rows, mut after): (Vec<StationUnit>, Uuid) = (Vec::new(), Uuid::nil());
        loop {
            let page = self.store.station_units(station.0, key, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(rows) };
            after = last.case_id;
            rows.extend(page);
            if rows.len() > MAX_LOT {
                let why = "more units than are counted";
                return Err(StationError::Report { field: "lot".to_owned(), why }.into());
            }
        }
    }

    /// How the units of a lot stand that this station reported, by their cases.
    pub(super) async fn known_units(
        &self,
        line: Line<'_>,
        lot: &str,
        station: PersonId,
    ) -> Result<HashMap<Uuid, (u64, Unit)>, Error> {
        let (mut known, mut after) = (HashMap::new(), FIRST_UNIT);
        loop {
            let page = self.store.units_of_lot(line, lot, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(known) };
            after = (last.at, last.case_id);
            for row in page.iter().filter(|row| row.station == station.0) {
                known.insert(row.case_id, (self.order_of(row.case_id), Unit::of(row)));
            }
        }
    }

    /// How a unit of a lot stands; none where it was announced and never committed.
    async fn unit_of(&self, row: &StationUnit) -> Result<Option<(u64, Unit)>, Error> {
        let Some(found) = self.store.case_row(&row.area, row.case_id).await? else { return Ok(None) };
        let case: Case = serde_json::from_str(&found.view.view)?;
        let good = match case.status {
            Status::Closed(Outcome::Granted) => Some(true),
            Status::Closed(_) => Some(false),
            _ => None,
        };
        let order = self.order_of(row.case_id);
        if good == Some(true) && case.done_by.is_empty() {
            return Ok(Some((order, Unit::Passed)));
        }
        if good.is_some() && case.done_by.is_empty() {
            return Ok(Some((order, Unit::Other(good))));
        }
        let file = self.case_to_act_on(&row.area, case.id, &casework::Actor::System).await?;
        let drawn = file.events.iter().any(|event| matches!(event.what, What::Ruled { sampled: true, .. }));
        Ok(Some((order, if drawn { Unit::Drawn(good) } else { Unit::Other(good) })))
    }

    /// The case of the release of a station's lot, whether it was asked for or not.
    pub(super) fn release_case(&self, station: PersonId, item: &str, lot: &str) -> CaseId {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.store.secret("station-release"));
        let mut context = hmac::Context::with_key(&key);
        context.update(station.0.as_bytes());
        context.update(&(item.len() as u64).to_be_bytes());
        context.update(item.as_bytes());
        context.update(lot.as_bytes());
        CaseId(uuid::Builder::from_custom_bytes(first(&context.sign())).into_uuid())
    }

    /// By what the released lots of an item are found.
    fn series_key(&self, item: &str) -> store::Lookup {
        self.store.lookup("station-lots", item)
    }
}

/// The sample is the plan's number of units that come first by their hash, among all that rules passed.
pub(super) fn stands(mut units: Vec<(u64, Unit)>, plan: Plan) -> LotStands {
    units.sort_by_key(|(order, _)| *order);
    let mut stands = LotStands { accept: plan.accept, ..LotStands::default() };
    for (_, unit) in &units {
        stands.reported += 1;
        match unit {
            Unit::Passed | Unit::Drawn(_) => stands.passed += 1,
            Unit::Other(_) => {}
        }
        match unit {
            Unit::Drawn(Some(false)) | Unit::Other(Some(false)) => stands.rejected += 1,
            Unit::Drawn(None) | Unit::Other(None) => stands.waiting += 1,
            _ => {}
        }
    }
    stands.sample = plan.sample.min(stands.passed);
    let passed = units.iter().filter(|(_, unit)| !matches!(unit, Unit::Other(_)));
    for (_, unit) in passed.take(stands.sample as usize) {
        if let Unit::Drawn(Some(good)) = unit {
            stands.looked_at += 1;
            stands.escaped += u32::from(!good);
        }
    }
    stands
}

/// What the release asks with: all of it counted here.
fn lot_answers(
    station: &Station,
    wish: &LotRelease,
    by: &LotPlan,
    severity: Severity,
    plan: Plan,
    stands: &LotStands,
) -> Answers {
    let (low, high) = exact_interval(stands.escaped, stands.looked_at);
    let million = |rate: f64| format!("{:.0}", rate * 1_000_000.0);
    let level = match by.level {
        InspectionLevel::I => "I",
        InspectionLevel::II => "II",
        InspectionLevel::III => "III",
    };
    debug_assert!(AQLS.contains(&by.aql.as_str()), "the pack check knows the columns");
    [
        ("lot", wish.lot.clone()),
        ("item", wish.item.clone()),
        ("station", station.name.clone()),
        ("size", wish.size.to_string()),
        ("reported", stands.reported.to_string()),
        ("passed", stands.passed.to_string()),
        ("rejected", stands.rejected.to_string()),
        ("waiting", stands.waiting.to_string()),
        ("level", level.to_owned()),
        ("aql", by.aql.clone()),
        ("severity", severity.id().to_owned()),
        ("letter", plan.letter.to_string()),
        ("sample", stands.sample.to_string()),
        ("accept", plan.accept.to_string()),
        ("looked_at", stands.looked_at.to_string()),
        ("escaped", stands.escaped.to_string()),
        ("escape_low", million(low)),
        ("escape_high", million(high)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
