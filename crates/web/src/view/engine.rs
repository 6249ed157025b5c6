//! Templates: loaded once, one environment a language, with everything that never changes written into
//! them at load time, so that a page costs only its own data.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use domain::Lang;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{
    Environment, Error, ErrorKind, HtmlEscape, Output, State, UndefinedBehavior, context, escape_formatter,
};
use serde::Serialize;

use super::assets::asset_url;
use super::chrome::{Chrome, ChromeContext};
use super::error::ViewError;
use super::texts::{Arg, Texts};

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../templates/", $name)))),+]
    };
}

pub(super) const TEMPLATES: &[(&str, &str)] = templates![
    "base.html",
    "ui.html",
    "home.html",
    "search.html",
    "index.html",
    "list.html",
    "item.html",
    "apply.html",
    "apply-materials.html",
    "apply-check.html",
    "receipt.html",
    "me.html",
    "case.html",
    "rate.html",
    "messages.html",
    "message.html",
    "signin.html",
    "officer-signin.html",
    "signout.html",
    "level.html",
    "profile.html",
    "sessions.html",
    "passkeys.html",
    "second.html",
    "posts.html",
    "wechat.html",
    "window.html",
    "officers.html",
    "desk-queue.html",
    "desk-case.html",
    "desk-cards.html",
    "desk-dead.html",
    "review.html",
    "review-ui.html",
    "review-agreement.html",
    "help.html",
    "about.html",
    "wallet.html",
    "certificate.html",
    "show.html",
    "verify.html",
    "wallet-offer.html",
    "wallet-ask.html",
    "wallet-asked.html",
    "desk-certificate.html",
    "error.html",
    "kept.html",
    "paper.html",
    "permissions.html",
    "permit.html",
    "permitted.html",
    "ties.html",
    "relatives.html",
    "relatives-ask.html",
    "organisations.html",
    "organisation.html",
    "stations.html",
    "line.html",
    "line-lots.html",
    "line-lot.html",
    "oauth-consent.html",
    "oauth-lead.html",
    "oauth-error.html",
    "oauth-leave.html",
    "authorisations.html",
    "privacy-ui.html",
    "privacy.html",
    "reads.html",
    "export.html",
    "delete.html",
    "desk-unmaskings.html",
];

const ICONS: &str = include_str!("../../../../templates/icons.svg");

/// A page: its template and what the template shows.
pub trait Page: Serialize + Sized {
    /// File name below `templates/`.
    const TEMPLATE: &'static str;
    /// Whether the page is the desk's: wide, without the portal's search.
    const DESK: bool = false;
    /// Fillings that reach every branch of the template: long texts, empty lists, errors.
    fn sample() -> Vec<Self>;
}

/// All templates in both languages, ready to render.
pub struct Views {
    zh: Language,
    en: Language,
}

/// What a page shows everybody alike, rendered.
#[derive(Debug)]
pub struct Kept {
    title: Value,
    shape: Value,
    main: Value,
}

struct Language {
    env: Environment<'static>,
    texts: Arc<Texts>,
}

impl Views {
    /// Loads templates, texts and icons.
    ///
    /// # Errors
    /// A file that does not parse, or a template that names a text, icon or file which does not exist.
    pub fn new() -> Result<Self, ViewError> {
        Ok(Self { zh: Language::new(Lang::Zh)?, en: Language::new(Lang::En)? })
    }

    /// The page as HTML.
    ///
    /// # Errors
    /// A template that does not fit its context; a programming error, which the samples' test finds.
    pub fn render<P: Page>(&self, page: &P, chrome: &Chrome) -> Result<String, ViewError> {
        let template = self.language(chrome.lang).env.get_template(P::TEMPLATE)?;
        let chrome = Value::from(Serde(ChromeContext::new(chrome, P::DESK)));
        Ok(template.render(context! { c => chrome, p => Value::from(Serde(page)) })?)
    }

    /// Renders once what a page shows everybody alike, so that only what surrounds it is rendered anew.
    /// Only for pages whose content names nobody and carries no form token.
    ///
    /// # Errors
    /// As for [`Views::render`].
    pub fn keep<P: Page>(&self, page: &P, lang: Lang) -> Result<Kept, ViewError> {
        let template = self.language(lang).env.get_template(P::TEMPLATE)?;
        let nobody = Chrome::nobody(lang);
        let chrome = Value::from(Serde(ChromeContext::new(&nobody, P::DESK)));
        let mut page = template.render_captured(context! { c => chrome, p => Value::from(Serde(page)) })?;
        let mut block =
            |name| page.with_state_mut(|state| state.render_block(name)).map(Value::from_safe_string);
        Ok(Kept { title: block("title")?, shape: block("shape")?, main: block("main")? })
    }

    /// A kept page for somebody.
    ///
    /// # Errors
    /// As for [`Views::render`].
    pub fn render_kept(&self, kept: &Kept, chrome: &Chrome) -> Result<String, ViewError> {
        let template = self.language(chrome.lang).env.get_template("kept.html")?;
        let chrome = Value::from(Serde(ChromeContext::new(chrome, false)));
        let Kept { title, shape, main } = kept;
        Ok(template.render(context! { c => chrome, k => context! { title, shape, main } })?)
    }

    /// The text `key` in `lang`; the key itself where there is none (the tests know every key).
    #[must_use]
    pub fn text(&self, lang: Lang, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.language(lang).texts.with(key, args).unwrap_or_else(|| key.to_owned())
    }

    /// Every key of `lang`, for the tests that compare languages.
    #[must_use]
    pub fn keys(&self, lang: Lang) -> &[String] {
        self.language(lang).texts.keys()
    }

    fn language(&self, lang: Lang) -> &Language {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl Language {
    fn new(lang: Lang) -> Result<Self, ViewError> {
        let texts = Arc::new(Texts::new(lang)?);
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        env.set_formatter(write_escaped);
        let said = Said::new(Arc::clone(&texts));
        env.add_function("t", move |key: &str, args: Kwargs| said.text(key, &args));
        env.add_function("icon", |name: &str| match icon(name) {
            Some(svg) => Ok(Value::from_safe_string(svg)),
            None => Err(unknown("icon", name)),
        });
        for &(name, source) in TEMPLATES {
            env.add_template_owned(name, specialise(name, source, &texts)?)?;
        }
        Ok(Self { env, texts })
    }
}

/// What `t("key")` answered before. Most texts with an argument count days, and the same few numbers come
/// back on every page; Fluent is asked once for each.
struct Said {
    texts: Arc<Texts>,
    plain: HashMap<String, Value>,
    counted: RwLock<HashMap<String, HashMap<i64, Value>>>,
}

/// Numbers remembered a text.
const REMEMBERED: usize = 512;

impl Said {
    fn new(texts: Arc<Texts>) -> Self {
        let plain = texts.all_plain().map(|(key, text)| (key.to_owned(), Value::from(text))).collect();
        Self { texts, plain, counted: RwLock::new(HashMap::new()) }
    }

    fn text(&self, key: &str, args: &Kwargs) -> Result<Value, Error> {
        if let Some(text) = self.plain.get(key) {
            return Ok(text.clone());
        }
        let Some(n) = only_number(args) else { return text(&self.texts, key, args).map(Value::from) };
        let known = |counted: &HashMap<String, HashMap<i64, Value>>| counted.get(key)?.get(&n).cloned();
        if let Some(text) = self.counted.read().ok().and_then(|counted| known(&counted)) {
            return Ok(text);
        }
        let value = Value::from(text(&self.texts, key, args)?);
        if let Ok(mut counted) = self.counted.write() {
            let numbers = counted.entry(key.to_owned()).or_default();
            if numbers.len() < REMEMBERED {
                numbers.insert(n, value.clone());
            }
        }
        Ok(value)
    }
}

/// The argument of a text that has one only, a number.
fn only_number(args: &Kwargs) -> Option<i64> {
    let mut names = args.args();
    let name = names.next()?;
    if names.next().is_some() {
        return None;
    }
    let value: Value = args.peek(name).ok()?;
    value.is_number().then(|| i64::try_from(value).ok())?
}

/// Escapes what HTML needs and nothing more: the engine's own escaping also writes `/` as six characters.
fn write_escaped(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let Some(text) = value.as_str().filter(|_| !value.is_safe()) else {
        return escape_formatter(out, state, value);
    };
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (plain, special) = rest.split_at(at);
        out.write_str(plain)?;
        out.write_str(match special.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            _ => "&#39;",
        })?;
        rest = &special[1..];
    }
    Ok(out.write_str(rest)?)
}

/// `t("key", n=3)`, for texts with arguments.
fn text(texts: &Texts, key: &str, args: &Kwargs) -> Result<String, Error> {
    let mut given = Vec::new();
    let names: Vec<String> = args.args().map(str::to_owned).collect();
    for name in &names {
        let value: Value = args.get(name)?;
        let arg = match i64::try_from(value.clone()) {
            Ok(number) => Arg::Number(number),
            Err(_) => Arg::from(value.to_string()),
        };
        given.push((name.as_str(), arg));
    }
    texts.with(key, &given).ok_or_else(|| unknown("text (or one of its arguments)", key))
}

fn unknown(what: &str, name: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("no {what} named {name}"))
}

/// Replaces `{{ t("…") }}`, `{{ icon("…") }}` and `{{ asset("…") }}` by what they will always say, and writes
/// out `{{ x|lg }}`: the `lang` attribute of a text that is not in the page's language.
fn specialise(template: &'static str, source: &str, texts: &Texts) -> Result<String, ViewError> {
    let mut out = String::with_capacity(source.len() * 2);
    let mut rest = source;
    while let Some(at) = rest.find("{{") {
        let (before, expression) = rest.split_at(at);
        out.push_str(before);
        let end = expression.find("}}").map_or(expression.len(), |end| end + 2);
        let (expression, after) = expression.split_at(end);
        rest = after;
        if let Some((function, name)) = constant(expression) {
            out.push_str(&constant_value(template, function, name, texts)?);
        } else if let Some(tx) = expression.trim_start_matches("{{").trim().strip_suffix("|lg }}") {
            out.push_str(&format!("{{% if {tx}.lang %}} lang=\"{{{{ {tx}.lang }}}}\"{{% endif %}}"));
        } else {
            out.push_str(expression);
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// The function and its one literal argument, where `expression` is nothing else.
fn constant(expression: &str) -> Option<(&str, &str)> {
    let call = expression.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let (function, argument) = call.split_once('(')?;
    let name = argument.strip_suffix(')')?.strip_prefix('"')?.strip_suffix('"')?;
    (matches!(function, "t" | "icon" | "asset") && !name.contains('"')).then_some((function, name))
}

fn constant_value(
    template: &'static str,
    function: &str,
    name: &str,
    texts: &Texts,
) -> Result<String, ViewError> {
    let (what, value) = match function {
        "t" => ("text without arguments", texts.plain(name).map(|text| HtmlEscape(text).to_string())),
        "icon" => ("icon", icon(name)),
        _ => ("asset", asset_url(name)),
    };
    match value {
        // A text with braces would be read as template code.
        Some(value) if !value.contains('{') => Ok(value),
        _ => Err(ViewError::Missing { template, what, name: name.to_owned() }),
    }
}

/// An icon as inline SVG: decoration beside words, so hidden from assistive technology.
fn icon(name: &str) -> Option<String> {
    let start = format!("<symbol id=\"{name}\">");
    let (_, found) = ICONS.split_once(&start)?;
    let (shape, _) = found.split_once("</symbol>")?;
    Some(format!(
        "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">{shape}</svg>"
    ))
}
