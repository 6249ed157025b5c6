//! The working calendar: which days count, and when a period ends.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::limit::{DayUnit, Limit};

/// What an official notice makes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A statutory holiday, or a day of rest moved next to one.
    Holiday,
    /// A weekend day that is worked to make up (调休).
    MakeupWorkday,
}

/// Working days of one jurisdiction, by the State Council's yearly notices (全国年节及纪念日放假办法).
///
/// Years without a notice count Monday to Friday and are [`Calendar::provisional`]: a clock that runs
/// into them says so instead of pretending to know.
#[derive(Debug, Clone)]
pub struct Calendar {
    days: BTreeMap<Date, DayKind>,
    years: BTreeSet<i16>,
    zone: TimeZone,
}

/// A calendar that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCalendar {
    /// The offset from UTC is not within a day.
    #[error("the offset from UTC must lie within 25 hours")]
    Offset,
}

impl Calendar {
    /// A calendar from the days the notices name.
    ///
    /// `offset_seconds`: the jurisdiction's fixed offset from UTC (China 28,800; no summer time since 1991).
    ///
    /// # Errors
    /// [`BadCalendar::Offset`] when the offset is out of range.
    pub fn new(
        days: impl IntoIterator<Item = (Date, DayKind)>,
        offset_seconds: i32,
    ) -> Result<Self, BadCalendar> {
        let offset = Offset::from_seconds(offset_seconds).map_err(|_| BadCalendar::Offset)?;
        let days: BTreeMap<_, _> = days.into_iter().collect();
        let years = days.keys().map(|day| day.year()).collect();
        Ok(Self { days, years, zone: TimeZone::fixed(offset) })
    }

    /// The civil date of an instant, here.
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// Civil date and time of an instant, here.
    #[must_use]
    pub fn civil(&self, at: Timestamp) -> jiff::civil::DateTime {
        self.zone.to_datetime(at)
    }

    /// The instant at which `day` is over: 24:00 here (民法典 art. 203).
    #[must_use]
    pub fn end_of(&self, day: Date) -> Timestamp {
        let next = day.tomorrow().unwrap_or(Date::MAX);
        self.zone.to_timestamp(next.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
    }

    /// The instant of a civil date and hour, here.
    #[must_use]
    pub fn at(&self, day: Date, hour: i8) -> Timestamp {
        self.zone.to_timestamp(day.at(hour, 0, 0, 0)).unwrap_or(Timestamp::MAX)
    }

    /// Whether `day` counts as a working day.
    #[must_use]
    pub fn is_working_day(&self, day: Date) -> bool {
        match self.days.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::MakeupWorkday) => true,
            None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// Whether no notice for the year of `day` is loaded.
    #[must_use]
    pub fn provisional(&self, day: Date) -> bool {
        !self.years.contains(&day.year())
    }

    /// The last day of a period of `limit` that an event on `start` sets running.
    ///
    /// The day of the event does not count (民法典 art. 201); a period that would end on a day of rest
    /// ends on the next working day (art. 203). Zero days end on `start` itself, moved the same way.
    #[must_use]
    pub fn last_day(&self, start: Date, limit: Limit) -> Date {
        let mut day = start;
        match limit.unit {
            DayUnit::Workday => {
                let mut left = limit.days;
                while left > 0 && day < Date::MAX {
                    day = next(day);
                    left -= u16::from(self.is_working_day(day));
                }
            }
            DayUnit::NaturalDay => day = (0..limit.days).fold(day, |day, _| next(day)),
        }
        while !self.is_working_day(day) && day < Date::MAX {
            day = next(day);
        }
        day
    }

    /// Working days from `from` (not counted) to `to` (counted); negative when `to` lies before.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> i32 {
        let (low, high, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let mut day = low;
        let mut count = 0;
        while day < high {
            day = next(day);
            count += i32::from(self.is_working_day(day));
        }
        count * sign
    }
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}
