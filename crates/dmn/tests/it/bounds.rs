//! Bounds: time, memory, depth, size.

use std::collections::BTreeMap;

use dmn::{Budget, Model, Unclear, Value, check_expression, evaluate_expression};

use crate::common::{decision, file, numbers};

fn evaluate(text: &str, budget: Budget) -> Result<Value, Unclear> {
    let values = BTreeMap::from([("text".to_owned(), Value::from("x".repeat(1_000)))]);
    evaluate_expression(text, &values, budget)
}

#[test]
fn a_runaway_ends_over_budget() {
    for text in [
        "for a in 1..1000000000000 return 1",
        "for a in 1..1000, b in 1..1000, c in 1..1000 return a * b * c",
        "some a in 1..100000, b in 1..100000 satisfies a + b < 0",
        "sum(for a in 1..9999999 return a)",
        "count(for a in 1..100000 return text)",
        "string join(for a in 1..100000 return text, text)",
        "(for a in 1..1000 return a)[count(for b in 1..1000 return b) > item]",
    ] {
        assert_eq!(evaluate(text, Budget::default()), Err(Unclear::OverBudget), "{text}");
    }
}

#[test]
fn steps_and_bytes_are_each_a_bound() {
    let few = Budget { steps: 50, ..Budget::default() };
    assert_eq!(evaluate("for a in 1..100 return a", few), Err(Unclear::OverBudget));
    let small = Budget { bytes: 5_000, ..Budget::default() };
    assert_eq!(evaluate("for a in 1..10 return text", small), Err(Unclear::OverBudget));
    assert!(evaluate("for a in 1..3 return text", small).is_ok());
    let model = numbers("", &["x"], &["y"], &[&["> 1", "1"]]);
    let inputs = BTreeMap::from([("x".to_owned(), Value::from(2))]);
    let steps = model.evaluate(&inputs, Budget::default()).unwrap().steps;
    let exact = Budget { steps, ..Budget::default() };
    assert!(model.evaluate(&inputs, exact).is_ok(), "the steps told are the steps needed");
    let less = Budget { steps: steps - 1, ..exact };
    assert_eq!(model.evaluate(&inputs, less), Err(Unclear::OverBudget));
}

#[test]
fn deep_expressions_are_refused_and_never_overflow_the_stack() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("-", ""), ("if true then ", " else 1"), ("{a: ", "}"), ("not(", ")")]
    {
        let text = format!("{}1{}", open.repeat(60), close.repeat(60));
        let what = check_expression(&text, &[]).unwrap_err();
        assert!(what.contains("inside one another"), "{open}: {what}");
    }
    let long = vec!["1"; 1_000].join(" + ");
    assert_eq!(evaluate(&long, Budget::default()), Ok(Value::from(1_000)), "a long sum is not a deep one");
    let longer = vec!["1"; 3_000].join("+");
    assert!(check_expression(&longer, &[]).unwrap_err().contains("longer than"));
}

#[test]
fn deep_inputs_are_over_budget() {
    let mut deep = Value::from(1);
    for _ in 0..40 {
        deep = Value::List(vec![deep]);
    }
    let xml = "<inputData id=\"in-x\" name=\"x\"/>".to_owned()
        + &decision("d", &["x"], "<literalExpression><text>x</text></literalExpression>");
    let model = Model::parse(&file(&xml)).unwrap();
    let inputs = BTreeMap::from([("x".to_owned(), deep)]);
    assert_eq!(model.evaluate(&inputs, Budget::default()), Err(Unclear::OverBudget));
}

#[test]
fn calls_of_calls_stop() {
    // Each model calls the one before twice: 2^60 calls, were it not for the budget.
    let mut xml = String::new();
    for at in 0..60 {
        let body = if at == 0 { "x".to_owned() } else { format!("m{0}(x) + m{0}(x)", at - 1) };
        let needs = if at == 0 {
            String::new()
        } else {
            format!("<knowledgeRequirement><requiredKnowledge href=\"#m{}\"/></knowledgeRequirement>", at - 1)
        };
        xml += &format!(
            "<businessKnowledgeModel id=\"m{at}\" name=\"m{at}\"><encapsulatedLogic><formalParameter name=\"x\"/><literalExpression><text>{body}</text></literalExpression></encapsulatedLogic>{needs}</businessKnowledgeModel>"
        );
    }
    xml += "<decision id=\"d\" name=\"d\"><knowledgeRequirement><requiredKnowledge href=\"#m59\"/></knowledgeRequirement><literalExpression><text>m59(1)</text></literalExpression></decision>";
    let model = Model::parse(&file(&xml)).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(model.evaluate(&BTreeMap::new(), Budget::default()), Err(Unclear::OverBudget));
}

#[test]
fn files_are_bounded() {
    let said = |xml: &str| Model::parse(xml).unwrap_err()[0].what.clone();
    assert!(said(&file(&" ".repeat(600_000))).contains("larger than"));
    assert!(said(&file(&"<a/>".repeat(70_000))).contains("within bounds"));
    assert!(said(&file(&("<a>".repeat(60) + &"</a>".repeat(60)))).contains("deep"));
    assert!(said(&file(&("<a>".repeat(40_000) + &"</a>".repeat(40_000)))).contains("deep"));
    let rule = "<rule><outputEntry><text>1</text></outputEntry></rule>";
    let table = format!("<decisionTable><output/>{}</decisionTable>", rule.repeat(2_001));
    assert!(said(&file(&decision("d", &[], &table))).contains("2000 rules at most"));
}

#[test]
fn types_of_types_do_not_multiply() {
    // Each type holds the one before twice: 2^250 entries, were they not shared.
    let mut xml = "<itemDefinition name=\"t0\"><typeRef>number</typeRef></itemDefinition>".to_owned();
    for at in 1..250 {
        let inner = format!("<typeRef>t{}</typeRef>", at - 1);
        xml += &format!(
            "<itemDefinition name=\"t{at}\"><itemComponent name=\"a\">{inner}</itemComponent><itemComponent name=\"b\">{inner}</itemComponent></itemDefinition>"
        );
    }
    xml += "<inputData id=\"in-x\" name=\"x\"><variable name=\"x\" typeRef=\"t249\"/></inputData>";
    xml += &decision("d", &["x"], "<literalExpression><text>x.a.b</text></literalExpression>");
    let model = Model::parse(&file(&xml)).unwrap_or_else(|faults| panic!("{faults:?}"));
    let entry = Value::Context(BTreeMap::from([("a".to_owned(), Value::Context(BTreeMap::new()))]));
    let inputs = BTreeMap::from([("x".to_owned(), entry)]);
    assert_eq!(model.evaluate(&inputs, Budget::default()).unwrap().value, Value::Null);
}

#[test]
fn decisions_cannot_nest_values_without_end() {
    let mut xml = String::new();
    for at in 0..40 {
        let needs = if at == 0 {
            String::new()
        } else {
            format!(
                "<informationRequirement><requiredDecision href=\"#d{}\"/></informationRequirement>",
                at - 1
            )
        };
        let body = if at == 0 { "1".to_owned() } else { format!("[d{}]", at - 1) };
        xml += &format!(
            "<decision id=\"d{at}\" name=\"d{at}\">{needs}<literalExpression><text>{body}</text></literalExpression></decision>"
        );
    }
    let model = Model::parse(&file(&xml)).unwrap();
    assert_eq!(model.evaluate(&BTreeMap::new(), Budget::default()), Err(Unclear::OverBudget));
    assert!(model.evaluate_decision("d20", &BTreeMap::new(), Budget::default()).is_ok());
}
