//! The life of a case as a contract: given events, when a command, then events or the rule against it.

mod clocks;
mod given;
mod life;
mod random;
mod rights;
