//! The law's order of steps: confirm or intake, reviews, joint step and timers, decision, issue, delivery,
//! check. A procedure without any step of the law (imported ones) has no order to keep.

use crate::problem::Problems;
use crate::procedure::{End, Procedure, StepKind};

use super::Places;

const ONCE: [StepKind; 7] = [
    StepKind::Confirm,
    StepKind::Intake,
    StepKind::Together,
    StepKind::Decide,
    StepKind::Issue,
    StepKind::Deliver,
    StepKind::Check,
];

/// Which steps there are, and in which order.
pub(super) fn check(procedure: &Procedure, places: &Places, problems: &mut Problems) {
    let steps = &procedure.steps;
    if steps.is_empty() || procedure.generic() {
        return;
    }
    let has = |kind| steps.iter().any(|step| step.kind == kind);
    if !has(StepKind::Intake) && !has(StepKind::Confirm) {
        problems.error(&places.whole, "procedure-lacks-step", "there is no intake step; add one");
    }
    // In a joint matter without a decision of its own the branches decide.
    if !has(StepKind::Decide) && !has(StepKind::Together) {
        problems.error(&places.whole, "procedure-lacks-step", "there is no decide step; add one");
    }
    for kind in ONCE {
        if let Some(second) = (0..steps.len()).filter(|&at| steps[at].kind == kind).nth(1) {
            let message = format!("there is more than one {} step; keep one", kind.id());
            problems.error(places.step(second), "procedure-order", message);
        }
    }
    if let Some(at) = (1..steps.len()).find(|&at| rank(steps[at - 1].kind) > rank(steps[at].kind)) {
        let message = format!(
            "{} stands after {}; the order is confirm, intake, review, together, wait, decide, issue, deliver, check",
            steps[at].id(),
            steps[at - 1].id()
        );
        problems.error(places.step(at), "procedure-order", message);
    }
    delivered_is_granted(procedure, places, problems);
}

/// What is delivered was granted: an end that says otherwise does not follow it.
fn delivered_is_granted(procedure: &Procedure, places: &Places, problems: &mut Problems) {
    for (at, pair) in procedure.steps.windows(2).enumerate() {
        if pair[0].kind == StepKind::Deliver && pair[1].end.is_some_and(|end| end != End::Granted) {
            let message = format!(
                "a case goes on from deliver to {}, which is not granted; put an end: granted between them",
                pair[1].id()
            );
            problems.error(places.step(at + 1), "procedure-order", message);
        }
    }
}

fn rank(kind: StepKind) -> u8 {
    match kind {
        StepKind::Confirm => 0,
        StepKind::Intake => 1,
        StepKind::Review | StepKind::Together | StepKind::Wait | StepKind::Task => 2,
        StepKind::Decide => 3,
        StepKind::Issue => 4,
        StepKind::Deliver => 5,
        StepKind::Check => 6,
        StepKind::End => 7,
    }
}
