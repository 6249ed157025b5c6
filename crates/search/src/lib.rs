//! The catalogue index: finds service items by what people type, in memory.
//!
//! It understands Chinese words, pinyin with and without spaces, initials, common spoken names and
//! English where a text has English; it forgives the usual slips in pinyin, and says why each hit is
//! one. Built once from the catalogue and never changed afterwards, so it is shared between threads
//! without locks. It knows no database, no network and no clock, keeps nothing of what was typed, and
//! never panics on a query, whatever it is. Reasons and figures: `docs/decisions/0002-search.md`.

mod build;
mod catalogue;
mod doc;
mod evaluate;
mod fillers;
mod fold;
mod index;
mod mark;
mod phonetic;
mod query;
mod rank;
mod reading;
mod speller;
mod suggest;
mod table;
mod words;

pub use catalogue::docs_of;
pub use doc::{Doc, Field, Hit, Results, Why};
pub use index::Index;

/// Longest query read, in characters; what follows is ignored.
pub const MAX_QUERY_CHARS: usize = 100;

/// Most terms of a query that are searched for; what follows is ignored.
pub const MAX_TERMS: usize = 16;
