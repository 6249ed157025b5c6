//! 一件事: several agencies at the same time, each with a case of its own (行政许可法 arts 26, 42(2)).

use std::collections::BTreeMap;

use casework::{
    Actor, BranchCase, By, CardRule, Command, Definition, Event, Handed, Opening, Outcome, PartOf, Rule,
    Status, What, branch_definition, evolve,
};
use domain::{CaseId, CaseNumber, Limit};
use packs::{Branch, FieldKind, Procedure, Role, StepKind, TaskOutcome, Within};
use uuid::Uuid;

use crate::given::{
    APPLICANT, Bench, applicant, area, at, clerk, field, grant, head, made, refuse, step, submission,
    withdraw,
};

fn branch(id: &str, when: Option<&str>) -> Branch {
    Branch {
        branch: id.into(),
        title: domain::Text::zh(id),
        agency: format!("A-{id}"),
        area: None,
        procedure: "permit".into(),
        when: when.map(str::to_owned),
        fields: vec!["name".into()],
        materials: vec!["m1".into()],
        statutory: Some(Limit::workdays(45)),
        promised: Some(Limit::workdays(10)),
        law: vec![],
    }
}

fn with_joint(procedure: &mut Procedure, decide: bool) {
    let mut together = step(StepKind::Together, None, 1, Some(Within::Days(Limit::workdays(15))));
    let other = Some("form.name = \"示例·乙\"");
    together.branches = vec![branch("fire", None), branch("health", None), branch("water", other)];
    let [intake, _, decision, issue, deliver] = procedure.steps.clone().try_into().unwrap();
    procedure.steps = if decide {
        vec![intake, together, decision, issue, deliver]
    } else {
        vec![intake, together, issue, deliver]
    };
}

pub(crate) fn joint(decide: bool) -> Definition {
    made(|item, procedure| {
        let text = FieldKind::Text { min: 0, max: 9, multiline: false };
        item.form.pages[0].fields.push(field("beside", text, false));
        with_joint(procedure, decide);
    })
}

pub(crate) fn with_agencies(decide: bool) -> Bench {
    Bench::taken(joint(decide))
}

/// Word of how this round's part ended.
pub(crate) fn ended(bench: &Bench, branch: &str, outcome: Outcome) -> Command {
    let part = bench.case().branches.iter().find(|part| part.branch == branch);
    let case = part.map_or(CaseId(Uuid::nil()), |part| part.case);
    Command::EndBranch { branch: branch.into(), case, outcome }
}

fn parts(bench: &Bench) -> Vec<&BranchCase> {
    bench.case().branches.iter().collect()
}

#[test]
fn acceptance_opens_a_part_for_each_agency_that_is_needed() {
    let mut bench = Bench::received(joint(true));
    let said = bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    assert_eq!(said, ["accepted", "step-began", "branched"]);
    assert_eq!(bench.case().status, Status::WithAgencies);
    let agencies: Vec<_> = parts(&bench).iter().map(|part| part.agency.clone()).collect();
    assert_eq!(agencies, ["A-fire", "A-health"], "no water without its condition");
    assert_ne!(parts(&bench)[0].case, parts(&bench)[1].case);
    assert_eq!(bench.days().0, "2026-03-12", "the joint step's fifteen days");
}

#[test]
fn a_parts_id_follows_from_the_joint_case_so_opening_twice_opens_once() {
    let (one, two) = (with_agencies(true), with_agencies(true));
    assert_eq!(one.case().branches, two.case().branches);
    assert_eq!(one.replayed().unwrap().branches, one.case().branches);
}

#[test]
fn it_is_joined_when_the_last_has_ended() {
    let mut bench = with_agencies(true);
    assert_eq!(
        bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "fire", Outcome::Granted)),
        ["branch-ended"]
    );
    assert_eq!(bench.case().status, Status::WithAgencies);
    let said = bench.go(&Actor::System, "2026-03-03", 9, ended(&bench, "health", Outcome::Granted));
    assert_eq!(said, ["branch-ended", "joined"]);
    assert_eq!(bench.case().status, Status::AwaitingDecision);
    assert_eq!(
        bench.days(),
        ("2026-03-02".into(), Some("2026-03-19".into())),
        "the decision clock ran behind"
    );
    bench.go(&head(), "2026-03-04", 9, grant());
    assert_eq!(bench.cards(), [CardRule::OverPromise]);
}

#[test]
fn told_twice_it_is_told_once() {
    let mut bench = with_agencies(true);
    bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "fire", Outcome::Granted));
    let again = bench.go(&Actor::System, "2026-03-02", 10, ended(&bench, "fire", Outcome::Refused));
    assert!(again.is_empty());
    assert_eq!(parts(&bench)[0].outcome, Some(Outcome::Granted), "the first word stands");
    assert_eq!(
        bench.no(&Actor::System, "2026-03-02", 9, ended(&bench, "moon", Outcome::Granted)),
        Rule::NoSuchBranch
    );
    for actor in [clerk(), head(), applicant()] {
        assert_eq!(
            bench.no(&actor, "2026-03-02", 9, ended(&bench, "health", Outcome::Granted)),
            Rule::NotYourRole
        );
    }
    assert_eq!(
        Bench::accepted().no(&Actor::System, "2026-03-02", 9, ended(&bench, "fire", Outcome::Granted)),
        Rule::WrongStep
    );
}

/// After the agencies somebody may send it to them once more.
fn sent_again() -> Bench {
    let leads = |action: &str, to: &str| TaskOutcome {
        action: action.into(),
        title: domain::Text::zh(action),
        to: to.into(),
        desks: vec![],
        reasons: false,
        by_rules: None,
    };
    let mut bench = Bench::taken(made(|_, procedure| {
        with_joint(procedure, true);
        let mut look = step(StepKind::Task, Some(Role::DECIDE), 1, None);
        look.outcomes = vec![leads("on", "decide"), leads("again", "together")];
        procedure.steps.insert(2, look);
    }));
    for branch in ["fire", "health"] {
        bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, branch, Outcome::Granted));
    }
    bench
}

#[test]
fn word_of_an_earlier_rounds_part_is_not_about_this_rounds() {
    let mut bench = sent_again();
    let (first, late) = (parts(&bench)[0].case, ended(&bench, "fire", Outcome::Granted));
    let again = Command::Do { action: "again".into(), words: String::new() };
    bench.go(&head(), "2026-03-03", 9, again);
    assert_eq!(bench.case().status, Status::WithAgencies);
    assert_ne!(parts(&bench)[0].case, first, "a part of its own");
    assert!(bench.go(&Actor::System, "2026-03-03", 10, late).is_empty());
    assert!(parts(&bench).iter().all(|part| part.outcome.is_none()));
    bench.go(&Actor::System, "2026-03-04", 9, ended(&bench, "fire", Outcome::Refused));
    assert_eq!(parts(&bench)[0].outcome, Some(Outcome::Refused));
    assert_eq!(bench.replayed().as_ref(), Some(bench.case()));
}

#[test]
fn an_end_that_was_written_without_the_parts_case_is_still_read() {
    let mut bench = with_agencies(true);
    let old = r#"{"event":"branch-ended","branch":"fire","outcome":"granted"}"#;
    let what: What = serde_json::from_str(old).unwrap();
    assert_eq!(serde_json::to_string(&what).unwrap(), old);
    let event = Event { at: at("2026-03-02", 9), by: By::System, what, private: None };
    bench.case = evolve(&bench.definition, bench.case.take(), &event);
    assert_eq!(parts(&bench)[0].outcome, Some(Outcome::Granted));
}

#[test]
fn one_refusal_goes_to_whoever_decides() {
    let mut bench = with_agencies(true);
    bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "fire", Outcome::Refused));
    let said = bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "health", Outcome::Granted));
    assert_eq!(said, ["branch-ended", "joined"]);
    assert_eq!(bench.go(&head(), "2026-03-02", 10, refuse()), ["refused", "closed"]);
}

#[test]
fn where_each_agency_decides_nobody_grants_the_whole_over_one_refusal() {
    let each_decides = || {
        Bench::taken(made(|_, procedure| {
            with_joint(procedure, true);
            procedure.steps[1].each_decides = true;
        }))
    };
    let mut bench = each_decides();
    bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "fire", Outcome::Refused));
    let said = bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "health", Outcome::Granted));
    assert_eq!(said, ["branch-ended", "joined", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::NotAllGranted));
    assert_eq!(bench.no(&head(), "2026-03-02", 10, grant()), Rule::AlreadyClosed);

    let mut bench = each_decides();
    bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "fire", Outcome::Granted));
    bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "health", Outcome::Granted));
    assert_eq!(bench.case().status, Status::AwaitingDecision, "what all granted is signed");
}

#[test]
fn without_a_decision_one_refusal_ends_it_and_all_grants_go_on() {
    let mut bench = with_agencies(false);
    bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "fire", Outcome::Withdrawn));
    let said = bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "health", Outcome::Granted));
    assert_eq!(said, ["branch-ended", "joined", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::NotAllGranted));

    let mut bench = with_agencies(false);
    bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "fire", Outcome::Granted));
    let said = bench.go(&Actor::System, "2026-03-02", 9, ended(&bench, "health", Outcome::Granted));
    assert_eq!(said, ["branch-ended", "joined", "issued"]);
}

#[test]
fn where_no_agency_is_needed_it_goes_on_at_once() {
    let definition = made(|_, procedure| {
        with_joint(procedure, true);
        procedure.steps[1].branches = vec![branch("water", Some("form.name = \"示例·乙\""))];
    });
    let mut bench = Bench::received(definition);
    let said = bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    assert_eq!(said, ["accepted", "step-began", "branched", "joined"]);
    assert_eq!(bench.case().status, Status::AwaitingDecision);
}

#[test]
fn it_is_withdrawn_while_agencies_work_and_later_word_of_a_part_is_only_noted() {
    let mut bench = with_agencies(true);
    bench.go(&applicant(), "2026-02-24", 9, withdraw());
    assert_eq!(bench.outcome(), Some(Outcome::Withdrawn));
    let said = bench.go(&Actor::System, "2026-02-24", 9, ended(&bench, "fire", Outcome::Withdrawn));
    assert_eq!(said, ["branch-ended"]);
    assert_eq!(bench.outcome(), Some(Outcome::Withdrawn));
}

#[test]
fn it_is_not_terminated_under_the_agencies_hands() {
    let terminate = Command::Terminate { words: "另行办理".into() };
    assert_eq!(with_agencies(true).no(&head(), "2026-02-24", 9, terminate), Rule::HasParts);
}

fn part() -> (Definition, Command) {
    let joint = joint(true);
    let permit = made(|_, _| {}).procedure;
    let definition = branch_definition(&joint, &joint.procedure.steps[1].branches[0], permit).unwrap();
    let part_of = PartOf { area: area(), case: crate::given::CASE, branch: "fire".into() };
    let mut given = submission();
    given.case = CaseId(Uuid::from_u128(78));
    given.number = CaseNumber::new(&area(), "2026-02-13".parse().unwrap(), 43);
    given.answers.insert("beside".into(), "别处的事".into());
    given.about = BTreeMap::from([("m2".into(), "本人办理".into()), ("m1".into(), "身份证.pdf".into())]);
    let opening = Opening { applicant: APPLICANT, part_of: Some(part_of), submission: given };
    (definition, Command::Open(Box::new(opening)))
}

#[test]
fn an_agency_decides_by_the_acts_of_its_part() {
    let act = |act: &str| packs::Law { act: domain::Text::zh(act), article: None };
    let mut joint = joint(true);
    joint.item.law = vec![act("食品安全法"), act("消防法")];
    let permit = made(|_, _| {}).procedure;
    let mut branch = joint.procedure.steps[1].branches[0].clone();
    let whole = branch_definition(&joint, &branch, permit.clone()).unwrap();
    assert_eq!(whole.item.law, joint.item.law, "a part that names none goes by the item's");
    branch.law = vec![act("消防法")];
    assert_eq!(branch_definition(&joint, &branch, permit).unwrap().item.law, [act("消防法")]);
}

#[test]
fn an_agency_sees_only_the_fields_and_materials_of_its_part() {
    let (definition, open) = part();
    let fields: Vec<_> = definition.item.form.pages.iter().flat_map(|page| &page.fields).collect();
    assert_eq!(fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["name"]);
    assert_eq!(definition.item.materials.len(), 1);
    assert_eq!(definition.item.agency, "A-fire");
    assert_eq!(definition.item.statutory, Some(Limit::workdays(45)));
    assert_ne!(definition.item.code, "test-item");

    let mut bench = Bench::of(definition);
    bench.go(&Actor::System, "2026-02-13", 9, open);
    assert!(!bench.case().answers.contains_key("beside"), "whatever is handed over");
    let materials: Vec<_> =
        bench.case().materials.iter().map(|handed: &Handed| handed.material.as_str()).collect();
    assert_eq!(materials, ["m1"]);
    let about = &bench.events[0].private.as_ref().unwrap().about;
    assert_eq!(about.keys().collect::<Vec<_>>(), ["m1"]);
}

#[test]
fn a_part_goes_with_its_joint_case_and_no_other_case_does() {
    let (definition, open) = part();
    let mut bench = Bench::of(definition.clone());
    bench.go(&Actor::System, "2026-02-13", 9, open.clone());
    bench.go(&Actor::System, "2026-02-24", 9, withdraw());
    assert_eq!(bench.outcome(), Some(Outcome::Withdrawn));
    assert_eq!(bench.no(&Actor::System, "2026-02-24", 9, withdraw()), Rule::AlreadyClosed);
    assert_eq!(Bench::accepted().no(&Actor::System, "2026-02-24", 9, withdraw()), Rule::NotYourCase);
    for actor in [clerk(), applicant()] {
        assert_eq!(
            Bench::of(definition.clone()).no(&actor, "2026-02-13", 9, open.clone()),
            Rule::NotYourRole
        );
    }
}
