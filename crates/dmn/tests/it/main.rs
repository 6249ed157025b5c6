//! What a model must say, told by example.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bounds;
mod cells;
mod common;
mod faults;
mod feel;
mod models;
mod random;
mod remarks;
mod tables;
