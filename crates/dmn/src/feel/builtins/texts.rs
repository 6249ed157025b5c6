//! Functions of texts. Lengths and places count characters.

use super::{Answer, Function, Given, list, not_a, text, whole};
use crate::budget::Meter;
use crate::unclear::Unclear;
use crate::value::Value;

pub(super) static ALL: &[Function] = &[
    Function::of("string length", &["string"], 1, length),
    Function::of("upper case", &["string"], 1, |meter, given| {
        changed(meter, text(given, 0)?, str::to_uppercase)
    }),
    Function::of("lower case", &["string"], 1, |meter, given| {
        changed(meter, text(given, 0)?, str::to_lowercase)
    }),
    Function::of("trim", &["string"], 1, |meter, given| {
        changed(meter, text(given, 0)?, |all| all.trim().to_owned())
    }),
    Function::of("contains", &["string", "match"], 2, |meter, given| {
        pair(meter, given, |all, part| all.contains(part))
    }),
    Function::of("starts with", &["string", "match"], 2, |meter, given| {
        pair(meter, given, |all, part| all.starts_with(part))
    }),
    Function::of("ends with", &["string", "match"], 2, |meter, given| {
        pair(meter, given, |all, part| all.ends_with(part))
    }),
    Function::of("substring", &["string", "start position", "length"], 2, substring),
    Function::of("substring before", &["string", "match"], 2, |meter, given| {
        cut(meter, given, |all, at, _| &all[..at])
    }),
    Function::of("substring after", &["string", "match"], 2, |meter, given| {
        cut(meter, given, |all, at, length| &all[at + length..])
    }),
    Function::of("string join", &["list", "delimiter"], 1, join),
    Function::of("string", &["from"], 1, string),
];

fn length(meter: &Meter, given: Given<'_, '_>) -> Answer {
    let all = text(given, 0)?;
    meter.steps(all.len() / 32)?;
    Ok(Value::from(all.chars().count() as i64))
}

fn changed(meter: &Meter, all: &str, change: fn(&str) -> String) -> Answer {
    meter.bytes(32 + 3 * all.len())?;
    Ok(Value::Text(change(all)))
}

/// Searching is linear in the text.
fn pair(meter: &Meter, given: Given<'_, '_>, holds: fn(&str, &str) -> bool) -> Answer {
    let (all, part) = (text(given, 0)?, text(given, 1)?);
    meter.steps((all.len() + part.len()) / 32)?;
    Ok(Value::Bool(holds(all, part)))
}

fn cut(meter: &Meter, given: Given<'_, '_>, which: fn(&str, usize, usize) -> &str) -> Answer {
    let (all, part) = (text(given, 0)?, text(given, 1)?);
    meter.bytes(32 + all.len() + part.len())?;
    Ok(Value::from(all.find(part).map_or("", |at| which(all, at, part.len()))))
}

/// From a place counted from 1, or backwards from -1.
fn substring(meter: &Meter, given: Given<'_, '_>) -> Answer {
    let all = text(given, 0)?;
    meter.bytes(32 + all.len())?;
    let (start, many) = (whole(given, 1)?, all.chars().count() as i64);
    let length = if given.len() > 2 { whole(given, 2)? } else { i64::MAX };
    if start == 0 || start.unsigned_abs() > many.unsigned_abs() || length < 1 {
        let what =
            format!("the text has {many} characters; there is no part from {start} of length {length}");
        return Err(Unclear::wrong(what));
    }
    let skipped = if start > 0 { start - 1 } else { many + start };
    let part = all.chars().skip(skipped as usize).take(usize::try_from(length).unwrap_or(usize::MAX));
    Ok(Value::Text(part.collect()))
}

fn join(meter: &Meter, given: Given<'_, '_>) -> Answer {
    let between = if given.len() > 1 { text(given, 1)? } else { "" };
    let mut joined = String::new();
    let mut first = true;
    for item in list(given, 0)? {
        let part = match item {
            Value::Text(part) => part,
            Value::Null => continue,
            other => return Err(not_a("a list of texts", Some(other))),
        };
        meter.bytes(between.len() + part.len())?;
        meter.steps(1)?;
        if !first {
            joined.push_str(between);
        }
        first = false;
        joined.push_str(part);
    }
    Ok(Value::Text(joined))
}

fn string(meter: &Meter, given: Given<'_, '_>) -> Answer {
    let Some(value) = given.first() else { return Ok(Value::Null) };
    meter.bytes(2 * value.weight())?;
    Ok(Value::Text(match &**value {
        Value::Text(same) => same.clone(),
        other => other.to_string(),
    }))
}
