//! Pages that are the same for everybody, rendered once and kept: the catalogue does not change while the
//! program runs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::Lang;

use crate::view::Kept;

/// A page in each language, once asked for.
type Languages = [Option<Arc<Kept>>; 2];

/// Kept pages by path, in both languages.
pub(crate) struct Shelf {
    pages: RwLock<HashMap<Box<str>, Languages>>,
    /// Most pages kept; beyond, the shelf is cleared and filled anew.
    room: usize,
}

fn slot(lang: Lang) -> usize {
    match lang {
        Lang::Zh => 0,
        Lang::En => 1,
    }
}

impl Shelf {
    pub(crate) fn with_room_for(room: usize) -> Self {
        Self { pages: RwLock::default(), room }
    }

    pub(crate) fn get(&self, path: &str, lang: Lang) -> Option<Arc<Kept>> {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        pages.get(path).and_then(|languages| languages[slot(lang)].clone())
    }

    pub(crate) fn put(&self, path: &str, lang: Lang, page: Arc<Kept>) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= self.room {
            pages.clear();
        }
        pages.entry(path.into()).or_default()[slot(lang)] = Some(page);
    }
}
