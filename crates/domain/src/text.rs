//! A text in Chinese, and in English where somebody wrote one.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
///
/// In a file it is either one Chinese string or `{zh: …, en: …}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English, where written.
    pub en: Option<String>,
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(en) = &self.en else { return serializer.serialize_str(&self.zh) };
        let mut both = serializer.serialize_map(Some(2))?;
        both.serialize_entry("zh", &self.zh)?;
        both.serialize_entry("en", en)?;
        both.end()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

/// Reads a text, and refuses keys it does not know, so that a typing mistake is not lost in silence.
struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text: a Chinese string, or {zh: …, en: …}")
    }

    fn visit_str<E: serde::de::Error>(self, zh: &str) -> Result<Text, E> {
        Ok(Text::zh(zh))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let (mut zh, mut en) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            let slot = match key.as_str() {
                "zh" => &mut zh,
                "en" => &mut en,
                other => return Err(serde::de::Error::unknown_field(other, &["zh", "en"])),
            };
            if slot.replace(map.next_value::<String>()?).is_some() {
                return Err(serde::de::Error::custom(format!("the language {key} is written twice")));
            }
        }
        let zh = zh.ok_or_else(|| serde::de::Error::missing_field("zh"))?;
        Ok(Text { zh, en })
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
