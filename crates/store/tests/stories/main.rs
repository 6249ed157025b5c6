//! Stories of the store, told on SQLite always and on PostgreSQL when `SHENGSHI_TEST_POSTGRES` names a
//! server on which databases may be created.

#![expect(clippy::unwrap_used, reason = "in a test a panic is an answer")]

mod backup;
mod cases;
mod certificates;
mod checkpoints;
mod common;
mod concurrency;
mod credentials;
mod dead;
mod definitions;
mod desk;
mod disk;
mod drafts;
mod once;
mod outbox;
mod people;
mod probe;
mod servers;
mod tampering;
mod ties;
mod timers;
