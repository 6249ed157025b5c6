//! What a model must say, told by example.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod tables;
