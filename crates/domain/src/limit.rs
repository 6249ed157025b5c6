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

/// So many days, of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// Whole days, at most a few hundred.
    pub days: u16,
    /// Which days count.
    #[serde(default)]
    pub unit: DayUnit,
}

impl Limit {
    /// So many working days.
    #[must_use]
    pub const fn workdays(days: u16) -> Self {
        Self { days, unit: DayUnit::Workday }
    }

    /// Orders limits of different units: a working day is taken as 7/5 natural days.
    #[must_use]
    pub fn weight(self) -> u32 {
        u32::from(self.days) * if self.unit == DayUnit::Workday { 7 } else { 5 }
    }
}

/// The string is not a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a limit is written `5 workdays` or `30 natural days`")]
pub struct BadLimit;

impl FromStr for Limit {
    type Err = BadLimit;

    /// Reads `5 workdays`, `1 workday` or `30 natural days`, as partners write it in a pack.
    fn from_str(text: &str) -> Result<Self, BadLimit> {
        let (days, unit) = text.trim().split_once(' ').ok_or(BadLimit)?;
        let days = days.parse().map_err(|_| BadLimit)?;
        let unit = match unit.trim() {
            "workday" | "workdays" => DayUnit::Workday,
            "natural day" | "natural days" => DayUnit::NaturalDay,
            _ => return Err(BadLimit),
        };
        Ok(Self { days, unit })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            DayUnit::Workday => "workday",
            DayUnit::NaturalDay => "natural day",
        };
        write!(f, "{} {unit}{}", self.days, if self.days == 1 { "" } else { "s" })
    }
}
