//! The shortest ways through a procedure: one to each of its ends.

use super::graph::{Graph, To};
use super::{End, Procedure, StepKind};

/// The shortest way from the first step to one end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// The end: the id of an end step, or `granted`, `refused`, `terminated` for one of the law's own.
    pub end: String,
    /// What is done at each step, in order: (id of the step, action).
    pub path: Vec<(String, String)>,
}

/// The shortest way to each end that can be reached: first to the end steps in the order of the list, then to
/// the ends that a step of the law brings by itself (a refusal at `decide`, delivery …).
#[must_use]
pub fn walks(procedure: &Procedure) -> Vec<Walk> {
    let graph = Graph::of(procedure);
    let paths = graph.paths();
    let named = |path: &[(usize, &str)]| -> Vec<(String, String)> {
        path.iter().map(|&(at, action)| (procedure.steps[at].id().to_owned(), action.to_owned())).collect()
    };
    let mut walks = Vec::new();
    for (at, step) in procedure.steps.iter().enumerate().filter(|(_, step)| step.kind == StepKind::End) {
        if let Some(path) = &paths[at] {
            walks.push(Walk { end: step.id().to_owned(), path: named(path) });
        }
    }
    for end in [End::Granted, End::Refused, End::Terminated] {
        let mut shortest: Option<Vec<(usize, &str)>> = None;
        for (at, path) in
            paths.iter().enumerate().filter(|(at, _)| procedure.steps[*at].kind != StepKind::End)
        {
            let Some(path) = path else { continue };
            let Some(exit) = graph.exits(at).iter().find(|exit| exit.to == To::End(end)) else { continue };
            if shortest.as_ref().is_none_or(|other| path.len() + 1 < other.len()) {
                let mut path = path.clone();
                path.push((at, exit.action));
                shortest = Some(path);
            }
        }
        walks.extend(shortest.map(|path| Walk { end: end.id().to_owned(), path: named(&path) }));
    }
    walks
}
