//! Whatever is written: no panic, a bounded time, the same answer twice.

use std::collections::BTreeMap;

use dmn::{Budget, Model, Value, check_expression, evaluate_expression};
use proptest::prelude::*;

use crate::common::{decision, file, input, table};

/// Pieces of which expressions are put together, sensible and otherwise.
const PIECES: [&str; 60] = [
    "1",
    "0",
    "2.5",
    "\"a\"",
    "\"",
    "true",
    "null",
    "x",
    "a name",
    "list",
    "?",
    "-",
    "+",
    "*",
    "/",
    "**",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "a:",
    ",",
    ".",
    "..",
    "=",
    "!=",
    "<",
    ">=",
    " and ",
    " or ",
    " in ",
    " between ",
    "if ",
    " then ",
    " else ",
    "for i in ",
    " return ",
    "some i in ",
    " satisfies ",
    "not(",
    "count(",
    "sum(",
    "date(\"2026-01-01\")",
    "duration(\"P1Y\")",
    "@\"P1D\"",
    "substring(",
    "string join(",
    "flatten(",
    "1..9",
    "item",
    "i",
    "//",
    "/*",
    "*/",
    "\\",
    "粤",
    "\u{1F40E}",
    " ",
];

fn expression() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..40)
            .prop_map(|pieces| pieces.concat()),
        "\\PC{0,80}",
    ]
}

fn values() -> BTreeMap<String, Value> {
    let list = Value::List((0..20).map(Value::from).collect());
    let x = Value::from(7);
    BTreeMap::from([("x".to_owned(), x), ("a name".to_owned(), "示例".into()), ("list".to_owned(), list)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_as_an_expression(text in expression()) {
        let names: Vec<String> = values().into_keys().collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let checked = check_expression(&text, &names);
        let found = evaluate_expression(&text, &values(), Budget::default());
        prop_assert_eq!(&found, &evaluate_expression(&text, &values(), Budget::default()));
        if let Err(what) = checked {
            prop_assert!(!what.is_empty());
            prop_assert!(found.is_err());
        }
    }

    #[test]
    fn any_cells_in_a_table(
        cells in proptest::collection::vec((expression(), expression()), 1..6),
        hit in proptest::sample::select(vec!["", "hitPolicy=\"FIRST\"", "hitPolicy=\"COLLECT\"", "hitPolicy=\"ANY\""]),
        x in -10_i64..10,
    ) {
        let plain = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
        let cells: Vec<[String; 2]> = cells.iter().map(|(cell, out)| [plain(cell), plain(out)]).collect();
        let rules: Vec<Vec<&str>> = cells.iter().map(|rule| rule.iter().map(String::as_str).collect()).collect();
        let rules: Vec<&[&str]> = rules.iter().map(Vec::as_slice).collect();
        let logic = table(hit, &[("x", "number")], &["out"], &rules);
        let xml = file(&(input("x", "number") + &decision("d", &["x"], &logic)));
        match Model::parse(&xml) {
            Err(faults) => prop_assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.what.is_empty())),
            Ok(model) => {
                let inputs = BTreeMap::from([("x".to_owned(), Value::from(x))]);
                let verdict = model.evaluate(&inputs, Budget::default());
                prop_assert_eq!(&verdict, &model.evaluate(&inputs, Budget::default()));
                if let Ok(verdict) = verdict {
                    prop_assert!(verdict.steps <= Budget::default().steps);
                }
                prop_assert!(model.remarks().iter().all(|remark| !remark.what.is_empty()));
            }
        }
    }
}

/// Ranges with and without gaps: a unique table of bands fits each number at most once, and says so.
#[test]
fn bands_fit_each_number_once() {
    proptest!(|(mut edges in proptest::collection::btree_set(-50_i64..50, 2..8), x in -60_i64..60)| {
        let last = edges.pop_last().unwrap_or_default();
        let edges: Vec<i64> = edges.into_iter().chain([last]).collect();
        let cells: Vec<[String; 2]> =
            edges.windows(2).enumerate().map(|(at, pair)| [format!("[{}..{})", pair[0], pair[1]), at.to_string()]).collect();
        let rules: Vec<Vec<&str>> = cells.iter().map(|rule| rule.iter().map(String::as_str).collect()).collect();
        let rules: Vec<&[&str]> = rules.iter().map(Vec::as_slice).collect();
        let model = crate::common::numbers("", &["x"], &["band"], &rules);
        let found = crate::common::decide(&model, &[("x", x.into())]).ok().map(|verdict| verdict.value.to_string());
        let wanted = edges.windows(2).position(|pair| pair[0] <= x && x < pair[1]).map(|at| at.to_string());
        prop_assert_eq!(found, wanted);
    });
}
