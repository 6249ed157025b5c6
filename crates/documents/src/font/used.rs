//! What one document takes of the fonts, and what they lack.

use std::collections::{BTreeMap, HashMap};

use subsetter::GlyphRemapper;
use ttf_parser::Face;

use super::{Fonts, face::FontFile};
use crate::Error;

/// A character that no font could draw. It stands on the page as a box with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undrawn {
    /// The character.
    pub character: char,
    /// How often.
    pub times: usize,
}

/// A character as it is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Piece {
    pub(crate) character: char,
    /// The font and the glyph in it; none for a box.
    pub(crate) glyph: Option<(usize, u16)>,
    /// In ems.
    pub(crate) width: f64,
}

/// The glyphs that a document uses, while it is drawn.
pub(crate) struct Used<'f> {
    pub(super) faces: Vec<UsedFace<'f>>,
    undrawn: BTreeMap<char, usize>,
    known: HashMap<char, Piece>,
}

/// One font's part of it.
pub(super) struct UsedFace<'f> {
    pub(super) file: &'f FontFile,
    pub(super) face: Face<'f>,
    pub(super) numbers: GlyphRemapper,
    /// What each glyph stands for and its width, by its new number less one.
    pub(super) glyphs: Vec<(char, f64)>,
}

impl<'f> Used<'f> {
    pub(crate) fn new(fonts: &'f Fonts) -> Result<Self, Error> {
        let face = |file: &'f FontFile| {
            let face = file.face()?;
            Ok(UsedFace { file, face, numbers: GlyphRemapper::new(), glyphs: Vec::new() })
        };
        let faces = fonts.files().iter().map(face).collect::<Result<_, Error>>()?;
        Ok(Self { faces, undrawn: BTreeMap::new(), known: HashMap::new() })
    }

    /// How a character will be set. Spaces that the fonts lack are set as a plain one.
    pub(crate) fn piece(&mut self, character: char) -> Piece {
        if let Some(piece) = self.known.get(&character) {
            return *piece;
        }
        let glyph = match character {
            c if unseen(c) || joined(c) => None,
            c if c.is_whitespace() => self.find(c).or_else(|| self.find(' ')),
            c => self.find(c),
        };
        let width = glyph.map_or(1.0, |(face, glyph)| self.width(face, glyph));
        let piece = Piece { character, glyph, width };
        self.known.insert(character, piece);
        piece
    }

    fn find(&self, character: char) -> Option<(usize, u16)> {
        self.faces.iter().enumerate().find_map(|(at, used)| {
            let glyph = used.face.glyph_index(character).filter(|glyph| glyph.0 != 0)?;
            Some((at, glyph.0))
        })
    }

    fn width(&self, face: usize, glyph: u16) -> f64 {
        let Some(used) = self.faces.get(face) else { return 1.0 };
        let advance = used.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or_default();
        f64::from(advance) / used.file.units
    }

    /// The number of a glyph in this file, and whether copying it gives this very character.
    pub(crate) fn draw(&mut self, (face, glyph): (usize, u16), character: char) -> (u16, bool) {
        let width = self.width(face, glyph);
        let Some(used) = self.faces.get_mut(face) else { return (0, false) };
        let number = used.numbers.remap(glyph);
        if usize::from(number) > used.glyphs.len() {
            used.glyphs.push((character, width));
        }
        let stands_for = used.glyphs.get(usize::from(number) - 1);
        (number, stands_for.is_some_and(|(first, _)| *first == character))
    }

    /// Remembers that a character had to be a box.
    pub(crate) fn boxed(&mut self, character: char) {
        *self.undrawn.entry(character).or_default() += 1;
    }

    /// All characters that had to be boxes, by their numbers.
    pub(crate) fn undrawn(&self) -> Vec<Undrawn> {
        let told =
            self.undrawn.iter().map(|(character, times)| Undrawn { character: *character, times: *times });
        told.collect()
    }
}

/// Characters that nobody sees, or that turn the text around them: a page could read differently from what it says.
pub(crate) fn unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{115F}'..='\u{1160}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}'..='\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Letters that must be joined or run from the right, which this room cannot set, even with a font that has them.
fn joined(character: char) -> bool {
    matches!(character,
        '\u{590}'..='\u{DFF}' | '\u{F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{FB1D}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}
