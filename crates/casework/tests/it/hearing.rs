//! Hearings and their own clocks (行政许可法 arts 46–48).

use casework::{
    Action, Actor, CardRule, ClockKind, Command, Finding, Hearing, Light, Outcome, Rule, actions,
};
use domain::OfficerId;
use packs::{Role, Special};
use uuid::Uuid;

use crate::given::{
    Bench, STRANGER, applicant, at, clerk, colleague, grant, head, made, officer, resume, review, suspend,
    withdraw,
};

fn id(number: u128) -> OfficerId {
    OfficerId(Uuid::from_u128(number))
}

fn schedule(on: &str, host: u128) -> Command {
    Command::ScheduleHearing {
        on: on.parse().unwrap(), host: id(host), words: "九时，三楼会议室".into()
    }
}

/// Reviewed, and the applicant told on 25 February that they have a right to a hearing.
fn told() -> Bench {
    let mut bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, suspend(Special::Hearing, None));
    bench
}

fn requested() -> Bench {
    let mut bench = told();
    bench.go(&applicant(), "2026-03-03", 9, Command::RequestHearing);
    bench
}

#[test]
fn arts_46_to_48_from_being_told_to_the_decision() {
    let mut bench = told();
    let clock = |bench: &Bench| {
        let clock = bench.case().running().unwrap();
        (clock.kind, clock.last_day.to_string())
    };
    assert_eq!(clock(&bench), (ClockKind::HearingRequest, "2026-03-03".into()), "five days to ask");
    bench.go(&applicant(), "2026-03-03", 23, Command::RequestHearing);
    assert_eq!(clock(&bench), (ClockKind::HearingHold, "2026-03-31".into()), "twenty days to hold it");
    assert_eq!(bench.go(&head(), "2026-03-04", 9, schedule("2026-03-13", 105)), ["hearing-scheduled"]);
    assert_eq!(bench.go(&head(), "2026-03-13", 17, resume()), ["resumed"]);
    assert_eq!(bench.days().0, "2026-03-19", "the four days that were left");
    assert!(bench.case().heard);
    bench.go(&head(), "2026-03-19", 9, grant());
}

#[test]
fn art_47_silence_ends_the_right_and_the_clock_goes_on() {
    let mut bench = told();
    assert!(bench.lapse("2026-03-03", 23).is_empty());
    assert_eq!(bench.no(&applicant(), "2026-03-04", 0, Command::RequestHearing), Rule::WrongStep);
    assert_eq!(bench.lapse("2026-04-01", 0), ["resumed"]);
    assert_eq!(bench.days().0, "2026-03-09", "from the fifth day on");
}

#[test]
fn art_47_the_applicant_may_do_without() {
    let mut bench = told();
    let offered = actions(&bench.definition, bench.case(), &applicant());
    assert_eq!(offered, [Action::RequestHearing, Action::WaiveHearing, Action::Withdraw]);
    assert_eq!(bench.go(&applicant(), "2026-02-26", 9, Command::WaiveHearing), ["resumed"]);
    assert_eq!(bench.days().0, "2026-03-03");
}

#[test]
fn art_47_nobody_asks_or_waives_for_the_applicant() {
    let mut bench = told();
    for actor in [Actor::Applicant(STRANGER), clerk(), head(), Actor::System] {
        for command in [Command::RequestHearing, Command::WaiveHearing] {
            assert_eq!(bench.no(&actor, "2026-02-26", 9, command), Rule::NotYourCase);
        }
    }
}

#[test]
fn art_47_the_body_neither_cuts_the_five_days_short_nor_passes_the_hearing_over() {
    let mut bench = told();
    assert_eq!(bench.no(&head(), "2026-02-26", 9, resume()), Rule::HearingRightRuns);
    assert_eq!(bench.no(&head(), "2026-02-26", 9, schedule("2026-03-13", 105)), Rule::HearingRightRuns);
    let mut bench = requested();
    assert_eq!(bench.no(&head(), "2026-03-04", 9, resume()), Rule::HearingOwed);
    assert!(!actions(&bench.definition, bench.case(), &head()).contains(&Action::Resume));
    bench.go(&head(), "2026-03-04", 9, schedule("2026-03-13", 105));
    assert_eq!(bench.no(&head(), "2026-03-12", 23, resume()), Rule::HearingAhead, "its day has not come");
}

#[test]
fn art_48_its_day_is_told_seven_days_before() {
    let mut bench = requested();
    assert_eq!(bench.no(&head(), "2026-03-04", 9, schedule("2026-03-12", 105)), Rule::HearingTooSoon);
    bench.go(&head(), "2026-03-04", 9, schedule("2026-03-13", 105));
    bench.go(&head(), "2026-03-05", 9, schedule("2026-03-16", 105));
    let hearing = bench.case().held.as_ref().and_then(|held| held.hearing.clone());
    let on = "2026-03-16".parse().unwrap();
    assert_eq!(hearing, Some(Hearing::Scheduled { on, host: id(105) }), "put off, told anew");
}

#[test]
fn art_47_it_is_held_within_twenty_days() {
    let mut bench = requested();
    assert_eq!(bench.no(&head(), "2026-03-04", 9, schedule("2026-04-01", 105)), Rule::HearingTooLate);
    bench.go(&head(), "2026-03-04", 9, schedule("2026-03-31", 105));
    assert!(bench.cards().is_empty());
}

#[test]
fn art_47_a_body_that_let_the_time_pass_still_owes_the_hearing() {
    let mut bench = requested();
    assert!(bench.lapse("2026-04-20", 9).is_empty(), "the right does not lapse with the body's time");
    assert!(bench.case().owes_hearing_date());
    assert_eq!(bench.case().light(at("2026-03-04", 9), &bench.calendar), Light::Green);
    assert_eq!(bench.case().light(at("2026-03-31", 9), &bench.calendar), Light::Yellow);
    assert_eq!(bench.case().light(at("2026-04-01", 0), &bench.calendar), Light::Red);
    let late = bench.no(&head(), "2026-03-30", 9, schedule("2026-04-09", 105));
    assert_eq!(late, Rule::HearingTooLate, "as soon as may be");
    let said = bench.go(&head(), "2026-03-30", 9, schedule("2026-04-08", 105));
    assert_eq!(said, ["hearing-scheduled", "carded"]);
    assert_eq!(bench.cards(), [CardRule::StepLate]);
    bench.go(&head(), "2026-04-08", 17, resume());
}

#[test]
fn art_48_who_reviewed_does_not_preside() {
    let mut bench = requested();
    for reviewer in [101, 102] {
        let asked = bench.no(&head(), "2026-03-04", 9, schedule("2026-03-13", reviewer));
        assert_eq!(asked, Rule::HostIsReviewer);
    }
}

#[test]
fn art_48_nor_does_who_reviewed_at_an_earlier_step() {
    let definition = made(|_, procedure| {
        let mut second = procedure.steps[1].clone();
        (second.id, second.officers) = (Some("second".into()), 1);
        procedure.steps.insert(2, second);
    });
    let mut bench = Bench::found_good(definition);
    bench.go(&officer(107, &[Role::REVIEW]), "2026-02-25", 9, review(Finding::Meets));
    bench.go(&head(), "2026-02-25", 9, suspend(Special::Hearing, None));
    bench.go(&applicant(), "2026-02-26", 9, Command::RequestHearing);
    for reviewer in [101, 102, 107] {
        let asked = bench.no(&head(), "2026-03-04", 9, schedule("2026-03-13", reviewer));
        assert_eq!(asked, Rule::HostIsReviewer);
    }
}

#[test]
fn art_48_who_presided_does_not_review_afterwards() {
    let host = officer(105, &[Role::REVIEW]);
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-24", 9, review(Finding::Meets));
    bench.go(&colleague(), "2026-02-25", 9, suspend(Special::Hearing, None));
    bench.go(&applicant(), "2026-02-26", 9, Command::RequestHearing);
    bench.go(&colleague(), "2026-02-26", 10, schedule("2026-03-10", 105));
    bench.go(&colleague(), "2026-03-10", 17, resume());
    for command in [Command::Claim, review(Finding::Meets)] {
        assert_eq!(bench.no(&host, "2026-03-11", 9, command), Rule::HostIsReviewer);
    }
    assert!(!actions(&bench.definition, bench.case(), &host).contains(&Action::Review));
    bench.go(&colleague(), "2026-03-11", 9, review(Finding::Meets));
}

#[test]
fn there_is_no_second_hearing() {
    let mut bench = told();
    bench.go(&applicant(), "2026-02-26", 9, Command::WaiveHearing);
    assert_eq!(bench.no(&head(), "2026-02-26", 9, suspend(Special::Hearing, None)), Rule::AlreadyHeard);
}

#[test]
fn it_is_withdrawn_before_the_hearing() {
    let mut bench = requested();
    bench.go(&applicant(), "2026-03-04", 9, withdraw());
    assert_eq!((bench.outcome(), &bench.case().held), (Some(Outcome::Withdrawn), &None));
}
