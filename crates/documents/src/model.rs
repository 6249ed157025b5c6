//! What can be put on paper: a certificate, or a letter.

use domain::{Date, Lang};

/// One document, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// The rendition of an electronic certificate 电子证照.
    Certificate(Certificate),
    /// A notice, a receipt, a decision: text with a letterhead.
    Letter(Letter),
}

/// A certificate on A4: its rows go on over as many pages as they need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The language of the labels and of the dates; the texts are given in it.
    pub lang: Lang,
    /// What it is: "居住证".
    pub title: String,
    /// The agency that issues it; its name goes around the seal.
    pub issuer: String,
    /// The identifier 证照标识, printed as given.
    pub identifier: String,
    /// Whose it is.
    pub holder: String,
    /// What it says, in this order.
    pub rows: Vec<Row>,
    /// The day it was issued.
    pub issued: Date,
    /// From when until when it holds.
    pub validity: Validity,
    /// The address that the QR code leads to, where anyone can check the certificate.
    pub verify: Option<String>,
    /// For what this copy may be used.
    pub watermark: Option<Watermark>,
    /// A demonstration: the page and the seal say so.
    pub demo: bool,
}

/// A letter: a red letterhead, a title, text that goes on over pages, the agency's name and the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The language of the labels and of the date.
    pub lang: Lang,
    /// The agency that writes; its name goes around the seal.
    pub issuer: String,
    /// What it is: "不予行政许可决定书".
    pub title: String,
    /// The case number or the letter's own number.
    pub reference: Option<String>,
    /// To whom.
    pub addressee: String,
    /// The text.
    pub body: Vec<Part>,
    /// The day it was written.
    pub dated: Date,
    /// The address that the QR code leads to.
    pub verify: Option<String>,
    /// For what this copy may be used.
    pub watermark: Option<Watermark>,
    /// A demonstration: the page and the seal say so.
    pub demo: bool,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A few words above what follows.
    Heading(String),
    /// A paragraph; a line feed in it begins a new line.
    Paragraph(String),
    /// Labels with values, as on a receipt.
    Rows(Vec<Row>),
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is: "住址".
    pub label: String,
    /// What it says.
    pub value: String,
}

impl Row {
    /// A row of these two texts.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// From when until when, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first day.
    pub from: Date,
    /// The last day; none for one without an end 长期.
    pub until: Option<Date>,
}

/// A line across every page of a copy, so that it is of no use for anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermark {
    /// Who gave out the copy.
    pub issuer: String,
    /// What for.
    pub purpose: String,
    /// The last day on which this copy is of use.
    pub until: Option<Date>,
}

impl Document {
    pub(crate) fn lang(&self) -> Lang {
        match self {
            Self::Certificate(it) => it.lang,
            Self::Letter(it) => it.lang,
        }
    }

    pub(crate) fn title(&self) -> &str {
        match self {
            Self::Certificate(it) => &it.title,
            Self::Letter(it) => &it.title,
        }
    }

    pub(crate) fn issuer(&self) -> &str {
        match self {
            Self::Certificate(it) => &it.issuer,
            Self::Letter(it) => &it.issuer,
        }
    }

    /// What the foot of each page names it by.
    pub(crate) fn reference(&self) -> &str {
        match self {
            Self::Certificate(it) => &it.identifier,
            Self::Letter(it) => it.reference.as_deref().unwrap_or_default(),
        }
    }

    pub(crate) fn watermark(&self) -> Option<&Watermark> {
        match self {
            Self::Certificate(it) => it.watermark.as_ref(),
            Self::Letter(it) => it.watermark.as_ref(),
        }
    }

    pub(crate) fn verify(&self) -> Option<&str> {
        match self {
            Self::Certificate(it) => it.verify.as_deref(),
            Self::Letter(it) => it.verify.as_deref(),
        }
    }

    pub(crate) fn demo(&self) -> bool {
        match self {
            Self::Certificate(it) => it.demo,
            Self::Letter(it) => it.demo,
        }
    }

    /// The day under the agency's name.
    pub(crate) fn day(&self) -> Date {
        match self {
            Self::Certificate(it) => it.issued,
            Self::Letter(it) => it.dated,
        }
    }
}
