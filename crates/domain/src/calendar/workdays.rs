//! Counting working days without walking them.
//!
//! Two tables, built once, answer for the years of the notices: how many working days there are up to a day,
//! and on which day so many are reached. Before and after, Monday to Friday is arithmetic.

use jiff::SignedDuration;
use jiff::civil::Date;

use super::DayKind;

/// Working days by number, a day being so many days after 1970-01-01.
#[derive(Debug, Clone)]
pub(super) struct Workdays {
    /// The first day of the tables.
    start: i32,
    /// Working days up to the day before it.
    before: i32,
    /// For each day of the tables, the working days up to it, itself included.
    counts: Vec<i32>,
    /// For each working day of the tables, its day.
    days: Vec<i32>,
    /// What the notices together add to the Mondays to Fridays.
    added: i32,
}

impl Workdays {
    /// From the days the notices name, in order.
    pub(super) fn new(notices: impl IntoIterator<Item = (Date, DayKind)>) -> Self {
        let mut table = Self { start: 0, before: 0, counts: Vec::new(), days: Vec::new(), added: 0 };
        for (date, kind) in notices {
            let day = number(date);
            if table.counts.is_empty() {
                (table.start, table.before) = (day, weekdays(day - 1));
            }
            while table.end() < day {
                table.push(is_weekday(table.end()));
            }
            table.push(kind == DayKind::MakeupWorkday);
        }
        table.added = table.counts.last().map_or(0, |count| count - weekdays(table.end() - 1));
        table
    }

    /// The day after the tables.
    fn end(&self) -> i32 {
        self.start + i32::try_from(self.counts.len()).unwrap_or(i32::MAX)
    }

    fn push(&mut self, works: bool) {
        if works {
            self.days.push(self.end());
        }
        self.counts.push(self.before + i32::try_from(self.days.len()).unwrap_or(i32::MAX));
    }

    /// Whether the day is worked.
    pub(super) fn works(&self, day: i32) -> bool {
        self.count(day) > self.count(day - 1)
    }

    /// Working days up to `day`, itself included, from a fixed day on. Only differences mean anything.
    pub(super) fn count(&self, day: i32) -> i32 {
        match at(&self.counts, day - self.start) {
            Some(count) => count,
            None if day < self.start => weekdays(day),
            None => weekdays(day) + self.added,
        }
    }

    /// The first day whose [`Workdays::count`] is `count` or more: a working day.
    pub(super) fn first(&self, count: i32) -> i32 {
        match at(&self.days, count - self.before - 1) {
            Some(day) => day,
            None if count <= self.before => nth_weekday(count),
            None => nth_weekday(count - self.added),
        }
    }
}

fn at(table: &[i32], index: i32) -> Option<i32> {
    usize::try_from(index).ok().and_then(|index| table.get(index)).copied()
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
