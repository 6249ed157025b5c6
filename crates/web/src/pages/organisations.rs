//! `/me/organisations`

use std::sync::Arc;

use app::Error;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::{CitizenNumber, CreditCode, PersonId};
use identity::{Bond, Side, demo_companies};
use uuid::Uuid;

use super::ties;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::ties::{OrganisationsPage, StaffPage, TieLine};
use crate::visitor::Visitor;

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor.personal(&list(&visitor, "", None).await?)
}

async fn list(visitor: &Visitor, code: &str, error: Option<String>) -> Result<OrganisationsPage, Failure> {
    let app = &visitor.site.app;
    let person = visitor.citizen()?;
    let asks = app.asks(person).await?;
    let line = |tie: &app::TieView| {
        let staff =
            |tie: &app::TieView| (tie.bond == Bond::Staff).then(|| format!("/me/relatives/{}/end", tie.id));
        let page = tie.other.filter(|_| tie.bond == Bond::Legal);
        TieLine {
            page: page.map(|organisation| format!("/me/organisations/{organisation}")),
            ..ties::line(visitor, tie, staff)
        }
    };
    let own = app.ties(person).await?;
    let own = own.iter().filter(|tie| !tie.bond.is_kin() && tie.side == Side::Agent);
    Ok(OrganisationsPage {
        asks: asks.iter().filter(|ask| !ask.bond.is_kin()).map(|ask| ties::ask_line(visitor, ask)).collect(),
        mine: own.map(line).collect(),
        acting: visitor.tie(),
        code: code.to_owned(),
        error,
        examples: examples(&visitor.site, person).await?,
    })
}

/// In a demonstration: what one can try it with.
async fn examples(site: &Site, person: PersonId) -> Result<Vec<(String, String)>, Failure> {
    if !site.app.demo() {
        return Ok(Vec::new());
    }
    let own: Option<CitizenNumber> = site.app.profile(person).await?.number.parse().ok();
    let companies = demo_companies().into_iter().filter(|company| Some(&company.legal) == own.as_ref());
    Ok(companies.map(|company| (company.name, company.code.to_string())).collect())
}

pub(crate) async fn register(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    let error = match form.get("code").parse::<CreditCode>() {
        Ok(code) => match site.app.register_organisation(person, &code).await {
            Ok(()) => return Ok(see_other("/me/organisations?notice=tied")),
            Err(Error::Tie(error)) => visitor.text(&format!("tie-{}", error.id())),
            Err(error) => return Err(Failure::from(error).back_to("/me/organisations")),
        },
        Err(_) => visitor.text("credit-code-wrong"),
    };
    let page = list(&visitor, form.get("code"), Some(error)).await?;
    visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
}

pub(crate) async fn staff(Path(id): Path<Uuid>, visitor: Visitor) -> Result<Response, Failure> {
    visitor.personal(&staff_page(&visitor, id, &Form::default(), None).await?)
}

async fn staff_page(
    visitor: &Visitor,
    id: Uuid,
    sent: &Form,
    wrong: Option<ties::Wrong>,
) -> Result<StaffPage, Failure> {
    let person = visitor.citizen()?;
    let (profile, staff) = visitor.site.app.staff(person, PersonId(id)).await?;
    let base = format!("/me/organisations/{id}");
    let end = |tie: &app::TieView| Some(format!("{base}/agents/{}/dismiss", tie.id));
    Ok(StaffPage {
        name: profile.name,
        code: profile.number,
        staff: staff.iter().map(|tie| ties::line(visitor, tie, end)).collect(),
        stations: format!("{base}/stations"),
        form: ties::form(visitor, format!("{base}/appoint"), true, sent, wrong),
    })
}

pub(crate) async fn appoint(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    let wrong = match ties::wish(&visitor, &form) {
        Ok(wish) => match site.app.appoint(person, PersonId(id), wish).await {
            Ok(()) => return Ok(see_other(&format!("/me/organisations/{id}?notice=asked"))),
            Err(Error::Tie(error)) => ties::Wrong::of(&visitor, error),
            Err(error) => return Err(error.into()),
        },
        Err(wrong) => wrong,
    };
    let page = staff_page(&visitor, id, &form, Some(wrong)).await?;
    visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
}

pub(crate) async fn dismiss(
    State(site): State<Arc<Site>>,
    Path((id, tie)): Path<(Uuid, Uuid)>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    site.app.dismiss(visitor.citizen()?, PersonId(id), tie).await?;
    Ok(see_other(&format!("/me/organisations/{id}?notice=tie-ended")))
}

/// A form has no page of its own.
pub(crate) async fn back() -> Response {
    see_other("/me/organisations")
}
