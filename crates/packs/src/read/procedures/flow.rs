//! The graph of a procedure: nothing hangs, everything ends, no way leads past the law's steps.

use crate::problem::Problems;
use crate::procedure::{End, Exit, Graph, PASS_OVER, Procedure, Step, StepKind, To};

use super::Places;

/// Every fault comes with the shortest path that shows it.
pub(super) fn check(procedure: &Procedure, places: &Places, problems: &mut Problems) {
    if procedure.steps.is_empty() {
        return;
    }
    let graph = Graph::of(procedure);
    let paths = graph.paths();
    let mut checked = Flow { procedure, graph: &graph, paths: &paths, places, problems };
    checked.nothing_after();
    checked.hangs();
    checked.unreachable();
    for kind in [StepKind::Intake, StepKind::Decide] {
        checked.skips(kind);
    }
}

struct Flow<'a> {
    procedure: &'a Procedure,
    graph: &'a Graph<'a>,
    paths: &'a [Option<Vec<(usize, &'a str)>>],
    places: &'a Places,
    problems: &'a mut Problems,
}

impl Flow<'_> {
    fn path_to(&self, at: usize) -> Option<String> {
        self.paths[at].as_ref().map(|path| self.graph.words(path, Some(at)))
    }

    /// A step with nothing after it: the end of the list without an end of the case, or a task that nobody
    /// can leave.
    fn nothing_after(&mut self) {
        for (at, step) in self.procedure.steps.iter().enumerate() {
            let exits = self.graph.exits(at);
            let Some(path) = self.path_to(at) else { continue };
            if exits.iter().any(|exit| exit.to == To::Nowhere) {
                let message = format!(
                    "after {} nothing follows and the case stays open: {path} → ?; end with a deliver step or an end",
                    step.id()
                );
                self.problems.error(self.places.step(at), "procedure-never-ends", message);
            } else if exits.is_empty() && !step.outcomes.is_empty() {
                let message = format!(
                    "nobody can leave {}: {path} → ?; give an outcome a desk and a step to lead to",
                    step.id()
                );
                self.problems.error(self.places.step(at), "task-without-outcomes", message);
            }
        }
    }

    /// Steps from which it only goes round. Reported once a circle: at the step where a case enters it. Steps
    /// that lead to one with nothing after it have their fault there.
    fn hangs(&mut self) {
        let ends = self.graph.can_end();
        let dead: Vec<bool> = (0..ends.len()).map(|at| self.graph.exits(at).is_empty()).collect();
        let stops = self.graph.leads(|_, exit| match exit.to {
            To::Step(next) => dead[next],
            To::Nowhere => true,
            To::End(_) => false,
        });
        let stuck: Vec<bool> = (0..ends.len()).map(|at| !ends[at] && !stops[at] && !dead[at]).collect();
        for at in 0..ends.len() {
            let Some(path) = &self.paths[at] else { continue };
            let enters = path.last().is_none_or(|&(before, _)| !stuck[before]);
            if stuck[at] && enters {
                let message = format!(
                    "no end can be reached from {}: {}, and from there only {}; let an outcome lead to an end",
                    self.procedure.steps[at].id(),
                    self.graph.words(path, Some(at)),
                    self.round(at)
                );
                self.problems.error(self.places.step(at), "procedure-hangs", message);
            }
        }
    }

    /// The shortest way from a step round to one that was passed already.
    fn round(&self, start: usize) -> String {
        let paths = self.graph.paths_from(start, |_, _| true);
        let mut shortest: Option<(Vec<(usize, &str)>, usize)> = None;
        for (at, path) in paths.iter().enumerate() {
            let Some(path) = path else { continue };
            let longer = shortest.as_ref().is_some_and(|(other, _)| other.len() <= path.len() + 1);
            for exit in self.graph.exits(at).iter().filter(|_| !longer) {
                let To::Step(back) = exit.to else { continue };
                if back == at || path.iter().any(|&(passed, _)| passed == back) {
                    let mut whole = path.clone();
                    whole.push((at, exit.action));
                    shortest = Some((whole, back));
                    break;
                }
            }
        }
        shortest.map_or_else(String::new, |(path, back)| self.graph.words(&path, Some(back)))
    }

    fn unreachable(&mut self) {
        for (at, step) in self.procedure.steps.iter().enumerate() {
            if self.paths[at].is_none() {
                let message = format!("no way leads to {}; lead one there or take the step out", step.id());
                self.problems.warning(self.places.step(at), "step-unreachable", message);
            }
        }
    }

    /// Every way to a grant passes an intake (or the applicant's own confirmation of an offer) and a decision,
    /// neither under a condition. A missing step was said in `order`. Imported procedures without a step of the law are exempt.
    fn skips(&mut self, kind: StepKind) {
        let steps = &self.procedure.steps;
        // 免申即享 is confirmed, not applied for; in a joint matter without a decision the branches decide, at
        // least one of them without a condition.
        let decides = steps.iter().any(|step| step.kind == StepKind::Decide);
        let joint = |step: &Step| {
            step.kind == StepKind::Together
                && !decides
                && step.branches.iter().any(|branch| branch.when.is_none())
        };
        let counts = |at: usize| match kind {
            StepKind::Intake => matches!(steps[at].kind, StepKind::Intake | StepKind::Confirm),
            _ => steps[at].kind == kind || joint(&steps[at]),
        };
        let said = match kind {
            StepKind::Intake => !(0..steps.len()).any(counts),
            _ => !decides && steps.iter().all(|step| step.kind != StepKind::Together),
        };
        if self.procedure.generic() || said {
            return;
        }
        // A step under a condition does not count; the way that shows it passes it over.
        let closed =
            |at: usize, exit: &Exit<'_>| counts(at) && (steps[at].when.is_none() || exit.action != PASS_OVER);
        if let Some(path) = granted_without(self.graph, closed) {
            let message = format!(
                "a case can be granted without {}: {} → granted; lead this way through it, without a condition",
                kind.id(),
                self.graph.words(&path, None)
            );
            self.problems.error(&self.places.whole, "procedure-skips-step", message);
        }
    }
}

/// The shortest way from the first step to a grant over exits that are not closed.
pub(super) fn granted_without<'a>(
    graph: &Graph<'a>,
    closed: impl Fn(usize, &Exit<'a>) -> bool,
) -> Option<Vec<(usize, &'a str)>> {
    let open = |at: usize, exit: &Exit<'a>| !closed(at, exit);
    let mut shortest: Option<Vec<(usize, &'a str)>> = None;
    for (at, path) in graph.paths_from(0, open).into_iter().enumerate() {
        let Some(mut path) = path else { continue };
        let granted = |exit: &&Exit<'a>| exit.to == To::End(End::Granted) && open(at, exit);
        let Some(exit) = graph.exits(at).iter().find(granted) else { continue };
        path.push((at, exit.action));
        if shortest.as_ref().is_none_or(|other| path.len() < other.len()) {
            shortest = Some(path);
        }
    }
    shortest
}
