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
mod case;
mod clock;
mod command;
mod decide;
mod definition;
mod event;
mod materials;
mod refusal;

pub use actions::{Action, actions};
pub use actor::{Actor, By, Officer};
pub use case::{Accepted, Case, Decision, Review, Status, evolve, replay};
pub use clock::{ClockKind, Light, Running, light};
pub use command::{Command, Facts, Submission};
pub use decide::{decide, lapsed};
pub use definition::Definition;
pub use event::{Event, Finding, GrantedOrNot, Outcome, Point, Private, RefusalReason, What};
pub use materials::{Handed, MaterialError, MaterialRule, check_materials};
pub use refusal::{Refusal, Rule};
