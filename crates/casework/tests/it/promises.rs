//! Materials that follow (容缺受理), and grants on a promise that is checked afterwards (告知承诺).

use std::collections::BTreeMap;

use casework::{
    Action, Actor, CardRule, ClockKind, Command, Handed, MaterialRule, Outcome, Rule, Status, actions,
};
use domain::{Limit, Text};
use packs::{ApplicantSilence, ApplicantTerm, Material, Procedure, Role, ServiceItem, StepKind, Within};

use crate::given::{
    Bench, applicant, ask_correction, clerk, deliver, grant, head, made, officer, refuse, step, submission,
    withdraw,
};

fn owed(material: &str) -> Handed {
    Handed { material: material.into(), files: vec![], not_applicable: false, later: true, proven: false }
}

fn there(material: &str) -> Handed {
    Handed {
        material: material.into(),
        files: vec![format!("file-{material}")],
        not_applicable: false,
        later: false,
        proven: false,
    }
}

fn supply(materials: &[Handed]) -> Command {
    Command::Supply { materials: materials.to_vec(), about: std::collections::BTreeMap::new() }
}

/// The second and third material may follow within ten working days.
fn may_follow(item: &mut ServiceItem, procedure: &mut Procedure, otherwise: Option<ApplicantSilence>) {
    item.materials[1].later = true;
    let name = Text::zh("验资报告");
    item.materials.push(Material {
        id: "m3".into(),
        name,
        note: None,
        required: Some(true),
        later: true,
        certificate: None,
    });
    procedure.owed = Some(ApplicantTerm { within: Limit::workdays(10), otherwise, law: None });
}

/// Applied with two materials to follow.
fn lacking(otherwise: Option<ApplicantSilence>) -> Bench {
    let mut bench = Bench::of(made(|item, procedure| may_follow(item, procedure, otherwise)));
    let mut given = submission();
    given.materials = vec![there("m1"), owed("m2"), owed("m3")];
    bench.go(&applicant(), "2026-02-12", 10, Command::Submit(Box::new(given)));
    bench
}

fn reviewed_lacking() -> Bench {
    let mut bench = lacking(Some(ApplicantSilence::DeemedWithdrawn));
    bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    let meets = || crate::given::review(casework::Finding::Meets);
    bench.go(&clerk(), "2026-02-24", 9, meets());
    bench.go(&crate::given::colleague(), "2026-02-24", 9, meets());
    bench
}

#[test]
fn what_may_follow_stops_no_acceptance_and_every_decision() {
    let mut bench = reviewed_lacking();
    for command in [grant(), refuse(), Command::Forward { words: "报省厅".into() }] {
        assert_eq!(bench.no(&head(), "2026-02-25", 9, command), Rule::MaterialsOwed);
    }
    let offered = actions(&bench.definition, bench.case(), &head());
    assert!(!offered.contains(&Action::Grant) && !offered.contains(&Action::Refuse), "{offered:?}");
    assert_eq!(bench.go(&applicant(), "2026-02-25", 9, supply(&[there("m2")])), ["supplied"]);
    assert_eq!(bench.no(&head(), "2026-02-25", 9, grant()), Rule::MaterialsOwed);
    bench.go(&applicant(), "2026-02-25", 10, supply(&[there("m3")]));
    assert_eq!(bench.case().owed, None);
    bench.go(&head(), "2026-02-25", 11, grant());
}

#[test]
fn the_term_runs_from_the_promise_and_its_end_withdraws() {
    let mut bench = reviewed_lacking();
    let term = bench.case().owed.clone().unwrap();
    assert_eq!((term.kind, term.last_day.to_string().as_str()), (ClockKind::Owed, "2026-03-04"));
    bench.go(&applicant(), "2026-03-04", 22, supply(&[there("m2")]));
    assert_eq!(bench.case().owed, Some(term), "a part of it does not lengthen the term");
    assert_eq!(bench.no(&applicant(), "2026-03-05", 0, supply(&[there("m3")])), Rule::AlreadyClosed);
    assert_eq!(bench.lapse("2026-03-05", 0), ["deemed-withdrawn", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::DeemedWithdrawn));
}

#[test]
fn a_term_without_a_consequence_has_none() {
    let mut bench = lacking(None);
    bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    assert!(bench.lapse("2026-06-01", 9).is_empty());
    bench.go(&applicant(), "2026-06-01", 9, supply(&[there("m2"), there("m3")]));
    assert!(!bench.case().owes());
}

#[test]
fn what_a_correction_brings_is_no_longer_owed() {
    let mut bench = lacking(Some(ApplicantSilence::DeemedWithdrawn));
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    let materials = vec![there("m1"), there("m2"), there("m3")];
    let answers = submission().answers;
    bench.go(&applicant(), "2026-02-24", 9, Command::Correct { answers, materials, about: BTreeMap::new() });
    assert_eq!(bench.case().owed, None);
    bench.go(&clerk(), "2026-02-24", 10, Command::Accept);
    assert!(bench.lapse("2026-03-05", 0).is_empty(), "nothing is owed, so nothing is withdrawn");
}

#[test]
fn what_is_still_promised_in_a_correction_keeps_its_first_term() {
    let mut bench = lacking(Some(ApplicantSilence::DeemedWithdrawn));
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    let materials = vec![there("m1"), owed("m2"), there("m3")];
    let answers = submission().answers;
    bench.go(&applicant(), "2026-02-24", 9, Command::Correct { answers, materials, about: BTreeMap::new() });
    assert_eq!(bench.case().owed.as_ref().unwrap().last_day.to_string(), "2026-03-04");
}

#[test]
fn only_what_the_guide_lets_follow_may_be_promised() {
    let mut bench = Bench::of(made(|item, procedure| may_follow(item, procedure, None)));
    let mut given = submission();
    given.materials = vec![owed("m1"), owed("m2"), owed("m3")];
    let submit = Command::Submit(Box::new(given.clone()));
    assert_eq!(bench.no(&applicant(), "2026-02-12", 10, submit), Rule::MaterialsMissing);

    // Not even one that need not be there: a promise would hold the decision up.
    let mut definition = made(|item, _| item.materials[1].required = Some(false));
    let handed = [there("m1"), owed("m2")];
    let errors = casework::check_materials(&definition.item, &handed);
    assert_eq!(errors.iter().map(|error| error.rule).collect::<Vec<_>>(), [MaterialRule::Missing]);
    definition = made(|item, procedure| may_follow(item, procedure, None));
    let both = Handed { not_applicable: true, ..owed("m3") };
    let errors = casework::check_materials(&definition.item, &[there("m1"), there("m2"), both]);
    assert_eq!(errors.iter().map(|error| error.rule).collect::<Vec<_>>(), [MaterialRule::AlwaysNeeded]);
}

#[test]
fn supplying_supplies_what_is_owed_and_says_what_is_missing() {
    let mut bench = lacking(None);
    let refusal = |bench: &mut Bench, given: &[Handed]| {
        let facts = casework::Facts {
            now: crate::given::at("2026-02-13", 9),
            actor: &applicant(),
            calendar: &bench.calendar,
            draw: 0,
        };
        casework::decide(&bench.definition, bench.case.as_ref(), supply(given), facts).unwrap_err()
    };
    let refused = refusal(&mut bench, &[there("m1")]);
    assert_eq!(refused.rule, Rule::MaterialsMissing);
    let missing: Vec<_> = refused.materials.iter().map(|error| error.material.as_str()).collect();
    assert_eq!(missing, ["m2", "m3"]);
    bench.go(&applicant(), "2026-02-13", 9, supply(&[there("m2"), there("m3")]));
    assert_eq!(bench.case().materials[0], there("m1"), "what was handed in before stays");
    assert_eq!(bench.no(&applicant(), "2026-02-13", 9, supply(&[there("m2")])), Rule::NothingOwed);
    assert_eq!(Bench::submitted().no(&applicant(), "2026-02-13", 9, supply(&[])), Rule::NothingOwed);
}

/// A permit on a promise: whether it was kept is checked within thirty working days of delivery.
fn on_promise(when: Option<&str>) -> Bench {
    let mut bench = Bench::found_good(made(|_, procedure| {
        let within = Some(Within::Days(Limit::workdays(30)));
        let mut check = step(StepKind::Check, Some(Role::new("check")), 1, within);
        check.when = when.map(str::to_owned);
        procedure.steps.push(check);
    }));
    bench.go(&head(), "2026-02-25", 9, grant());
    bench
}

fn check(kept: bool, words: &str) -> Command {
    Command::Check { kept, words: words.into() }
}

#[test]
fn a_promise_that_was_kept_closes_as_granted() {
    let mut bench = on_promise(None);
    assert_eq!(bench.go(&Actor::System, "2026-02-25", 9, deliver()), ["delivered", "step-began"]);
    assert_eq!(bench.case().status, Status::Checking);
    assert_eq!(bench.case().clock.as_ref().unwrap().kind, ClockKind::Step);
    let checker = officer(130, &[Role::new("check")]);
    assert_eq!(bench.no(&head(), "2026-03-02", 9, check(true, "")), Rule::NotYourRole);
    assert_eq!(bench.no(&applicant(), "2026-03-02", 9, withdraw()), Rule::AlreadyDecided);
    assert_eq!(bench.go(&checker, "2026-03-02", 9, check(true, "")), ["checked", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::Granted));
}

#[test]
fn a_promise_that_was_not_kept_is_revoked_with_reasons() {
    let mut bench = on_promise(None);
    bench.go(&Actor::System, "2026-02-25", 9, deliver());
    let checker = officer(130, &[Role::new("check")]);
    assert_eq!(bench.no(&checker, "2026-03-02", 9, check(false, " ")), Rule::ReasonsRequired);
    bench.go(&checker, "2026-03-02", 9, check(false, "现场与承诺不符"));
    assert_eq!(bench.outcome(), Some(Outcome::Revoked));
}

#[test]
fn a_result_on_a_promise_is_rated_once_it_is_there() {
    let rate = || Command::Rate { level: 1, words: String::new() };
    let mut bench = on_promise(None);
    assert_eq!(bench.no(&applicant(), "2026-02-25", 9, rate()), Rule::NotRateable, "not delivered yet");
    bench.go(&Actor::System, "2026-02-25", 9, deliver());
    bench.go(&applicant(), "2026-02-25", 10, rate());
    assert_eq!(bench.no(&applicant(), "2026-02-25", 10, rate()), Rule::AlreadyRated);
    bench.go(&officer(130, &[Role::new("check")]), "2026-03-02", 9, check(true, ""));
    assert_eq!(bench.no(&applicant(), "2026-03-02", 10, rate()), Rule::AlreadyRated);
}

#[test]
fn a_check_after_its_day_is_late() {
    let mut bench = on_promise(None);
    bench.go(&Actor::System, "2026-02-25", 9, deliver());
    bench.go(&officer(130, &[Role::new("check")]), "2026-06-01", 9, check(true, ""));
    assert_eq!(bench.cards(), [CardRule::StepLate]);
}

#[test]
fn a_check_that_does_not_apply_closes_with_the_delivery() {
    let mut bench = on_promise(Some("form.name = \"示例·乙\""));
    let said = bench.go(&Actor::System, "2026-02-25", 9, deliver());
    assert_eq!(said, ["delivered", "passed", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::Granted));
}
