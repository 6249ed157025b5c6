//! Statutory clocks and their lights.

use domain::{Calendar, Date, Limit, Timestamp};
use packs::{ServiceItem, Step, Within};
use serde::{Deserialize, Serialize};

/// A clock that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// What it measures.
    pub kind: ClockKind,
    /// The day of the event that set it running, itself not counted (民法典 art. 201).
    pub from: Date,
    /// The last day on which the step is in time. For a decision this is the promised day where one is promised.
    pub last_day: Date,
    /// The last day the law allows, where it lies later than the promise.
    pub statutory_last_day: Option<Date>,
    /// The days counted, and of which kind.
    pub limit: Limit,
    /// It runs into a year whose holidays are not yet announced.
    pub provisional: bool,
}

/// What a clock measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// Receipt to acceptance (行政许可法 art. 32).
    Acceptance,
    /// Acceptance to decision (art. 42, and the item's promise).
    Decision,
    /// Decision to certificate (art. 44).
    Issue,
}

impl ClockKind {
    /// Id, as stored and as in texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Decision => "decision",
            Self::Issue => "issue",
        }
    }
}

/// How much time is left, at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    /// Time enough.
    Green,
    /// A fifth of the time or less is left, at least the last day.
    Yellow,
    /// Over.
    Red,
    /// No clock runs.
    Still,
}

impl Light {
    /// Id of its text (`light-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::Still => "still",
        }
    }
}

/// The light of a clock at `now`.
#[must_use]
pub fn light(clock: Option<&Running>, now: Timestamp, calendar: &Calendar) -> Light {
    let Some(clock) = clock else { return Light::Still };
    if now >= clock.over_at(calendar) {
        Light::Red
    } else if now >= clock.warns_at(calendar) {
        Light::Yellow
    } else {
        Light::Green
    }
}

impl Running {
    /// The instant at which it is over.
    #[must_use]
    pub fn over_at(&self, calendar: &Calendar) -> Timestamp {
        calendar.end_of(self.last_day)
    }

    /// The instant from which a fifth of its working days or less is left: the first moment of that day.
    #[must_use]
    pub fn warns_at(&self, calendar: &Calendar) -> Timestamp {
        let total = calendar.working_days_between(self.from, self.last_day);
        let mut day = self.from;
        while day < self.last_day && calendar.working_days_between(day, self.last_day) * 5 > total {
            day = day.tomorrow().unwrap_or(self.last_day);
        }
        calendar.end_of(day.yesterday().unwrap_or(day))
    }

    /// The clock a step sets running on `from`, if it has one.
    pub(crate) fn start(
        kind: ClockKind,
        step: &Step,
        item: &ServiceItem,
        from: Date,
        calendar: &Calendar,
    ) -> Option<Self> {
        let (limit, statutory) = match step.within? {
            Within::Days(limit) => (limit, None),
            Within::ItemLimit => (item.limit()?, item.statutory),
        };
        let last_day = calendar.last_day(from, limit);
        let statutory_last_day =
            statutory.map(|limit| calendar.last_day(from, limit)).filter(|&day| day > last_day);
        let provisional = calendar.provisional(statutory_last_day.unwrap_or(last_day));
        Some(Self { kind, from, last_day, statutory_last_day, limit, provisional })
    }
}
