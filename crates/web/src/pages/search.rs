//! `/search`

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::Lang;
use packs::{Audience, ItemKind, ServiceItem};
use search::{Field, Hit};

use super::show;
use crate::failure::Failure;
use crate::forms::Form;
use crate::limits::{FILTER_CHARS, QUERY_CHARS};
use crate::site::Site;
use crate::view::catalogue::{Chosen, Corrected, Filter, ItemLine, Pager, SearchPage, Why};
use crate::view::{Link, Tx};
use crate::visitor::Visitor;

/// Results on a page.
pub(crate) const PAGE: usize = 20;
/// Choices of one filter: what is rarer is better searched for in words.
const CHOICES: usize = 8;
/// Filters by query name.
const FILTERS: [&str; 7] = ["online", "zero", "area", "kind", "audience", "theme", "agency"];

/// What was asked: words, filters and page.
struct Asked {
    q: String,
    filters: Vec<(&'static str, String)>,
    life: Option<packs::LifeEvent>,
    page: usize,
}

impl Asked {
    fn of(site: &Site, query: &str) -> Self {
        let form = Form::decode(query.as_bytes());
        let filters =
            FILTERS.into_iter().filter_map(|name| Some((name, wanted(name, form.get(name))?))).collect();
        let life = site.app.catalogue.life_events.iter().find(|event| event.id == form.get("life")).cloned();
        Self {
            q: form.get("q").trim().chars().take(QUERY_CHARS).collect(),
            filters,
            life,
            page: form.get("page").parse().unwrap_or(1).clamp(1, 1_000),
        }
    }

    fn keeps(&self, item: &ServiceItem) -> bool {
        let life = self.life.as_ref().is_none_or(|event| {
            event.items.contains(&item.code) || item.themes.iter().any(|theme| event.themes.contains(theme))
        });
        life && self.filters.iter().all(|(name, value)| keeps(name, value, item))
    }

    /// The same search with a filter less, and another page.
    fn href(&self, without: Option<&str>, page: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        if let Some(life) = &self.life {
            query.append_pair("life", &life.id);
        }
        for (name, value) in self.filters.iter().filter(|(name, _)| Some(*name) != without) {
            query.append_pair(name, value);
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        format!("/search?{}", query.finish())
    }
}

/// The value of a filter as it goes into every address of the page. Whatever is longer than any code is none.
fn wanted(name: &str, value: &str) -> Option<String> {
    let switch = matches!(name, "online" | "zero");
    match value {
        "" => None,
        _ if switch => Some("1".to_owned()),
        code => (code.chars().count() <= FILTER_CHARS).then(|| code.to_owned()),
    }
}

fn keeps(name: &str, value: &str, item: &ServiceItem) -> bool {
    match name {
        "online" => item.online(),
        "zero" => item.zero_visit(),
        "area" => item.area.as_str() == value,
        "kind" => item.kind.id() == value,
        "audience" => item.audiences.iter().any(|audience| audience.id() == value),
        "theme" => item.themes.iter().any(|theme| theme == value),
        _ => item.agency == value,
    }
}

/// What was found: all items for the counts, and the lines of this page.
struct Found {
    all: Vec<u32>,
    lines: Vec<ItemLine>,
    corrected: Option<Corrected>,
    partial: bool,
}

pub(crate) async fn search(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let asked = Asked::of(&site, query.as_deref().unwrap_or_default());
    // The catalogue does not change while the program runs: the same search has the same answer.
    visitor.kept(&site.searches, &asked.href(None, asked.page), || Ok(answer(&site, &asked, visitor.lang)))
}

fn answer(site: &Site, asked: &Asked, lang: Lang) -> SearchPage {
    let found = if asked.q.is_empty() { browse(site, asked, lang) } else { find(site, asked, lang) };
    let total = found.all.len();
    SearchPage {
        hidden: asked.filters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        chosen: chosen(site, asked, lang),
        filters: filters(site, asked, &found.all, lang),
        corrected: found.corrected,
        partial: found.partial,
        results: found.lines,
        total: u32::try_from(total).unwrap_or(u32::MAX),
        pager: pager(total, asked.page, |page| asked.href(None, page)),
        suggestions: if total == 0 { suggestions(site, lang) } else { Vec::new() },
        q: asked.q.clone(),
    }
}

/// Without words: every item the filters let through.
fn browse(site: &Site, asked: &Asked, lang: Lang) -> Found {
    let item = |at: u32| &site.app.catalogue.items[at as usize];
    let all: Vec<u32> = site.shelves.all.iter().copied().filter(|&at| asked.keeps(item(at))).collect();
    let shown = all.iter().skip((asked.page - 1) * PAGE).take(PAGE);
    let lines = shown.map(|&at| show::line(site, item(at), &[], lang)).collect();
    Found { all, lines, corrected: None, partial: false }
}

fn find(site: &Site, asked: &Asked, lang: Lang) -> Found {
    let item = |at: u32| &site.app.catalogue.items[at as usize];
    let results = site.app.search.search(&asked.q, asked.page * PAGE, &|at| asked.keeps(item(at)));
    let shown = results.hits.iter().skip((asked.page - 1) * PAGE);
    Found {
        lines: shown.map(|hit| hit_line(site, item(hit.doc), hit, lang)).collect(),
        corrected: results.corrected.map(|to| Corrected { to }),
        partial: results.partial,
        all: results.found,
    }
}

fn hit_line(site: &Site, item: &ServiceItem, hit: &Hit, lang: Lang) -> ItemLine {
    let english = lang == Lang::En && item.name.en.is_some();
    let marks = if english { &hit.name_en_marks } else { &hit.name_marks };
    let mut line = show::line(site, item, marks, lang);
    line.why = hit
        .why
        .as_ref()
        .map(|why| Why { field: field_id(why.field), segments: show::segments(&why.text, &why.marks) });
    line
}

fn field_id(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::CommonName => "common-name",
        Field::Synonym => "synonym",
        Field::Parent => "parent",
        Field::Theme => "theme",
        Field::Agency => "agency",
        Field::Conditions => "conditions",
    }
}

fn chosen(site: &Site, asked: &Asked, lang: Lang) -> Vec<Chosen> {
    let each = asked.filters.iter().map(|(name, value)| Chosen {
        filter: name,
        text: choice(site, name, value, lang),
        remove: asked.href(Some(name), 1),
    });
    each.collect()
}

/// The words of a filter's value.
fn choice(site: &Site, name: &str, value: &str, lang: Lang) -> Tx {
    let catalogue = &site.app.catalogue;
    let named = match name {
        "theme" => catalogue.theme(value).map(|theme| Tx::of(&theme.name, lang)),
        "agency" => catalogue.agency(value).map(|agency| Tx::of(&agency.name, lang)),
        "area" => catalogue.area(value).map(|area| Tx::of(&area.name, lang)),
        "kind" => known(ItemKind::ALL.map(ItemKind::id).as_slice(), value)
            .map(|id| Tx::own(site.views.text(lang, &format!("kind-{id}"), &[]))),
        "audience" => known(Audience::ALL.map(Audience::id).as_slice(), value)
            .map(|id| Tx::own(site.views.text(lang, &format!("audience-{id}"), &[]))),
        _ => Some(Tx::own("")),
    };
    named.unwrap_or_else(|| Tx::own(value))
}

fn known<'a>(ids: &[&'a str], value: &str) -> Option<&'a str> {
    ids.iter().copied().find(|id| *id == value)
}

/// Choices among what was found, with counts, most first; a filter with one choice helps nobody.
fn filters(site: &Site, asked: &Asked, found: &[u32], lang: Lang) -> Vec<Filter> {
    let mut counts: HashMap<&'static str, HashMap<&str, u32>> = HashMap::new();
    let mut total = 0;
    for &at in found {
        let item = &site.app.catalogue.items[at as usize];
        total += 1;
        let mut add = |name, value| *counts.entry(name).or_default().entry(value).or_default() += 1;
        if item.online() {
            add("online", "1");
        }
        if item.zero_visit() {
            add("zero", "1");
        }
        add("area", item.area.as_str());
        add("kind", item.kind.id());
        add("agency", &item.agency);
        item.audiences.iter().for_each(|audience| add("audience", audience.id()));
        item.themes.iter().for_each(|theme| add("theme", theme));
    }
    let base = asked.href(None, 1);
    let open = FILTERS.into_iter().filter(|name| !asked.filters.iter().any(|(chosen, _)| chosen == name));
    let each = open.filter_map(|name| {
        let mut values: Vec<_> = counts.remove(name)?.into_iter().collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let helps = values.len() > 1 || values.first().is_some_and(|(_, count)| *count < total);
        helps.then(|| Filter {
            id: name,
            options: values
                .into_iter()
                .take(CHOICES)
                .map(|(value, count)| {
                    // Values are ids of the packs, which are safe in a URL.
                    let href = format!("{base}{}{name}={value}", if base.ends_with('?') { "" } else { "&" });
                    Link::counted(href, choice(site, name, value, lang), count)
                })
                .collect(),
        })
    });
    each.collect()
}

/// Where to look when nothing was found: the fullest themes.
fn suggestions(site: &Site, lang: Lang) -> Vec<Link> {
    let mut themes: Vec<_> =
        site.app.catalogue.themes.iter().map(|theme| (site.shelves.theme(&theme.id), theme)).collect();
    themes.sort_by_key(|(items, _)| std::cmp::Reverse(items.len()));
    let link = |(items, theme): &(&[u32], &packs::Theme)| {
        Link::counted(
            format!("/themes/{}", theme.id),
            Tx::of(&theme.name, lang),
            super::shelves::count(items),
        )
    };
    themes.iter().skip(1).take(6).map(link).collect()
}

/// Where one is in a long list; none for a list of one page.
pub(crate) fn pager(total: usize, page: usize, href: impl Fn(usize) -> String) -> Option<Pager> {
    let pages = total.div_ceil(PAGE);
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (pages > 1).then(|| Pager {
        page: number(page),
        pages: number(pages),
        prev: (page > 1).then(|| href(page - 1)),
        next: (page < pages).then(|| href(page + 1)),
    })
}
