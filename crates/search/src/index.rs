//! The index and its two questions.

use crate::build::Builder;
use crate::doc::{Doc, Field, Results};
use crate::mark::Marker;
use crate::query::Query;
use crate::speller::Speller;
use crate::table::Table;
use crate::words::Words;
use crate::{evaluate, rank, suggest};
use domain::Text;
use std::collections::BTreeSet;

/// The catalogue index: built once, then only read.
pub struct Index {
    pub(crate) entries: Vec<Entry>,
    /// Chinese characters and pairs of characters.
    pub(crate) han: Table,
    /// Words in Latin letters, and numbers; English plurals without their s.
    pub(crate) latin: Table,
    /// Words and single characters by how they sound.
    pub(crate) pinyin: Table,
    /// Initials of words and of short phrases.
    pub(crate) initials: Table,
    /// The keys of `pinyin` that are one syllable.
    pub(crate) syllables: BTreeSet<&'static str>,
    pub(crate) words: Words,
    pub(crate) pinyin_speller: Speller,
    pub(crate) latin_speller: Speller,
    /// Names and common names as written and as they sound, sorted.
    pub(crate) starts: Vec<Start>,
}

/// One item, with what is needed to rank and explain it.
pub(crate) struct Entry {
    pub(crate) name: Text,
    /// The Chinese name without what separates.
    pub(crate) plain: String,
    pub(crate) common_names: Vec<String>,
    pub(crate) synonyms: Vec<Synonym>,
    pub(crate) parent: Option<String>,
    pub(crate) agency: String,
    pub(crate) themes: Vec<String>,
    pub(crate) conditions: Option<String>,
    /// Whether its Chinese texts are written as the index folds them, so that nothing need be folded again.
    pub(crate) as_folded: bool,
    /// Factor on the score: being online and the boost asked for.
    pub(crate) boost: f32,
}

/// A word an item is also found by.
pub(crate) struct Synonym {
    /// What people say.
    pub(crate) said: String,
    /// What the item's text has.
    pub(crate) written: String,
    /// [`Field::Synonym`], or [`Field::Theme`] when only a theme has it.
    pub(crate) field: Field,
}

/// A name in one of its writings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Start {
    pub(crate) text: Box<str>,
    pub(crate) doc: u32,
    pub(crate) field: Field,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("docs", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Index {
    /// Builds the index. `synonyms` are groups of words that mean the same to people; an item whose
    /// name, common names, parent or themes have one of a group is found by all of it.
    #[must_use]
    pub fn build(docs: Vec<Doc>, synonyms: &[Vec<String>]) -> Self {
        let mut builder = Builder::new(&docs, synonyms);
        for doc in docs {
            builder.add(doc);
        }
        builder.finish()
    }

    /// How many items it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The best `limit` items for what was typed, among those that `keep` lets through. An empty query
    /// finds nothing. All that was asked must be found in an item; when no item has it all, those with
    /// the most of it are returned and [`Results::partial`] says so. Of `query` the first
    /// [`MAX_QUERY_CHARS`](crate::MAX_QUERY_CHARS) characters are read.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize, keep: &dyn Fn(u32) -> bool) -> Results {
        let query = Query::read(self, query);
        let scores = evaluate::evaluate(self, &query, keep);
        let found: Vec<u32> = scores.found.iter().map(|&(doc, _)| doc).collect();
        let marker = Marker::new(self, &query);
        let best = rank::best(self, &query, scores.found, limit);
        Results {
            total: found.len(),
            found,
            hits: best.into_iter().map(|(doc, score)| marker.hit(doc, score)).collect(),
            partial: scores.partial,
            corrected: query.corrected,
            missing: scores.missing,
        }
    }

    /// Items whose name begins with what was typed so far, in Chinese, pinyin, initials or English, then
    /// what a search finds; each name once, at most `limit`.
    #[must_use]
    pub fn suggest(&self, query: &str, limit: usize) -> Vec<u32> {
        suggest::suggest(self, query, limit)
    }

    /// The writings of names that begin with `prefix`.
    pub(crate) fn starting_with(&self, prefix: &str) -> &[Start] {
        let from = self.starts.partition_point(|start| start.text.as_ref() < prefix);
        let rest = self.starts.get(from..).unwrap_or(&[]);
        rest.get(..rest.partition_point(|start| start.text.starts_with(prefix))).unwrap_or(&[])
    }
}
