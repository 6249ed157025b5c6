//! Keys and the items that have them: sorted, packed, read only.

use crate::doc::Field;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

/// One item under one key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Posting {
    pub(crate) doc: u32,
    /// How often and where, weighed by field and the field's length.
    pub(crate) weight: f32,
    /// Which fields, as [`Field::bit`].
    pub(crate) fields: u8,
}

/// Collects postings; items are added in ascending order.
#[derive(Debug, Default)]
pub(crate) struct TableBuilder {
    numbers: HashMap<Box<str>, u32, BuildHasherDefault<Fnv>>,
    postings: Vec<(u32, Posting)>,
}

impl TableBuilder {
    /// The number of a key, new or known.
    pub(crate) fn key(&mut self, key: &str) -> u32 {
        if let Some(&number) = self.numbers.get(key) {
            return number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(key.into(), number);
        number
    }

    /// Adds an occurrence of the key with this number in `field` of `doc`.
    pub(crate) fn add(&mut self, key: u32, doc: u32, field: Field, weight: f32) {
        self.postings.push((key, Posting { doc, weight, fields: field.bit() }));
    }

    /// Sorts and packs.
    pub(crate) fn finish(self) -> Table {
        let mut keys: Vec<(Box<str>, u32)> = self.numbers.into_iter().collect();
        keys.sort_unstable();
        let mut places = vec![0; keys.len()];
        for (place, (_, number)) in keys.iter().enumerate() {
            if let Some(slot) = places.get_mut(*number as usize) {
                *slot = place;
            }
        }
        let mut lists: Vec<Vec<Posting>> = vec![Vec::new(); keys.len()];
        for (number, posting) in self.postings {
            let list = places.get(number as usize).and_then(|&place| lists.get_mut(place));
            let Some(list) = list else { continue };
            match list.last_mut() {
                Some(last) if last.doc == posting.doc => {
                    last.weight += posting.weight;
                    last.fields |= posting.fields;
                }
                _ => list.push(posting),
            }
        }
        let postings = lists.concat();
        let mut ends = vec![0];
        let mut end = 0;
        ends.extend(lists.iter().map(|list| {
            end += list.len();
            end
        }));
        Table { keys: keys.into_iter().map(|(key, _)| key).collect(), ends, postings }
    }
}

/// FNV-1a: quick on short keys. The keys are a pack's own texts, not what strangers type.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// Keys in order, each with the items that have it in ascending order.
#[derive(Debug, Default)]
pub(crate) struct Table {
    keys: Vec<Box<str>>,
    /// Where the postings of each key end; one more than keys, the first is 0.
    ends: Vec<usize>,
    postings: Vec<Posting>,
}

impl Table {
    /// All keys, in order.
    pub(crate) fn keys(&self) -> &[Box<str>] {
        &self.keys
    }

    /// The items under a key; empty when there is none.
    pub(crate) fn get(&self, key: &str) -> &[Posting] {
        match self.position(key) {
            Some(at) => self.at(at),
            None => &[],
        }
    }

    /// Whether the key is known.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.keys.binary_search_by(|known| known.as_ref().cmp(key)).ok()
    }

    /// The items under the key at this position.
    pub(crate) fn at(&self, at: usize) -> &[Posting] {
        match (self.ends.get(at), self.ends.get(at + 1)) {
            (Some(&from), Some(&to)) => self.postings.get(from..to).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The positions of the keys that begin with `prefix`.
    pub(crate) fn beginning_with(&self, prefix: &str) -> Range<usize> {
        let from = self.keys.partition_point(|key| key.as_ref() < prefix);
        let rest = self.keys.get(from..).unwrap_or(&[]);
        from..from + rest.partition_point(|key| key.starts_with(prefix))
    }
}

/// The keys that begin with what was spelt so far, letter by letter.
pub(crate) struct Spelling<'a> {
    table: &'a Table,
    range: Range<usize>,
    letters: usize,
}

impl<'a> Spelling<'a> {
    pub(crate) fn new(table: &'a Table) -> Self {
        Self { table, range: 0..table.keys.len(), letters: 0 }
    }

    /// Adds a letter.
    pub(crate) fn push(&mut self, letter: u8) {
        let keys = self.table.keys.get(self.range.clone()).unwrap_or(&[]);
        let here = |key: &str| key.as_bytes().get(self.letters).copied();
        let before = keys.partition_point(|key| here(key).is_none_or(|known| known < letter));
        let rest = keys.get(before..).unwrap_or(&[]);
        let length = rest.partition_point(|key| here(key) == Some(letter));
        self.range = self.range.start + before..self.range.start + before + length;
        self.letters += 1;
    }

    /// Whether some key begins so.
    pub(crate) fn begins(&self) -> bool {
        !self.range.is_empty()
    }

    /// Whether it is a key.
    pub(crate) fn is_key(&self) -> bool {
        self.begins() && self.table.keys.get(self.range.start).is_some_and(|key| key.len() == self.letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_exactly_and_by_prefix() {
        let mut builder = TableBuilder::default();
        for (key, doc) in [("she", 0), ("shebao", 0), ("shebao", 2), ("sheng", 1)] {
            let key = builder.key(key);
            builder.add(key, doc, Field::Name, 1.0);
        }
        let table = builder.finish();
        assert_eq!(table.get("shebao").iter().map(|p| p.doc).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(table.beginning_with("she"), 0..3);
        assert_eq!(table.beginning_with("sheb"), 1..2);
        assert!(table.beginning_with("x").is_empty());
        assert!(table.get("sh").is_empty());
    }

    #[test]
    fn a_key_is_spelt_letter_by_letter() {
        let mut builder = TableBuilder::default();
        for key in ["she", "shebao", "sheng", "ta"] {
            builder.key(key);
        }
        let table = builder.finish();
        let mut spelling = Spelling::new(&table);
        let seen: Vec<_> = "shebaok"
            .bytes()
            .map(|letter| {
                spelling.push(letter);
                (spelling.begins(), spelling.is_key())
            })
            .collect();
        let (begun, whole, gone) = ((true, false), (true, true), (false, false));
        assert_eq!(seen, [begun, begun, whole, begun, begun, whole, gone]);
    }

    #[test]
    fn occurrences_in_one_item_add_up() {
        let mut builder = TableBuilder::default();
        let key = builder.key("社保");
        builder.add(key, 3, Field::Name, 1.0);
        builder.add(key, 3, Field::Theme, 0.5);
        let table = builder.finish();
        let fields = Field::Name.bit() | Field::Theme.bit();
        assert_eq!(table.get("社保"), [Posting { doc: 3, weight: 1.5, fields }]);
    }
}
