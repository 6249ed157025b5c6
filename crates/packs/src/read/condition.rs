//! Conditions (`when`): a FEEL expression over the answers, the applicant and the materials.

use crate::limits;

/// What a condition reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    /// `form.<field>`
    Field(String),
    /// `materials.<id>`
    Material(String),
}

/// Facts about the applicant that conditions and models may read as `applicant.<fact>`.
pub(super) const FACTS: [&str; 4] = ["age", "born", "sex", "level"];
/// Everything that conditions and models may read; `today` is a date, the others hold names of their own.
pub(super) const ROOTS: [&str; 4] = ["form", "applicant", "materials", "today"];

/// Reads a condition; the fields and materials it reads, or a rule and what is wrong.
pub(super) fn read(text: &str) -> Result<Vec<Named>, (&'static str, String)> {
    if text.chars().count() > limits::CONDITION_CHARS {
        return Err((
            "condition",
            format!("it is longer than {} characters; put it in a model", limits::CONDITION_CHARS),
        ));
    }
    dmn::check_expression(text, &ROOTS)
        .map_err(|what| ("condition", format!("{text:?} is no condition: {what}")))?;
    let mut read = Vec::new();
    for (root, name) in paths(text) {
        match (root, name) {
            ("form", Some(name)) => read.push(Named::Field(name.to_owned())),
            ("materials", Some(name)) => read.push(Named::Material(name.to_owned())),
            ("today", _) => {}
            (_, Some(fact)) if FACTS.contains(&fact) => {}
            (_, Some(fact)) => {
                let message = format!(
                    "applicant.{fact} is no known fact; known are applicant.{}",
                    FACTS.join(", applicant.")
                );
                return Err(("condition-name", message));
            }
            (root, None) => {
                return Err(("condition-name", format!("{root} stands alone; write {root}.NAME")));
            }
        }
    }
    Ok(read)
}

/// Each root in an expression, with the name behind its dot. The text was read as FEEL before, so texts and comments are closed.
pub(super) fn paths(text: &str) -> Vec<(&str, Option<&str>)> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut paths = Vec::new();
    let (mut rest, mut after_dot) = (text, false);
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            rest = after_text(rest);
        } else if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.find('\n').map_or("", |end| &comment[end..]);
            continue;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
            continue;
        } else if word(c) {
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            rest = behind;
            if !after_dot && let Some(root) = ROOTS.iter().find(|root| **root == name) {
                let entry = behind.trim_start().strip_prefix('.').map(str::trim_start);
                let entry = entry.map(|entry| &entry[..entry.find(|c| !word(c)).unwrap_or(entry.len())]);
                paths.push((*root, entry.filter(|entry| !entry.is_empty())));
            }
        } else {
            rest = &rest[c.len_utf8()..];
            if c.is_whitespace() {
                continue;
            }
        }
        after_dot = c == '.' && !rest.starts_with('.') && !after_dot;
    }
    paths
}

/// What stands behind a text in quotation marks.
fn after_text(text: &str) -> &str {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return &text[at + 1..],
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::{Named, read};

    fn fields(text: &str) -> Result<Vec<String>, &'static str> {
        let named = read(text).map_err(|(rule, _)| rule)?;
        Ok(named
            .into_iter()
            .map(|named| match named {
                Named::Field(name) => format!("f:{name}"),
                Named::Material(id) => format!("m:{id}"),
            })
            .collect())
    }

    #[test]
    fn conditions_tell_what_they_read() {
        let cases: &[(&str, &[&str])] = &[
            ("form.signboard = \"yes\"", &["f:signboard"]),
            ("applicant.age >= 65 and form . kind in (\"a\", \"b\")", &["f:kind"]),
            ("not(materials.m1 = null) or form.a = form.b", &["m:m1", "f:a", "f:b"]),
            (
                "form.note = \"form.x \\\" materials.y\" // form.z\n and form.last = \"\"",
                &["f:note", "f:last"],
            ),
            ("/* form */ form.on.year > 2020", &["f:on"]),
            ("today > date(\"2026-01-01\") and today.year = form.year", &["f:year"]),
            ("if applicant.level = \"a\" then true else false", &[]),
        ];
        for (text, wanted) in cases {
            assert_eq!(fields(text), Ok(wanted.iter().map(ToString::to_string).collect()), "{text}");
        }
        for text in ["form = 1", "form", "applicant.name = \"x\"", "for x in [form] return x"] {
            assert_eq!(fields(text), Err("condition-name"), "{text}");
        }
        for text in ["", "form.a =", "colour = \"red\"", "form.a = 'x'", &"(".repeat(900), &"1+".repeat(600)]
        {
            assert_eq!(fields(text), Err("condition"), "{text}");
        }
    }
}
