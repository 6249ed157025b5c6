//! One page's operators (ISO 32000-1, 8 and 9).

use std::fmt::Write as _;

use crate::font::{Piece, Used, unseen};
use crate::pdf::{Page, number, text_string};

/// Red, green and blue, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour(pub(super) f64, pub(super) f64, pub(super) f64);

pub(super) const BLACK: Colour = Colour(0.1, 0.1, 0.12);
pub(super) const GREY: Colour = Colour(0.4, 0.4, 0.43);
pub(super) const LIGHT: Colour = Colour(0.86, 0.86, 0.88);
pub(super) const PALE: Colour = Colour(0.9, 0.9, 0.91);
pub(super) const RED: Colour = Colour(0.78, 0.08, 0.1);

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    /// The em in points.
    pub(super) size: f64,
    pub(super) colour: Colour,
    /// Drawn with an outline, as only one weight is embedded.
    pub(super) bold: bool,
}

impl Style {
    pub(super) const fn plain(size: f64) -> Self {
        Self { size, colour: BLACK, bold: false }
    }

    pub(super) const fn grey(size: f64) -> Self {
        Self { size, colour: GREY, bold: false }
    }

    pub(super) const fn bold(size: f64) -> Self {
        Self { size, colour: BLACK, bold: true }
    }

    pub(super) const fn red(self) -> Self {
        Self { colour: RED, ..self }
    }
}

/// Where text begins, in PDF's own coordinates (from the lower left), and its angle in radians.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) angle: f64,
}

/// How wide `pieces` are at `size`.
pub(super) fn width(pieces: &[Piece], size: f64) -> f64 {
    pieces.iter().map(|piece| piece.width).sum::<f64>() * size
}

/// Draws one line of text.
pub(super) fn text(page: &mut Page, used: &mut Used<'_>, pieces: &[Piece], start: Start, style: Style) {
    let Style { size, colour, bold } = style;
    let (sin, cos) = start.angle.sin_cos();
    let matrix = [cos, sin, -sin, cos, start.x, start.y].map(number).join(" ");
    let Colour(r, g, b) = colour;
    let colour = [r, g, b].map(number).join(" ");
    let _ = writeln!(page, "q {matrix} cm {colour} rg {colour} RG");
    if bold {
        let _ = writeln!(page, "2 Tr {} w", number(size * 0.028));
    }
    let mut x = 0.0;
    let mut run = Run::default();
    for piece in pieces {
        let drawn = piece.glyph.map(|glyph| (glyph.0, used.draw(glyph, piece.character)));
        match drawn {
            Some((face, (glyph, true))) => {
                if run.face != Some(face) {
                    run.end(page, size);
                    run = Run { face: Some(face), x, glyphs: String::new() };
                }
                let _ = write!(run.glyphs, "{glyph:04X}");
            }
            Some((face, (glyph, false))) => {
                run.end(page, size);
                // The glyph stands for another character too: say which one this is.
                spoken(page, &piece.character.to_string());
                Run { face: Some(face), x, glyphs: format!("{glyph:04X}") }.end(page, size);
                page.push_str("EMC\n");
            }
            None => {
                run.end(page, size);
                boxed(page, used, piece.character, x, size);
            }
        }
        x += piece.width * size;
    }
    run.end(page, size);
    page.push_str("Q\n");
}

/// Glyphs of one font that stand side by side.
#[derive(Default)]
struct Run {
    face: Option<usize>,
    x: f64,
    glyphs: String,
}

impl Run {
    /// Writes the run and empties it.
    fn end(&mut self, page: &mut Page, size: f64) {
        if let Some(face) = self.face.take() {
            let (size, x, glyphs) = (number(size), number(self.x), std::mem::take(&mut self.glyphs));
            let _ = writeln!(page, "BT /F{face} {size} Tf {x} 0 Td <{glyphs}> Tj ET");
        }
    }
}

/// Begins a span that reads as `text` when it is copied.
fn spoken(page: &mut Page, text: &str) {
    let _ = writeln!(page, "/Span << /ActualText {} >> BDC", text_string(text));
}

/// A character that no font has: a box with its number in it. Copying gives the character, or the number of one that cannot be
/// seen.
fn boxed(page: &mut Page, used: &mut Used<'_>, character: char, x: f64, size: f64) {
    used.boxed(character);
    let code = format!("{:04X}", u32::from(character));
    spoken(page, &if unseen(character) { format!("[U+{code}]") } else { character.to_string() });
    let side = number(size * 0.9);
    let _ = writeln!(
        page,
        "{} w {} {} {side} {side} re S",
        number(size * 0.035),
        number(x + size * 0.05),
        number(size * -0.1)
    );
    let row = code.len().div_ceil(2);
    let small = size * if row > 2 { 0.31 } else { 0.38 };
    for (at, figures) in [code.get(..row), code.get(row..)].into_iter().flatten().enumerate() {
        let pieces: Vec<Piece> = figures.chars().map(|c| used.piece(c)).collect();
        let mut left = x + (size - width(&pieces, small)) / 2.0;
        let low = size * if at == 0 { 0.4 } else { 0.0 };
        for piece in pieces {
            let Some(glyph) = piece.glyph else { continue };
            let (number_, _) = used.draw(glyph, piece.character);
            let _ = writeln!(
                page,
                "BT /F{} {} Tf {} {} Td <{number_:04X}> Tj ET",
                glyph.0,
                number(small),
                number(left),
                number(low)
            );
            left += piece.width * small;
        }
    }
    page.push_str("EMC\n");
}

/// A line from here to there, in PDF's own coordinates.
pub(super) fn rule(page: &mut Page, from: (f64, f64), to: (f64, f64), thick: f64, colour: Colour) {
    let Colour(r, g, b) = colour;
    let [thick, x, y, to_x, to_y, r, g, b] = [thick, from.0, from.1, to.0, to.1, r, g, b].map(number);
    let _ = writeln!(page, "{r} {g} {b} RG {thick} w {x} {y} m {to_x} {to_y} l S");
}

/// An empty rectangle, in PDF's own coordinates.
pub(super) fn frame(page: &mut Page, corner: (f64, f64), size: (f64, f64), thick: f64, colour: Colour) {
    let Colour(r, g, b) = colour;
    let [thick, x, y, wide, high, r, g, b] = [thick, corner.0, corner.1, size.0, size.1, r, g, b].map(number);
    let _ = writeln!(page, "{r} {g} {b} RG {thick} w {x} {y} {wide} {high} re S");
}
