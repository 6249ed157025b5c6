//! Functions that FEEL brings along, those that are carried out here. `docs/decisions/0009-dmn-own-small-feel.md` says
//! which are left out.

mod dates;
mod lists;
mod numbers;
mod texts;

use std::borrow::Cow;

use super::ast::Expr;
use super::names::length_at;
use super::ops;
use crate::budget::{Budget, Meter};
use crate::unclear::Unclear;
use crate::value::Value;

type Given<'g, 'v> = &'g [Cow<'v, Value>];
type Answer = Result<Value, Unclear>;

/// A built-in function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [&'static str],
    pub(crate) least: usize,
    pub(crate) most: usize,
    /// Null for any argument makes the result null.
    nulls: bool,
    body: fn(&Meter, Given<'_, '_>) -> Answer,
}

/// Arguments of functions that take as many as one likes.
const MANY: usize = 100;

impl Function {
    /// A function of single values: null in, null out.
    const fn of(
        name: &'static str,
        parameters: &'static [&'static str],
        least: usize,
        body: fn(&Meter, Given<'_, '_>) -> Answer,
    ) -> Self {
        Self { name, parameters, least, most: parameters.len(), nulls: true, body }
    }

    /// A function that looks at nulls itself.
    const fn of_nulls(
        name: &'static str,
        parameters: &'static [&'static str],
        body: fn(&Meter, Given<'_, '_>) -> Answer,
    ) -> Self {
        Self { name, parameters, least: parameters.len(), most: parameters.len(), nulls: false, body }
    }

    /// A function of a list, or of as many values as are given.
    const fn of_many(
        name: &'static str,
        parameters: &'static [&'static str],
        body: fn(&Meter, Given<'_, '_>) -> Answer,
    ) -> Self {
        Self { name, parameters, least: parameters.len(), most: MANY, nulls: false, body }
    }

    pub(crate) fn run(&self, meter: &Meter, given: Given<'_, '_>) -> Answer {
        meter.steps(1 + given.len())?;
        if self.nulls && given.iter().any(|value| matches!(**value, Value::Null)) {
            return Ok(Value::Null);
        }
        (self.body)(meter, given).map_err(|unclear| unclear.at(self.name))
    }

    /// The arguments, for messages.
    pub(crate) fn takes(&self) -> String {
        format!("({})", self.parameters.join(", "))
    }
}

fn all() -> impl Iterator<Item = &'static Function> {
    texts::ALL.iter().chain(numbers::ALL).chain(lists::ALL).chain(dates::ALL)
}

/// The function called at the start of `text`, and the bytes of its name.
pub(crate) fn at(text: &str) -> Option<(&'static Function, usize)> {
    let called = |name: &str| length_at(name, text).filter(|end| text[*end..].trim_start().starts_with('('));
    all().filter_map(|function| Some((function, called(function.name)?))).max_by_key(|(_, length)| *length)
}

/// Functions of FEEL whose names have spaces and that are not carried out here.
const LEFT_OUT: [&str; 14] = [
    "date and time",
    "day of week",
    "day of year",
    "month of year",
    "week of year",
    "get entries",
    "get value",
    "context put",
    "context merge",
    "met by",
    "overlaps before",
    "overlaps after",
    "started by",
    "finished by",
];

/// Whether a function that is not carried out here is called at the start of `text`.
pub(crate) fn is_left_out(text: &str) -> bool {
    LEFT_OUT.iter().any(|name| length_at(name, text).is_some())
}

/// The call, or its value where all arguments are literals: a date that does not exist is found when the file is read.
pub(crate) fn folded(function: &'static Function, given: Vec<Expr>) -> Result<Expr, String> {
    let literals: Option<Vec<Cow<'_, Value>>> = given
        .iter()
        .map(|one| if let Expr::Literal(value) = one { Some(Cow::Borrowed(value)) } else { None })
        .collect();
    let Some(literals) = literals else { return Ok(Expr::Call(function, given)) };
    match function.run(&Meter::new(Budget::default()), &literals) {
        Ok(value) => Ok(Expr::Literal(value)),
        Err(unclear) => Err(unclear.to_string()),
    }
}

/// The argument; of a list of one, its item, so that what a filter found can be used as it is.
fn single<'g>(given: Given<'g, '_>, at: usize) -> Option<&'g Value> {
    match given.get(at).map(|value| &**value) {
        Some(Value::List(items)) if items.len() == 1 => items.first(),
        other => other,
    }
}

/// The argument as a text.
fn text<'g>(given: Given<'g, '_>, at: usize) -> Result<&'g str, Unclear> {
    match single(given, at) {
        Some(Value::Text(text)) => Ok(text),
        other => Err(not_a("a text", other)),
    }
}

/// The argument as a whole number.
fn whole(given: Given<'_, '_>, at: usize) -> Result<i64, Unclear> {
    single(given, at).map_or_else(|| Err(not_a("a whole number", None)), ops::whole)
}

/// The argument as a list; a single value is a list of one.
fn list<'g>(given: Given<'g, '_>, at: usize) -> Result<&'g [Value], Unclear> {
    match given.get(at).map(|value| &**value) {
        Some(Value::List(items)) => Ok(items),
        Some(Value::Null) | None => Err(not_a("a list", None)),
        Some(one) => Ok(std::slice::from_ref(one)),
    }
}

fn not_a(wanted: &str, found: Option<&Value>) -> Unclear {
    Unclear::wrong(format!("{wanted} is needed, not {}", found.map_or_else(|| "null".to_owned(), ops::shown)))
}
