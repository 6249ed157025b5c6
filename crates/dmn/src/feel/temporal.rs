//! Dates and durations: reading, writing, arithmetic.

use domain::Date;
use jiff::{SignedDuration, Span};

use crate::value::Value;

const DAY: i64 = 86_400;

/// `2026-01-31`, and only such a day as exists.
pub(crate) fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    if !shaped {
        return None;
    }
    civil(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
}

/// The day of these numbers, if it exists.
pub(crate) fn civil(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `P1Y6M` or `P10DT2H30M`, with an optional minus. Years and months do not mix with days.
pub(crate) fn duration(text: &str) -> Option<Value> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let rest = rest.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let sign = if negative { -1 } else { 1 };
    if time.is_none() && days.ends_with(['Y', 'M']) {
        let parts = parts(days, &['Y', 'M'])?;
        let months = parts[0].checked_mul(12)?.checked_add(parts[1])?;
        return Some(Value::Months(sign * months));
    }
    let days = if days.is_empty() { 0 } else { parts(days, &['D'])?[0] };
    let mut seconds = days.checked_mul(DAY)?;
    if let Some(time) = time {
        let parts = parts(time, &['H', 'M', 'S'])?;
        for (part, unit) in parts.into_iter().zip([3_600, 60, 1]) {
            seconds = seconds.checked_add(part.checked_mul(unit)?)?;
        }
    } else if rest.is_empty() {
        return None;
    }
    Some(Value::Duration(SignedDuration::from_secs(sign * seconds)))
}

/// Whole numbers before these letters, in this order, each at most once, at least one; what is absent is 0.
fn parts(text: &str, letters: &[char]) -> Option<Vec<i64>> {
    let mut rest = text;
    let mut found = Vec::new();
    for letter in letters {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        match rest[digits..].strip_prefix(*letter) {
            Some(after) if digits > 0 && digits < 12 => {
                found.push(rest[..digits].parse().ok()?);
                rest = after;
            }
            _ => found.push(0),
        }
    }
    (rest.is_empty() && !text.is_empty()).then_some(found)
}

/// As FEEL writes it: `P1Y6M`.
pub(crate) fn months_text(months: i64) -> String {
    let sign = if months < 0 { "-" } else { "" };
    let (years, months) = (months.unsigned_abs() / 12, months.unsigned_abs() % 12);
    match (years, months) {
        (0, months) => format!("{sign}P{months}M"),
        (years, 0) => format!("{sign}P{years}Y"),
        (years, months) => format!("{sign}P{years}Y{months}M"),
    }
}

/// As FEEL writes it: `P10DT2H30M`.
pub(crate) fn duration_text(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    if seconds == 0 {
        return "PT0S".to_owned();
    }
    let sign = if seconds < 0 { "-" } else { "" };
    let left = seconds.unsigned_abs();
    let mut text = format!("{sign}P");
    let day = DAY.unsigned_abs();
    if left / day > 0 {
        text.push_str(&format!("{}D", left / day));
    }
    if !left.is_multiple_of(day) {
        text.push('T');
    }
    for (many, unit) in [(left % day / 3_600, 'H'), (left % 3_600 / 60, 'M'), (left % 60, 'S')] {
        if many > 0 {
            text.push_str(&format!("{many}{unit}"));
        }
    }
    text
}

/// The day some months later; the 31st becomes the last day of a shorter month.
pub(crate) fn add_months(day: Date, months: i64) -> Option<Date> {
    day.checked_add(Span::new().try_months(months).ok()?).ok()
}

/// The day that a duration after its midnight falls on.
pub(crate) fn add_duration(day: Date, duration: SignedDuration) -> Option<Date> {
    let days = duration.as_secs().div_euclid(DAY);
    day.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// The time from `from` to `to`.
pub(crate) fn between(from: Date, to: Date) -> SignedDuration {
    let days = (to.to_datetime(jiff::civil::Time::midnight()))
        .duration_since(from.to_datetime(jiff::civil::Time::midnight()));
    SignedDuration::from_secs(days.as_secs())
}

/// Whole months from `from` to `to`, towards zero, as `years and months duration` counts them.
pub(crate) fn months_between(from: Date, to: Date) -> i64 {
    let index = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    let months = index(to) - index(from);
    if from <= to {
        months - i64::from(to.day() < from.day())
    } else {
        months + i64::from(to.day() > from.day())
    }
}
