//! Tasks that rules take, as those of a thing are: what is clear ends at once, either way; what is not is looked at
//! by two, and by a third where they disagree.

use casework::{Action, Actor, By, Command, Definition, Outcome, Rule, RuleVerdict, Status, What, actions};
use packs::{ByRules, End, ItemRules, Role, Step, StepKind};

use crate::given::{Bench, applicant, clerk, colleague, made, officer, step};
use crate::rules::{Row, aged, model, table};
use crate::tasks::{act, outcome, task};

const ROWS: [Row<'_>; 2] =
    [("-", ">= 60", "\"grant\"", "null"), ("-", "< 18", "\"refuse\"", "\"conditions-not-met\"")];
const DAY: &str = "2026-02-12";

fn end(id: &str, end: End) -> Step {
    Step { id: Some(id.into()), end: Some(end), ..step(StepKind::End, None, 1, None) }
}

fn looks(not_by: &[&str], desk: Role, at: &str, ok: &str, ng: &str) -> Step {
    let outcomes = vec![outcome("ok", ok, &[], false), outcome("ng", ng, &[], false)];
    Step { not_by: not_by.iter().map(|id| (*id).to_owned()).collect(), ..task(at, Some(desk), outcomes) }
}

fn twice(sample_percent: u8) -> Definition {
    made(|item, procedure| {
        let xml = model(&table("UNIQUE", &ROWS));
        item.rules = Some(ItemRules { file: "rules/unit.dmn".into(), xml, sample_percent, lot_plan: None });
        let mut judge = looks(&[], Role::REVIEW, "judge", "after-ok", "after-ng");
        judge.rules = true;
        for (action, to, word) in
            [("clear-ok", "passed", ByRules::Grant), ("clear-ng", "rejected", ByRules::Refuse)]
        {
            let by_rules = Some(word);
            judge
                .outcomes
                .push(packs::TaskOutcome { by_rules, ..outcome(action, to, &[Role::DECIDE], true) });
        }
        procedure.steps = vec![
            judge,
            looks(&["judge"], Role::REVIEW, "after-ok", "passed", "third"),
            looks(&["judge"], Role::REVIEW, "after-ng", "third", "rejected"),
            looks(&["judge", "after-ok", "after-ng"], Role::DECIDE, "third", "passed", "rejected"),
            end("passed", End::Granted),
            end("rejected", End::Refused),
        ];
    })
}

fn reported(sample_percent: u8, born: &str) -> Bench {
    let mut bench = Bench::of(twice(sample_percent));
    bench.go(&applicant(), DAY, 10, Command::Submit(Box::new(aged(born))));
    bench
}

fn said(bench: &Bench) -> Vec<&'static str> {
    bench.events.iter().map(|event| event.what.id()).collect()
}

#[test]
fn what_is_clear_ends_at_once_either_way() {
    for (born, action, outcome) in
        [("1950-01-01", "clear-ok", Outcome::Granted), ("2015-01-01", "clear-ng", Outcome::Refused)]
    {
        let bench = reported(0, born);
        assert_eq!(said(&bench), ["submitted", "ruled", "done", "closed"]);
        assert_eq!(bench.outcome(), Some(outcome));
        assert!(bench.events[1..].iter().all(|event| event.by == By::System));
        assert!(matches!(&bench.events[2].what, What::Done { action: chosen, .. } if chosen == action));
        let What::Ruled { definition, .. } = &bench.events[1].what else { panic!() };
        assert_eq!(definition, bench.definition.digest(), "the version of the rules is on the record");
        assert_eq!(bench.replayed().as_ref(), Some(bench.case()));
    }
}

#[test]
fn what_is_not_clear_and_what_is_drawn_waits_for_a_person() {
    let unclear = reported(0, "1990-01-01");
    assert_eq!(said(&unclear), ["submitted", "ruled"]);
    assert_eq!((unclear.case().status, unclear.case().ruling), (Status::InTask, Some(RuleVerdict::NoRule)));
    let drawn = reported(100, "1950-01-01");
    assert_eq!(said(&drawn), ["submitted", "ruled"]);
    assert!(matches!(drawn.events[1].what, What::Ruled { sampled: true, .. }));
    // Only what is passed is drawn: what is rejected costs the factory, and nobody else.
    assert_eq!(reported(100, "2015-01-01").outcome(), Some(Outcome::Refused));
}

#[test]
fn a_second_look_is_anothers() {
    let mut bench = reported(0, "1990-01-01");
    bench.go(&clerk(), DAY, 10, Command::Claim);
    bench.go(&clerk(), DAY, 10, act("ok"));
    assert_eq!(bench.case().claimed_by, None, "whoever took it does not keep it");
    assert_eq!(bench.no(&clerk(), DAY, 10, act("ok")), Rule::SameOfficerTwice);
    assert_eq!(bench.no(&clerk(), DAY, 10, Command::Claim), Rule::SameOfficerTwice);
    assert!(!actions(&bench.definition, bench.case(), &clerk()).contains(&Action::Do));
    assert_eq!(bench.go(&colleague(), DAY, 11, act("ok")), ["done", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::Granted));
    assert_eq!(bench.replayed().as_ref(), Some(bench.case()));
}

#[test]
fn where_two_disagree_a_third_decides() {
    let both = [Role::REVIEW, Role::DECIDE];
    let everybody: [Actor; 3] = [officer(1_001, &both), officer(1_002, &both), officer(1_003, &both)];
    for (first, second, last) in [("ok", "ng", "ng"), ("ng", "ok", "ok")] {
        let mut bench = reported(0, "1990-01-01");
        bench.go(&everybody[0], DAY, 10, act(first));
        bench.go(&everybody[1], DAY, 10, act(second));
        for seen in &everybody[..2] {
            assert_eq!(bench.no(seen, DAY, 10, act("ok")), Rule::SameOfficerTwice);
        }
        bench.go(&everybody[2], DAY, 10, act(last));
        let outcome = if last == "ok" { Outcome::Granted } else { Outcome::Refused };
        assert_eq!(bench.outcome(), Some(outcome));
    }
}
