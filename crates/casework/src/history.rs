//! Which clock ran when, and what ended it: read from the events, for whoever asks why a day is the last.

use std::collections::BTreeSet;

use domain::{Calendar, CaseId, Date, DayUnit, Limit, Timestamp};
use packs::Special;

use crate::actor::By;
use crate::clock::{ClockKind, Running};
use crate::event::{Event, What};
use crate::stops::Stop;

/// One stretch of one clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What it measured.
    pub kind: ClockKind,
    /// How it came to run.
    pub begun: Begun,
    /// The day of what set it going; itself not counted (民法典 art. 201).
    pub from: Date,
    /// The day it ended on; none while it runs.
    pub to: Option<Date>,
    /// The clock as it stood; none for a correction that no rule limits.
    pub clock: Option<Running>,
    /// The special procedure for which the decision clock stood still meanwhile (行政许可法 art. 45).
    pub special: Option<Special>,
    /// How it ended.
    pub ending: Ending,
    /// It was over before what it waited for.
    pub late: bool,
    /// Days after `from` until its end, or until now, counted in the clock's own kind of day.
    pub days: u32,
}

/// How a clock came to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// Set running anew.
    Fresh,
    /// Accepted by silence, and so counted from receipt (art. 32).
    Deemed,
    /// It goes on with the days it had left (art. 45).
    Resumed,
    /// It goes on, longer by so much (art. 42).
    Extended(Limit),
}

/// How a stretch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It runs.
    Runs,
    /// What it waited for was done.
    Done,
    /// A special procedure stopped it.
    Stopped,
    /// It was extended.
    Extended,
    /// Its time ran out and took effect by itself.
    Over,
}

impl Segment {
    /// A stretch in which a part waits for something, whose own clocks say how long.
    fn waiting(special: Special, from: Date) -> Self {
        Self {
            kind: ClockKind::Special,
            begun: Begun::Fresh,
            from,
            to: None,
            clock: None,
            special: Some(special),
            ending: Ending::Runs,
            late: false,
            days: 0,
        }
    }

    /// Its days count towards no limit of the agency's: the decision clock stood still, or the applicant
    /// was asked.
    #[must_use]
    pub fn uncounted(&self) -> bool {
        self.special.is_some() || self.kind.is_the_applicants()
    }

    /// The kind of day it is counted in.
    #[must_use]
    pub fn unit(&self) -> DayUnit {
        self.clock.as_ref().map_or(DayUnit::Workday, |clock| clock.limit.unit)
    }
}

/// All stretches of all clocks of a case, in the order they began.
#[must_use]
pub fn clock_history(events: &[Event], now: Timestamp, calendar: &Calendar) -> Vec<Segment> {
    let mut book = Book { calendar, parts: BTreeSet::new(), segments: Vec::new(), open: [None; 5] };
    for event in events {
        book.turn(event);
    }
    for segment in &mut book.segments {
        let end = segment.to.unwrap_or_else(|| calendar.date_of(now));
        segment.late |= segment.to.is_none() && over(segment, now, calendar);
        segment.days = days(calendar, segment.from, end, segment.unit());
    }
    book.segments
}

fn over(segment: &Segment, at: Timestamp, calendar: &Calendar) -> bool {
    segment.clock.as_ref().is_some_and(|clock| at >= clock.over_at(calendar))
}

fn days(calendar: &Calendar, from: Date, to: Date, unit: DayUnit) -> u32 {
    let days = match unit {
        DayUnit::Workday => calendar.working_days_between(from, to),
        DayUnit::NaturalDay => from.until(to).map_or(0, |span| span.get_days()),
    };
    u32::try_from(days).unwrap_or_default()
}

/// Clocks that can run side by side.
#[derive(Debug, Clone, Copy)]
enum Line {
    Main,
    /// A step's own clock, before the decision clock that runs on.
    Step,
    Held,
    Owed,
    Expires,
}

const LINES: [Line; 5] = [Line::Main, Line::Step, Line::Held, Line::Owed, Line::Expires];

struct Book<'a> {
    calendar: &'a Calendar,
    /// Parts that stand still.
    parts: BTreeSet<CaseId>,
    segments: Vec<Segment>,
    /// The open segment of each line.
    open: [Option<usize>; 5],
}

impl Book<'_> {
    fn turn(&mut self, event: &Event) {
        match &event.what {
            What::Submitted { clock, owed, expires, .. } => {
                self.begin(Line::Main, clock.as_ref(), Begun::Fresh, None);
                self.begin(Line::Owed, owed.as_ref(), Begun::Fresh, None);
                self.begin(Line::Expires, expires.as_ref(), Begun::Fresh, None);
            }
            What::Offered { clock, .. }
            | What::Confirmed { clock, .. }
            | What::Corrected { clock, .. }
            | What::Accepted { clock, .. }
            | What::Decided { clock, .. }
            | What::Reopened { clock, .. } => self.next(event, clock.as_ref(), Ending::Done, Begun::Fresh),
            What::StepBegan { clock, .. } => self.begin(Line::Step, clock.as_ref(), Begun::Fresh, None),
            What::DeemedAccepted { clock, .. } => {
                self.next(event, clock.as_ref(), Ending::Over, Begun::Deemed);
            }
            What::CorrectionAsked { clock, .. } => self.correction(event, clock.as_ref()),
            What::Suspended { kind, since, clock } => {
                self.end(Line::Main, event, Some(*since), Ending::Stopped);
                self.begin(Line::Held, clock.as_ref(), Begun::Fresh, Some(*kind));
            }
            What::HearingRequested { clock } => {
                self.end(Line::Held, event, None, Ending::Done);
                self.begin(Line::Held, clock.as_ref(), Begun::Fresh, Some(Special::Hearing));
            }
            What::Resumed { on, clock, lapsed, .. } => {
                let ending = if *lapsed { Ending::Over } else { Ending::Done };
                self.end(Line::Held, event, Some(*on), ending);
                self.begin(Line::Main, clock.as_ref(), Begun::Resumed, None);
                self.move_start(Line::Main, *on);
            }
            What::PartStopped { case, stops, clock, behind, .. } => {
                self.part(event, *case, stops, clock.as_ref().into_iter().chain(behind));
            }
            What::Extended { limit, clock } => {
                self.next(event, clock.as_ref(), Ending::Extended, Begun::Extended(*limit));
                self.move_start(Line::Main, self.calendar.date_of(event.at));
            }
            What::DeemedGranted { clock } => {
                self.end(Line::Expires, event, None, Ending::Over);
                self.end(Line::Held, event, None, Ending::Over);
                self.next(event, clock.as_ref(), Ending::Over, Begun::Fresh);
            }
            What::Issued { .. } => self.end(Line::Main, event, None, Ending::Done),
            What::Done { .. } | What::Joined { .. } => self.end(Line::Step, event, None, Ending::Done),
            What::WaitOver { .. } => self.end(Line::Step, event, None, Ending::Over),
            What::Supplied { owed: None, .. } => self.end(Line::Owed, event, None, Ending::Done),
            What::DeemedWithdrawn => LINES.into_iter().for_each(|line| {
                self.end(line, event, None, Ending::Over);
            }),
            What::Declined if event.by == By::System => self.end(Line::Main, event, None, Ending::Over),
            What::Closed { .. } => LINES.into_iter().for_each(|line| {
                self.end(line, event, None, Ending::Done);
            }),
            _ => {}
        }
    }

    fn next(&mut self, event: &Event, clock: Option<&Running>, ending: Ending, begun: Begun) {
        self.end(Line::Main, event, None, ending);
        self.begin(Line::Main, clock, begun, None);
    }

    /// The acceptance clock stops for good: the reply sets another one running.
    fn correction(&mut self, event: &Event, clock: Option<&Running>) {
        self.end(Line::Main, event, None, Ending::Done);
        self.push(
            Line::Main,
            Segment {
                kind: ClockKind::Correction,
                begun: Begun::Fresh,
                from: clock.map_or_else(|| self.calendar.date_of(event.at), |clock| clock.from),
                to: None,
                clock: clock.cloned(),
                special: None,
                ending: Ending::Runs,
                late: false,
                days: 0,
            },
        );
    }

    /// The joint case's clocks stand still from the first part that does until the last goes on.
    fn part<'c>(
        &mut self,
        event: &Event,
        part: CaseId,
        stops: &[Stop],
        clocks: impl Iterator<Item = &'c Running>,
    ) {
        let Some(stop) = stops.last() else { return };
        if self.parts.is_empty() {
            self.end(Line::Main, event, Some(stop.since), Ending::Stopped);
            self.end(Line::Step, event, Some(stop.since), Ending::Stopped);
            self.push(Line::Held, Segment::waiting(stop.kind, stop.since));
        }
        if stops.iter().any(|stop| stop.on.is_none()) {
            self.parts.insert(part);
            return;
        }
        self.parts.remove(&part);
        let on = stops.iter().filter_map(|stop| stop.on).max().unwrap_or(stop.since);
        if self.parts.is_empty() {
            self.freed(event, on, clocks);
        }
    }

    fn freed<'c>(&mut self, event: &Event, on: Date, clocks: impl Iterator<Item = &'c Running>) {
        self.end(Line::Held, event, Some(on), Ending::Done);
        for clock in clocks {
            let line = if clock.kind == ClockKind::Step { Line::Step } else { Line::Main };
            self.begin(line, Some(clock), Begun::Resumed, None);
            self.move_start(line, on);
        }
    }

    fn begin(&mut self, line: Line, clock: Option<&Running>, begun: Begun, special: Option<Special>) {
        let Some(clock) = clock else { return };
        self.push(
            line,
            Segment {
                kind: clock.kind,
                begun,
                from: clock.from,
                to: None,
                clock: Some(clock.clone()),
                special,
                ending: Ending::Runs,
                late: false,
                days: 0,
            },
        );
    }

    fn push(&mut self, line: Line, segment: Segment) {
        self.open[line as usize] = Some(self.segments.len());
        self.segments.push(segment);
    }

    fn move_start(&mut self, line: Line, from: Date) {
        if let Some(segment) = self.open[line as usize].and_then(|at| self.segments.get_mut(at)) {
            segment.from = from;
        }
    }

    /// What ran out by itself ended on its last day, however late that was noticed.
    fn end(&mut self, line: Line, event: &Event, on: Option<Date>, ending: Ending) {
        let Some(at) = self.open[line as usize].take() else { return };
        let Some(segment) = self.segments.get_mut(at) else { return };
        let last_day = segment.clock.as_ref().map(|clock| clock.last_day).filter(|_| ending == Ending::Over);
        let day = on.or(last_day).unwrap_or_else(|| self.calendar.date_of(event.at));
        segment.to = Some(day.max(segment.from));
        segment.ending = ending;
        segment.late = ending == Ending::Done && over(segment, event.at, self.calendar);
    }
}
