//! Remarks on tables: gaps, overlaps, rules that are never reached.

use dmn::Model;

use crate::common::{decision, file, input, numbers, table};

fn said(model: &Model) -> Vec<String> {
    model.remarks().into_iter().map(|remark| format!("{}: {}", remark.path, remark.what)).collect()
}

#[test]
fn a_whole_table_gets_no_remark() {
    let rules: &[&[&str]] = &[&["< 18", "-", "1"], &[">= 18", "[0..5]", "2"], &[">= 18", "< 0, > 5", "3"]];
    assert_eq!(said(&numbers("", &["age", "children"], &["out"], rules)), Vec::<String>::new());
}

#[test]
fn gaps_and_overlaps_are_told_with_the_values() {
    let rules: &[&[&str]] = &[&["< 18", "1"], &["(18..60]", "2"], &[">= 60", "3"]];
    let all = said(&numbers("", &["age"], &["out"], rules));
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(
        all[0].starts_with("decision “outcome” / rule 3: rules 2 and 3 both fit where age = 60;"),
        "{}",
        all[0]
    );
    assert!(all[1].starts_with("decision “outcome”: no rule fits where age = 18;"), "{}", all[1]);
    let inner = said(&numbers("", &["age"], &["out"], &[&["<= 60", "1"], &[">= 70", "2"]]));
    assert!(inner[0].contains("no rule fits where age > 60 and age < 70;"), "{inner:?}");
}

#[test]
fn several_columns_are_judged_together() {
    let rules: &[&[&str]] = &[&["< 18", "-", "1"], &[">= 18", "> 0", "2"]];
    let all = said(&numbers("", &["age", "children"], &["out"], rules));
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].contains("no rule fits where age >= 18 and children <= 0;"), "{}", all[0]);
}

#[test]
fn enumerations_and_booleans_know_their_values() {
    let home = "<itemDefinition name=\"home\"><typeRef>string</typeRef><allowedValues><text>\"here\", \"there\"</text></allowedValues></itemDefinition>";
    let build = |rules: &[&[&str]]| {
        let logic = table("", &[("home", "home"), ("first", "boolean")], &["out"], rules);
        let inputs = input("home", "home") + &input("first", "boolean");
        Model::parse(&file(&(home.to_owned() + &inputs + &decision("d", &["home", "first"], &logic))))
            .unwrap()
    };
    assert!(
        said(&build(&[
            &["\"here\"", "-", "1"],
            &["\"there\"", "true", "2"],
            &["not(\"here\")", "false", "3"]
        ]))
        .is_empty()
    );
    let all = said(&build(&[&["\"here\"", "-", "1"], &["\"there\"", "true", "2"]]));
    assert!(all[0].contains("home = \"there\" and first = false"), "{all:?}");
}

#[test]
fn a_rule_behind_a_wider_one_is_never_reached() {
    let rules: &[&[&str]] = &[&["> 5", "1"], &["> 9", "2"], &["-", "3"]];
    let all = said(&numbers("hitPolicy=\"FIRST\"", &["x"], &["out"], rules));
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].contains("rule 2: this rule is never reached: rule 1"), "{}", all[0]);
}

#[test]
fn what_is_not_judged_gets_no_remark() {
    assert!(said(&numbers("", &["x"], &["out"], &[&["odd(?)", "1"], &["> 5", "2"]])).is_empty());
    assert!(
        said(&numbers("hitPolicy=\"COLLECT\"", &["x"], &["out"], &[&["> 5", "1"], &["> 6", "2"]])).is_empty()
    );
}
