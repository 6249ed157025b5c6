//! Forms: a JSON Schema 2020-12 document read into the few shapes a page can ask for, and the judgement
//! of what was typed.
//!
//! A form keeps to a closed part of JSON Schema, so that every keyword in a file is shown and enforced;
//! an unknown keyword is refused by the pack check rather than silently ignored. Why not a general
//! validator: `docs/decisions/`.

mod generate;
mod sample;
mod validate;

pub use generate::generate;
pub use sample::{SamplePerson, sample};
pub use validate::{is_shown, validate, validate_page};

use std::collections::BTreeMap;

use domain::Text;
use serde::{Deserialize, Serialize};

/// What a person typed, by field name. Several choices are joined by `|`.
pub type Answers = BTreeMap<String, String>;

/// All questions of an item, a few to a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Form {
    /// Pages in order.
    pub pages: Vec<Page>,
}

/// A page of questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Stable id, safe in a URL.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// Questions in order.
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Property name; `[a-z][a-z0-9_]{0,39}`.
    pub name: String,
    /// The question.
    pub title: Text,
    /// A hint below it.
    pub help: Option<Text>,
    /// What may be answered.
    pub kind: FieldKind,
    /// Whether it must be answered (while shown).
    pub required: bool,
    /// Where a first answer comes from.
    pub prefill: Option<Prefill>,
    /// Asked only when another field has one of these values.
    pub show_when: Option<ShowWhen>,
    /// 敏感个人信息 (个人信息保护法 art. 28): masked at the desk. Left out where it is not, so that definitions stored
    /// before keep their digest.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

/// What may be answered. Lengths are in characters, bounds inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FieldKind {
    /// Free text.
    Text {
        /// Fewest characters.
        min: u32,
        /// Most characters.
        max: u32,
        /// Several lines.
        multiline: bool,
    },
    /// A whole number.
    Integer {
        /// Least.
        min: i64,
        /// Greatest.
        max: i64,
    },
    /// Yuan with at most two decimals; bounds in fen.
    Money {
        /// Least, in fen.
        min: i64,
        /// Greatest, in fen.
        max: i64,
    },
    /// A civil date `YYYY-MM-DD`.
    Date {
        /// Must not lie after today.
        past: bool,
        /// Must not lie before today.
        future: bool,
    },
    /// One of a list.
    Choice {
        /// The list.
        options: Vec<Option_>,
    },
    /// Some of a list.
    Choices {
        /// The list.
        options: Vec<Option_>,
    },
    /// A statement to confirm; the answer is `yes`.
    Confirm,
    /// 公民身份号码, GB 11643.
    CitizenNumber,
    /// 统一社会信用代码, GB 32100.
    CreditCode,
    /// A mainland mobile number: 11 digits beginning 13 to 19.
    Mobile,
}

/// One choice of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Option_ {
    /// What is stored.
    pub value: String,
    /// What is read.
    pub title: Text,
}

/// Where a first answer comes from; its source is named beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefill {
    /// The signed-in person's name.
    Name,
    /// The signed-in person's citizen number.
    CitizenNumber,
    /// The signed-in person's mobile number.
    Mobile,
    /// The signed-in person's address.
    Address,
}

/// A question that depends on another answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowWhen {
    /// The other field, which stands before this one.
    pub field: String,
    /// Any of these answers.
    pub is: Vec<String>,
}

/// What is wrong with one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// The rule that is broken.
    pub rule: FieldRule,
}

/// Rules an answer can break. Each has a text in both languages under its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldRule {
    /// Nothing was answered.
    Required,
    /// Shorter than the fewest characters.
    TooShort {
        /// Fewest characters.
        min: u32,
    },
    /// Longer than the most characters.
    TooLong {
        /// Most characters.
        max: u32,
    },
    /// Not a whole number.
    NotInteger,
    /// Not an amount of money.
    NotMoney,
    /// Below or above the bounds (whole numbers, or fen).
    OutOfRange {
        /// Least.
        min: i64,
        /// Greatest.
        max: i64,
        /// Bounds are fen.
        money: bool,
    },
    /// Not a date.
    NotDate,
    /// After today.
    NotPast,
    /// Before today.
    NotFuture,
    /// Not on the list.
    NotListed,
    /// Citizen number: not 18 characters, or a wrong character.
    CitizenNumberShape,
    /// Citizen number: no such date of birth.
    CitizenNumberBirthday,
    /// Citizen number: the check character does not fit.
    CitizenNumberCheck,
    /// Credit code: shape.
    CreditCodeShape,
    /// Credit code: check character.
    CreditCodeCheck,
    /// Not a mobile number.
    Mobile,
}
