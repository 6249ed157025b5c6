//! Which names an expression may use. FEEL names may contain spaces, so a reader must know them beforehand.

use std::collections::{BTreeMap, BTreeSet};

/// Names in scope while an expression is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    values: Vec<String>,
    /// Names of entries of structured types: after a dot, and in filters.
    entries: BTreeSet<String>,
    /// Business knowledge models and their parameters.
    models: BTreeMap<String, Vec<String>>,
}

impl Names {
    pub(crate) fn new(values: impl IntoIterator<Item = String>) -> Self {
        Self { values: values.into_iter().map(|name| normal(&name)).collect(), ..Self::default() }
    }

    pub(crate) fn entries(mut self, entries: &BTreeSet<String>) -> Self {
        self.entries = entries.clone();
        self
    }

    pub(crate) fn add(&mut self, name: &str) {
        self.values.push(normal(name));
    }

    pub(crate) fn drop_to(&mut self, many: usize) {
        self.values.truncate(many);
    }

    pub(crate) fn many(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn add_entry(&mut self, name: &str) {
        self.entries.insert(normal(name));
    }

    pub(crate) fn add_model(&mut self, name: &str, parameters: &[String]) {
        self.models.insert(normal(name), parameters.to_vec());
    }

    pub(crate) fn model(&self, name: &str) -> Option<&[String]> {
        self.models.get(name).map(Vec::as_slice)
    }

    /// The longest name of a value or model at the start of `text`, and the bytes it takes there.
    pub(crate) fn value_at(&self, text: &str) -> Option<(&str, usize)> {
        longest(self.values.iter().chain(self.models.keys()), text)
    }

    /// The longest name of an entry at the start of `text`.
    pub(crate) fn entry_at(&self, text: &str) -> Option<(&str, usize)> {
        longest(self.entries.iter(), text)
    }

    /// Every name of a value, for messages.
    pub(crate) fn listed(&self) -> String {
        let mut all: Vec<String> = self.values.iter().map(|name| format!("“{name}”")).collect();
        all.dedup();
        all.truncate(12);
        if all.is_empty() { "none".to_owned() } else { all.join(", ") }
    }
}

fn longest<'n>(names: impl Iterator<Item = &'n String>, text: &str) -> Option<(&'n str, usize)> {
    names.filter_map(|name| Some((name.as_str(), length_at(name, text)?))).max_by_key(|(_, length)| *length)
}

/// The bytes of `text` that spell `name`, where a space of the name may be any white space.
pub(crate) fn length_at(name: &str, text: &str) -> Option<usize> {
    let mut rest = text;
    for part in name.chars() {
        if part == ' ' {
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        } else {
            rest = rest.strip_prefix(part)?;
        }
    }
    let ends_in_word = name.chars().next_back().is_some_and(is_part);
    if ends_in_word && rest.chars().next().is_some_and(is_part) {
        return None;
    }
    (!name.is_empty()).then(|| text.len() - rest.len())
}

/// A name with single spaces.
pub(crate) fn normal(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a name may begin with this character.
pub(crate) fn is_start(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '?' || c >= '\u{10000}'
}

/// Whether a name may go on with this character.
pub(crate) fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '\u{b7}' || c >= '\u{10000}'
}
