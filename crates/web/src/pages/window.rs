//! `/desk/window`, `/desk/officers`

use std::sync::Arc;

use app::{CardKind, Error, Seen, WindowFault};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::OfficerId;
use identity::Denied;
use packs::Role;
use uuid::Uuid;

use super::desk::{role_name, tabs};
use super::signin::desk_agency;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::identity::{ColleagueView, OfficersPage, WindowPage};
use crate::visitor::Visitor;

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Failure> {
    let page = page(&visitor, &Form::default(), None)?;
    visitor.personal(&page)
}

fn page(
    visitor: &Visitor,
    form: &Form,
    error: Option<(&'static str, &'static str)>,
) -> Result<WindowPage, Failure> {
    let officer = visitor.officer()?;
    if !officer.roles.contains(&Role::REGISTER) {
        return Err(Failure::Forbidden);
    }
    Ok(WindowPage {
        agency: desk_agency(visitor, &officer.agency),
        tabs: tabs(visitor, &officer, "window"),
        name: form.get("name").to_owned(),
        number: form.get("number").to_owned(),
        card: form.get("card").to_owned(),
        cards: CardKind::ALL.map(CardKind::id).to_vec(),
        words: form.words(),
        passkeys: form.get("passkeys") == "1",
        error,
    })
}

/// Which field is told what.
fn told(error: &Error) -> Option<(&'static str, &'static str)> {
    match error {
        Error::Denied(Denied::Name) => Some(("name", Denied::Name.key())),
        Error::Denied(Denied::Mismatch) => Some(("name", "window-mismatch")),
        Error::Denied(denied) => Some(("number", denied.key())),
        Error::Window(WindowFault::Card) => Some(("card", "window-card-missing")),
        Error::Window(WindowFault::Reason) => Some(("words", "window-reason-missing")),
        _ => None,
    }
}

pub(crate) async fn register(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    if !site.limits.window(officer.id.0) {
        return Err(Failure::TooMany);
    }
    let seen = Seen {
        name: form.get("name").to_owned(),
        number: form.get("number").to_owned(),
        card: CardKind::ALL.into_iter().find(|card| card.id() == form.get("card")),
        reason: form.words(),
        remove_passkeys: form.get("passkeys") == "1",
    };
    match site.app.register_at_window(&officer, &seen).await {
        Ok(_) => Ok(see_other("/desk/window?notice=registered")),
        Err(error) => match told(&error) {
            Some(error) => {
                let page = page(&visitor, &form, Some(error))?;
                visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
            }
            None => Err(error.into()),
        },
    }
}

pub(crate) async fn officers(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let colleagues = site.app.colleagues(&officer).await?;
    let view = |colleague: &app::Colleague| ColleagueView {
        name: colleague.card.name.clone(),
        roles: colleague.card.roles.iter().map(|role| role_name(&visitor, role)).collect(),
        passkeys: u32::try_from(colleague.passkeys).unwrap_or(u32::MAX),
        reset: (colleague.passkeys > 0 && colleague.card.id != officer.id)
            .then(|| format!("/desk/officers/{}/reset", colleague.card.id)),
    };
    visitor.personal(&OfficersPage {
        agency: desk_agency(&visitor, &officer.agency),
        tabs: tabs(&visitor, &officer, "officers"),
        officers: colleagues.iter().map(view).collect(),
    })
}

pub(crate) async fn reset(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    site.app.reset_colleague(&visitor.officer()?, OfficerId(id)).await?;
    Ok(see_other("/desk/officers?notice=done"))
}
