//! The life of a case as a contract: given events, when a command, then events or the rule against it.
#![expect(clippy::unwrap_used, reason = "in a test a panic is an answer")]

mod agents;
mod cards;
mod choices;
mod clocks;
mod decision;
mod entitlement;
mod given;
mod hearing;
mod history;
mod joint;
mod life;
mod migration;
mod part_stops;
mod promises;
mod random;
mod receipt;
mod renewal;
mod reopen;
mod rights;
mod rules;
mod stored;
mod suspensions;
mod tasks;
mod things;
