//! What every list page counts, counted once: items by theme, agency and area.

use std::collections::HashMap;

use packs::Catalogue;

/// Positions of items in the catalogue, those one can apply for first.
pub(crate) struct Shelves {
    pub(crate) all: Vec<u32>,
    themes: HashMap<String, Vec<u32>>,
    agencies: HashMap<String, Vec<u32>>,
    areas: HashMap<String, Vec<u32>>,
    pub(crate) online: u32,
    pub(crate) zero_visit: u32,
    pub(crate) worked_examples: u32,
}

impl Shelves {
    pub(crate) fn of(catalogue: &Catalogue) -> Self {
        let mut all: Vec<u32> = (0..).take(catalogue.items.len()).collect();
        let item = |at: u32| &catalogue.items[at as usize];
        all.sort_by_key(|&at| (!item(at).worked_example, !item(at).online(), at));
        let mut shelves = Self {
            all: Vec::new(),
            themes: HashMap::new(),
            agencies: HashMap::new(),
            areas: HashMap::new(),
            online: 0,
            zero_visit: 0,
            worked_examples: 0,
        };
        for &at in &all {
            let item = item(at);
            for theme in &item.themes {
                shelves.themes.entry(theme.clone()).or_default().push(at);
            }
            shelves.agencies.entry(item.agency.clone()).or_default().push(at);
            shelves.areas.entry(item.area.as_str().to_owned()).or_default().push(at);
            shelves.online += u32::from(item.online());
            shelves.zero_visit += u32::from(item.zero_visit());
            shelves.worked_examples += u32::from(item.worked_example);
        }
        shelves.all = all;
        shelves
    }

    pub(crate) fn theme(&self, id: &str) -> &[u32] {
        self.themes.get(id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn agency(&self, code: &str) -> &[u32] {
        self.agencies.get(code).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn area(&self, code: &str) -> &[u32] {
        self.areas.get(code).map_or(&[], Vec::as_slice)
    }
}

/// A count for people; lists are never longer than a `u32` holds.
pub(crate) fn count(items: &[u32]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
