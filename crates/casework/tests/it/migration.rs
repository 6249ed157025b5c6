//! Running cases move to another version of their definition, on the record.

use casework::{Actor, Definition, Event, Facts, Finding, Stuck, evolve, migrate, replay};
use domain::Limit;
use packs::{FieldKind, Procedure, Role, ServiceItem, Special, Step, StepKind, Within};

use crate::given::{
    Bench, applicant, ask_correction, at, clerk, colleague, correct, deliver, field, grant, head, made,
    review, suspend, withdraw,
};

/// Another version: what `change` makes of the permit.
fn version(pack: &str, change: impl FnOnce(&mut ServiceItem, &mut Procedure)) -> Definition {
    let made = made(change);
    Definition::new(pack.into(), made.item, made.procedure).unwrap()
}

fn moved(bench: &Bench, to: &Definition) -> Result<Vec<Event>, Stuck> {
    let facts = Facts { now: at("2026-03-01", 9), actor: &Actor::System, calendar: &bench.calendar, draw: 0 };
    migrate(&bench.definition, to, bench.case(), facts)
}

/// Moves it, and goes on under the new version.
fn go(bench: &mut Bench, to: Definition) {
    let events = moved(bench, &to).unwrap();
    assert_eq!(events.iter().map(|event| event.what.id()).collect::<Vec<_>>(), ["migrated"]);
    for event in &events {
        bench.case = evolve(&bench.definition, bench.case.take(), event);
    }
    bench.events.extend(events);
    bench.definition = to;
}

fn same(pack: &str) -> Definition {
    version(pack, |_, _| {})
}

fn renamed() -> Definition {
    version("test@0.2.0", |_, procedure| {
        procedure.steps[1].id = Some("check-in-full".into());
        procedure.steps[1].was = vec!["review".into()];
    })
}

#[test]
fn a_case_moves_and_its_clocks_stay_as_people_were_told() {
    let mut bench = Bench::accepted();
    let clock = bench.case().clock.clone();
    let to = version("test@0.2.0", |item, _| item.promised = Some(Limit::workdays(3)));
    let digest = to.digest().to_owned();
    go(&mut bench, to);
    assert_eq!((&bench.case().clock, &bench.case().definition), (&clock, &digest));
    bench.go(&clerk(), "2026-03-02", 9, review(Finding::Meets));
}

#[test]
fn it_moves_while_its_clock_stands_still() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-25", 9, suspend(Special::Testing, Some(Limit::workdays(20))));
    let held = bench.case().held.clone();
    go(&mut bench, same("test@0.2.0"));
    assert_eq!(bench.case().held, held);
    bench.go(&clerk(), "2026-03-10", 9, crate::given::resume());
    assert_eq!(bench.days().0, "2026-03-16");
}

#[test]
fn a_renamed_step_goes_on_under_its_new_name_and_back_again() {
    let mut bench = Bench::accepted();
    go(&mut bench, renamed());
    bench.go(&clerk(), "2026-03-02", 9, review(Finding::Meets));
    go(&mut bench, same("test@0.1.0"));
    assert_eq!(bench.definition.step(bench.case().step).unwrap().id(), "review");
    bench.go(&colleague(), "2026-03-02", 9, review(Finding::Meets));
    bench.go(&head(), "2026-03-02", 10, grant());
}

#[test]
fn a_split_step_goes_on_at_its_first_half_and_a_removed_one_at_its_heir() {
    let mut bench = Bench::accepted();
    let split = version("test@0.2.0", |_, procedure| {
        let half =
            |id: &str| Step { id: Some(id.into()), was: vec!["review".into()], ..procedure.steps[1].clone() };
        procedure.steps.splice(1..2, [half("papers"), half("premises")]);
    });
    go(&mut bench, split);
    assert_eq!(bench.definition.step(bench.case().step).unwrap().id(), "papers");
    for officer in [clerk(), colleague()] {
        bench.go(&officer, "2026-03-02", 9, review(Finding::Meets));
    }
    assert_eq!(bench.definition.step(bench.case().step).unwrap().id(), "premises");
    // The next version drops the second half: what stood there goes on at the first.
    let merged = version("test@0.3.0", |_, procedure| {
        procedure.steps[1].id = Some("all".into());
        procedure.steps[1].was = vec!["papers".into(), "premises".into()];
    });
    go(&mut bench, merged);
    assert_eq!(bench.definition.step(bench.case().step).unwrap().id(), "all");
}

#[test]
fn an_added_step_lies_before_or_behind() {
    let added = || {
        version("test@0.2.0", |_, procedure| {
            let days = Some(Within::Days(Limit::workdays(2)));
            let wait =
                |id: &str| Step { id: Some(id.into()), ..crate::given::step(StepKind::Wait, None, 1, days) };
            procedure.steps.insert(1, wait("before"));
            procedure.steps.insert(3, wait("behind"));
        })
    };
    let mut bench = Bench::accepted();
    go(&mut bench, added());
    bench.go(&clerk(), "2026-03-02", 9, review(Finding::Meets));
    let said = bench.go(&colleague(), "2026-03-02", 9, review(Finding::Meets));
    assert_eq!(said, ["reviewed", "step-began"], "what lies behind is taken, what lay before is not");
}

#[test]
fn a_step_that_is_gone_or_of_another_kind_holds_it_back() {
    let bench = Bench::accepted();
    let gone = version("test@0.2.0", |_, procedure| drop(procedure.steps.remove(1)));
    assert_eq!(moved(&bench, &gone), Err(Stuck::StepGone { step: "review".into() }));
    let changed = version("test@0.2.0", |_, procedure| {
        procedure.steps[1] = Step { id: Some("review".into()), ..Step::new(StepKind::Wait) };
    });
    assert_eq!(moved(&bench, &changed), Err(Stuck::StepChanged { step: "review".into() }));
}

#[test]
fn another_item_agency_area_or_version_is_not_this_cases() {
    let bench = Bench::accepted();
    let other = version("test@0.2.0", |item, _| item.code = "other".into());
    assert_eq!(moved(&bench, &other), Err(Stuck::OtherItem));
    let agency = version("test@0.2.0", |item, _| item.agency = "A2".into());
    assert_eq!(moved(&bench, &agency), Err(Stuck::OtherAgency));
    let area = version("test@0.2.0", |item, _| item.area = "440100".parse().unwrap());
    assert_eq!(moved(&bench, &area), Err(Stuck::OtherAgency));
    let mut other = Bench::accepted();
    other.definition = renamed();
    assert_eq!(moved(&other, &same("test@0.3.0")), Err(Stuck::OtherVersion));
}

#[test]
fn a_closed_case_keeps_its_version_for_ever() {
    let mut bench = Bench::accepted();
    bench.go(&applicant(), "2026-02-24", 9, withdraw());
    assert_eq!(moved(&bench, &same("test@0.2.0")), Err(Stuck::Closed));
}

fn asks_more() -> Definition {
    version("test@0.2.0", |item, _| {
        let kind = FieldKind::Text { min: 1, max: 9, multiline: false };
        item.form.pages[0].fields.push(field("more", kind, true));
        item.materials[1].required = Some(true);
    })
}

#[test]
fn a_form_that_asks_for_more_is_no_obstacle_while_one_can_be_asked() {
    let mut bench = Bench::submitted();
    go(&mut bench, asks_more());
    assert_eq!(bench.no(&clerk(), "2026-03-02", 9, ask_correction()), casework::Rule::DeemedAccepted);

    let mut asked = Bench::submitted();
    asked.go(&clerk(), "2026-02-13", 9, ask_correction());
    assert!(moved(&asked, &asks_more()).is_ok());
    asked.go(&applicant(), "2026-02-24", 9, correct());
    let stuck = Stuck::AnswersMissing { fields: vec!["more".into()] };
    assert_eq!(moved(&asked, &asks_more()), Err(stuck), "one is asked once (行政许可法 art. 32)");
}

#[test]
fn after_acceptance_a_form_or_list_that_asks_for_more_holds_it_back() {
    let bench = Bench::accepted();
    assert_eq!(moved(&bench, &asks_more()), Err(Stuck::AnswersMissing { fields: vec!["more".into()] }));
    let materials = version("test@0.2.0", |item, _| item.materials[1].required = Some(true));
    assert_eq!(moved(&bench, &materials), Err(Stuck::MaterialsMissing { materials: vec!["m2".into()] }));
    let less = version("test@0.2.0", |item, _| drop(item.materials.pop()));
    assert!(moved(&bench, &less).is_ok(), "a shorter list holds nobody back");
}

#[test]
fn erased_answers_cannot_be_compared() {
    let mut bench = Bench::accepted();
    bench.case.as_mut().unwrap().answers = Default::default();
    assert_eq!(moved(&bench, &asks_more()), Err(Stuck::AnswersErased));
    assert!(moved(&bench, &renamed()).is_ok(), "the same form asks for no comparison");
}

#[test]
fn a_part_that_the_new_version_does_not_know_holds_the_joint_case_back() {
    let joint = |pack: &str, names: &[&str]| {
        version(pack, |_, procedure| {
            let mut together = Step::new(StepKind::Together);
            together.branches = names
                .iter()
                .map(|name| packs::Branch {
                    branch: (*name).into(),
                    title: domain::Text::zh(*name),
                    agency: "A2".into(),
                    area: None,
                    procedure: "permit".into(),
                    when: None,
                    fields: vec![],
                    materials: vec![],
                    statutory: None,
                    promised: None,
                    law: vec![],
                })
                .collect();
            procedure.steps[1] = together;
        })
    };
    let bench = Bench::taken(joint("test@0.1.0", &["fire", "water"]));
    let less = joint("test@0.2.0", &["fire"]);
    assert_eq!(moved(&bench, &less), Err(Stuck::BranchGone { branch: "water".into() }));
    assert!(moved(&bench, &joint("test@0.2.0", &["water", "fire", "health"])).is_ok());
}

#[test]
fn a_history_is_read_under_the_versions_it_was_lived_under() {
    let mut bench = Bench::accepted();
    let versions = [
        same("test@0.1.0"),
        renamed(),
        version("test@0.3.0", |_, procedure| {
            procedure.steps.insert(
                1,
                Step { id: Some("hello".into()), desk: Some(Role::REVIEW), ..Step::new(StepKind::Review) },
            );
            procedure.steps[2].id = Some("check-in-full".into());
        }),
    ];
    bench.go(&clerk(), "2026-02-24", 9, review(Finding::Meets));
    go(&mut bench, versions[1].clone());
    go(&mut bench, versions[2].clone());
    bench.go(&colleague(), "2026-03-02", 9, review(Finding::Meets));
    bench.go(&head(), "2026-03-02", 9, grant());
    bench.go(&Actor::System, "2026-03-02", 9, deliver());
    let find = |digest: &str| versions.iter().find(|version| version.digest() == digest);
    assert_eq!(replay(find, &bench.events).as_ref(), bench.case.as_ref());
    let lived = casework::definitions_of(&bench.events);
    assert_eq!(lived, versions.iter().map(Definition::digest).collect::<Vec<_>>());
    assert_eq!(replay(|digest| find(digest).filter(|v| v.pack != "test@0.3.0"), &bench.events), None);
}

#[test]
fn a_case_past_its_last_step_is_delivered_under_the_new_version() {
    let without = |pack: &str| version(pack, |_, procedure| drop(procedure.steps.pop()));
    let mut bench = Bench::found_good(without("test@0.1.0"));
    bench.go(&head(), "2026-02-25", 9, grant());
    go(&mut bench, without("test@0.2.0"));
    assert_eq!(bench.go(&Actor::System, "2026-03-02", 9, deliver()), ["delivered", "closed"]);
}

#[test]
fn every_stuck_says_why() {
    let all = [
        Stuck::Closed,
        Stuck::OtherVersion,
        Stuck::OtherItem,
        Stuck::OtherAgency,
        Stuck::StepGone { step: "a".into() },
        Stuck::StepChanged { step: "a".into() },
        Stuck::BranchGone { branch: "a".into() },
        Stuck::AnswersMissing { fields: vec!["a".into()] },
        Stuck::MaterialsMissing { materials: vec!["a".into()] },
        Stuck::AnswersErased,
    ];
    let said: std::collections::BTreeSet<String> = all.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), all.len());
}
