//! The working calendar against the State Council's notices of 2024 to 2026, as the base pack carries them, and
//! against a walk day by day.

mod counting;
mod deadlines;
mod limits;
mod suspensions;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use domain::{BusinessHours, Calendar, Date, DayKind, Time, Timestamp};
use jiff::civil::{Weekday, date};
use proptest::prelude::*;

type Days = BTreeMap<Date, DayKind>;

/// The days of `packs/cn`, read once and without the pack loader: this room knows no other.
static NOTICES: LazyLock<Days> = LazyLock::new(read_notices);

fn notices() -> Days {
    NOTICES.clone()
}

fn read_notices() -> Days {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/cn/calendar.csv");
    let text = std::fs::read_to_string(file).expect("a good test value");
    let day = |line: &str| {
        let mut cells = line.split(',');
        let day: Date = cells.next().expect("a good test value").parse().expect("a good test value");
        let kind = match cells.next().expect("a good test value") {
            "holiday" => DayKind::Holiday,
            "makeup-workday" => DayKind::MakeupWorkday,
            other => panic!("{other}"),
        };
        (day, kind)
    };
    text.lines().skip(1).map(day).collect()
}

fn of(days: &Days) -> Calendar {
    Calendar::new(days.clone(), 8 * 3_600).expect("a good test value")
}

fn china() -> Calendar {
    of(&notices())
}

fn time(hour: i8, minute: i8) -> Time {
    Time::constant(hour, minute, 0, 0)
}

/// 09:00 to 12:00 and 14:00 to 17:00: six hours, so that a quarter is an hour and a half.
fn with_hours(calendar: Calendar, cut_off: Option<Time>) -> Calendar {
    let spans = [(time(9, 0), time(12, 0)), (time(14, 0), time(17, 0))];
    calendar.with_hours(BusinessHours::new(spans, cut_off).expect("a good test value"))
}

/// The instant of a civil time in China, `2026-03-02T10:00`.
fn local(text: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.parse().expect("a good test value");
    jiff::tz::TimeZone::fixed(jiff::tz::offset(8)).to_timestamp(civil).expect("a good test value")
}

fn works(days: &Days, day: Date) -> bool {
    match days.get(&day) {
        Some(DayKind::Holiday) => false,
        Some(DayKind::MakeupWorkday) => true,
        None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
    }
}

fn next(day: Date) -> Date {
    day.tomorrow().expect("a good test value")
}

/// The last of so many working days after `start`, found by walking.
fn walk(days: &Days, start: Date, workdays: u16) -> Date {
    (0..workdays).fold(start, |day, _| rest(days, next(day)))
}

/// `day`, or the first working day after it, found by walking.
fn rest(days: &Days, mut day: Date) -> Date {
    while !works(days, day) {
        day = next(day);
    }
    day
}

/// Working days after `from` up to `to`, found by walking.
fn walked(days: &Days, from: Date, to: Date) -> i32 {
    let mut day = from;
    let mut count = 0;
    while day < to {
        day = next(day);
        count += i32::from(works(days, day));
    }
    count
}

fn a_day() -> impl Strategy<Value = Date> {
    (0i32..1_600).prop_map(|n| date(2023, 6, 1) + jiff::Span::new().days(n))
}

/// The real notices, or years nobody would announce: long feasts, weeks of seven days, a holiday on a Sunday.
fn any_notices() -> impl Strategy<Value = Days> {
    let kind = prop_oneof![Just(DayKind::Holiday), Just(DayKind::MakeupWorkday)];
    let odd = prop::collection::btree_map(a_day(), kind.clone(), 0..400);
    let block = (a_day(), 1i32..60, kind).prop_map(|(from, days, kind)| {
        (0..days).map(|n| (from + jiff::Span::new().days(n), kind)).collect::<Days>()
    });
    prop_oneof![Just(notices()), odd, block]
}
