//! Stories of the product below the web, told on SQLite always and on PostgreSQL when
//! `SHENGSHI_TEST_POSTGRES` names a server on which databases may be created.

#![expect(clippy::unwrap_used, reason = "in a test a panic is an answer")]

mod at_once;
mod batches;
mod by_rule;
mod certificates;
mod clocks;
mod definitions;
mod drafts;
mod erasure;
mod hearing;
mod joint;
mod joint_stops;
mod lapses;
mod levels;
mod life;
mod lines;
mod lot_files;
mod moving;
mod officers;
mod outbox;
mod privacy;
mod rebuilding;
mod reviews;
mod seals;
mod secrets;
mod sessions;
mod stage;
mod stations;
mod supervision;
mod tampering;
mod trouble;
mod two_versions;
mod walk;
mod webhooks;
mod worker_loop;
