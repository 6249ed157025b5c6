//! How fast a table of ten rules over four inputs is read and evaluated, on one core.
//! `cargo run --release -p dmn --example speed`

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement, not a part of the product"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use dmn::{Budget, Model, Value};

const INPUTS: [(&str, &str); 4] =
    [("age", "number"), ("months", "number"), ("home", "string"), ("first", "boolean")];

fn xml() -> String {
    let mut text =
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="speed">"#
            .to_owned();
    let mut needs = String::new();
    let mut columns = String::new();
    for (name, kind) in INPUTS {
        write!(
            text,
            r#"<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>"#
        )
        .unwrap();
        write!(
            needs,
            r##"<informationRequirement><requiredInput href="#{name}"/></informationRequirement>"##
        )
        .unwrap();
        write!(
            columns,
            r#"<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>"#
        )
        .unwrap();
    }
    write!(text, r#"<decision id="r" name="r">{needs}<decisionTable>{columns}<output name="outcome"/><output name="amount"/>"#).unwrap();
    for rule in 0..10 {
        let age = format!("[{}..{})", rule * 10, rule * 10 + 10);
        let cells = [age.as_str(), "&gt;= 6", r#""here", "there""#, "true"];
        text += "<rule>";
        for cell in cells {
            write!(text, "<inputEntry><text>{cell}</text></inputEntry>").unwrap();
        }
        write!(text, r#"<outputEntry><text>"grant"</text></outputEntry><outputEntry><text>{rule} * 100</text></outputEntry></rule>"#).unwrap();
    }
    text + "</decisionTable></decision></definitions>"
}

fn main() {
    const TIMES: u32 = 200_000;
    let xml = xml();
    let start = Instant::now();
    for _ in 0..1_000 {
        Model::parse(&xml).unwrap();
    }
    println!("read: {:.0} models/s", 1_000.0 / start.elapsed().as_secs_f64());
    let model = Model::parse(&xml).unwrap();
    let inputs = |age: i64| {
        BTreeMap::from([
            ("age".to_owned(), Value::from(age)),
            ("months".to_owned(), Value::from(12)),
            ("home".to_owned(), Value::from("there")),
            ("first".to_owned(), Value::from(true)),
        ])
    };
    let given: Vec<_> = (0..100).map(inputs).collect();
    let start = Instant::now();
    let mut steps = 0;
    for at in 0..TIMES {
        steps += model.evaluate(&given[at as usize % given.len()], Budget::default()).unwrap().steps;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "evaluate: {:.0} verdicts/s, {} steps each",
        f64::from(TIMES) / seconds,
        steps / u64::from(TIMES)
    );
    println!("a step: {:.0} ns", seconds * 1e9 / steps as f64);
    let loops = "count(for a in 1..1000000 return a * a)";
    let start = Instant::now();
    let cut = dmn::evaluate_expression(loops, &BTreeMap::new(), Budget::default());
    println!(
        "a runaway loop is cut after {:.1} ms: {}",
        start.elapsed().as_secs_f64() * 1e3,
        cut.unwrap_err()
    );
}
