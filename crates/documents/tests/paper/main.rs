//! What a document on paper must keep, whatever is written on it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod file;
mod limits;
mod reader;
mod sample;
mod sealed;
mod texts;
