//! A font in a file: only the glyphs used, with what each stands for, so that text can be searched and copied (ISO 19005-2, 6.2.11).

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use ttf_parser::{RawFace, Tag};

use super::Used;
use super::used::UsedFace;
use crate::Error;
use crate::pdf::{File, Id, number};

impl Used<'_> {
    /// Writes the fonts that were used, and answers with the entries of the resource dictionary: `/F0 7 0 R`.
    pub(crate) fn write(&self, file: &mut File) -> Result<String, Error> {
        let mut names = String::new();
        for (at, used) in self.faces.iter().enumerate().filter(|(_, used)| !used.glyphs.is_empty()) {
            let id = used.write(file)?;
            let _ = write!(names, "/F{at} {} ", id.reference());
        }
        Ok(names)
    }
}

impl UsedFace<'_> {
    fn write(&self, file: &mut File) -> Result<Id, Error> {
        let cut = subsetter::subset(&self.file.data, self.file.index, &self.numbers)
            .map_err(|error| Error::Font(error.to_string()))?;
        let program = self.file.program(&cut).ok_or_else(|| Error::Font("it could not be cut".to_owned()))?;
        let name = format!("{}+{}", self.tag(), self.file.name);
        let (font, cid, descriptor, stream, unicode, held) =
            (file.id(), file.id(), file.id(), file.id(), file.id(), file.id());
        file.object(
            font,
            &format!(
                "<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{}] /ToUnicode {} >>",
                cid.reference(),
                unicode.reference()
            ),
        );
        let kind = if self.file.cff { "/CIDFontType0" } else { "/CIDFontType2 /CIDToGIDMap /Identity" };
        let widths: Vec<String> = self.glyphs.iter().map(|(_, width)| number(width * 1_000.0)).collect();
        file.object(
            cid,
            &format!(
                "<< /Type /Font /Subtype {kind} /BaseFont /{name} \
                 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
                 /FontDescriptor {} /DW 1000 /W [1 [{}]] >>",
                descriptor.reference(),
                widths.join(" ")
            ),
        );
        file.object(descriptor, &self.descriptor(&name, stream, held));
        let subtype = if self.file.cff {
            "/Subtype /CIDFontType0C".to_owned()
        } else {
            format!("/Length1 {}", program.len())
        };
        file.stream(stream, &subtype, program);
        file.stream(held, "", &all_of(&cut));
        file.stream(unicode, "", self.unicode().as_bytes());
        Ok(font)
    }

    fn descriptor(&self, name: &str, stream: Id, held: Id) -> String {
        let scaled = |value: i16| number(f64::from(value) * 1_000.0 / self.file.units);
        let bounds = self.face.global_bounding_box();
        let corners = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scaled).join(" ");
        let key = if self.file.cff { "FontFile3" } else { "FontFile2" };
        format!(
            "<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{corners}] /ItalicAngle {} /Ascent {} \
             /Descent {} /CapHeight {} /StemV 80 /{key} {} /CIDSet {} >>",
            number(f64::from(self.face.italic_angle())),
            scaled(self.face.ascender()),
            scaled(self.face.descender()),
            scaled(self.face.capital_height().unwrap_or_else(|| self.face.ascender())),
            stream.reference(),
            held.reference(),
        )
    }

    /// Six letters that name this very choice of glyphs, as the standard asks of a font that was cut.
    fn tag(&self) -> String {
        let glyphs: Vec<u8> = self.numbers.remapped_gids().flat_map(u16::to_be_bytes).collect();
        Sha256::digest(&glyphs).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
    }

    /// Which character each glyph stands for.
    fn unicode(&self) -> String {
        /// The most lines of one block.
        const BLOCK: usize = 100;
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        for (block, glyphs) in self.glyphs.chunks(BLOCK).enumerate() {
            let _ = writeln!(map, "{} beginbfchar", glyphs.len());
            for (at, (character, _)) in glyphs.iter().enumerate() {
                let _ = write!(map, "<{:04X}> <", block * BLOCK + at + 1);
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(map, "{unit:04X}");
                }
                map.push_str(">\n");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map
    }
}

/// A bit for every glyph that a cut font holds, the highest first: all of them, numbered from 0.
fn all_of(cut: &[u8]) -> Vec<u8> {
    const COUNT: std::ops::Range<usize> = 4..6;
    let raw = RawFace::parse(cut, 0).ok();
    let maxp = raw.and_then(|raw| raw.table(Tag::from_bytes(b"maxp")));
    let count = maxp.and_then(|maxp| maxp.get(COUNT)).and_then(|count| count.try_into().ok());
    let count = usize::from(count.map_or(0, u16::from_be_bytes));
    let mut bits = vec![0xFF; count.div_ceil(8)];
    if let Some(last) = bits.last_mut() {
        *last = u8::MAX << ((8 - count % 8) % 8);
    }
    bits
}
