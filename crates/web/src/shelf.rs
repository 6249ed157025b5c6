//! Pages that are the same for everybody, rendered once and kept: the catalogue does not change while the
//! program runs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::Lang;

use crate::view::Kept;

/// Most pages kept; beyond, the shelf is cleared and filled anew.
const MAX_KEPT: usize = 20_000;

/// Kept pages by path, in both languages. Only paths that exist are put here.
#[derive(Default)]
pub(crate) struct Shelf(RwLock<HashMap<Box<str>, [Option<Arc<Kept>>; 2]>>);

fn slot(lang: Lang) -> usize {
    match lang {
        Lang::Zh => 0,
        Lang::En => 1,
    }
}

impl Shelf {
    pub(crate) fn get(&self, path: &str, lang: Lang) -> Option<Arc<Kept>> {
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        pages.get(path).and_then(|languages| languages[slot(lang)].clone())
    }

    pub(crate) fn put(&self, path: &str, lang: Lang, page: Arc<Kept>) {
        let mut pages = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= MAX_KEPT {
            pages.clear();
        }
        pages.entry(path.into()).or_default()[slot(lang)] = Some(page);
    }
}
