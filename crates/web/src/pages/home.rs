//! `/`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::show;
use crate::failure::Failure;
use crate::site::Site;
use crate::view::home::{HomePage, LifeEvent, OpenView};
use crate::view::{Link, Tx};
use crate::visitor::Visitor;

/// Cases and drafts shown on the home page.
const OPEN: usize = 4;

pub(crate) async fn home(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let lang = visitor.lang;
    let catalogue = &site.app.catalogue;
    let (open, more_open) = open(&visitor).await?;
    let pick = |code: &String| {
        let item = catalogue.item(code)?;
        // What people call it is shorter than what the catalogue calls it.
        Some(Link::new(format!("/items/{code}"), short(item, lang)))
    };
    let cities = catalogue.areas.iter().filter(|area| site_area(&site, area.code.as_str()));
    let page = HomePage {
        open,
        more_open,
        picks: catalogue.picks.iter().filter_map(pick).collect(),
        life: catalogue
            .life_events
            .iter()
            .map(|event| {
                LifeEvent::new(&event.id, Tx::of(&event.name, lang), format!("/search?life={}", event.id))
            })
            .collect(),
        areas: cities
            .map(|area| Link::new(format!("/areas/{}", area.code), Tx::of(&area.name, lang)))
            .collect(),
        items: super::shelves::count(&site.shelves.all),
        online: site.shelves.online,
        zero_visit: site.shelves.zero_visit,
    };
    visitor.page(&page)
}

/// The cities of the provinces that have items here.
fn site_area(site: &Site, code: &str) -> bool {
    let Some(area) = site.app.catalogue.area(code) else { return false };
    area.parent.as_ref().is_some_and(|parent| {
        parent.level() == domain::AreaLevel::Province && !site.shelves.area(parent.as_str()).is_empty()
    })
}

fn short(item: &packs::ServiceItem, lang: domain::Lang) -> Tx {
    match (lang, item.common_names.first()) {
        (domain::Lang::Zh, Some(name)) => Tx::own(name.clone()),
        _ => Tx::of(&item.name, lang),
    }
}

async fn open(visitor: &Visitor) -> Result<(Vec<OpenView>, bool), Failure> {
    let Ok(person) = visitor.citizen() else { return Ok((Vec::new(), false)) };
    let app = &visitor.site.app;
    let mut views = Vec::new();
    for case in app.my_cases(person, None).await?.cases {
        if case.status.starts_with("closed-") {
            continue;
        }
        views.push(OpenView {
            href: format!("/me/cases/{}", case.id),
            item: show::item_name(&visitor.site, &case.item, visitor.lang),
            wanted: case.status == "awaiting-correction",
            status: show::status(&case.status),
            note: String::new(),
        });
    }
    views.sort_by_key(|view| !view.wanted);
    for draft in app.drafts(person).await? {
        views.push(OpenView {
            href: super::apply::resume(&draft),
            item: Tx::of(&draft.definition.item.name, visitor.lang),
            status: "draft",
            wanted: false,
            note: show::moment(visitor, draft.updated),
        });
    }
    let more = views.len() > OPEN;
    views.truncate(OPEN);
    Ok((views, more))
}
