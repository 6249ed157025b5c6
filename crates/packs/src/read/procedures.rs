//! `procedures/*.yaml`: the life of a case.
//!
//! Reading and what concerns one file alone is here and in `shape` (each step), `order` (the law's order) and
//! `flow` (the graph); `uses` compares procedures with items, agencies and each other once all is read.

mod flow;
mod law;
mod names;
mod nesting;
mod order;
mod shape;
mod uses;

use std::collections::BTreeMap;

use domain::Text;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::item::Law;
use crate::limits;
use crate::problem::{Place, Problems};
use crate::procedure::{ApplicantTerm, Extend, Procedure, Renewal, Special, Step};

use super::document::{self, Spanned};
use super::{Draft, Opened, manifest};

pub(super) use uses::{goes_through, used};

/// The file as written: a [`Procedure`] whose lines are known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    procedure: Spanned<String>,
    title: Text,
    law: Law,
    steps: Vec<Spanned<Step>>,
    remedies: Text,
    #[serde(default)]
    suspends: Vec<Special>,
    #[serde(default)]
    extend: Option<Extend>,
    #[serde(default)]
    correction: Option<ApplicantTerm>,
    #[serde(default)]
    owed: Option<ApplicantTerm>,
    #[serde(default)]
    forwards: bool,
    #[serde(default)]
    renewal: Option<Renewal>,
    #[serde(default)]
    origin: BTreeMap<String, String>,
}

/// Where a procedure and its steps stand.
pub(super) struct Places {
    /// The procedure's own line.
    whole: Place,
    /// One a step.
    steps: Vec<Place>,
    /// For each step, one a branch.
    branches: Vec<Vec<Place>>,
    /// Whether its pack describes no items: what it brings is for other packs to use.
    library: bool,
}

impl Places {
    /// Where a step stands.
    fn step(&self, at: usize) -> &Place {
        self.steps.get(at).unwrap_or(&self.whole)
    }

    /// Where a branch of a step stands.
    fn branch(&self, step: usize, branch: usize) -> &Place {
        self.branches.get(step).and_then(|places| places.get(branch)).unwrap_or_else(|| self.step(step))
    }
}

/// The lines of the branches: [`Step`] is read whole and has none.
#[derive(Deserialize)]
struct Lines {
    steps: Vec<StepLines>,
}

#[derive(Deserialize)]
struct StepLines {
    #[serde(default)]
    branches: Vec<Spanned<IgnoredAny>>,
}

impl Lines {
    /// Of a file that has been read already.
    fn read(label: &str, text: &str) -> Vec<Vec<Place>> {
        let lines: Option<Self> = document::yaml(label, text, &mut Problems::default());
        let of = |step: &StepLines| step.branches.iter().map(|one| document::place(label, one)).collect();
        lines.map_or_else(Vec::new, |lines| lines.steps.iter().map(of).collect())
    }
}

/// Reads the procedures of one pack.
pub(super) fn read(pack: &Opened<'_>, draft: &mut Draft) {
    let library = !pack.contents.contains_key("items.csv") && pack.paths("items/", ".yaml").next().is_none();
    for path in pack.paths("procedures/", ".yaml") {
        let Some((label, text)) = pack.text(path, &mut draft.problems) else { continue };
        if let Some(written) = document::yaml::<Written>(&label, text, &mut draft.problems) {
            let places = Places {
                whole: document::place(&label, &written.procedure),
                steps: written.steps.iter().map(|step| document::place(&label, step)).collect(),
                branches: if written.steps.iter().any(|step| !step.value.branches.is_empty()) {
                    Lines::read(&label, text)
                } else {
                    Vec::new()
                },
                library,
            };
            one(written, places, draft);
        }
    }
}

fn one(written: Written, places: Places, draft: &mut Draft) {
    let id = &written.procedure.value;
    if !manifest::is_id(id) {
        let message = format!("the procedure id {id:?} is not lower-case letters, digits and dashes");
        return draft.problems.error(&places.whole, "bad-id", message);
    }
    if draft.procedures.iter().any(|other| other.procedure == *id) {
        let message = format!("the procedure {id} stands there twice; keep one");
        return draft.problems.error(&places.whole, "duplicate-procedure", message);
    }
    let procedure = Procedure {
        procedure: written.procedure.value,
        title: written.title,
        law: written.law,
        steps: written.steps.into_iter().map(|step| step.value).collect(),
        remedies: written.remedies,
        suspends: written.suspends,
        extend: written.extend,
        correction: written.correction,
        owed: written.owed,
        forwards: written.forwards,
        renewal: written.renewal,
        origin: written.origin,
    };
    if procedure.steps.len() > limits::LIST {
        let message = format!("a procedure has at most {} steps", limits::LIST);
        draft.problems.error(&places.whole, "too-many-entries", message);
    } else {
        shape::check(&procedure, &places, &mut draft.problems);
        order::check(&procedure, &places, &mut draft.problems);
        flow::check(&procedure, &places, &mut draft.problems);
    }
    draft.procedures.push(procedure);
    draft.procedure_places.push(places);
}
