//! Counting working days without walking them.
//!
//! Monday to Friday is arithmetic; the notices shift that count on a few dozen days a year. Only those days
//! are kept, each with the count it brings, so every question is arithmetic and one binary search.

use jiff::SignedDuration;
use jiff::civil::Date;

use super::DayKind;

/// The days on which the notices depart from Monday to Friday, in order.
#[derive(Debug, Clone)]
pub(super) struct Workdays(Vec<Shift>);

#[derive(Debug, Clone, Copy)]
struct Shift {
    /// Days since 1970-01-01.
    day: i32,
    /// What the notices add to the count of Mondays to Fridays, this day included.
    by: i32,
    /// Working days up to this day, itself included.
    count: i32,
}

impl Workdays {
    /// From the days the notices name, in order.
    pub(super) fn new(days: impl IntoIterator<Item = (Date, DayKind)>) -> Self {
        let mut shifts: Vec<Shift> = Vec::new();
        for (date, kind) in days {
            let day = number(date);
            let works = kind == DayKind::MakeupWorkday;
            if works == is_weekday(day) {
                continue;
            }
            let before = shifts.last().map_or(0, |shift| shift.by);
            let by = if works { before + 1 } else { before - 1 };
            shifts.push(Shift { day, by, count: weekdays(day) + by });
        }
        Self(shifts)
    }

    /// Whether the day is worked.
    pub(super) fn works(&self, day: i32) -> bool {
        is_weekday(day) != self.0.binary_search_by_key(&day, |shift| shift.day).is_ok()
    }

    /// Working days up to `day`, itself included, from a fixed day on. Only differences mean anything.
    pub(super) fn count(&self, day: i32) -> i32 {
        let passed = self.0.partition_point(|shift| shift.day <= day);
        weekdays(day) + passed.checked_sub(1).map_or(0, |at| self.0[at].by)
    }

    /// The first day whose [`Workdays::count`] is `count` or more: a working day.
    pub(super) fn first(&self, count: i32) -> i32 {
        let passed = self.0.partition_point(|shift| shift.count < count);
        let by = passed.checked_sub(1).map_or(0, |at| self.0[at].by);
        let plain = nth_weekday(count - by);
        // Before the next shift only weekdays count; one that reaches it ends on that day, a make-up day.
        self.0.get(passed).map_or(plain, |shift| plain.min(shift.day))
    }
}

/// Days since 1970-01-01, a Thursday.
pub(super) fn number(date: Date) -> i32 {
    let days = date.duration_since(EPOCH).as_hours() / 24;
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// The date of a number; beyond the ends of the calendar, the end.
pub(super) fn date(number: i32) -> Date {
    let end = if number < 0 { Date::MIN } else { Date::MAX };
    EPOCH.checked_add(SignedDuration::from_hours(i64::from(number) * 24)).unwrap_or(end)
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days from the Monday before 1970-01-01 to that day.
const FROM_MONDAY: i32 = 3;

fn is_weekday(day: i32) -> bool {
    (day + FROM_MONDAY).rem_euclid(7) < 5
}

/// Mondays to Fridays up to `day`, itself included, since that Monday.
fn weekdays(day: i32) -> i32 {
    let day = day + FROM_MONDAY;
    day.div_euclid(7) * 5 + (day.rem_euclid(7) + 1).min(5)
}

/// The weekday that brings [`weekdays`] to `count`.
fn nth_weekday(count: i32) -> i32 {
    let before = count - 1;
    before.div_euclid(5) * 7 + before.rem_euclid(5) - FROM_MONDAY
}
