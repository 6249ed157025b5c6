//! Pages, fonts and metadata become a file; for a sealed one with a hole for the signature.

use std::ops::Range;

use domain::{Lang, Timestamp};
use sha2::{Digest, Sha256};

use super::{File, Id, hex, icc, number, stamp, text_string, xmp};
use crate::Error;
use crate::font::Used;

/// Width and height of A4 in points.
pub(crate) const A4: (f64, f64) = (595.276, 841.89);

const PRODUCER: &str = "Shengshi";

/// The operators of one page, or of the visible seal.
pub(crate) type Page = String;

/// What a sealed file has that another has not.
pub(crate) struct SealField {
    /// The page of the visible seal, from 0.
    pub(crate) page: usize,
    /// Its lower left corner, in points from the page's.
    pub(crate) corner: (f64, f64),
    /// Its width and height.
    pub(crate) side: f64,
    /// How it is drawn, within `side` × `side`.
    pub(crate) drawing: Page,
    /// Who seals.
    pub(crate) name: String,
    /// Why.
    pub(crate) reason: String,
    /// Bytes that the signature may take.
    pub(crate) room: usize,
}

/// A file and, if it is to be sealed, where the signature goes.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) hole: Option<Hole>,
}

/// The signature's place: `<`, figures, `>`. Everything outside it is signed (ISO 32000-1, 12.8.1).
pub(crate) struct Hole {
    pub(crate) contents: Range<usize>,
}

/// What the file says of itself.
pub(crate) struct About<'a> {
    pub(crate) title: &'a str,
    pub(crate) creator: &'a str,
    pub(crate) lang: Lang,
    pub(crate) made: Timestamp,
}

/// What makes a stream a drawing that pages can show.
const FORM: &str = "/Type /XObject /Subtype /Form";

/// Writes the file. `every` is drawn by each page that says `/Every Do`.
pub(crate) fn write(
    about: &About<'_>,
    pages: &[Page],
    every: Option<&Page>,
    fonts: &Used<'_>,
    seal: Option<&SealField>,
) -> Result<Written, Error> {
    let mut file = File::new();
    let (catalog, info, tree, metadata, profile, resources) =
        (file.id(), file.id(), file.id(), file.id(), file.id(), file.id());
    let names = fonts.write(&mut file)?;
    let every = every.map(|drawing| {
        let id = file.id();
        let form = format!("{FORM} /BBox [0 0 {} {}] /Resources << >>", number(A4.0), number(A4.1));
        file.stream(id, &form, drawing.as_bytes());
        format!(" /XObject << /Every {} >>", id.reference())
    });
    file.object(resources, &format!("<< /Font << {names} >>{} >>", every.unwrap_or_default()));
    let ids: Vec<Id> = pages.iter().map(|_| file.id()).collect();
    let sealed = seal.map(|field| write_seal(&mut file, field, ids.get(field.page), resources, about.made));
    for (at, (page, id)) in pages.iter().zip(&ids).enumerate() {
        let contents = file.id();
        file.stream(contents, "", page.as_bytes());
        let field = sealed.as_ref().filter(|_| seal.is_some_and(|seal| seal.page == at));
        let annotations =
            field.map(|sealed| format!(" /Annots [{}]", sealed.widget.reference())).unwrap_or_default();
        file.object(
            *id,
            &format!(
                "<< /Type /Page /Parent {} /MediaBox [0 0 {} {}] /Resources {} /Contents {}{annotations} >>",
                tree.reference(),
                number(A4.0),
                number(A4.1),
                resources.reference(),
                contents.reference(),
            ),
        );
    }
    let kids: Vec<String> = ids.iter().map(|id| id.reference()).collect();
    file.object(tree, &format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), ids.len()));
    write_about(&mut file, about, info, metadata, profile);
    file.object(catalog, &catalog_body(about, tree, metadata, profile, sealed.as_ref()));
    let identifier = Sha256::digest(file.bytes());
    let mut bytes = file.finish(catalog, info, &identifier[..16]);
    let hole = sealed.map(|sealed| name_range(&mut bytes, sealed));
    Ok(Written { bytes, hole })
}

fn write_about(file: &mut File, about: &About<'_>, info: Id, metadata: Id, profile: Id) {
    let made = stamp(about.made);
    file.object(
        info,
        &format!(
            "<< /Title {} /Author {} /Producer {} /CreationDate {made} /ModDate {made} >>",
            text_string(about.title),
            text_string(about.creator),
            text_string(PRODUCER),
        ),
    );
    let packet = xmp::packet(about.title, about.creator, about.lang, about.made, PRODUCER);
    file.plain_stream(metadata, "/Type /Metadata /Subtype /XML", packet.as_bytes());
    file.stream(profile, "/N 3", &icc::srgb());
}

fn catalog_body(
    about: &About<'_>,
    tree: Id,
    metadata: Id,
    profile: Id,
    sealed: Option<&SealObjects>,
) -> String {
    // The signature certifies: it allows no change whatever afterwards (ISO 32000-1, 12.8.2.2).
    let form = sealed.map(|sealed| {
        format!(
            " /AcroForm << /Fields [{}] /SigFlags 3 >> /Perms << /DocMDP {} >>",
            sealed.widget.reference(),
            sealed.signature.reference()
        )
    });
    format!(
        "<< /Type /Catalog /Pages {} /Metadata {} /Lang ({}) /ViewerPreferences << /DisplayDocTitle true >> \
         /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) \
         /DestOutputProfile {} >>]{} >>",
        tree.reference(),
        metadata.reference(),
        about.lang.tag(),
        profile.reference(),
        form.unwrap_or_default(),
    )
}

/// The objects of the seal, and where in the file its two holes are.
struct SealObjects {
    widget: Id,
    signature: Id,
    range: Range<usize>,
    contents: Range<usize>,
}

/// Room for the four figures of the range, written when the file's length is known.
const RANGE: &str = "[0                                 ]";

fn write_seal(
    file: &mut File,
    field: &SealField,
    page: Option<&Id>,
    resources: Id,
    made: Timestamp,
) -> SealObjects {
    let (widget, signature, drawing) = (file.id(), file.id(), file.id());
    let before = format!(
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M {} /Name {} /Reason {} \
         /Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>] \
         /ByteRange ",
        stamp(made),
        text_string(&field.name),
        text_string(&field.reason),
    );
    let between = " /Contents ";
    let contents = format!("<{}>", "0".repeat(field.room * 2));
    let at = file.object(signature, &format!("{before}{RANGE}{between}{contents} >>"));
    let range = at + before.len()..at + before.len() + RANGE.len();
    let contents = range.end + between.len()..range.end + between.len() + contents.len();
    let side = number(field.side);
    file.stream(
        drawing,
        &format!("{FORM} /BBox [0 0 {side} {side}] /Resources {}", resources.reference()),
        field.drawing.as_bytes(),
    );
    let (left, low) = field.corner;
    file.object(
        widget,
        &format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /TU {} /F 132 /Rect [{} {} {} {}]{} /V {} /AP << /N {} >> >>",
            text_string(&field.name),
            number(left),
            number(low),
            number(left + field.side),
            number(low + field.side),
            page.map(|page| format!(" /P {}", page.reference())).unwrap_or_default(),
            signature.reference(),
            drawing.reference(),
        ),
    );
    SealObjects { widget, signature, range, contents }
}

/// Writes into the file which bytes are signed: all but the signature.
fn name_range(bytes: &mut [u8], sealed: SealObjects) -> Hole {
    let SealObjects { range, contents, .. } = sealed;
    let after = bytes.len().saturating_sub(contents.end);
    let shown = format!("[0 {} {} {after}", contents.start, contents.end);
    let shown = format!("{shown:<width$}]", width = RANGE.len() - 1);
    // Three figures of a length in memory fit: a document is bounded, and its file far below 10 GB.
    if let Some(place) = bytes.get_mut(range).filter(|place| place.len() == shown.len()) {
        place.copy_from_slice(shown.as_bytes());
    }
    Hole { contents }
}

impl Hole {
    /// The bytes that are signed.
    pub(crate) fn signed(&self, bytes: &[u8]) -> Vec<u8> {
        let (before, after) = (bytes.get(..self.contents.start), bytes.get(self.contents.end..));
        [before.unwrap_or_default(), after.unwrap_or_default()].concat()
    }

    /// Puts the signature in. What room is left stays zero.
    pub(crate) fn fill(&self, bytes: &mut [u8], signature: &[u8]) -> Result<(), Error> {
        let figures = hex(signature);
        let start = self.contents.start + 1;
        if start + figures.len() >= self.contents.end {
            return Err(Error::Key("the signature is longer than the room left for it".to_owned()));
        }
        match bytes.get_mut(start..start + figures.len()) {
            Some(place) => place.copy_from_slice(figures.as_bytes()),
            None => return Err(Error::Key("the file has no room for a signature".to_owned())),
        }
        Ok(())
    }
}
