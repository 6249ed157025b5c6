//! Reads decision tables, and checks cells against the types of their columns.

use std::sync::Arc;

use roxmltree::Node;

use super::boxed::Reader;
use super::table::{Column, Out, Rule};
use super::types::{Type, listed, lists};
use super::xml::{all, attribute, one, only};
use super::{Hit, Table};
use crate::feel::{Compare, Expr, Names, Test, Tests, normal, parse_expression, parse_tests};
use crate::kind::Kind;
use crate::limits::{COLUMNS, RULES};
use crate::value::{Value, Words};

/// Reads a table.
pub(super) fn table<'d>(
    reader: &mut Reader<'_, 'd>,
    node: Node<'d, 'd>,
    path: &str,
    names: &Names,
) -> Option<Table> {
    let (policy, aggregation) = (attribute(node, "hitPolicy"), attribute(node, "aggregation"));
    let Some(hit) = Hit::named(policy, aggregation) else {
        reader.faults.at(node, path, format!("the hit policy “{policy}” with aggregation “{aggregation}” does not exist; use UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER, or COLLECT with SUM, MIN, MAX, COUNT or nothing"));
        return None;
    };
    only(node, &["input", "output", "annotation", "rule"], path, &mut reader.faults);
    let many = |name| all(node, name).count();
    if many("input") > COLUMNS || many("output") > COLUMNS || many("rule") > RULES {
        reader.faults.at(
            node,
            path,
            format!("a table has {COLUMNS} inputs, {COLUMNS} outputs and {RULES} rules at most; split it"),
        );
        return None;
    }
    let inputs: Vec<Column> = all(node, "input")
        .enumerate()
        .filter_map(|(at, input)| column(reader, input, path, at, names))
        .collect();
    let outputs: Vec<Out> = all(node, "output")
        .enumerate()
        .map(|(at, output)| out(reader, output, path, at, hit, names))
        .collect();
    if outputs.is_empty() {
        reader.faults.at(node, path, "the table has no output column; add one");
    }
    if outputs.len() > 1 && outputs.iter().any(|out| out.name.is_empty()) {
        reader.faults.at(node, path, "where a table has several outputs, each needs a name");
    }
    if hit.by_output_order() && outputs.iter().all(|out| out.values.is_empty()) {
        reader.faults.at(
            node,
            path,
            "the hit policy goes by output values; declare them for an output, the most important first",
        );
    }
    if outputs.len() > 1 && hit.aggregates() {
        reader.faults.at(node, path, "COLLECT with an aggregation needs a table with one output");
    }
    let notes: Vec<String> = all(node, "annotation").map(|note| normal(attribute(note, "name"))).collect();
    let wide = (many("input"), many("output"));
    let mut table = Table { hit, inputs, outputs, rules: Vec::new() };
    if table.inputs.len() == wide.0 {
        for (at, rule) in all(node, "rule").enumerate() {
            let here = format!("{path} / rule {}", at + 1);
            let read = row(reader, rule, &here, &table, &notes, names);
            table.rules.extend(read);
        }
    }
    Some(table)
}

fn column<'d>(
    reader: &mut Reader<'_, 'd>,
    node: Node<'d, 'd>,
    path: &str,
    at: usize,
    names: &Names,
) -> Option<Column> {
    let here = format!("{path} / input {}", at + 1);
    only(node, &["inputExpression", "inputValues"], &here, &mut reader.faults);
    let expression = one(node, "inputExpression");
    let written = expression.and_then(|expression| reader.faults.written(expression));
    let (Some(expression), Some(written)) = (expression, written) else {
        reader.faults.at(node, &here, "the column has no input expression; write what it looks at");
        return None;
    };
    let label = match attribute(node, "label") {
        "" => normal(&written.text),
        label => label.to_owned(),
    };
    let mut kind = reader.types.of(expression, &here, &mut reader.faults);
    if let Some(values) = one(node, "inputValues")
        && let Some(values) = reader.faults.written(values)
        && !values.is_blank()
    {
        match parse_tests(&values.text, names) {
            Ok(tests) => kind.allowed = Some(Arc::new(tests)),
            Err(bad) => reader.bad(&values, &here, &bad),
        }
    }
    match parse_expression(&written.text, names) {
        Ok(expression) => Some(Column { label, expression, kind }),
        Err(bad) => {
            reader.bad(&written, &here, &bad);
            None
        }
    }
}

fn out<'d>(
    reader: &mut Reader<'_, 'd>,
    node: Node<'d, 'd>,
    path: &str,
    at: usize,
    hit: Hit,
    names: &Names,
) -> Out {
    let here = format!("{path} / output {}", at + 1);
    only(node, &["outputValues", "defaultOutputEntry"], &here, &mut reader.faults);
    let kind = reader.types.of(node, &here, &mut reader.faults);
    let mut values = kind.allowed.as_deref().and_then(listed).unwrap_or_default();
    if let Some(declared) = one(node, "outputValues")
        && let Some(written) = reader.faults.written(declared)
        && !written.is_blank()
    {
        match parse_tests(&written.text, names).map(|tests| listed(&tests)) {
            Ok(Some(listed)) => values = listed,
            Ok(None) if hit.by_output_order() => {
                reader.faults.at(
                    declared,
                    &here,
                    "the hit policy needs output values as a list of literals, the most important first",
                );
            }
            Ok(None) => {}
            Err(bad) => reader.bad(&written, &here, &bad),
        }
    }
    let default = one(node, "defaultOutputEntry")
        .and_then(|entry| reader.faults.written(entry))
        .filter(|written| !written.is_blank())
        .and_then(|written| output_cell(reader, &written, &here, names));
    Out { name: normal(attribute(node, "name")), kind, values, default }
}

fn output_cell(
    reader: &mut Reader<'_, '_>,
    written: &super::xml::Written,
    path: &str,
    names: &Names,
) -> Option<Expr> {
    match parse_expression(&written.text, names) {
        Ok(expr) => Some(expr),
        Err(bad) => {
            reader.bad(written, path, &bad);
            None
        }
    }
}

fn row<'d>(
    reader: &mut Reader<'_, 'd>,
    node: Node<'d, 'd>,
    path: &str,
    table: &Table,
    notes: &[String],
    names: &Names,
) -> Option<Rule> {
    only(node, &["inputEntry", "outputEntry", "annotationEntry"], path, &mut reader.faults);
    let entries = |name| -> Vec<Node<'d, 'd>> { all(node, name).collect() };
    let (ins, outs) = (entries("inputEntry"), entries("outputEntry"));
    if ins.len() != table.inputs.len() || outs.len() != table.outputs.len() {
        let what = format!(
            "this rule has {} inputs and {} outputs, the table {} and {}; fill each cell, “-” where anything fits",
            ins.len(),
            outs.len(),
            table.inputs.len(),
            table.outputs.len()
        );
        reader.faults.at(node, path, what);
        return None;
    }
    let mut cells = Vec::new();
    for (at, (entry, column)) in ins.into_iter().zip(&table.inputs).enumerate() {
        let here = format!("{path} / input {}", at + 1);
        cells.push(input_cell(reader, entry, &here, &column.kind, names));
    }
    let mut outputs = Vec::new();
    for (at, (entry, out)) in outs.into_iter().zip(&table.outputs).enumerate() {
        let here = format!("{path} / output {}", at + 1);
        let Some(written) = reader.faults.written(entry).filter(|written| !written.is_blank()) else {
            reader.faults.at(entry, &here, "the output is empty; write a value, or null if nothing is meant");
            continue;
        };
        let Some(expr) = output_cell(reader, &written, &here, names) else { continue };
        if let Some(what) = unfit_output(&expr, out) {
            reader.faults.at(entry, &here, what);
        }
        outputs.push(expr);
    }
    let words = words(reader, node, notes);
    Some(Rule { id: attribute(node, "id").to_owned(), line: reader.faults.line(node), cells, outputs, words })
}

fn input_cell<'d>(
    reader: &mut Reader<'_, 'd>,
    entry: Node<'d, 'd>,
    path: &str,
    kind: &Type,
    names: &Names,
) -> Tests {
    let Some(written) = reader.faults.written(entry) else { return Tests::default() };
    match parse_tests(&written.text, names) {
        Ok(tests) => {
            if let Some(what) = unfit_cell(&tests, kind) {
                reader.faults.at(entry, path, what);
            }
            tests
        }
        Err(bad) => {
            reader.bad(&written, path, &bad);
            Tests::default()
        }
    }
}

/// Why a cell can never fit its column: literals of another kind, or texts that the column does not allow.
fn unfit_cell(tests: &Tests, kind: &Type) -> Option<String> {
    let wanted = kind.kind.as_ref()?;
    if matches!(wanted, Kind::List(_) | Kind::Context) {
        return None;
    }
    for test in &tests.any {
        let (literals, exactly): (Vec<&Expr>, bool) = match test {
            Test::Compare(sign, expr) => (vec![expr], *sign == Compare::Equal),
            Test::Range { low, high, .. } => (vec![low, high], false),
            Test::Value(expr) => (vec![expr], true),
            Test::Condition(_) => continue,
        };
        for literal in literals {
            let Expr::Literal(value) = literal else { continue };
            if !wanted.fits(value) && !matches!(value, Value::List(_)) {
                return Some(format!(
                    "the column holds {wanted}; {value} can never fit. Write {}",
                    example(wanted)
                ));
            }
            let forbidden =
                || kind.allowed.as_ref().is_some_and(|allowed| lists(allowed, value) == Some(false));
            if exactly && *value != Value::Null && !matches!(value, Value::List(_)) && forbidden() {
                return Some(format!("{value} is not among the values that the column allows"));
            }
        }
    }
    None
}

/// Why a literal may not come out of a column.
fn unfit_output(expr: &Expr, out: &Out) -> Option<String> {
    let Expr::Literal(value) = expr else { return None };
    if let Some(wanted) = out.kind.kind.as_ref()
        && !wanted.fits(value)
        && !matches!(wanted, Kind::List(_))
    {
        return Some(format!("the column puts out {wanted}, not {value}. Write {}", example(wanted)));
    }
    if !out.values.is_empty()
        && *value != Value::Null
        && !out.values.contains(value)
        && !matches!(value, Value::List(_))
    {
        return Some(format!("{value} is not among the declared output values"));
    }
    None
}

fn example(kind: &Kind) -> &'static str {
    match kind {
        Kind::Bool => "true or false",
        Kind::Number => "numbers without quotation marks, such as 18 or [18..60]",
        Kind::Text => "texts in quotation marks, such as \"yes\"",
        Kind::Date => "date(\"2026-01-31\")",
        Kind::Months => "duration(\"P18Y\")",
        Kind::Duration => "duration(\"P10D\")",
        Kind::List(_) => "a list, such as [1, 2]",
        Kind::Context => "a context, such as {a: 1}",
    }
}

/// Annotations by column; the rule's description where there are none.
fn words<'d>(reader: &Reader<'_, 'd>, node: Node<'d, 'd>, notes: &[String]) -> Words {
    let mut words = Words::new();
    for (at, entry) in all(node, "annotationEntry").enumerate() {
        let text =
            reader.faults.written(entry).map(|written| written.text.trim().to_owned()).unwrap_or_default();
        let name = notes.get(at).filter(|name| !name.is_empty()).cloned();
        if !text.is_empty() {
            words.insert(name.unwrap_or_else(|| "annotation".to_owned()), text);
        }
    }
    if words.is_empty()
        && let Some(text) = one(node, "description").and_then(|described| described.text())
    {
        words.insert("description".to_owned(), text.trim().to_owned());
    }
    words
}
