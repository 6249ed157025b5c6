//! The review desk: people look at the units that rules did not decide, one after the other.
//!
//! A unit is kept for whoever looks at it for a few minutes ([`HOLD`]). That is no claim of the engine's: a claim is an
//! event that stands until somebody takes it back, and whoever goes home in the middle of a shift would leave a unit
//! behind that nobody else may judge.
//!
//! A verdict waits for some seconds ([`UNDO`]) before it is carried out, durably and under its own id, so that it can be
//! taken back. It is carried out with the officer's next one, or by the worker; the commit of the case takes it away in
//! the same breath, so that it is carried out once or taken back, and never both.

mod agreement;
mod desk;
mod feed;
mod marks;
mod verdicts;

pub use agreement::{AgreementOf, Agreements, Pair};
pub use desk::{ReviewDesk, ReviewUnit};
pub use feed::{MAX_REVIEWS, Review, Reviews};
pub use marks::{CLASSES, FALSE_CALLS, Found, Label, MAX_DRAWN, Marks, OTHER, Place, Said, drawn, known};
pub(crate) use verdicts::Taken;
pub use verdicts::{Given, GivenVerdict};

use casework::{Case, Definition};

use crate::stations::is_stations;

/// How long a unit is kept for whoever looks at it (µs).
pub(crate) const HOLD: i64 = 300_000_000;
/// How long a verdict waits to be taken back (µs).
pub(crate) const UNDO: i64 = 10_000_000;

/// The outcomes of a look: good, and defective.
pub(crate) const GOOD: &str = "ok";
/// The same.
pub(crate) const BAD: &str = "ng";

/// Whether an outcome of a task says good or defective.
pub(crate) fn says_good(action: &str) -> Option<bool> {
    match action {
        GOOD => Some(true),
        BAD => Some(false),
        _ => None,
    }
}

/// Whether a case is a unit that a station reported, of which people say whether it is good.
pub(crate) fn is_unit(definition: &Definition, case: &Case) -> bool {
    is_stations(case) && takes_verdicts(definition)
}

/// Whether an item's form has what stations report of units.
pub(crate) fn takes_verdicts(definition: &Definition) -> bool {
    let asks = |name: &str| {
        definition.item.form.pages.iter().flat_map(|page| &page.fields).any(|field| field.name == name)
    };
    definition.item.for_things() && asks("judged") && asks("findings")
}
