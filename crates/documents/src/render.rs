//! From a document to the bytes of its file.

use domain::Timestamp;

use crate::font::Used;
use crate::labels::labels;
use crate::layout;
use crate::pdf::{self, About, SealField};
use crate::seal::Seal;
use crate::{Document, Error, Fonts, Undrawn, limits};

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// The characters that stand as boxes with their numbers, since no font has them: whoever hands out the document must know.
    pub undrawn: Vec<Undrawn>,
}

/// Makes a PDF/A-2b file without a seal. `made` is when; the same document at the same time gives the same bytes.
///
/// # Errors
/// When the document is larger than a document may be, or a font cannot be cut.
pub fn render(document: &Document, fonts: &Fonts, made: Timestamp) -> Result<Rendition, Error> {
    rendered(document, fonts, made, None)
}

/// Makes a PDF/A-2b file with the agency's visible seal and a PAdES baseline B-B signature (ETSI EN 319 142-1) over all of it,
/// which allows no change afterwards.
///
/// # Errors
/// As [`render`], and when the seal's chain is not one or its key does not sign.
pub fn render_sealed(
    document: &Document,
    fonts: &Fonts,
    made: Timestamp,
    seal: &Seal<'_>,
) -> Result<Rendition, Error> {
    rendered(document, fonts, made, Some(seal))
}

fn rendered(
    document: &Document,
    fonts: &Fonts,
    made: Timestamp,
    seal: Option<&Seal<'_>>,
) -> Result<Rendition, Error> {
    limits::check(document)?;
    let prepared = seal.map(Seal::prepare).transpose()?;
    let mut used = Used::new(fonts)?;
    let laid = layout::lay_out(document, &mut used, seal.is_some())?;
    let field = prepared.as_ref().map(|prepared| {
        let (drawing, side) = layout::seal_drawing(document, &mut used);
        let (page, corner) = laid.seal;
        SealField {
            page,
            corner,
            side,
            drawing,
            name: document.issuer().to_owned(),
            reason: labels(document.lang()).seal_reason.to_owned(),
            room: prepared.room(),
        }
    });
    let about = About { title: document.title(), creator: document.issuer(), lang: document.lang(), made };
    let written = pdf::write(&about, &laid.pages, laid.every.as_ref(), &used, field.as_ref())?;
    let mut bytes = written.bytes;
    if let (Some(prepared), Some(hole)) = (prepared, written.hole) {
        let signature = prepared.sign(&hole.signed(&bytes))?;
        hole.fill(&mut bytes, &signature)?;
    }
    Ok(Rendition { bytes, pages: laid.pages.len(), undrawn: used.undrawn() })
}
