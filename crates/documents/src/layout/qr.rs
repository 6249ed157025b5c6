//! A QR code (ISO/IEC 18004) as filled rectangles, so that it prints sharp at any size.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::Error;
use crate::pdf::{Page, number};

/// Draws the code for `address` into a square whose lower left corner and side are given, in PDF's own coordinates.
pub(super) fn draw(page: &mut Page, address: &str, corner: (f64, f64), side: f64) -> Result<(), Error> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M)
        .map_err(|_| Error::TooMuch { what: "bytes of the address to check at", most: crate::MAX_ADDRESS })?;
    let width = code.width();
    let dark: Vec<bool> = code.into_colors().into_iter().map(|colour| colour == Color::Dark).collect();
    #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
    let module = |count: usize| count as f64 * side / width as f64;
    page.push_str("q 0 g\n");
    for (down, row) in dark.chunks(width).enumerate() {
        let y = corner.1 + side - module(down + 1);
        let mut at = 0;
        while let Some(from) = (at..width).find(|at| row[*at]) {
            let to = (from..width).find(|at| !row[*at]).unwrap_or(width);
            let [x, y, wide, high] = [corner.0 + module(from), y, module(to - from), module(1)].map(number);
            let _ = writeln!(page, "{x} {y} {wide} {high} re");
            at = to;
        }
    }
    page.push_str("f Q\n");
    Ok(())
}
