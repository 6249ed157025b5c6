//! Fonts: which character is drawn by which glyph, and what a file needs of them.

mod embed;
mod face;
mod outline;
mod used;

pub use face::Fonts;
pub use used::Undrawn;
pub(crate) use used::{Piece, Used, unseen};
