//! Item definitions: named types with allowed values and entries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use roxmltree::Node;

use super::Run;
use super::xml::{Faults, all, attribute, one, only};
use crate::feel::{Expr, Names, Scope, Test, Tests, fits_tests, normal, parse_tests};
use crate::kind::Kind;
use crate::limits::ELEMENTS;
use crate::unclear::Unclear;
use crate::value::Value;

/// What a value must be. Parts are shared, so that types of types do not multiply.
#[derive(Debug, Clone, Default)]
pub(crate) struct Type {
    /// None for anything.
    pub(crate) kind: Option<Kind>,
    /// Which values are allowed; of a list, which items.
    pub(crate) allowed: Option<Arc<Tests>>,
    /// Types of the entries of a context, or of each context of a list.
    entries: Arc<BTreeMap<String, Type>>,
}

impl Type {
    pub(crate) fn of(kind: Option<Kind>) -> Self {
        Self { kind, ..Self::default() }
    }

    /// The texts that are allowed, if they are listed.
    pub(crate) fn texts(&self) -> Vec<String> {
        let values = self.allowed.as_deref().and_then(listed).unwrap_or_default();
        values
            .into_iter()
            .filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None })
            .collect()
    }

    /// The value if it is of this type. A list of one stands for its item, and the other way round.
    pub(crate) fn checked(&self, run: &Run<'_>, value: Value) -> Result<Value, Unclear> {
        let value = match (&self.kind, value) {
            (Some(Kind::List(_)), one) if !matches!(one, Value::List(_) | Value::Null) => {
                Value::List(vec![one])
            }
            (Some(kind), Value::List(mut items)) if !matches!(kind, Kind::List(_)) && items.len() == 1 => {
                items.pop().unwrap_or_default()
            }
            (_, value) => value,
        };
        self.judge(run, &value)?;
        Ok(self.filled(value))
    }

    /// Entries that the type declares and the value lacks are null.
    fn filled(&self, value: Value) -> Value {
        if self.entries.is_empty() {
            return value;
        }
        match value {
            Value::List(items) => Value::List(items.into_iter().map(|item| self.filled(item)).collect()),
            Value::Context(mut given) => {
                for (name, kind) in self.entries.iter() {
                    let entry = given.remove(name).unwrap_or_default();
                    given.insert(name.clone(), kind.filled(entry));
                }
                Value::Context(given)
            }
            other => other,
        }
    }

    pub(super) fn judge(&self, run: &Run<'_>, value: &Value) -> Result<(), Unclear> {
        if let Some(kind) = &self.kind
            && !kind.fits(value)
        {
            let found = Kind::of(value).map_or_else(String::new, |found| found.to_string());
            return Err(Unclear::wrong(format!("must be {kind}, not {found}")));
        }
        if let Value::List(items) = value {
            return items.iter().try_for_each(|item| self.judge_one(run, item));
        }
        self.judge_one(run, value)
    }

    fn judge_one(&self, run: &Run<'_>, value: &Value) -> Result<(), Unclear> {
        run.meter.steps(1)?;
        if let Some(allowed) = &self.allowed
            && *value != Value::Null
        {
            let none = BTreeMap::new();
            if fits_tests(run, allowed, value, &Scope::top(&none))? != Some(true) {
                return Err(Unclear::wrong("is not among the values that the model allows"));
            }
        }
        if let Value::Context(given) = value {
            for (name, kind) in self.entries.iter() {
                if let Some(entry) = given.get(name) {
                    kind.judge(run, entry).map_err(|unclear| unclear.at(&format!("“{name}”")))?;
                }
            }
        }
        Ok(())
    }
}

/// The values, if every test is a literal that the value must equal.
pub(crate) fn listed(tests: &Tests) -> Option<Vec<Value>> {
    if tests.negated || tests.any.is_empty() {
        return None;
    }
    let literal = |test: &Test| match test {
        Test::Value(Expr::Literal(value)) => Some(value.clone()),
        _ => None,
    };
    tests.any.iter().map(literal).collect()
}

/// Whether the value is among what the tests list. None if they do not simply list values.
pub(super) fn lists(tests: &Tests, value: &Value) -> Option<bool> {
    let mut found = false;
    for test in &tests.any {
        let Test::Value(Expr::Literal(one)) = test else { return None };
        found |= one == value;
    }
    (!tests.negated && !tests.any.is_empty()).then_some(found)
}

/// All named types of a file.
#[derive(Default)]
pub(super) struct Types {
    named: BTreeMap<String, Type>,
    /// Names of all entries.
    pub(super) entries: BTreeSet<String>,
}

impl Types {
    /// Reads the item definitions. A type may refer to one that stands later.
    pub(super) fn read<'d>(definitions: Node<'d, 'd>, faults: &mut Faults<'_>) -> Self {
        let mut types = Self::default();
        let mut left: Vec<Node<'d, 'd>> = all(definitions, "itemDefinition").collect();
        if left.len() > ELEMENTS {
            faults.at(
                definitions,
                "definitions",
                format!("more than {ELEMENTS} item definitions; split the model"),
            );
            return types;
        }
        // Each round reads those whose references are known; without progress the rest goes in a circle or nowhere.
        loop {
            let known: BTreeSet<String> = types.named.keys().cloned().collect();
            let (now, later): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|node| refers_to_known(*node, &known));
            left = later;
            if now.is_empty() {
                break;
            }
            for node in now {
                let path = format!("item definition “{}”", attribute(node, "name"));
                let read = types.item(node, &path, faults);
                types.named.insert(attribute(node, "name").to_owned(), read);
            }
        }
        for node in left {
            let path = format!("item definition “{}”", attribute(node, "name"));
            faults.at(node, &path, "this type, or one of its components, refers to a type that does not exist, that refers back to it, or that is not carried out here (time, date and time); use string, number, boolean, date or a duration");
        }
        types
    }

    fn item<'d>(&mut self, node: Node<'d, 'd>, path: &str, faults: &mut Faults<'_>) -> Type {
        only(node, &["typeRef", "allowedValues", "itemComponent", "functionItem"], path, faults);
        let mut read = type_ref(node).map_or_else(Type::default, |name| self.find(name).unwrap_or_default());
        if let Some(values) = one(node, "allowedValues").and_then(|values| one(values, "text")) {
            let text = values.text().unwrap_or_default();
            match parse_tests(text, &Names::default()) {
                Ok(tests) if !tests.any.is_empty() => read.allowed = Some(Arc::new(tests)),
                Ok(_) => {}
                Err(bad) => faults.at(values, path, format!("allowed values: {}", bad.what)),
            }
        }
        let mut entries = BTreeMap::new();
        for component in all(node, "itemComponent") {
            let name = normal(attribute(component, "name"));
            let inner = format!("{path} / “{name}”");
            self.entries.insert(name.clone());
            entries.insert(name, self.item(component, &inner, faults));
        }
        if !entries.is_empty() {
            read.entries = Arc::new(entries);
            read.kind = Some(Kind::Context);
        }
        if one(node, "functionItem").is_some() {
            faults.at(node, path, "functions are no values here; use a business knowledge model");
        }
        if attribute(node, "isCollection") == "true" {
            read.kind = Some(Kind::List(read.kind.map(Box::new)));
        }
        read
    }

    /// The type of this name: built in or defined in the file.
    pub(super) fn find(&self, name: &str) -> Option<Type> {
        if let Some(named) = self.named.get(name) {
            return Some(named.clone());
        }
        if let Ok(kind) = Kind::named(name) {
            return Some(Type::of(kind));
        }
        let bare = name.rsplit_once(':').map_or(name, |(_, bare)| bare);
        self.named.get(bare).cloned()
    }

    /// The type that an element's `typeRef` names; a fault if there is none such.
    pub(super) fn of<'d>(&self, node: Node<'d, 'd>, path: &str, faults: &mut Faults<'_>) -> Type {
        let Some(name) = type_ref(node) else { return Type::default() };
        self.find(name).unwrap_or_else(|| {
            faults.at(node, path, format!("the type “{name}” is neither defined here nor carried out; use string, number, boolean, date, years and months duration, days and time duration, or an item definition"));
            Type::default()
        })
    }
}

/// The type that an element names: an attribute, or in item definitions a child.
fn type_ref<'d>(node: Node<'d, 'd>) -> Option<&'d str> {
    let named = node.attribute("typeRef").or_else(|| one(node, "typeRef").and_then(|child| child.text()));
    named.map(str::trim).filter(|name| !name.is_empty())
}

fn refers_to_known<'d>(node: Node<'d, 'd>, known: &BTreeSet<String>) -> bool {
    let named = node
        .descendants()
        .filter(|inner| ["itemDefinition", "itemComponent"].contains(&inner.tag_name().name()));
    named.filter_map(type_ref).all(|name| {
        let bare = name.rsplit_once(':').map_or(name, |(_, bare)| bare);
        known.contains(name) || known.contains(bare) || Kind::named(name).is_ok()
    })
}
