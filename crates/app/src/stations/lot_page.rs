//! One lot, as its page shows it: what came out, which defects lie where, how far its sample is, whether it was released.

use std::collections::BTreeMap;

use casework::{Actor, Officer};
use domain::{CaseId, ParetoRow, PersonId, Severity, Share, Timestamp, from_micros, pareto, severity_after};
use packs::LotPlan;
use store::{InspectedUnit, Line};

use super::line::Counts;
use super::lots::{MAX_LOT, Unit, plan_for, stands};
use super::report::digest;
use super::sides::sides_of;
use super::units::FIRST_UNIT;
use super::{Decided, LotUnit, Sent};
use crate::{App, Error};

/// Units read at once.
const PAGE: i64 = 1_000;
/// Units of a kind that are listed.
const LISTED: usize = 60;

/// How the sample of a station's part of a lot stands (ISO 2859-1): each station's units are a lot of their own.
#[derive(Debug, Clone)]
pub struct Sampling {
    /// The station's name.
    pub station: String,
    /// Units that the plan is for: as many as the release named, or as were reported so far.
    pub size: u32,
    /// How severe inspection is.
    pub severity: Severity,
    /// Units to look at; none where the plan has none for this size.
    pub sample: Option<u32>,
    /// Ac.
    pub accept: u32,
    /// Looked at.
    pub looked_at: u32,
    /// Of those, defective, with the interval of the rate.
    pub escaped: Share,
    /// The release, once it was asked for, and what became of it.
    pub release: Option<(CaseId, Decided)>,
}

/// One lot.
#[derive(Debug, Clone)]
pub struct LotPage {
    /// The handling area.
    pub area: String,
    /// Its units.
    pub counts: Counts,
    /// More than [`MAX_LOT`] were reported; the rest is not in here.
    pub cut: bool,
    /// When the first and the last were reported.
    pub between: (Timestamp, Timestamp),
    /// Defects of its defective units, as the model named them.
    pub pareto: Vec<ParetoRow>,
    /// Its defective units, the latest first, with what was found on them: as many as there are.
    pub ng: Vec<LotUnit>,
    /// Units that wait for a person, the latest first; at most 60 of them.
    pub waiting: Vec<LotUnit>,
    /// Recipes that its units were inspected by, those with the most defective units first.
    pub recipes: Vec<LotRecipe>,
    /// The sample, a station after the other.
    pub samples: Vec<Sampling>,
}

/// A recipe of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotRecipe {
    /// Its name.
    pub name: String,
    /// Units that were defective by it.
    pub ng: u32,
    /// A case that names its template, and the template's SHA-256, hexadecimal.
    pub case: CaseId,
    /// See [`LotRecipe::case`].
    pub template: String,
    /// The template's width and height in pixels, where the picture is here; of the first recipe alone.
    pub sides: Option<(u32, u32)>,
    station: PersonId,
}

/// What is kept of a lot while its units go by.
#[derive(Default)]
struct Gathered {
    counts: Counts,
    stations: BTreeMap<PersonId, Vec<(u64, Unit)>>,
    ng: Vec<LotUnit>,
    waiting: Vec<LotUnit>,
    recipes: BTreeMap<String, LotRecipe>,
    between: Option<(i64, i64)>,
}

impl Gathered {
    fn take(&mut self, row: InspectedUnit, order: u64) {
        self.counts.add(&row.judged, Sent::of(&row.sent), &row.outcome, row.by_person, 1);
        self.stations.entry(PersonId(row.station)).or_default().push((order, Unit::of(&row)));
        let (first, last) = self.between.unwrap_or((row.at, row.at));
        self.between = Some((first.min(row.at), last.max(row.at)));
        if !self.recipes.contains_key(&row.recipe) {
            let recipe = LotRecipe {
                name: row.recipe.clone(),
                ng: 0,
                case: CaseId(row.case_id),
                template: row.template.clone(),
                sides: None,
                station: PersonId(row.station),
            };
            self.recipes.insert(row.recipe.clone(), recipe);
        }
        if let Some(recipe) = self.recipes.get_mut(&row.recipe).filter(|_| row.outcome == "ng") {
            recipe.ng += 1;
        }
        match row.outcome.as_str() {
            "ng" => self.ng.push(row.into()),
            "open" => self.waiting.push(row.into()),
            _ => {}
        }
    }
}

impl App {
    /// A lot of the officer's agency.
    ///
    /// # Errors
    /// As for [`App::line_of`]; [`Error::NotFound`] for a lot without units.
    pub async fn lot_page(&self, officer: &Officer, item: &str, lot: &str) -> Result<LotPage, Error> {
        let line = self.line_of(officer, item)?;
        let mut gathered = Gathered::default();
        let mut after = FIRST_UNIT;
        let cut = loop {
            let page = self.store.units_of_lot(line, lot, after, PAGE).await?;
            let Some(last) = page.last() else { break false };
            after = (last.at, last.case_id);
            for row in page {
                let order = self.order_of(row.case_id);
                gathered.take(row, order);
            }
            if gathered.counts.reported as usize >= MAX_LOT {
                break self.store.units_of_lot(line, lot, after, 1).await?.len() == 1;
            }
        };
        let Gathered { counts, stations, mut ng, mut waiting, recipes, between } = gathered;
        let (first, last) = between.ok_or(Error::NotFound)?;
        let definition = self.definitions.current(item).ok_or(Error::NotFound)?;
        let by = definition.item.rules.as_ref().and_then(|rules| rules.lot_plan.as_ref());
        let mut samples = Vec::new();
        for (station, units) in stations {
            if let Some(by) = by {
                samples.push(self.sampling(line, lot, station, units, by).await?);
            }
        }
        let mut recipes: Vec<LotRecipe> = recipes.into_values().collect();
        recipes.sort_by_key(|recipe| std::cmp::Reverse(recipe.ng));
        if let Some(recipe) = recipes.first_mut() {
            recipe.sides = self.template_sides(recipe.station, &recipe.template).await?;
        }
        ng.reverse();
        waiting.reverse();
        waiting.truncate(LISTED);
        Ok(LotPage {
            area: officer.area.as_str().to_owned(),
            counts,
            cut,
            between: (from_micros(first), from_micros(last)),
            pareto: pareto(ng.iter().map(|unit| unit.findings.iter().map(|found| found.class.as_str()))),
            ng,
            waiting,
            recipes,
            samples,
        })
    }

    /// Width and height of a station's picture, where it is here.
    async fn template_sides(&self, station: PersonId, hex: &str) -> Result<Option<(u32, u32)>, Error> {
        let Some(picture) = digest(hex) else { return Ok(None) };
        let Some(blob) = self.store.station_picture(station.0, &picture).await? else { return Ok(None) };
        let blob = self.store.get_blob(station.0, &blob).await?;
        Ok(blob.and_then(|blob| sides_of(&blob.media_type, &blob.bytes)))
    }

    async fn sampling(
        &self,
        line: Line<'_>,
        lot: &str,
        station: PersonId,
        units: Vec<(u64, Unit)>,
        by: &LotPlan,
    ) -> Result<Sampling, Error> {
        let name = self.name_of(station).await?;
        let reported = u32::try_from(units.len()).unwrap_or(u32::MAX);
        let release = self.released(station, line.item, lot).await?;
        // What the release was decided on stands there, and is not counted anew with what came later.
        let asked = match release {
            Some((id, _)) => Some(self.case_to_act_on(line.area, id, &Actor::System).await?.case),
            None => None,
        };
        let size = asked.as_ref().and_then(|case| case.answers.get("size")?.parse().ok()).unwrap_or(reported);
        let severity = severity_after(&self.lots_before(station, line.item, lot).await?);
        let shown = if severity == Severity::Stopped { Severity::Tightened } else { severity };
        let Some(plan) = plan_for(size, by, shown) else {
            let escaped = Share::of(0, 0);
            return Ok(Sampling {
                station: name,
                size,
                severity,
                sample: None,
                accept: 0,
                looked_at: 0,
                escaped,
                release,
            });
        };
        let stands = stands(units, plan);
        Ok(Sampling {
            station: name,
            size,
            severity,
            sample: Some(stands.sample),
            accept: plan.accept,
            looked_at: stands.looked_at,
            escaped: Share::of(stands.escaped, stands.looked_at),
            release,
        })
    }

    /// The release of a station's lot, where it was asked for.
    pub(super) async fn released(
        &self,
        station: PersonId,
        item: &str,
        lot: &str,
    ) -> Result<Option<(CaseId, Decided)>, Error> {
        let id = self.release_case(station, item, lot);
        let Some(mine) = self.store.my_case(station.0, id.0).await? else { return Ok(None) };
        let found = self.store.case_row(&mine.area, id.0).await?;
        Ok(found.map(|row| {
            let decided = match row.view.outcome.as_deref() {
                Some("granted") => Decided::Ok,
                Some("refused") => Decided::Ng,
                Some(_) => Decided::Ended,
                None => Decided::Review,
            };
            (id, decided)
        }))
    }
}
