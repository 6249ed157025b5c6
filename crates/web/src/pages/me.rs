//! `/me`

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::{CaseId, PersonId, from_micros};

use super::show;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::account::{CaseLine, MePage};
use crate::view::{Link, Tx};
use crate::visitor::Visitor;

pub(crate) async fn me(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (person, party) = (visitor.citizen()?, visitor.party()?);
    let before = Form::decode(query.unwrap_or_default().as_bytes()).get("before").parse().ok();
    let mine = site.app.my_cases(party, before.map(CaseId)).await?;
    let cases = &mine.cases;
    let plain = |case: &store::MyCase| CaseLine {
        href: format!("/me/cases/{}", case.id),
        item: show::item_name(&site, &case.item, visitor.lang),
        number: case.number.clone(),
        status: show::status(&case.status),
        date: show::moment(&visitor, from_micros(case.updated_at)),
        parts: Vec::new(),
    };
    // A part stands under its joint case, where that is on the same page.
    let listed = |id: uuid::Uuid| cases.iter().any(|case| case.id == id);
    let line = |case: &store::MyCase| CaseLine {
        parts: cases.iter().filter(|part| part.part_of == Some(case.id)).map(plain).collect(),
        ..plain(case)
    };
    let pick = |wanted: fn(&str) -> bool| {
        let alone = |case: &&store::MyCase| case.part_of.is_none_or(|joint| !listed(joint));
        let urgent = |case: &&store::MyCase| asks_me(&case.status) || alone(case);
        cases.iter().filter(urgent).filter(|case| wanted(&case.status)).map(line).collect()
    };
    let drafts = site.app.drafts(party).await?;
    let page = MePage {
        wanted: pick(asks_me),
        drafts: drafts
            .iter()
            .map(|draft| CaseLine {
                href: super::apply::resume(draft),
                item: Tx::of(&draft.definition.item.name, visitor.lang),
                number: String::new(),
                status: "draft",
                date: show::moment(&visitor, draft.updated),
                parts: Vec::new(),
            })
            .collect(),
        running: pick(|status| !asks_me(status) && !status.starts_with("closed-")),
        closed: pick(|status| status.starts_with("closed-")),
        older: cases.last().filter(|_| mine.more).map(|case| format!("/me?before={}", case.id)),
        unread: u32::try_from(site.app.unread(person).await?).unwrap_or(u32::MAX),
        asks: asks(&visitor, person).await?,
        acting: visitor.acting.as_ref().map(|acting| acting.name.clone()),
    };
    visitor.personal(&page)
}

/// The applicant has to do something.
fn asks_me(status: &str) -> bool {
    matches!(status, "awaiting-correction" | "awaiting-confirmation")
}

/// Who waits for an answer of whoever is signed in; a message tells it only to who was known when it was asked.
async fn asks(visitor: &Visitor, person: PersonId) -> Result<Vec<Link>, Failure> {
    let link = |ask: &app::AskView| {
        let page = super::relatives::page_of(ask.bond);
        let key = format!("tie-ask-as-{}", ask.side.id());
        Link::new(page, Tx::own(visitor.text_with(&key, &[("who", &ask.name)])))
    };
    Ok(visitor.site.app.asks(person).await?.iter().map(link).collect())
}
