//! Clocks in working days.

use casework::{Actor, ClockKind, Command, Light, Rule, Status, light};
use domain::{Calendar, Date};

use crate::given::{Bench, at, clerk};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn five_working_days_to_accept_over_the_spring_festival() {
    let clock = Bench::submitted().case().clock.clone().unwrap();
    assert_eq!(
        (clock.kind, clock.from, clock.last_day),
        (ClockKind::Acceptance, day("2026-02-12"), day("2026-02-26"))
    );
    assert!(!clock.provisional);
}

#[test]
fn the_promise_runs_from_acceptance_and_the_law_behind_it() {
    let clock = Bench::accepted().case().clock.clone().unwrap();
    assert_eq!(clock.kind, ClockKind::Decision);
    assert_eq!(
        clock.last_day,
        day("2026-03-02"),
        "7 working days after 13 February, two of them made-up Saturdays"
    );
    assert_eq!(clock.statutory_last_day, Some(day("2026-03-19")), "the vector of the holiday notice");
}

#[test]
fn silence_is_acceptance_from_the_day_of_receipt() {
    let mut bench = Bench::submitted();
    assert_eq!(bench.when(&Actor::System, at("2026-02-26", 23), Command::Lapse), Ok(vec![]));
    assert_eq!(
        bench.when(&Actor::System, at("2026-02-27", 0), Command::Lapse),
        Ok(vec!["deemed-accepted", "carded"])
    );
    let accepted = bench.case().accepted.clone().unwrap();
    assert!(accepted.deemed);
    assert_eq!(accepted.from, day("2026-02-12"));
    assert_eq!(bench.case().clock.as_ref().unwrap().from, day("2026-02-12"));
    assert_eq!(bench.case().status, Status::InReview);
}

#[test]
fn nobody_asks_for_a_correction_after_the_law_has_accepted() {
    let mut bench = Bench::submitted();
    let late = at("2026-03-02", 9);
    let ask = Command::AskCorrection { about: [("m1".to_owned(), "看不清".to_owned())].into() };
    assert_eq!(bench.when(&clerk(), late, ask), Err(Rule::DeemedAccepted));
    assert_eq!(bench.case().status, Status::Received, "the refused command itself changed nothing");
}

#[test]
fn lights_go_from_green_over_yellow_to_red() {
    let bench = Bench::accepted();
    let clock = bench.case().clock.as_ref();
    let seen = |text, hour| light(clock, at(text, hour), &bench.calendar);
    assert_eq!(seen("2026-02-13", 9), Light::Green);
    assert_eq!(seen("2026-02-27", 9), Light::Green, "two of seven days are left");
    assert_eq!(seen("2026-02-28", 9), Light::Yellow, "one is left; this Saturday is worked");
    assert_eq!(seen("2026-03-02", 23), Light::Yellow, "the last day counts to its end");
    assert_eq!(seen("2026-03-03", 0), Light::Red);
    assert_eq!(light(None, at("2026-03-03", 0), &bench.calendar), Light::Still);
}

#[test]
fn a_year_without_a_notice_is_called_provisional() {
    let mut bench = Bench::submitted();
    bench.calendar = Calendar::new([], 8 * 3600).unwrap();
    bench.when(&clerk(), at("2026-02-13", 9), Command::Accept).unwrap();
    assert!(bench.case().clock.as_ref().unwrap().provisional);
}
