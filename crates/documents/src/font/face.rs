//! The font that is built in, and those that an operator adds.

use std::borrow::Cow;

use ttf_parser::{Face, Permissions, RawFace, Tag};

use crate::Error;

/// GBK, 通用规范汉字表 and Latin out of Noto Sans CJK SC; `assets/fonts/README.md` says how it was made.
static BUILT_IN: &[u8] = include_bytes!("../../../../assets/fonts/NotoSansSC-subset.otf");

/// The fonts that documents are set in, read and checked once. A character is taken from the first font that has it.
#[derive(Debug, Clone)]
pub struct Fonts {
    files: Vec<FontFile>,
}

/// One font, known to be readable.
#[derive(Debug, Clone)]
pub(super) struct FontFile {
    pub(super) data: Cow<'static, [u8]>,
    pub(super) index: u32,
    /// The name in the PDF, letters and figures only.
    pub(super) name: String,
    /// Units of an em.
    pub(super) units: f64,
    /// CFF outlines rather than TrueType's.
    pub(super) cff: bool,
}

impl Fonts {
    /// The built-in font alone.
    ///
    /// # Errors
    /// When the built-in file is damaged.
    pub fn built_in() -> Result<Self, Error> {
        Ok(Self { files: vec![FontFile::read(Cow::Borrowed(BUILT_IN), 0)?] })
    }

    /// With a further font for characters that the others lack: `file` is an OpenType or TrueType file, or a collection, of
    /// which face `index` is taken.
    ///
    /// # Errors
    /// When it cannot be read, is a variable font of the kind CFF2, or forbids being embedded.
    pub fn and(mut self, file: Vec<u8>, index: u32) -> Result<Self, Error> {
        self.files.push(FontFile::read(Cow::Owned(file), index)?);
        Ok(self)
    }

    pub(super) fn files(&self) -> &[FontFile] {
        &self.files
    }
}

impl FontFile {
    fn read(data: Cow<'static, [u8]>, index: u32) -> Result<Self, Error> {
        let face = Face::parse(&data, index).map_err(|error| Error::Font(error.to_string()))?;
        if face.permissions() == Some(Permissions::Restricted) || !face.is_subsetting_allowed() {
            return Err(Error::Font("its maker does not allow it to be embedded".to_owned()));
        }
        let raw = face.raw_face();
        let cff = raw.table(Tag::from_bytes(b"CFF ")).is_some();
        if !cff && raw.table(Tag::from_bytes(b"glyf")).is_none() {
            return Err(Error::Font("it has neither CFF nor TrueType outlines".to_owned()));
        }
        const POSTSCRIPT: u16 = 6;
        let named = face.names().into_iter().find(|name| name.name_id == POSTSCRIPT && name.is_unicode());
        let named = named.and_then(|name| name.to_string()).unwrap_or_default();
        let mut name: String =
            named.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(63).collect();
        if name.is_empty() {
            name = "Font".to_owned();
        }
        let units = f64::from(face.units_per_em());
        Ok(Self { index, name, units, cff, data })
    }

    /// The parsed face: a table of where its tables are, made in microseconds.
    pub(super) fn face(&self) -> Result<Face<'_>, Error> {
        Face::parse(&self.data, self.index).map_err(|error| Error::Font(error.to_string()))
    }

    /// What goes into the PDF of a font that was cut: the bare CFF table, or the TrueType file.
    pub(super) fn program<'a>(&self, cut: &'a [u8]) -> Option<&'a [u8]> {
        if self.cff { RawFace::parse(cut, 0).ok()?.table(Tag::from_bytes(b"CFF ")) } else { Some(cut) }
    }
}
