//! `/me/organisations/{id}/stations`

use std::sync::Arc;

use app::{Error, StationCredential, StationError};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::PersonId;
use uuid::Uuid;

use super::show;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::stations::{StationLineView, StationsPage};
use crate::visitor::Visitor;

pub(crate) async fn show_all(Path(id): Path<Uuid>, visitor: Visitor) -> Result<Response, Failure> {
    visitor.personal(&page(&visitor, id).await?)
}

async fn page(visitor: &Visitor, id: Uuid) -> Result<StationsPage, Failure> {
    let person = visitor.citizen()?;
    let (organisation, lines) = visitor.site.app.own_stations(person, PersonId(id)).await?;
    let base = format!("/me/organisations/{id}/stations");
    let line = |line: app::StationLine| StationLineView {
        since: show::moment(visitor, line.since),
        used: line.used.map(|at| show::moment(visitor, at)),
        revoked: line.revoked.map(|at| show::moment(visitor, at)),
        base: format!("{base}/{}", line.id),
        name: line.name,
    };
    Ok(StationsPage {
        organisation: organisation.name,
        back: format!("/me/organisations/{id}"),
        stations: lines.into_iter().map(line).collect(),
        base,
        credential: None,
        name: String::new(),
        error: None,
    })
}

pub(crate) async fn register(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    let name = form.get("name");
    match site.app.register_own_station(person, PersonId(id), name).await {
        Ok((_, credential)) => shown_once(&mut visitor, id, &credential).await,
        Err(Error::Station(error @ (StationError::Name | StationError::Taken | StationError::TooMany))) => {
            let error = Some(visitor.text(&format!("station-{}", error.id())));
            let typed = name.chars().take(200).collect();
            let page = StationsPage { name: typed, error, ..page(&visitor, id).await? };
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn replace(
    State(site): State<Arc<Site>>,
    Path((id, station)): Path<(Uuid, Uuid)>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    let new = site.app.replace_own_credential(person, PersonId(id), PersonId(station)).await?;
    shown_once(&mut visitor, id, &new).await
}

/// The one time that anybody sees a credential: in the answer itself, which nobody keeps.
async fn shown_once(
    visitor: &mut Visitor,
    id: Uuid,
    credential: &StationCredential,
) -> Result<Response, Failure> {
    let page = StationsPage { credential: Some(credential.0.clone()), ..page(visitor, id).await? };
    visitor.again(StatusCode::OK, &page).await
}

pub(crate) async fn revoke(
    State(site): State<Arc<Site>>,
    Path((id, station)): Path<(Uuid, Uuid)>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    site.app.revoke_own_station(visitor.citizen()?, PersonId(id), PersonId(station)).await?;
    Ok(see_other(&format!("/me/organisations/{id}/stations?notice=station-revoked")))
}
