//! A PDF file, byte by byte: ISO 32000-1, and of it only what our pages need.

mod file;
mod icc;
mod object;
mod xmp;

pub(crate) use file::{A4, About, Page, SealField, write};
pub(crate) use object::{File, Id, hex, number, stamp, text_string};
