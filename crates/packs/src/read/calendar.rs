//! `calendar.yaml` and `calendar.csv`: where the clock stands, when the desks are open, which days are worked.

use domain::{BadCalendar, BadHours, BusinessHours, Calendar, Date, DayKind, Time};
use serde::Deserialize;

use crate::problem::{Place, Problems};

use super::document::{self, Spanned};
use super::table::{Table, may, must};
use super::{Draft, Opened};

const PATH: &str = "calendar.csv";
const SETTINGS: &str = "calendar.yaml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Fixed offset from UTC, `+08:00`.
    #[serde(default)]
    utc_offset: Option<Spanned<String>>,
    #[serde(default)]
    hours: Vec<Spanned<Span>>,
    /// What arrives later counts as received on the next working day.
    #[serde(default)]
    cut_off: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    from: String,
    to: String,
}

/// Reads the offset and the business hours of one pack. Those of a later pack stand in place of an earlier one's.
pub(super) fn settings(pack: &Opened<'_>, draft: &mut Draft) {
    let Some((label, text)) = pack.text(SETTINGS, &mut draft.problems) else { return };
    let Some(settings) = document::yaml::<Settings>(&label, text, &mut draft.problems) else { return };
    if let Some(offset) = &settings.utc_offset {
        match seconds(&offset.value) {
            Some(found) => draft.offset_seconds = Some(found),
            None => {
                let message = format!("utc_offset {} is not like +08:00", offset.value);
                draft.problems.error(&document::place(&label, offset), "bad-offset", message);
            }
        }
    }
    if let Some(hours) = hours(&label, &settings, &mut draft.problems) {
        draft.hours = Some(hours);
    }
}

/// `None` where none are written, or after a complaint.
fn hours(label: &str, settings: &Settings, problems: &mut Problems) -> Option<BusinessHours> {
    let Some(first) = settings.hours.first() else {
        if let Some(cut_off) = &settings.cut_off {
            let message =
                "cut_off stands without hours; a period ends early only where there are business hours";
            problems.error(&document::place(label, cut_off), "bad-cut-off", message);
        }
        return None;
    };
    let mut spans = Vec::new();
    for span in &settings.hours {
        let Span { from, to } = &span.value;
        let (Some(from), Some(to)) = (time(from), time(to)) else {
            let message = format!("the hours {from} to {to} are not like 09:00 to 12:00");
            problems.error(&document::place(label, span), "bad-hours", message);
            return None;
        };
        spans.push((from, to));
    }
    let cut_off = match &settings.cut_off {
        None => None,
        Some(written) => {
            let cut_off = time(&written.value);
            if cut_off.is_none() {
                let message = format!("cut_off {} is not like 17:00", written.value);
                problems.error(&document::place(label, written), "bad-cut-off", message);
                return None;
            }
            cut_off
        }
    };
    let error = match BusinessHours::new(spans, cut_off) {
        Ok(hours) => return Some(hours),
        Err(error) => error,
    };
    match &settings.cut_off {
        Some(cut_off) if error == BadHours::CutOff => {
            problems.error(&document::place(label, cut_off), "bad-cut-off", error.to_string());
        }
        _ => problems.error(&document::place(label, first), "bad-hours", error.to_string()),
    }
    None
}

/// Reads the days of one pack.
pub(super) fn days(pack: &Opened<'_>, draft: &mut Draft) {
    let columns = [must("date"), must("kind"), may("name"), may("notice")];
    let Some(table) = Table::read(pack, PATH, &columns, &mut draft.problems) else { return };
    for row in table.rows() {
        let place = row.place();
        let Ok(date) = row.get("date").parse::<Date>() else {
            let message = format!("{} is no date; write it like 2026-10-01", row.get("date"));
            draft.problems.error(&place, "bad-date", message);
            continue;
        };
        let kind = match row.get("kind") {
            "holiday" => DayKind::Holiday,
            "makeup-workday" => DayKind::MakeupWorkday,
            other => {
                let message = format!("the kind of day {other} is not holiday or makeup-workday");
                draft.problems.error(&place, "unknown-word", message);
                continue;
            }
        };
        if draft.days.insert(date, kind).is_some() {
            draft.problems.error(&place, "duplicate-date", format!("{date} stands there twice; keep one"));
        }
    }
    gaps(&Place::file(pack.label(PATH)), draft);
}

/// Years between the first and the last must all be there: a clock would run on guesses in between.
fn gaps(place: &Place, draft: &mut Draft) {
    let years: Vec<i16> = {
        let mut years: Vec<i16> = draft.days.keys().map(|day| day.year()).collect();
        years.dedup();
        years
    };
    for pair in years.windows(2).filter(|pair| pair[1] != pair[0] + 1) {
        let message = format!("no day of {} is listed; add that year's notice", pair[0] + 1);
        draft.problems.error(place, "calendar-gap", message);
    }
    for year in years {
        let new_year = Date::new(year, 1, 1).ok().and_then(|day| draft.days.get(&day));
        if new_year != Some(&DayKind::Holiday) {
            let message = format!("1 January {year} is not listed as a holiday; the year looks incomplete");
            draft.problems.warning(place, "calendar-gap", message);
        }
    }
}

/// The calendar of all packs together.
pub(super) fn build(draft: &mut Draft) -> Option<Calendar> {
    // Where no pack could be read, a complaint about its calendar would only hide the real one.
    if draft.packs.is_empty() {
        return None;
    }
    let offset = no_calendar(draft.offset_seconds, draft.days.is_empty(), &mut draft.problems)?;
    match Calendar::new(draft.days.iter().map(|(day, kind)| (*day, *kind)), offset) {
        Ok(calendar) => Some(match draft.hours.take() {
            Some(hours) => calendar.with_hours(hours),
            None => calendar,
        }),
        Err(error) => {
            let rule = match error {
                BadCalendar::Offset => "bad-offset",
                BadCalendar::Years => "calendar-gap",
            };
            draft.problems.error(&Place::file("-"), rule, error.to_string());
            None
        }
    }
}

fn no_calendar(offset: Option<i32>, empty: bool, problems: &mut Problems) -> Option<i32> {
    if offset.is_none() || empty {
        let message =
            "no pack brings a calendar; load a base pack with calendar.csv, and utc_offset in calendar.yaml";
        problems.error(&Place::file("-"), "no-calendar", message);
        return None;
    }
    offset
}

/// `+08:00` in seconds.
fn seconds(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60))
}

/// `09:00`, two digits each.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5)?;
    let digits = hour.bytes().chain(minute.bytes()).all(|byte| byte.is_ascii_digit());
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok().filter(|_| digits)
}
