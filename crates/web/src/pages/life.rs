//! A case's life as both sides of the counter are shown it.

use app::{CaseFile, Part, cards_of};
use casework::{Begun, CardColour, ClockKind, Ending, Hearing, Private, Segment, What, clock_history};
use domain::{DayUnit, Time};
use packs::StepKind;

use super::show;
use crate::view::apply::Row;
use crate::view::life::{CardView, HeldView, PartView, RulingView, SegmentView};
use crate::view::{Tx, format};
use crate::visitor::Visitor;

/// The width of the drawing of clocks.
const WHOLE: i64 = 1_000;
/// The shortest bar.
const LEAST: u32 = 4;

pub(super) fn unit(unit: DayUnit) -> &'static str {
    match unit {
        DayUnit::Workday => "workday",
        DayUnit::NaturalDay => "natural-day",
    }
}

fn hour(until: Option<Time>) -> String {
    until.map(|until| format!("{:02}:{:02}", until.hour(), until.minute())).unwrap_or_default()
}

/// Which clock ran when, drawn on one line of time.
pub(super) fn history(visitor: &Visitor, file: &CaseFile) -> Vec<SegmentView> {
    let calendar = &visitor.site.app.catalogue.calendar;
    let now = visitor.site.app.now();
    let segments = clock_history(&file.events, now, calendar);
    let today = calendar.date_of(now);
    let ends = |segment: &Segment| segment.to.unwrap_or(today);
    let Some(first) = segments.iter().map(|segment| segment.from).min() else { return Vec::new() };
    let last = segments.iter().map(ends).max().unwrap_or(first);
    let days = |from, to| format::days_between(from, to);
    let whole = days(first, last).max(1);
    let place = |at: i64| u32::try_from(at * WHOLE / whole).unwrap_or_default();
    let date = |day| format::date(day, visitor.lang);
    let view = |segment: &Segment| {
        let clock = segment.clock.as_ref();
        SegmentView {
            kind: segment.kind.id(),
            law: law(visitor, file, segment.kind),
            from: date(segment.from),
            to: segment.to.map(date).unwrap_or_default(),
            due: clock.map(|clock| date(clock.last_day)).unwrap_or_default(),
            statutory: clock.and_then(|clock| clock.statutory_last_day).map(date).unwrap_or_default(),
            until: hour(clock.and_then(|clock| clock.until)),
            limit: clock.map(|clock| clock.limit).filter(|limit| limit.weight() > 0).map(Into::into),
            begun: match segment.begun {
                Begun::Fresh => "fresh",
                Begun::Deemed => "deemed",
                Begun::Resumed => "resumed",
                Begun::Extended(_) => "extended",
            },
            extension: match segment.begun {
                Begun::Extended(limit) => Some(limit.into()),
                _ => None,
            },
            ending: match segment.ending {
                _ if segment.late => "late",
                Ending::Runs => "runs",
                Ending::Done => "in-time",
                Ending::Stopped => "stopped",
                Ending::Extended => "extended",
                Ending::Over => "over",
            },
            special: segment.special.map(packs::Special::id),
            uncounted: segment.uncounted(),
            days: segment.days,
            unit: unit(segment.unit()),
            x: place(days(first, segment.from)),
            width: place(days(segment.from, ends(segment))).max(LEAST),
        }
    };
    segments.iter().map(view).collect()
}

/// The article a clock rests on: as the procedure names it, or, of what only the Licensing Law knows, as that
/// numbers it; nothing where neither says.
pub(super) fn law(visitor: &Visitor, file: &CaseFile, kind: ClockKind) -> Tx {
    let definition = &file.definition;
    let of_step = |kind| definition.step(definition.find(kind, 0)?)?.law.as_ref();
    let law = match kind {
        ClockKind::Acceptance => of_step(StepKind::Intake),
        ClockKind::Decision => of_step(StepKind::Decide),
        ClockKind::Issue => of_step(StepKind::Issue),
        ClockKind::Confirmation => of_step(StepKind::Confirm),
        ClockKind::Correction => definition.procedure.correction.as_ref().and_then(|term| term.law.as_ref()),
        ClockKind::Owed => definition.procedure.owed.as_ref().and_then(|term| term.law.as_ref()),
        ClockKind::HearingRequest | ClockKind::HearingHold | ClockKind::Special | ClockKind::Renewal => {
            return Tx::own(visitor.text(&format!("clock-law-{}", kind.id())));
        }
        ClockKind::Step => None,
    };
    law.map_or_else(|| Tx::own(""), |law| Tx::of(law, visitor.lang))
}

/// The parts of a joint case, each with its page where whoever looks may open it.
pub(super) fn parts(
    visitor: &Visitor,
    parts: &[Part],
    href: impl Fn(&Part) -> Option<String>,
) -> Vec<PartView> {
    let view = |part: &Part| PartView {
        title: Tx::of(&part.title, visitor.lang),
        agency: show::agency(&visitor.site, &part.known.agency, visitor.lang),
        status: part.case.as_ref().map_or("opening", casework::Case::status_id),
        light: part
            .case
            .as_ref()
            .filter(|case| case.status.open())
            .map(|case| show::light_view(visitor, case)),
        href: part.case.as_ref().and_then(|_| href(part)),
    };
    parts.iter().map(view).collect()
}

/// What decision models said, the latest first.
pub(super) fn rulings(visitor: &Visitor, file: &CaseFile) -> Vec<RulingView> {
    let ruled = file.events.iter().rev().filter_map(|event| match &event.what {
        What::Ruled { model, definition, verdict, rules, words, sampled, .. } => Some(RulingView {
            verdict: verdict.id(),
            at: show::moment(visitor, event.at),
            model: model.clone(),
            version: definition.clone(),
            rules: rules.clone(),
            words: words.as_ref().map(|words| Tx::of(words, visitor.lang)),
            inputs: event.private.as_ref().map(inputs).unwrap_or_default(),
            sampled: *sampled,
        }),
        _ => None,
    });
    ruled.collect()
}

/// What a model was given, one line a value; what was not known is left out.
fn inputs(private: &Private) -> Vec<Row> {
    let rows = private.spoken_inputs().into_iter();
    rows.map(|(name, value)| Row { q: Tx::own(name), a: vec![value] }).collect()
}

/// Supervision cards, the latest first.
pub(super) fn cards(visitor: &Visitor, file: &CaseFile) -> Vec<CardView> {
    cards_of(&file.events).iter().rev().map(|card| card_view(visitor, card)).collect()
}

pub(super) fn card_view(visitor: &Visitor, card: &app::Card) -> CardView {
    CardView { id: card.rule.id(), colour: colour(card.rule.colour()), at: show::moment(visitor, card.at) }
}

pub(super) fn colour(colour: CardColour) -> &'static str {
    match colour {
        CardColour::Yellow => "yellow",
        CardColour::Red => "red",
    }
}

/// Why the decision clock stands still: for the case itself, or for a part of it.
pub(super) fn held(visitor: &Visitor, file: &CaseFile) -> Option<HeldView> {
    let Some(held) = file.case.held.as_ref() else { return part_held(visitor, file) };
    let calendar = &visitor.site.app.catalogue.calendar;
    let date = |day| format::date(day, visitor.lang);
    let clock = file.case.clock.as_ref();
    let left = clock.map(|clock| calendar.remaining(held.since, clock.last_day, clock.limit.unit));
    let asked = file.events.iter().rev().find(|event| matches!(event.what, What::Suspended { .. }));
    Some(HeldView {
        special: held.kind.id(),
        since: date(held.since),
        until: held.clock.as_ref().map(|clock| date(clock.last_day)).unwrap_or_default(),
        hearing: held.hearing.as_ref().map(|hearing| match hearing {
            Hearing::Told => "told",
            Hearing::Requested => "requested",
            Hearing::Scheduled { .. } => "scheduled",
        }),
        on: match &held.hearing {
            Some(Hearing::Scheduled { on, .. }) => date(*on),
            _ => String::new(),
        },
        left: u32::from(left.unwrap_or_default()),
        unit: unit(clock.map_or(DayUnit::Workday, |clock| clock.limit.unit)),
        words: asked.map(show::words).unwrap_or_default(),
        part: None,
    })
}

/// Of several parts the one that began first; until when it takes stands on the part's own page.
fn part_held(visitor: &Visitor, file: &CaseFile) -> Option<HeldView> {
    let (part, stop) = file.case.stopped_by().min_by_key(|(_, stop)| stop.since)?;
    let calendar = &visitor.site.app.catalogue.calendar;
    let since = casework::still_since(&file.case)?;
    let clock = file.case.clock.as_ref();
    let left = clock.map(|clock| calendar.remaining(since, clock.last_day, clock.limit.unit));
    Some(HeldView {
        special: stop.kind.id(),
        since: format::date(since, visitor.lang),
        until: String::new(),
        hearing: None,
        on: String::new(),
        left: u32::from(left.unwrap_or_default()),
        unit: unit(clock.map_or(DayUnit::Workday, |clock| clock.limit.unit)),
        words: Vec::new(),
        part: Some(Tx::of(&app::part_title(&file.definition, &part.branch), visitor.lang)),
    })
}

/// What people call a step.
pub(super) fn step_title(visitor: &Visitor, step: &packs::Step) -> Tx {
    match &step.title {
        Some(title) => Tx::of(title, visitor.lang),
        None => Tx::own(visitor.text(&format!("step-{}", step.kind.id()))),
    }
}
