//! A text in Chinese, and in English where somebody wrote one.

use serde::{Deserialize, Serialize};

/// The two languages of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 简体中文, the language of record.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both languages, the language of record first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The BCP 47 tag for `lang="…"`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// A text a person reads. Chinese is always there; official data often has no English, and then the
/// Chinese is shown, marked as Chinese, rather than a translation nobody has checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English, where written.
    pub en: Option<String>,
}

/// In a file a text is either one Chinese string or `{zh: …, en: …}`.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Plain(String),
    Both { zh: String, en: String },
}

impl From<Written> for Text {
    fn from(written: Written) -> Self {
        match written {
            Written::Plain(zh) => Self { zh, en: None },
            Written::Both { zh, en } => Self { zh, en: Some(en) },
        }
    }
}

impl From<Text> for Written {
    fn from(text: Text) -> Self {
        match text.en {
            None => Self::Plain(text.zh),
            Some(en) => Self::Both { zh: text.zh, en },
        }
    }
}

impl Text {
    /// A text that exists in Chinese only.
    pub fn zh(zh: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: None }
    }

    /// A text in both languages.
    pub fn both(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: Some(en.into()) }
    }

    /// The text in `lang`, falling back to Chinese.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match (lang, &self.en) {
            (Lang::En, Some(en)) => en,
            _ => &self.zh,
        }
    }

    /// The language [`Text::get`] really answers in, for the `lang` attribute.
    #[must_use]
    pub fn lang(&self, wanted: Lang) -> Lang {
        if wanted == Lang::En && self.en.is_some() { Lang::En } else { Lang::Zh }
    }

    /// True when there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty()
    }
}
