//! Input cells: which values fit which.

use dmn::{Unclear, Value};

use crate::common::{decide, decision, file, input, table};

/// Whether a cell fits a value of a type: by a table of one rule.
fn fits(kind: &str, cell: &str, value: Value) -> bool {
    let logic = table("", &[("x", kind)], &["out"], &[&[cell, "true"]]);
    let model = dmn::Model::parse(&file(&(input("x", kind) + &decision("d", &["x"], &logic))));
    match decide(&model.unwrap(), &[("x", value)]) {
        Ok(_) => true,
        Err(Unclear::NoRule { .. }) => false,
        Err(other) => panic!("{cell}: {other}"),
    }
}

fn date(day: i8) -> Value {
    domain::Date::constant(2026, 1, day).into()
}

#[test]
fn numbers() {
    let cases: &[(&str, &[i64], &[i64])] = &[
        ("-", &[0, 7], &[]),
        ("", &[0, 7], &[]),
        ("7", &[7], &[6]),
        ("-7", &[-7], &[7]),
        ("7, 9", &[7, 9], &[8]),
        ("< 7", &[6], &[7]),
        ("<= 7", &[7], &[8]),
        ("> 7", &[8], &[7]),
        (">= 7", &[7], &[6]),
        ("!= 7", &[6], &[7]),
        ("[7..9]", &[7, 8, 9], &[6, 10]),
        ("(7..9)", &[8], &[7, 9]),
        ("]7..9[", &[8], &[7, 9]),
        ("[7..9[, > 20", &[7, 21], &[9, 20]),
        ("not(7, [20..30])", &[8], &[7, 25]),
        ("? > 7 and ? < 9", &[8], &[7, 9]),
        ("odd(?)", &[7], &[8]),
        ("[1, 2, 3]", &[1, 3], &[4]),
        ("for i in 1..3 return i * 2", &[2, 6], &[3]),
    ];
    for (cell, yes, no) in cases {
        for value in *yes {
            assert!(fits("number", cell, Value::from(*value)), "“{cell}” fits {value}");
        }
        for value in *no {
            assert!(!fits("number", cell, Value::from(*value)), "“{cell}” does not fit {value}");
        }
    }
}

#[test]
fn texts_booleans_dates_durations() {
    assert!(fits("string", "\"a\", \"b\"", "b".into()));
    assert!(!fits("string", "not(\"a\", \"b\")", "b".into()));
    assert!(fits("string", "starts with(?, \"44\")", "440100".into()));
    assert!(fits("boolean", "true", true.into()));
    assert!(fits("boolean", "false", false.into()), "a cell holds a value, not a condition");
    assert!(!fits("boolean", "false", true.into()));
    assert!(fits("date", "[date(\"2026-01-01\")..date(\"2026-01-31\")]", date(31)));
    assert!(!fits("date", "> @\"2026-01-15\"", date(15)));
    assert!(fits("yearMonthDuration", ">= duration(\"P80Y\")", Value::Months(960)));
    assert!(!fits("yearMonthDuration", ">= duration(\"P80Y\")", Value::Months(959)));
}

#[test]
fn what_is_not_known_fits_only_a_dash_and_null() {
    for (cell, fitting) in [("-", true), ("null", true), ("7", false), ("> 7", false), ("not(> 7)", false)] {
        assert_eq!(fits("number", cell, Value::Null), fitting, "{cell}");
    }
}
