//! Building the index from the catalogue's texts.

use crate::doc::{Doc, Field};
use crate::fold::{Script, is_folded, plain, runs, stem};
use crate::index::{Entry, Index, Start, Synonym};
use crate::phonetic::{self, Readings};
use crate::speller::Speller;
use crate::table::TableBuilder;
use crate::words::{Learner, Span};
use domain::Text;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Longest word, in characters, that is indexed by sound.
const SPELT_CHARS: usize = 8;

/// Longest phrase, in characters, that is indexed by its initials.
const INITIALS_CHARS: usize = 6;

/// Longest common name, in characters, that is kept whole as a word.
const SPOKEN_CHARS: usize = 6;

/// How much longer texts count less, after BM25: 0 not at all, 1 in proportion.
const LENGTH_NORM: f32 = 0.4;

/// An occurrence that cuts through words says less than one that is a word.
const UNALIGNED: f32 = 0.6;

/// A single character says less than a word.
const SINGLE: f32 = 0.3;

/// A less usual reading of a word.
const RARE_READING: f32 = 0.6;

/// What being open for application here adds to the score.
const ONLINE_BOOST: f32 = 1.15;

/// The tables in the order they are built.
const HAN: usize = 0;
const LATIN: usize = 1;
const PINYIN: usize = 2;
const INITIALS: usize = 3;

/// A key of a text: its table, its number there, and how much it counts.
type Feature = (usize, u32, f32);

/// Collects the tables, item after item.
pub(crate) struct Builder {
    learner: Learner,
    groups: Groups,
    mean_name: f32,
    mean_conditions: f32,
    syllables: BTreeSet<&'static str>,
    entries: Vec<Entry>,
    /// By [`HAN`], [`LATIN`], [`PINYIN`], [`INITIALS`].
    tables: [TableBuilder; 4],
    /// What texts that many items share consist of.
    known: HashMap<String, Arc<Vec<Feature>>>,
    starts: Vec<Start>,
}

impl Builder {
    pub(crate) fn new(docs: &[Doc], synonyms: &[Vec<String>]) -> Self {
        let groups = Groups::new(synonyms);
        let common: BTreeSet<String> =
            docs.iter().flat_map(|doc| &doc.common_names).map(|s| plain(s)).collect();
        let spoken = groups.members().chain(common.iter().map(String::as_str)).filter(|word| is_spoken(word));
        let learner = Learner::new(spoken);
        let lengths = docs.iter().map(|doc| doc.name.zh.chars().count());
        let conditions = docs.iter().filter_map(|doc| doc.conditions.as_ref()).map(|c| c.chars().count());
        Self {
            mean_name: mean(lengths),
            mean_conditions: mean(conditions),
            learner,
            groups,
            syllables: BTreeSet::new(),
            entries: Vec::with_capacity(docs.len()),
            tables: Default::default(),
            known: HashMap::new(),
            starts: Vec::new(),
        }
    }

    /// Adds one item; its number is the count of those before it.
    pub(crate) fn add(&mut self, doc: Doc) {
        let at = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.name(at, &doc.name);
        for said in &doc.common_names {
            self.text(at, Field::CommonName, said, 1.0);
            self.start(at, Field::CommonName, said);
        }
        if let Some(parent) = &doc.parent {
            self.text(at, Field::Parent, parent, 1.0);
        }
        for theme in &doc.themes {
            self.text(at, Field::Theme, theme, 1.0);
        }
        self.text(at, Field::Agency, &doc.agency, 1.0);
        if let Some(conditions) = &doc.conditions {
            self.text(at, Field::Conditions, conditions, norm(conditions, self.mean_conditions));
        }
        let synonyms = self.groups.of(&doc);
        for synonym in &synonyms {
            self.text(at, synonym.field, &synonym.said, 1.0);
        }
        let boost = if doc.boost.is_finite() { doc.boost.clamp(0.1, 10.0) } else { 1.0 };
        let optional =
            doc.parent.iter().chain(&doc.conditions).chain(synonyms.iter().map(|synonym| &synonym.said));
        let texts = [&doc.name.zh, &doc.agency].into_iter().chain(&doc.common_names).chain(&doc.themes);
        let as_folded = texts.chain(optional).all(|text| is_folded(text));
        self.entries.push(Entry {
            as_folded,
            plain: plain(&doc.name.zh),
            name: doc.name,
            common_names: doc.common_names,
            synonyms,
            parent: doc.parent,
            agency: doc.agency,
            themes: doc.themes,
            conditions: doc.conditions,
            boost: if doc.online { boost * ONLINE_BOOST } else { boost },
        });
    }

    fn name(&mut self, at: u32, name: &Text) {
        self.text(at, Field::Name, &name.zh, norm(&name.zh, self.mean_name));
        self.start(at, Field::Name, &name.zh);
        if let Some(en) = &name.en {
            self.text(at, Field::Name, en, 1.0);
            self.start(at, Field::Name, en);
        }
    }

    /// Sorts, packs and lets the full dictionary go.
    pub(crate) fn finish(mut self) -> Index {
        self.starts.sort_unstable();
        self.starts.dedup();
        let [han, latin, pinyin, initials] = self.tables.map(TableBuilder::finish);
        Index {
            pinyin_speller: Speller::new(pinyin.keys(), 4),
            latin_speller: Speller::new(latin.keys(), 5),
            syllables: self.syllables,
            entries: self.entries,
            words: self.learner.finish(),
            starts: self.starts,
            han,
            latin,
            pinyin,
            initials,
        }
    }

    fn text(&mut self, doc: u32, field: Field, text: &str, scale: f32) {
        let features = match self.known.get(text) {
            Some(features) => Arc::clone(features),
            None => {
                let features = Arc::new(self.features(text, field != Field::Conditions));
                if matches!(field, Field::Parent | Field::Theme | Field::Agency | Field::Synonym) {
                    self.known.insert(text.to_owned(), Arc::clone(&features));
                }
                features
            }
        };
        for &(way, key, factor) in features.iter() {
            let weight = if way == INITIALS { field.initials_weight() } else { field.weight() };
            if let Some(table) = self.tables.get_mut(way) {
                table.add(key, doc, field, weight * factor * scale);
            }
        }
    }

    /// The keys of a text; of conditions only what is written, not how it sounds.
    fn features(&mut self, text: &str, aloud: bool) -> Vec<Feature> {
        let mut features = Vec::new();
        for run in runs(text) {
            if run.script == Script::Latin {
                self.feature(&mut features, LATIN, stem(&run.text), 1.0);
                continue;
            }
            let spans = if aloud { self.learner.cut(&run.text) } else { Vec::new() };
            self.grams(&mut features, &run.text, &spans);
            if aloud {
                self.spoken(&mut features, &run.text, &spans);
            }
        }
        features
    }

    fn feature(&mut self, features: &mut Vec<Feature>, way: usize, key: &str, factor: f32) {
        if let Some(table) = self.tables.get_mut(way) {
            features.push((way, table.key(key), factor));
        }
    }

    /// Characters and pairs of characters.
    fn grams(&mut self, features: &mut Vec<Feature>, run: &str, spans: &[Span]) {
        let bounds: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        for (size, other) in [(1, SINGLE), (2, UNALIGNED)] {
            for (start, ends) in bounds.windows(size + 1).enumerate() {
                let (Some(&from), Some(&to)) = (ends.first(), ends.last()) else { continue };
                let factor = if spans.contains(&Span { start, len: size }) { 1.0 } else { other };
                self.feature(features, HAN, run.get(from..to).unwrap_or(""), factor);
            }
        }
    }

    /// Words by their sound, phrases by their initials.
    fn spoken(&mut self, features: &mut Vec<Feature>, run: &str, spans: &[Span]) {
        let chars: Vec<char> = run.chars().collect();
        let sounds = phonetic::sounds(&chars);
        for span in spans.iter().filter(|span| (2..=SPELT_CHARS).contains(&span.len)) {
            let Some(word) = sounds.get(span.start..span.start + span.len) else { continue };
            for (nth, spelt) in phonetic::spellings(word).iter().enumerate() {
                self.feature(features, PINYIN, spelt, if nth == 0 { 1.0 } else { RARE_READING });
            }
        }
        for (start, readings) in sounds.iter().enumerate() {
            let factor = if spans.contains(&Span { start, len: 1 }) { UNALIGNED } else { SINGLE };
            for &reading in readings.all() {
                self.syllables.insert(reading);
                self.feature(features, PINYIN, reading, factor);
            }
        }
        for phrase in phrases(spans) {
            let Some(part) = sounds.get(phrase.start..phrase.start + phrase.len) else { continue };
            let factor = if spans.contains(&phrase) { 1.0 } else { UNALIGNED };
            if let Some(initials) = phonetic::initials(part) {
                self.feature(features, INITIALS, &initials, factor);
            }
        }
    }

    /// Remembers how a name begins: as written, by its usual sound and by its initials.
    fn start(&mut self, doc: u32, field: Field, text: &str) {
        let written = plain(text);
        let sounds = phonetic::sounds(&written.chars().collect::<Vec<_>>());
        let spelt: String = sounds.iter().filter_map(Readings::usual).collect();
        let initials: String = sounds.iter().filter_map(Readings::initial).collect();
        for text in [written, spelt, initials].into_iter().filter(|text| !text.is_empty()) {
            self.starts.push(Start { text: text.into(), doc, field });
        }
    }
}

/// Stretches of two to six characters that begin and end where words do.
fn phrases(spans: &[Span]) -> Vec<Span> {
    let starts: BTreeSet<usize> = spans.iter().map(|span| span.start).collect();
    let ends: BTreeSet<usize> = spans.iter().map(|span| span.start + span.len).collect();
    let mut phrases = Vec::new();
    for &start in &starts {
        for &end in ends.range(start + 2..=start + INITIALS_CHARS) {
            phrases.push(Span { start, len: end - start });
        }
    }
    phrases
}

/// Whether a word people say is short and Chinese enough to be kept whole in segmentation.
fn is_spoken(word: &str) -> bool {
    let chars = word.chars().count();
    (2..=SPOKEN_CHARS).contains(&chars) && runs(word).iter().all(|run| run.script == Script::Han)
}

fn mean(lengths: impl Iterator<Item = usize>) -> f32 {
    let (count, sum) = lengths.fold((0_usize, 0_usize), |(count, sum), length| (count + 1, sum + length));
    sum as f32 / count.max(1) as f32
}

fn norm(text: &str, mean: f32) -> f32 {
    let length = text.chars().count() as f32 / mean.max(1.0);
    1.0 / (1.0 - LENGTH_NORM + LENGTH_NORM * length)
}

/// Groups of words that mean the same, found in texts by their first character.
struct Groups {
    groups: Vec<Vec<String>>,
    /// Folded member, its group and its place in it, by first character.
    by_first: BTreeMap<char, Vec<(String, usize, usize)>>,
}

impl Groups {
    fn new(synonyms: &[Vec<String>]) -> Self {
        let groups = synonyms.to_vec();
        let mut by_first: BTreeMap<char, Vec<(String, usize, usize)>> = BTreeMap::new();
        for (group, members) in groups.iter().enumerate() {
            for (member, text) in members.iter().enumerate() {
                let folded = plain(text);
                if let Some(first) = folded.chars().next() {
                    by_first.entry(first).or_default().push((folded, group, member));
                }
            }
        }
        Self { groups, by_first }
    }

    fn members(&self) -> impl Iterator<Item = &str> {
        self.by_first.values().flatten().map(|(folded, _, _)| folded.as_str())
    }

    /// The words an item is also found by.
    fn of(&self, doc: &Doc) -> Vec<Synonym> {
        let mut found = Vec::new();
        let near = [Some(&doc.name.zh), doc.parent.as_ref()].into_iter().flatten().chain(&doc.common_names);
        for text in near {
            self.collect(text, Field::Synonym, &mut found);
        }
        for theme in &doc.themes {
            self.collect(theme, Field::Theme, &mut found);
        }
        found
    }

    fn collect(&self, text: &str, field: Field, found: &mut Vec<Synonym>) {
        let folded = plain(text);
        for (at, first) in folded.char_indices() {
            let rest = folded.get(at..).unwrap_or("");
            let here = self.by_first.get(&first).into_iter().flatten();
            for (_, group, member) in here.filter(|(word, _, _)| rest.starts_with(word.as_str())) {
                let Some(members) = self.groups.get(*group) else { continue };
                let Some(written) = members.get(*member) else { continue };
                for said in members.iter().filter(|said| *said != written) {
                    if !found.iter().any(|known| known.said == *said) {
                        found.push(Synonym { said: said.clone(), written: written.clone(), field });
                    }
                }
            }
        }
    }
}
