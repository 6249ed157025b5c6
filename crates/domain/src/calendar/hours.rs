//! When the desks are open.

use jiff::civil::Time;

/// Business hours of a working day, and when a day's post is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessHours {
    /// Minutes of the day, from and to, in order and apart.
    spans: Vec<(i32, i32)>,
    cut_off: Option<Time>,
}

/// Business hours that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHours {
    /// None, or more than a day has.
    #[error("a day has one to {} spans of business hours", BusinessHours::MOST)]
    Count,
    /// A time has seconds.
    #[error("business hours begin and end on whole minutes")]
    Seconds,
    /// A span ends before it begins, or before the one before it ends.
    #[error(
        "business hours must follow each other: each span ends after it begins, and the next begins later"
    )]
    Order,
    /// The cut-off would take time from the applicant that 民法典 art. 203(2) gives.
    #[error(
        "the cut-off lies before the desks close; a period ends with the business hours (民法典 art. 203)"
    )]
    CutOff,
}

impl BusinessHours {
    /// Most spans of one day.
    pub const MOST: usize = 6;

    /// Business hours of every working day, `from` (counted) to `to` (not counted).
    ///
    /// With a `cut_off`, a day of a period ends there instead of at 24:00, and what arrives later counts as
    /// received on the next working day (民法典 art. 203(2)).
    ///
    /// # Errors
    /// [`BadHours`] when they are not in order, or the cut-off lies before they end.
    pub fn new(
        spans: impl IntoIterator<Item = (Time, Time)>,
        cut_off: Option<Time>,
    ) -> Result<Self, BadHours> {
        let given: Vec<(Time, Time)> = spans.into_iter().take(Self::MOST + 1).collect();
        if given.is_empty() || given.len() > Self::MOST {
            return Err(BadHours::Count);
        }
        let whole = |time: Time| time.second() == 0 && time.subsec_nanosecond() == 0;
        if !given.iter().all(|&(from, to)| whole(from) && whole(to)) || !cut_off.is_none_or(whole) {
            return Err(BadHours::Seconds);
        }
        let spans: Vec<_> = given.iter().map(|&(from, to)| (minute(from), minute(to))).collect();
        if spans.iter().any(|(from, to)| from >= to) || spans.windows(2).any(|two| two[0].1 >= two[1].0) {
            return Err(BadHours::Order);
        }
        if cut_off.is_some_and(|cut_off| spans.iter().any(|&(_, to)| minute(cut_off) < to)) {
            return Err(BadHours::CutOff);
        }
        Ok(Self { spans, cut_off })
    }

    /// When a day of a period ends, where that is not 24:00.
    #[must_use]
    pub fn cut_off(&self) -> Option<Time> {
        self.cut_off
    }

    /// Minutes of business in so many quarters of a day, rounded up.
    pub(super) fn quarters(&self, quarters: u8) -> i32 {
        let whole: i32 = self.spans.iter().map(|(from, to)| to - from).sum();
        (whole * i32::from(quarters) + 3) / 4
    }

    /// Goes `minutes` of business on from the minute `start` of one day: the minute they end in, or those
    /// that the day has no more room for.
    pub(super) fn spend(&self, start: i32, minutes: i32) -> Result<i32, i32> {
        let mut left = minutes;
        for &(from, to) in &self.spans {
            let begin = from.max(start);
            if begin + left <= to {
                return Ok(begin + left);
            }
            left -= (to - begin).max(0);
        }
        Err(left)
    }
}

/// The minute of the day.
pub(super) fn minute(time: Time) -> i32 {
    i32::from(time.hour()) * 60 + i32::from(time.minute())
}
