//! Small models written out.

use std::collections::BTreeMap;

use dmn::{Budget, Model, Unclear, Value, Verdict};

/// A file with these elements within its definitions.
pub(crate) fn file(elements: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="示例" namespace="urn:example">
{elements}
</definitions>"#
    )
}

/// An input of a type.
pub(crate) fn input(name: &str, kind: &str) -> String {
    format!(
        r#"<inputData id="in-{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>"#
    )
}

/// A decision that requires the inputs and holds this logic.
pub(crate) fn decision(name: &str, inputs: &[&str], logic: &str) -> String {
    let required: String = inputs
        .iter()
        .map(|input| {
            format!(
                r##"<informationRequirement><requiredInput href="#in-{input}"/></informationRequirement>"##
            )
        })
        .collect();
    format!(r#"<decision id="{name}" name="{name}"><variable name="{name}"/>{required}{logic}</decision>"#)
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A table: a hit policy as attributes, input expressions with types, outputs, rules of cells.
pub(crate) fn table(hit: &str, inputs: &[(&str, &str)], outputs: &[&str], rules: &[&[&str]]) -> String {
    let mut text = format!("<decisionTable {hit}>");
    for (expression, kind) in inputs {
        text += &format!(
            r#"<input><inputExpression typeRef="{kind}"><text>{}</text></inputExpression></input>"#,
            escaped(expression)
        );
    }
    for output in outputs {
        let (name, values) = output.split_once('|').unwrap_or((output, ""));
        text += &format!(
            r#"<output name="{name}"><outputValues><text>{}</text></outputValues></output>"#,
            escaped(values)
        );
    }
    for (at, rule) in rules.iter().enumerate() {
        text += &format!(r#"<rule id="r{}">"#, at + 1);
        for (cell, content) in rule.iter().enumerate() {
            let tag = if cell < inputs.len() { "inputEntry" } else { "outputEntry" };
            text += &format!("<{tag}><text>{}</text></{tag}>", escaped(content));
        }
        text += "</rule>";
    }
    text + "</decisionTable>"
}

/// A model with one table over number inputs.
pub(crate) fn numbers(hit: &str, names: &[&str], outputs: &[&str], rules: &[&[&str]]) -> Model {
    let inputs: Vec<(&str, &str)> = names.iter().map(|name| (*name, "number")).collect();
    let elements: String = names.iter().map(|name| input(name, "number")).collect();
    let logic = table(hit, &inputs, outputs, rules);
    Model::parse(&file(&(elements + &decision("outcome", names, &logic)))).unwrap()
}

pub(crate) fn given(values: &[(&str, Value)]) -> BTreeMap<String, Value> {
    values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub(crate) fn decide(model: &Model, values: &[(&str, Value)]) -> Result<Verdict, Unclear> {
    model.evaluate(&given(values), Budget::default())
}
