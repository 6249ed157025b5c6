//! A procedure written as YAML, in the order a person would write it.

use std::fmt::Write as _;

use domain::Text;

use crate::item::Law;
use crate::procedure::{Branch, Procedure, Step, StepKind, TaskOutcome, Within};

/// The file of a procedure. Reading it gives the same procedure again.
#[must_use]
pub fn procedure(procedure: &Procedure) -> String {
    let mut to = Writer::default();
    to.line(0, "procedure", &quoted(&procedure.procedure));
    to.line(0, "title", &text(&procedure.title));
    to.line(0, "law", &law(&procedure.law));
    to.origin(0, &procedure.origin);
    if procedure.steps.is_empty() {
        to.line(0, "steps", "[]");
    } else {
        to.open(0, "steps");
    }
    for step in &procedure.steps {
        to.step(step);
    }
    if !procedure.suspends.is_empty() {
        let ids: Vec<&str> = procedure.suspends.iter().map(|special| special.id()).collect();
        to.line(0, "suspends", &format!("[{}]", ids.join(", ")));
    }
    if let Some(extend) = &procedure.extend {
        let value =
            format!("{{desk: {}, up_to: {}}}", quoted(extend.desk.id()), quoted(&extend.up_to.to_string()));
        to.line(0, "extend", &value);
    }
    for (key, term) in [("correction", &procedure.correction), ("owed", &procedure.owed)] {
        let Some(term) = term else { continue };
        let mut value = format!("{{within: {}", quoted(&term.within.to_string()));
        if term.otherwise.is_some() {
            value.push_str(", otherwise: deemed-withdrawn");
        }
        if let Some(law) = &term.law {
            let _ = write!(value, ", law: {}", text(law));
        }
        to.line(0, key, &format!("{value}}}"));
    }
    if procedure.forwards {
        to.line(0, "forwards", "true");
    }
    if let Some(renewal) = &procedure.renewal {
        let value =
            format!("{{expires: {}, days_before: {}}}", quoted(&renewal.expires), renewal.days_before);
        to.line(0, "renewal", &value);
    }
    to.line(0, "remedies", &text(&procedure.remedies));
    to.text
}

#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    fn line(&mut self, indent: usize, key: &str, value: &str) {
        let _ = writeln!(self.text, "{:indent$}{key}: {value}", "");
    }

    fn open(&mut self, indent: usize, key: &str) {
        let _ = writeln!(self.text, "{:indent$}{key}:", "");
    }

    fn origin(&mut self, indent: usize, origin: &std::collections::BTreeMap<String, String>) {
        if origin.is_empty() {
            return;
        }
        let entries: Vec<String> =
            origin.iter().map(|(key, value)| format!("{}: {}", quoted(key), quoted(value))).collect();
        self.line(indent, "origin", &format!("{{{}}}", entries.join(", ")));
    }

    fn step(&mut self, step: &Step) {
        let _ = writeln!(self.text, "  - kind: {}", step.kind.id());
        if let Some(id) = &step.id {
            self.line(4, "id", &quoted(id));
        }
        if let Some(title) = &step.title {
            self.line(4, "title", &text(title));
        }
        if let Some(desk) = &step.desk {
            self.line(4, "desk", &quoted(desk.id()));
        }
        if step.officers != 1 {
            self.line(4, "officers", &step.officers.to_string());
        }
        if let Some(within) = step.within {
            self.line(4, "within", &within_text(within));
        }
        if step.otherwise.is_some() {
            self.line(4, "otherwise", "deemed-accepted");
        }
        if let Some(law) = &step.law {
            self.line(4, "law", &text(law));
        }
        if let Some(when) = &step.when {
            self.line(4, "when", &quoted(when));
        }
        if step.rules {
            self.line(4, "rules", "true");
        }
        if step.each_decides {
            self.line(4, "each_decides", "true");
        }
        if let (StepKind::End, Some(end)) = (step.kind, step.end) {
            self.line(4, "end", end.id());
        }
        if !step.was.is_empty() {
            self.line(4, "was", &list(step.was.iter().map(String::as_str)));
        }
        self.origin(4, &step.origin);
        self.parts(step);
    }

    fn parts(&mut self, step: &Step) {
        if !step.not_by.is_empty() {
            self.line(4, "not_by", &list(step.not_by.iter().map(String::as_str)));
        }
        if !step.outcomes.is_empty() {
            self.open(4, "outcomes");
        }
        for outcome in &step.outcomes {
            let _ = writeln!(self.text, "      - {}", outcome_text(outcome));
        }
        if !step.branches.is_empty() {
            self.open(4, "branches");
        }
        for branch in &step.branches {
            let _ = writeln!(self.text, "      - {}", branch_text(branch));
        }
    }
}

fn outcome_text(outcome: &TaskOutcome) -> String {
    let mut written = format!(
        "{{action: {}, title: {}, to: {}",
        quoted(&outcome.action),
        text(&outcome.title),
        quoted(&outcome.to)
    );
    if !outcome.desks.is_empty() {
        let _ = write!(written, ", desks: {}", list(outcome.desks.iter().map(|desk| desk.id())));
    }
    if outcome.reasons {
        written.push_str(", reasons: true");
    }
    if let Some(word) = outcome.by_rules {
        let _ = write!(written, ", by_rules: {}", word.id());
    }
    written.push('}');
    written
}

fn branch_text(branch: &Branch) -> String {
    let Branch { branch: id, title, agency, area, procedure, when, .. } = branch;
    let Branch { fields, materials, statutory, promised, law: acts, .. } = branch;
    let mut written = format!("{{branch: {}, title: {}, agency: {}", quoted(id), text(title), quoted(agency));
    if let Some(area) = area {
        let _ = write!(written, ", area: {}", quoted(area.as_str()));
    }
    let _ = write!(written, ", procedure: {}", quoted(procedure));
    if let Some(when) = when {
        let _ = write!(written, ", when: {}", quoted(when));
    }
    for (key, names) in [("fields", fields), ("materials", materials)] {
        if !names.is_empty() {
            let _ = write!(written, ", {key}: {}", list(names.iter().map(String::as_str)));
        }
    }
    for (key, limit) in [("statutory", statutory), ("promised", promised)] {
        if let Some(limit) = limit {
            let _ = write!(written, ", {key}: {}", quoted(&limit.to_string()));
        }
    }
    if !acts.is_empty() {
        let _ = write!(written, ", law: [{}]", acts.iter().map(law).collect::<Vec<_>>().join(", "));
    }
    written.push('}');
    written
}

fn law(law: &Law) -> String {
    match &law.article {
        Some(article) => format!("{{act: {}, article: {}}}", text(&law.act), text(article)),
        None => format!("{{act: {}}}", text(&law.act)),
    }
}

fn within_text(within: Within) -> String {
    quoted(&String::from(within))
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let items: Vec<String> = items.map(quoted).collect();
    format!("[{}]", items.join(", "))
}

/// A text, as a string or as both languages.
pub(super) fn text(text: &Text) -> String {
    match &text.en {
        Some(en) => format!("{{zh: {}, en: {}}}", quoted(&text.zh), quoted(en)),
        None => quoted(&text.zh),
    }
}

/// A string: bare where nothing in it could be read as anything else, in quotes otherwise.
pub(super) fn quoted(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text);
    if begins && plain && !word && !text.ends_with('-') {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // Other control characters, and those that end a line or a document in YAML.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
