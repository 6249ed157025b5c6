//! Which clock ran when, read back from the events.

use casework::{Actor, Begun, ClockKind, Command, Ending, Finding, Segment, clock_history};
use domain::{Date, Limit};
use packs::Special;

use crate::given::{Bench, applicant, at, chief, clerk, colleague, review};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn history(bench: &Bench, on: &str) -> Vec<Segment> {
    clock_history(&bench.events, at(on, 12), &bench.calendar)
}

#[test]
fn a_stretch_ends_with_what_it_waited_for() {
    let seen = history(&Bench::accepted(), "2026-02-25");
    let [acceptance, decision] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((acceptance.kind, acceptance.ending), (ClockKind::Acceptance, Ending::Done));
    assert_eq!((acceptance.from, acceptance.to), (day("2026-02-12"), Some(day("2026-02-13"))));
    assert_eq!((acceptance.days, acceptance.late), (1, false));
    assert_eq!((decision.kind, decision.ending, decision.to), (ClockKind::Decision, Ending::Runs, None));
    assert_eq!(decision.days, 3, "14 February was worked, 24 and 25 follow the festival");
}

#[test]
fn the_days_of_a_special_procedure_are_not_the_decision_clocks() {
    let mut bench = Bench::accepted();
    let needed = Some(Limit::workdays(10));
    let suspend = Command::Suspend { kind: Special::Testing, needed, words: "送检".into() };
    bench.when(&clerk(), at("2026-02-25", 9), suspend).unwrap();
    bench.when(&clerk(), at("2026-03-02", 9), Command::Resume { words: "合格".into() }).unwrap();
    let seen = history(&bench, "2026-03-04");
    let [_, before, held, after] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((before.ending, before.days), (Ending::Stopped, 3));
    assert_eq!((held.special, held.uncounted(), held.days), (Some(Special::Testing), true, 4));
    assert_eq!((held.from, held.to), (day("2026-02-25"), Some(day("2026-03-02"))));
    assert_eq!((after.begun, after.from, after.days), (Begun::Resumed, day("2026-03-02"), 2));
    let left = bench.calendar.working_days_between(after.from, after.clock.as_ref().unwrap().last_day);
    assert_eq!(before.days + u32::try_from(left).unwrap(), 7, "the promise, no day lost or won");
}

#[test]
fn a_hearing_has_stretches_of_its_own_and_ends_by_time() {
    let mut bench = Bench::accepted();
    let suspend = Command::Suspend { kind: Special::Hearing, needed: None, words: "有权听证".into() };
    bench.when(&clerk(), at("2026-02-25", 9), suspend).unwrap();
    bench.when(&Actor::System, at("2026-03-20", 9), Command::Lapse).unwrap();
    let held = history(&bench, "2026-03-20").into_iter().find(|segment| segment.special.is_some()).unwrap();
    assert_eq!((held.kind, held.ending), (ClockKind::HearingRequest, Ending::Over));
    assert_eq!(held.days, 5, "it ended on its last day, however late somebody looked");

    let mut bench = Bench::accepted();
    let suspend = Command::Suspend { kind: Special::Hearing, needed: None, words: "有权听证".into() };
    bench.when(&clerk(), at("2026-02-25", 9), suspend).unwrap();
    bench.when(&applicant(), at("2026-02-26", 9), Command::RequestHearing).unwrap();
    let kinds: Vec<_> = history(&bench, "2026-02-27").iter().map(|segment| segment.kind).collect();
    let expected =
        [ClockKind::Acceptance, ClockKind::Decision, ClockKind::HearingRequest, ClockKind::HearingHold];
    assert_eq!(kinds, expected);
}

#[test]
fn an_extension_begins_a_stretch_and_a_late_decision_is_called_late() {
    let mut bench = Bench::accepted();
    let extend = Command::Extend { limit: Limit::workdays(10), words: "情况复杂".into() };
    bench.when(&chief(), at("2026-02-26", 9), extend).unwrap();
    let seen = history(&bench, "2026-02-26");
    let [_, before, after] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!(before.ending, Ending::Extended);
    assert_eq!(after.begun, Begun::Extended(Limit::workdays(10)));
    assert_eq!((after.from, after.late), (day("2026-02-26"), false));

    let mut bench = Bench::accepted();
    bench.when(&clerk(), at("2026-02-24", 9), review(Finding::Meets)).unwrap();
    bench.when(&colleague(), at("2026-02-24", 10), review(Finding::Meets)).unwrap();
    assert!(history(&bench, "2026-03-03").last().unwrap().late, "it runs, and is over");
}

#[test]
fn silence_counts_the_decision_from_receipt() {
    let mut bench = Bench::submitted();
    bench.when(&Actor::System, at("2026-03-05", 9), Command::Lapse).unwrap();
    let seen = history(&bench, "2026-03-05");
    let [acceptance, decision] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((acceptance.ending, acceptance.to), (Ending::Over, Some(day("2026-02-26"))));
    assert_eq!((decision.begun, decision.from), (Begun::Deemed, day("2026-02-12")));
}
