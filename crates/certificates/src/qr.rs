//! A QR as SVG, drawn by us: no image libraries, no style that a page's security policy forbids.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode, Version};

/// The largest version that a phone reads from a hand's distance without effort: 77 modules.
const LARGEST: i16 = 15;
/// The white margin that ISO/IEC 18004 asks for, in modules.
const MARGIN: usize = 4;

/// The text does not fit a QR of version 15 at level M.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR that every phone reads")]
pub struct QrError;

/// The text as a QR at level M (15 % may be dirt), black on white in every theme. `label` says what it is to those who
/// do not see it.
///
/// # Errors
/// [`QrError`] when a version above 15 would be needed.
pub fn qr_svg(text: &str, label: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| QrError)?;
    match code.version() {
        Version::Normal(version) if version <= LARGEST => {}
        _ => return Err(QrError),
    }
    let width = code.width();
    let colours = code.to_colors();
    let mut path = String::with_capacity(8 * colours.len() / 2);
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run[0] == Color::Dark {
                let length = run.len();
                write!(path, "M{} {}h{length}v1h-{length}z", x + MARGIN, y + MARGIN).map_err(|_| QrError)?;
            }
            x += run.len();
        }
    }
    let whole = width + 2 * MARGIN;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" role=\"img\" \
         aria-label=\"{}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/>\
         <path d=\"{path}\"/></svg>",
        escaped(label)
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
