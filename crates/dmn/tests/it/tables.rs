//! Decision tables and their hit policies.

use dmn::{Unclear, Value};

use crate::common::{decide, numbers};

const BANDS: &[&[&str]] = &[&["< 18", "\"minor\""], &["[18..60)", "\"adult\""], &[">= 60", "\"elder\""]];

#[test]
fn a_unique_table_says_its_rule() {
    let model = numbers("", &["age"], &["band"], BANDS);
    for (age, band, rule) in [(17, "minor", 1), (18, "adult", 2), (59, "adult", 2), (60, "elder", 3)] {
        let verdict = decide(&model, &[("age", Value::from(age))]).unwrap();
        assert_eq!(verdict.value, Value::from(band), "{age}");
        assert_eq!((verdict.matched[0].rule, verdict.matched[0].rule_id.clone()), (rule, format!("r{rule}")));
    }
    assert_eq!(
        decide(&model, &[]),
        Err(Unclear::NoRule { decision: "outcome".to_owned() }),
        "an age that is not given fits no rule"
    );
}

const LEVELS: &str = "\"high\", \"middle\", \"low\"";

#[test]
fn each_hit_policy_settles_in_its_way() {
    let rules: &[&[&str]] = &[&["> 1", "\"low\""], &["> 2", "\"high\""], &["> 3", "\"low\""]];
    let cases: &[(&str, i64, &str, &[usize])] = &[
        ("hitPolicy=\"FIRST\"", 9, "\"low\"", &[1]),
        ("hitPolicy=\"PRIORITY\"", 9, "\"high\"", &[2]),
        ("hitPolicy=\"RULE ORDER\"", 9, "[\"low\", \"high\", \"low\"]", &[1, 2, 3]),
        ("hitPolicy=\"OUTPUT ORDER\"", 9, "[\"high\", \"low\", \"low\"]", &[2, 1, 3]),
        ("hitPolicy=\"COLLECT\"", 3, "[\"low\", \"high\"]", &[1, 2]),
        ("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", 9, "3", &[1, 2, 3]),
        ("hitPolicy=\"COLLECT\" aggregation=\"MIN\"", 9, "\"high\"", &[1, 2, 3]),
        ("hitPolicy=\"COLLECT\"", 0, "[]", &[]),
        ("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", 0, "0", &[]),
    ];
    for (hit, x, value, matched) in cases {
        let model = numbers(hit, &["x"], &[&format!("level|{LEVELS}")], rules);
        let verdict = decide(&model, &[("x", Value::from(*x))]).unwrap();
        assert_eq!(verdict.value.to_string(), *value, "{hit}");
        assert_eq!(verdict.matched.iter().map(|matched| matched.rule).collect::<Vec<_>>(), *matched, "{hit}");
    }
}

#[test]
fn sums_are_exact() {
    let rules: &[&[&str]] = &[&["> 1", "0.1"], &["> 2", "0.2"], &["> 3", "x / 10"]];
    let model = numbers("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", &["x"], &["fee"], rules);
    assert_eq!(decide(&model, &[("x", 4.into())]).unwrap().value.to_string(), "0.7");
    assert_eq!(decide(&model, &[("x", 0.into())]), Err(Unclear::NoRule { decision: "outcome".to_owned() }));
}

#[test]
fn rules_that_disagree_are_unclear() {
    let rules: &[&[&str]] = &[&["> 1", "\"a\""], &["> 2", "\"a\""], &["> 3", "\"b\""]];
    let several = |rules: &[usize]| {
        Err(Unclear::SeveralRules { decision: "outcome".to_owned(), rules: rules.to_vec() })
    };
    let unique = numbers("hitPolicy=\"UNIQUE\"", &["x"], &["out"], rules);
    assert_eq!(decide(&unique, &[("x", 3.into())]), several(&[1, 2]));
    let any = numbers("hitPolicy=\"ANY\"", &["x"], &["out"], rules);
    assert_eq!(decide(&any, &[("x", 3.into())]).unwrap().value, "a".into());
    assert_eq!(decide(&any, &[("x", 4.into())]), several(&[1, 2, 3]));
}

#[test]
fn several_outputs_are_a_context_and_say_what_is_possible() {
    let rules: &[&[&str]] = &[&["< 5", "> 5", "\"yes\"", "10"], &[">= 5", "-", "\"no\"", "0"]];
    let model = numbers("", &["x", "y"], &["answer|\"yes\", \"no\", \"perhaps\"", "fee"], rules);
    let verdict = decide(&model, &[("x", 1.into()), ("y", 9.into())]).unwrap();
    assert_eq!(verdict.value.to_string(), "{answer: \"yes\", fee: 10}");
    let outputs = model.outputs();
    assert_eq!(
        (outputs[0].name.as_str(), outputs[0].values.join(" ")),
        ("answer", "yes no perhaps".to_owned())
    );
    assert_eq!((outputs[1].name.as_str(), outputs[1].values.join(" ")), ("fee", "10 0".to_owned()));
}
