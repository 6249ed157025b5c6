//! From what was typed to terms.

use crate::fillers;
use crate::fold::{Run, Script, plain, runs};
use crate::index::Index;
use crate::reading::{Alt, Form, LETTER, NOTHING, Reading, read};
use crate::{MAX_QUERY_CHARS, MAX_TERMS};

/// Most Latin words read as one word typed with spaces: `she bao`.
const JOINED: usize = 8;

/// One thing to find.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    /// As it was typed, or as it should have been.
    pub(crate) text: String,
    /// Ways to find it; the best counts. Empty when nobody understands it.
    pub(crate) alts: Vec<Alt>,
    /// An item without it is still a full answer: names of places, single characters and letters.
    pub(crate) soft: bool,
    filler: bool,
}

impl Term {
    /// Chinese characters, together and in order.
    pub(crate) fn phrase(text: &str) -> Self {
        let alts = vec![Alt { form: Form::Han, key: text.to_owned(), weight: 1.0 }];
        Self { text: text.to_owned(), alts, soft: false, filler: false }
    }
}

/// A query understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Query {
    pub(crate) terms: Vec<Term>,
    /// What was typed with its spelling corrected, if it was.
    pub(crate) corrected: Option<String>,
    /// All of it, folded, without what separates.
    pub(crate) whole: String,
    /// The same without fillers.
    pub(crate) core: String,
}

impl Query {
    pub(crate) fn read(index: &Index, typed: &str) -> Self {
        let typed: String = typed.chars().take(MAX_QUERY_CHARS).collect();
        let runs = runs(&typed);
        let mut reader = Reader { index, terms: Vec::new(), text: String::new(), corrected: false };
        let mut rest = runs.as_slice();
        while let [first, others @ ..] = rest {
            let latin = first.script == Script::Latin;
            rest = if latin { reader.latin(rest) } else { reader.han(first, others) };
        }
        let Reader { mut terms, text, corrected, .. } = reader;
        if terms.iter().any(|term| !term.filler) {
            terms.retain(|term| !term.filler);
        } else {
            terms.drain(..terms.len().saturating_sub(1));
        }
        if terms.iter().all(|term| term.soft) {
            terms.iter_mut().for_each(|term| term.soft = false);
        }
        let core = terms.iter().map(|term| term.text.as_str()).collect();
        let mut once: Vec<Term> = Vec::new();
        for term in terms {
            if once.len() < MAX_TERMS && !once.iter().any(|known| known.text == term.text) {
                once.push(term);
            }
        }
        Self { terms: once, whole: plain(&text), core, corrected: corrected.then_some(text) }
    }
}

struct Reader<'a> {
    index: &'a Index,
    terms: Vec<Term>,
    /// The query as understood so far.
    text: String,
    corrected: bool,
}

impl Reader<'_> {
    /// Reads a run of Chinese; returns the runs after it.
    fn han<'r>(&mut self, run: &Run, others: &'r [Run]) -> &'r [Run] {
        self.space(run);
        self.text.push_str(&run.text);
        let mut loose = String::new();
        for word in self.index.words.cut(&run.text) {
            let single = word.chars().nth(1).is_none();
            let filler = fillers::HAN.contains(&word);
            if single && !filler {
                loose.push_str(word);
                continue;
            }
            self.loose(&mut loose);
            self.han_term(word, self.index.words.is_place(word), filler);
        }
        self.loose(&mut loose);
        others
    }

    /// Characters in a row that are no word of the catalogue belong together.
    fn loose(&mut self, loose: &mut String) {
        let chars = loose.chars().count();
        if chars > 0 {
            self.han_term(loose, chars == 1, false);
            loose.clear();
        }
    }

    fn han_term(&mut self, text: &str, soft: bool, filler: bool) {
        self.terms.push(Term { soft, filler, ..Term::phrase(text) });
    }

    /// Reads Latin words: several as one where that makes better sense; returns the runs after them.
    fn latin<'r>(&mut self, runs: &'r [Run]) -> &'r [Run] {
        let letters =
            |run: &&Run| run.script == Script::Latin && run.text.bytes().all(|b| b.is_ascii_lowercase());
        let count = runs.iter().take(JOINED).take_while(letters).count().max(1);
        let (words, others) = runs.split_at(count.min(runs.len()));
        let apart: Vec<Option<Reading>> = words.iter().map(|run| read(self.index, &run.text)).collect();
        let cost = |(run, reading): (&Run, &Option<Reading>)| match reading {
            Some(reading) => reading.cost,
            None if run.text.len() == 1 => LETTER,
            None => NOTHING,
        };
        if let [first, _, ..] = words {
            let joined: String = words.iter().map(|run| run.text.as_str()).collect();
            let sum: f32 = words.iter().zip(&apart).map(cost).sum();
            let together = read(self.index, &joined).filter(|reading| reading.cost < sum);
            if together.is_some() {
                self.space(first);
                self.reading(&joined, together);
                return others;
            }
        }
        for (run, reading) in words.iter().zip(apart) {
            self.space(run);
            self.reading(&run.text, reading);
        }
        others
    }

    fn reading(&mut self, typed: &str, reading: Option<Reading>) {
        let Some(reading) = reading else {
            self.text.push_str(typed);
            let soft = typed.len() == 1;
            let term = Term { text: typed.to_owned(), alts: Vec::new(), soft, filler: false };
            self.terms.push(term);
            return;
        };
        for piece in reading.pieces {
            self.text.push_str(&piece.text);
            self.corrected |= piece.corrected;
            let soft = piece.text.len() == 1;
            self.terms.push(Term { text: piece.text, alts: piece.alts, soft, filler: piece.filler });
        }
    }

    fn space(&mut self, run: &Run) {
        if run.after_gap && !self.text.is_empty() {
            self.text.push(' ');
        }
    }
}
