//! One property of a form: which keywords make which kind of question, and which do not go together.

use domain::Text;
use serde::Deserialize;

use crate::form::{FieldKind, Option_, Prefill};
use crate::limits;

use super::document::Spanned;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Property {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) title: String,
    #[serde(rename = "x-title-en", default)]
    pub(super) title_en: Option<String>,
    #[serde(rename = "x-help", default)]
    pub(super) help: Option<Text>,
    #[serde(rename = "minLength", default)]
    pub(super) min_length: Option<u32>,
    #[serde(rename = "maxLength", default)]
    pub(super) max_length: Option<u32>,
    #[serde(default)]
    pub(super) minimum: Option<i64>,
    #[serde(default)]
    pub(super) maximum: Option<i64>,
    #[serde(default)]
    pub(super) format: Option<String>,
    #[serde(rename = "oneOf", default)]
    pub(super) one_of: Option<Vec<Choice>>,
    #[serde(default)]
    pub(super) items: Option<Items>,
    #[serde(rename = "uniqueItems", default)]
    pub(super) unique: Option<bool>,
    #[serde(rename = "const", default)]
    pub(super) constant: Option<bool>,
    #[serde(rename = "x-multiline", default)]
    pub(super) multiline: Option<bool>,
    #[serde(rename = "x-date", default)]
    pub(super) date: Option<String>,
    #[serde(rename = "x-sensitive", default)]
    pub(super) sensitive: bool,
    #[serde(rename = "x-prefill", default)]
    pub(super) prefill: Option<Prefill>,
    #[serde(rename = "x-show-when", default)]
    pub(super) show_when: Option<Spanned<ShowWhenSchema>>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Items {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(rename = "oneOf")]
    pub(super) one_of: Vec<Choice>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    #[serde(rename = "const")]
    pub(super) value: String,
    pub(super) title: String,
    #[serde(rename = "x-title-en", default)]
    pub(super) title_en: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShowWhenSchema {
    pub(super) field: String,
    pub(super) is: Vec<String>,
}

/// A broken rule and what to say of it.
pub(super) type Wrong = (&'static str, String);

/// The shape of one property, or why it has none.
pub(super) fn kind(written: &Property) -> Result<FieldKind, Wrong> {
    let made = match (written.kind.as_str(), written.format.as_deref()) {
        ("string", None) => match &written.one_of {
            Some(choices) => FieldKind::Choice { options: options(choices)? },
            None => text(written)?,
        },
        ("string", Some("date")) => date(written)?,
        ("string", Some("citizen-number")) => FieldKind::CitizenNumber,
        ("string", Some("credit-code")) => FieldKind::CreditCode,
        ("string", Some("mobile")) => FieldKind::Mobile,
        ("string", Some("money")) => {
            let (min, max) = range(written)?;
            let fen = |yuan: i64| {
                yuan.checked_mul(100).ok_or(("form-bounds", "the bounds are too large".to_owned()))
            };
            FieldKind::Money { min: fen(min)?, max: fen(max)? }
        }
        ("integer", None) => {
            let (min, max) = range(written)?;
            FieldKind::Integer { min, max }
        }
        ("boolean", None) if written.constant == Some(true) => FieldKind::Confirm,
        ("boolean", None) => {
            return Err(("form-keyword", "a boolean is a statement to confirm: add const: true".into()));
        }
        ("array", None) => choices(written)?,
        (kind, format) => {
            let format = format.map_or(String::new(), |format| format!(" with format {format}"));
            return Err(("form-keyword", format!("the type {kind}{format} is not one of the format's")));
        }
    };
    stray_keywords(written, &made)?;
    Ok(made)
}

/// A keyword that means nothing for the field's type is refused: it would promise what nobody checks.
fn stray_keywords(written: &Property, made: &FieldKind) -> Result<(), Wrong> {
    use FieldKind as Kind;
    let is_text = matches!(made, Kind::Text { .. });
    let is_number = matches!(made, Kind::Integer { .. } | Kind::Money { .. });
    let several = matches!(made, Kind::Choices { .. });
    let prefilled = is_text || matches!(made, Kind::CitizenNumber | Kind::Mobile);
    let stray = [
        (written.min_length.is_some() && !is_text, "minLength"),
        (written.max_length.is_some() && !is_text, "maxLength"),
        (written.multiline.is_some() && !is_text, "x-multiline"),
        (written.minimum.is_some() && !is_number, "minimum"),
        (written.maximum.is_some() && !is_number, "maximum"),
        (written.one_of.is_some() && !matches!(made, Kind::Choice { .. }), "oneOf"),
        (written.items.is_some() && !several, "items"),
        (written.unique.is_some() && !several, "uniqueItems"),
        (written.constant.is_some() && !matches!(made, Kind::Confirm), "const"),
        (written.date.is_some() && !matches!(made, Kind::Date { .. }), "x-date"),
        (written.prefill.is_some() && !prefilled, "x-prefill"),
    ];
    match stray.iter().find(|(is_stray, _)| *is_stray) {
        Some((_, keyword)) => Err(("form-keyword", format!("{keyword} does not fit this type; take it out"))),
        None => Ok(()),
    }
}

fn text(written: &Property) -> Result<FieldKind, Wrong> {
    let max = written.max_length.ok_or(("form-bounds", "a text needs maxLength".to_owned()))?;
    let min = written.min_length.unwrap_or(0);
    if min > max || max == 0 || max > limits::ANSWER_CHARS {
        let message = format!(
            "minLength {min} and maxLength {max} must keep to 0 ≤ min ≤ max ≤ {}",
            limits::ANSWER_CHARS
        );
        return Err(("form-bounds", message));
    }
    Ok(FieldKind::Text { min, max, multiline: written.multiline.unwrap_or(false) })
}

fn range(written: &Property) -> Result<(i64, i64), Wrong> {
    match (written.minimum, written.maximum) {
        (Some(min), Some(max)) if min <= max => Ok((min, max)),
        _ => {
            Err(("form-bounds", "a number needs minimum and maximum, the first not above the second".into()))
        }
    }
}

fn date(written: &Property) -> Result<FieldKind, Wrong> {
    match written.date.as_deref() {
        None => Ok(FieldKind::Date { past: false, future: false }),
        Some("past") => Ok(FieldKind::Date { past: true, future: false }),
        Some("future") => Ok(FieldKind::Date { past: false, future: true }),
        Some(other) => Err(("form-keyword", format!("x-date {other} is not past or future"))),
    }
}

fn choices(written: &Property) -> Result<FieldKind, Wrong> {
    let items =
        written.items.as_ref().ok_or(("form-keyword", "an array needs items with oneOf".to_owned()))?;
    if items.kind != "string" || written.unique != Some(true) {
        return Err(("form-keyword", "an array holds strings and says uniqueItems: true".into()));
    }
    Ok(FieldKind::Choices { options: options(&items.one_of)? })
}

fn options(choices: &[Choice]) -> Result<Vec<Option_>, Wrong> {
    if choices.is_empty() || choices.len() > limits::OPTIONS {
        return Err(("form-options", format!("oneOf needs 1 to {} entries", limits::OPTIONS)));
    }
    let mut options: Vec<Option_> = Vec::with_capacity(choices.len());
    for choice in choices {
        let value = &choice.value;
        if value.trim() != value
            || value.is_empty()
            || value.contains('|')
            || value.chars().count() > limits::ID_CHARS
        {
            return Err((
                "form-options",
                format!("the value {value:?} is empty, too long, or holds | or spaces around it"),
            ));
        }
        if options.iter().any(|other| other.value == *value) {
            return Err(("form-options", format!("the value {value} stands there twice")));
        }
        let title = Text { zh: choice.title.clone(), en: choice.title_en.clone() };
        options.push(Option_ { value: value.clone(), title });
    }
    Ok(options)
}
