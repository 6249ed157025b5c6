//! `/desk`

use std::sync::Arc;

use app::{DeskFilter, DeskRow};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use casework::Officer;
use domain::{CaseId, CaseNumber};
use store::DeskCursor;

use super::show;
use super::signin::{desk_agency, role_id};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::desk::{Lights, QueuePage, QueueRow, QueueView};
use crate::view::{Tx, format};
use crate::visitor::Visitor;

const VIEWS: [(&str, DeskFilter); 3] =
    [("all", DeskFilter::All), ("unclaimed", DeskFilter::Free), ("mine", DeskFilter::Mine)];

/// A search reads so many pages of a queue at most, and stops at so many cases found.
const SEARCHED_PAGES: usize = 40;
const SEARCH_ROWS: usize = 100;

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
    let (view, filter) = VIEWS.into_iter().find(|(id, _)| *id == query.get("view")).unwrap_or(VIEWS[0]);
    let (rows, next) = rows(&visitor, &officer, filter, &query).await?;
    let counts = site.app.desk_counts(&officer).await?;
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let q = query.get("q");
    visitor.personal(&QueuePage {
        agency: desk_agency(&visitor, &officer.agency),
        roles: officer.roles.iter().map(|role| role_id(*role)).collect(),
        views: VIEWS
            .into_iter()
            .map(|(id, _)| QueueView {
                id,
                href: format!("/desk?view={id}"),
                count: None,
                current: id == view,
            })
            .collect(),
        q: Some(q.to_owned()),
        rows: rows.iter().map(|row| line(&visitor, &officer, row)).collect(),
        lights: Lights {
            red: number(counts.red),
            yellow: number(counts.yellow),
            green: number(counts.green),
        },
        next: next.map(|next| {
            format!("/desk?view={view}&due={}&after={}", next.due_at.unwrap_or(i64::MAX), next.id)
        }),
        prev: (!query.get("after").is_empty()).then(|| format!("/desk?view={view}")),
    })
}

/// One page of the queue; with words, what fits them on all its pages, so that "no such case" is true.
async fn rows(
    visitor: &Visitor,
    officer: &Officer,
    filter: DeskFilter,
    query: &Form,
) -> Result<(Vec<DeskRow>, Option<DeskCursor>), Failure> {
    let words = query.get("q").trim();
    let (mut rows, mut next) = visitor.site.app.desk_queue(officer, filter, cursor(query)).await?;
    if words.is_empty() {
        return Ok((rows, next));
    }
    rows.retain(|row| matches(visitor, row, words));
    for _ in 1..SEARCHED_PAGES {
        let Some(at) = next.take().filter(|_| rows.len() < SEARCH_ROWS) else { break };
        let (more, after) = visitor.site.app.desk_queue(officer, filter, Some(at)).await?;
        rows.extend(more.into_iter().filter(|row| matches(visitor, row, words)));
        next = after;
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
        status: case.status.id(),
        light: show::light_view(visitor, case),
        claim: (row.for_me && case.claimed_by.is_none()).then(|| format!("{href}/claim")),
        officer: holder,
        href,
    }
}
