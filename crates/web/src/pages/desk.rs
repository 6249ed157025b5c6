//! `/desk`

use std::sync::Arc;

use app::{DeskFilter, DeskRow};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use casework::{Officer, Rule};
use domain::{CaseId, CaseNumber};
use packs::Role;
use store::DeskCursor;

use super::show;
use super::signin::desk_agency;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::desk::{Claimed, Lights, QueuePage, QueueRow, QueueView, Tab};
use crate::view::{Tx, format};
use crate::visitor::Visitor;

const VIEWS: [(&str, DeskFilter); 4] = [
    ("all", DeskFilter::All),
    ("todo", DeskFilter::Todo),
    ("unclaimed", DeskFilter::Free),
    ("mine", DeskFilter::Mine),
];

/// A search reads so many pages of a queue at most, and stops at so many cases found.
const SEARCHED_PAGES: usize = 40;
const SEARCH_ROWS: usize = 100;

/// The lists of the desk, and what each shows; the first has views.
const TABS: [(&str, &str); 3] =
    [("todo", "/desk"), ("waiting", "/desk?tab=waiting"), ("done", "/desk?tab=done")];

pub(crate) async fn queue(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let query = Form::decode(raw.unwrap_or_default().as_bytes());
    if let Ok(number) = query.get("q").parse::<CaseNumber>()
        && let Some((area, id)) = site.app.case_by_number(&officer, &number).await?
    {
        return Ok(see_other(&format!("/desk/cases/{area}/{id}")));
    }
    let (tab, place) = TABS.into_iter().find(|(id, _)| *id == query.get("tab")).unwrap_or(TABS[0]);
    let (view, filter) = VIEWS.into_iter().find(|(id, _)| *id == query.get("view")).unwrap_or(VIEWS[0]);
    let (filter, base) = match tab {
        "waiting" => (DeskFilter::Waiting, place.to_owned()),
        "done" => (DeskFilter::Finished, place.to_owned()),
        _ => (filter, format!("/desk?view={view}")),
    };
    let todo = tab == "todo";
    let (rows, next) = rows(&visitor, &officer, filter, &query).await?;
    let counts = site.app.desk_counts(&officer).await?;
    let views = VIEWS.into_iter().filter(|_| todo).map(|(id, _)| QueueView {
        id,
        href: format!("/desk?view={id}"),
        count: None,
        current: id == view,
    });
    let lines: Vec<QueueRow> = rows.iter().map(|row| line(&visitor, &officer, row)).collect();
    visitor.personal(&QueuePage {
        agency: desk_agency(&visitor, &officer.agency),
        roles: officer.roles.iter().map(|role| role_name(&visitor, role)).collect(),
        tab,
        tabs: tabs(&visitor, &officer, tab),
        views: views.collect(),
        q: (tab != "waiting").then(|| query.get("q").to_owned()),
        claim_many: lines.iter().any(|line| line.claim.is_some()).then(|| "/desk/claim".to_owned()),
        claimed: claimed(&query),
        rows: lines,
        lights: todo.then(|| Lights {
            red: counts.red.to_string(),
            yellow: counts.yellow.to_string(),
            green: counts.green.to_string(),
        }),
        next: next.map(|next| format!("{base}&due={}&after={}", next.due_at.unwrap_or(i64::MAX), next.id)),
        prev: (!query.get("after").is_empty()).then_some(base),
    })
}

/// The tabs of the desk that this officer's roles open.
pub(super) fn tabs(visitor: &Visitor, officer: &Officer, current: &str) -> Vec<Tab> {
    let tab = |id, href| Tab { id, href, current: id == current };
    let mut tabs: Vec<Tab> = TABS.into_iter().map(|(id, href)| tab(id, href)).collect();
    if visitor.site.app.has_review_desk(&officer.agency) {
        tabs.insert(1, tab("review", "/desk/review"));
    }
    if visitor.site.app.sees_line(officer) {
        tabs.push(tab("line", "/desk/line"));
    }
    if officer.roles.contains(&Role::SUPERVISE) {
        tabs.push(tab("supervision", "/desk/supervision"));
        tabs.push(tab("unmaskings", "/desk/unmaskings"));
    }
    if officer.roles.contains(&Role::OPERATE) {
        tabs.push(tab("dead", "/desk/dead-letters"));
    }
    if officer.roles.contains(&Role::REGISTER) {
        tabs.push(tab("window", "/desk/window"));
    }
    if officer.roles.contains(&Role::HEAD) {
        tabs.push(tab("officers", "/desk/officers"));
    }
    tabs.push(tab("security", "/desk/sessions"));
    tabs
}

/// A role in words; one of a pack's own by its id.
pub(super) fn role_name(visitor: &Visitor, role: &Role) -> String {
    let known = [
        Role::INTAKE,
        Role::REVIEW,
        Role::DECIDE,
        Role::HEAD,
        Role::SUPERVISE,
        Role::OPERATE,
        Role::REGISTER,
        Role::APPLICANT,
    ];
    if known.contains(role) { visitor.text(&format!("role-{}", role.id())) } else { role.id().to_owned() }
}

/// What became of a bulk claim, as its redirect says it: how many, and which rule stood against which.
fn claimed(query: &Form) -> Option<Claimed> {
    let done = query.get("claimed").parse().ok()?;
    let refused = query.several("refused").into_iter().filter_map(|pair| {
        let (number, rule) = pair.split_once('~')?;
        let number: CaseNumber = number.parse().ok()?;
        let rule = Rule::ALL.iter().map(|rule| rule.id()).find(|id| *id == rule)?;
        Some((number.as_str().to_owned(), rule))
    });
    Some(Claimed { done, refused: refused.collect() })
}

/// One page of the queue; with words, what fits them on all its pages, so that "no such case" is true.
async fn rows(
    visitor: &Visitor,
    officer: &Officer,
    filter: DeskFilter,
    query: &Form,
) -> Result<(Vec<DeskRow>, Option<DeskCursor>), Failure> {
    let words = query.get("q").trim();
    if words.is_empty() {
        return Ok(visitor.site.app.desk_queue(officer, filter, cursor(query)).await?);
    }
    // Who looks for a case does not know where it stands.
    let places = match filter {
        DeskFilter::All => vec![DeskFilter::Open, DeskFilter::Finished],
        one => vec![one],
    };
    let mut rows = Vec::new();
    for filter in places {
        let mut at = None;
        for _ in 0..SEARCHED_PAGES {
            let (page, next) = visitor.site.app.desk_queue(officer, filter, at).await?;
            rows.extend(page.into_iter().filter(|row| matches(visitor, row, words)));
            at = next;
            if at.is_none() || rows.len() >= SEARCH_ROWS {
                break;
            }
        }
    }
    Ok((rows, None))
}

/// The case an officer goes on with after this one: the next in the queue that waits for them, else the first.
pub(super) async fn next_case(
    visitor: &Visitor,
    officer: &Officer,
    this: CaseId,
) -> Result<Option<String>, Failure> {
    let (rows, _) = visitor.site.app.desk_queue(officer, DeskFilter::All, None).await?;
    let at = rows.iter().position(|row| row.case.id == this).map_or(0, |at| at + 1);
    let (before, after) = rows.split_at(at);
    let next = after.iter().chain(before).find(|row| row.for_me && row.case.id != this);
    Ok(next.map(|row| format!("/desk/cases/{}/{}", row.case.area, row.case.id)))
}

fn cursor(query: &Form) -> Option<DeskCursor> {
    let id = query.get("after").parse().ok()?;
    let due: i64 = query.get("due").parse().ok()?;
    Some(DeskCursor { due_at: Some(due).filter(|due| *due < i64::MAX), id })
}

/// Words fit an item, a number or an applicant.
fn matches(visitor: &Visitor, row: &DeskRow, words: &str) -> bool {
    row.case.number.as_str().contains(&words.to_uppercase())
        || show::item_name(&visitor.site, &row.case.item, visitor.lang).text.contains(words)
        || row.applicant.as_ref().is_some_and(|name| name.contains(words))
}

/// The special procedure for which its clock stands still, its own or a part's.
fn waits_for(case: &casework::Case) -> Option<&'static str> {
    let part = || case.stopped_by().map(|(_, stop)| stop.kind).next();
    case.held.as_ref().map(|held| held.kind).or_else(part).map(packs::Special::id)
}

fn line(visitor: &Visitor, officer: &Officer, row: &DeskRow) -> QueueRow {
    let case = &row.case;
    let href = format!("/desk/cases/{}/{}", case.area, case.id);
    let holder = match case.claimed_by {
        None => String::new(),
        Some(id) if id == officer.id => officer.name.clone(),
        Some(id) => visitor.site.app.officer_name(&case.agency, id),
    };
    QueueRow {
        number: case.number.as_str().to_owned(),
        item: Tx { ..show::item_name(&visitor.site, &case.item, visitor.lang) },
        applicant: row.applicant.as_deref().map(format::masked_name).unwrap_or_default(),
        status: case.status_id(),
        light: show::queue_light(visitor, case),
        id: case.id.to_string(),
        special: waits_for(case),
        claim: (row.for_me && case.claimed_by.is_none()).then(|| format!("{href}/claim")),
        officer: holder,
        href,
    }
}
