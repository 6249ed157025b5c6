//! What is wrong with a pack, in words a person at an agency can act on.

use std::fmt;

use serde::Serialize;

use crate::{limits, rules};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The packs cannot be served.
    Error,
    /// Odd, yet it can be served: usually an oddity of imported data.
    Warning,
}

/// One complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Pack and file, e.g. `guangdong/items.csv`.
    pub file: String,
    /// Line, counted from 1, where one can be named.
    pub line: Option<u64>,
    /// The rule that is broken; the rules are listed in `docs/pack-format.md`.
    pub rule: &'static str,
    /// One sentence: what is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    /// `error guangdong/items.csv:17 promised-over-statutory: …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity} {}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, " {}: {}", self.rule, self.message)
    }
}

/// Where in which file something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: Option<u64>,
}

impl Place {
    pub(crate) fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: None }
    }

    pub(crate) fn line(file: impl Into<String>, line: u64) -> Self {
        Self { file: file.into(), line: Some(line) }
    }
}

/// Collects problems, up to a bound; what lies beyond is counted.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    errors: usize,
    unlisted: usize,
}

impl Problems {
    pub(crate) fn error(&mut self, place: &Place, rule: &'static str, message: impl Into<String>) {
        self.errors += 1;
        self.push(Severity::Error, place, rule, message.into());
    }

    pub(crate) fn warning(&mut self, place: &Place, rule: &'static str, message: impl Into<String>) {
        self.push(Severity::Warning, place, rule, message.into());
    }

    fn push(&mut self, severity: Severity, place: &Place, rule: &'static str, message: String) {
        debug_assert!(rules::explain(rule).is_some(), "the rule {rule} is not in rules.rs");
        if self.list.len() >= limits::PROBLEMS {
            self.unlisted += 1;
            return;
        }
        let (file, line) = (place.file.clone(), place.line);
        self.list.push(Problem { severity, file, line, rule, message });
    }

    /// Whether anything forbids serving the packs.
    pub(crate) fn any_error(&self) -> bool {
        self.errors > 0
    }

    /// The complaints, errors first, then by file and line.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        self.list.sort_by(|a, b| (a.severity, &a.file, a.line).cmp(&(b.severity, &b.file, b.line)));
        if self.unlisted > 0 {
            let severity = if self.errors > 0 { Severity::Error } else { Severity::Warning };
            let message = format!(
                "{} more problems are not listed; mend the first ones and check again",
                self.unlisted
            );
            self.list.push(Problem {
                severity,
                file: "-".into(),
                line: None,
                rule: "too-many-problems",
                message,
            });
        }
        self.list
    }
}
