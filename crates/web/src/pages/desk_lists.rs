//! `/desk/supervision`, `/desk/dead-letters`, and several claims at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::DeadLetter;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use casework::{CardRule, Officer};
use domain::CaseId;
use store::CardCursor;
use uuid::Uuid;

use super::desk::tabs;
use super::signin::desk_agency;
use super::{life, show};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::desk::{CardedRow, CardsPage, DeadPage, DeadRow};
use crate::visitor::Visitor;

/// The address of a bulk claim leads to the queue.
pub(crate) async fn back() -> Response {
    see_other("/desk")
}

pub(crate) async fn claim_many(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    let once = visitor.once(&form)?;
    let cases: Vec<CaseId> =
        form.several("case").into_iter().filter_map(|id| id.parse().ok()).map(CaseId).collect();
    let (mut done, mut refused) = (0_u32, String::new());
    for (id, result) in site.app.claim_many(&officer, &cases, once.as_ref()).await? {
        match result {
            Ok(()) => done += 1,
            Err(app::Error::Refused(refusal)) => {
                let file = site.app.open_case(officer.area.as_str(), id, &visitor.actor()?).await?;
                refused.push_str(&format!("&refused={}~{}", file.case.number.as_str(), refusal.rule.id()));
            }
            // Not this officer's to know of.
            Err(app::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(see_other(&format!("/desk?view=mine&claimed={done}{refused}")))
}

pub(crate) async fn supervision(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let query = Form::decode(raw.unwrap_or_default().as_bytes());
    let cursor = || {
        Some(CardCursor { updated_at: query.get("at").parse().ok()?, id: query.get("after").parse().ok()? })
    };
    let (carded, next) = site.app.supervision(&officer, cursor()).await?;
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for card in carded.iter().flat_map(|carded| &carded.cards) {
        *counts.entry(card.rule.id()).or_default() += 1;
    }
    let mut rules: Vec<_> = CardRule::ALL
        .into_iter()
        .filter_map(|rule| {
            counts.get(rule.id()).map(|count| (rule.id(), life::colour(rule.colour()), *count))
        })
        .collect();
    rules.sort_by_key(|(_, colour, count)| (*colour != "red", std::cmp::Reverse(*count)));
    let row = |carded: &app::Carded| CardedRow {
        href: format!("/desk/cases/{}/{}", carded.case.area, carded.case.id),
        number: carded.case.number.as_str().to_owned(),
        item: show::item_name(&site, &carded.case.item, visitor.lang),
        status: carded.case.status_id(),
        cards: carded.cards.iter().rev().map(|card| life::card_view(&visitor, card)).collect(),
    };
    visitor.personal(&CardsPage {
        agency: desk_agency(&visitor, &officer.agency),
        tabs: tabs(&visitor, &officer, "supervision"),
        rules,
        rows: carded.iter().map(row).collect(),
        next: next.map(|next| format!("/desk/supervision?at={}&after={}", next.updated_at, next.id)),
    })
}

pub(crate) async fn dead_letters(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let letters = site.app.dead_letters(&officer).await?;
    let row = |letter: &DeadLetter| DeadRow {
        kind: visitor.text(&format!("effect-{}", letter.kind)),
        number: letter.number.clone(),
        item: show::item_name(&site, &letter.item, visitor.lang),
        attempts: letter.attempts,
        error: letter.error.clone(),
        since: show::moment(&visitor, letter.since),
        given_up: show::moment(&visitor, letter.given_up),
        retry: format!("/desk/dead-letters/{}/retry", letter.id),
        give_up: format!("/desk/dead-letters/{}/give-up", letter.id),
    };
    visitor.personal(&DeadPage {
        agency: desk_agency(&visitor, &officer.agency),
        tabs: tabs(&visitor, &officer, "dead"),
        rows: letters.iter().map(row).collect(),
    })
}

pub(crate) async fn retry(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let officer = operator(&visitor, &form)?;
    site.app.revive(&officer, id, visitor.once(&form)?.as_ref()).await?;
    Ok(see_other("/desk/dead-letters?notice=done"))
}

pub(crate) async fn give_up(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let officer = operator(&visitor, &form)?;
    site.app.give_up(&officer, id, &form.words(), visitor.once(&form)?.as_ref()).await?;
    Ok(see_other("/desk/dead-letters?notice=done"))
}

fn operator(visitor: &Visitor, form: &Form) -> Result<Officer, Failure> {
    visitor.believe(form.get("csrf"))?;
    visitor.officer()
}
