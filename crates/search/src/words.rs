//! Words in Chinese text. The full dictionary (350,000 words, 25 MB in memory) is loaded while the
//! index is built and let go; queries are cut with the few thousand words the catalogue really has.

use crate::fillers;
use jieba_rs::Jieba;
use std::collections::BTreeMap;

/// A word in a run of Chinese text: where it starts and how long it is, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) len: usize,
}

/// The full dictionary, and the words met so far.
pub(crate) struct Learner {
    full: Jieba,
    met: BTreeMap<String, usize>,
}

impl Learner {
    /// `spoken` are words to keep whole even where the dictionary does not know them.
    pub(crate) fn new<'a>(spoken: impl Iterator<Item = &'a str>) -> Self {
        let mut learner = Self { full: Jieba::new(), met: BTreeMap::new() };
        for word in spoken.chain(fillers::HAN.iter().copied()) {
            let known = learner.full.suggest_freq(word);
            learner.full.add_word(word, Some(known), None);
            learner.met.insert(word.to_owned(), known);
        }
        learner
    }

    /// The words of a run and the words inside them, each remembered for the queries.
    pub(crate) fn cut(&mut self, run: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        for token in self.full.cut_for_search(run, false) {
            spans.push(Span { start: token.start, len: token.end - token.start });
            if token.end - token.start > 1 && !self.met.contains_key(token.word) {
                self.met.insert(token.word.to_owned(), self.full.suggest_freq(token.word));
            }
        }
        spans
    }

    /// The small dictionary for queries, and which of its words are names of places.
    pub(crate) fn finish(self) -> Words {
        let mut small = Jieba::empty();
        let mut places = Vec::new();
        for (word, &frequency) in &self.met {
            small.add_word(word, Some(frequency), None);
            if let [tag] = self.full.tag(word, false).as_slice()
                && tag.tag == "ns"
            {
                places.push(word.clone());
            }
        }
        Words { small, places }
    }
}

/// The dictionary of the catalogue's own words.
pub(crate) struct Words {
    small: Jieba,
    /// Sorted.
    places: Vec<String>,
}

impl Words {
    /// Cuts a run into words, left to right, nothing left out.
    pub(crate) fn cut<'a>(&self, run: &'a str) -> Vec<&'a str> {
        self.small.cut(run, false).into_iter().map(|token| token.word).collect()
    }

    /// The words of a run and the words inside them.
    pub(crate) fn spans(&self, run: &str) -> Vec<Span> {
        let tokens = self.small.cut_for_search(run, false);
        tokens.into_iter().map(|token| Span { start: token.start, len: token.end - token.start }).collect()
    }

    /// Whether a word is the name of a place: it narrows a search but must not empty it, since what the
    /// province offers is offered in its cities too.
    pub(crate) fn is_place(&self, word: &str) -> bool {
        self.places.binary_search_by(|place| place.as_str().cmp(word)).is_ok()
    }
}
