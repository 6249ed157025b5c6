//! The few words that the pages themselves say, in both languages.

use domain::{Date, Lang, date_in_words};

use crate::{Validity, Watermark};

/// One language's words.
pub(crate) struct Labels {
    pub(crate) identifier: &'static str,
    pub(crate) holder: &'static str,
    pub(crate) valid: &'static str,
    pub(crate) number: &'static str,
    pub(crate) scan: &'static str,
    pub(crate) example: &'static str,
    pub(crate) example_mark: &'static str,
    pub(crate) seal_mark: &'static str,
    pub(crate) seal_reason: &'static str,
    /// Between a label and what it names.
    pub(crate) colon: &'static str,
    /// How far a paragraph's first line is indented, in ems.
    pub(crate) indent: f64,
    lang: Lang,
}

const CHINESE: Labels = Labels {
    identifier: "证照标识",
    holder: "持证人",
    valid: "有效期",
    number: "编号",
    scan: "扫码核验",
    example: "示例，不具有法律效力",
    example_mark: "示例",
    seal_mark: "电子印章",
    seal_reason: "机构加盖电子印章",
    colon: "：",
    indent: 2.0,
    lang: Lang::Zh,
};

const ENGLISH: Labels = Labels {
    identifier: "Certificate identifier",
    holder: "Holder",
    valid: "Valid",
    number: "No.",
    scan: "Scan to check",
    example: "Example. It has no legal effect.",
    example_mark: "DEMO",
    seal_mark: "E-SEAL",
    seal_reason: "Sealed by the agency",
    colon: ": ",
    indent: 0.0,
    lang: Lang::En,
};

/// The words in `lang`.
pub(crate) fn labels(lang: Lang) -> &'static Labels {
    match lang {
        Lang::Zh => &CHINESE,
        Lang::En => &ENGLISH,
    }
}

impl Labels {
    /// A day in words.
    pub(crate) fn date(&self, day: Date) -> String {
        date_in_words(day, self.lang)
    }

    /// From when until when.
    pub(crate) fn validity(&self, validity: Validity) -> String {
        let from = self.date(validity.from);
        match (self.lang, validity.until.map(|day| self.date(day))) {
            (Lang::Zh, Some(until)) => format!("{from}至{until}"),
            (Lang::Zh, None) => format!("{from}起长期有效"),
            (Lang::En, Some(until)) => format!("{from} to {until}"),
            (Lang::En, None) => format!("from {from}, without end"),
        }
    }

    /// "第 2 页，共 3 页", "Page 2 of 3".
    pub(crate) fn page(&self, page: usize, of: usize) -> String {
        match self.lang {
            Lang::Zh => format!("第 {page} 页，共 {of} 页"),
            Lang::En => format!("Page {page} of {of}"),
        }
    }

    /// The line across a copy.
    pub(crate) fn watermark(&self, mark: &Watermark) -> String {
        let until = mark.until.map(|day| self.date(day));
        match (self.lang, until) {
            (Lang::Zh, Some(until)) => {
                format!("{} · 仅限用于{} · 有效期至{until}", mark.issuer, mark.purpose)
            }
            (Lang::Zh, None) => format!("{} · 仅限用于{}", mark.issuer, mark.purpose),
            (Lang::En, Some(until)) => {
                format!("{} · only for {} · until {until}", mark.issuer, mark.purpose)
            }
            (Lang::En, None) => format!("{} · only for {}", mark.issuer, mark.purpose),
        }
    }
}
