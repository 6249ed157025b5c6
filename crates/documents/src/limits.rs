//! How much one document may hold, checked before anything is drawn.

use crate::{Document, Error, Part, Row};

/// Bytes of a title, an agency's name, an identifier, a purpose: each must fit its place on the page.
pub const MAX_NAME: usize = 600;
/// Rows of a document.
pub const MAX_ROWS: usize = 1_000;
/// Bytes of all texts of a document together.
pub const MAX_BYTES: usize = 512 * 1024;
/// Parts of a letter.
pub const MAX_PARTS: usize = 2_000;
/// Pages; a text of nothing but line feeds reaches this one first.
pub const MAX_PAGES: usize = 300;
/// Bytes of the address behind the QR code: more would not be read from paper.
pub const MAX_ADDRESS: usize = 400;

/// Refuses a document that is too large to be set, naming what is too long.
pub(crate) fn check(document: &Document) -> Result<(), Error> {
    let mut count = Count::default();
    let mut names = vec![document.title(), document.issuer(), document.reference()];
    if let Some(mark) = document.watermark() {
        names.extend([mark.issuer.as_str(), mark.purpose.as_str()]);
    }
    for name in names {
        within("bytes in a title or name", name.len(), MAX_NAME)?;
    }
    match document {
        Document::Certificate(certificate) => {
            count.text(&certificate.holder);
            count.rows(&certificate.rows);
        }
        Document::Letter(letter) => {
            count.text(&letter.addressee);
            within("parts", letter.body.len(), MAX_PARTS)?;
            for part in &letter.body {
                match part {
                    Part::Heading(text) | Part::Paragraph(text) => count.text(text),
                    Part::Rows(rows) => count.rows(rows),
                }
            }
        }
    }
    within("rows", count.rows, MAX_ROWS)?;
    within("bytes of text", count.bytes, MAX_BYTES)?;
    within("bytes of the address to check at", document.verify().map_or(0, str::len), MAX_ADDRESS)
}

/// An error when `found` is more than `most`.
pub(crate) fn within(what: &'static str, found: usize, most: usize) -> Result<(), Error> {
    if found > most { Err(Error::TooMuch { what, most }) } else { Ok(()) }
}

#[derive(Default)]
struct Count {
    rows: usize,
    bytes: usize,
}

impl Count {
    fn text(&mut self, text: &str) {
        self.bytes += text.len();
    }

    fn rows(&mut self, rows: &[Row]) {
        self.rows += rows.len();
        for row in rows {
            self.text(&row.label);
            self.text(&row.value);
        }
    }
}
