//! What this room writes, against examples written by hand from the standards' names.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cfx;
mod csv;
mod e142;
mod lot;
