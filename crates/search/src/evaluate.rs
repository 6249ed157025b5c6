//! Which items have what was asked, and how much of it: BM25 over weighed fields.

use crate::index::Index;
use crate::query::{Query, Term};
use crate::reading::{Alt, Form};
use crate::table::{Posting, Table};

/// How soon more of the same stops counting, after BM25.
const SATURATION: f32 = 1.2;

/// Most words tried for a word not yet typed to its end.
const COMPLETIONS: usize = 24;

/// A phrase found in pieces only.
const PIECES: f32 = 0.4;

/// Items that match, unordered.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    pub(crate) found: Vec<(u32, f32)>,
    pub(crate) partial: bool,
    pub(crate) missing: Vec<String>,
}

/// Finds the items with all required terms, or else with most of them.
pub(crate) fn evaluate(index: &Index, query: &Query, keep: &dyn Fn(u32) -> bool) -> Scores {
    let mut tally = Tally::new(index);
    let mut scores = Scores::default();
    let mut required = 0;
    for term in &query.terms {
        let found = tally.term(term);
        if !term.soft {
            required += 1;
        }
        match found {
            Found::Whole => {}
            Found::Pieces => scores.partial = true,
            Found::Nothing if term.soft => {}
            Found::Nothing => scores.missing.push(term.text.clone()),
        }
    }
    let mut most = 0;
    for &doc in &tally.seen {
        let has = tally.has.get(doc as usize).copied().unwrap_or(0);
        if has < most || !keep(doc) {
            continue;
        }
        if has > most {
            scores.found.clear();
            most = has;
        }
        scores.found.push((doc, tally.score.get(doc as usize).copied().unwrap_or(0.0)));
    }
    scores.partial = !scores.found.is_empty() && (scores.partial || most < required);
    scores
}

enum Found {
    Whole,
    Pieces,
    Nothing,
}

/// Scores so far, one place per item.
struct Tally<'a> {
    index: &'a Index,
    score: Vec<f32>,
    /// How many required terms the item has.
    has: Vec<u8>,
    seen: Vec<u32>,
    /// What the term at hand adds, and to whom.
    gain: Vec<f32>,
    gainers: Vec<u32>,
    /// Room for intersections.
    room: Vec<Posting>,
}

impl<'a> Tally<'a> {
    fn new(index: &'a Index) -> Self {
        let items = index.entries.len();
        Self {
            index,
            score: vec![0.0; items],
            has: vec![0; items],
            seen: Vec::new(),
            gain: vec![0.0; items],
            gainers: Vec::new(),
            room: Vec::new(),
        }
    }

    /// Adds a term to the scores.
    fn term(&mut self, term: &Term) -> Found {
        for alt in &term.alts {
            self.alt(alt);
        }
        let mut found = if self.gainers.is_empty() { Found::Nothing } else { Found::Whole };
        if self.gainers.is_empty() {
            for alt in term.alts.iter().filter(|alt| alt.form == Form::Han) {
                self.pieces(&alt.key);
            }
            if !self.gainers.is_empty() {
                found = Found::Pieces;
            }
        }
        for doc in self.gainers.drain(..) {
            let at = doc as usize;
            let (Some(gain), Some(score), Some(has)) =
                (self.gain.get_mut(at), self.score.get_mut(at), self.has.get_mut(at))
            else {
                continue;
            };
            if *score == 0.0 {
                self.seen.push(doc);
            }
            *score += std::mem::take(gain);
            *has += u8::from(!term.soft);
        }
        found
    }

    fn alt(&mut self, alt: &Alt) {
        let index = self.index;
        match alt.form {
            Form::Han => self.phrase(&alt.key, alt.weight),
            Form::Pinyin => self.list(index.pinyin.get(&alt.key), alt.weight),
            Form::Initials => self.list(index.initials.get(&alt.key), alt.weight),
            Form::Latin => self.list(index.latin.get(&alt.key), alt.weight),
            Form::PinyinStart => self.beginnings(&index.pinyin, &alt.key, alt.weight),
            Form::InitialsStart => self.beginnings(&index.initials, &alt.key, alt.weight),
            Form::LatinStart => self.beginnings(&index.latin, &alt.key, alt.weight),
        }
    }

    fn beginnings(&mut self, table: &Table, prefix: &str, weight: f32) {
        let mut lists: Vec<&[Posting]> = table.beginning_with(prefix).map(|at| table.at(at)).collect();
        lists.sort_by_key(|list| std::cmp::Reverse(list.len()));
        for list in lists.into_iter().take(COMPLETIONS) {
            self.list(list, weight);
        }
    }

    /// Chinese characters together: a key where there are one or two, else the items that have every
    /// pair of them in the same field.
    fn phrase(&mut self, text: &str, weight: f32) {
        let mut pairs = pairs(text);
        let Some(first) = pairs.next() else { return self.list(self.index.han.get(text), weight) };
        let first = self.index.han.get(first);
        let mut rest = pairs.map(|pair| self.index.han.get(pair)).peekable();
        if rest.peek().is_none() {
            return self.list(first, weight);
        }
        let mut room = std::mem::take(&mut self.room);
        room.clear();
        room.extend_from_slice(first);
        for list in rest {
            intersect(&mut room, list);
        }
        self.list(&room, weight);
        self.room = room;
    }

    /// The items that have at least half of the pairs of a phrase no item has whole.
    fn pieces(&mut self, text: &str) {
        let lists: Vec<&[Posting]> = pairs(text).map(|pair| self.index.han.get(pair)).collect();
        let mut counts = std::collections::BTreeMap::<u32, usize>::new();
        for list in &lists {
            for posting in *list {
                *counts.entry(posting.doc).or_default() += 1;
            }
        }
        let enough = lists.len().div_ceil(2);
        for list in lists {
            let idf = self.rarity(list.len());
            for posting in list.iter().filter(|p| counts.get(&p.doc).is_some_and(|&has| has >= enough)) {
                self.add(posting, idf * PIECES, true);
            }
        }
    }

    fn list(&mut self, postings: &[Posting], weight: f32) {
        let idf = self.rarity(postings.len()) * weight;
        for posting in postings {
            self.add(posting, idf, false);
        }
    }

    fn add(&mut self, posting: &Posting, idf: f32, sum: bool) {
        let Some(gain) = self.gain.get_mut(posting.doc as usize) else { return };
        if *gain == 0.0 {
            self.gainers.push(posting.doc);
        }
        let more = idf * (SATURATION + 1.0) * posting.weight / (SATURATION + posting.weight);
        *gain = if sum { *gain + more } else { gain.max(more) };
    }

    /// How much it says that an item has a word that `having` items have; above zero.
    fn rarity(&self, having: usize) -> f32 {
        let (all, having) = (self.index.entries.len() as f32, having as f32);
        (1.0 + (all - having + 0.5).max(0.0) / (having + 0.5)).ln() + 0.01
    }
}

/// The pairs of neighbouring characters of a text.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().map(|(at, _)| at);
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).skip(1);
    starts.zip(ends).filter_map(|(from, to)| text.get(from..to))
}

/// Keeps in `room` what `list` has too, in a common field, with the smaller weight.
fn intersect(room: &mut Vec<Posting>, list: &[Posting]) {
    let mut rest = list;
    room.retain_mut(|posting| {
        rest = rest.get(rest.partition_point(|other| other.doc < posting.doc)..).unwrap_or(&[]);
        let Some(other) = rest.first().filter(|other| other.doc == posting.doc) else { return false };
        posting.fields &= other.fields;
        posting.weight = posting.weight.min(other.weight);
        posting.fields != 0
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_neighbours() {
        assert_eq!(pairs("社保a卡").collect::<Vec<_>>(), ["社保", "保a", "a卡"]);
        assert_eq!(pairs("社").count() + pairs("").count(), 0);
    }

    #[test]
    fn an_intersection_needs_a_common_field() {
        let posting = |doc, fields| Posting { doc, weight: 1.0, fields };
        let mut room = vec![posting(1, 0b01), posting(3, 0b11), posting(5, 0b10)];
        intersect(&mut room, &[posting(1, 0b10), posting(2, 0b01), posting(3, 0b10)]);
        assert_eq!(room, [posting(3, 0b10)]);
    }
}
