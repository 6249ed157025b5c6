//! Values that go into a model and come out of it.

use std::collections::BTreeMap;
use std::fmt;

use domain::Date;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A FEEL value. In JSON each value names its kind, so that what was decided on can be read back exactly:
/// `{"number":"12.5"}`, `{"date":"2026-01-01"}`, `"null"`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Not known.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// An exact decimal, 28 digits at most.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A day.
    Date(Date),
    /// A duration of years and months, in months.
    Months(i64),
    /// A duration of days, hours, minutes, seconds.
    Duration(SignedDuration),
    /// A list.
    List(Vec<Value>),
    /// Named values.
    Context(BTreeMap<String, Value>),
}

impl Value {
    /// Bytes that the value occupies, roughly.
    pub(crate) fn weight(&self) -> usize {
        let inside = match self {
            Self::Text(text) => text.len(),
            Self::List(items) => items.iter().map(Self::weight).sum(),
            Self::Context(entries) => {
                entries.iter().map(|(key, value)| 48 + key.len() + value.weight()).sum()
            }
            _ => 0,
        };
        32 + inside
    }

    /// How deep lists and contexts stand inside one another, counted no further than `most`.
    pub(crate) fn deeper_than(&self, most: usize) -> bool {
        match self {
            Self::List(items) => most == 0 || items.iter().any(|item| item.deeper_than(most - 1)),
            Self::Context(entries) => most == 0 || entries.values().any(|value| value.deeper_than(most - 1)),
            _ => false,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Decimal::from(value))
    }
}

impl From<Decimal> for Value {
    fn from(value: Decimal) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl fmt::Display for Value {
    /// As FEEL would write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{}", value.normalize()),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::Date(value) => write!(f, "{value}"),
            Self::Months(value) => f.write_str(&crate::feel::months_text(*value)),
            Self::Duration(value) => f.write_str(&crate::feel::duration_text(*value)),
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Context(entries) => {
                f.write_str("{")?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{key}: {value}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// What a rule says in words, by the name of its annotation column: `zh` and `en` where the columns are named so.
pub type Words = BTreeMap<String, String>;
