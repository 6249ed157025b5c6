//! Where everything stands on the pages. Lengths are points of 1/72 inch, from the upper left corner of an A4 page.

mod canvas;
mod certificate;
mod closing;
mod letter;
mod lines;
mod mark;
mod pager;
mod qr;
mod table;
mod watermark;

use crate::font::Used;
use crate::labels::labels;
use crate::pdf::Page;
use crate::{Document, Error};

pub(crate) use mark::drawing as seal_drawing;

/// The finished pages, and where a seal goes.
pub(crate) struct Laid {
    pub(crate) pages: Vec<Page>,
    /// What each page draws as `/Every`.
    pub(crate) every: Option<Page>,
    /// The seal's page, and its lower left corner from the page's.
    pub(crate) seal: (usize, (f64, f64)),
}

/// Sets a document, with room for the seal if it is to be sealed.
pub(crate) fn lay_out(document: &Document, fonts: &mut Used<'_>, sealed: bool) -> Result<Laid, Error> {
    let mut pager = pager::Pager::new(document, labels(document.lang()), fonts);
    match document {
        Document::Certificate(certificate) => certificate::set(certificate, &mut pager)?,
        Document::Letter(letter) => letter::set(letter, &mut pager)?,
    }
    let seal = closing::set(document, &mut pager, sealed)?;
    let (pages, every) = pager.finish();
    Ok(Laid { pages, every, seal })
}
