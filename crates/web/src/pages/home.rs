//! `/`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use domain::Lang;

use super::show;
use crate::failure::Failure;
use crate::site::Site;
use crate::view::home::{HomePage, LifeEvent, OpenView};
use crate::view::{Link, Tx};
use crate::visitor::Visitor;

/// Cases and drafts shown on the home page.
const OPEN: usize = 4;

pub(crate) async fn home(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let (open, more_open) = open(&visitor).await?;
    if open.is_empty() {
        return visitor.kept(&site.kept, "/", || Ok(front(&site, visitor.lang)));
    }
    visitor.page(&HomePage { open, more_open, ..front(&site, visitor.lang) })
}

/// What the home page shows everybody.
fn front(site: &Site, lang: Lang) -> HomePage {
    let catalogue = &site.app.catalogue;
    let pick = |code: &String| {
        let item = catalogue.item(code)?;
        // What people call it is shorter than what the catalogue calls it.
        Some(Link::new(format!("/items/{code}"), short(item, lang)))
    };
    let life = |event: &packs::LifeEvent| {
        LifeEvent::new(&event.id, Tx::of(&event.name, lang), format!("/search?life={}", event.id))
    };
    let cities = catalogue.areas.iter().filter(|area| is_city_served(site, area));
    HomePage {
        open: Vec::new(),
        more_open: false,
        picks: catalogue.picks.iter().filter_map(pick).collect(),
        life: catalogue.life_events.iter().map(life).collect(),
        areas: cities
            .map(|area| Link::new(format!("/areas/{}", area.code), Tx::of(&area.name, lang)))
            .collect(),
        items: super::shelves::count(&site.shelves.all),
        online: site.shelves.online,
        zero_visit: site.shelves.zero_visit,
    }
}

/// The cities of the provinces that have items here.
fn is_city_served(site: &Site, area: &packs::Area) -> bool {
    area.parent.as_ref().is_some_and(|parent| {
        parent.level() == domain::AreaLevel::Province && !site.shelves.area(parent.as_str()).is_empty()
    })
}

fn short(item: &packs::ServiceItem, lang: Lang) -> Tx {
    match (lang, item.common_names.first()) {
        (Lang::Zh, Some(name)) => Tx::own(name.clone()),
        _ => Tx::of(&item.name, lang),
    }
}

async fn open(visitor: &Visitor) -> Result<(Vec<OpenView>, bool), Failure> {
    let Ok(party) = visitor.party() else { return Ok((Vec::new(), false)) };
    let app = &visitor.site.app;
    let mut views = Vec::new();
    for case in app.my_cases(party, None).await?.cases {
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
    for draft in app.drafts(party).await? {
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
