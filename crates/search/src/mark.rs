//! Why a hit is one: which letters of which text matched.

use crate::doc::{Field, Hit, Why};
use crate::evaluate::pairs;
use crate::fold::{Script, fold, runs, script, stem};
use crate::index::{Entry, Index, Synonym};
use crate::phonetic::{self, Readings};
use crate::query::{Query, Term};
use crate::reading::{Alt, Form};
use std::ops::Range;

/// How much of the conditions is shown around what matched, in characters before and after.
const EXCERPT: (usize, usize) = (12, 40);

/// Explains the hits of one query.
pub(crate) struct Marker<'a> {
    index: &'a Index,
    query: &'a Query,
}

impl<'a> Marker<'a> {
    pub(crate) fn new(index: &'a Index, query: &'a Query) -> Self {
        Self { index, query }
    }

    pub(crate) fn hit(&self, doc: u32, score: f32) -> Hit {
        let mut hit = Hit { doc, score, name_marks: Vec::new(), name_en_marks: Vec::new(), why: None };
        let Some(entry) = self.index.entries.get(doc as usize) else { return hit };
        for term in &self.query.terms {
            let whole = Look { term, pieces: false, fold: !entry.as_folded };
            if !self.explain(entry, &whole, &mut hit) {
                self.explain(entry, &Look { pieces: true, ..whole }, &mut hit);
            }
        }
        merge(&mut hit.name_marks);
        merge(&mut hit.name_en_marks);
        if let Some(why) = &mut hit.why {
            merge(&mut why.marks);
        }
        hit
    }

    /// Adds to `hit` where a term was found; false when nowhere.
    fn explain(&self, entry: &Entry, look: &Look<'_>, hit: &mut Hit) -> bool {
        let in_zh = self.find(look, &entry.name.zh);
        let in_en = self.find(&Look { fold: true, ..*look }, entry.name.en.as_deref().unwrap_or(""));
        if !in_zh.is_empty() || !in_en.is_empty() {
            hit.name_marks.extend(in_zh);
            hit.name_en_marks.extend(in_en);
            return true;
        }
        let Some((why, written)) = self.elsewhere(entry, look) else { return false };
        if let Some(written) = written {
            let term = Term::phrase(&written.chars().map(fold).collect::<String>());
            hit.name_marks
                .extend(self.find(&Look { term: &term, pieces: false, fold: true }, &entry.name.zh));
        }
        match &mut hit.why {
            Some(known) if known.field == why.field && known.text == why.text => {
                known.marks.extend(why.marks)
            }
            Some(known) if known.field <= why.field => {}
            other => *other = Some(why),
        }
        true
    }

    /// The first text beside the name that has the term, and for a synonym what the item's text has.
    fn elsewhere<'e>(&self, entry: &'e Entry, look: &Look<'_>) -> Option<(Why, Option<&'e str>)> {
        let common = entry.common_names.iter().map(|text| (Field::CommonName, text, None));
        let said = |field| {
            let of_field = move |synonym: &&Synonym| synonym.field == field;
            entry.synonyms.iter().filter(of_field).map(move |s| (field, &s.said, Some(s.written.as_str())))
        };
        let parent = entry.parent.iter().map(|text| (Field::Parent, text, None));
        let themes = entry.themes.iter().map(|text| (Field::Theme, text, None));
        let agency = [(Field::Agency, &entry.agency, None)];
        let conditions = entry.conditions.iter().map(|text| (Field::Conditions, text, None));
        let texts = common.chain(said(Field::Synonym)).chain(parent).chain(themes).chain(said(Field::Theme));
        for (field, text, written) in texts.chain(agency).chain(conditions) {
            let marks = self.find(look, text);
            if marks.is_empty() {
                continue;
            }
            let why = if field == Field::Conditions {
                excerpt(text, &marks)
            } else {
                Why { field, text: text.clone(), marks }
            };
            return Some((why, written));
        }
        None
    }

    /// Byte ranges of `text` that a term matches; by the first of its ways that matches.
    fn find(&self, look: &Look<'_>, text: &str) -> Vec<Range<usize>> {
        if text.is_empty() {
            return Vec::new();
        }
        let mut folded = None;
        for alt in &look.term.alts {
            if alt.form == Form::Han && !look.fold {
                let found = find_han(&alt.key, text, look.pieces);
                if !found.is_empty() {
                    return found;
                }
                continue;
            }
            let folded = folded.get_or_insert_with(|| Folded::new(text, look.fold));
            let found = self.find_alt(alt, text, folded, look.pieces);
            if !found.is_empty() {
                return found.into_iter().filter_map(|range| folded.bytes(range)).collect();
            }
        }
        Vec::new()
    }

    /// The same in positions of characters.
    fn find_alt(&self, alt: &Alt, text: &str, folded: &Folded, pieces: bool) -> Vec<Range<usize>> {
        match alt.form {
            Form::Han if pieces => pairs(&alt.key).flat_map(|pair| folded.find(pair)).collect(),
            Form::Han => folded.find(&alt.key),
            _ if pieces => Vec::new(),
            Form::Latin => latin(text, |token| stem(token) == alt.key),
            Form::LatinStart => latin(text, |token| token.starts_with(&alt.key)),
            Form::Pinyin | Form::PinyinStart => folded.sounding(&alt.key, alt.form == Form::PinyinStart),
            Form::Initials => self.initials(text, folded, &alt.key, false),
            Form::InitialsStart => self.initials(text, folded, &alt.key, true),
        }
    }

    /// Phrases that begin where a word does and have these initials.
    fn initials(&self, text: &str, folded: &Folded, key: &str, start_only: bool) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if !folded.may_have_initials(key) {
            return found;
        }
        for run in runs(text).into_iter().filter(|run| run.script == Script::Han) {
            let spans = self.index.words.spans(&run.text);
            for span in &spans {
                let from = run.start + span.start;
                let to = from + key.len();
                let ends = start_only || spans.iter().any(|other| run.start + other.start + other.len == to);
                let known = found.iter().any(|range| range.start == from);
                if ends && !known && folded.has_initials(from, key) {
                    found.push(from..to);
                }
            }
        }
        found
    }
}

/// What to look for in a text, and how.
#[derive(Clone, Copy)]
struct Look<'t> {
    term: &'t Term,
    /// Pairs of a phrase rather than the phrase.
    pieces: bool,
    /// The text may be written in other forms than the index folds to.
    fold: bool,
}

/// Byte ranges of a phrase, or of its pairs, in a text that is written as the index folds it.
fn find_han(phrase: &str, text: &str, pieces: bool) -> Vec<Range<usize>> {
    let all = |part: &str| text.match_indices(part).map(|(at, m)| at..at + m.len()).collect::<Vec<_>>();
    if pieces { pairs(phrase).flat_map(all).collect() } else { all(phrase) }
}

/// The part of the conditions around the first mark, with the marks that lie in it.
fn excerpt(text: &str, marks: &[Range<usize>]) -> Why {
    let first = marks.first().map_or(0, |mark| mark.start);
    let before = text.get(..first).unwrap_or("");
    let from = before.char_indices().rev().nth(EXCERPT.0 - 1).map_or(0, |(at, _)| at);
    let rest = text.get(first..).unwrap_or("");
    let to = rest.char_indices().nth(EXCERPT.1).map_or(text.len(), |(at, _)| first + at);
    let inside = marks.iter().filter(|mark| mark.start >= from && mark.end <= to);
    Why {
        field: Field::Conditions,
        text: text.get(from..to).unwrap_or("").to_owned(),
        marks: inside.map(|mark| mark.start - from..mark.end - from).collect(),
    }
}

/// Tokens in Latin letters that `fits`, in positions of characters.
fn latin(text: &str, fits: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let tokens = runs(text).into_iter().filter(|run| run.script == Script::Latin);
    tokens.filter(|run| fits(&run.text)).map(|run| run.start..run.start + run.text.chars().count()).collect()
}

/// Orders ranges and joins those that overlap or touch.
fn merge(ranges: &mut Vec<Range<usize>>) {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.drain(..) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    *ranges = merged;
}

/// A text character by character, each folded, with where it stood.
struct Folded {
    chars: Vec<char>,
    /// Byte offsets, one more than characters.
    at: Vec<usize>,
}

impl Folded {
    fn new(text: &str, changed: bool) -> Self {
        let at = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Self { chars: if changed { text.chars().map(fold).collect() } else { text.chars().collect() }, at }
    }

    fn bytes(&self, range: Range<usize>) -> Option<Range<usize>> {
        Some(*self.at.get(range.start)?..*self.at.get(range.end)?)
    }

    fn find(&self, phrase: &str) -> Vec<Range<usize>> {
        let phrase: Vec<char> = phrase.chars().collect();
        if phrase.is_empty() {
            return Vec::new();
        }
        let windows = self.chars.windows(phrase.len()).enumerate();
        windows.filter(|(_, window)| *window == phrase).map(|(at, _)| at..at + phrase.len()).collect()
    }

    /// Stretches that sound like `spelling`, or begin to.
    fn sounding(&self, spelling: &str, start_only: bool) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for from in 0..self.chars.len() {
            if found.last().is_some_and(|last| from < last.end) {
                continue;
            }
            if let Some(to) = self.sounds(from, spelling, start_only) {
                found.push(from..to);
            }
        }
        found
    }

    /// Where a stretch from `from` that sounds like `spelling` ends.
    fn sounds(&self, from: usize, spelling: &str, start_only: bool) -> Option<usize> {
        if spelling.is_empty() {
            return Some(from);
        }
        let c = *self.chars.get(from)?;
        if script(c) != Script::Han {
            return None;
        }
        Readings::of(c).all().iter().find_map(|reading| match spelling.strip_prefix(reading) {
            Some(rest) => self.sounds(from + 1, rest, start_only),
            None if start_only && reading.starts_with(spelling) => Some(from + 1),
            None => None,
        })
    }

    /// Whether the letters occur at all, words or not.
    fn may_have_initials(&self, initials: &str) -> bool {
        let sounds = phonetic::sounds(&self.chars);
        let all: String = sounds.iter().map(|readings| readings.initial().unwrap_or(" ")).collect();
        all.contains(initials)
    }

    fn has_initials(&self, from: usize, initials: &str) -> bool {
        let Some(stretch) = self.chars.get(from..from + initials.len()) else { return false };
        phonetic::initials(&phonetic::sounds(stretch)).is_some_and(|known| known == initials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "a list of one range is meant")]
    fn ranges_merge_when_they_touch() {
        let mut ranges = vec![6..9, 0..3, 3..6, 12..15];
        merge(&mut ranges);
        assert_eq!(ranges, [0..9, 12..15]);
        let mut nested = vec![0..9, 3..6];
        merge(&mut nested);
        assert_eq!(nested, [0..9]);
    }

    #[test]
    fn an_excerpt_keeps_its_marks_in_place() {
        let text = format!("{}公积金{}", "前".repeat(50), "后".repeat(90));
        let at = "前".len() * 50;
        let short = excerpt(&text, std::slice::from_ref(&(at..at + 9)));
        assert_eq!(&short.text[short.marks[0].clone()], "公积金");
        assert_eq!(short.text.chars().count(), EXCERPT.0 + EXCERPT.1);
    }
}
