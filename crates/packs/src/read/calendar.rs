//! `calendar.csv`: holidays and make-up working days, by official notice.

use domain::{Calendar, Date, DayKind};

use crate::problem::{Place, Problems};

use super::table::{Table, may, must};
use super::{Draft, Opened, document};

const PATH: &str = "calendar.csv";

/// Reads the days of one pack.
pub(super) fn read(pack: &Opened<'_>, draft: &mut Draft) {
    if let Some(offset) = &pack.manifest.utc_offset {
        match seconds(&offset.value) {
            Some(found) => draft.offset_seconds = Some(found),
            None => {
                let place = document::place(&pack.label("pack.yaml"), offset);
                let message = format!("utc_offset {} is not like +08:00", offset.value);
                draft.problems.error(&place, "bad-offset", message);
            }
        }
    }
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
        Ok(calendar) => Some(calendar),
        Err(error) => {
            draft.problems.error(&Place::file("-"), "bad-offset", error.to_string());
            None
        }
    }
}

fn no_calendar(offset: Option<i32>, empty: bool, problems: &mut Problems) -> Option<i32> {
    if offset.is_none() || empty {
        let message = "no pack brings a calendar; load a base pack with calendar.csv and utc_offset";
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
