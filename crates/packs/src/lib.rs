//! Packs: a folder of plain files becomes a validated, versioned catalogue.
//!
//! This room reads files that partners wrote, so everything is bounded (size, depth, count), nothing
//! in a pack can run code, and every complaint names file, line and rule. It knows no database, no
//! network and no clock. The format is specified in `docs/pack-format.md`.

pub mod form;
pub mod item;
pub mod procedure;

pub use form::{Answers, Field, FieldError, FieldKind, FieldRule, Form, Option_, Page, Prefill, ShowWhen};
pub use item::{Audience, Fee, Handling, ItemKind, Law, Level, Material, Missing, ServiceItem, Window};
pub use procedure::{Otherwise, Procedure, Role, Step, StepKind, Within};
