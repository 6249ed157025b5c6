//! Small things that several pages show.

use domain::{Lang, Limit, Text};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A text with its language, where that is not the page's: official names often exist in Chinese only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tx {
    /// What is read.
    pub text: String,
    /// `zh-CN` or `en` for a text in the other language than the page's.
    pub lang: Option<&'static str>,
}

impl Tx {
    /// `text` for a page in `page`.
    #[must_use]
    pub fn of(text: &Text, page: Lang) -> Self {
        let real = text.lang(page);
        Self { text: text.get(page).to_owned(), lang: (real != page).then(|| real.tag()) }
    }

    /// Chinese words on a page in `page`.
    #[must_use]
    pub fn zh(text: impl Into<String>, page: Lang) -> Self {
        Self { text: text.into(), lang: (page != Lang::Zh).then(|| Lang::Zh.tag()) }
    }

    /// Words in the page's own language.
    #[must_use]
    pub fn own(text: impl Into<String>) -> Self {
        Self { text: text.into(), lang: None }
    }
}

/// A link in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Where to.
    pub href: String,
    /// What is read.
    pub text: Tx,
    /// How many items stand behind it, where that helps.
    pub count: Option<u32>,
}

impl Link {
    /// A link without a count.
    #[must_use]
    pub fn new(href: impl Into<String>, text: Tx) -> Self {
        Self { href: href.into(), text, count: None }
    }

    /// A link with a count.
    #[must_use]
    pub fn counted(href: impl Into<String>, text: Tx, count: u32) -> Self {
        Self { href: href.into(), text, count: Some(count) }
    }
}

/// A length of time: `limit-workday` or `limit-natural-day` in the texts, with `n`.
///
/// Templates see `days`, a number, or words such as `0.5` for parts of a day (0 is "on the spot"), and `unit`,
/// `workday` or `natural-day`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitView(Limit);

impl From<Limit> for LimitView {
    fn from(limit: Limit) -> Self {
        Self(limit)
    }
}

impl Serialize for LimitView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("LimitView", 2)?;
        if self.0.quarters() == 0 {
            fields.serialize_field("days", &self.0.days)?;
        } else {
            fields.serialize_field("days", &self.0.number())?;
        }
        fields.serialize_field("unit", &self.0.unit)?;
        fields.end()
    }
}

/// A longer text, cut into its paragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paragraphs {
    /// In order, none empty.
    pub paras: Vec<String>,
    /// As in [`Tx`].
    pub lang: Option<&'static str>,
    /// Long enough to be folded.
    pub long: bool,
}

/// Texts of more characters than this are folded on the page.
const FOLD_FROM: usize = 160;

impl From<Tx> for Paragraphs {
    fn from(tx: Tx) -> Self {
        let paras: Vec<String> =
            tx.text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        Self { paras, lang: tx.lang, long: tx.text.chars().count() > FOLD_FROM }
    }
}
