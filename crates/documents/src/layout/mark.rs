//! The visible seal: a red ring with the agency's name inside it. It has no star and no emblem, so that nobody takes it for the
//! impression of a real agency's stamp; in a demonstration it says so. Its middle is left free: the day stands there.

use std::f64::consts::PI;
use std::fmt::Write as _;

use super::canvas::{self, Colour, RED};
use super::lines::line;
use crate::Document;
use crate::font::{Piece, Used};
use crate::labels::labels;
use crate::pdf::{Page, number};

/// How wide and high the seal is: 42 mm.
pub(super) const SIDE: f64 = 119.0;

const MIDDLE: f64 = SIDE / 2.0;

/// The seal of a document's agency, and its side. Its letters are outlines: the name stands beside it as text already.
pub(crate) fn drawing(document: &Document, used: &mut Used<'_>) -> (Page, f64) {
    let mut page = Page::new();
    let Colour(r, g, b) = RED;
    let red = [r, g, b].map(number).join(" ");
    let _ = writeln!(page, "/Artifact BMC\n{red} RG {red} rg");
    ring(&mut page, MIDDLE - 2.0, 3.0);
    name(&mut page, used, document.issuer());
    let labels = labels(document.lang());
    let (words, size) = if document.demo() { (labels.example_mark, 17.0) } else { (labels.seal_mark, 9.0) };
    let mut x = MIDDLE - canvas::width(&line(used, words), size) / 2.0;
    for piece in line(used, words) {
        letter(&mut page, used, piece, (x, MIDDLE - 21.0 - size * 0.9), 0.0, size);
        x += piece.width * size;
    }
    page.push_str("EMC\n");
    (page, SIDE)
}

/// One letter as a path, thickened, `at` in the seal's square and turned by `angle`.
fn letter(page: &mut Page, used: &Used<'_>, piece: Piece, at: (f64, f64), angle: f64, size: f64) {
    let (sin, cos) = angle.sin_cos();
    let matrix = [cos, sin, -sin, cos, at.0, at.1].map(number).join(" ");
    let _ = writeln!(page, "q {matrix} cm {} w", number(size * 0.03));
    match piece.glyph {
        Some(glyph) => used.outline(glyph, (0.0, 0.0), size, page),
        None => {
            let [x, y, side] = [size * 0.1, 0.0, size * 0.8].map(number);
            let _ = writeln!(page, "{x} {y} {side} {side} re");
        }
    }
    page.push_str("B Q\n");
}

/// The name on an arc that opens at the bottom, its letters upright on the ring; the longer the name, the smaller.
fn name(page: &mut Page, used: &mut Used<'_>, name: &str) {
    const WIDEST: f64 = 1.62 * PI;
    const LARGEST: f64 = 14.0;
    /// Between letters, as a part of their width.
    const GAPS: f64 = 1.18;
    /// Where the letters' upper edges are.
    const EDGE: f64 = MIDDLE - 7.0;
    /// How high letters are, in ems.
    const HIGH: f64 = 0.85;
    let pieces = line(used, name);
    let wide = canvas::width(&pieces, 1.0).max(1.0);
    // The baseline's radius shrinks as the letters grow.
    let size = (WIDEST * EDGE / (wide * GAPS + WIDEST * HIGH)).min(LARGEST);
    let radius = EDGE - size * HIGH;
    let mut angle = PI / 2.0 + wide * GAPS * size / radius / 2.0;
    for piece in pieces {
        let part = piece.width * GAPS * size / radius;
        let middle = angle - part / 2.0;
        let turned = middle - PI / 2.0;
        let half = piece.width * size / 2.0;
        let (x, y) = (MIDDLE + radius * middle.cos(), MIDDLE + radius * middle.sin());
        letter(page, used, piece, (x - half * turned.cos(), y - half * turned.sin()), turned, size);
        angle -= part;
    }
}

/// A circle around the middle.
fn ring(page: &mut Page, radius: f64, thick: f64) {
    /// How far a cubic's handles stand out to follow a quarter of a circle.
    const HANDLE: f64 = 0.552_285;
    let handle = radius * HANDLE;
    let at = |x: f64, y: f64| format!("{} {}", number(MIDDLE + x), number(MIDDLE + y));
    let _ = writeln!(page, "{} w {} m", number(thick), at(radius, 0.0));
    const EAST_TO_EAST: [(f64, f64); 5] = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)];
    for quarter in EAST_TO_EAST.windows(2) {
        let [(fx, fy), (tx, ty)] = [quarter[0], quarter[1]];
        let first = at(fx * radius + tx * handle, fy * radius + ty * handle);
        let second = at(tx * radius + fx * handle, ty * radius + fy * handle);
        let _ = writeln!(page, "{first} {second} {} c", at(tx * radius, ty * radius));
    }
    page.push_str("s\n");
}
