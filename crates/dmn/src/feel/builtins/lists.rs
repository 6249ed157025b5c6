//! Functions of lists.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::{Answer, Function, Given, list, not_a, whole};
use crate::budget::Meter;
use crate::feel::ops;
use crate::unclear::Unclear;
use crate::value::Value;

pub(super) static ALL: &[Function] = &[
    Function::of_nulls("list contains", &["list", "element"], |meter, given| {
        Ok(Value::Bool(place(meter, list(given, 0)?, &given[1])?.is_some()))
    }),
    Function::of_nulls("count", &["list"], |_, given| Ok(Value::from(list(given, 0)?.len() as i64))),
    Function::of_many("min", &["list"], |meter, given| best(meter, given, |ordering| ordering.is_lt())),
    Function::of_many("max", &["list"], |meter, given| best(meter, given, |ordering| ordering.is_gt())),
    Function::of_many("sum", &["list"], |meter, given| {
        Ok(sum(meter, given)?.map_or(Value::Null, |(sum, _)| Value::Number(sum)))
    }),
    Function::of_many("mean", &["list"], mean),
    Function::of_many("all", &["list"], |meter, given| truth(meter, given, false)),
    Function::of_many("any", &["list"], |meter, given| truth(meter, given, true)),
    Function::of_many("append", &["list", "item"], |meter, given| {
        let added = given[1..].iter().map(|item| &**item);
        copied(meter, list(given, 0)?.iter().chain(added))
    }),
    Function::of_many("concatenate", &["list"], concatenate),
    Function::of_many("union", &["list"], |meter, given| {
        let Value::List(all) = concatenate(meter, given)? else { return Ok(Value::Null) };
        distinct(meter, &all)
    }),
    Function::of_nulls("distinct values", &["list"], |meter, given| distinct(meter, list(given, 0)?)),
    Function::of_nulls("reverse", &["list"], |meter, given| copied(meter, list(given, 0)?.iter().rev())),
    Function::of_nulls("index of", &["list", "match"], index_of),
    Function::of("sublist", &["list", "start position", "length"], 2, sublist),
    Function::of_nulls("flatten", &["list"], |meter, given| {
        let mut flat = Vec::new();
        flatten(meter, list(given, 0)?, &mut flat)?;
        Ok(Value::List(flat))
    }),
];

/// Copies values into a new list and pays for them.
fn copied<'v>(meter: &Meter, values: impl Iterator<Item = &'v Value>) -> Answer {
    let mut copy = Vec::new();
    for value in values {
        meter.bytes(value.weight())?;
        meter.steps(1)?;
        copy.push(value.clone());
    }
    Ok(Value::List(copy))
}

/// The values given: one list, or each argument.
fn values<'g>(given: Given<'g, '_>) -> Result<Vec<&'g Value>, Unclear> {
    match given {
        [one] => match &**one {
            Value::List(items) => Ok(items.iter().collect()),
            Value::Null => Err(not_a("a list", None)),
            single => Ok(vec![single]),
        },
        many => Ok(many.iter().map(|value| &**value).collect()),
    }
}

fn place(meter: &Meter, items: &[Value], wanted: &Value) -> Result<Option<usize>, Unclear> {
    for (at, item) in items.iter().enumerate() {
        if ops::equal(meter, item, wanted)? == Some(true) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn best(meter: &Meter, given: Given<'_, '_>, better: fn(std::cmp::Ordering) -> bool) -> Answer {
    let mut best: Option<&Value> = None;
    for value in values(given)? {
        let Some(so_far) = best else {
            best = Some(value);
            continue;
        };
        match ops::order(meter, value, so_far)? {
            Some(ordering) if better(ordering) => best = Some(value),
            Some(_) => {}
            None => return Ok(Value::Null),
        }
    }
    let best = best.unwrap_or(&Value::Null);
    meter.bytes(best.weight())?;
    Ok(best.clone())
}

/// The sum and how many; none of an empty list or where one is null.
fn sum(meter: &Meter, given: Given<'_, '_>) -> Result<Option<(Decimal, usize)>, Unclear> {
    let all = values(given)?;
    let mut sum = Decimal::ZERO;
    for value in &all {
        meter.steps(1)?;
        sum = match value {
            Value::Number(number) => {
                sum.checked_add(*number).ok_or_else(|| Unclear::wrong("the sum is too large"))?
            }
            Value::Null => return Ok(None),
            other => return Err(not_a("a list of numbers", Some(other))),
        };
    }
    Ok((!all.is_empty()).then_some((sum, all.len())))
}

fn mean(meter: &Meter, given: Given<'_, '_>) -> Answer {
    Ok(match sum(meter, given)? {
        Some((sum, many)) => sum.checked_div(Decimal::from(many)).map_or(Value::Null, Value::Number),
        None => Value::Null,
    })
}

/// “all” stops at false, “any” at true; a null leaves it open.
fn truth(meter: &Meter, given: Given<'_, '_>, stop: bool) -> Answer {
    let mut open = false;
    for value in values(given)? {
        meter.steps(1)?;
        match value {
            Value::Bool(value) if *value == stop => return Ok(Value::Bool(stop)),
            Value::Bool(_) => {}
            Value::Null => open = true,
            other => return Err(not_a("a list of true and false", Some(other))),
        }
    }
    Ok(if open { Value::Null } else { Value::Bool(!stop) })
}

fn concatenate(meter: &Meter, given: Given<'_, '_>) -> Answer {
    let mut parts = Vec::new();
    for at in 0..given.len() {
        parts.push(list(given, at)?);
    }
    copied(meter, parts.into_iter().flatten())
}

fn distinct(meter: &Meter, items: &[Value]) -> Answer {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if place(meter, &kept, item)?.is_none() {
            meter.bytes(item.weight())?;
            kept.push(item.clone());
        }
    }
    Ok(Value::List(kept))
}

fn index_of(meter: &Meter, given: Given<'_, '_>) -> Answer {
    let mut places = Vec::new();
    for (at, item) in (1_i64..).zip(list(given, 0)?) {
        if ops::equal(meter, item, &given[1])? == Some(true) {
            meter.bytes(32)?;
            places.push(Value::from(at));
        }
    }
    Ok(Value::List(places))
}

fn sublist(meter: &Meter, given: Given<'_, '_>) -> Answer {
    let items = list(given, 0)?;
    let (start, many) = (whole(given, 1)?, items.len() as i64);
    let skipped = if start > 0 { start - 1 } else { many + start };
    let length = if given.len() > 2 { whole(given, 2)? } else { many.saturating_sub(skipped) };
    if start == 0 || skipped < 0 || length < 0 || skipped.checked_add(length).is_none_or(|end| end > many) {
        return Err(Unclear::wrong(format!(
            "the list has {many} items; there are none from {start} of that number"
        )));
    }
    copied(meter, items.iter().skip(skipped as usize).take(length as usize))
}

fn flatten(meter: &Meter, items: &[Value], flat: &mut Vec<Value>) -> Result<(), Unclear> {
    for item in items {
        meter.steps(1)?;
        match item {
            Value::List(inner) => meter.deeper(|| flatten(meter, inner, flat))?,
            other => {
                meter.bytes(other.weight())?;
                flat.push(Cow::Borrowed(other).into_owned());
            }
        }
    }
    Ok(())
}
