//! Functions of dates and durations. There is no `today` and no `now`: the day is an input.

use super::{Answer, Function, Given, not_a, text, whole};
use crate::budget::Meter;
use crate::feel::temporal;
use crate::unclear::Unclear;
use crate::value::Value;

pub(super) static ALL: &[Function] = &[
    Function::of("date", &["year", "month", "day"], 1, date),
    Function::of("duration", &["from"], 1, duration),
    Function::of("years and months duration", &["from", "to"], 2, months),
];

fn date(_: &Meter, given: Given<'_, '_>) -> Answer {
    let found = match given {
        [one] if matches!(**one, Value::Date(_)) => return Ok(one.clone().into_owned()),
        [_] => temporal::date(text(given, 0)?),
        [_, _, _] => temporal::civil(whole(given, 0)?, whole(given, 1)?, whole(given, 2)?),
        _ => None,
    };
    found.map(Value::Date).ok_or_else(|| Unclear::wrong("there is no such day; write date(\"2026-01-31\")"))
}

fn duration(_: &Meter, given: Given<'_, '_>) -> Answer {
    temporal::duration(text(given, 0)?).ok_or_else(|| {
        Unclear::wrong("that is no duration; write duration(\"P18Y\") or duration(\"P10DT2H\")")
    })
}

fn months(_: &Meter, given: Given<'_, '_>) -> Answer {
    match (&*given[0], &*given[1]) {
        (Value::Date(from), Value::Date(to)) => Ok(Value::Months(temporal::months_between(*from, *to))),
        (Value::Date(_), other) | (other, _) => Err(not_a("a date", Some(other))),
    }
}
