//! `/me/certificates/permissions`, `/me/certificates/{id}/permit`: what agencies ask of my certificates, and what I
//! permit; at the desk `/desk/cases/{area}/{id}/permissions`.

use std::sync::Arc;

use app::{Authority, CaseFile, Error, Held, MAX_PERMITTED_DAYS, Permitted, Standing};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::{CaseId, Date, Text};
use jiff::ToSpan as _;
use uuid::Uuid;

use super::{show, wallet};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::permissions::{DeskAsk, PermissionLine, PermissionsPage, PermitPage, PermittedPage, Until};
use crate::view::{OptionView, Tx, format};
use crate::visitor::Visitor;

const LIST: &str = "/me/certificates/permissions";
/// Services that a search offers.
const FOUND: usize = 8;
/// Characters of a search.
const QUERY: usize = 60;

pub(crate) async fn list(State(_): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    visitor.personal(&page(&visitor, "").await?)
}

async fn page(visitor: &Visitor, wrong: &str) -> Result<PermissionsPage, Failure> {
    let all = visitor.site.app.permissions(visitor.holder()?).await?;
    let of = |wanted: fn(Authority) -> bool| {
        all.iter().filter(|one| wanted(one.authority)).map(|one| line(visitor, one)).collect()
    };
    Ok(PermissionsPage {
        asked: of(|authority| authority == Authority::Asked),
        stands: of(|authority| authority == Authority::Stands),
        past: of(|authority| !matches!(authority, Authority::Asked | Authority::Stands)),
        until: until(visitor),
        wrong: wrong.to_owned(),
    })
}

/// An permission as a line, for its holder and for the desk.
fn line(visitor: &Visitor, one: &Permitted) -> PermissionLine {
    PermissionLine {
        id: one.id.to_string(),
        name: Tx::of(&one.name, visitor.lang),
        agency: show::agency(&visitor.site, &one.agency, visitor.lang),
        item: show::item_name(&visitor.site, &one.item, visitor.lang),
        case: one.case.map(|case| format!("/me/cases/{case}")),
        authority: one.authority.id(),
        asked: show::moment(visitor, one.asked),
        until: one.until.map(|until| {
            // It stands until the end of a day, which is the beginning of the next.
            let day = visitor.site.app.catalogue.calendar.date_of(until);
            format::date(day.yesterday().unwrap_or(day), visitor.lang)
        }),
        officer: one.officer.clone(),
        words: one.words.clone(),
        look: None,
    }
}

/// The days that may be chosen.
fn until(visitor: &Visitor) -> Until {
    let today = visitor.site.app.catalogue.calendar.date_of(visitor.site.app.now());
    let ahead = |days: i64| today.checked_add(days.days()).unwrap_or(today);
    Until {
        first: today.to_string(),
        last: ahead(MAX_PERMITTED_DAYS).to_string(),
        usual: ahead(30).to_string(),
    }
}

/// The address of a form leads to the list.
pub(crate) async fn back(Path(_): Path<Uuid>) -> Response {
    see_other(LIST)
}

pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let until = match (form.get("answer"), form.get("until").trim().parse::<Date>()) {
        ("yes", Ok(day)) => Ok(Some(day)),
        ("yes", Err(_)) => Err(()),
        _ => Ok(None),
    };
    let done = match until {
        Ok(until) => site.app.answer_permission(visitor.holder()?, id, until).await,
        Err(()) => Err(casework::Rule::FormInvalid.into()),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{LIST}?notice=saved"))),
        Err(Error::Refused(_)) => {
            let page = page(&visitor, &id.to_string()).await?;
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        // The same answer sent twice.
        Err(Error::Contention) => Ok(see_other(LIST)),
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn end(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    match site.app.end_permission(visitor.holder()?, id).await {
        Ok(()) => Ok(see_other(&format!("{LIST}?notice=saved"))),
        Err(Error::Contention) => Ok(see_other(LIST)),
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn show_ahead(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let held = site.app.my_certificate(visitor.holder()?, id).await?;
    let form = Form::decode(query.unwrap_or_default().as_bytes());
    visitor.personal(&ahead(&visitor, &held, &form, false))
}

fn ahead(visitor: &Visitor, held: &Held, form: &Form, wrong: bool) -> PermitPage {
    let site = &visitor.site;
    let query: String = form.get("q").trim().chars().take(QUERY).collect();
    let items = &site.app.catalogue.items;
    let keep = |at: u32| items.get(at as usize).is_some_and(packs::ServiceItem::online);
    let hits = if query.is_empty() { Vec::new() } else { site.app.search.search(&query, FOUND, &keep).hits };
    let offered = hits.iter().filter_map(|hit| items.get(hit.doc as usize));
    let option = |item: &packs::ServiceItem| OptionView {
        value: item.code.clone(),
        title: Tx::own(format!(
            "{} · {}",
            item.name.get(visitor.lang),
            show::agency(site, &item.agency, visitor.lang).text
        )),
        checked: item.code == form.get("item"),
    };
    PermitPage {
        name: Tx::of(&held.kind.name, visitor.lang),
        back: format!("/me/certificates/{}", held.id),
        action: format!("/me/certificates/{}/permit", held.id),
        none: !query.is_empty() && hits.is_empty(),
        query,
        items: offered.map(option).collect(),
        fields: open_fields(held).map(|label| Tx::of(label, visitor.lang)).collect(),
        until: until(visitor),
        wrong,
    }
}

/// The fields of a certificate that an agency sees.
fn open_fields(held: &Held) -> impl Iterator<Item = &Text> {
    held.kind.fields.iter().filter(|field| !field.sensitive).map(|field| &field.label)
}

pub(crate) async fn permit(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let holder = visitor.holder()?;
    let held = site.app.my_certificate(holder, id).await?;
    let done = match form.get("until").trim().parse::<Date>() {
        Ok(day) if !form.get("item").is_empty() => {
            site.app.permit_ahead(holder, id, form.get("item"), day).await
        }
        _ => Err(casework::Rule::FormInvalid.into()),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{LIST}?notice=saved"))),
        Err(Error::Refused(_)) => {
            let page = ahead(&visitor, &held, &form, true);
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether an agency waits for this applicant's answer in this case, and they may give it.
pub(super) async fn waits(visitor: &Visitor, file: &CaseFile) -> Result<bool, Failure> {
    if visitor.holder()?.person != file.case.applicant {
        return Ok(false);
    }
    let all = visitor.site.app.permissions_at(file).await?;
    Ok(all.iter().any(|one| one.authority == Authority::Asked))
}

/// What the desk of a case asked for and may look at, and the types it may ask for.
pub(super) async fn at_desk(visitor: &Visitor, file: &CaseFile) -> Result<DeskAsk, Failure> {
    let base = format!("/desk/cases/{}/{}/permissions", file.case.area, file.case.id);
    let all = visitor.site.app.permissions_at(file).await?;
    let line = |one: &Permitted| PermissionLine {
        look: (one.authority == Authority::Stands).then(|| format!("{base}/{}", one.id)),
        case: None,
        ..line(visitor, one)
    };
    let kinds = visitor.site.app.catalogue.certificates.iter().map(|kind| OptionView {
        value: kind.id.clone(),
        title: Tx::of(&kind.name, visitor.lang),
        checked: false,
    });
    Ok(DeskAsk {
        lines: all.iter().map(line).collect(),
        action: file.case.status.open().then(|| base.clone()),
        kinds: kinds.collect(),
    })
}

/// The address of the desk's form leads to the case.
pub(crate) async fn desk_back(Path((area, id)): Path<(String, Uuid)>) -> Result<Response, Failure> {
    let area: domain::AreaCode = area.parse().map_err(|_| Failure::NotFound)?;
    Ok(see_other(&format!("/desk/cases/{area}/{id}")))
}

pub(crate) async fn ask(
    State(site): State<Arc<Site>>,
    Path((area, id)): Path<(String, Uuid)>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    let case = format!("/desk/cases/{area}/{id}");
    match site.app.ask_certificate(&officer, &area, CaseId(id), form.get("kind"), &form.words()).await {
        Ok(()) => Ok(see_other(&format!("{case}?notice=asked"))),
        // Asked already: the page says how it stands.
        Err(Error::Contention) => Ok(see_other(&case)),
        Err(error) => Err(Failure::from(error).back_to(&case)),
    }
}

pub(crate) async fn look(
    State(site): State<Arc<Site>>,
    Path((area, id, permission)): Path<(String, Uuid, Uuid)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let (file, held) = site.app.look_permitted(&officer, &area, CaseId(id), permission).await?;
    visitor.personal(&PermittedPage {
        case: format!("/desk/cases/{area}/{id}"),
        number: file.case.number.as_str().to_owned(),
        name: Tx::of(&held.kind.name, visitor.lang),
        issuer: Tx::of(&held.certificate.issuer.name, visitor.lang),
        standing: Standing::id(held.standing),
        rows: wallet::rows(&visitor, &held),
        identifier: held.certificate.id.as_str().to_owned(),
        grade: held.grade(),
    })
}
