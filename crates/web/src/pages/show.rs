//! From the catalogue and the case to what a page shows.

use std::ops::Range;

use app::CaseFile;
use casework::{By, Case, Event, Light, Outcome, Running, Status, What, light};
use domain::{DayUnit, Lang, Timestamp};
use packs::{Field, FieldKind, Handling, ServiceItem};

use crate::site::Site;
use crate::view::account::{ClockView, EventView};
use crate::view::apply::{CheckSection, Row};
use crate::view::catalogue::{ItemLine, Segment};
use crate::view::desk::LightView;
use crate::view::{Tx, format};
use crate::visitor::Visitor;

/// A stored status as templates name it.
pub(crate) fn status(stored: &str) -> &'static str {
    const ALL: [Status; 11] = [
        Status::Received,
        Status::AwaitingCorrection,
        Status::InReview,
        Status::AwaitingDecision,
        Status::Issuing,
        Status::Delivering,
        Status::Closed(Outcome::Granted),
        Status::Closed(Outcome::Refused),
        Status::Closed(Outcome::NotNeeded),
        Status::Closed(Outcome::NotOurs),
        Status::Closed(Outcome::Withdrawn),
    ];
    ALL.into_iter().map(Status::id).find(|id| *id == stored).unwrap_or("received")
}

/// The name of an agency.
pub(crate) fn agency(site: &Site, code: &str, lang: Lang) -> Tx {
    site.app.catalogue.agency(code).map_or_else(|| Tx::own(code), |agency| Tx::of(&agency.name, lang))
}

/// The name of an item, or its code when the packs no longer have it.
pub(crate) fn item_name(site: &Site, code: &str, lang: Lang) -> Tx {
    site.app.catalogue.item(code).map_or_else(|| Tx::own(code), |item| Tx::of(&item.name, lang))
}

/// What one can do with an item, as templates name it.
pub(crate) fn how(item: &ServiceItem) -> &'static str {
    match item.handling {
        Handling::Online { .. } => "online",
        Handling::LookUp { .. } => "look-up",
        Handling::GuideOnly { .. } => "guide-only",
    }
}

/// An item in a list, its name marked where a search met it.
pub(crate) fn line(site: &Site, item: &ServiceItem, marks: &[Range<usize>], lang: Lang) -> ItemLine {
    let name = Tx::of(&item.name, lang);
    ItemLine {
        href: format!("/items/{}", item.code),
        name: segments(&name.text, marks),
        lang: name.lang,
        agency: agency(site, &item.agency, lang),
        how: how(item),
        limit: item.limit().map(Into::into),
        zero_visit: item.zero_visit(),
        worked_example: item.worked_example,
        why: None,
    }
}

/// A text cut into pieces at byte ranges, which lie on character boundaries and in order.
pub(crate) fn segments(text: &str, marks: &[Range<usize>]) -> Vec<Segment> {
    let mut pieces = Vec::with_capacity(marks.len() * 2 + 1);
    let mut at = 0;
    let mut push = |piece: Option<&str>, mark| {
        if let Some(piece) = piece.filter(|piece| !piece.is_empty()) {
            pieces.push(Segment { text: piece.to_owned(), mark });
        }
    };
    for mark in marks {
        push(text.get(at..mark.start), false);
        push(text.get(mark.clone()), true);
        at = mark.end;
    }
    push(text.get(at..), false);
    pieces
}

/// An instant, local, in the visitor's language.
pub(crate) fn moment(visitor: &Visitor, at: Timestamp) -> String {
    format::moment(visitor.site.app.catalogue.calendar.civil(at), visitor.lang)
}

/// How many days are left or late, and the light.
pub(crate) fn light_view(visitor: &Visitor, case: &Case) -> LightView {
    let calendar = &visitor.site.app.catalogue.calendar;
    let now = visitor.site.app.now();
    let Some(clock) = &case.clock else {
        return LightView { id: "stopped", days: 0, unit: "workday", due: String::new() };
    };
    LightView {
        id: match light(Some(clock), now, calendar) {
            Light::Still => "stopped",
            light => light.id(),
        },
        days: days(visitor, clock),
        unit: unit(clock),
        due: format::date(clock.last_day, visitor.lang),
    }
}

fn unit(clock: &Running) -> &'static str {
    match clock.limit.unit {
        DayUnit::Workday => "workday",
        DayUnit::NaturalDay => "natural-day",
    }
}

/// Days between today and a clock's last day, counted in the clock's own kind of day.
fn days(visitor: &Visitor, clock: &Running) -> u32 {
    let calendar = &visitor.site.app.catalogue.calendar;
    let today = calendar.date_of(visitor.site.app.now());
    let between = match clock.limit.unit {
        DayUnit::Workday => calendar.working_days_between(today, clock.last_day),
        DayUnit::NaturalDay => today.until(clock.last_day).map_or(0, |span| span.get_days()),
    };
    between.unsigned_abs()
}

/// The clock of a case as its applicant sees it.
pub(crate) fn clock_view(visitor: &Visitor, case: &Case) -> Option<ClockView> {
    let stopped = || ClockView {
        kind: "acceptance",
        state: "stopped",
        days: 0,
        unit: "workday",
        due: String::new(),
        provisional: false,
    };
    let Some(clock) = &case.clock else {
        return (case.status == Status::AwaitingCorrection).then(stopped);
    };
    let calendar = &visitor.site.app.catalogue.calendar;
    let late = light(Some(clock), visitor.site.app.now(), calendar) == Light::Red;
    Some(ClockView {
        kind: clock.kind.id(),
        state: if late { "late" } else { "running" },
        days: days(visitor, clock),
        unit: unit(clock),
        due: format::date(clock.last_day, visitor.lang),
        provisional: clock.provisional,
    })
}

/// What happened, newest first. A citizen is told the agency, an officer the name.
pub(crate) fn timeline(visitor: &Visitor, file: &CaseFile, for_officer: bool) -> Vec<EventView> {
    let agency = agency(&visitor.site, &file.case.agency, visitor.lang).text;
    // Officers are not told who rated them how (国办发〔2019〕51号); citizens are not told who took the file.
    let told = |event: &&Event| match event.what {
        What::Rated { .. } => !for_officer,
        What::Claimed | What::Released => for_officer,
        _ => true,
    };
    let view = |event: &Event| EventView {
        kind: event.what.id(),
        at: moment(visitor, event.at),
        by: match &event.by {
            By::Officer { name, .. } if for_officer => name.clone(),
            By::Officer { .. } => agency.clone(),
            By::Applicant | By::System => String::new(),
        },
        words: if for_officer || !matches!(event.what, What::Reviewed { .. }) {
            words(event)
        } else {
            Vec::new()
        },
    };
    file.events.iter().rev().filter(told).map(view).collect()
}

/// What was written with an event.
pub(crate) fn words(event: &Event) -> Vec<String> {
    let Some(private) = &event.private else { return Vec::new() };
    let mut words: Vec<String> = private.words.lines().map(str::to_owned).collect();
    if matches!(event.what, What::CorrectionAsked { .. }) {
        words.extend(private.about.values().cloned());
    }
    if let (What::Corrected { .. }, Some(note)) = (&event.what, private.about.get("note")) {
        words.push(note.clone());
    }
    words
}

/// Answers, page by page, as read; fields that were not asked are left out.
pub(crate) fn answers(file: &CaseFile, lang: Lang) -> Vec<CheckSection> {
    let pages = &file.definition.item.form.pages;
    let sections = pages.iter().map(|page| CheckSection {
        title: Some(Tx::of(&page.title, lang)),
        change: String::new(),
        rows: page
            .fields
            .iter()
            .filter_map(|field| row(field, file.case.answers.get(&field.name)?, lang))
            .collect(),
    });
    sections.filter(|section| !section.rows.is_empty()).collect()
}

/// One answer as read.
pub(crate) fn row(field: &Field, answer: &str, lang: Lang) -> Option<Row> {
    (!answer.is_empty()).then(|| Row { q: Tx::of(&field.title, lang), a: spoken(field, answer, lang) })
}

fn spoken(field: &Field, answer: &str, lang: Lang) -> Vec<String> {
    match &field.kind {
        FieldKind::Choice { options } | FieldKind::Choices { options } => answer
            .split('|')
            .map(|value| {
                let option = options.iter().find(|option| option.value == value);
                option.map_or(value, |option| option.title.get(lang)).to_owned()
            })
            .collect(),
        FieldKind::Confirm => vec![if lang == Lang::Zh { "是" } else { "Yes" }.to_owned()],
        FieldKind::Date { .. } => {
            vec![answer.parse().map_or_else(|_| answer.to_owned(), |date| format::date(date, lang))]
        }
        FieldKind::CitizenNumber => vec![format::masked_number(answer)],
        _ => answer.lines().map(str::to_owned).collect(),
    }
}

/// The name a file of a case came with.
pub(crate) fn file_name(file: &CaseFile, id: &str) -> String {
    let key = format!("file/{id}");
    let privates = file.events.iter().rev().filter_map(|event| event.private.as_ref());
    privates
        .filter_map(|private| private.about.get(&key))
        .next()
        .cloned()
        .unwrap_or_else(|| "file".to_owned())
}

/// Why a material does not apply, as the applicant last said.
pub(crate) fn excuse(file: &CaseFile, material: &str) -> String {
    let mut told = file
        .events
        .iter()
        .rev()
        .filter(|event| matches!(event.what, What::Submitted { .. } | What::Corrected { .. }));
    let private = told.next().and_then(|event| event.private.as_ref());
    private.and_then(|private| private.about.get(material)).cloned().unwrap_or_default()
}
