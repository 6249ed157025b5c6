//! A length of time the law or a promise gives.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayUnit {
    /// 工作日: statutory holidays and days of rest do not count (行政许可法 art. 82).
    #[default]
    Workday,
    /// 自然日: every day counts; an end on a day of rest moves to the next working day (民法典 art. 203).
    NaturalDay,
}

/// So many days, of one kind. Working days also come in halves and quarters, as published promises do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Limit {
    /// Whole days, at most a few hundred.
    pub days: u16,
    /// Quarters of a working day beside the whole ones, 0 to 3. Always 0 for natural days.
    #[serde(skip_serializing_if = "is_zero")]
    quarters: u8,
    /// Which days count.
    pub unit: DayUnit,
}

/// A limit as stored: before quarters came, there were none to write.
#[derive(Deserialize)]
struct Stored {
    days: u16,
    #[serde(default)]
    quarters: u8,
    #[serde(default)]
    unit: DayUnit,
}

impl TryFrom<Stored> for Limit {
    type Error = BadLimit;

    fn try_from(stored: Stored) -> Result<Self, BadLimit> {
        let Stored { days, quarters, unit } = stored;
        let whole = quarters == 0 || (quarters < 4 && unit == DayUnit::Workday);
        if whole { Ok(Self { days, quarters, unit }) } else { Err(BadLimit) }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_zero(quarters: &u8) -> bool {
    *quarters == 0
}

impl Limit {
    /// So many whole days of one kind.
    #[must_use]
    pub const fn new(days: u16, unit: DayUnit) -> Self {
        Self { days, quarters: 0, unit }
    }

    /// So many working days.
    #[must_use]
    pub const fn workdays(days: u16) -> Self {
        Self::new(days, DayUnit::Workday)
    }

    /// So many quarters of a working day: 2 is half a day, 6 a day and a half.
    #[must_use]
    pub const fn workday_quarters(quarters: u16) -> Self {
        Self { days: quarters / 4, quarters: (quarters % 4) as u8, unit: DayUnit::Workday }
    }

    /// So many natural days.
    #[must_use]
    pub const fn natural_days(days: u16) -> Self {
        Self::new(days, DayUnit::NaturalDay)
    }

    /// Quarters of a working day beside the whole days, 0 to 3.
    #[must_use]
    pub const fn quarters(self) -> u8 {
        self.quarters
    }

    /// The days, a part of one counted as a whole one.
    #[must_use]
    pub const fn days_up(self) -> u16 {
        self.days.saturating_add(if self.quarters > 0 { 1 } else { 0 })
    }

    /// Orders limits of different units: a working day is taken as 7/5 natural days.
    #[must_use]
    pub fn weight(self) -> u32 {
        let quarters = u32::from(self.days) * 4 + u32::from(self.quarters);
        quarters * if self.unit == DayUnit::Workday { 7 } else { 5 }
    }

    /// The number alone, `20` or `0.25`: what [`Limit::read`] reads.
    #[must_use]
    pub fn number(self) -> String {
        let part = match self.quarters {
            0 => "",
            1 => ".25",
            2 => ".5",
            _ => ".75",
        };
        format!("{}{part}", self.days)
    }

    /// Reads the number alone, `20` or `0.25`, where the unit stands in a column of its own.
    ///
    /// # Errors
    /// [`BadLimit`] for anything but whole days, or quarters of working days.
    pub fn read(number: &str, unit: DayUnit) -> Result<Self, BadLimit> {
        let (days, quarters) = match number.split_once('.') {
            None => (number, 0),
            Some((days, "25")) => (days, 1),
            Some((days, "5" | "50")) => (days, 2),
            Some((days, "75")) => (days, 3),
            Some(_) => return Err(BadLimit),
        };
        let days = days.parse().map_err(|_| BadLimit)?;
        Self::try_from(Stored { days, quarters, unit })
    }
}

/// The string is not a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a limit is written `5 workdays`, `0.25 workday` or `30 natural days`")]
pub struct BadLimit;

impl FromStr for Limit {
    type Err = BadLimit;

    /// Reads `5 workdays`, `1 workday`, `0.5 workday` or `30 natural days`, as partners write it in a pack.
    fn from_str(text: &str) -> Result<Self, BadLimit> {
        let (number, unit) = text.trim().split_once(' ').ok_or(BadLimit)?;
        let unit = match unit.trim() {
            "workday" | "workdays" => DayUnit::Workday,
            "natural day" | "natural days" => DayUnit::NaturalDay,
            _ => return Err(BadLimit),
        };
        Self::read(number, unit)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            DayUnit::Workday => "workday",
            DayUnit::NaturalDay => "natural day",
        };
        let one = (self.days == 1 && self.quarters == 0) || (self.days == 0 && self.quarters > 0);
        write!(f, "{} {unit}{}", self.number(), if one { "" } else { "s" })
    }
}
