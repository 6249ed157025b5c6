//! What to offer while somebody types.

use crate::MAX_QUERY_CHARS;
use crate::fold::plain;
use crate::index::Index;
use std::collections::BTreeSet;

/// Most beginnings weighed; a single letter begins thousands of names.
const WEIGHED: usize = 4_000;

pub(crate) fn suggest(index: &Index, typed: &str, limit: usize) -> Vec<u32> {
    let typed: String = typed.chars().take(MAX_QUERY_CHARS).collect();
    let prefix = plain(&typed);
    if prefix.is_empty() || limit == 0 {
        return Vec::new();
    }
    let boost = |doc: u32| index.entries.get(doc as usize).map_or(0.0, |entry| entry.boost);
    let mut begun: Vec<_> = index.starting_with(&prefix).iter().take(WEIGHED).collect();
    begun.sort_by(|a, b| {
        let order = boost(b.doc).total_cmp(&boost(a.doc));
        order.then(a.text.len().cmp(&b.text.len())).then(a.doc.cmp(&b.doc))
    });
    let mut offered = Offered { index, limit, docs: Vec::new(), names: BTreeSet::new() };
    for start in begun {
        offered.add(start.doc);
    }
    if offered.docs.len() < limit {
        // Some names repeat among agencies, so a few more than are wanted.
        for hit in index.search(&typed, limit.saturating_mul(3).min(100), &|_| true).hits {
            offered.add(hit.doc);
        }
    }
    offered.docs
}

struct Offered<'a> {
    index: &'a Index,
    limit: usize,
    docs: Vec<u32>,
    names: BTreeSet<&'a str>,
}

impl Offered<'_> {
    fn add(&mut self, doc: u32) {
        let Some(entry) = self.index.entries.get(doc as usize) else { return };
        if self.docs.len() < self.limit && self.names.insert(entry.plain.as_str()) {
            self.docs.push(doc);
        }
    }
}
