//! A length of time the law or a promise gives.

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
