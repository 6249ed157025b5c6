//! `/apply/{draft}/check` and the submission.

use std::sync::Arc;

use app::{Draft, Error};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::{MaterialError, check_materials};
use domain::CaseId;
use packs::{FieldError, form};
use uuid::Uuid;

use super::apply::{href, open, progress};
use super::show;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::apply::{CheckPage, CheckSection, ConsentBox, Row};
use crate::view::{FieldErrorView, SummaryLine, Tx};
use crate::visitor::Visitor;

pub(crate) async fn show_check(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let draft = match open(&visitor, id).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (fields, materials) = wrong(&site, &draft);
    visitor.personal(&page(&visitor, &draft, &fields, &materials))
}

/// All that stands against handing in, said at once.
fn wrong(site: &Site, draft: &Draft) -> (Vec<FieldError>, Vec<MaterialError>) {
    let item = &draft.definition.item;
    let today = site.app.catalogue.calendar.date_of(site.app.now());
    let fields = form::validate(&item.form, &draft.body.answers, today).err().unwrap_or_default();
    (fields, check_materials(item, &draft.handed()))
}

/// The same submission twice is the same case: the draft's id is the case's.
pub(crate) async fn submit(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let party = visitor.party()?;
    if form.get("consent") == "yes" {
        site.app.give_consent(party, CaseId(id)).await?;
    }
    match site.app.submit(party, CaseId(id)).await {
        Ok(case) => Ok(see_other(&format!("/me/cases/{case}/receipt?fresh=1"))),
        Err(Error::Refused(refusal)) if !refusal.fields.is_empty() || !refusal.materials.is_empty() => {
            let draft = site.app.draft(party, CaseId(id)).await?;
            let (fields, materials) = wrong(&site, &draft);
            let page = page(&visitor, &draft, &fields, &materials);
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(Error::Consent) => {
            let draft = site.app.draft(party, CaseId(id)).await?;
            let mut page = page(&visitor, &draft, &[], &[]);
            if let Some(consent) = &mut page.consent {
                consent.error = true;
            }
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(error) => Err(Failure::from(error).back_to(&format!("/apply/{id}/check"))),
    }
}

fn page(visitor: &Visitor, draft: &Draft, fields: &[FieldError], materials: &[MaterialError]) -> CheckPage {
    let item = &draft.definition.item;
    CheckPage {
        progress: progress(visitor, draft, "check"),
        sections: sections(visitor, draft),
        problems: problems(visitor, draft, fields, materials),
        key: draft.id.to_string(),
        agency: show::agency(&visitor.site, &item.agency, visitor.lang),
        agencies: show::recipients(&visitor.site, Some(&draft.definition.procedure), visitor.lang),
        limit: item.limit().map(Into::into),
        consent: visitor.site.app.consent_of(draft).map(|asked| consent(visitor, &asked)),
    }
}

/// The box that is asked for apart from everything else, and is not ticked before (个人信息保护法 art. 29).
fn consent(visitor: &Visitor, asked: &app::ConsentAsked) -> ConsentBox {
    ConsentBox {
        fields: asked.fields.iter().map(|(_, title)| Tx::of(title, visitor.lang)).collect(),
        purpose: Tx::of(&asked.purpose, visitor.lang),
        necessity: Tx::of(&asked.necessity, visitor.lang),
        days: asked.days,
        error: false,
    }
}

/// Answers page by page, then the materials.
fn sections(visitor: &Visitor, draft: &Draft) -> Vec<CheckSection> {
    let item = &draft.definition.item;
    let today = visitor.site.app.catalogue.calendar.date_of(visitor.site.app.now());
    // Judged answers leave out questions that were not asked; wrong ones are shown as typed.
    let answers =
        form::validate(&item.form, &draft.body.answers, today).unwrap_or_else(|_| draft.body.answers.clone());
    let lang = visitor.lang;
    let pages = item.form.pages.iter().map(|page| CheckSection {
        title: Some(Tx::of(&page.title, lang)),
        change: href(draft, &page.id),
        rows: page
            .fields
            .iter()
            .filter_map(|field| show::row(field, answers.get(&field.name)?, lang))
            .collect(),
    });
    let mut sections: Vec<_> = pages.collect();
    if !item.materials.is_empty() {
        let rows = item
            .materials
            .iter()
            .map(|material| Row { q: Tx::of(&material.name, lang), a: given(visitor, draft, &material.id) });
        sections.push(CheckSection { title: None, change: href(draft, "materials"), rows: rows.collect() });
    }
    sections
}

fn given(visitor: &Visitor, draft: &Draft, material: &str) -> Vec<String> {
    if let Some(proof) = draft.proof(material) {
        return vec![show::proven(visitor, proof)];
    }
    let Some(given) = draft.body.materials.get(material) else { return Vec::new() };
    if given.files.is_empty() {
        return Some(given.not_applicable.clone()).filter(|why| !why.is_empty()).into_iter().collect();
    }
    given.files.iter().map(|file| file.name.clone()).collect()
}

fn problems(
    visitor: &Visitor,
    draft: &Draft,
    fields: &[FieldError],
    materials: &[MaterialError],
) -> Vec<SummaryLine> {
    let item = &draft.definition.item;
    let wrong = fields.iter().filter_map(|error| {
        let page = item.form.pages.iter().find(|page| page.fields.iter().any(|f| f.name == error.field))?;
        let field = page.fields.iter().find(|field| field.name == error.field)?;
        let told = FieldErrorView::of(error.rule);
        Some(SummaryLine {
            href: format!("{}#f-{}", href(draft, &page.id), field.name),
            title: Tx::of(&field.title, visitor.lang),
            key: format!("rule-{}", told.rule),
            min: told.min,
            max: told.max,
        })
    });
    let lacking = materials.iter().filter_map(|error| {
        let material = item.materials.iter().find(|material| material.id == error.material)?;
        Some(SummaryLine {
            href: format!("{}#m-{}", href(draft, "materials"), material.id),
            title: Tx::of(&material.name, visitor.lang),
            key: "material-missing".to_owned(),
            min: String::new(),
            max: String::new(),
        })
    });
    wrong.chain(lacking).collect()
}
