//! A glyph's outline as a path, for what is a picture and no text.

use std::fmt::Write as _;

use ttf_parser::{GlyphId, OutlineBuilder};

use super::Used;
use crate::pdf::number;

impl Used<'_> {
    /// Adds a glyph's outline with its origin at `at` and an em of `size` points.
    pub(crate) fn outline(&self, glyph: (usize, u16), at: (f64, f64), size: f64, path: &mut String) {
        let Some(used) = self.faces.get(glyph.0) else { return };
        let mut pen = Pen { path, at, scale: size / used.file.units, last: (0.0, 0.0) };
        used.face.outline_glyph(GlyphId(glyph.1), &mut pen);
    }
}

struct Pen<'p> {
    path: &'p mut String,
    at: (f64, f64),
    scale: f64,
    /// Where the pen is, in the font's units.
    last: (f64, f64),
}

impl Pen<'_> {
    fn points(&mut self, points: &[(f64, f64)], operator: &str) {
        for (x, y) in points {
            let _ = write!(
                self.path,
                "{} {} ",
                number(self.at.0 + x * self.scale),
                number(self.at.1 + y * self.scale)
            );
        }
        self.path.push_str(operator);
        self.path.push('\n');
        self.last = points.last().copied().unwrap_or(self.last);
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.points(&[(x.into(), y.into())], "m");
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.points(&[(x.into(), y.into())], "l");
    }

    /// TrueType's curves have one handle, PDF's two.
    fn quad_to(&mut self, handle_x: f32, handle_y: f32, x: f32, y: f32) {
        let (handle, to): ((f64, f64), (f64, f64)) =
            ((handle_x.into(), handle_y.into()), (x.into(), y.into()));
        let near = |end: (f64, f64)| {
            (end.0 + (handle.0 - end.0) * 2.0 / 3.0, end.1 + (handle.1 - end.1) * 2.0 / 3.0)
        };
        let first = near(self.last);
        self.points(&[first, near(to), to], "c");
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.points(&[(x1.into(), y1.into()), (x2.into(), y2.into()), (x.into(), y.into())], "c");
    }

    fn close(&mut self) {
        self.path.push_str("h\n");
    }
}
