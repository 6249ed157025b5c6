//! Decision models: DMN files (1.2 to 1.5) with a closed part of FEEL, read once and evaluated within bounds.
//!
//! A file is half-trusted: it is bounded in size, depth and number of rules, and whatever it uses that this room does
//! not carry out is a named [`Fault`] when it is read. An evaluation counts its steps and bytes and ends with a
//! [`Verdict`] or with [`Unclear`], which sends the case to a person. There is no third outcome: an operation that
//! FEEL would quietly answer with null, such as adding a text to a number, is unclear here.
//!
//! Nothing here knows the time, draws a random number, recurses without bound or calls what is outside. Today's date
//! is an input like any other.

mod budget;
mod fault;
mod feel;
mod kind;
mod limits;
mod model;
mod remarks;
mod unclear;
mod value;

pub use budget::Budget;
pub use fault::Fault;
pub use kind::Kind;
pub use model::{Input, Matched, Model, Output, Verdict};
pub use unclear::Unclear;
pub use value::{Value, Words};

/// An exact decimal number with up to 28 digits.
pub use rust_decimal::Decimal;

/// Reads one FEEL expression over the given names, and says what is wrong with it. For editors and fuzzers.
///
/// # Errors
/// What is wrong and where, as a sentence.
pub fn check_expression(text: &str, names: &[&str]) -> Result<(), String> {
    let names = feel::Names::new(names.iter().map(|name| (*name).to_owned()));
    feel::parse_expression(text, &names).map(drop).map_err(|bad| bad.what)
}

/// Evaluates one FEEL expression over the given values. For editors and fuzzers.
///
/// # Errors
/// [`Unclear::Wrong`] when the text is no expression or an operation has no answer; [`Unclear::OverBudget`].
pub fn evaluate_expression(
    text: &str,
    values: &std::collections::BTreeMap<String, Value>,
    budget: Budget,
) -> Result<Value, Unclear> {
    let names = feel::Names::new(values.keys().cloned());
    let expression = feel::parse_expression(text, &names).map_err(|bad| Unclear::Wrong { what: bad.what })?;
    let none = std::collections::BTreeMap::new();
    let run = model::Run::new(&none, budget);
    let scope = feel::Scope::top(values);
    feel::eval(&run, &expression, &scope).map(std::borrow::Cow::into_owned)
}
