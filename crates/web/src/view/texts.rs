//! Texts in two languages, in Fluent files under `locales/`.

use std::borrow::Cow;
use std::collections::HashMap;

use domain::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::error::ViewError;

macro_rules! locale {
    ($lang:literal, [$($file:literal),+ $(,)?]) => {
        &[$((
            concat!("locales/", $lang, "/", $file, ".ftl"),
            include_str!(concat!("../../../../locales/", $lang, "/", $file, ".ftl")),
        )),+]
    };
}

const ZH: &[(&str, &str)] = locale!(
    "zh",
    [
        "common",
        "home",
        "catalogue",
        "item",
        "apply",
        "case",
        "life",
        "account",
        "desk",
        "identity",
        "refusals",
        "notices",
        "messages",
        "pages",
        "providers",
        "ties",
        "partners",
        "privacy",
        "wallets",
        "review",
        "line",
    ]
);
const EN: &[(&str, &str)] = locale!(
    "en",
    [
        "common",
        "home",
        "catalogue",
        "item",
        "apply",
        "case",
        "life",
        "account",
        "desk",
        "identity",
        "refusals",
        "notices",
        "messages",
        "pages",
        "providers",
        "ties",
        "partners",
        "privacy",
        "wallets",
        "review",
        "line",
    ]
);

/// An argument of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg<'a> {
    /// A number; English chooses singular or plural by it.
    Number(i64),
    /// Words, put in as they are.
    Words(Cow<'a, str>),
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(words: &'a str) -> Self {
        Self::Words(Cow::Borrowed(words))
    }
}

impl From<String> for Arg<'_> {
    fn from(words: String) -> Self {
        Self::Words(Cow::Owned(words))
    }
}

/// All texts of one language.
pub(super) struct Texts {
    bundle: FluentBundle<FluentResource>,
    /// Texts without arguments, written out once so that no page asks Fluent for them again.
    plain: HashMap<String, String>,
    /// Every key, also of texts with arguments.
    keys: Vec<String>,
}

impl Texts {
    /// Reads the embedded files of `lang`.
    pub(super) fn new(lang: Lang) -> Result<Self, ViewError> {
        let (files, tag) = match lang {
            Lang::Zh => (ZH, fluent_bundle_tag("zh-CN")?),
            Lang::En => (EN, fluent_bundle_tag("en")?),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolating marks are for mixed directions; both languages run left to right.
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        for &(file, source) in files {
            let resource = FluentResource::try_new(source.to_owned())
                .map_err(|(_, errors)| locale_error(file, &errors))?;
            keys.extend(message_keys(source));
            bundle.add_resource(resource).map_err(|errors| locale_error(file, &errors))?;
        }
        let mut texts = Self { bundle, plain: HashMap::new(), keys };
        texts.plain = texts.keys.iter().filter_map(|key| Some((key.clone(), texts.written(key)?))).collect();
        Ok(texts)
    }

    /// A text without arguments; `None` where there is no such key, or it wants arguments.
    pub(super) fn plain(&self, key: &str) -> Option<&str> {
        self.plain.get(key).map(String::as_str)
    }

    /// Every text without arguments.
    pub(super) fn all_plain(&self) -> impl Iterator<Item = (&str, &str)> {
        self.plain.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// Every key.
    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// A text with arguments; `None` where the key is missing or an argument it wants is.
    pub(super) fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        if let Some(plain) = self.plain(key) {
            return Some(plain.to_owned());
        }
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            match arg {
                Arg::Number(number) => fluent.set(*name, FluentValue::from(*number)),
                Arg::Words(words) => fluent.set(*name, FluentValue::from(words.as_ref())),
            }
        }
        self.format(key, Some(&fluent))
    }

    fn written(&self, key: &str) -> Option<String> {
        self.format(key, None)
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }
}

fn fluent_bundle_tag<T: std::str::FromStr>(tag: &'static str) -> Result<T, ViewError> {
    tag.parse().map_err(|_| ViewError::Locale { file: tag, reason: "not a language tag".to_owned() })
}

fn locale_error(file: &'static str, errors: &impl std::fmt::Debug) -> ViewError {
    ViewError::Locale { file, reason: format!("{errors:?}") }
}

/// Keys are what stands before `=` at the beginning of a line; terms (`-name`) are not asked for by pages.
fn message_keys(source: &str) -> impl Iterator<Item = String> + '_ {
    source.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let first = key.chars().next()?;
        (first.is_ascii_lowercase() && !key.contains(' ')).then(|| key.to_owned())
    })
}
