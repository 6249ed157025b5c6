//! `/me/privacy/delete`: asking to be erased, and taking that back.

use std::sync::Arc;

use app::Keep;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::format;
use crate::view::privacy::{DeletePage, KeepView};
use crate::visitor::Visitor;

pub(crate) async fn show_delete(visitor: Visitor) -> Result<Response, Failure> {
    let page = page(&visitor, false).await?;
    visitor.personal(&page)
}

async fn page(visitor: &Visitor, error: bool) -> Result<DeletePage, Failure> {
    let app = &visitor.site.app;
    let person = visitor.citizen()?;
    let keeps = app.keeps(person).await?;
    let view = |keep: &Keep| KeepView {
        what: keep.what,
        count: keep.count,
        until: keep.until.map(|day| format::date(day, visitor.lang)),
    };
    Ok(DeletePage {
        keeps: keeps.iter().map(view).collect(),
        years: app.retention_years(),
        waits: app.leaving(person).await?.is_some(),
        error,
    })
}

pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    if form.get("sure") != "yes" {
        let page = page(&visitor, true).await?;
        return visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await;
    }
    let notice = match site.app.ask_erasure(person).await? {
        app::Erased::Gone => "erased",
        app::Erased::Waits(_) => "erasure-asked",
    };
    Ok(see_other(&format!("/?notice={notice}")))
}

pub(crate) async fn stay(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    site.app.stay(visitor.citizen()?).await?;
    Ok(see_other("/me/privacy?notice=staying"))
}
