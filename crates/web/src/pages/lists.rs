//! `/themes`, `/agencies`, `/areas` and what stands behind each name.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::{AreaLevel, Lang};
use packs::ThemeAudience;

use super::search::{PAGE, pager};
use super::shelves::count;
use super::show;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::catalogue::{Group, IndexPage, ListPage};
use crate::view::{Link, Tx};
use crate::visitor::Visitor;

pub(crate) async fn themes(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    visitor.kept(&site.kept, "/themes", || Ok(all_themes(&site, &visitor)))
}

fn all_themes(site: &Site, visitor: &Visitor) -> IndexPage {
    let group = |audience, key: &str| Group {
        heading: Some(Link::new("", Tx::own(visitor.text(key)))),
        links: site
            .app
            .catalogue
            .themes
            .iter()
            .filter(|theme| theme.audience == audience && !site.shelves.theme(&theme.id).is_empty())
            .map(|theme| {
                let href = format!("/themes/{}", theme.id);
                Link::counted(href, Tx::of(&theme.name, visitor.lang), count(site.shelves.theme(&theme.id)))
            })
            .collect(),
    };
    let groups = [
        group(ThemeAudience::Person, "audience-person"),
        group(ThemeAudience::Organisation, "audience-organisation"),
    ];
    let groups = groups.into_iter().filter(|group| !group.links.is_empty()).collect();
    IndexPage { kind: "themes", groups }
}

pub(crate) async fn agencies(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    visitor.kept(&site.kept, "/agencies", || Ok(all_agencies(&site, &visitor)))
}

fn all_agencies(site: &Site, visitor: &Visitor) -> IndexPage {
    let catalogue = &site.app.catalogue;
    let mut areas: Vec<_> = catalogue.agencies.iter().map(|agency| agency.area.clone()).collect();
    areas.sort();
    areas.dedup();
    let groups = areas.iter().map(|code| Group {
        heading: Some(area_link(site, code.as_str(), visitor.lang)),
        links: catalogue
            .agencies
            .iter()
            .filter(|agency| agency.area == *code)
            .map(|agency| {
                let href = format!("/agencies/{}", agency.code);
                Link::counted(
                    href,
                    Tx::of(&agency.name, visitor.lang),
                    count(site.shelves.agency(&agency.code)),
                )
            })
            .collect(),
    });
    IndexPage { kind: "agencies", groups: groups.collect() }
}

pub(crate) async fn areas(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    visitor.kept(&site.kept, "/areas", || Ok(all_areas(&site, &visitor)))
}

/// Areas with items, each with the areas in it.
fn all_areas(site: &Site, visitor: &Visitor) -> IndexPage {
    let catalogue = &site.app.catalogue;
    let served = catalogue.areas.iter().filter(|area| area.level == AreaLevel::Province);
    let served = served.filter(|area| !site.shelves.area(area.code.as_str()).is_empty());
    let mut groups = Vec::new();
    for province in served {
        let link = |area: &packs::Area| area_link(site, area.code.as_str(), visitor.lang);
        groups.push(Group {
            heading: Some(link(province)),
            links: catalogue.children(Some(province.code.as_str())).map(link).collect(),
        });
        for city in catalogue.children(Some(province.code.as_str())) {
            let counties = catalogue.children(Some(city.code.as_str()));
            let links: Vec<_> = counties.filter(|area| area.level == AreaLevel::County).map(link).collect();
            if !links.is_empty() {
                groups.push(Group { heading: Some(link(city)), links });
            }
        }
    }
    IndexPage { kind: "areas", groups }
}

fn area_link(site: &Site, code: &str, lang: Lang) -> Link {
    let name = site.app.catalogue.area(code).map_or_else(|| Tx::own(code), |area| Tx::of(&area.name, lang));
    let items = count(site.shelves.area(code));
    let href = format!("/areas/{code}");
    if items == 0 { Link::new(href, name) } else { Link::counted(href, name, items) }
}

pub(crate) async fn theme(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let theme = site.app.catalogue.theme(&id).ok_or(Failure::NotFound)?;
    let list = List {
        kind: "theme",
        name: Tx::of(&theme.name, visitor.lang),
        up: Link::new("/themes", Tx::own(visitor.text("themes"))),
        within: Vec::new(),
        items: site.shelves.theme(&id),
        value: id.clone(),
    };
    list.show(&visitor, query.as_deref())
}

pub(crate) async fn agency(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let agency = site.app.catalogue.agency(&code).ok_or(Failure::NotFound)?;
    let list = List {
        kind: "agency",
        name: Tx::of(&agency.name, visitor.lang),
        up: Link::new("/agencies", Tx::own(visitor.text("agencies"))),
        within: Vec::new(),
        items: site.shelves.agency(&code),
        value: code.clone(),
    };
    list.show(&visitor, query.as_deref())
}

pub(crate) async fn area(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let area = site.app.catalogue.area(&code).ok_or(Failure::NotFound)?;
    let up = match &area.parent {
        Some(parent) => area_link(&site, parent.as_str(), visitor.lang),
        None => Link::new("/areas", Tx::own(visitor.text("areas"))),
    };
    let within = site.app.catalogue.children(Some(&code));
    let list = List {
        kind: "area",
        name: Tx::of(&area.name, visitor.lang),
        up,
        within: within.map(|area| area_link(&site, area.code.as_str(), visitor.lang)).collect(),
        items: site.shelves.area(&code),
        value: code.clone(),
    };
    list.show(&visitor, query.as_deref())
}

struct List<'a> {
    kind: &'static str,
    name: Tx,
    up: Link,
    within: Vec<Link>,
    items: &'a [u32],
    value: String,
}

impl List<'_> {
    fn show(self, visitor: &Visitor, query: Option<&str>) -> Result<Response, Failure> {
        let site = &visitor.site;
        let page = Form::decode(query.unwrap_or_default().as_bytes())
            .get("page")
            .parse()
            .unwrap_or(1_usize)
            .clamp(1, 1_000);
        let shown = self.items.iter().skip((page - 1) * PAGE).take(PAGE);
        let line = |&at: &u32| show::line(site, &site.app.catalogue.items[at as usize], &[], visitor.lang);
        visitor.page(&ListPage {
            kind: self.kind,
            name: self.name,
            up: self.up,
            within: self.within,
            scope: (self.kind.to_owned(), self.value),
            items: shown.map(line).collect(),
            total: count(self.items),
            pager: pager(self.items.len(), page, |page| format!("?page={page}")),
        })
    }
}
