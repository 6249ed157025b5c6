//! The line across every page of a copy. It is drawn as outlines, so that it does not run through the text when that is copied or
//! read aloud; its words stand at the foot of the page as well.

use std::fmt::Write as _;

use super::canvas::{Colour, PALE};
use crate::font::{Piece, Used};
use crate::pdf::{A4, Page, number};

/// Radians above the horizontal.
const ANGLE: f64 = 0.5;
/// Points along the line.
const LONGEST: f64 = 590.0;
/// The largest em.
const LARGEST: f64 = 17.0;
/// Where on the page the lines' middles are, from below.
const PLACES: [f64; 3] = [0.22, 0.5, 0.78];

/// The operators that draw the line three times, kept once in the file for all pages.
pub(super) fn drawing(pieces: &[Piece], used: &Used<'_>) -> Page {
    let wide: f64 = pieces.iter().map(|piece| piece.width).sum();
    let size = (LONGEST / wide.max(1.0)).min(LARGEST);
    let mut outlines = String::new();
    let mut x = -wide / 2.0;
    for piece in pieces {
        match piece.glyph {
            Some(glyph) => used.outline(glyph, (x * size, 0.0), size, &mut outlines),
            None => {
                let [x, y, side] = [(x + 0.1) * size, 0.0, 0.8 * size].map(number);
                let _ = writeln!(outlines, "{x} {y} {side} {side} re");
            }
        }
        x += piece.width;
    }
    let Colour(r, g, b) = PALE;
    let [r, g, b] = [r, g, b].map(number);
    let (sin, cos) = ANGLE.sin_cos();
    let mut page = Page::new();
    for place in PLACES {
        let matrix = [cos, sin, -sin, cos, A4.0 / 2.0, A4.1 * place].map(number).join(" ");
        let _ = writeln!(page, "q {matrix} cm {r} {g} {b} rg\n{outlines}f Q");
    }
    page
}
