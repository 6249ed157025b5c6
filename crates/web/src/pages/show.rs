//! From the catalogue and the case to what a page shows.

use std::ops::Range;

use app::CaseFile;
use casework::{By, Case, Event, Light, Outcome, Running, Status, What};
use domain::{DayUnit, Lang, Timestamp};
use packs::{Branch, Field, FieldKind, Handling, Procedure, ServiceItem};

use crate::site::Site;
use crate::view::apply::{CheckSection, Recipient, Row};
use crate::view::case::{ClockView, EventView};
use crate::view::catalogue::{ItemLine, Segment};
use crate::view::desk::LightView;
use crate::view::wallet::Said;
use crate::view::{Tx, format};
use crate::visitor::Visitor;

/// A stored status as templates name it.
pub(crate) fn status(stored: &str) -> &'static str {
    const OPEN: [Status; 11] = [
        Status::AwaitingConfirmation,
        Status::Received,
        Status::AwaitingCorrection,
        Status::InReview,
        Status::InTask,
        Status::Waiting,
        Status::WithAgencies,
        Status::AwaitingDecision,
        Status::Issuing,
        Status::Delivering,
        Status::Checking,
    ];
    let closed = Outcome::ALL.into_iter().map(Status::Closed);
    let known = OPEN.into_iter().chain(closed).map(Status::id).chain(["suspended"]);
    known.into_iter().find(|id| *id == stored).unwrap_or("received")
}

/// The name of an agency.
pub(crate) fn agency(site: &Site, code: &str, lang: Lang) -> Tx {
    site.app.catalogue.agency(code).map_or_else(|| Tx::own(code), |agency| Tx::of(&agency.name, lang))
}

/// 一件事: which agencies get their part of a joint application (个人信息保护法 art. 23: they are named to the
/// applicant); nobody for any other.
pub(crate) fn recipients(site: &Site, procedure: Option<&Procedure>, lang: Lang) -> Vec<Recipient> {
    let branches =
        procedure.into_iter().flat_map(|procedure| &procedure.steps).flat_map(|step| &step.branches);
    let view = |branch: &Branch| Recipient {
        part: Tx::of(&branch.title, lang),
        agency: agency(site, &branch.agency, lang),
        perhaps: branch.when.is_some(),
    };
    branches.map(view).collect()
}

/// The name of an item, or of a part of a joint one (`item~part`); its code when the packs no longer have it.
pub(crate) fn item_name(site: &Site, code: &str, lang: Lang) -> Tx {
    let catalogue = &site.app.catalogue;
    if let Some(item) = catalogue.item(code) {
        return Tx::of(&item.name, lang);
    }
    let part = code.split_once('~').and_then(|(joint, part)| {
        let Handling::Online { procedure } = &catalogue.item(joint)?.handling else { return None };
        let branches = catalogue.procedure(procedure)?.steps.iter().flat_map(|step| &step.branches);
        branches.into_iter().find(|branch| branch.branch == part)
    });
    part.map_or_else(|| Tx::own(code), |branch| Tx::of(&branch.title, lang))
}

/// What one can do with an item, as templates name it.
pub(crate) fn how(item: &ServiceItem) -> &'static str {
    match item.handling {
        Handling::Online { .. } if item.for_things() => "by-things",
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
    let Some(clock) = case.clock.as_ref().filter(|_| !case.stands_still()) else {
        let id = if case.stands_still() { "still" } else { "none" };
        return LightView { id, days: 0, unit: "workday", due: String::new() };
    };
    light_of(visitor, clock, case.light(now, calendar))
}

/// The light of a line of the desk: a hearing without a day has the time in which it must be held.
pub(crate) fn queue_light(visitor: &Visitor, case: &Case) -> LightView {
    let calendar = &visitor.site.app.catalogue.calendar;
    match case.running().filter(|_| case.owes_hearing_date()) {
        Some(clock) => light_of(visitor, clock, case.light(visitor.site.app.now(), calendar)),
        None => light_view(visitor, case),
    }
}

/// One clock under its light.
pub(crate) fn light_of(visitor: &Visitor, clock: &Running, light: Light) -> LightView {
    LightView {
        id: match light {
            Light::Still if clock.kind.is_the_applicants() => "theirs",
            Light::Still => "none",
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
    if case.stands_still() {
        return None;
    }
    let Some(clock) = &case.clock else {
        return (case.status == Status::AwaitingCorrection).then(stopped);
    };
    let calendar = &visitor.site.app.catalogue.calendar;
    let late = visitor.site.app.now() >= clock.over_at(calendar);
    Some(ClockView {
        kind: clock.kind.id(),
        state: if late { "late" } else { "running" },
        days: days(visitor, clock),
        unit: unit(clock),
        due: format::date(clock.last_day, visitor.lang),
        // The clock may be so for its day in law alone, which is not shown here.
        provisional: calendar.provisional(clock.last_day),
    })
}

/// What happened, newest first. A citizen is told the agency, an officer the name.
pub(crate) fn timeline(visitor: &Visitor, file: &CaseFile, for_officer: bool) -> Vec<EventView> {
    let agency = agency(&visitor.site, &file.case.agency, visitor.lang).text;
    // Officers are not told who rated them how (国办发〔2019〕51号); citizens are not told who took the file.
    let told = |event: &Event| match event.what {
        What::Rated { .. } => !for_officer,
        What::Claimed | What::Released | What::Carded { .. } | What::StepBegan { .. } => for_officer,
        _ => true,
    };
    let partial = partial_reviews(file);
    let view = |(at, event): (usize, &Event)| EventView {
        kind: if partial.contains(&at) { "reviewed-first" } else { event.what.id() },
        at: moment(visitor, event.at),
        by: match &event.by {
            By::Officer { name, .. } if for_officer => name.clone(),
            By::Officer { .. } => agency.clone(),
            By::Agent(by) => {
                let who = file.agents.get(&by.agent).map(String::as_str).unwrap_or_default();
                visitor.text_with("by-agent", &[("who", who)])
            }
            By::Applicant | By::System => String::new(),
        },
        facts: facts(visitor, file, &event.what),
        words: if for_officer || !matches!(event.what, What::Reviewed { .. }) {
            words(event)
        } else {
            Vec::new()
        },
    };
    let told = file.events.iter().enumerate().rev().filter(|(_, event)| told(event));
    told.map(view).collect()
}

/// The reviews after which others of the same step were still to come (行政许可法 art. 34: two officers), by
/// their places among the events.
fn partial_reviews(file: &CaseFile) -> Vec<usize> {
    let mut partial = Vec::new();
    let mut case = None;
    for (at, event) in file.events.iter().enumerate() {
        case = casework::evolve(&file.definition, case, event);
        let waits =
            case.as_ref().is_some_and(|case| !case.reviews.is_empty() && case.status == Status::InReview);
        if waits && matches!(event.what, What::Reviewed { .. }) {
            partial.push(at);
        }
    }
    partial
}

/// What an event was about.
fn facts(visitor: &Visitor, file: &CaseFile, what: &What) -> Vec<String> {
    let text = |list: &str, id: &str| visitor.text(&format!("{list}-{id}"));
    let step_of = |id: &str| {
        let step = file.definition.procedure.index(id).and_then(|index| file.definition.step(index));
        step.map_or_else(|| id.to_owned(), |step| super::life::step_title(visitor, step).text)
    };
    let date = |day| format::date(day, visitor.lang);
    match what {
        What::Suspended { kind, .. } | What::Resumed { kind, .. } => vec![text("special", kind.id())],
        What::Extended { clock: Some(clock), .. } => vec![date(clock.last_day)],
        What::HearingScheduled { on, .. } => vec![date(*on)],
        What::Passed { step }
        | What::StepBegan { step, .. }
        | What::WaitOver { step }
        | What::Reopened { step, .. } => vec![step_of(step)],
        What::Done { step, action, .. } => {
            let index = file.definition.procedure.index(step);
            let step = index.and_then(|index| file.definition.step(index));
            let outcome = step.and_then(|step| step.outcomes.iter().find(|o| o.action == *action));
            vec![outcome.map_or_else(|| action.clone(), |o| o.title.get(visitor.lang).to_owned())]
        }
        What::Ruled { verdict, .. } => vec![text("verdict", verdict.id())],
        What::Carded { card } => vec![text("card", card.id())],
        What::Delivered { channel } => vec![text("channel", channel.id())],
        What::BranchEnded { branch, outcome, .. } => {
            let title = app::part_title(&file.definition, branch).get(visitor.lang).to_owned();
            vec![title, text("status-closed", outcome.id())]
        }
        What::PartStopped { branch, stops, .. } => {
            let title = app::part_title(&file.definition, branch).get(visitor.lang).to_owned();
            let special = stops.last().map(|stop| text("special", stop.kind.id()));
            std::iter::once(title).chain(special).collect()
        }
        What::CorrectedOnSpot { fields } => {
            let asked = file.definition.item.form.pages.iter().flat_map(|page| &page.fields);
            let asked = asked.filter(|field| fields.contains(&field.name));
            asked.map(|field| field.title.get(visitor.lang).to_owned()).collect()
        }
        What::FeeRecorded { fen } => vec![format::yuan(*fen)],
        _ => Vec::new(),
    }
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

/// The name a file of a case came with; where it is not known, its number within its document.
pub(crate) fn file_name(visitor: &Visitor, file: &CaseFile, id: &str) -> String {
    let key = casework::file_key(id);
    let mut privates = file.events.iter().rev().filter_map(|event| event.private.as_ref());
    privates.find_map(|private| private.about.get(&key)).cloned().unwrap_or_else(|| {
        let at = |given: &casework::Handed| given.files.iter().position(|known| known == id);
        let n = file.case.materials.iter().find_map(at).unwrap_or_default() + 1;
        visitor.text_with("file-nameless", &[("n", &n.to_string())])
    })
}

/// Why a material does not apply, as the applicant last said; nothing where it has been handed in since.
pub(crate) fn excuse(file: &CaseFile, material: &str) -> String {
    if !file.case.materials.iter().any(|given| given.material == material && given.not_applicable) {
        return String::new();
    }
    let mut told = file.events.iter().rev().filter(|event| {
        matches!(event.what, What::Submitted { .. } | What::Corrected { .. } | What::Confirmed { .. })
    });
    let private = told.next().and_then(|event| event.private.as_ref());
    private.and_then(|private| private.about.get(material)).cloned().unwrap_or_default()
}

/// What stands for a material that a certificate proves.
pub(crate) fn proven(visitor: &Visitor, proof: &app::Proof) -> String {
    visitor.text_with("proven-by", &[("name", proof.name.get(visitor.lang))])
}

/// What is given of a certificate, as read.
pub(crate) fn proof_rows(visitor: &Visitor, proof: &app::Proof) -> Vec<Said> {
    let own = |key: &str, a: String| Said { q: Tx::own(visitor.text(key)), a };
    let day = |day: domain::Date| own("certificate-until", format::date(day, visitor.lang));
    let field = |field: &app::ProofField| Said {
        q: Tx::of(&field.label, visitor.lang),
        a: super::wallet::readable(&field.value, visitor.lang),
    };
    let rows =
        std::iter::once(own("certificate-name", proof.holder.clone())).chain(proof.fields.iter().map(field));
    rows.chain(proof.until.map(day)).chain([own("certificate-id", proof.identifier.clone())]).collect()
}
