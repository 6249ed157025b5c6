//! The life of a case as a contract: given events, when a command, then events or the rule against it.
#![expect(clippy::unwrap_used, reason = "in a test a panic is an answer")]

mod clocks;
mod given;
mod life;
mod random;
mod rights;
