//! 免申即享: who qualifies is offered it and only confirms.

use std::collections::BTreeMap;

use casework::{Action, Actor, ClockKind, Command, Definition, Opening, Outcome, Rule, Status, actions};
use domain::Limit;
use packs::{Procedure, Role, StepKind, Within};

use crate::given::{
    APPLICANT, Bench, STRANGER, applicant, clerk, grant, handed, head, made, step, submission, withdraw,
};

/// Confirmed within thirty days; then decided, without an intake.
fn entitlement() -> Definition {
    made(|item, procedure| {
        item.entitlement = true;
        first_confirm(procedure);
        procedure.steps.retain(|step| !matches!(step.kind, StepKind::Intake | StepKind::Review));
    })
}

fn first_confirm(procedure: &mut Procedure) {
    let within = Some(Within::Days(Limit::natural_days(30)));
    procedure.steps.insert(0, step(StepKind::Confirm, Some(Role::APPLICANT), 1, within));
}

fn opening() -> Command {
    Command::Open(Box::new(Opening { applicant: APPLICANT, part_of: None, submission: submission() }))
}

fn confirm() -> Command {
    Command::Confirm { answers: submission().answers, materials: handed(), about: BTreeMap::new() }
}

fn offered(definition: Definition) -> Bench {
    let mut bench = Bench::of(definition);
    assert_eq!(bench.go(&Actor::System, "2026-02-12", 10, opening()), ["offered"]);
    bench
}

#[test]
fn it_is_offered_confirmed_and_decided() {
    let mut bench = offered(entitlement());
    assert_eq!(bench.case().status, Status::AwaitingConfirmation);
    assert_eq!(bench.case().clock.as_ref().unwrap().kind, ClockKind::Confirmation);
    assert_eq!(bench.days().0, "2026-03-16", "thirty days end on a Saturday");
    let may = actions(&bench.definition, bench.case(), &applicant());
    assert_eq!(may, [Action::Confirm, Action::Decline, Action::Withdraw]);
    assert_eq!(bench.go(&applicant(), "2026-02-13", 9, confirm()), ["confirmed"]);
    assert_eq!(bench.case().status, Status::AwaitingDecision);
    assert_eq!(bench.days(), ("2026-03-02".into(), Some("2026-03-19".into())), "the decision clock");
    bench.go(&head(), "2026-02-24", 9, grant());
}

#[test]
fn with_an_intake_a_confirmation_is_received() {
    let mut bench = offered(made(|_, procedure| first_confirm(procedure)));
    bench.go(&applicant(), "2026-02-13", 9, confirm());
    assert_eq!(bench.case().status, Status::Received);
    assert_eq!(bench.case().clock.as_ref().unwrap().kind, ClockKind::Acceptance);
    bench.go(&clerk(), "2026-02-13", 10, Command::Accept);
}

#[test]
fn a_confirmation_is_judged_as_an_application_is() {
    let mut bench = offered(entitlement());
    let empty = |answers| Command::Confirm { answers, materials: vec![], about: BTreeMap::new() };
    assert_eq!(bench.no(&applicant(), "2026-02-13", 9, empty(BTreeMap::new())), Rule::FormInvalid);
    assert_eq!(bench.no(&applicant(), "2026-02-13", 9, empty(submission().answers)), Rule::MaterialsMissing);
}

#[test]
fn it_is_declined_or_left_alone() {
    let mut bench = offered(entitlement());
    assert_eq!(bench.go(&applicant(), "2026-02-13", 9, Command::Decline), ["declined", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::Declined));
    let rate = Command::Rate { level: 1, words: String::new() };
    assert_eq!(bench.no(&applicant(), "2026-02-13", 9, rate), Rule::NotRateable, "they asked for nothing");

    let mut bench = offered(entitlement());
    assert!(bench.lapse("2026-03-16", 23).is_empty());
    assert_eq!(bench.no(&applicant(), "2026-03-17", 0, confirm()), Rule::AlreadyClosed);
    assert_eq!(bench.lapse("2026-03-17", 0), ["declined", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::Declined));
}

#[test]
fn it_is_the_citizens_own_word() {
    let mut bench = offered(entitlement());
    for actor in [Actor::Applicant(STRANGER), clerk(), head(), Actor::System] {
        assert_eq!(bench.no(&actor, "2026-02-13", 9, confirm()), Rule::NotYourCase);
        assert_eq!(bench.no(&actor, "2026-02-13", 9, Command::Decline), Rule::NotYourCase);
    }
    assert_eq!(bench.no(&clerk(), "2026-02-13", 9, Command::Claim), Rule::WaitsForApplicant);
    assert_eq!(Bench::submitted().no(&applicant(), "2026-02-13", 9, confirm()), Rule::WrongStep);
}

#[test]
fn nobody_but_the_engine_offers_and_only_what_can_be_confirmed() {
    for actor in [applicant(), clerk(), head()] {
        assert_eq!(Bench::of(entitlement()).no(&actor, "2026-02-12", 10, opening()), Rule::NotYourRole);
    }
    assert_eq!(Bench::new().no(&Actor::System, "2026-02-12", 10, opening()), Rule::NotInThisProcedure);
    let mut bench = offered(entitlement());
    assert_eq!(bench.no(&Actor::System, "2026-02-12", 11, opening()), Rule::AlreadySubmitted);
}

#[test]
fn who_applies_has_nothing_to_confirm_and_the_clock_runs() {
    let submit = || Command::Submit(Box::new(submission()));
    let mut bench = Bench::of(entitlement());
    assert_eq!(bench.go(&applicant(), "2026-02-12", 10, submit()), ["submitted", "passed"]);
    assert_eq!(bench.case().status, Status::AwaitingDecision);
    assert_eq!(bench.case().clock.as_ref().unwrap().kind, ClockKind::Decision);

    let mut bench = Bench::of(made(|_, procedure| first_confirm(procedure)));
    bench.go(&applicant(), "2026-02-12", 10, submit());
    assert_eq!(bench.case().status, Status::Received);
    assert_eq!(bench.days().0, "2026-02-26");
}

#[test]
fn an_offer_is_withdrawn_from_like_anything_undecided() {
    let mut bench = offered(entitlement());
    bench.go(&applicant(), "2026-02-13", 9, withdraw());
    assert_eq!(bench.outcome(), Some(Outcome::Withdrawn));
}
