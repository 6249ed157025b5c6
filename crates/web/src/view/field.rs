//! A question of a form as the page shows it.

use domain::Lang;
use packs::{Field, FieldError, FieldKind, FieldRule};
use serde::Serialize;

use super::parts::Tx;

/// One question with what was typed so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// The form field's name.
    pub name: String,
    /// The question.
    pub title: Tx,
    /// A hint below it.
    pub help: Option<Tx>,
    /// `text`, `textarea`, `integer`, `money`, `date`, `choice`, `choices`, `confirm`, `citizen-number`,
    /// `credit-code`, `mobile`.
    pub kind: &'static str,
    /// What was typed; empty for lists.
    pub value: String,
    /// The choices of a list.
    pub options: Vec<OptionView>,
    /// Whether it must be answered.
    pub required: bool,
    /// The source of an answer that was filled in already, e.g. "real-name record".
    pub prefilled_from: Option<Tx>,
    /// Most characters.
    pub max: Option<u32>,
    /// What the browser may fill in.
    pub autocomplete: Option<&'static str>,
    /// Asked only when another answer has one of these values.
    pub when: Option<WhenView>,
    /// What is wrong with what was typed.
    pub error: Option<FieldErrorView>,
}

/// A choice of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionView {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub title: Tx,
    /// Chosen.
    pub checked: bool,
}

/// The condition of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhenView {
    /// The other field.
    pub field: String,
    /// Its question.
    pub title: Tx,
    /// The answers, joined by `|`, for the script that hides the question.
    pub is: String,
    /// The answers in words, for readers without script.
    pub words: String,
}

/// What is wrong: `rule-<rule>` in the texts, with `min` and `max`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldErrorView {
    /// The broken rule.
    pub rule: &'static str,
    /// Lower bound in words, or empty.
    pub min: String,
    /// Upper bound in words, or empty.
    pub max: String,
}

impl FieldErrorView {
    /// The words for a broken rule.
    #[must_use]
    pub fn of(rule: FieldRule) -> Self {
        let bounds = |rule, min: String, max: String| Self { rule, min, max };
        let bare = |rule| Self { rule, min: String::new(), max: String::new() };
        match rule {
            FieldRule::Required => bare("required"),
            FieldRule::TooShort { min } => bounds("too-short", min.to_string(), String::new()),
            FieldRule::TooLong { max } => bounds("too-long", String::new(), max.to_string()),
            FieldRule::NotInteger => bare("not-integer"),
            FieldRule::NotMoney => bare("not-money"),
            FieldRule::OutOfRange { min, max, money: false } => {
                bounds("out-of-range", min.to_string(), max.to_string())
            }
            FieldRule::OutOfRange { min, max, money: true } => {
                bounds("out-of-range-money", fen(min), fen(max))
            }
            FieldRule::NotDate => bare("not-date"),
            FieldRule::NotPast => bare("not-past"),
            FieldRule::NotFuture => bare("not-future"),
            FieldRule::NotListed => bare("not-listed"),
            FieldRule::CitizenNumberShape => bare("citizen-number-shape"),
            FieldRule::CitizenNumberBirthday => bare("citizen-number-birthday"),
            FieldRule::CitizenNumberCheck => bare("citizen-number-check"),
            FieldRule::CreditCodeShape => bare("credit-code-shape"),
            FieldRule::CreditCodeCheck => bare("credit-code-check"),
            FieldRule::Mobile => bare("mobile"),
        }
    }
}

fn fen(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, (fen % 100).abs()) }
}

impl FieldView {
    /// A question with the answer typed so far, its error and the source of a prefilled answer.
    #[must_use]
    pub fn of(
        field: &Field,
        answer: &str,
        error: Option<&FieldError>,
        prefilled_from: Option<Tx>,
        lang: Lang,
    ) -> Self {
        let options = match &field.kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } => options.as_slice(),
            _ => &[],
        };
        let chosen: Vec<&str> = answer.split('|').collect();
        Self {
            name: field.name.clone(),
            title: Tx::of(&field.title, lang),
            help: field.help.as_ref().map(|help| Tx::of(help, lang)),
            kind: kind(&field.kind),
            value: answer.to_owned(),
            options: options
                .iter()
                .map(|option| OptionView {
                    value: option.value.clone(),
                    title: Tx::of(&option.title, lang),
                    checked: chosen.contains(&option.value.as_str()),
                })
                .collect(),
            required: field.required,
            prefilled_from,
            max: match field.kind {
                FieldKind::Text { max, .. } => Some(max),
                _ => None,
            },
            autocomplete: autocomplete(field),
            when: None,
            error: error.map(|error| FieldErrorView::of(error.rule)),
        }
    }

    /// The same question, asked only after certain answers to `other`.
    #[must_use]
    pub fn only_when(mut self, other: &Field, is: &[String], lang: Lang) -> Self {
        let words: Vec<&str> = match &other.kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } => options
                .iter()
                .filter(|option| is.contains(&option.value))
                .map(|option| option.title.get(lang))
                .collect(),
            _ => Vec::new(),
        };
        self.when = Some(WhenView {
            field: other.name.clone(),
            title: Tx::of(&other.title, lang),
            is: is.join("|"),
            words: words.join(if lang == Lang::Zh { "、" } else { ", " }),
        });
        self
    }
}

fn kind(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { multiline: false, .. } => "text",
        FieldKind::Text { multiline: true, .. } => "textarea",
        FieldKind::Integer { .. } => "integer",
        FieldKind::Money { .. } => "money",
        FieldKind::Date { .. } => "date",
        FieldKind::Choice { .. } => "choice",
        FieldKind::Choices { .. } => "choices",
        FieldKind::Confirm => "confirm",
        FieldKind::CitizenNumber => "citizen-number",
        FieldKind::CreditCode => "credit-code",
        FieldKind::Mobile => "mobile",
    }
}

fn autocomplete(field: &Field) -> Option<&'static str> {
    use packs::Prefill;
    match field.prefill? {
        Prefill::Name => Some("name"),
        Prefill::Mobile => Some("tel-national"),
        Prefill::Address => Some("street-address"),
        Prefill::CitizenNumber => None,
    }
}

/// A line of the summary on top of a page with errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SummaryLine {
    /// Where the wrong thing stands, `#f-…`.
    pub href: String,
    /// The question or material.
    pub title: Tx,
    /// Key of the text.
    pub key: String,
    /// Lower bound, or the name of a wrong file, or empty.
    pub min: String,
    /// Upper bound, or empty.
    pub max: String,
}
