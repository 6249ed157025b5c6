//! What an agency's officers see of its line: how it runs now, its lots, and how its model judges over time. Everything is
//! counted from the rows of units; no case is opened but that of a lot's release.

use casework::Officer;
use domain::{
    Call, DRIFT_BASE, DRIFT_WATCHED, Drift, PersonId, Share, Timestamp, drift, from_micros, micros,
};
use packs::{Role, ServiceItem};
use store::{Line, UnitCall, UnitTally};

use super::{Decided, LotUnit, Sent};
use crate::{App, Error};

/// Roles that look at a line.
const ROLES: [Role; 4] = [Role::REVIEW, Role::DECIDE, Role::SUPERVISE, Role::HEAD];
/// A station that is quiet for longer is silent (µs): a line has its pauses.
const SILENT: i64 = 15 * 60 * 1_000_000;
/// A day (µs), and how much earlier than at Greenwich it begins in Beijing.
const DAY: i64 = 86_400_000_000;
/// Models of an item whose drift is looked at, the last ones asked.
const MOST_MODELS: usize = 4;
const EIGHT_HOURS: i64 = 28_800_000_000;

/// How many units came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Units that were reported.
    pub reported: u32,
    /// Good, by whomever.
    pub ok: u32,
    /// Defective, by whomever.
    pub ng: u32,
    /// Waiting for a person.
    pub waiting: u32,
    /// Passed by rule, those drawn for a look included.
    pub passed: u32,
    /// Decided by a person.
    pub by_person: u32,
    /// Drawn for a look.
    pub drawn: u32,
    /// Of those, looked at.
    pub looked_at: u32,
    /// Of those, defective: they would have escaped.
    pub escaped: u32,
    /// The model called it defective or was unsure, and a person looked.
    pub called: u32,
    /// Of those, good: overkill.
    pub overkill: u32,
}

impl Counts {
    /// Counts `n` units that are alike.
    pub(super) fn add(&mut self, judged: &str, sent: Sent, outcome: &str, by_person: bool, n: u32) {
        let (ok, ng) = (outcome == "ok", outcome == "ng");
        let count = |yes: bool| if yes { n } else { 0 };
        self.reported += n;
        self.ok += count(ok);
        self.ng += count(ng);
        self.waiting += count(outcome == "open");
        self.passed += count(sent == Sent::Sample || sent == Sent::Rule && ok);
        self.by_person += count(by_person);
        self.drawn += count(sent == Sent::Sample);
        let looked = sent == Sent::Sample && by_person && (ok || ng);
        self.looked_at += count(looked);
        self.escaped += count(looked && ng);
        let called = matches!(judged, "ng" | "unsure") && by_person && (ok || ng);
        self.called += count(called);
        self.overkill += count(called && ok);
    }

    fn tally(rows: &[UnitTally]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            let n = u32::try_from(row.n).unwrap_or(u32::MAX);
            counts.add(&row.judged, Sent::of(&row.sent), &row.outcome, row.by_person, n);
        }
        counts
    }

    /// Good ones among those that are decided.
    #[must_use]
    pub fn yields(&self) -> Share {
        Share::of(self.ok, self.ok + self.ng)
    }

    /// Passed at first, by rule, among all that were reported.
    #[must_use]
    pub fn first_pass(&self) -> Share {
        Share::of(self.passed, self.reported)
    }

    /// Defective ones among what rules passed and a person looked at.
    #[must_use]
    pub fn escapes(&self) -> Share {
        Share::of(self.escaped, self.looked_at)
    }

    /// Good ones among what the model had called defective or doubtful and a person looked at.
    #[must_use]
    pub fn overkills(&self) -> Share {
        Share::of(self.overkill, self.called)
    }
}

/// A station of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineStation {
    /// Its name.
    pub name: String,
    /// When it last asked for anything, to the minute.
    pub used: Option<Timestamp>,
    /// It has not for a quarter of an hour.
    pub silent: bool,
}

/// How a line runs now.
#[derive(Debug, Clone)]
pub struct LineNow {
    /// The unit that was reported last.
    pub last: Option<LotUnit>,
    /// Today's units.
    pub today: Counts,
    /// All that wait for a person, today's or not.
    pub waiting: u32,
    /// The agency's stations that are not revoked.
    pub stations: Vec<LineStation>,
    /// The model that judged last.
    pub model: Option<String>,
    /// How it judges beside how it did when it was new; none while there are too few calls.
    pub drift: Option<Drift>,
}

/// How the units of a day came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineDay {
    /// When it begins.
    pub at: Timestamp,
    /// Its units.
    pub counts: Counts,
}

/// A lot in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotLine {
    /// Code of the item.
    pub item: String,
    /// The lot.
    pub lot: String,
    /// When its first unit was reported.
    pub first: Timestamp,
    /// When its last unit was.
    pub last: Timestamp,
    /// Its units.
    pub counts: Counts,
    /// What became of its release, where that was asked for: the worst of its stations'.
    pub release: Option<Decided>,
}

fn midnight(now: i64) -> i64 {
    (now + EIGHT_HOURS).div_euclid(DAY) * DAY - EIGHT_HOURS
}

fn call(row: &UnitCall) -> Call {
    let score = u32::try_from(row.score).unwrap_or_default();
    Call { doubtful: Sent::of(&row.sent) == Sent::Person, score }
}

impl App {
    /// The items that the stations of an officer's agency report to; empty where it has no line.
    #[must_use]
    pub fn line_items(&self, officer: &Officer) -> Vec<&ServiceItem> {
        let takes = |item: &ServiceItem| {
            item.form.pages.iter().flat_map(|page| &page.fields).any(|field| field.name == "judged")
        };
        let own = |item: &&ServiceItem| {
            item.online()
                && item.for_things()
                && item.agency == officer.agency
                && item.area == officer.area
                && takes(item)
        };
        self.catalogue.items.iter().filter(own).collect()
    }

    /// Whether this officer may look at a line.
    #[must_use]
    pub fn sees_line(&self, officer: &Officer) -> bool {
        officer.roles.iter().any(|role| ROLES.contains(role)) && !self.line_items(officer).is_empty()
    }

    /// The line of an officer's agency.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an agency without this item for things; [`Error::Forbidden`] without a role that reviews,
    /// decides or supervises.
    pub fn line_of<'a>(&self, officer: &'a Officer, item: &'a str) -> Result<Line<'a>, Error> {
        if !self.line_items(officer).iter().any(|own| own.code == item) {
            return Err(Error::NotFound);
        }
        if !self.sees_line(officer) {
            return Err(Error::Forbidden);
        }
        Ok(Line { area: officer.area.as_str(), agency: &officer.agency, item })
    }

    /// The item whose unit was reported last.
    ///
    /// # Errors
    /// As for [`App::line_of`].
    pub async fn latest_item(&self, officer: &Officer) -> Result<Option<String>, Error> {
        let mut latest = None;
        for item in self.line_items(officer) {
            let line = self.line_of(officer, &item.code)?;
            let unit = self.store.units_between(line, 0, i64::MAX, 1).await?.pop();
            latest = latest.max(unit.map(|unit| (unit.at, item.code.clone())));
        }
        Ok(latest.map(|(_, item)| item))
    }

    /// How a line runs now.
    ///
    /// # Errors
    /// As for [`App::line_of`].
    pub async fn line_now(&self, officer: &Officer, item: &str) -> Result<LineNow, Error> {
        let line = self.line_of(officer, item)?;
        let now = micros(self.now());
        let last = self.store.units_between(line, 0, i64::MAX, 1).await?.pop().map(LotUnit::from);
        let model = last.as_ref().map(|unit| unit.model.clone());
        let today = Counts::tally(&self.store.tally_since(line, midnight(now)).await?);
        let waiting = u32::try_from(self.store.open_units(line).await?).unwrap_or(u32::MAX);
        let (model, drift) = self.drifting(line, model).await?;
        let stations = self.stations_of_line(&officer.agency, now).await?;
        Ok(LineNow { last, today, waiting, stations, model, drift })
    }

    /// The model that an alarm is about, else the one that was asked last: where two stations have a model each, the call of
    /// one does not put out the alarm of the other.
    async fn drifting(
        &self,
        line: Line<'_>,
        last: Option<String>,
    ) -> Result<(Option<String>, Option<Drift>), Error> {
        let mut calls = self.store.last_calls(line, DRIFT_WATCHED as i64).await?;
        calls.reverse();
        let mut models: Vec<String> = last.into_iter().collect();
        for call in calls.iter().rev() {
            if models.len() < MOST_MODELS && !models.contains(&call.model) {
                models.push(call.model.clone());
            }
        }
        let mut shown = None;
        for model in models {
            let drift = self.drift_of(line, &model, &calls).await?;
            let alarm = drift.as_ref().is_some_and(Drift::alarm);
            if alarm || shown.is_none() {
                shown = Some((model, drift));
            }
            if alarm {
                break;
            }
        }
        Ok(shown.map_or((None, None), |(model, drift)| (Some(model), drift)))
    }

    /// The model's first calls on this item, and its last ones after those, the latest last.
    async fn drift_of(&self, line: Line<'_>, model: &str, last: &[UnitCall]) -> Result<Option<Drift>, Error> {
        let first = self.store.first_calls(line, model, DRIFT_BASE as i64).await?;
        let Some(end) = first.last().map(|row| row.at).filter(|_| first.len() == DRIFT_BASE) else {
            return Ok(None);
        };
        let last = last.iter().filter(|row| row.model == model && row.at > end).map(call);
        let first: Vec<Call> = first.iter().map(call).collect();
        Ok(drift(&first, &last.collect::<Vec<_>>()))
    }

    async fn stations_of_line(&self, agency: &str, now: i64) -> Result<Vec<LineStation>, Error> {
        let Ok(code) = agency.parse() else { return Ok(Vec::new()) };
        let Some(organisation) = self.organisation(&code).await? else { return Ok(Vec::new()) };
        let mut stations = Vec::new();
        for row in self.store.stations_of(organisation.0).await? {
            if row.revoked_at.is_none() {
                stations.push(LineStation {
                    name: self.name_of(PersonId(row.id)).await?,
                    used: row.used_at.map(from_micros),
                    silent: row.used_at.is_none_or(|used| now - used > SILENT),
                });
            }
        }
        Ok(stations)
    }

    /// How the units of the last days came out, the first day first; days without units are left out.
    ///
    /// # Errors
    /// As for [`App::line_of`].
    pub async fn line_days(&self, officer: &Officer, item: &str, days: u8) -> Result<Vec<LineDay>, Error> {
        let line = self.line_of(officer, item)?;
        let today = midnight(micros(self.now()));
        let from = today - (i64::from(days.max(1)) - 1) * DAY;
        let mut found: Vec<LineDay> = Vec::new();
        let mut rows = self.store.tally_days(line, from, today + DAY).await?;
        rows.sort_by_key(|row| row.day);
        for row in rows {
            let at = from_micros(row.day * DAY - EIGHT_HOURS);
            if found.last().is_none_or(|day| day.at != at) {
                found.push(LineDay { at, counts: Counts::default() });
            }
            if let Some(day) = found.last_mut() {
                let n = u32::try_from(row.n).unwrap_or(u32::MAX);
                day.counts.add(&row.judged, Sent::of(&row.sent), &row.outcome, row.by_person, n);
            }
        }
        Ok(found)
    }

    /// A page of an agency's lots that began before an instant (µs), the latest first, and where the next one begins.
    ///
    /// # Errors
    /// As for [`App::line_of`], of whichever item.
    pub async fn line_lots(
        &self,
        officer: &Officer,
        before: i64,
        limit: i64,
    ) -> Result<(Vec<LotLine>, Option<i64>), Error> {
        let items = self.line_items(officer);
        self.line_of(officer, items.first().map(|item| item.code.as_str()).unwrap_or_default())?;
        let area = officer.area.as_str();
        let mut rows = self.store.lots_latest(area, &officer.agency, before, limit + 1).await?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or_default());
        let next = rows.last().filter(|_| more).map(|row| row.first_at);
        let mut lots = Vec::with_capacity(rows.len());
        for row in rows {
            let line = Line { area, agency: &officer.agency, item: &row.item };
            let tally = self.store.tally_lot(line, &row.lot).await?;
            let mut stations: Vec<_> = tally.iter().map(|row| PersonId(row.station)).collect();
            stations.sort_unstable();
            stations.dedup();
            let mut release = None;
            for station in stations {
                let asked = self.released(station, &row.item, &row.lot).await?;
                release = release.max(asked.map(|(_, decided)| decided));
            }
            lots.push(LotLine {
                counts: Counts::tally(&tally),
                first: from_micros(row.first_at),
                last: from_micros(tally.iter().map(|row| row.last_at).max().unwrap_or(row.first_at)),
                release,
                item: row.item,
                lot: row.lot,
            });
        }
        Ok((lots, next))
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, DAY, midnight};
    use crate::stations::Sent;

    #[test]
    fn a_unit_counts_where_it_belongs() {
        let mut counts = Counts::default();
        counts.add("ok", Sent::Rule, "ok", false, 90);
        counts.add("ng", Sent::Rule, "ng", false, 4);
        counts.add("ok", Sent::Sample, "ok", true, 3);
        counts.add("ok", Sent::Sample, "ng", true, 1);
        counts.add("ok", Sent::Sample, "open", false, 1);
        counts.add("unsure", Sent::Person, "ok", true, 5);
        counts.add("ng", Sent::Person, "ng", true, 2);
        counts.add("cannot-judge", Sent::Person, "ok", true, 1);
        counts.add("unsure", Sent::Person, "open", false, 2);
        let expected = Counts {
            reported: 109,
            ok: 99,
            ng: 7,
            waiting: 3,
            passed: 95,
            by_person: 12,
            drawn: 5,
            looked_at: 4,
            escaped: 1,
            called: 7,
            overkill: 5,
        };
        assert_eq!(counts, expected);
        assert_eq!((counts.yields().found, counts.yields().all), (99, 106));
    }

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        // 2026-11-24 00:30 there is 16:30 of the day before at Greenwich.
        let at = 1_795_451_400_000_000;
        assert_eq!(midnight(at), at - 30 * 60 * 1_000_000);
        assert_eq!(midnight(midnight(at)), midnight(at));
        assert_eq!(midnight(midnight(at) - 1), midnight(at) - DAY);
    }
}
