//! The order of what was found.

use crate::doc::Field;
use crate::index::Index;
use crate::query::Query;
use std::cmp::Ordering;
use std::collections::HashMap;

/// The query is the name: more than all else together.
const IS_NAME: f32 = 1000.0;
/// The query is what people call it; shared with the others that are called the same.
const IS_COMMON_NAME: f32 = 30.0;
/// What of it is left for a name heard rather than read.
const HEARD: f32 = 0.6;
/// Fewer letters than these begin too many names to say anything.
const TELLING_LETTERS: usize = 4;
/// The name begins with the query; all of it when the name is hardly longer.
const BEGINS_NAME: f32 = 10.0;
const BEGINS_COMMON_NAME: f32 = 6.0;
/// The name has the query as it was typed.
const HAS_PHRASE: f32 = 4.0;

/// The best `limit`, best first; equal ones in the order of the catalogue.
pub(crate) fn best(
    index: &Index,
    query: &Query,
    mut found: Vec<(u32, f32)>,
    limit: usize,
) -> Vec<(u32, f32)> {
    let starts = starts(index, query);
    let phrase = (query.terms.len() > 1).then_some(query.core.as_str());
    for (doc, score) in &mut found {
        let Some(entry) = index.entries.get(*doc as usize) else { continue };
        *score += starts.get(doc).copied().unwrap_or(0.0);
        if phrase.is_some_and(|phrase| entry.plain.contains(phrase)) {
            *score += HAS_PHRASE;
        }
        *score *= entry.boost;
    }
    let order = |a: &(u32, f32), b: &(u32, f32)| -> Ordering { b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)) };
    if limit < found.len() {
        found.select_nth_unstable_by(limit, order);
        found.truncate(limit);
    }
    found.sort_unstable_by(order);
    found
}

/// What items gain because their name or a common name is the query or begins with it.
fn starts(index: &Index, query: &Query) -> HashMap<u32, f32> {
    let mut gains: HashMap<u32, f32> = HashMap::new();
    for text in [&query.whole, &query.core] {
        let (length, heard) = (text.chars().count(), text.is_ascii());
        if length < 2 {
            continue;
        }
        let begun = index.starting_with(text);
        let called = begun.iter().filter(|start| start.text.len() == text.len()).count().max(1) as f32;
        for start in begun {
            let exact = start.text.len() == text.len();
            if heard && !exact && length < TELLING_LETTERS {
                continue;
            }
            let share = length as f32 / start.text.chars().count().max(1) as f32;
            let gain = match (start.field, exact) {
                (Field::Name, true) => IS_NAME,
                (Field::Name, false) => BEGINS_NAME * (0.5 + 0.5 * share),
                (_, true) => IS_COMMON_NAME / called.sqrt(),
                (_, false) => BEGINS_COMMON_NAME * (0.5 + 0.5 * share),
            };
            let gain = if heard { gain * HEARD } else { gain };
            let known = gains.entry(start.doc).or_default();
            *known = known.max(gain);
        }
        if query.whole == query.core {
            break;
        }
    }
    gains
}
