//! Kinds of values, as type references name them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::value::Value;

/// What kind of value something is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A day.
    Date,
    /// Years and months.
    Months,
    /// Days, hours, minutes, seconds.
    Duration,
    /// A list of one kind, or of anything.
    List(Option<Box<Kind>>),
    /// Named values.
    Context,
}

impl Kind {
    /// The built-in type of this name, with or without the prefix `feel:`. `Ok(None)` for `Any`.
    ///
    /// # Errors
    /// When the name is no built-in type that this room carries.
    pub(crate) fn named(name: &str) -> Result<Option<Self>, ()> {
        let bare = name.rsplit_once(':').map_or(name, |(_, bare)| bare);
        Ok(Some(match bare {
            "Any" => return Ok(None),
            "boolean" => Self::Bool,
            "number" => Self::Number,
            "string" => Self::Text,
            "date" => Self::Date,
            "yearMonthDuration" | "years and months duration" => Self::Months,
            "dayTimeDuration" | "days and time duration" => Self::Duration,
            "context" => Self::Context,
            _ => return Err(()),
        }))
    }

    /// The kind of a value; none for null.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::Text(_) => Self::Text,
            Value::Date(_) => Self::Date,
            Value::Months(_) => Self::Months,
            Value::Duration(_) => Self::Duration,
            Value::List(_) => Self::List(None),
            Value::Context(_) => Self::Context,
        })
    }

    /// Whether the value is of this kind. Null is of every kind.
    pub(crate) fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) => true,
            (Self::List(Some(kind)), Value::List(items)) => items.iter().all(|item| kind.fits(item)),
            (Self::List(_), Value::List(_)) => true,
            _ => Self::of(value).as_ref() == Some(self),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::Months => "a duration of years and months",
            Self::Duration => "a duration of days and time",
            Self::List(_) => "a list",
            Self::Context => "a context",
        })
    }
}
