//! What the Administrative Licensing Law (行政许可法) asks of a procedure that permits go through.

use domain::Limit;

use crate::problem::Problems;
use crate::procedure::{Exit, Graph, Otherwise, PASS_OVER, Procedure, Step, StepKind, Within};

use super::{Places, flow};

/// Art. 32: five working days to say what is missing.
const INTAKE: Limit = Limit::workdays(5);
/// Art. 42: one extension by ten days, fifteen where several bodies act together.
const EXTENSION: Limit = Limit::workdays(10);
const JOINT_EXTENSION: Limit = Limit::workdays(15);
/// Art. 42(2): forty-five days where several bodies act together.
const JOINT: Limit = Limit::workdays(45);
/// Art. 44: ten days to hand the permit over.
const ISSUE: Limit = Limit::workdays(10);

/// Checks a procedure that this permit goes through, among all of them.
pub(super) fn permit(
    procedure: &Procedure,
    all: &[Procedure],
    item: &str,
    places: &Places,
    problems: &mut Problems,
) {
    if procedure.generic() {
        let message = format!(
            "the permit {item} goes through {}, which has no step of the law (行政许可法 第三十二条、第三十八条); give it an intake and a decision, or make the item another kind",
            procedure.procedure
        );
        return problems.error(&places.whole, "permit-generic", message);
    }
    granted_by_law(procedure, places, problems);
    decided_in_parts(procedure, all, places, problems);
    extension(procedure, places, problems);
    for (at, step) in procedure.steps.iter().enumerate() {
        if step.kind == StepKind::Together {
            if let Some((branch, message)) = joint(step) {
                let place = branch.map_or_else(|| places.step(at), |branch| places.branch(at, branch));
                problems.error(place, "permit-joint", message);
            }
            continue;
        }
        let fault = match step.kind {
            StepKind::Intake => intake(step).map(|message| ("permit-intake", message)),
            StepKind::Issue => issue(step).map(|message| ("permit-issue", message)),
            _ => None,
        };
        if let Some((rule, message)) = fault {
            problems.error(places.step(at), rule, message);
        }
    }
}

/// A permit is applied for (art. 29): a confirmation does not stand in for the intake, as it does elsewhere.
fn granted_by_law(procedure: &Procedure, places: &Places, problems: &mut Problems) {
    let steps = &procedure.steps;
    if !steps.iter().any(|step| step.kind == StepKind::Confirm) {
        // Then it is the check that every procedure of the law goes through, made when it was read.
        return;
    }
    let graph = Graph::of(procedure);
    let closed = |at: usize, exit: &Exit<'_>| {
        steps[at].kind == StepKind::Intake && (steps[at].when.is_none() || exit.action != PASS_OVER)
    };
    if let Some(path) = flow::granted_without(&graph, closed) {
        let message = format!(
            "a permit can be granted without intake: {} → granted; a permit is applied for (行政许可法 第二十九条), so lead this way through an intake",
            graph.words(&path, None)
        );
        problems.error(&places.whole, "procedure-skips-step", message);
    }
}

/// Where the branches decide, each does so by the law.
fn decided_in_parts(procedure: &Procedure, all: &[Procedure], places: &Places, problems: &mut Problems) {
    let decides = |(at, _): &(usize, &Step)| procedure.parts_decide(*at);
    for (at, step) in procedure.steps.iter().enumerate().filter(decides) {
        let free = step.branches.iter().enumerate().find(|(_, branch)| {
            all.iter().any(|other| other.procedure == branch.procedure && other.generic())
        });
        if let Some((n, branch)) = free {
            let message = format!(
                "the branch {} decides on a part of a permit by {}, which has no step of the law; leave the decision to a decide step after the branches, or give the branch another procedure",
                branch.branch, branch.procedure
            );
            problems.error(places.branch(at, n), "permit-generic", message);
        }
    }
}

fn intake(step: &Step) -> Option<String> {
    let in_time = matches!(step.within, Some(Within::Days(limit)) if limit.weight() <= INTAKE.weight());
    let silence = step.otherwise == Some(Otherwise::DeemedAccepted);
    (!in_time || !silence).then(|| {
        "at a permit's intake write within: 5 workdays or less and otherwise: deemed-accepted (行政许可法 第三十二条)"
            .to_owned()
    })
}

fn issue(step: &Step) -> Option<String> {
    let in_time = matches!(step.within, Some(Within::Days(limit)) if limit.weight() <= ISSUE.weight());
    (!in_time).then(|| {
        "a permit is issued within 10 workdays of the decision (行政许可法 第四十四条); write within"
            .to_owned()
    })
}

fn extension(procedure: &Procedure, places: &Places, problems: &mut Problems) {
    let Some(extend) = &procedure.extend else { return };
    let joint = procedure.steps.iter().any(|step| step.kind == StepKind::Together);
    let most = if joint { JOINT_EXTENSION } else { EXTENSION };
    if extend.up_to.weight() > most.weight() {
        let message = format!(
            "a permit's limit is extended by at most {most} here, not {} (行政许可法 第四十二条); shorten up_to",
            extend.up_to
        );
        problems.error(&places.whole, "permit-extension", message);
    }
}

/// What is too long, and which branch it is of.
fn joint(step: &Step) -> Option<(Option<usize>, String)> {
    let whole = match step.within {
        Some(Within::Days(limit)) => Some((None, "the joint step".to_owned(), limit)),
        Some(Within::ItemLimit) | None => None,
    };
    let parts = step.branches.iter().enumerate().flat_map(|(n, branch)| {
        [branch.statutory, branch.promised]
            .into_iter()
            .flatten()
            .map(move |limit| (Some(n), format!("the branch {}", branch.branch), limit))
    });
    let mut limits = whole.into_iter().chain(parts);
    limits.find(|(_, _, limit)| limit.weight() > JOINT.weight()).map(|(branch, what, limit)| {
        (branch, format!("{what} takes {limit}; several bodies together decide on a permit within {JOINT} (行政许可法 第四十二条第二款)"))
    })
}
