//! 特别程序 in a part of a joint case: while one agency inspects or hears, the joint case's own clocks stand
//! still with the part's (行政许可法 art. 45: the time needed is not counted in the periods of its section, the
//! forty-five days of art. 42(2) among them).
//!
//! A part tells all its stops each time, so that word that comes twice, late or in another order leads to the same.

use std::collections::BTreeMap;

use domain::{Calendar, CaseId, Date};
use packs::Special;
use serde::{Deserialize, Serialize};

use crate::branches::BranchCase;
use crate::case::{Case, Status};
use crate::clock::Running;
use crate::command::Facts;
use crate::decide::event;
use crate::definition::Definition;
use crate::event::{Event, What};
use crate::refusal::{Refusal, Rule};

/// A time in which the decision clock of a part stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// What was waited for.
    pub kind: Special,
    /// The day it began; the days after it are not counted.
    pub since: Date,
    /// The day it ended; none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The joint case's clocks have been given its days back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counted: bool,
}

/// All stops of a case, in the order they began: its own, and those of its parts where it is a joint case itself.
#[must_use]
pub fn stops_of(events: &[Event], calendar: &Calendar) -> Vec<Stop> {
    let mut stops: Vec<Stop> = Vec::new();
    let mut own = None;
    let mut of_parts: BTreeMap<(CaseId, usize), usize> = BTreeMap::new();
    for event in events {
        match &event.what {
            What::Suspended { kind, since, .. } => {
                own = Some(stops.len());
                stops.push(Stop { kind: *kind, since: *since, on: None, counted: false });
            }
            What::Resumed { on, .. } => {
                if let Some(stop) = own.take().and_then(|at| stops.get_mut(at)) {
                    stop.on = Some(*on);
                }
            }
            What::PartStopped { case, stops: told, .. } => {
                for (nth, stop) in told.iter().enumerate() {
                    let next = stops.len();
                    let at = *of_parts.entry((*case, nth)).or_insert(next);
                    let stop = Stop { counted: false, ..*stop };
                    match stops.get_mut(at) {
                        Some(known) => *known = stop,
                        None => stops.push(stop),
                    }
                }
            }
            // Whatever was waited for, it is over.
            What::Closed { .. } | What::DeemedGranted { .. } => {
                let day = calendar.date_of(event.at);
                let open = stops.iter_mut().filter(|stop| stop.on.is_none());
                open.for_each(|stop| stop.on = Some(day.max(stop.since)));
            }
            _ => {}
        }
    }
    stops
}

/// What a part tells of its stops. What is known already, and what an ended part or one of an earlier round
/// tells, changes nothing.
pub(crate) fn tell(
    definition: &Definition,
    case: &Case,
    branch: String,
    part: CaseId,
    told: &[Stop],
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let at = case.branches.iter().position(|known| known.branch == branch).ok_or(Rule::NoSuchBranch)?;
    let mut after = case.branches.clone();
    let Some(known) = after.get_mut(at).filter(|known| known.case == part && known.outcome.is_none()) else {
        return Ok(Vec::new());
    };
    learn(&mut known.stops, told);
    let stops = known.stops.clone();
    if case.status != Status::WithAgencies || case.branches.get(at).is_some_and(|known| known.stops == stops)
    {
        return Ok(Vec::new());
    }
    let still = after.iter().any(|part| open(part).is_some());
    let moved = |clock: &Option<Running>| {
        let clock = clock.as_ref()?;
        Some(if still { clock.clone() } else { given_back(definition, &after, clock, facts.calendar) })
    };
    let (clock, behind) = (moved(&case.clock), moved(&case.behind));
    Ok(vec![event(facts, What::PartStopped { branch, case: part, stops, clock, behind }, None)])
}

/// Later word knows more: further stops, and ends of those that went on.
fn learn(known: &mut Vec<Stop>, told: &[Stop]) {
    for (nth, stop) in told.iter().enumerate() {
        match known.get_mut(nth) {
            Some(known) if known.on.is_none() => known.on = stop.on,
            Some(_) => {}
            None => known.push(Stop { counted: false, ..*stop }),
        }
    }
}

/// The fold of [`What::PartStopped`].
pub(crate) fn stopped(case: &mut Case, branch: &str, part: CaseId, stops: &[Stop]) {
    let named = |known: &&mut BranchCase| known.branch == branch && known.case == part;
    if let Some(known) = case.branches.iter_mut().find(named) {
        known.stops = stops.to_vec();
    }
    if case.branches.iter().all(|part| open(part).is_none()) {
        let stops = case.branches.iter_mut().flat_map(|part| &mut part.stops);
        stops.filter(|stop| stop.on.is_some()).for_each(|stop| stop.counted = true);
    }
}

/// The stop that a part is in now.
pub(crate) fn open(part: &BranchCase) -> Option<&Stop> {
    part.stops.iter().rev().find(|stop| part.outcome.is_none() && stop.on.is_none())
}

/// The day after which the clocks of a joint case have stood still for its parts, while they do.
#[must_use]
pub fn still_since(case: &Case) -> Option<Date> {
    case.stopped_by().next()?;
    let stops = case.branches.iter().flat_map(|part| &part.stops);
    stops.filter(|stop| !stop.counted).map(|stop| stop.since).min()
}

/// The clock without the days of the stops that are over and were not given back before. A day on which two
/// parts stood still is one day.
fn given_back(
    definition: &Definition,
    parts: &[BranchCase],
    clock: &Running,
    calendar: &Calendar,
) -> Running {
    let stops: Vec<(Date, Date, bool)> = parts
        .iter()
        .flat_map(|part| &part.stops)
        .filter_map(|stop| Some((stop.since, stop.on?, stop.counted)))
        .collect();
    let mut edges: Vec<Date> = stops.iter().flat_map(|(since, on, _)| [*since, *on]).collect();
    edges.sort_unstable();
    edges.dedup();
    let unit = definition.item.statutory.unwrap_or(clock.limit).unit;
    let within = |(from, to): (Date, Date), counted: bool| {
        stops.iter().any(|stop| stop.0 <= from && to <= stop.1 && stop.2 == counted)
    };
    let spans = edges.iter().zip(edges.iter().skip(1)).map(|(from, to)| (*from, *to));
    // What adjoins is one stretch: a clock that has no day left would gain one at a seam on a day off.
    let mut stretches: Vec<(Date, Date)> = Vec::new();
    for (from, to) in spans.filter(|span| within(*span, false) && !within(*span, true)) {
        match stretches.last_mut().filter(|last| last.1 == from) {
            Some(last) => last.1 = to,
            None => stretches.push((from, to)),
        }
    }
    stretches.into_iter().fold(clock.clone(), |clock, (from, to)| clock.resumed(from, to, unit, calendar))
}
