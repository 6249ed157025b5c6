//! The case: what may happen to it, what the law makes of it, and what state its events add up to.
//!
//! Two functions carry the room. [`decide`] takes a definition, a state, a command and the facts (who,
//! when, which calendar) and answers with events or with a [`Refusal`] that names its rule. [`evolve`]
//! folds one event into the state. Both are pure: no clock, no chance, no database; a deadline is
//! computed once, when the event that starts it is decided, and stands in that event.
//!
//! Nothing outside a committed event changes a case.

mod actions;
mod actor;
mod arrival;
mod branches;
mod cards;
mod case;
mod channel;
mod clock;
mod command;
mod decide;
mod definition;
mod event;
mod evolve;
mod history;
mod lapse;
mod materials;
mod migrate;
mod refusal;
mod rules;
mod settle;
mod special;
mod stops;

pub use actions::{Action, actions, choices};
pub use actor::{Actor, Agent, By, Officer};
pub use branches::{BranchCase, PartOf, branch_definition};
pub use cards::{CardColour, CardRule};
pub use case::{Accepted, Case, Decision, DoneBy, Review, Status};
pub use channel::Channel;
pub use clock::{ClockKind, Light, Running, light};
pub use command::{BLANK, Command, Facts, Opening, Submission};
pub use decide::decide;
pub use definition::Definition;
pub use event::{Event, Finding, GrantedOrNot, Outcome, Point, Private, RefusalReason, ReopenGround, What};
pub use evolve::{definitions_of, evolve, replay};
pub use history::{Begun, Ending, Segment, clock_history};
pub use lapse::{lapsed, wakes_at};
pub use materials::{Handed, MaterialError, MaterialRule, check_materials, file_key, proof_key};
pub use migrate::{Stuck, migrate};
pub use refusal::{Refusal, Rule};
pub use rules::{Known, RuleVerdict, Ruling, ask, entitled};
pub use special::{Hearing, Held};
pub use stops::{Stop, still_since, stops_of};
