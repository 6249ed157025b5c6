//! `procedures/*.yaml`: the statutory life of a case.

use domain::Text;
use serde::Deserialize;

use crate::item::{Handling, Law};
use crate::limits;
use crate::problem::{Place, Problems};
use crate::procedure::{ApplicantTerm, Extend, Procedure, Renewal, Special, Step, StepKind, Within};

use super::document::{self, Spanned};
use super::{Draft, Opened, manifest};

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
}

/// Reads the procedures of one pack.
pub(super) fn read(pack: &Opened<'_>, draft: &mut Draft) {
    for path in pack.paths("procedures/", ".yaml") {
        let Some((label, text)) = pack.text(path, &mut draft.problems) else { continue };
        if let Some(written) = document::yaml::<Written>(&label, text, &mut draft.problems) {
            one(&label, written, draft);
        }
    }
}

fn one(label: &str, written: Written, draft: &mut Draft) {
    let place = document::place(label, &written.procedure);
    let id = &written.procedure.value;
    if !manifest::is_id(id) {
        let message = format!("the procedure id {id:?} is not lower-case letters, digits and dashes");
        return draft.problems.error(&place, "bad-id", message);
    }
    if draft.procedures.iter().any(|other| other.procedure == *id) {
        let message = format!("the procedure {id} stands there twice; keep one");
        return draft.problems.error(&place, "duplicate-procedure", message);
    }
    for (n, step) in (1..).zip(&written.steps) {
        one_step(&document::place(label, step), n, &step.value, &mut draft.problems);
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
    };
    steps(&Place::file(label), &procedure, &mut draft.problems);
    draft.procedures.push(procedure);
}

/// A life of a case begins with one intake, holds one decision and ends with delivery. A procedure without
/// steps is for look-ups, which have no case.
fn steps(place: &Place, procedure: &Procedure, problems: &mut Problems) {
    let steps = &procedure.steps;
    if steps.is_empty() {
        return;
    }
    if steps.len() > limits::LIST {
        problems.error(place, "procedure-order", format!("a procedure has at most {} steps", limits::LIST));
    }
    let count = |kind| steps.iter().filter(|step| step.kind == kind).count();
    for (kind, name) in
        [(StepKind::Intake, "intake"), (StepKind::Decide, "decide"), (StepKind::Deliver, "deliver")]
    {
        match count(kind) {
            1 => {}
            0 if kind == StepKind::Deliver => {
                problems.error(
                    place,
                    "procedure-never-ends",
                    "no step delivers the result; end with a deliver step",
                );
            }
            0 => problems.error(place, "procedure-lacks-step", format!("there is no {name} step; add one")),
            _ => problems.error(
                place,
                "procedure-order",
                format!("there is more than one {name} step; keep one"),
            ),
        }
    }
    if steps.windows(2).any(|pair| rank(pair[0].kind) > rank(pair[1].kind)) {
        let message = "steps stand in the wrong order; it is intake, review, decide, issue, deliver";
        problems.error(place, "procedure-order", message);
    }
}

fn one_step(place: &Place, n: usize, step: &Step, problems: &mut Problems) {
    let by_person = matches!(step.kind, StepKind::Intake | StepKind::Review | StepKind::Decide);
    if by_person && step.desk.is_none() {
        let message =
            format!("step {n} needs a person and names no desk; add desk: intake, review or decide");
        problems.error(place, "step-without-desk", message);
    }
    if !by_person && step.desk.is_some() {
        let message = format!("step {n} is taken by the platform itself; take its desk out");
        problems.error(place, "step-with-desk", message);
    }
    let most = if step.kind == StepKind::Review { limits::OFFICERS } else { 1 };
    if step.officers == 0 || step.officers > most {
        problems.error(
            place,
            "step-officers",
            format!("step {n} takes 1 to {most} officers, not {}", step.officers),
        );
    }
    if step.otherwise.is_some() && (step.kind != StepKind::Intake || step.within.is_none()) {
        let message =
            format!("step {n}: only an intake with a limit can be deemed accepted; take otherwise out");
        problems.error(place, "step-otherwise", message);
    }
    if let Some(Within::Days(limit)) = step.within
        && !(1..=limits::LIMIT_DAYS).contains(&limit.days_up())
    {
        let message = format!("step {n}: a limit is 1 to {} days", limits::LIMIT_DAYS);
        problems.error(place, "bad-number", message);
    }
    if step.kind == StepKind::Intake && step.within == Some(Within::ItemLimit) {
        let message =
            format!("step {n}: the item limit runs from acceptance, so intake needs a limit of its own");
        problems.error(place, "step-limit", message);
    }
}

fn rank(kind: StepKind) -> u8 {
    match kind {
        StepKind::Confirm | StepKind::Intake => 0,
        StepKind::Review | StepKind::Together | StepKind::Wait | StepKind::Task => 1,
        StepKind::Decide => 2,
        StepKind::Issue => 3,
        StepKind::Deliver => 4,
        StepKind::Check => 5,
        StepKind::End => 6,
    }
}

/// Each handled item names a procedure that is there and has steps.
pub(super) fn used(draft: &mut Draft) {
    for (item, place) in draft.items.iter().zip(&draft.item_places) {
        let Handling::Online { procedure: id } = &item.handling else { continue };
        match draft.procedures.iter().find(|procedure| procedure.procedure == *id) {
            None => {
                let message = format!("the procedure {id} is not in any pack; add procedures/{id}.yaml");
                draft.problems.error(place, "unknown-procedure", message);
            }
            Some(procedure) if procedure.steps.is_empty() => {
                let message = format!("the procedure {id} has no steps, so no case can go through it");
                draft.problems.error(place, "procedure-without-steps", message);
            }
            Some(_) => {}
        }
    }
}
