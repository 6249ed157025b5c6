//! `/apply/{draft}/{page}`

use std::sync::Arc;

use app::Draft;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::CaseId;
use packs::{Field, FieldError, Page};
use uuid::Uuid;

use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::apply::{ApplyPage, Progress};
use crate::view::{FieldView, Link, Tx, format};
use crate::visitor::Visitor;

/// The steps of an application by their place in the URL: its pages, materials if it asks for any, check.
pub(crate) fn steps(draft: &Draft) -> Vec<&str> {
    let item = &draft.definition.item;
    let mut steps: Vec<&str> = item.form.pages.iter().map(|page| page.id.as_str()).collect();
    if !item.materials.is_empty() {
        steps.push("materials");
    }
    steps.push("check");
    steps
}

/// The address of one step.
pub(crate) fn href(draft: &Draft, step: &str) -> String {
    format!("/apply/{}/{step}", draft.id)
}

/// Where an application goes on: the first page that still lacks an answer.
pub(crate) fn resume(draft: &Draft) -> String {
    let open = |page: &&Page| {
        page.fields.iter().any(|field| {
            let answered = draft.body.answers.get(&field.name).is_some_and(|answer| !answer.is_empty());
            field.required && field.show_when.is_none() && !answered
        })
    };
    let form = &draft.definition.item.form;
    let step = form.pages.iter().find(open).map(|page| page.id.as_str());
    let first_visit =
        draft.body.answers.len() <= draft.body.prefilled.len() && draft.body.materials.is_empty();
    let first = form.pages.first().map(|page| page.id.as_str()).filter(|_| first_visit);
    href(draft, first.or(step).unwrap_or_else(|| steps(draft).into_iter().rev().nth(1).unwrap_or("check")))
}

/// Where one is.
pub(crate) fn progress(visitor: &Visitor, draft: &Draft, step: &str) -> Progress {
    let all = steps(draft);
    let at = all.iter().position(|known| *known == step).unwrap_or(0);
    let item = &draft.definition.item;
    let guide = format!("/items/{}", item.code);
    let saved = visitor.site.app.catalogue.calendar.civil(draft.updated);
    Progress {
        back: at
            .checked_sub(1)
            .and_then(|before| all.get(before))
            .map_or_else(|| guide.clone(), |step| href(draft, step)),
        item: Link::new(guide, Tx::of(&item.name, visitor.lang)),
        step: u32::try_from(at + 1).unwrap_or(1),
        steps: u32::try_from(all.len()).unwrap_or(1),
        action: href(draft, step),
        saved_at: Some(format::moment(saved, visitor.lang)),
        discard: href(draft, "discard"),
    }
}

/// The step after, or the check.
pub(crate) fn next(draft: &Draft, step: &str) -> String {
    let all = steps(draft);
    let at = all.iter().position(|known| *known == step).unwrap_or(0);
    href(draft, all.get(at + 1).copied().unwrap_or("check"))
}

/// The draft, if it is this visitor's and still one; a draft that has become a case leads to it.
pub(crate) async fn open(visitor: &Visitor, id: Uuid) -> Result<Result<Draft, Response>, Failure> {
    let draft = visitor.site.app.draft(visitor.party()?, CaseId(id)).await?;
    if draft.submitted { Ok(Err(see_other(&format!("/me/cases/{id}")))) } else { Ok(Ok(draft)) }
}

pub(crate) async fn show(
    State(_): State<Arc<Site>>,
    Path((id, page)): Path<(Uuid, String)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let draft = match open(&visitor, id).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let page =
        draft.definition.item.form.pages.iter().find(|known| known.id == page).ok_or(Failure::NotFound)?;
    visitor.personal(&questions(&visitor, &draft, page, &[]))
}

pub(crate) async fn save(
    State(site): State<Arc<Site>>,
    Path((id, step)): Path<(Uuid, String)>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let draft = match open(&visitor, id).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let wrong = site.app.save_page(&draft, &step, form.answers()).await?;
    if form.get("autosave") == "1" {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if wrong.is_empty() {
        return Ok(see_other(&next(&draft, &step)));
    }
    let draft = site.app.draft(visitor.party()?, draft.id).await?;
    let page =
        draft.definition.item.form.pages.iter().find(|known| known.id == step).ok_or(Failure::NotFound)?;
    visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &questions(&visitor, &draft, page, &wrong)).await
}

pub(crate) async fn discard(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    site.app.discard_draft(visitor.party()?, CaseId(id)).await?;
    Ok(see_other("/me?notice=draft-deleted"))
}

fn questions(visitor: &Visitor, draft: &Draft, page: &Page, wrong: &[FieldError]) -> ApplyPage {
    let fields = fields(visitor, draft, page, wrong);
    ApplyPage {
        progress: progress(visitor, draft, &page.id),
        title: Tx::of(&page.title, visitor.lang),
        errors: ApplyPage::summary(&fields),
        fields,
    }
}

fn fields(visitor: &Visitor, draft: &Draft, page: &Page, wrong: &[FieldError]) -> Vec<FieldView> {
    let source = || Tx::own(visitor.text("source-real-name"));
    let all = || draft.definition.item.form.pages.iter().flat_map(|page| &page.fields);
    let view = |field: &Field| {
        let answer = draft.body.answers.get(&field.name).map(String::as_str).unwrap_or_default();
        let error = wrong.iter().find(|error| error.field == field.name);
        let prefilled = draft.body.prefilled.contains(&field.name).then(source);
        let view = FieldView::of(field, answer, error, prefilled, visitor.lang);
        match &field.show_when {
            Some(when) => match all().find(|other| other.name == when.field) {
                Some(other) => view.only_when(other, &when.is, visitor.lang),
                None => view,
            },
            None => view,
        }
    };
    page.fields.iter().map(view).collect()
}
