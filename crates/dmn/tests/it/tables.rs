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
