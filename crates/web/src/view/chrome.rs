//! What surrounds every page.

use domain::Lang;
use serde::Serialize;

/// What every page needs beside its own content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chrome {
    /// The page's language.
    pub lang: Lang,
    /// The elders' version 长辈版: larger type, larger controls.
    pub elders: bool,
    /// Demonstration: said aloud on every page.
    pub demo: bool,
    /// The site's name in the page's language.
    pub site_name: String,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// Path and query of this page, for the switches of language and type size to come back to.
    pub path: String,
    /// The token every form carries as `csrf`.
    pub csrf: String,
    /// The key every form carries as `once`: the same form, sent again, is answered and not carried out again.
    pub once: String,
    /// Keep the page out of search engines (everything personal).
    pub noindex: bool,
    /// For whom this session acts, by name.
    pub acting: Option<String>,
    /// A short confirmation on top: `notice-<id>` in the texts, e.g. `saved`, `withdrawn`, `corrected`,
    /// `rated`, `signed-out`, `claimed`, `released`, `done`, `draft-deleted`.
    pub notice: Option<&'static str>,
}

impl Chrome {
    /// What surrounds a page that is rendered for nobody in particular.
    pub(super) fn nobody(lang: Lang) -> Self {
        Self {
            lang,
            elders: false,
            demo: false,
            site_name: String::new(),
            signed_in: None,
            path: String::new(),
            csrf: String::new(),
            once: String::new(),
            noindex: false,
            acting: None,
            notice: None,
        }
    }
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedIn {
    /// The name as shown.
    pub name: String,
    /// An officer has the desk, a citizen "my services".
    pub officer: bool,
    /// Unread messages.
    pub unread: u32,
}

#[derive(Serialize)]
pub(super) struct ChromeContext<'a> {
    tag: &'static str,
    other_lang: &'static str,
    elders: bool,
    demo: bool,
    site_name: &'a str,
    signed_in: Option<&'a SignedIn>,
    back: String,
    csrf: &'a str,
    once: &'a str,
    noindex: bool,
    acting: Option<&'a str>,
    notice: Option<&'a str>,
    desk: bool,
}

impl<'a> ChromeContext<'a> {
    pub(super) fn new(chrome: &'a Chrome, desk: bool) -> Self {
        Self {
            tag: chrome.lang.tag(),
            other_lang: if chrome.lang == Lang::Zh { "en" } else { "zh" },
            elders: chrome.elders,
            demo: chrome.demo,
            site_name: &chrome.site_name,
            signed_in: chrome.signed_in.as_ref(),
            back: percent_encoded(&chrome.path),
            csrf: &chrome.csrf,
            once: &chrome.once,
            noindex: chrome.noindex,
            acting: chrome.acting.as_deref(),
            notice: chrome.notice,
            desk,
        }
    }
}

/// For a query value: everything but unreserved characters and `/`.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}
