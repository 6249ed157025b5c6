//! `/me/relatives`, `/me/acting`

use std::sync::Arc;

use app::{Error, Message};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::PersonId;
use identity::{Bond, Side, demo_children};
use uuid::Uuid;

use super::{messages, show, ties};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::ties::{AskPage, DoneLine, RelativesPage};
use crate::visitor::Visitor;

pub(crate) async fn show(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let person = visitor.citizen()?;
    let own: Vec<_> = site.app.ties(person).await?.into_iter().filter(|tie| tie.bond.is_kin()).collect();
    let asks = site.app.asks(person).await?;
    let end = |tie: &app::TieView| {
        let child = tie.bond == Bond::Minor && tie.side == Side::Principal;
        (!child).then(|| format!("/me/relatives/{}/end", tie.id))
    };
    let on = |side: Side| {
        let own = own.iter().filter(|tie| tie.side == side);
        own.map(|tie| ties::line(&visitor, tie, end)).collect()
    };
    let page = RelativesPage {
        asks: asks.iter().filter(|ask| ask.bond.is_kin()).map(|ask| ties::ask_line(&visitor, ask)).collect(),
        mine: on(Side::Agent),
        theirs: on(Side::Principal),
        done: done(&visitor, person).await?,
        acting: visitor.tie(),
    };
    visitor.personal(&page)
}

/// What others did for a person lately: each step with who took it.
async fn done(visitor: &Visitor, person: PersonId) -> Result<Vec<DoneLine>, Failure> {
    let mut lines = Vec::new();
    for message in visitor.site.app.done_for(person).await? {
        lines.extend(done_line(visitor, &message).await?);
    }
    Ok(lines)
}

async fn done_line(visitor: &Visitor, message: &Message) -> Result<Option<DoneLine>, Failure> {
    let (Some(case), Some(who)) = (message.case, message.who) else { return Ok(None) };
    Ok(Some(DoneLine {
        href: format!("/me/cases/{case}"),
        what: messages::subject(visitor, message, ""),
        who: visitor.site.app.name_of(who).await?,
        at: show::moment(visitor, message.at),
    }))
}

pub(crate) async fn show_ask(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let person = visitor.citizen()?;
    // Nobody fills in a form in vain: what its answer would need is asked for first.
    site.app.matched(person).await.map_err(|error| Failure::from(error).back_to(ACTION))?;
    let query = Form::decode(query.unwrap_or_default().as_bytes());
    let children = children(&site, person).await?;
    visitor
        .personal(&AskPage { form: ties::form(&visitor, ACTION.to_owned(), false, &query, None), children })
}

const ACTION: &str = "/me/relatives/ask";

/// In a demonstration: whom one can try it with.
async fn children(site: &Site, person: PersonId) -> Result<Vec<(String, String)>, Failure> {
    if !site.app.demo() {
        return Ok(Vec::new());
    }
    let name = site.app.name_of(person).await?;
    let own = demo_children().into_iter().filter(|child| child.parents.contains(&name.as_str()));
    Ok(own.map(|child| (child.name.to_owned(), child.number.reveal().to_owned())).collect())
}

pub(crate) async fn ask(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    let wrong = match ties::wish(&visitor, &form) {
        Ok(wish) => match site.app.ask_tie(person, &wish).await {
            Ok(()) => return Ok(see_other("/me/relatives?notice=asked")),
            Err(Error::Tie(error)) => ties::Wrong::of(&visitor, error),
            Err(error) => return Err(Failure::from(error).back_to(ACTION)),
        },
        Err(wrong) => wrong,
    };
    let form = ties::form(&visitor, ACTION.to_owned(), false, &form, Some(wrong));
    let page = AskPage { form, children: children(&site, person).await? };
    visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
}

pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    let accept = match form.get("answer") {
        "yes" => true,
        "no" => false,
        _ => return Err(Failure::Bad),
    };
    let answered = site.app.answer_ask(person, id, accept).await;
    let bond = answered.map_err(|error| Failure::from(error).back_to("/me/relatives"))?;
    Ok(see_other(&format!("{}?notice={}", page_of(bond), if accept { "tied" } else { "declined" })))
}

pub(crate) async fn end(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let bond = site.app.end_tie(visitor.citizen()?, id).await?;
    Ok(see_other(&format!("{}?notice=tie-ended", page_of(bond))))
}

/// The page on which ties of a kind stand.
pub(super) fn page_of(bond: Bond) -> &'static str {
    if bond.is_kin() { "/me/relatives" } else { "/me/organisations" }
}

/// A form has no page of its own.
pub(crate) async fn back() -> Response {
    see_other("/me/relatives")
}

/// Acts for somebody else from now on in this session, or for oneself again.
pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe_session(form.get("csrf"))?;
    visitor.citizen()?;
    let session = visitor.session.as_ref().ok_or(Failure::Forbidden)?;
    let tie = match form.get("tie") {
        "" => None,
        tie => Some(tie.parse().map_err(|_| Failure::NotFound)?),
    };
    site.app.act_for(session, tie).await?;
    Ok(see_other(if tie.is_some() { "/me?notice=acting" } else { "/me?notice=acting-stopped" }))
}
