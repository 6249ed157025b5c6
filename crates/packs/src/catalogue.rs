//! The catalogue: everything the loaded packs say, checked, with a look-up for each kind of thing.

use std::collections::HashMap;

use domain::{AreaCode, AreaLevel, Calendar, Text};
use serde::{Deserialize, Serialize};

use crate::certificate::CertificateType;
use crate::item::{Handling, ServiceItem};
use crate::procedure::Procedure;

/// One loaded pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackInfo {
    /// Id, e.g. `guangdong`.
    pub id: String,
    /// Semantic version.
    pub version: String,
    /// What it is called.
    pub title: Text,
    /// Who publishes it.
    pub publisher: Text,
    /// Ids of the packs it builds on.
    pub needs: Vec<String>,
    /// Where its facts come from.
    pub sources: Vec<Source>,
    /// SHA-256 (hex) over the names and contents of all its files.
    pub digest: String,
}

/// Where facts come from, and on what terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short id that rows refer to.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it can be read.
    #[serde(default)]
    pub url: Option<String>,
    /// SPDX id or a sentence.
    pub licence: String,
    /// When it was fetched: a date or a year.
    pub retrieved: String,
    /// What to know about it.
    #[serde(default)]
    pub note: Option<String>,
}

/// An administrative area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Area {
    /// GB/T 2260 code, or the statistical nine or twelve digits.
    pub code: AreaCode,
    /// Name.
    pub name: Text,
    /// Level.
    pub level: AreaLevel,
    /// The area it lies in; `None` for a province.
    pub parent: Option<AreaCode>,
}

/// A body that carries items out 实施主体.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agency {
    /// Unified social credit code, or the `TE…` code the source uses.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Where it is competent.
    pub area: AreaCode,
}

/// Whom a theme is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeAudience {
    /// 自然人
    Person,
    /// 法人
    Organisation,
}

/// A theme 服务主题.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Theme {
    /// Stable id, safe in a URL.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Whom it is for.
    pub audience: ThemeAudience,
}

/// A moment of life that brings several errands with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LifeEvent {
    /// Stable id, safe in a URL.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Themes it touches.
    pub themes: Vec<String>,
    /// Codes of items to show first.
    pub items: Vec<String>,
}

/// A code list of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// Id, e.g. `item-kind`.
    pub id: String,
    /// Name.
    pub name: Text,
    /// The standard and clause.
    pub source: Text,
    /// Codes in the standard's order.
    pub entries: Vec<Code>,
}

/// One code of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The code, as text.
    pub code: String,
    /// Its meaning.
    pub name: Text,
    /// The word these packs use for it, where they have one.
    #[serde(default)]
    pub word: Option<String>,
}

/// Everything the loaded packs say. Built only by the loader, so what refers to something finds it.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Loaded packs, a pack after those it needs.
    pub packs: Vec<PackInfo>,
    /// Areas, parents before children.
    pub areas: Vec<Area>,
    /// Agencies, in the files' order.
    pub agencies: Vec<Agency>,
    /// Themes, in the files' order.
    pub themes: Vec<Theme>,
    /// Items, in a stable order: by pack, then as the files list them.
    pub items: Vec<ServiceItem>,
    /// Procedures, by id.
    pub procedures: Vec<Procedure>,
    /// Which days count.
    pub calendar: Calendar,
    /// Groups of words that mean the same to people.
    pub synonyms: Vec<Vec<String>>,
    /// Codes of the items shown on the home page.
    pub picks: Vec<String>,
    /// Moments of life.
    pub life_events: Vec<LifeEvent>,
    /// Code lists of the standards.
    pub codes: Vec<CodeList>,
    /// Types of certificate, in the files' order.
    pub certificates: Vec<CertificateType>,
    index: Index,
}

/// Positions by key.
#[derive(Debug, Clone, Default)]
struct Index {
    areas: HashMap<String, usize>,
    agencies: HashMap<String, usize>,
    themes: HashMap<String, usize>,
    items: HashMap<String, usize>,
    procedures: HashMap<String, usize>,
    children: HashMap<String, Vec<usize>>,
    item_packs: Vec<usize>,
}

/// What the loader hands over: a catalogue without its look-ups.
pub(crate) struct Parts {
    pub(crate) packs: Vec<PackInfo>,
    pub(crate) areas: Vec<Area>,
    pub(crate) agencies: Vec<Agency>,
    pub(crate) themes: Vec<Theme>,
    pub(crate) items: Vec<ServiceItem>,
    /// For each item, the position of its pack.
    pub(crate) item_packs: Vec<usize>,
    pub(crate) procedures: Vec<Procedure>,
    pub(crate) calendar: Calendar,
    pub(crate) synonyms: Vec<Vec<String>>,
    pub(crate) picks: Vec<String>,
    pub(crate) life_events: Vec<LifeEvent>,
    pub(crate) codes: Vec<CodeList>,
    pub(crate) certificates: Vec<CertificateType>,
}

/// How much there is, for the last line of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Items.
    pub items: usize,
    /// Of these, published ones: all but the worked examples.
    pub published: usize,
    /// Items one can apply for here.
    pub online: usize,
    /// Of these, items without an errand.
    pub online_zero_visit: usize,
    /// Look-ups.
    pub look_ups: usize,
    /// Items known only by their guide.
    pub guide_only: usize,
    /// Worked examples among the items.
    pub worked_examples: usize,
    /// Agencies.
    pub agencies: usize,
    /// Areas.
    pub areas: usize,
    /// Themes.
    pub themes: usize,
    /// Procedures.
    pub procedures: usize,
}

impl Catalogue {
    pub(crate) fn new(parts: Parts) -> Self {
        let mut index = Index {
            areas: positions(parts.areas.iter().map(|area| area.code.as_str())),
            agencies: positions(parts.agencies.iter().map(|agency| agency.code.as_str())),
            themes: positions(parts.themes.iter().map(|theme| theme.id.as_str())),
            items: positions(parts.items.iter().map(|item| item.code.as_str())),
            procedures: positions(parts.procedures.iter().map(|procedure| procedure.procedure.as_str())),
            children: HashMap::new(),
            item_packs: parts.item_packs,
        };
        for (at, area) in parts.areas.iter().enumerate() {
            if let Some(parent) = &area.parent {
                index.children.entry(parent.as_str().to_owned()).or_default().push(at);
            }
        }
        Self {
            packs: parts.packs,
            areas: parts.areas,
            agencies: parts.agencies,
            themes: parts.themes,
            items: parts.items,
            procedures: parts.procedures,
            calendar: parts.calendar,
            synonyms: parts.synonyms,
            picks: parts.picks,
            life_events: parts.life_events,
            codes: parts.codes,
            certificates: parts.certificates,
            index,
        }
    }

    /// The item with this code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&ServiceItem> {
        self.item_index(code).and_then(|at| self.items.get(at))
    }

    /// The position in [`Catalogue::items`] of the item with this code.
    #[must_use]
    pub fn item_index(&self, code: &str) -> Option<usize> {
        self.index.items.get(code).copied()
    }

    /// The agency with this code.
    #[must_use]
    pub fn agency(&self, code: &str) -> Option<&Agency> {
        self.index.agencies.get(code).and_then(|&at| self.agencies.get(at))
    }

    /// The area with this code.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.index.areas.get(code).and_then(|&at| self.areas.get(at))
    }

    /// The areas that lie directly in this one; the provinces for `None`.
    pub fn children<'a>(&'a self, parent: Option<&str>) -> Box<dyn Iterator<Item = &'a Area> + 'a> {
        match parent {
            None => Box::new(self.areas.iter().filter(|area| area.parent.is_none())),
            Some(code) => {
                let positions = self.index.children.get(code).map_or(&[][..], Vec::as_slice);
                Box::new(positions.iter().filter_map(|&at| self.areas.get(at)))
            }
        }
    }

    /// The area and those it lies in, from the province down; empty for an unknown code.
    #[must_use]
    pub fn area_path(&self, code: &str) -> Vec<&Area> {
        let mut path = Vec::new();
        let mut next = self.area(code);
        while let Some(area) = next.filter(|_| path.len() < 8) {
            path.push(area);
            next = area.parent.as_ref().and_then(|parent| self.area(parent.as_str()));
        }
        path.reverse();
        path
    }

    /// The theme with this id.
    #[must_use]
    pub fn theme(&self, id: &str) -> Option<&Theme> {
        self.index.themes.get(id).and_then(|&at| self.themes.get(at))
    }

    /// The procedure with this id.
    #[must_use]
    pub fn procedure(&self, id: &str) -> Option<&Procedure> {
        self.index.procedures.get(id).and_then(|&at| self.procedures.get(at))
    }

    /// The procedure an item is handled by; `None` for look-ups and guides.
    #[must_use]
    pub fn procedure_of(&self, item: &ServiceItem) -> Option<&Procedure> {
        match &item.handling {
            Handling::Online { procedure } => self.procedure(procedure),
            Handling::LookUp { .. } | Handling::GuideOnly { .. } => None,
        }
    }

    /// The pack that brought an item; for an item of another catalogue, the last pack.
    #[must_use]
    pub fn pack_of(&self, item: &ServiceItem) -> &PackInfo {
        let at = self.item_index(&item.code).and_then(|at| self.index.item_packs.get(at));
        let last = self.packs.len().saturating_sub(1);
        &self.packs[at.copied().unwrap_or(last).min(last)]
    }

    /// The code list with this id.
    #[must_use]
    pub fn code_list(&self, id: &str) -> Option<&CodeList> {
        self.codes.iter().find(|list| list.id == id)
    }

    /// How much there is.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            agencies: self.agencies.len(),
            areas: self.areas.len(),
            themes: self.themes.len(),
            procedures: self.procedures.len(),
            ..Counts::of_items(&self.items)
        }
    }
}

impl Counts {
    /// The items counted by what one can do with them, and nothing else.
    pub(crate) fn of_items(items: &[ServiceItem]) -> Self {
        let count = |test: &dyn Fn(&ServiceItem) -> bool| items.iter().filter(|item| test(item)).count();
        Self {
            items: items.len(),
            published: count(&|item| !item.worked_example),
            online: count(&ServiceItem::online),
            online_zero_visit: count(&|item| item.online() && item.zero_visit()),
            look_ups: count(&|item| matches!(item.handling, Handling::LookUp { .. })),
            guide_only: count(&|item| matches!(item.handling, Handling::GuideOnly { .. })),
            worked_examples: count(&|item| item.worked_example),
            ..Self::default()
        }
    }
}

fn positions<'a>(keys: impl Iterator<Item = &'a str>) -> HashMap<String, usize> {
    keys.enumerate().map(|(at, key)| (key.to_owned(), at)).collect()
}
