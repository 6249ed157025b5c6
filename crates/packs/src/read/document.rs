//! Hand-written documents in YAML: bounded, strict about keys, with line numbers.

use serde::de::DeserializeOwned;

use crate::limits;
use crate::problem::{Place, Problems};

pub(super) use serde_saphyr::Spanned;

/// Reads one YAML document, or says with its line what is wrong.
pub(super) fn yaml<T: DeserializeOwned>(label: &str, text: &str, problems: &mut Problems) -> Option<T> {
    if text.len() > limits::DOCUMENT_BYTES {
        let message = format!("a hand-written file holds at most {} bytes; split it", limits::DOCUMENT_BYTES);
        problems.error(&Place::file(label), "file-too-large", message);
        return None;
    }
    match serde_saphyr::from_str_with_options(text, options()) {
        Ok(value) => Some(value),
        Err(error) => {
            let plain = error.without_snippet();
            let place = Place { file: label.to_owned(), line: error.location().map(|at| at.line()) };
            let message = one_sentence(&plain.to_string());
            let rule = rule_of(&message);
            problems.error(&place, rule, with_advice(rule, message));
            None
        }
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: limits::DOCUMENT_DEPTH,
            max_nodes: limits::DOCUMENT_NODES,
            max_events: limits::DOCUMENT_NODES * 3,
            max_aliases: 0,
            max_anchors: 0,
            max_documents: 1,
        },
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
        strict_booleans: true,
    }
}

/// A parser says where it stopped, not what to do: for a missing key that is the end of the mapping. An
/// unknown key's message lists the known ones already.
fn with_advice(rule: &str, message: String) -> String {
    if rule == "missing-key" {
        format!("{message}; write this key (the line is where the mapping without it begins or ends)")
    } else {
        message
    }
}

/// Three mistakes are so common that they have rules of their own.
fn rule_of(message: &str) -> &'static str {
    if message.contains("unknown field") || message.contains("unexpected field") {
        "unknown-key"
    } else if message.contains("duplicate") {
        "duplicate-key"
    } else if message.contains("missing field") {
        "missing-key"
    } else {
        "document"
    }
}

/// A parser's message on one line, without the place it repeats.
fn one_sentence(message: &str) -> String {
    let line = message.lines().find(|line| !line.trim().is_empty()).unwrap_or("the document cannot be read");
    let line = line.trim().trim_start_matches("error: ");
    line.rsplit_once(" at line ").map_or(line, |(said, _)| said).to_owned()
}

/// The place of a value in its file.
pub(super) fn place<T>(label: &str, value: &Spanned<T>) -> Place {
    let line = value.referenced.line();
    if line == 0 { Place::file(label) } else { Place::line(label, line) }
}
