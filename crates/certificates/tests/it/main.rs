//! The room's contract: real identifiers, vectors of the standards, and every reason to refuse.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod certificate;
mod help;
mod id;
mod keys;
mod noise;
mod sd_jwt;
mod show;
mod status_list;
