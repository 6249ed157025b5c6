//! When a period ends, to the hour, and what a suspension does to it.

use std::cmp::Ordering;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::limit::{DayUnit, Limit};

use super::hours::minute;
use super::{Calendar, workdays};

/// The end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day on which it is in time.
    pub last_day: Date,
    /// The time of that day at which it is over; `None` is 24:00 (民法典 art. 203).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

impl Ord for Deadline {
    /// The earlier end first; 24:00 comes after every time of its day.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |end: &Self| (end.last_day, end.until.is_none(), end.until);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Deadline {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Calendar {
    /// The end of a period of `limit` that an act at `at` sets running.
    ///
    /// Whole days are those of [`Calendar::last_day`]; they end at 24:00, or at the cut-off where there is one
    /// (民法典 art. 203(2)). A part of a working day is that part of its business hours. It begins with the
    /// instant itself (art. 201(2)), or with the next opening while the desks are closed; beside whole days it
    /// begins with the opening after them, so that a longer limit never ends earlier. The minute that runs does
    /// not count. Without business hours a part of a day cannot be measured and counts as a whole one.
    #[must_use]
    pub fn deadline(&self, at: Timestamp, limit: Limit) -> Deadline {
        self.deadline_from(self.date_of(at), at, limit)
    }

    /// As [`Calendar::deadline`], for what arrives at `at`: with a cut-off, later post is the next day's.
    #[must_use]
    pub fn deadline_on_receipt(&self, at: Timestamp, limit: Limit) -> Deadline {
        self.deadline_from(self.received_on(at), at, limit)
    }

    fn deadline_from(&self, start: Date, at: Timestamp, limit: Limit) -> Deadline {
        let Some(hours) = self.hours().filter(|_| limit.quarters() > 0) else {
            let until = self.hours().and_then(|hours| hours.cut_off());
            return Deadline { last_day: self.last_day(start, limit), until };
        };
        let (mut day, mut from) = if limit.days == 0 {
            let civil = self.civil(at);
            (civil.date(), full_minute(civil.time()))
        } else {
            (self.next_working_day(self.last_day(start, Limit::workdays(limit.days))), 0)
        };
        if !self.is_working_day(day) {
            (day, from) = (self.next_working_day(day), 0);
        }
        let mut left = hours.quarters(limit.quarters());
        loop {
            match hours.spend(from, left) {
                Ok(end) => return Deadline { last_day: day, until: Some(time(end)) },
                // Nothing comes after the last day there is.
                Err(_) if day == Date::MAX => return Deadline { last_day: day, until: None },
                Err(more) => (day, from, left) = (self.next_working_day(day), 0, more),
            }
        }
    }

    /// The instant at which a deadline is over: the first that is too late.
    #[must_use]
    pub fn end_of_deadline(&self, deadline: &Deadline) -> Timestamp {
        match deadline.until {
            None => self.end_of(deadline.last_day),
            Some(until) => self.instant(deadline.last_day.to_datetime(until)),
        }
    }

    /// The day as received on which an arrival counts.
    ///
    /// That is its own day until 24:00. Where the desks have a cut-off, what arrives after it, or on a day
    /// of rest, counts as received on the next working day (民法典 art. 203(2)).
    #[must_use]
    pub fn received_on(&self, at: Timestamp) -> Date {
        let civil = self.civil(at);
        let day = civil.date();
        let Some(cut_off) = self.hours().and_then(|hours| hours.cut_off()) else { return day };
        if civil.time() < cut_off && self.is_working_day(day) { day } else { self.next_working_day(day) }
    }

    /// Days that still count after `on`, up to `last_day`; none when that is past.
    #[must_use]
    pub fn remaining(&self, on: Date, last_day: Date, unit: DayUnit) -> u16 {
        let left = match unit {
            DayUnit::Workday => self.working_days_between(on, last_day),
            DayUnit::NaturalDay => workdays::number(last_day) - workdays::number(on),
        };
        u16::try_from(left.max(0)).unwrap_or(u16::MAX)
    }

    /// The last day of a period that stood still after the day `suspended` and runs again after `resumed`.
    ///
    /// The time of a hearing, tender, inspection, test, quarantine, appraisal or expert review is not counted
    /// (行政许可法 art. 45): the days that remained are counted from `resumed`, itself not counted. A period
    /// that was over before it was suspended stays over.
    #[must_use]
    pub fn resume(&self, suspended: Date, resumed: Date, last_day: Date, unit: DayUnit) -> Date {
        if resumed <= suspended || suspended > last_day {
            return last_day;
        }
        self.last_day(resumed, Limit::new(self.remaining(suspended, last_day, unit), unit))
    }

    /// The first day on which a fifth of the working days from `from` (not counted) to `last_day`, or less, is left.
    ///
    /// Never before `from`, and at the latest `last_day`.
    #[must_use]
    pub fn warns_on(&self, from: Date, last_day: Date) -> Date {
        let (start, end) = (workdays::number(from), workdays::number(last_day));
        if start >= end {
            return from;
        }
        let total = self.workdays.count(end) - self.workdays.count(start);
        let first = self.workdays.first(self.workdays.count(end) - total / 5);
        workdays::date(first.clamp(start, end))
    }
}

/// The minute of the day from which a part of a day counts: the next full one.
fn full_minute(time: Time) -> i32 {
    minute(time) + i32::from(time.second() > 0 || time.subsec_nanosecond() > 0)
}

/// The time of a minute within business hours.
fn time(minute: i32) -> Time {
    let part = |n: i32| i8::try_from(n).unwrap_or(i8::MAX);
    Time::new(part(minute / 60), part(minute % 60), 0, 0).unwrap_or(Time::MAX)
}
