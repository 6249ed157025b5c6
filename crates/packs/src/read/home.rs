//! `synonyms.csv`, `codes.yaml`, `home.yaml`: words, code lists and what the home page shows.

use domain::Text;
use serde::Deserialize;

use crate::catalogue::{CodeList, LifeEvent};
use crate::limits;

use super::document::{self, Spanned};
use super::table::{Table, must};
use super::{Draft, Opened, manifest};

/// Reads groups of words that mean the same to people.
pub(super) fn synonyms(pack: &Opened<'_>, draft: &mut Draft) {
    let Some(table) = Table::read(pack, "synonyms.csv", &[must("words")], &mut draft.problems) else {
        return;
    };
    for row in table.rows() {
        let words: Vec<String> = row.list("words").take(limits::LIST).map(str::to_lowercase).collect();
        if words.len() < 2 {
            let message = "a group needs at least two words between | signs; add one or remove the row";
            draft.problems.error(&row.place(), "synonym-alone", message);
        }
        draft.synonyms.push(words);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    lists: Vec<Spanned<CodeList>>,
}

/// Reads code lists.
pub(super) fn codes(pack: &Opened<'_>, draft: &mut Draft) {
    let Some((label, text)) = pack.text("codes.yaml", &mut draft.problems) else { return };
    let Some(codes) = document::yaml::<Codes>(&label, text, &mut draft.problems) else { return };
    for list in codes.lists {
        let place = document::place(&label, &list);
        let twice = |n: usize| list.value.entries[..n].iter().any(|e| e.code == list.value.entries[n].code);
        if draft.codes.iter().any(|other| other.id == list.value.id) {
            draft.problems.error(
                &place,
                "duplicate-list",
                format!("the list {} stands there twice; keep one", list.value.id),
            );
        } else if let Some(n) = (1..list.value.entries.len()).find(|&n| twice(n)) {
            let message = format!("the code {} stands there twice; keep one", list.value.entries[n].code);
            draft.problems.error(&place, "duplicate-code", message);
        } else {
            draft.codes.push(list.value);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Home {
    #[serde(default)]
    picks: Vec<Spanned<String>>,
    #[serde(default)]
    life_events: Vec<Spanned<Event>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    id: String,
    name: Text,
    #[serde(default)]
    themes: Vec<String>,
    #[serde(default)]
    items: Vec<String>,
}

/// Reads what the home page shows. A later pack's picks stand before those of the packs it builds on.
pub(super) fn home(pack: &Opened<'_>, draft: &mut Draft) {
    let Some((label, text)) = pack.text("home.yaml", &mut draft.problems) else { return };
    let Some(home) = document::yaml::<Home>(&label, text, &mut draft.problems) else { return };
    let picks: Vec<_> =
        home.picks.into_iter().map(|pick| (document::place(&label, &pick), pick.value)).collect();
    draft.picks.splice(0..0, picks);
    for event in home.life_events {
        let place = document::place(&label, &event);
        let Event { id, name, themes, items } = event.value;
        if !manifest::is_id(&id) {
            let message = format!("the life event id {id:?} is not lower-case letters, digits and dashes");
            draft.problems.error(&place, "bad-id", message);
        } else if draft.life_events.iter().any(|(_, other)| other.id == id) {
            draft.problems.error(
                &place,
                "duplicate-life-event",
                format!("{id} stands there twice; keep one"),
            );
        } else {
            draft.life_events.push((place, LifeEvent { id, name, themes, items }));
        }
    }
}
