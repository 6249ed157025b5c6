//! The pack of the chip line: it loads without a word, and nothing in it lets rules refuse a person.

mod given;

use std::path::PathBuf;

use given::{PERMIT, WORKED, complains, whole};
use packs::{ByRules, load};

#[test]
fn the_pack_of_the_chip_line_is_good() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let loaded = load(&[root.join("cn"), root.join("chip-inspection")] as &[PathBuf]);
    let problems: Vec<_> = loaded.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    let catalogue = loaded.catalogue.unwrap();
    let items: Vec<_> = catalogue.items.iter().map(|item| item.code.as_str()).collect();
    assert_eq!(items, ["ex-end-of-line-die", "ex-incoming-board", "ex-lot-release"]);
    assert!(catalogue.items.iter().all(|item| item.for_things() && item.rules.is_some()));
    let plan = catalogue.items[0].rules.as_ref().unwrap().lot_plan.as_ref().unwrap();
    assert_eq!((plan.level, plan.aql.as_str()), (domain::InspectionLevel::II, "0.25"));
    let twice = catalogue.procedure("inspect-twice").unwrap();
    let first = &twice.steps[twice.index("judge").unwrap()];
    let by_rules: Vec<_> = first.outcomes.iter().filter_map(|outcome| outcome.by_rules).collect();
    assert_eq!(by_rules, [ByRules::Grant, ByRules::Refuse]);
    assert_eq!(twice.steps[twice.index("third").unwrap()].not_by, ["judge", "after-ok", "after-ng"]);
}

const TASKS: &str = "procedure: permit
title: 示例
law: {act: 某法}
steps:
  - id: judge
    kind: task
    desk: review
    rules: true
    outcomes: [{action: ok, title: 好, to: done, by_rules: grant}, {action: ng, title: 坏, to: again}]
  - id: again
    kind: task
    desk: review
    not_by: [judge]
    outcomes: [{action: ok, title: 好, to: done}, {action: ng, title: 坏, to: bad}]
  - {id: done, kind: end, end: granted}
  - {id: bad, kind: end, end: refused}
remedies: 复议
";

#[track_caller]
fn broken(from: &str, to: &str, expected: &str) {
    assert!(TASKS.contains(from), "{from}");
    let mut pack = whole();
    pack.insert(
        "procedures/tasks.yaml",
        TASKS.replace("procedure: permit", "procedure: tasks").replacen(from, to, 1),
    );
    complains(&pack, expected);
}

#[test]
fn tasks_that_rules_take_and_second_looks() {
    let at = |line: u8, what: &str| format!("error base/procedures/tasks.yaml:{line} {what}");
    broken(", by_rules: grant", "", &at(5, "step-part: step 1 (judge): rules take it, but no outcome says"));
    broken(
        "    rules: true\n",
        "",
        &at(5, "step-part: step 1 (judge): an outcome waits for rules that nobody asks"),
    );
    broken(
        "to: again}",
        "to: again, by_rules: grant}",
        &at(5, "step-part: step 1 (judge): two outcomes wait"),
    );
    broken(
        "not_by: [judge]",
        "not_by: [nobody]",
        &at(10, "unknown-step: step 2 (again): not_by names nobody"),
    );
    broken("not_by: [judge]", "not_by: [again]", &at(10, "unknown-step"));
    let permit = "procedures/permit.yaml";
    given::broken(
        permit,
        "{kind: decide,",
        "{kind: decide, not_by: [intake],",
        "error base/procedures/permit.yaml:",
    );
}

#[test]
fn rules_refuse_things_alone() {
    let mut pack = whole();
    let refusing = TASKS
        .replace("procedure: permit", "procedure: tasks")
        .replace("to: again}", "to: again, by_rules: refuse}");
    pack.insert("procedures/tasks.yaml", refusing);
    pack.insert("items/one.yaml", format!("{WORKED}procedure: tasks\n"));
    complains(
        &pack,
        "error base/items/one.yaml:1 rules-refuse: tasks lets rules refuse, and ex-one is not for things",
    );
    assert!(!PERMIT.contains("by_rules"));
}
