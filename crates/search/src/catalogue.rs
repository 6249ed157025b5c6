//! The texts of a catalogue that the index reads.

use crate::doc::Doc;
use packs::{Catalogue, ServiceItem};

/// What an item worked out by hand gains: its form and texts are better than those made from data.
const WORKED_BOOST: f32 = 1.3;
/// People look for what they can apply for themselves.
const THINGS_BOOST: f32 = 0.2;

/// One document for each item, in the order of [`Catalogue::items`].
#[must_use]
pub fn docs_of(catalogue: &Catalogue) -> Vec<Doc> {
    catalogue.items.iter().map(|item| doc(catalogue, item)).collect()
}

fn doc(catalogue: &Catalogue, item: &ServiceItem) -> Doc {
    let themes = item.themes.iter().filter_map(|id| catalogue.theme(id));
    Doc {
        name: item.name.clone(),
        common_names: item.common_names.clone(),
        parent: item.parent.clone(),
        agency: catalogue.agency(&item.agency).map(|agency| agency.name.zh.clone()).unwrap_or_default(),
        themes: themes.map(|theme| theme.name.zh.clone()).collect(),
        conditions: item.conditions.as_ref().map(|conditions| conditions.zh.clone()),
        online: item.online(),
        boost: match item {
            item if item.for_things() => THINGS_BOOST,
            item if item.worked_example => WORKED_BOOST,
            _ => 1.0,
        },
    }
}
