//! `forms/*.json`: JSON Schema 2020-12 in a closed subset. An unknown keyword is an error, because what
//! is written and not enforced misleads people.
//!
//! The file must be JSON; it is then read by the YAML reader (JSON is YAML), which knows the line of
//! each value and refuses a key written twice.

use std::collections::BTreeMap;

use domain::Text;
use serde::Deserialize;

use crate::form::{Field, FieldKind, Form, Page, ShowWhen};
use crate::limits;
use crate::problem::{Place, Problems};

use super::document::{self, Spanned};
use super::field_kinds::{Property, ShowWhenSchema, kind};
use super::manifest::is_id;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schema {
    #[serde(rename = "$schema")]
    dialect: Spanned<String>,
    #[serde(rename = "$comment", default)]
    _comment: Option<String>,
    #[serde(rename = "title", default)]
    _title: Option<String>,
    #[serde(rename = "type")]
    kind: Spanned<String>,
    #[serde(rename = "additionalProperties", default)]
    _additional: Option<bool>,
    #[serde(rename = "x-pages")]
    pages: Vec<Spanned<PageSchema>>,
    #[serde(default)]
    required: Vec<Spanned<String>>,
    properties: BTreeMap<String, Spanned<Property>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageSchema {
    id: String,
    title: Text,
    fields: Vec<Spanned<String>>,
}

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Reads a form; `None` after a complaint.
pub(super) fn read(label: &str, text: &str, problems: &mut Problems) -> Option<Form> {
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        problems.error(
            &Place::line(label, error.line() as u64),
            "json",
            format!("the file is not JSON: {error}"),
        );
        return None;
    }
    let schema: Schema = document::yaml(label, text, problems)?;
    let mut reader = Reader { label, problems, good: true };
    let form = reader.form(schema);
    reader.good.then_some(form)
}

struct Reader<'a> {
    label: &'a str,
    problems: &'a mut Problems,
    good: bool,
}

impl Reader<'_> {
    fn fault<T>(&mut self, at: &Spanned<T>, rule: &'static str, message: impl Into<String>) {
        self.problems.error(&document::place(self.label, at), rule, message);
        self.good = false;
    }

    fn form(&mut self, schema: Schema) -> Form {
        if schema.dialect.value != DIALECT {
            self.fault(&schema.dialect, "form-dialect", format!("$schema must be {DIALECT}"));
        }
        if schema.kind.value != "object" {
            self.fault(&schema.kind, "form-keyword", "the type of a form is object");
        }
        for name in schema.required.iter().filter(|name| !schema.properties.contains_key(&name.value)) {
            self.fault(name, "form-field", format!("required names {}, which is no property", name.value));
        }
        if schema.pages.len() > limits::FORM_PAGES || schema.properties.len() > limits::FORM_FIELDS {
            let message =
                format!("a form has at most {} pages and {} fields", limits::FORM_PAGES, limits::FORM_FIELDS);
            self.fault(&schema.kind, "form-too-large", message);
            return Form::default();
        }
        let mut form = Form::default();
        for page in &schema.pages {
            let made = self.page(page, &schema, &form);
            form.pages.push(made);
        }
        let asked =
            |name: &str| form.pages.iter().flat_map(|page| &page.fields).any(|field| field.name == name);
        for (name, property) in schema.properties.iter().filter(|(name, _)| !asked(name)) {
            self.fault(
                property,
                "form-field",
                format!("the property {name} stands on no page; add it to x-pages"),
            );
        }
        form
    }

    fn page(&mut self, page: &Spanned<PageSchema>, schema: &Schema, before: &Form) -> Page {
        let PageSchema { id, title, fields } = &page.value;
        if !is_id(id) || before.pages.iter().any(|other| other.id == *id) {
            self.fault(
                page,
                "form-page",
                format!("the page id {id:?} is not a new id of lower-case letters and dashes"),
            );
        }
        if fields.is_empty() || title.is_empty() {
            self.fault(page, "form-page", format!("the page {id} needs a title and at least one field"));
        }
        let mut made = Page { id: id.clone(), title: title.clone(), fields: Vec::new() };
        for name in fields {
            let mut earlier = before.pages.iter().flat_map(|page| &page.fields).chain(&made.fields);
            if earlier.any(|field| field.name == name.value) {
                self.fault(name, "form-field", format!("{} is asked twice; keep one", name.value));
                continue;
            }
            let Some(property) = schema.properties.get(&name.value) else {
                self.fault(
                    name,
                    "form-field",
                    format!("{} is no property; add it or mend the name", name.value),
                );
                continue;
            };
            let required = schema.required.iter().any(|required| required.value == name.value);
            if let Some(field) = self.field(&name.value, property, required) {
                self.show_when(property, before, &made);
                made.fields.push(field);
            }
        }
        made
    }

    fn field(&mut self, name: &str, property: &Spanned<Property>, required: bool) -> Option<Field> {
        let written = &property.value;
        if !is_field_name(name) {
            let message =
                format!("the field name {name:?} is not a-z, 0-9 and _ beginning with a letter, at most 40");
            self.fault(property, "form-field", message);
        }
        if written.title.trim().is_empty() {
            self.fault(property, "form-title", format!("{name} has no title; write the question"));
        }
        let kind = match kind(written) {
            Ok(kind) => kind,
            Err((rule, message)) => {
                self.fault(property, rule, format!("{name}: {message}"));
                return None;
            }
        };
        let show_when = written.show_when.as_ref().map(|when| {
            let ShowWhenSchema { field, is } = &when.value;
            ShowWhen { field: field.clone(), is: is.clone() }
        });
        Some(Field {
            name: name.to_owned(),
            title: Text { zh: written.title.clone(), en: written.title_en.clone() },
            help: written.help.clone(),
            kind,
            required,
            prefill: written.prefill,
            show_when,
            sensitive: written.sensitive,
        })
    }

    /// The other field stands before this one and can have these answers.
    fn show_when(&mut self, property: &Spanned<Property>, before: &Form, page: &Page) {
        let Some(when) = &property.value.show_when else { return };
        let earlier = before.pages.iter().flat_map(|page| &page.fields).chain(&page.fields);
        let Some(other) = earlier.into_iter().find(|field| field.name == when.value.field) else {
            let message =
                format!("x-show-when names {}, which is not asked before this field", when.value.field);
            return self.fault(when, "form-show-when", message);
        };
        let possible: Vec<&str> = match &other.kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } => {
                options.iter().map(|option| option.value.as_str()).collect()
            }
            FieldKind::Confirm => vec!["yes"],
            _ => {
                let message =
                    format!("x-show-when can look at a choice or a statement, and {} is neither", other.name);
                return self.fault(when, "form-show-when", message);
            }
        };
        if when.value.is.is_empty() || when.value.is.iter().any(|value| !possible.contains(&value.as_str())) {
            let message = format!("x-show-when: {} answers only {}", other.name, possible.join(", "));
            self.fault(when, "form-show-when", message);
        }
    }
}

fn is_field_name(name: &str) -> bool {
    name.len() <= 40
        && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
