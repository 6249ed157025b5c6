//! What must hold within one case: its chain, its outcomes, its days, its parts.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Date, micros};
use serde_json::Value;
use store::{EventRow, StoredCase};
use uuid::Uuid;

use crate::oracle::{Days, hex, link};
use crate::world::Fault;

const HOUR: i64 = 3_600_000_000;

/// The hashes computed anew, each over the one before it.
pub(crate) fn chain(stored: &StoredCase) -> Result<(), Fault> {
    let mut before = vec![0; 32];
    for event in &stored.events {
        let right = link(&before, &stored.row.area, stored.row.id, event);
        if right != hex(&event.hash) || event.prev_hash != before {
            return Err(format!(
                "chain: event {} of {} is not linked to those before it",
                event.seq, stored.row.id
            ));
        }
        before.clone_from(&event.hash);
    }
    Ok(())
}

/// One outcome a round, one delivery a round, time that never runs backwards.
pub(crate) fn outcomes(stored: &StoredCase) -> Result<(), Fault> {
    let id = stored.row.id;
    let count = |kind: &str| stored.events.iter().filter(|event| event.kind == kind).count();
    let rounds = 1 + count("reopened");
    if count("closed") > rounds || count("delivered") > rounds || count("issued") > rounds {
        return Err(format!("one outcome: case {id} was closed or delivered twice in a round"));
    }
    for pair in stored.events.windows(2) {
        if pair[1].at < pair[0].at {
            return Err(format!("time: event {} of {id} is before the one before it", pair[1].seq));
        }
    }
    Ok(())
}

/// The clear part of an event.
pub(crate) fn data(event: &EventRow) -> Result<Value, Fault> {
    serde_json::from_str(&event.data).map_err(|error| format!("reading: {error}"))
}

fn day(value: &Value) -> Option<Date> {
    value.as_str().and_then(|text| text.parse().ok())
}

/// The civil day of an instant: China's time, no tables.
fn day_of(at: i64) -> Result<Date, Fault> {
    let shifted = domain::from_micros(at + 8 * HOUR).to_string();
    shifted.get(..10).and_then(|text| text.parse().ok()).ok_or_else(|| format!("time: {at} has no day"))
}

/// The clocks of one case, counted anew day by day from its events.
struct Clocks<'a> {
    id: Uuid,
    days: &'a Days,
    /// The last day of acceptance, of a timer, and of a suspension as it was told, while each runs.
    acceptance: Option<Date>,
    timer: Option<Date>,
    held: Option<Date>,
    /// The last day of the decision, and the law's where that is later.
    decision: Option<Date>,
    in_law: Option<Date>,
    /// In which days the parts of a joint case stood still, by their cases.
    still: BTreeMap<String, Vec<(Date, Option<Date>)>>,
    lengthened: bool,
}

/// Every clock, counted anew; none that takes effect by itself is overdue.
pub(crate) fn clocks(stored: &StoredCase, days: &Days, now: domain::Timestamp) -> Result<(), Fault> {
    let id = stored.row.id;
    let mut clocks = Clocks {
        id,
        days,
        acceptance: None,
        timer: None,
        held: None,
        decision: None,
        in_law: None,
        still: BTreeMap::new(),
        lengthened: false,
    };
    for event in &stored.events {
        clocks.follow(event, day_of(event.at)?)?;
    }
    if stored.row.view.status == "waiting" && clocks.timer.is_none() {
        return Err(format!("replay: {id} is said to wait for a timer that nothing has begun"));
    }
    let today = day_of(micros(now))?;
    let overdue = |last: Option<Date>| last.filter(|last| today > *last);
    let waits = [(clocks.acceptance, "acceptance"), (clocks.timer, "a timer"), (clocks.held, "a suspension")];
    match waits.into_iter().find_map(|(last, what)| Some((overdue(last)?, what))) {
        Some((last, what)) => Err(format!("deadline: {what} of {id} was over on {last} and took no effect")),
        None => Ok(()),
    }
}

impl Clocks<'_> {
    fn follow(&mut self, event: &EventRow, on: Date) -> Result<(), Fault> {
        let value = data(event)?;
        let last = day(&value["clock"]["last_day"]);
        let kind = event.kind.as_str();
        self.counted(event, &value["clock"], on)?;
        match kind {
            "submitted" | "corrected" | "confirmed" => self.acceptance = last,
            "correction-asked" => self.acceptance = None,
            "accepted" | "deemed-accepted" | "reopened" => {
                if kind == "deemed-accepted" && self.acceptance.is_none_or(|last| on <= last) {
                    return Err(
                        self.wrong(format!("taken as accepted on {on}, before {:?}", self.acceptance))
                    );
                }
                (self.acceptance, self.decision) = (None, last);
                self.in_law = day(&value["clock"]["statutory_last_day"]);
            }
            "step-began" if value["step"] == "notice" => self.timer = last,
            "wait-over" => {
                if self.timer.is_none_or(|last| on <= last) {
                    return Err(
                        self.wrong(format!("the timer took effect on {on}, not after {:?}", self.timer))
                    );
                }
                self.timer = None;
            }
            "suspended" => self.held = last,
            "hearing-requested" | "hearing-scheduled" => self.held = None,
            "resumed" => self.resumed(&value, last)?,
            "extended" => self.extended(&value, last)?,
            "part-held" | "part-freed" => self.part_stopped(&value, last)?,
            "closed" => (self.acceptance, self.timer, self.held) = (None, None, None),
            _ => {}
        }
        Ok(())
    }

    fn wrong(&self, what: String) -> Fault {
        format!("deadline: {}: {what}", self.id)
    }

    /// A clock of whole days that an event sets running, from the day of that event.
    fn counted(&self, event: &EventRow, clock: &Value, on: Date) -> Result<(), Fault> {
        let kind = event.kind.as_str();
        let (Some(from), Some(last), Some(limit), None) = (
            day(&clock["from"]),
            day(&clock["last_day"]),
            clock["limit"]["days"].as_u64(),
            clock["limit"]["quarters"].as_u64(),
        ) else {
            return Ok(());
        };
        if matches!(kind, "resumed" | "extended" | "part-held" | "part-freed") {
            return Ok(());
        }
        if kind != "deemed-accepted" && kind != "deemed-granted" && from != on {
            return Err(self.wrong(format!("{kind} on {on} counts from {from}")));
        }
        let workdays = clock["limit"]["unit"] == "workday";
        let right = if workdays { self.days.after(from, limit) } else { self.days.natural(from, limit) };
        if right != last {
            return Err(self.wrong(format!("{kind}: {limit} days after {from} are {right}, not {last}")));
        }
        Ok(())
    }

    /// The days of a suspension are not counted.
    fn resumed(&mut self, value: &Value, last: Option<Date>) -> Result<(), Fault> {
        self.held = None;
        let (Some(since), Some(on)) = (day(&value["since"]), day(&value["on"])) else { return Ok(()) };
        let moved = |before: Date| {
            let idle = on <= since || since > before;
            if idle { before } else { self.days.after(on, self.days.between(since, before)) }
        };
        let workdays = value["clock"]["limit"]["unit"] == "workday";
        let in_law = day(&value["clock"]["statutory_last_day"]);
        for (before, after) in [(self.decision, last), (self.in_law, in_law)] {
            if let (true, Some(before), Some(after)) = (workdays, before, after)
                && moved(before) != after
            {
                let right = moved(before);
                let text =
                    format!("still from {since} to {on}: its last day {before} becomes {right}, not {after}");
                return Err(self.wrong(text));
            }
        }
        (self.decision, self.in_law) = (last.or(self.decision), in_law);
        Ok(())
    }

    /// So many days more, counted from its last day in law.
    fn extended(&mut self, value: &Value, last: Option<Date>) -> Result<(), Fault> {
        let (Some(before), Some(after), Some(limit)) =
            (self.in_law.or(self.decision), last, value["limit"]["days"].as_u64())
        else {
            return Ok(());
        };
        let right = self.days.after(before, limit);
        if right != after {
            return Err(self.wrong(format!("{limit} days more than {before} are {right}, not {after}")));
        }
        (self.decision, self.in_law, self.lengthened) = (last, None, true);
        Ok(())
    }

    /// A day on which any part stood still is none of the joint case's, once none does any more.
    fn part_stopped(&mut self, value: &Value, last: Option<Date>) -> Result<(), Fault> {
        let stops = value["stops"].as_array().into_iter().flatten();
        let stops = stops.filter_map(|stop| Some((day(&stop["since"])?, day(&stop["on"])))).collect();
        self.still.insert(value["case"].to_string(), stops);
        let all: Vec<_> = self.still.values().flatten().copied().collect();
        let over: Vec<_> = all.iter().filter_map(|(since, on)| Some((*since, (*on)?))).collect();
        let clock = &value["clock"];
        let limit = clock["limit"]["days"].as_u64().filter(|_| clock["limit"]["unit"] == "workday");
        if let (Some(from), Some(after), Some(limit)) = (day(&clock["from"]), last, limit)
            && over.len() == all.len()
            && !self.lengthened
        {
            let right = self.days.after_still(from, limit, &over);
            if right != after {
                return Err(
                    self.wrong(format!("its parts stood still: its last day is {right}, not {after}"))
                );
            }
        }
        (self.decision, self.in_law) = (last.or(self.decision), day(&clock["statutory_last_day"]));
        Ok(())
    }
}

/// Items whose permit two officers have to review.
const BY_TWO: [&str; 2] = ["ex-permit", "ex-shop~licence"];

/// A grant follows the reviews of two different officers in its round.
pub(crate) fn officers(stored: &StoredCase) -> Result<(), Fault> {
    if !BY_TWO.contains(&stored.row.view.item.as_str()) {
        return Ok(());
    }
    let mut reviewers = BTreeSet::new();
    for event in &stored.events {
        match event.kind.as_str() {
            "reviewed" => _ = reviewers.insert(data(event)?["by"]["id"].to_string()),
            "reopened" => reviewers.clear(),
            "granted" if reviewers.len() < 2 => {
                return Err(format!("officers: {} was granted after fewer than two reviews", stored.row.id));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Each part of a joint case is one case of its own, and no other; each side knows how the other ended.
pub(crate) fn parts(stored: &StoredCase, all: &BTreeMap<Uuid, StoredCase>) -> Result<(), Fault> {
    let (id, open) = (stored.row.id, stored.row.view.open);
    let (mut named, mut ended) = (BTreeMap::new(), Vec::new());
    for event in &stored.events {
        let value = data(event)?;
        let branches = value["branches"].as_array().filter(|_| event.kind == "branched");
        for part in branches.into_iter().flatten() {
            let case: Uuid = part["case"].as_str().and_then(|text| text.parse().ok()).unwrap_or_default();
            named.insert(case, part["branch"].clone());
        }
        if event.kind == "branch-ended" {
            ended.push(value["branch"].clone());
        }
    }
    for part in all.values().filter(|part| part.row.view.part_of == Some(id)) {
        let case = part.row.id;
        let Some(branch) = named.remove(&case) else {
            return Err(format!("parts: {case} is no part that {id} knows"));
        };
        let told = ended.iter().filter(|known| **known == branch).count();
        if told > 1 || (open && told == 0 && !part.row.view.open) {
            return Err(format!("parts: {id} was told {told} times that {case} has ended"));
        }
        if !open && undecided(part)? {
            return Err(format!("parts: {case} goes on, and {id} has ended"));
        }
    }
    match named.keys().next() {
        Some(part) if open => Err(format!("parts: {part} of {id} was never opened")),
        _ => Ok(()),
    }
}

/// Whether a case is open, was not decided, and was not taken up again.
fn undecided(stored: &StoredCase) -> Result<bool, Fault> {
    let case: Value =
        serde_json::from_str(&stored.row.view.view).map_err(|error| format!("reading: {error}"))?;
    let reopened = stored.events.iter().any(|event| event.kind == "reopened");
    Ok(stored.row.view.open && case["decision"].is_null() && !reopened)
}
