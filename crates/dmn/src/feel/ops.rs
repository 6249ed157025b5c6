//! Comparison, arithmetic and entries of values.

use std::cmp::Ordering;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::ast::{Arith, Compare};
use super::temporal;
use crate::budget::Meter;
use crate::kind::Kind;
use crate::limits::EXPONENT;
use crate::unclear::Unclear;
use crate::value::Value;

/// Whether two values are equal; none for values of different kinds, unless one is null.
pub(crate) fn equal(meter: &Meter, left: &Value, right: &Value) -> Result<Option<bool>, Unclear> {
    meter.steps(1)?;
    Ok(match (left, right) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Null, _) | (_, Value::Null) => Some(false),
        (Value::List(left), Value::List(right)) => {
            if left.len() != right.len() {
                return Ok(Some(false));
            }
            all_equal(meter, left.iter().zip(right))?
        }
        (Value::Context(left), Value::Context(right)) => {
            if left.len() != right.len() || left.keys().ne(right.keys()) {
                return Ok(Some(false));
            }
            all_equal(meter, left.values().zip(right.values()))?
        }
        (Value::Text(left), Value::Text(right)) => {
            meter.steps(left.len().min(right.len()) / 32)?;
            Some(left == right)
        }
        _ if Kind::of(left) == Kind::of(right) => Some(left == right),
        _ => None,
    })
}

fn all_equal<'v>(
    meter: &Meter,
    pairs: impl Iterator<Item = (&'v Value, &'v Value)>,
) -> Result<Option<bool>, Unclear> {
    let mut known = Some(true);
    for (left, right) in pairs {
        match meter.deeper(|| equal(meter, left, right))? {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => known = None,
        }
    }
    Ok(known)
}

/// Whether the value equals what is wanted, or is in the list that is wanted.
pub(crate) fn is_or_is_among(meter: &Meter, value: &Value, wanted: &Value) -> Result<bool, Unclear> {
    if equal(meter, value, wanted)? == Some(true) {
        return Ok(true);
    }
    let Value::List(items) = wanted else { return Ok(false) };
    for item in items {
        if equal(meter, value, item)? == Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How two values are ordered; none if one is null.
pub(crate) fn order(meter: &Meter, left: &Value, right: &Value) -> Result<Option<Ordering>, Unclear> {
    meter.steps(1)?;
    Ok(Some(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(None),
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => {
            meter.steps(left.len().min(right.len()) / 32)?;
            left.cmp(right)
        }
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Months(left), Value::Months(right)) => left.cmp(right),
        (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
        _ => return Err(Unclear::wrong(format!("{} cannot be compared with {}", shown(left), shown(right)))),
    }))
}

/// The answer of a comparison; none if it is not known.
pub(crate) fn compare(
    meter: &Meter,
    compare: Compare,
    left: &Value,
    right: &Value,
) -> Result<Option<bool>, Unclear> {
    let ordered = match compare {
        Compare::Equal => return equal(meter, left, right),
        Compare::Unequal => return Ok(equal(meter, left, right)?.map(|equal| !equal)),
        _ => order(meter, left, right)?,
    };
    Ok(ordered.map(|ordering| match compare {
        Compare::Less => ordering.is_lt(),
        Compare::AtMost => ordering.is_le(),
        Compare::Greater => ordering.is_gt(),
        Compare::AtLeast => ordering.is_ge(),
        Compare::Equal => ordering.is_eq(),
        Compare::Unequal => ordering.is_ne(),
    }))
}

/// A value for messages: its kind only, for the value may be personal.
pub(crate) fn shown(value: &Value) -> String {
    Kind::of(value).map_or_else(|| "null".to_owned(), |kind| kind.to_string())
}

pub(crate) fn negate(value: &Value) -> Result<Value, Unclear> {
    Ok(match value {
        Value::Null => Value::Null,
        Value::Number(number) => Value::Number(-*number),
        Value::Months(months) => Value::Months(months.checked_neg().ok_or_else(too_large)?),
        Value::Duration(duration) => Value::Duration(duration.checked_neg().ok_or_else(too_large)?),
        other => return Err(Unclear::wrong(format!("{} has no negative", shown(other)))),
    })
}

fn too_large() -> Unclear {
    Unclear::wrong("the result is too large for an exact number, a date or a duration")
}

/// `left + right` and the like. Null with anything is null.
pub(crate) fn arithmetic(meter: &Meter, arith: Arith, left: &Value, right: &Value) -> Result<Value, Unclear> {
    meter.steps(1)?;
    if matches!(left, Value::Null) || matches!(right, Value::Null) {
        return Ok(Value::Null);
    }
    let done = match arith {
        Arith::Add => add(meter, left, right)?,
        Arith::Subtract => subtract(left, right),
        Arith::Multiply => multiply(left, right),
        Arith::Divide => return divide(left, right),
        Arith::Power => return power(meter, left, right),
    };
    match done {
        Done::Made(value) => Ok(value),
        Done::TooLarge => Err(too_large()),
        Done::WrongKinds => Err(kinds(arith, left, right)),
    }
}

/// The sum of two values.
pub(crate) fn add_values(meter: &Meter, left: &Value, right: &Value) -> Result<Value, Unclear> {
    arithmetic(meter, Arith::Add, left, right)
}

fn kinds(arith: Arith, left: &Value, right: &Value) -> Unclear {
    let sign = match arith {
        Arith::Add => "+",
        Arith::Subtract => "-",
        Arith::Multiply => "*",
        Arith::Divide => "/",
        Arith::Power => "**",
    };
    Unclear::wrong(format!("{} {sign} {} has no meaning", shown(left), shown(right)))
}

enum Done {
    Made(Value),
    TooLarge,
    WrongKinds,
}

fn or_too_large<T>(value: Option<T>, make: fn(T) -> Value) -> Done {
    value.map_or(Done::TooLarge, |value| Done::Made(make(value)))
}

fn add(meter: &Meter, left: &Value, right: &Value) -> Result<Done, Unclear> {
    Ok(match (left, right) {
        (Value::Number(left), Value::Number(right)) => or_too_large(left.checked_add(*right), Value::Number),
        (Value::Text(left), Value::Text(right)) => {
            meter.bytes(left.len() + right.len())?;
            Done::Made(Value::Text(format!("{left}{right}")))
        }
        (Value::Months(left), Value::Months(right)) => or_too_large(left.checked_add(*right), Value::Months),
        (Value::Duration(left), Value::Duration(right)) => {
            or_too_large(left.checked_add(*right), Value::Duration)
        }
        (Value::Date(day), Value::Months(months)) | (Value::Months(months), Value::Date(day)) => {
            or_too_large(temporal::add_months(*day, *months), Value::Date)
        }
        (Value::Date(day), Value::Duration(time)) | (Value::Duration(time), Value::Date(day)) => {
            or_too_large(temporal::add_duration(*day, *time), Value::Date)
        }
        _ => Done::WrongKinds,
    })
}

fn subtract(left: &Value, right: &Value) -> Done {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => or_too_large(left.checked_sub(*right), Value::Number),
        (Value::Months(left), Value::Months(right)) => or_too_large(left.checked_sub(*right), Value::Months),
        (Value::Duration(left), Value::Duration(right)) => {
            or_too_large(left.checked_sub(*right), Value::Duration)
        }
        (Value::Date(day), Value::Months(months)) => or_too_large(
            months.checked_neg().and_then(|months| temporal::add_months(*day, months)),
            Value::Date,
        ),
        (Value::Date(day), Value::Duration(time)) => {
            or_too_large(time.checked_neg().and_then(|time| temporal::add_duration(*day, time)), Value::Date)
        }
        (Value::Date(left), Value::Date(right)) => {
            Done::Made(Value::Duration(temporal::between(*right, *left)))
        }
        _ => Done::WrongKinds,
    }
}

fn multiply(left: &Value, right: &Value) -> Done {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => or_too_large(left.checked_mul(*right), Value::Number),
        (Value::Months(months), Value::Number(number)) | (Value::Number(number), Value::Months(months)) => {
            let product = Decimal::from(*months).checked_mul(*number);
            or_too_large(product.and_then(|product| product.trunc().to_i64()), Value::Months)
        }
        (Value::Duration(time), Value::Number(number)) | (Value::Number(number), Value::Duration(time)) => {
            let product = Decimal::from(time.as_secs()).checked_mul(*number);
            let seconds = product.and_then(|product| product.trunc().to_i64());
            or_too_large(seconds.map(SignedDuration::from_secs), Value::Duration)
        }
        _ => Done::WrongKinds,
    }
}

fn divide(left: &Value, right: &Value) -> Result<Value, Unclear> {
    let by = match right {
        Value::Number(number) => *number,
        Value::Months(months) => Decimal::from(*months),
        Value::Duration(time) => Decimal::from(time.as_secs()),
        _ => return Err(kinds(Arith::Divide, left, right)),
    };
    let what = match left {
        Value::Number(number) => *number,
        Value::Months(months) => Decimal::from(*months),
        Value::Duration(time) => Decimal::from(time.as_secs()),
        _ => return Err(kinds(Arith::Divide, left, right)),
    };
    if by.is_zero() {
        return Err(Unclear::wrong("a division by zero has no result"));
    }
    let quotient = what.checked_div(by).ok_or_else(too_large)?;
    match (left, right) {
        (Value::Number(_), Value::Number(_))
        | (Value::Months(_), Value::Months(_))
        | (Value::Duration(_), Value::Duration(_)) => Ok(Value::Number(quotient)),
        (Value::Months(_), Value::Number(_)) => {
            Ok(Value::Months(quotient.trunc().to_i64().ok_or_else(too_large)?))
        }
        (Value::Duration(_), Value::Number(_)) => {
            let seconds = quotient.trunc().to_i64().ok_or_else(too_large)?;
            Ok(Value::Duration(SignedDuration::from_secs(seconds)))
        }
        _ => Err(kinds(Arith::Divide, left, right)),
    }
}

fn power(meter: &Meter, left: &Value, right: &Value) -> Result<Value, Unclear> {
    let (Value::Number(base), Value::Number(exponent)) = (left, right) else {
        return Err(kinds(Arith::Power, left, right));
    };
    let whole = exponent.is_integer().then(|| exponent.to_i64()).flatten();
    let Some(times) = whole.filter(|times| times.unsigned_abs() <= EXPONENT) else {
        return Err(Unclear::wrong(format!("an exponent must be a whole number up to {EXPONENT}")));
    };
    meter.steps(times.unsigned_abs().try_into().unwrap_or(usize::MAX))?;
    let mut product = Decimal::ONE;
    for _ in 0..times.abs() {
        product = product.checked_mul(*base).ok_or_else(too_large)?;
    }
    if times < 0 {
        product = Decimal::ONE.checked_div(product).ok_or_else(too_large)?;
    }
    Ok(Value::Number(product))
}

/// A whole number, as places in lists and loops need it.
pub(crate) fn whole(value: &Value) -> Result<i64, Unclear> {
    let number = match value {
        Value::Number(number) if number.is_integer() => number.to_i64(),
        _ => None,
    };
    number.ok_or_else(|| Unclear::wrong(format!("a whole number is needed here, not {}", shown(value))))
}

/// The item at a place: from 1 on, or from -1 backwards.
pub(crate) fn at_place(items: &[Value], place: i64) -> Option<&Value> {
    let from_zero = if place > 0 { place - 1 } else { place + i64::try_from(items.len()).ok()? };
    if place == 0 { None } else { items.get(usize::try_from(from_zero).ok()?) }
}

pub(crate) fn no_entry(name: &str) -> Unclear {
    Unclear::wrong(format!("there is no entry “{name}”"))
}

/// The entry of a context, the entries of a list of contexts, or a property of a date or duration.
pub(crate) fn entry(meter: &Meter, value: &Value, name: &str) -> Result<Value, Unclear> {
    meter.steps(1)?;
    let number = |number: i64| Ok(Value::from(number));
    match (value, name) {
        (Value::Null, _) => Ok(Value::Null),
        (Value::Context(entries), _) => {
            let found = entries.get(name).ok_or_else(|| no_entry(name))?;
            meter.bytes(found.weight())?;
            Ok(found.clone())
        }
        (Value::List(items), _) => {
            meter.bytes(32)?;
            let found = items.iter().map(|item| meter.deeper(|| entry(meter, item, name)));
            Ok(Value::List(found.collect::<Result<_, _>>()?))
        }
        (Value::Date(day), "year") => number(day.year().into()),
        (Value::Date(day), "month") => number(day.month().into()),
        (Value::Date(day), "day") => number(day.day().into()),
        (Value::Date(day), "weekday") => number(day.weekday().to_monday_one_offset().into()),
        (Value::Months(months), "years") => number(months / 12),
        (Value::Months(months), "months") => number(months % 12),
        (Value::Duration(time), "days") => number(time.as_secs() / 86_400),
        (Value::Duration(time), "hours") => number(time.as_secs() % 86_400 / 3_600),
        (Value::Duration(time), "minutes") => number(time.as_secs() % 3_600 / 60),
        (Value::Duration(time), "seconds") => number(time.as_secs() % 60),
        _ => Err(Unclear::wrong(format!("{} has no entry “{name}”", shown(value)))),
    }
}
