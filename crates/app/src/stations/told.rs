//! What is told of a station's cases elsewhere: a unit and a release, without anybody's name.

use casework::{By, Case, Event, Outcome, Status, What};
use domain::Timestamp;
use exchange::{Decided, Finding, Judged, Unit, Verification};
use serde_json::{Map, Value};

/// What a release is told by: counts as numbers, the rest as texts.
const COUNTED: [&str; 11] = [
    "size",
    "reported",
    "passed",
    "rejected",
    "waiting",
    "sample",
    "accept",
    "looked_at",
    "escaped",
    "escape_low",
    "escape_high",
];
const WORDS: [&str; 7] = ["lot", "item", "station", "level", "aql", "severity", "letter"];

/// A unit; none where the case is no unit's, or its answers are gone.
pub(crate) fn inspected_unit(case: &Case, events: &[Event]) -> Option<Unit> {
    let text = |name: &str| case.answers.get(name).cloned();
    let number = |name: &str| case.answers.get(name).and_then(|text| text.parse().ok());
    let decided = match case.status {
        Status::Closed(Outcome::Granted) => Decided::Ok,
        Status::Closed(Outcome::Refused) => Decided::Ng,
        Status::Closed(_) => Decided::Ended,
        _ => Decided::Review,
    };
    let by_officer = events.iter().any(|event| matches!(event.by, By::Officer { .. }));
    let mut findings: Vec<Finding> =
        text("findings").unwrap_or_default().lines().filter_map(Finding::read).collect();
    if by_officer && decided == Decided::Ok {
        // Whoever found the unit good found none of it.
        findings.iter_mut().for_each(|finding| finding.verification = Verification::DefectRejected);
    }
    Some(Unit {
        case: case.id.0,
        serial: text("serial")?,
        lot: text("lot")?,
        recipe: text("recipe")?,
        station: text("station")?,
        model: text("model")?,
        judged: Judged::named(&text("judged")?)?,
        obstacle: text("obstacle"),
        score: number("score").unwrap_or_default(),
        found: number("found").unwrap_or_default(),
        findings,
        decided,
        by_person: by_officer || decided == Decided::Review,
        taken: text("taken").and_then(|taken| taken.parse().ok()),
        reported: case.received,
        decided_at: closed_at(events).filter(|_| decided != Decided::Review),
    })
}

/// `lot.released` or `lot.held_back`, and what is told of it; none where the case is no release, or is open.
pub(crate) fn released_lot(case: &Case, events: &[Event]) -> Option<(&'static str, Value)> {
    let kind = match case.status {
        Status::Closed(Outcome::Granted) => "lot.released",
        Status::Closed(Outcome::Refused) => "lot.held_back",
        _ => return None,
    };
    if !case.answers.contains_key("escaped") || !case.answers.contains_key("lot") {
        return None;
    }
    let mut told = Map::new();
    told.insert("case".to_owned(), case.id.0.to_string().into());
    told.insert("number".to_owned(), case.number.as_str().into());
    let by_person = events.iter().any(|event| matches!(event.by, By::Officer { .. }));
    told.insert("by_person".to_owned(), by_person.into());
    for name in WORDS {
        told.insert(name.to_owned(), case.answers.get(name).cloned().into());
    }
    for name in COUNTED {
        told.insert(name.to_owned(), case.answers.get(name).and_then(|text| text.parse::<u64>().ok()).into());
    }
    Some((kind, Value::Object(told)))
}

fn closed_at(events: &[Event]) -> Option<Timestamp> {
    events.iter().rev().find(|event| matches!(event.what, What::Closed { .. })).map(|event| event.at)
}
