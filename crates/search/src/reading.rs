//! What a word in Latin letters may mean: English, pinyin run together, initials, or any of these
//! misspelt. The cheapest way to cover all its letters wins; costs are below.

use crate::fillers;
use crate::fold::stem;
use crate::index::Index;
use crate::table::{Posting, Spelling, Table};

/// One way to look a term up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alt {
    pub(crate) form: Form,
    pub(crate) key: String,
    /// Factor on what it adds to a score.
    pub(crate) weight: f32,
}

/// Which table a key is for, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Chinese characters, together and in order.
    Han,
    /// A word or character that sounds like this.
    Pinyin,
    /// A word that begins to sound like this.
    PinyinStart,
    /// A word or phrase with these initials.
    Initials,
    /// A phrase whose initials begin like this.
    InitialsStart,
    /// A word in Latin letters.
    Latin,
    /// A word in Latin letters that begins like this.
    LatinStart,
}

/// A part of what was typed, understood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// As it should have been typed.
    pub(crate) text: String,
    pub(crate) corrected: bool,
    pub(crate) filler: bool,
    pub(crate) alts: Vec<Alt>,
    cost: f32,
}

/// A whole word understood; cheaper is more likely.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) cost: f32,
}

/// A word one knows, whole.
const ENGLISH: f32 = 0.5;
const FILLER: f32 = 0.8;
const WORD: f32 = 1.0;
const LONG_INITIALS: f32 = 1.5;
const BEGINNING: f32 = 1.8;
const SHORT_INITIALS: f32 = 2.0;
/// A syllable on its own could be any of dozens of characters.
const SYLLABLE: f32 = 2.2;
const SOUNDS_LIKE: f32 = 2.0;
const ONE_SLIP: f32 = 3.5;
/// What a word nobody understands costs, when readings are compared.
pub(crate) const NOTHING: f32 = 10.0;

/// A single letter means little, and nobody expects it to be understood: `how do I get a …`.
pub(crate) const LETTER: f32 = 0.8;

/// Longest piece, in letters.
const LONGEST_PIECE: usize = 30;

/// Longest word that is corrected, in letters: the work grows with its square.
const LONGEST_CORRECTED: usize = 32;

/// Longest word understood at all, in letters.
const LONGEST_WORD: usize = 64;

/// Reads a folded word; nothing when no way covers all of it sensibly.
pub(crate) fn read(index: &Index, word: &str) -> Option<Reading> {
    if fillers::LATIN.contains(&stem(word)) {
        return Some(one(piece(word, FILLER, Vec::new()), true));
    }
    let latin = Alt { form: Form::Latin, key: stem(word).to_owned(), weight: 1.0 };
    if index.latin.has(&latin.key) && !is_said(index, word) {
        return Some(one(piece(word, ENGLISH, vec![latin]), false));
    }
    if word.len() > LONGEST_WORD || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut path = Path::new(index, word);
    path.walk(false);
    let plain = path.reading();
    let mut reading = match plain {
        Some(reading) if reading.cost <= SOUNDS_LIKE || word.len() < 4 => reading,
        _ => {
            path.walk(true);
            path.reading()?
        }
    };
    if let [only] = reading.pieces.as_mut_slice()
        && only.text == word
    {
        add_other_readings(index, only);
    }
    Some(reading)
}

fn one(mut piece: Piece, filler: bool) -> Reading {
    piece.filler = filler;
    Reading { cost: piece.cost, pieces: vec![piece] }
}

fn piece(text: &str, cost: f32, alts: Vec<Alt>) -> Piece {
    Piece { text: text.to_owned(), corrected: false, filler: false, alts, cost }
}

fn is_said(index: &Index, word: &str) -> bool {
    index.pinyin.has(word) || index.initials.has(word)
}

/// A word that is a syllable, English and initials at once is looked up as all of them.
fn add_other_readings(index: &Index, piece: &mut Piece) {
    let ways = [
        (Form::Latin, stem(&piece.text).to_owned(), &index.latin, 1.0),
        (Form::Pinyin, piece.text.clone(), &index.pinyin, 1.0),
        (Form::Initials, piece.text.clone(), &index.initials, 0.7),
    ];
    for (form, key, table, weight) in ways {
        if table.has(&key) && !piece.alts.iter().any(|alt| alt.form == form) {
            let weight =
                if form == Form::Pinyin && index.syllables.contains(key.as_str()) { 0.4 } else { weight };
            piece.alts.push(Alt { form, key, weight });
        }
    }
}

/// The cheapest ways to cover a word from its start up to each letter.
struct Path<'a> {
    index: &'a Index,
    word: &'a str,
    /// For each end: the cost so far, where the last piece begins, and the piece.
    best: Vec<Option<(f32, usize, Piece)>>,
}

impl<'a> Path<'a> {
    fn new(index: &'a Index, word: &'a str) -> Self {
        Self { index, word, best: vec![None; word.len() + 1] }
    }

    fn cost_at(&self, at: usize) -> Option<f32> {
        if at == 0 { Some(0.0) } else { self.best.get(at).and_then(|best| best.as_ref()).map(|best| best.0) }
    }

    fn walk(&mut self, correct: bool) {
        for from in 0..self.word.len() {
            let Some(so_far) = self.cost_at(from) else { continue };
            let mut sound = Spelling::new(&self.index.pinyin);
            let mut initials = Spelling::new(&self.index.initials);
            for to in from + 1..=self.word.len().min(from + LONGEST_PIECE) {
                let Some(part) = self.word.get(from..to) else { continue };
                if let Some(letter) = part.bytes().last() {
                    sound.push(letter);
                    initials.push(letter);
                }
                let last = to == self.word.len();
                self.offer(so_far, from, to, self.exact(part, last, &sound, &initials));
                if from == 0 && last {
                    self.offer(so_far, from, to, self.english(part, correct));
                }
                if correct && part.len() >= 4 {
                    self.offer(so_far, from, to, self.corrected(part));
                }
            }
        }
    }

    fn offer(&mut self, so_far: f32, from: usize, to: usize, piece: Option<Piece>) {
        let Some(piece) = piece else { return };
        let cost = so_far + piece.cost;
        if self.cost_at(to).is_none_or(|known| cost < known)
            && let Some(best) = self.best.get_mut(to)
        {
            *best = Some((cost, from, piece));
        }
    }

    /// A part that is spelt right; `last` parts may be unfinished.
    fn exact(&self, part: &str, last: bool, sound: &Spelling<'_>, initials: &Spelling<'_>) -> Option<Piece> {
        let alt = |form, weight| vec![Alt { form, key: part.to_owned(), weight }];
        if fillers::SPELT.contains(&part) {
            let mut filler = piece(part, FILLER, alt(Form::Pinyin, 0.4));
            filler.filler = true;
            return Some(filler);
        }
        if sound.is_key() {
            let syllable = self.index.syllables.contains(part);
            let (cost, weight) = if syllable { (SYLLABLE, 0.4) } else { (WORD, 1.0) };
            return Some(piece(part, cost, alt(Form::Pinyin, weight)));
        }
        if part.len() >= 2 && initials.is_key() {
            let (cost, weight) = if part.len() > 2 { (LONG_INITIALS, 0.8) } else { (SHORT_INITIALS, 0.7) };
            return Some(piece(part, cost, alt(Form::Initials, weight)));
        }
        if last && part.len() >= 3 && sound.begins() {
            return Some(piece(part, BEGINNING, alt(Form::PinyinStart, 0.8)));
        }
        if last && part.len() >= 3 && initials.begins() {
            return Some(piece(part, SHORT_INITIALS, alt(Form::InitialsStart, 0.6)));
        }
        None
    }

    fn english(&self, word: &str, correct: bool) -> Option<Piece> {
        let (latin, stem) = (&self.index.latin, stem(word));
        let alt = |form, key: &str| vec![Alt { form, key: key.to_owned(), weight: 1.0 }];
        if latin.has(stem) {
            return Some(piece(word, ENGLISH, alt(Form::Latin, stem)));
        }
        if stem.len() >= 3 && !latin.beginning_with(stem).is_empty() {
            return Some(piece(word, BEGINNING, alt(Form::LatinStart, stem)));
        }
        if !correct || stem.len() < 5 {
            return None;
        }
        let near = self.index.latin_speller.one_slip_from(stem, latin.keys());
        let right = weightiest(latin, &near)?;
        let mut corrected = piece(right, SOUNDS_LIKE + 1.0, alt(Form::Latin, right));
        corrected.corrected = true;
        Some(corrected)
    }

    /// A part that is spelt nearly right.
    fn corrected(&self, part: &str) -> Option<Piece> {
        let (table, speller) = (&self.index.pinyin, &self.index.pinyin_speller);
        if self.word.len() > LONGEST_CORRECTED {
            return None;
        }
        let alike = speller.sounding_like(part, table.keys());
        let (right, cost) = match weightiest(table, &alike) {
            Some(right) => (right, SOUNDS_LIKE),
            None => (weightiest(table, &speller.one_slip_from(part, table.keys()))?, ONE_SLIP),
        };
        let syllable = self.index.syllables.contains(right);
        let (cost, weight) = if syllable { (cost + 1.0, 0.3) } else { (cost, 0.9) };
        let mut corrected =
            piece(right, cost, vec![Alt { form: Form::Pinyin, key: right.to_owned(), weight }]);
        corrected.corrected = right != part;
        Some(corrected)
    }

    /// The cheapest cover of the whole word, unless it is scraped together from scraps.
    fn reading(&self) -> Option<Reading> {
        let mut pieces = Vec::new();
        let mut at = self.word.len();
        let cost = self.cost_at(at)?;
        while at > 0 {
            let (_, from, piece) = self.best.get(at)?.as_ref()?;
            pieces.push(piece.clone());
            at = *from;
        }
        pieces.reverse();
        let sensible = cost <= 1.2 + 0.5 * self.word.len() as f32 && self.go_together(&pieces);
        (pieces.len() == 1 || sensible).then_some(Reading { pieces, cost })
    }

    /// Any row of consonants is initials of something: several are believed only when one item has them all.
    fn go_together(&self, pieces: &[Piece]) -> bool {
        let initials = pieces.iter().flat_map(|piece| &piece.alts).filter(|alt| alt.form == Form::Initials);
        let mut lists = initials.map(|alt| self.index.initials.get(&alt.key));
        let (Some(first), Some(second)) = (lists.next(), lists.next()) else { return true };
        let rest: Vec<_> = lists.collect();
        let has = |list: &[Posting], doc: u32| list.binary_search_by_key(&doc, |posting| posting.doc).is_ok();
        first.iter().any(|p| has(second, p.doc) && rest.iter().all(|list| has(list, p.doc)))
    }
}

/// The key that matters most in the catalogue; the first of equals.
fn weightiest<'a>(table: &'a Table, positions: &[usize]) -> Option<&'a str> {
    let weight = |at: usize| table.at(at).iter().map(|posting| posting.weight).sum::<f32>();
    let mut best: Option<(f32, usize)> = None;
    for &at in positions {
        let weight = weight(at);
        if best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, at));
        }
    }
    table.keys().get(best?.1).map(AsRef::as_ref)
}
