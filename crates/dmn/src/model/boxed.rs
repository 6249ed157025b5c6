//! Reads boxed expressions: literal expressions, contexts, invocations, lists, relations.

use roxmltree::Node;

use super::types::{Type, Types};
use super::xml::{Faults, Written, all, attribute, children, one};
use super::{Logic, read_table};
use crate::feel::{Bad, Names, normal, parse_expression};
use crate::limits::{COLUMNS, RULES, XML_DEPTH};

/// What readers of logic share.
pub(super) struct Reader<'r, 'd> {
    pub(super) types: &'r Types,
    pub(super) faults: Faults<'d>,
    depth: usize,
}

/// Elements that stand beside the logic of a decision and are not it.
const BESIDE: [&str; 15] = [
    "description",
    "extensionElements",
    "question",
    "allowedAnswers",
    "variable",
    "informationRequirement",
    "knowledgeRequirement",
    "authorityRequirement",
    "supportedObjective",
    "impactedPerformanceIndicator",
    "decisionMaker",
    "decisionOwner",
    "usingProcess",
    "usingTask",
    "parameter",
];

/// The child element that is an expression.
pub(super) fn expression_of<'d>(node: Node<'d, 'd>) -> Option<Node<'d, 'd>> {
    children(node).find(|child| !BESIDE.contains(&child.tag_name().name()))
}

impl<'r, 'd> Reader<'r, 'd> {
    pub(super) fn new(types: &'r Types, faults: Faults<'d>) -> Self {
        Self { types, faults, depth: 0 }
    }

    /// Reads one expression element.
    pub(super) fn logic(&mut self, node: Node<'d, 'd>, path: &str, names: &Names) -> Option<Logic> {
        if self.depth >= XML_DEPTH / 2 {
            self.faults.at(
                node,
                path,
                "boxed expressions stand too deep inside one another; split the decision",
            );
            return None;
        }
        self.depth += 1;
        let read = match node.tag_name().name() {
            "literalExpression" => self.literal(node, path, names),
            "decisionTable" => {
                read_table::table(self, node, path, names).map(|table| Logic::Table(Box::new(table)))
            }
            "context" => self.context(node, path, names),
            "invocation" => self.invocation(node, path, names),
            "list" => self.list(node, path, names),
            "relation" => self.relation(node, path, names),
            other => {
                self.faults.at(node, path, format!("“{other}” is not carried out here; use a decision table, a literal expression, a context, an invocation, a list or a relation"));
                None
            }
        };
        self.depth -= 1;
        let kind = self.types.of(node, path, &mut self.faults);
        if kind.kind.is_none() || matches!(read, Some(Logic::Table(_))) {
            return read;
        }
        read.map(|logic| Logic::Typed(kind, Box::new(logic)))
    }

    /// Reads the logic within an element; a fault if there is none.
    fn within(&mut self, node: Node<'d, 'd>, path: &str, names: &Names) -> Option<Logic> {
        match expression_of(node) {
            Some(expression) => self.logic(expression, path, names),
            None => {
                self.faults.at(node, path, "there is no expression here; write one");
                None
            }
        }
    }

    /// Tells what is wrong with an expression.
    pub(super) fn bad(&mut self, written: &Written, path: &str, bad: &Bad) {
        self.faults.on(written.line_at(bad.at), path, bad.what.clone());
    }

    fn literal(&mut self, node: Node<'d, 'd>, path: &str, names: &Names) -> Option<Logic> {
        let language = attribute(node, "expressionLanguage");
        if !language.is_empty() && !language.to_ascii_lowercase().contains("feel") {
            self.faults.at(
                node,
                path,
                format!("the language “{language}” is not carried out here; write FEEL"),
            );
            return None;
        }
        if one(node, "importedValues").is_some() {
            self.faults.at(node, path, "imported values are not carried out here; write the expression");
            return None;
        }
        let Some(written) = self.faults.written(node) else {
            self.faults.at(node, path, "the expression is empty; write a value");
            return None;
        };
        match parse_expression(&written.text, names) {
            Ok(expr) => Some(Logic::Feel(expr)),
            Err(bad) => {
                self.bad(&written, path, &bad);
                None
            }
        }
    }

    fn context(&mut self, node: Node<'d, 'd>, path: &str, names: &Names) -> Option<Logic> {
        let mut names = names.clone();
        let mut entries: Vec<(String, Type, Logic)> = Vec::new();
        let mut result = None;
        for entry in all(node, "contextEntry") {
            let Some(variable) = one(entry, "variable") else {
                if result.is_some() {
                    self.faults.at(entry, path, "a context has one result only, the last entry");
                }
                result = self.within(entry, &format!("{path} / result"), &names);
                continue;
            };
            let name = normal(attribute(variable, "name"));
            let here = format!("{path} / “{name}”");
            if result.is_some() || entries.iter().any(|(known, ..)| *known == name) {
                self.faults.at(
                    entry,
                    &here,
                    "this entry is given twice, or stands after the result; remove it",
                );
            }
            let kind = self.types.of(variable, &here, &mut self.faults);
            if let Some(logic) = self.within(entry, &here, &names) {
                entries.push((name.clone(), kind, logic));
            }
            names.add(&name);
            names.add_entry(&name);
        }
        Some(Logic::Context(entries, result.map(Box::new)))
    }

    fn invocation(&mut self, node: Node<'d, 'd>, path: &str, names: &Names) -> Option<Logic> {
        let called = one(node, "literalExpression").and_then(|called| self.faults.written(called));
        let name = normal(&called.map(|called| called.text).unwrap_or_default());
        let Some(parameters) = names.model(&name).map(<[String]>::to_vec) else {
            self.faults.at(node, path, format!("“{name}” is no business knowledge model that is required here; draw a knowledge requirement to it"));
            return None;
        };
        let mut given: Vec<Option<Logic>> = parameters.iter().map(|_| None).collect();
        for binding in all(node, "binding") {
            let parameter = one(binding, "parameter").map_or("", |parameter| attribute(parameter, "name"));
            let parameter = normal(parameter);
            let here = format!("{path} / argument “{parameter}”");
            let Some(at) = parameters.iter().position(|one| *one == parameter) else {
                self.faults.at(
                    binding,
                    &here,
                    format!("“{name}” has no such parameter; it has {}", parameters.join(", ")),
                );
                continue;
            };
            given[at] = self.within(binding, &here, names);
        }
        if given.iter().any(Option::is_none) {
            self.faults.at(
                node,
                path,
                format!("“{name}” needs all of its arguments: {}", parameters.join(", ")),
            );
        }
        Some(Logic::Invoke(name, given.into_iter().flatten().collect()))
    }

    fn list(&mut self, node: Node<'d, 'd>, path: &str, names: &Names) -> Option<Logic> {
        let mut items = Vec::new();
        for (at, item) in
            children(node).filter(|child| !BESIDE.contains(&child.tag_name().name())).enumerate()
        {
            items.extend(self.logic(item, &format!("{path} / item {}", at + 1), names));
        }
        Some(Logic::List(items))
    }

    fn relation(&mut self, node: Node<'d, 'd>, path: &str, names: &Names) -> Option<Logic> {
        let columns: Vec<String> =
            all(node, "column").map(|column| normal(attribute(column, "name"))).collect();
        let rows: Vec<Node<'d, 'd>> = all(node, "row").collect();
        if columns.len() > COLUMNS || rows.len() > RULES {
            self.faults.at(node, path, format!("a relation has {COLUMNS} columns and {RULES} rows at most"));
            return None;
        }
        let mut read = Vec::new();
        for (at, row) in rows.into_iter().enumerate() {
            let here = format!("{path} / row {}", at + 1);
            let cells: Vec<Node<'d, 'd>> = children(row).collect();
            if cells.len() != columns.len() {
                self.faults.at(
                    row,
                    &here,
                    format!("this row has {} cells for {} columns", cells.len(), columns.len()),
                );
            }
            read.push(cells.into_iter().filter_map(|cell| self.logic(cell, &here, names)).collect());
        }
        Some(Logic::Relation(columns, read))
    }
}
