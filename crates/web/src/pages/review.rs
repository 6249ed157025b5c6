//! `/desk/review…`

use std::sync::Arc;

use app::{CLASSES, FALSE_CALLS, Found, GivenVerdict, Label, Marks, OTHER, ReviewDesk, ReviewUnit, Said};
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use casework::{Officer, Rule};
use domain::CaseId;
use store::DeskCursor;
use uuid::Uuid;

use super::desk::tabs;
use super::signin::desk_agency;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::review::{
    BoxView, ClassKey, FindingView, RefusedView, ReviewPage, Stage, UndoView, UnitView,
};
use crate::view::{OptionView, Tx};
use crate::visitor::Visitor;

/// Sides of a picture of which none is known.
const NO_SIDES: (u32, u32) = (640, 640);
/// The key of a defect of no class that is listed.
const OTHER_KEY: &str = "9";
const KEYS: [&str; 6] = ["1", "2", "3", "4", "5", "6"];
/// What is chosen for a finding that is none.
const NONE: &str = "none";

pub(crate) async fn next(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let query = Form::decode(raw.unwrap_or_default().as_bytes());
    let from = cursor(&query);
    let desk = site.app.review_desk(&officer, from).await?;
    let page = ReviewPage { from: from.map(written), ..page(&visitor, &officer, desk, &query).await? };
    visitor.personal(&page)
}

pub(crate) async fn unit(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let query = Form::decode(raw.unwrap_or_default().as_bytes());
    let desk = site.app.review_unit(&officer, CaseId(id)).await?;
    visitor.personal(&page(&visitor, &officer, desk, &query).await?)
}

pub(crate) async fn verdict(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    let case = CaseId(id);
    let Some(said) = said(&form) else {
        // A form of nobody's making is wrong only where there is something to be wrong about.
        site.app.unit_serial(&officer, case).await?;
        return Err(Failure::Bad);
    };
    let given = GivenVerdict { case, said };
    let refused = match site.app.give_verdict(&officer, &given).await {
        Ok(given) => given.refused,
        Err(app::Error::Refused(refusal)) => Some((case, refusal.rule.id().to_owned())),
        Err(error) => return Err(error.into()),
    };
    let refused = refused.map(|(case, rule)| format!("refused={rule}&unit={case}"));
    Ok(on(cursor(&form), refused.as_deref()))
}

pub(crate) async fn skip(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    site.app.skip_unit(&officer, CaseId(id)).await?;
    Ok(on(cursor(&form), None))
}

pub(crate) async fn undo(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    let Ok(id) = form.get("verdict").parse() else { return Ok(on(None, Some("late=1"))) };
    match site.app.undo_verdict(&officer, id).await {
        Ok(case) => Ok(see_other(&format!("/desk/review/units/{case}"))),
        Err(app::Error::NotFound) => Ok(on(None, Some("late=1"))),
        Err(error) => Err(error.into()),
    }
}

/// The addresses of the forms lead to the desk.
pub(crate) async fn back() -> Response {
    see_other("/desk/review")
}

/// To the next unit behind a place in the queue.
fn on(from: Option<DeskCursor>, also: Option<&str>) -> Response {
    let from = from.map(written).map(|(due, after)| format!("due={due}&after={after}"));
    let query: Vec<&str> = from.as_deref().into_iter().chain(also).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    see_other(&format!("/desk/review{mark}{}", query.join("&")))
}

fn cursor(query: &Form) -> Option<DeskCursor> {
    let id = query.get("after").parse().ok()?;
    let due: i64 = query.get("due").parse().ok()?;
    Some(DeskCursor { due_at: Some(due).filter(|due| *due < i64::MAX), id })
}

fn written(at: DeskCursor) -> (i64, String) {
    (at.due_at.unwrap_or(i64::MAX), at.id.to_string())
}

/// What a form says of a unit: `ok`, `ng`, or `ng-` and a class.
fn said(form: &Form) -> Option<Said> {
    let verdict = form.get("verdict");
    let class = verdict.strip_prefix("ng-").and_then(app::known);
    if !matches!(verdict, "ok" | "ng") && class.is_none() {
        return None;
    }
    // A class goes into the record and to the station: only what could be one.
    let could_be = |class: &&String| {
        (1..=32).contains(&class.len())
            && class.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let listed = |at: usize| form.answers().get(&format!("find-{at}"));
    if !(0..app::MAX_FINDINGS).map_while(listed).all(|class| could_be(&class)) {
        return None;
    }
    let chosen = (0..app::MAX_FINDINGS).map_while(listed).map(|class| match class.as_str() {
        NONE => None,
        // A class of the station's own stays what it is.
        own => Some(own.to_owned()),
    });
    let drawn = form.several("box").into_iter().filter_map(app::drawn);
    Some(Said {
        good: verdict == "ok",
        class,
        why: Some(form.get("why")).filter(|why| FALSE_CALLS.contains(why)).map(str::to_owned),
        chosen: chosen.collect(),
        drawn: drawn.take(app::MAX_DRAWN).collect(),
    })
}

async fn page(
    visitor: &Visitor,
    officer: &Officer,
    desk: ReviewDesk,
    query: &Form,
) -> Result<ReviewPage, Failure> {
    let refused_row = desk.last.as_ref().and_then(|(row, serial)| {
        Some(refused_view(visitor, CaseId(row.case_id), serial.clone(), row.refused.as_deref()?))
    });
    let told = match (query.get("refused"), query.get("unit").parse()) {
        ("", _) | (_, Err(_)) => None,
        (rule, Ok(id)) => match visitor.site.app.unit_serial(officer, CaseId(id)).await {
            Ok(serial) => Some(refused_view(visitor, CaseId(id), serial, rule)),
            Err(app::Error::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
    };
    let waits = desk.last.as_ref().filter(|(row, _)| row.refused.is_none());
    let undo = waits.map(|(row, serial)| {
        let marks: Marks = serde_json::from_str(&row.marks).unwrap_or_default();
        UndoView {
            id: row.id.to_string(),
            serial: serial.clone(),
            good: row.action == "ok",
            codes: marks.codes.iter().map(|code| code_text(visitor, row.action == "ok", code)).collect(),
        }
    });
    let more = if desk.more { "+" } else { "" };
    Ok(ReviewPage {
        agency: desk_agency(visitor, &officer.agency),
        tabs: tabs(visitor, officer, "review"),
        waiting: format!("{}{more}", desk.waiting),
        undo,
        refused: told.or(refused_row),
        late: query.get("late") == "1",
        ahead: desk.ahead.iter().map(|(case, hex)| picture(officer.area.as_str(), *case, hex)).collect(),
        from: None,
        place: desk.place.map(written),
        agreement: super::review_agreement::may_see(officer),
        unit: desk.unit.map(|unit| unit_view(visitor, &unit)),
    })
}

fn refused_view(visitor: &Visitor, case: CaseId, serial: String, rule: &str) -> RefusedView {
    const TOLD: [Rule; 5] = [
        Rule::AlreadyClosed,
        Rule::SameOfficerTwice,
        Rule::WrongStep,
        Rule::ClaimedByOther,
        Rule::NotYourRole,
    ];
    let known = TOLD.iter().map(|rule| rule.id()).find(|known| *known == rule).unwrap_or("other");
    let why = visitor.text(&format!("review-refused-{known}"));
    RefusedView { serial, href: format!("/desk/review/units/{case}"), why }
}

fn picture(area: &str, case: CaseId, hex: &str) -> String {
    format!("/desk/cases/{area}/{case}/pictures/{hex}")
}

/// A class in words; one of a station's own as it is.
pub(super) fn class_text(visitor: &Visitor, class: &str) -> String {
    let known = CLASSES.contains(&class) || class == OTHER;
    if known { visitor.text(&format!("defect-{class}")) } else { class.to_owned() }
}

fn code_text(visitor: &Visitor, good: bool, code: &str) -> String {
    match good {
        true if FALSE_CALLS.contains(&code) => visitor.text(&format!("false-call-{code}")),
        _ => class_text(visitor, code),
    }
}

fn percent(score: u32) -> String {
    format!("{}.{} %", score / 100, score % 100 / 10)
}

fn options(visitor: &Visitor, class: &str) -> Vec<OptionView> {
    let option = |value: &str, title: String| OptionView {
        value: value.to_owned(),
        title: Tx::own(title),
        checked: value == class,
    };
    let mut options: Vec<OptionView> =
        CLASSES.iter().chain(&[OTHER]).map(|class| option(class, class_text(visitor, class))).collect();
    if !options.iter().any(|option| option.checked) {
        options.insert(0, option(class, class.to_owned()));
    }
    options.push(option(NONE, visitor.text("review-no-defect")));
    options
}

/// The picture of a unit with the boxes of its findings.
pub(super) fn stage(visitor: &Visitor, unit: &ReviewUnit) -> Stage {
    let (width, height) = unit.sides.unwrap_or(NO_SIDES);
    let font = (width.max(height) / 40).max(1);
    let case = &unit.file.case;
    let address = |hex: &Option<String>| hex.as_deref().map(|hex| picture(case.area.as_str(), case.id, hex));
    let boxed = |(n, found): (usize, &Found)| {
        let Label { class, place } = &found.label;
        let gap = font / 4;
        let (x, y) = (place.x.saturating_sub(gap), place.y.saturating_sub(gap));
        // Above the box, where there is room, else below it.
        let below = place.y.saturating_add(place.height).saturating_add(gap + font);
        BoxView {
            x,
            y,
            width: place.width.saturating_add(2 * gap),
            height: place.height.saturating_add(2 * gap),
            text_x: x.min(width.saturating_sub(font * 6)),
            text_y: if y > font { y - font / 4 } else { below },
            text: format!("{} {}", n + 1, class_text(visitor, class)),
        }
    };
    Stage {
        test: address(&unit.pictures[0]),
        template: address(&unit.pictures[1]),
        width,
        height,
        font,
        boxes: unit.found.iter().enumerate().map(boxed).collect(),
    }
}

fn unit_view(visitor: &Visitor, unit: &ReviewUnit) -> UnitView {
    let (case, answers) = (&unit.file.case, &unit.file.case.answers);
    let said = |field: &str| answers.get(field).cloned().unwrap_or_default();
    let mut facts: Vec<(String, String)> = ["lot", "recipe", "station", "model"]
        .map(|field| (visitor.text(&format!("unit-{field}")), said(field)))
        .into();
    let score = said("score").parse().map(percent).unwrap_or_default();
    facts.push((visitor.text("unit-score"), score));
    let found: usize = said("found").parse().unwrap_or_default();
    let finding = |(at, found): (usize, &Found)| FindingView {
        n: at + 1,
        name: format!("find-{at}"),
        class: class_text(visitor, &found.label.class),
        score: percent(found.score),
        options: options(visitor, &found.label.class),
    };
    let key = |(key, class): (&'static str, &str)| ClassKey {
        key,
        value: format!("ng-{class}"),
        title: class_text(visitor, class),
    };
    let why = |value: &str, title: String| OptionView {
        value: value.to_owned(),
        title: Tx::own(title),
        checked: value.is_empty(),
    };
    let reasons = FALSE_CALLS.iter().map(|code| why(code, visitor.text(&format!("false-call-{code}"))));
    UnitView {
        serial: said("serial"),
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        obstacle: answers.get("obstacle").map(|id| visitor.text(&format!("obstacle-{id}"))),
        third: unit.open && disputed(unit),
        stage: stage(visitor, unit),
        findings: unit.found.iter().enumerate().map(finding).collect(),
        found: (found > unit.found.len()).then(|| found.to_string()),
        classes: KEYS.into_iter().zip(CLASSES).chain([(OTHER_KEY, OTHER)]).map(key).collect(),
        reasons: std::iter::once(why("", visitor.text("false-call-unsaid"))).chain(reasons).collect(),
        base: format!("/desk/review/units/{}", case.id),
        case: format!("/desk/cases/{}/{}", case.area, case.id),
        barred: (!unit.open).then_some(if unit.held { "held" } else { "not-open" }),
    }
}

/// Two looked before whoever looks now.
fn disputed(unit: &ReviewUnit) -> bool {
    let before = unit.file.definition.step(unit.file.case.step).map(|step| &step.not_by);
    before.is_some_and(|steps| {
        unit.file.case.done_by.iter().filter(|done| steps.contains(&done.step)).count() > 1
    })
}
