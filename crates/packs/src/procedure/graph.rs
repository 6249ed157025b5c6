//! A procedure as a graph: which step may follow which, and how a case may end.
//!
//! Only a task chooses its next step. Every other step leads to the one after it in the list, or ends the
//! case; so a circle always holds a task, and the platform by itself cannot go round for ever.

use std::collections::VecDeque;

use super::{End, Procedure, Step, StepKind};

/// Where an exit leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum To {
    /// To the step with this index.
    Step(usize),
    /// To an end of the case.
    End(End),
    /// Past the end of the list: a fault that the check refuses.
    Nowhere,
}

/// One way out of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit<'a> {
    /// What is done: the action of a task's outcome, or a word for what the step does.
    pub action: &'a str,
    /// Where it leads.
    pub to: To,
}

/// What is done when a step is left without a choice.
const DONE: &str = "done";
/// What is done when the condition of a step is false.
pub(crate) const PASS_OVER: &str = "pass-over";

/// The steps of a procedure with their exits.
#[derive(Debug)]
pub struct Graph<'a> {
    procedure: &'a Procedure,
    exits: Vec<Vec<Exit<'a>>>,
}

impl<'a> Graph<'a> {
    /// The graph of a procedure. An outcome that nobody may choose, or that leads to no step, is no exit.
    #[must_use]
    pub fn of(procedure: &'a Procedure) -> Self {
        let exits = (0..procedure.steps.len()).map(|at| exits(procedure, at)).collect();
        Self { procedure, exits }
    }

    /// The ways out of a step; none for an index that is not there.
    #[must_use]
    pub fn exits(&self, step: usize) -> &[Exit<'a>] {
        self.exits.get(step).map_or(&[], Vec::as_slice)
    }

    /// The shortest path from the first step to each step, as indices with the action taken at each;
    /// `None` for a step that cannot be reached.
    #[must_use]
    pub fn paths(&self) -> Vec<Option<Vec<(usize, &'a str)>>> {
        self.paths_from(0, |_, _| true)
    }

    /// The same from another step, over exits that `open` lets through.
    pub(crate) fn paths_from(
        &self,
        start: usize,
        open: impl Fn(usize, &Exit<'a>) -> bool,
    ) -> Vec<Option<Vec<(usize, &'a str)>>> {
        let mut paths: Vec<Option<Vec<(usize, &'a str)>>> = vec![None; self.exits.len()];
        let mut queue = VecDeque::new();
        if let Some(first) = paths.get_mut(start) {
            *first = Some(Vec::new());
            queue.push_back(start);
        }
        while let Some(at) = queue.pop_front() {
            let path = paths[at].clone().unwrap_or_default();
            for exit in self.exits[at].iter().filter(|exit| open(at, exit)) {
                let To::Step(next) = exit.to else { continue };
                if paths[next].is_none() {
                    let mut longer = path.clone();
                    longer.push((at, exit.action));
                    paths[next] = Some(longer);
                    queue.push_back(next);
                }
            }
        }
        paths
    }

    /// For each step, whether some way from it leads to one of these.
    pub(crate) fn leads(&self, to: impl Fn(usize, &Exit<'a>) -> bool) -> Vec<bool> {
        let mut leads = vec![false; self.exits.len()];
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.exits.len()];
        let mut queue = VecDeque::new();
        for (at, exits) in self.exits.iter().enumerate() {
            for exit in exits {
                if let To::Step(next) = exit.to {
                    before[next].push(at);
                }
                if to(at, exit) && !std::mem::replace(&mut leads[at], true) {
                    queue.push_back(at);
                }
            }
        }
        while let Some(at) = queue.pop_front() {
            for &from in &before[at] {
                if !std::mem::replace(&mut leads[from], true) {
                    queue.push_back(from);
                }
            }
        }
        leads
    }

    /// For each step, whether an end of the case can be reached from it.
    #[must_use]
    pub fn can_end(&self) -> Vec<bool> {
        self.leads(|_, exit| matches!(exit.to, To::End(_)))
    }

    /// A path in words, `intake → review (passed over) → decide`; `last` is where it has come to.
    pub(crate) fn words(&self, path: &[(usize, &str)], last: Option<usize>) -> String {
        let id = |at: usize| self.procedure.steps.get(at).map_or("?", Step::id);
        let mut words: Vec<String> = Vec::with_capacity(path.len() + 1);
        for &(at, action) in path {
            words.push(if action == PASS_OVER {
                format!("{} (passed over)", id(at))
            } else {
                id(at).to_owned()
            });
        }
        words.extend(last.map(|at| id(at).to_owned()));
        words.join(" → ")
    }
}

fn exits(procedure: &Procedure, at: usize) -> Vec<Exit<'_>> {
    let step = &procedure.steps[at];
    let after = if at + 1 < procedure.steps.len() { To::Step(at + 1) } else { To::Nowhere };
    let exit = |action, to| Exit { action, to };
    let mut exits = match step.kind {
        StepKind::Confirm => vec![exit("confirm", after), exit("decline", To::End(End::Terminated))],
        StepKind::Intake => vec![
            exit("accept", after),
            exit("not-needed", To::End(End::Terminated)),
            exit("not-ours", To::End(End::Terminated)),
        ],
        StepKind::Decide => vec![exit("grant", after), exit("refuse", To::End(End::Refused))],
        // Where the parts decide, one that was not granted ends the whole.
        StepKind::Together if procedure.parts_decide(at) => {
            vec![exit(DONE, after), exit("not-all-granted", To::End(End::Refused))]
        }
        // What is delivered last has ended the case.
        StepKind::Deliver if after == To::Nowhere => vec![exit(DONE, To::End(End::Granted))],
        StepKind::Check => {
            vec![exit("kept", To::End(End::Granted)), exit("broken", To::End(End::Terminated))]
        }
        StepKind::Review | StepKind::Together | StepKind::Wait | StepKind::Issue | StepKind::Deliver => {
            vec![exit(DONE, after)]
        }
        StepKind::End => vec![exit(DONE, To::End(step.end.unwrap_or(End::Terminated)))],
        StepKind::Task => outcomes(procedure, step),
    };
    if step.when.is_some() && step.kind != StepKind::End {
        exits.push(exit(PASS_OVER, after));
    }
    exits
}

fn outcomes<'a>(procedure: &'a Procedure, step: &'a Step) -> Vec<Exit<'a>> {
    let open = step.outcomes.iter().filter(|outcome| step.desk.is_some() || !outcome.desks.is_empty());
    open.filter_map(|outcome| {
        let to = procedure.index(&outcome.to)?;
        Some(Exit { action: outcome.action.as_str(), to: To::Step(to) })
    })
    .collect()
}
