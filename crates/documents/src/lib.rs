//! Documents on paper: a certificate or a letter becomes a PDF/A-2b file (ISO 19005-2) with its Chinese text embedded, and an
//! agency's seal becomes a PAdES baseline B-B signature (ETSI EN 319 142-1) with a visible mark.
//!
//! This room is pure: the time, the key that signs and every text are arguments, and the same input gives the same bytes (apart
//! from the signature, which the key makes). It never decides whether a certificate is valid, and never draws a seal on a file
//! that it does not seal.

mod error;
mod font;
mod labels;
mod layout;
mod limits;
mod model;
mod pdf;
mod render;
mod seal;

pub use error::Error;
pub use font::{Fonts, Undrawn};
pub use limits::{MAX_ADDRESS, MAX_BYTES, MAX_NAME, MAX_PAGES, MAX_PARTS, MAX_ROWS};
pub use model::{Certificate, Document, Letter, Part, Row, Validity, Watermark};
pub use render::{Rendition, render, render_sealed};
pub use seal::x509;
pub use seal::{KeyFailed, MAX_CHAIN, Seal, SealKey};
