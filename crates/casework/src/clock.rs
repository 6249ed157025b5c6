//! Statutory clocks and their lights.

use domain::{Calendar, Date, DayUnit, Limit, Time, Timestamp};
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
    /// The hour at which it ends on its last day, for parts of a day; 24:00 otherwise (民法典 art. 203).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
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
    /// The applicant's time to answer a correction notice.
    Correction,
    /// The applicant's time to hand in what was promised for later (容缺).
    Owed,
    /// The applicant's time to ask for a hearing (art. 47).
    HearingRequest,
    /// The body's time to hold it (art. 47).
    HearingHold,
    /// The time the applicant was told a special procedure needs (art. 45).
    Special,
    /// Until the permit expires: undecided by then, its renewal is granted (art. 50).
    Renewal,
    /// The applicant's time to confirm what was offered (免申即享).
    Confirmation,
    /// A step of the procedure with a limit of its own.
    Step,
}

impl ClockKind {
    /// Id, as stored and as in texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Decision => "decision",
            Self::Issue => "issue",
            Self::Correction => "correction",
            Self::Owed => "owed",
            Self::HearingRequest => "hearing-request",
            Self::HearingHold => "hearing-hold",
            Self::Special => "special",
            Self::Renewal => "renewal",
            Self::Confirmation => "confirmation",
            Self::Step => "step",
        }
    }

    /// Whether it is the applicant who has to act in this time: it lights no lamp at a desk.
    #[must_use]
    pub fn is_the_applicants(self) -> bool {
        matches!(self, Self::Correction | Self::Owed | Self::HearingRequest | Self::Confirmation)
    }

    /// Whether something of the applicant's arriving sets it running: what comes after the desks close is
    /// the next working day's (民法典 art. 203). What a body does counts on the day it is done.
    fn runs_from_receipt(self) -> bool {
        matches!(self, Self::Acceptance | Self::Owed | Self::HearingHold)
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
    let Some(clock) = clock.filter(|clock| !clock.kind.is_the_applicants()) else { return Light::Still };
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
        calendar.end_of_deadline(&domain::Deadline { last_day: self.last_day, until: self.until })
    }

    /// The instant at which it is over in law, where that is later than the promise.
    #[must_use]
    pub fn legally_over_at(&self, calendar: &Calendar) -> Timestamp {
        self.statutory_last_day.map_or_else(
            || self.over_at(calendar),
            |last_day| calendar.end_of_deadline(&domain::Deadline { last_day, until: cut_off(calendar) }),
        )
    }

    /// The instant from which a fifth of its working days or less is left: the first moment of that day.
    #[must_use]
    pub fn warns_at(&self, calendar: &Calendar) -> Timestamp {
        let day = calendar.warns_on(self.from, self.last_day);
        calendar.end_of(day.yesterday().unwrap_or(day))
    }

    /// A clock of `limit`, set running by an event at `at`.
    pub(crate) fn of(kind: ClockKind, limit: Limit, at: Timestamp, calendar: &Calendar) -> Self {
        let (from, deadline) = if kind.runs_from_receipt() {
            (calendar.received_on(at), calendar.deadline_on_receipt(at, limit))
        } else {
            (calendar.date_of(at), calendar.deadline(at, limit))
        };
        Self {
            kind,
            from,
            last_day: deadline.last_day,
            statutory_last_day: None,
            limit,
            provisional: calendar.provisional(deadline.last_day),
            until: deadline.until,
        }
    }

    /// A clock that ends with `last_day`.
    pub(crate) fn until(kind: ClockKind, from: Date, last_day: Date, calendar: &Calendar) -> Self {
        Self {
            kind,
            from,
            last_day,
            statutory_last_day: None,
            limit: Limit::natural_days(0),
            provisional: calendar.provisional(last_day),
            until: None,
        }
    }

    /// The clock a step sets running by an event at `at`, if it has one. `from` is the day it counts from
    /// where that is another than the event's: an acceptance by silence counts from receipt.
    pub(crate) fn start(
        kind: ClockKind,
        step: &Step,
        item: &ServiceItem,
        at: Timestamp,
        from: Option<Date>,
        calendar: &Calendar,
    ) -> Option<Self> {
        let (limit, statutory) = match step.within? {
            Within::Days(limit) => (limit, None),
            Within::ItemLimit => (item.limit()?, item.statutory),
        };
        let at = from.filter(|day| *day != calendar.date_of(at)).map_or(at, |day| calendar.start_of(day));
        let mut clock = Self::of(kind, limit, at, calendar);
        clock.statutory_last_day =
            statutory.map(|limit| calendar.last_day(clock.from, limit)).filter(|&day| day > clock.last_day);
        clock.provisional = calendar.provisional(clock.statutory_last_day.unwrap_or(clock.last_day));
        Some(clock)
    }

    /// The clock after a suspension: the days of it are not counted (行政许可法 art. 45). Promise and law may
    /// count different kinds of day; `statutory` is the law's.
    pub(crate) fn resumed(&self, since: Date, on: Date, statutory: DayUnit, calendar: &Calendar) -> Self {
        let last_day = calendar.resume(since, on, self.last_day, self.limit.unit);
        let statutory_last_day =
            self.statutory_last_day.map(|day| calendar.resume(since, on, day, statutory));
        let provisional = calendar.provisional(statutory_last_day.unwrap_or(last_day));
        Self { last_day, statutory_last_day, provisional, ..self.clone() }
    }

    /// The clock after an extension, counted from its last day in law (art. 42: *another* ten days).
    pub(crate) fn extended(&self, limit: Limit, calendar: &Calendar) -> Self {
        let last_day = calendar.last_day(self.statutory_last_day.unwrap_or(self.last_day), limit);
        let provisional = calendar.provisional(last_day);
        Self { last_day, statutory_last_day: None, until: cut_off(calendar), provisional, ..self.clone() }
    }
}

/// The hour at which a whole day of a period ends, where that is not 24:00 (民法典 art. 203(2)).
fn cut_off(calendar: &Calendar) -> Option<Time> {
    calendar.hours().and_then(domain::BusinessHours::cut_off)
}
