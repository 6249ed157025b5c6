//! Functions of numbers and truth.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Answer, Function, Given, not_a, single, text, whole};
use crate::budget::Meter;
use crate::unclear::Unclear;
use crate::value::Value;

pub(super) static ALL: &[Function] = &[
    Function {
        least: 1,
        ..Function::of_nulls("number", &["from", "grouping separator", "decimal separator"], read)
    },
    Function::of("abs", &["n"], 1, abs),
    Function::of("floor", &["n", "scale"], 1, |_, given| {
        rounded(given, RoundingStrategy::ToNegativeInfinity)
    }),
    Function::of("ceiling", &["n", "scale"], 1, |_, given| {
        rounded(given, RoundingStrategy::ToPositiveInfinity)
    }),
    Function::of("decimal", &["n", "scale"], 2, |_, given| {
        rounded(given, RoundingStrategy::MidpointNearestEven)
    }),
    Function::of("round", &["n", "scale"], 1, |_, given| {
        rounded(given, RoundingStrategy::MidpointNearestEven)
    }),
    Function::of("round up", &["n", "scale"], 2, |_, given| rounded(given, RoundingStrategy::AwayFromZero)),
    Function::of("round down", &["n", "scale"], 2, |_, given| rounded(given, RoundingStrategy::ToZero)),
    Function::of("round half up", &["n", "scale"], 2, |_, given| {
        rounded(given, RoundingStrategy::MidpointAwayFromZero)
    }),
    Function::of("round half down", &["n", "scale"], 2, |_, given| {
        rounded(given, RoundingStrategy::MidpointTowardZero)
    }),
    Function::of("modulo", &["dividend", "divisor"], 2, modulo),
    Function::of("even", &["number"], 1, |_, given| Ok(Value::Bool(whole(given, 0)? % 2 == 0))),
    Function::of("odd", &["number"], 1, |_, given| Ok(Value::Bool(whole(given, 0)? % 2 != 0))),
    Function::of("not", &["negand"], 1, not),
];

pub(super) fn number(given: Given<'_, '_>, at: usize) -> Result<Decimal, Unclear> {
    match single(given, at) {
        Some(Value::Number(number)) => Ok(*number),
        other => Err(not_a("a number", other)),
    }
}

/// Reads a number from a text, with separators if they are given and not null.
fn read(meter: &Meter, given: Given<'_, '_>) -> Answer {
    match given.first().map(|value| &**value) {
        Some(Value::Null) => return Ok(Value::Null),
        Some(Value::Number(number)) => return Ok(Value::Number(*number)),
        _ => {}
    }
    let mut written = text(given, 0)?.to_owned();
    meter.bytes(32 + 2 * written.len())?;
    let grouping = separator(given, 1, &[" ", ",", "."])?;
    let point = separator(given, 2, &[",", "."])?;
    if grouping.is_some() && grouping == point {
        return Err(Unclear::wrong("the two separators must differ"));
    }
    if let Some(grouping) = grouping {
        written = written.replace(grouping, "");
    }
    if let Some(point) = point {
        written = written.replace(point, ".");
    }
    // The reader of numbers would pass over underscores.
    let written = written.replace('_', "x");
    Decimal::from_str_exact(&written)
        .map(Value::Number)
        .map_err(|_| Unclear::wrong("the text is no number of 28 digits or less"))
}

/// A separator, if one is given.
fn separator<'g>(given: Given<'g, '_>, at: usize, allowed: &[&str]) -> Result<Option<&'g str>, Unclear> {
    if given.get(at).is_none_or(|value| **value == Value::Null) {
        return Ok(None);
    }
    let separator = text(given, at)?;
    if allowed.contains(&separator) {
        return Ok(Some(separator));
    }
    Err(Unclear::wrong("a separator is a dot or a comma; between groups also a space"))
}

/// Of a number, or of a duration.
fn abs(_: &Meter, given: Given<'_, '_>) -> Answer {
    Ok(match &*given[0] {
        Value::Number(number) => Value::Number(number.abs()),
        Value::Months(months) => Value::Months(months.saturating_abs()),
        Value::Duration(time) => Value::Duration(time.abs()),
        other => return Err(not_a("a number or a duration", Some(other))),
    })
}

/// Rounded to `scale` decimals, 0 if none is given.
fn rounded(given: Given<'_, '_>, strategy: RoundingStrategy) -> Answer {
    let scale = if given.len() > 1 { whole(given, 1)? } else { 0 };
    let Some(scale) = u32::try_from(scale).ok().filter(|scale| *scale <= Decimal::MAX_SCALE) else {
        return Err(Unclear::wrong("the scale is a whole number from 0 to 28"));
    };
    Ok(Value::Number(number(given, 0)?.round_dp_with_strategy(scale, strategy)))
}

/// With the sign of the divisor, as FEEL has it.
fn modulo(_: &Meter, given: Given<'_, '_>) -> Answer {
    let (what, by) = (number(given, 0)?, number(given, 1)?);
    let rest = what.checked_rem(by).ok_or_else(|| Unclear::wrong("a division by zero has no result"))?;
    let other_sign = !rest.is_zero() && rest.is_sign_negative() != by.is_sign_negative();
    Ok(Value::Number(if other_sign { rest + by } else { rest }))
}

fn not(_: &Meter, given: Given<'_, '_>) -> Answer {
    match &*given[0] {
        Value::Bool(value) => Ok(Value::Bool(!value)),
        other => Err(not_a("true or false", Some(other))),
    }
}
