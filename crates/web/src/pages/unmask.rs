//! What is masked at the desk, shown for a reason; and what was, for the supervisor.

use std::sync::Arc;

use app::{CaseFile, UnmaskReason, Unmasked};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::Officer;
use domain::CaseId;
use packs::{Field, FieldKind, Prefill};
use uuid::Uuid;

use super::desk_actions::Tried;
use super::{desk, desk_case, show};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::apply::{CheckSection, Row};
use crate::view::privacy::{UnmaskForm, UnmaskedView, UnmaskingsPage};
use crate::view::{Link, Tx, format};
use crate::visitor::Visitor;

/// Whether an answer is masked at the desk: citizen numbers, mobile numbers, addresses, and what the pack calls
/// sensitive.
pub(super) fn is_masked(field: &Field) -> bool {
    field.sensitive
        || matches!(field.kind, FieldKind::CitizenNumber | FieldKind::Mobile)
        || field.prefill == Some(Prefill::Address)
}

/// What of the answers is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    /// Nothing is masked.
    pub(super) whole: bool,
    /// Sensitive answers may still be used: the consent that they rest on stands.
    pub(super) sensitive: bool,
}

impl Sight {
    /// Everything, as its owner reads it.
    pub(super) const ALL: Self = Self { whole: true, sensitive: true };

    fn shows(self, field: &Field) -> bool {
        self.whole && (self.sensitive || !field.sensitive)
    }
}

/// Answers as an officer reads them, whole or masked.
pub(super) fn answers(visitor: &Visitor, file: &CaseFile, sight: Sight) -> Vec<CheckSection> {
    let row = |field: &Field| {
        let answer = file.case.answers.get(&field.name).filter(|answer| !answer.is_empty())?;
        Some(Row {
            q: Tx::of(&field.title, visitor.lang),
            a: spoken(visitor, field, answer, sight.shows(field))?,
        })
    };
    let sections = file.definition.item.form.pages.iter().map(|page| CheckSection {
        title: Some(Tx::of(&page.title, visitor.lang)),
        change: String::new(),
        rows: page.fields.iter().filter_map(row).collect(),
    });
    sections.filter(|section| !section.rows.is_empty()).collect()
}

fn spoken(visitor: &Visitor, field: &Field, answer: &str, whole: bool) -> Option<Vec<String>> {
    Some(match field.kind {
        FieldKind::CitizenNumber if whole => vec![answer.to_owned()],
        _ if whole || !is_masked(field) => show::row(field, answer, visitor.lang)?.a,
        FieldKind::CitizenNumber | FieldKind::Mobile if !field.sensitive => {
            vec![format::masked_number(answer)]
        }
        _ => vec![visitor.text("masked")],
    })
}

/// What a decision model was given, without what is masked.
pub(super) fn without_masked(visitor: &Visitor, file: &CaseFile, rows: &mut [Row]) {
    let masked = file.definition.item.form.pages.iter().flat_map(|page| &page.fields);
    let masked: Vec<String> =
        masked.filter(|field| is_masked(field)).map(|field| format!("form.{}", field.name)).collect();
    for row in rows.iter_mut().filter(|row| masked.contains(&row.q.text)) {
        row.a = vec![visitor.text("masked")];
    }
}

/// The form that uncovers; none on a page that shows everything already.
pub(super) fn form(file: &CaseFile, tried: &Tried) -> Option<UnmaskForm> {
    (!tried.whole).then(|| UnmaskForm {
        action: format!("/desk/cases/{}/{}/unmask", file.case.area, file.case.id),
        reasons: UnmaskReason::ALL.map(UnmaskReason::id).to_vec(),
        chosen: if tried.unmask { tried.form.get("reason").to_owned() } else { String::new() },
        words: if tried.unmask { tried.words.clone() } else { String::new() },
        error: tried.unmask,
    })
}

/// Something uncovered, for an officer's page; `link`: where its case is, for who may open it.
pub(super) fn line(visitor: &Visitor, one: &Unmasked, link: Option<String>) -> UnmaskedView {
    UnmaskedView {
        at: show::moment(visitor, one.at),
        who: one.name.clone(),
        reason: one.reason,
        words: one.words.clone(),
        case: link.map(|href| Link::new(href, Tx::own(one.number.clone()))),
    }
}

pub(crate) async fn unmask(
    State(site): State<Arc<Site>>,
    Path((area, id)): Path<(String, Uuid)>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    let reason = UnmaskReason::of(form.get("reason"));
    let words = form.words();
    match site.app.unmask(&area, CaseId(id), &officer, reason, &words).await {
        Ok(file) => {
            let tried = Tried { whole: true, ..Tried::default() };
            answer(&mut visitor, StatusCode::OK, &officer, &file, tried).await
        }
        Err(app::Error::Refused(_)) => {
            let file = site.app.open_case(&area, CaseId(id), &visitor.actor()?).await?;
            let tried = Tried { unmask: true, words, form, ..Tried::default() };
            answer(&mut visitor, StatusCode::CONFLICT, &officer, &file, tried).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn answer(
    visitor: &mut Visitor,
    status: StatusCode,
    officer: &Officer,
    file: &CaseFile,
    tried: Tried,
) -> Result<Response, Failure> {
    let page = desk_case::page(visitor, officer, file, tried, None).await?;
    visitor.again(status, &page).await
}

/// The address of the form, kept by a browser, leads to the case.
pub(crate) async fn back(Path((area, id)): Path<(String, Uuid)>) -> Result<Response, Failure> {
    let area: domain::AreaCode = area.parse().map_err(|_| Failure::NotFound)?;
    Ok(see_other(&format!("/desk/cases/{area}/{id}")))
}

pub(crate) async fn unmaskings(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let before = Form::decode(query.unwrap_or_default().as_bytes()).get("before").parse().ok();
    let (list, more) = site.app.unmaskings(&officer, before).await?;
    let case = |one: &Unmasked| format!("/desk/cases/{}/{}", officer.area, one.case);
    visitor.personal(&UnmaskingsPage {
        agency: show::agency(&site, &officer.agency, visitor.lang),
        tabs: desk::tabs(&visitor, &officer, "unmaskings"),
        lines: list.iter().map(|one| line(&visitor, one, Some(case(one)))).collect(),
        older: list.last().filter(|_| more).map(|last| format!("/desk/unmaskings?before={}", last.id)),
    })
}
