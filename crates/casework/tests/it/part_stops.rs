//! While one agency of a joint case hears or inspects, the joint case's clocks stand still too (行政许可法
//! arts 42(2), 45).

use casework::{
    Actor, Begun, Command, Definition, Ending, Event, Light, Opening, PartOf, Rule, Status, Stop, What,
    branch_definition, clock_history, stops_of,
};
use domain::{CaseId, CaseNumber, Date, Limit};
use packs::Special;
use proptest::prelude::*;
use uuid::Uuid;

use crate::given::{
    APPLICANT, Bench, area, at, calendar, chief, extend, grant, head, made, officer, resume, review,
    submission, suspend, withdraw,
};
use crate::joint::{ended, joint, with_agencies};

fn stop(since: &str, on: Option<&str>) -> Stop {
    let day = |day: &str| day.parse().unwrap();
    Stop { kind: Special::Inspection, since: day(since), on: on.map(day), counted: false }
}

fn tell(bench: &Bench, branch: &str, stops: &[Stop]) -> Command {
    let part = bench.case().branches.iter().find(|part| part.branch == branch).unwrap();
    Command::TellStops { branch: branch.into(), case: part.case, stops: stops.to_vec() }
}

fn told(bench: &mut Bench, branch: &str, stops: &[Stop]) -> Vec<&'static str> {
    told_on(bench, "2026-03-20", branch, stops)
}

fn told_on(bench: &mut Bench, day: &str, branch: &str, stops: &[Stop]) -> Vec<&'static str> {
    bench.go(&Actor::System, day, 9, tell(bench, branch, stops))
}

/// The step's last day, and the decision clock's behind it.
fn last_days(bench: &Bench) -> [String; 2] {
    let clocks = [bench.case().clock.as_ref(), bench.case().behind.as_ref()];
    clocks.map(|clock| clock.unwrap().last_day.to_string())
}

#[test]
fn the_joint_clocks_stand_still_with_the_parts_and_go_on_with_the_days_they_had() {
    let mut bench = with_agencies(true);
    let [step, decision] = last_days(&bench);
    assert_eq!([step.as_str(), decision.as_str()], ["2026-03-12", "2026-03-02"]);
    assert_eq!(told_on(&mut bench, "2026-02-26", "fire", &[stop("2026-02-26", None)]), ["part-held"]);
    assert_eq!(bench.case().status, Status::WithAgencies);
    assert_eq!(bench.case().running(), None, "no promised day is told that cannot hold");
    assert_eq!(bench.case().light(at("2026-06-01", 9), &calendar()), Light::Still);
    assert_eq!(bench.no(&chief(), "2026-02-27", 9, extend(Limit::workdays(5))), Rule::Suspended);
    let over = stop("2026-02-26", Some("2026-03-05"));
    assert_eq!(told_on(&mut bench, "2026-03-05", "fire", &[over]), ["part-freed"]);
    // From 26 February to 5 March are six working days: Friday, Saturday the 28th (worked), and four more.
    assert_eq!(last_days(&bench), ["2026-03-20", "2026-03-10"]);
    assert_eq!(bench.replayed().as_ref(), Some(bench.case()));
    for branch in ["fire", "health"] {
        bench.go(&Actor::System, "2026-03-10", 9, ended(&bench, branch, casework::Outcome::Granted));
    }
    bench.go(&head(), "2026-03-10", 10, grant());
    assert_eq!(bench.cards(), [], "decided within the promise, the inspection left out");
}

#[test]
fn days_on_which_two_parts_stand_still_are_given_back_once() {
    let fire = stop("2026-02-24", Some("2026-02-27"));
    let health = stop("2026-02-26", Some("2026-03-04"));
    let both = stop("2026-02-24", Some("2026-03-04"));
    let mut whole = with_agencies(true);
    told(&mut whole, "fire", &[both]);

    let mut one_by_one = with_agencies(true);
    told(&mut one_by_one, "fire", &[stop("2026-02-24", None)]);
    told(&mut one_by_one, "health", &[stop("2026-02-26", None)]);
    assert_eq!(told(&mut one_by_one, "fire", &[fire]), ["part-freed"]);
    assert!(one_by_one.case().stands_still(), "the other part still does");
    assert_eq!(last_days(&one_by_one), last_days(&with_agencies(true)), "and so nothing has moved yet");
    told(&mut one_by_one, "health", &[health]);
    assert_eq!(last_days(&one_by_one), last_days(&whole));

    let mut late_word = with_agencies(true);
    told(&mut late_word, "health", &[health]);
    told(&mut late_word, "fire", &[fire]);
    assert_eq!(last_days(&late_word), last_days(&whole));
}

#[test]
fn word_that_comes_twice_late_or_of_another_round_changes_nothing() {
    let mut bench = with_agencies(true);
    let (open, over) = (stop("2026-02-24", None), stop("2026-02-24", Some("2026-02-27")));
    told(&mut bench, "fire", &[over]);
    let days = last_days(&bench);
    assert!(told(&mut bench, "fire", &[over]).is_empty());
    assert!(told(&mut bench, "fire", &[open]).is_empty(), "the older word came later");
    assert_eq!(told(&mut bench, "fire", &[over, stop("2026-03-05", None)]), ["part-held"]);
    assert_eq!(last_days(&bench), days);
    let other = Command::TellStops { branch: "health".into(), case: CaseId(Uuid::nil()), stops: vec![open] };
    assert!(bench.go(&Actor::System, "2026-03-20", 9, other).is_empty());
    let nobodys = Command::TellStops { branch: "moon".into(), case: CaseId(Uuid::nil()), stops: vec![open] };
    assert_eq!(bench.no(&Actor::System, "2026-03-20", 9, nobodys), Rule::NoSuchBranch);
    for actor in [head(), crate::given::applicant()] {
        let command = tell(&bench, "health", &[open]);
        assert_eq!(bench.no(&actor, "2026-03-20", 9, command), Rule::NotYourRole);
    }
    let late = tell(&bench, "health", &[open]);
    bench.go(&Actor::System, "2026-03-20", 9, ended(&bench, "health", casework::Outcome::Granted));
    assert!(bench.go(&Actor::System, "2026-03-20", 9, late).is_empty(), "it has ended");
}

/// A part, as its own agency has it.
fn part(joint: &Definition) -> Bench {
    let permit = made(|_, procedure| procedure.steps[1].officers = 1).procedure;
    let definition = branch_definition(joint, &joint.procedure.steps[1].branches[0], permit).unwrap();
    let part_of = PartOf { area: area(), case: crate::given::CASE, branch: "fire".into() };
    let mut given = submission();
    given.case = CaseId(Uuid::from_u128(78));
    given.number = CaseNumber::new(&area(), "2026-02-13".parse().unwrap(), 43);
    let opening = Opening { applicant: APPLICANT, part_of: Some(part_of), submission: given };
    let mut bench = Bench::of(definition);
    bench.go(&Actor::System, "2026-02-13", 9, Command::Open(Box::new(opening)));
    bench
}

#[test]
fn a_part_tells_its_own_stops_those_of_its_parts_and_closes_what_its_end_cuts_short() {
    let mut bench = part(&joint(true));
    let Actor::Officer(mut officer) = officer(101, &[packs::Role::INTAKE, packs::Role::REVIEW]) else {
        panic!("an officer")
    };
    officer.agency = "A-fire".into();
    let clerk = Actor::Officer(officer);
    bench.go(&clerk, "2026-02-13", 10, Command::Accept);
    bench.go(&clerk, "2026-02-24", 9, suspend(Special::Inspection, Some(Limit::workdays(9))));
    assert_eq!(stops_of(&bench.events, &calendar()), [stop("2026-02-24", None)]);
    bench.go(&clerk, "2026-02-27", 9, resume());
    bench.go(&clerk, "2026-03-02", 9, suspend(Special::Inspection, Some(Limit::workdays(9))));
    let first = stop("2026-02-24", Some("2026-02-27"));
    assert_eq!(stops_of(&bench.events, &calendar()), [first, stop("2026-03-02", None)]);
    assert_eq!(bench.no(&clerk, "2026-03-03", 9, review(casework::Finding::Meets)), Rule::Suspended);
    bench.go(&Actor::System, "2026-03-04", 9, withdraw());
    let cut = stop("2026-03-02", Some("2026-03-04"));
    assert_eq!(stops_of(&bench.events, &calendar()), [first, cut]);

    let mut within = with_agencies(true);
    told(&mut within, "fire", &[first, stop("2026-03-02", None)]);
    told(&mut within, "health", &[stop("2026-03-03", None)]);
    told(&mut within, "fire", &[first, cut]);
    let all = [first, cut, stop("2026-03-03", None)];
    assert_eq!(stops_of(&within.events, &calendar()), all, "a joint case is itself a part of another");
}

#[test]
fn the_history_shows_the_wait_and_the_clocks_before_and_after_it() {
    let mut bench = with_agencies(true);
    told_on(&mut bench, "2026-02-26", "fire", &[stop("2026-02-26", None)]);
    told_on(&mut bench, "2026-03-05", "fire", &[stop("2026-02-26", Some("2026-03-05"))]);
    let segments = clock_history(&bench.events, at("2026-03-06", 9), &calendar());
    let wait = segments.iter().find(|segment| segment.special == Some(Special::Inspection)).unwrap();
    assert_eq!(
        (wait.from.to_string(), wait.to.unwrap().to_string()),
        ("2026-02-26".into(), "2026-03-05".into())
    );
    assert!(wait.uncounted() && wait.days == 6, "{wait:?}");
    let stopped = segments.iter().filter(|segment| segment.ending == Ending::Stopped).count();
    let resumed = segments.iter().filter(|segment| segment.begun == Begun::Resumed).count();
    assert_eq!((stopped, resumed), (2, 2), "the step's clock and the decision clock behind it");
}

#[test]
fn what_was_told_is_written_and_read_back_and_parts_of_old_are_read() {
    let mut bench = with_agencies(true);
    told(&mut bench, "fire", &[stop("2026-02-24", None)]);
    let stopped: Vec<&Event> = bench.events.iter().filter(|event| event.what.id() == "part-held").collect();
    let line = serde_json::to_string(&stopped[0].what).unwrap();
    assert_eq!(serde_json::from_str::<What>(&line).unwrap(), stopped[0].what);
    let old =
        r#"{"branch":"fire","case":"00000000-0000-0000-0000-00000000004e","agency":"A","area":"440000"}"#;
    let part: casework::BranchCase = serde_json::from_str(old).unwrap();
    assert_eq!(serde_json::to_string(&part).unwrap(), old);
}

/// Stops from lengths: each begins some days after the one before ended.
fn stops_from(lengths: &[(u8, u8)]) -> Vec<Stop> {
    let mut day: Date = "2026-02-13".parse().unwrap();
    let later = |day: Date, days: u8| day.saturating_add(jiff::Span::new().days(i64::from(days)));
    let each = lengths.iter().map(|&(pause, length)| {
        let since = later(day, pause);
        day = later(since, length);
        Stop { kind: Special::Inspection, since, on: Some(day), counted: false }
    });
    each.collect()
}

/// The days on which at least one part stood still, as the stops of one part.
fn merged(mut stops: Vec<Stop>) -> Vec<Stop> {
    stops.sort_by_key(|stop| stop.since);
    let mut whole: Vec<Stop> = Vec::new();
    for stop in stops {
        match whole.last_mut().filter(|last| Some(stop.since) <= last.on) {
            Some(last) => last.on = last.on.max(stop.on),
            None => whole.push(stop),
        }
    }
    whole
}

/// What a part knew of its stops at the end of a day.
fn known_on(stops: &[Stop], day: Date) -> Vec<Stop> {
    let begun = stops.iter().filter(|stop| stop.since <= day);
    begun.map(|stop| Stop { on: stop.on.filter(|on| *on <= day), ..*stop }).collect()
}

/// Two parts overlap, the second over a weekend on which nothing is left of the clock: no day is gained at the seam.
#[test]
fn a_stretch_of_two_parts_has_no_seams() {
    let fire = stops_from(&[(6, 1), (8, 3), (1, 4)]);
    let health = stops_from(&[(2, 6), (8, 1), (5, 2)]);
    let (mut one, mut two) = (with_agencies(true), with_agencies(true));
    told(&mut one, "fire", &merged([fire.clone(), health.clone()].concat()));
    let mut day: Date = "2026-02-13".parse().unwrap();
    for _ in 0..30 {
        told(&mut two, "fire", &known_on(&fire, day));
        told(&mut two, "health", &known_on(&health, day));
        day = day.tomorrow().unwrap();
    }
    assert_eq!(last_days(&two), last_days(&one));
}

proptest! {
    /// However stops of two parts lie to each other, and whatever old word comes again between, the clocks are
    /// those of one part that stood still whenever either did.
    #[test]
    fn overlapping_stops_of_two_parts_are_one_stretch(
        fire in prop::collection::vec((0u8..9, 1u8..9), 0..4),
        health in prop::collection::vec((0u8..9, 1u8..9), 0..4),
        again in prop::collection::vec(any::<prop::sample::Index>(), 12),
    ) {
        let parts = [("fire", stops_from(&fire)), ("health", stops_from(&health))];
        // Where one ends on the very day on which the other begins, the clocks ran for a moment: a last day that falls
        // on a day off may have moved on (民法典 art. 203(1)) before they stood still again.
        let ends = |n: usize| parts[n].1.iter().filter_map(|stop| stop.on).collect::<Vec<_>>();
        let begins = |n: usize, ends: Vec<Date>| parts[n].1.iter().any(|stop| ends.contains(&stop.since));
        prop_assume!(!begins(0, ends(1)) && !begins(1, ends(0)));
        let mut days: Vec<Date> =
            parts.iter().flat_map(|(_, stops)| stops).flat_map(|stop| [Some(stop.since), stop.on]).flatten().collect();
        days.sort_unstable();
        days.dedup();
        let (mut bench, mut said) = (with_agencies(true), Vec::new());
        for (n, day) in days.iter().enumerate() {
            for (branch, stops) in &parts {
                said.push((*branch, known_on(stops, *day)));
                told(&mut bench, branch, &said.last().unwrap().1);
            }
            let (branch, old) = again[n % again.len()].get(&said);
            prop_assert!(told(&mut bench, branch, old).is_empty(), "{branch} had said {old:?} before");
        }
        let all = merged(parts.into_iter().flat_map(|(_, stops)| stops).collect());
        let mut one = with_agencies(true);
        told(&mut one, "fire", &all);
        prop_assert!(!bench.case().stands_still());
        prop_assert_eq!(last_days(&bench), last_days(&one), "{:?}", all);
        let replayed = bench.replayed();
        prop_assert_eq!(replayed.as_ref(), Some(bench.case()));
    }
}
