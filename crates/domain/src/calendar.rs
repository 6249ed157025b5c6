//! The working calendar: which days count, and when a period ends.

mod deadline;
mod hours;
mod workdays;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::limit::{DayUnit, Limit};

pub use deadline::Deadline;
pub use hours::{BadHours, BusinessHours};

use workdays::Workdays;

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
/// into them says so instead of pretending to know. Days are looked up, not walked: a question costs the
/// same for five days and for five hundred.
#[derive(Debug, Clone)]
pub struct Calendar {
    workdays: Workdays,
    hours: Option<BusinessHours>,
    years: BTreeSet<i16>,
    zone: TimeZone,
}

/// A calendar that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCalendar {
    /// The offset from UTC is not within a day.
    #[error("the offset from UTC must lie within 25 hours")]
    Offset,
    /// The notices span more than [`Calendar::YEARS`] years.
    #[error("the days of the notices must lie within {} years", Calendar::YEARS)]
    Years,
}

impl Calendar {
    /// Most years from the first day the notices name to the last: what is counted ahead is bounded.
    pub const YEARS: i16 = 200;

    /// A calendar from the days the notices name.
    ///
    /// `offset_seconds`: the jurisdiction's fixed offset from UTC (China 28,800; no summer time since 1991).
    ///
    /// # Errors
    /// [`BadCalendar`] when the offset is out of range, or the days lie centuries apart.
    pub fn new(
        days: impl IntoIterator<Item = (Date, DayKind)>,
        offset_seconds: i32,
    ) -> Result<Self, BadCalendar> {
        let offset = Offset::from_seconds(offset_seconds).map_err(|_| BadCalendar::Offset)?;
        let days: BTreeMap<_, _> = days.into_iter().collect();
        if let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value())
            && last.year() - first.year() >= Self::YEARS
        {
            return Err(BadCalendar::Years);
        }
        let years = days.keys().map(|day| day.year()).collect();
        let workdays = Workdays::new(days);
        Ok(Self { workdays, hours: None, years, zone: TimeZone::fixed(offset) })
    }

    /// The same calendar with business hours, by which parts of a working day are measured.
    #[must_use]
    pub fn with_hours(self, hours: BusinessHours) -> Self {
        Self { hours: Some(hours), ..self }
    }

    /// The business hours of its working days, where they are known.
    #[must_use]
    pub fn hours(&self) -> Option<&BusinessHours> {
        self.hours.as_ref()
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

    /// The first instant of `day`, here.
    #[must_use]
    pub fn start_of(&self, day: Date) -> Timestamp {
        self.instant(day.at(0, 0, 0, 0))
    }

    /// The instant at which `day` is over: 24:00 here (民法典 art. 203).
    #[must_use]
    pub fn end_of(&self, day: Date) -> Timestamp {
        self.start_of(day.tomorrow().unwrap_or(Date::MAX))
    }

    /// The instant of a civil date and hour, here.
    #[must_use]
    pub fn at(&self, day: Date, hour: i8) -> Timestamp {
        self.instant(day.at(hour, 0, 0, 0))
    }

    fn instant(&self, civil: DateTime) -> Timestamp {
        self.zone.to_timestamp(civil).unwrap_or(Timestamp::MAX)
    }

    /// Whether `day` counts as a working day.
    #[must_use]
    pub fn is_working_day(&self, day: Date) -> bool {
        self.workdays.works(workdays::number(day))
    }

    /// Whether no notice for the year of `day` is loaded.
    #[must_use]
    pub fn provisional(&self, day: Date) -> bool {
        !self.years.contains(&day.year())
    }

    /// The last day of a period of `limit` that an event on `start` sets running.
    ///
    /// The day of the event does not count (民法典 art. 201); a period that would end on a day of rest
    /// ends on the next working day (art. 203). Zero days end on `start` itself, moved the same way. A part
    /// of a day counts as a whole one here; [`Calendar::deadline`] knows the hour.
    #[must_use]
    pub fn last_day(&self, start: Date, limit: Limit) -> Date {
        let (from, days) = (workdays::number(start), i32::from(limit.days_up()));
        let last = match limit.unit {
            DayUnit::Workday if days > 0 => self.workdays.first(self.workdays.count(from) + days),
            DayUnit::Workday => self.working_day_from(from),
            DayUnit::NaturalDay => self.working_day_from(from + days),
        };
        workdays::date(last)
    }

    /// Working days from `from` (not counted) to `to` (counted); negative when `to` lies before.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> i32 {
        self.workdays.count(workdays::number(to)) - self.workdays.count(workdays::number(from))
    }

    /// The first working day after `day`.
    fn next_working_day(&self, day: Date) -> Date {
        workdays::date(self.working_day_from(workdays::number(day) + 1))
    }

    /// `day`, or the first working day after it.
    fn working_day_from(&self, day: i32) -> i32 {
        self.workdays.first(self.workdays.count(day - 1) + 1)
    }
}
