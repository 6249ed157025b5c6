//! What each step must have, and may not have, by its kind.

use crate::limits;
use crate::problem::{Place, Problems};
use crate::procedure::{Procedure, Step, StepKind, Within};
use crate::read::manifest::is_id;
use crate::role::Role;

use super::Places;

/// Steps one by one, then their ids against each other.
pub(super) fn check(procedure: &Procedure, places: &Places, problems: &mut Problems) {
    for (at, step) in procedure.steps.iter().enumerate() {
        let mut one = One { places, at, step, problems };
        one.desk();
        one.officers();
        one.clock();
        one.parts();
        one.outcomes(procedure);
        one.by_rules();
        one.not_by(procedure);
        one.branches();
    }
    ids(procedure, places, problems);
    roles_beside_steps(procedure, places, problems);
}

struct One<'a> {
    places: &'a Places,
    /// The step's position.
    at: usize,
    step: &'a Step,
    problems: &'a mut Problems,
}

impl One<'_> {
    fn fault(&mut self, rule: &'static str, message: impl AsRef<str>) {
        self.fault_at(self.places.step(self.at), rule, message);
    }

    fn fault_at(&mut self, place: &Place, rule: &'static str, message: impl AsRef<str>) {
        // Steps are counted from 1, as a person counts.
        let message = format!("step {} ({}): {}", self.at + 1, self.step.id(), message.as_ref());
        self.problems.error(place, rule, message);
    }

    fn desk(&mut self) {
        use StepKind::{Check, Confirm, Decide, Deliver, End, Intake, Issue, Review, Task, Together, Wait};
        match (self.step.kind, &self.step.desk) {
            (Intake | Review | Decide | Check, None) => self.fault(
                "step-without-desk",
                "it needs a person and names no desk; add desk, such as intake, review or decide",
            ),
            (Confirm, Some(desk)) if *desk != Role::APPLICANT => {
                self.fault("step-with-desk", "the applicant confirms; take its desk out");
            }
            (Together | Wait | End, Some(_)) => {
                self.fault("step-with-desk", "the platform takes it by itself; take its desk out");
            }
            (Intake | Review | Decide | Check | Confirm | Task | Issue | Deliver, _)
            | (Together | Wait | End, None) => {}
        }
        if let Some(desk) = &self.step.desk {
            self.role(desk);
        }
    }

    fn role(&mut self, role: &Role) {
        if !is_id(role.id()) {
            let message = format!("the desk {:?} is not lower-case letters, digits and dashes", role.id());
            self.fault("bad-role", message);
        }
    }

    fn officers(&mut self) {
        let most = if self.step.kind == StepKind::Review { limits::OFFICERS } else { 1 };
        let officers = self.step.officers;
        if officers == 0 || officers > most {
            self.fault("step-officers", format!("it takes 1 to {most} officers, not {officers}"));
        }
    }

    fn clock(&mut self) {
        let Step { kind, within, otherwise, .. } = self.step;
        if otherwise.is_some() && (*kind != StepKind::Intake || within.is_none()) {
            let message = "only an intake with a limit can be deemed accepted; take otherwise out";
            self.fault("step-otherwise", message);
        }
        if let Some(Within::Days(limit)) = within
            && (limit.weight() == 0 || limit.days_up() > limits::LIMIT_DAYS)
        {
            let message = format!("a limit is longer than nothing and at most {} days", limits::LIMIT_DAYS);
            self.fault("bad-number", message);
        }
        if *kind == StepKind::Intake && *within == Some(Within::ItemLimit) {
            let message = "the item limit runs from acceptance, so intake needs a limit of its own";
            self.fault("step-limit", message);
        }
        if *kind == StepKind::Wait && !matches!(within, Some(Within::Days(_))) {
            let message = "it would wait for ever: add within, such as 7 workdays";
            self.fault("wait-without-limit", message);
        }
        if *kind == StepKind::End && within.is_some() {
            self.fault("step-part", "an end has no clock; take within out");
        }
    }

    /// Parts that belong to one kind of step stand there and nowhere else.
    fn parts(&mut self) {
        use StepKind::{Decide, End, Intake, Review, Task, Together};
        let Step { kind, outcomes, branches, each_decides, end, rules, when, .. } = self.step;
        if *kind != Task && !outcomes.is_empty() {
            self.fault("step-part", "only a task has outcomes; take them out, or make it kind: task");
        }
        if *kind != Together && !branches.is_empty() {
            self.fault(
                "step-part",
                "only a joint step has branches; take them out, or make it kind: together",
            );
        }
        if *kind != Together && *each_decides {
            self.fault("step-part", "only in a joint step each decides its part; take each_decides out");
        }
        match (*kind, end) {
            (End, None) => {
                self.fault("step-part", "an end says how: add end: granted, refused or terminated")
            }
            (End, Some(_)) | (_, None) => {}
            (_, Some(_)) => self.fault("step-part", "only kind: end says how a case ends; take end out"),
        }
        if *rules && !matches!(kind, Intake | Review | Decide | Task) {
            self.fault(
                "step-part",
                "rules take an intake, a review, a task or a decision only; take rules out",
            );
        }
        if *kind != Task && !self.step.not_by.is_empty() {
            self.fault("step-part", "only a task is not done by whoever did another; take not_by out");
        }
        if *kind == End && when.is_some() {
            self.fault("step-part", "an end is not passed over; put the condition on the step before it");
        }
    }

    fn outcomes(&mut self, procedure: &Procedure) {
        let outcomes = &self.step.outcomes;
        if self.step.kind == StepKind::Task && outcomes.is_empty() {
            let message = "a task that nothing may come of holds its case for ever; add outcomes";
            self.fault("task-without-outcomes", message);
        }
        if outcomes.len() > limits::LIST {
            let message = format!("a task has at most {} outcomes", limits::LIST);
            return self.fault("too-many-entries", message);
        }
        for (n, outcome) in outcomes.iter().enumerate() {
            let action = &outcome.action;
            if !is_id(action) || outcomes[..n].iter().any(|other| other.action == *action) {
                let message =
                    format!("the action {action:?} is not a new id of lower-case letters and dashes");
                self.fault("bad-id", message);
            }
            if outcome.title.is_empty() {
                self.fault(
                    "empty-name",
                    format!("the outcome {action} has no title; say what the button says"),
                );
            }
            if self.step.desk.is_none() && outcome.desks.is_empty() {
                let message = format!("nobody may choose {action}: name its desks, or a desk for the step");
                self.fault("step-without-desk", message);
            }
            if procedure.index(&outcome.to).is_none() {
                let message = format!("{action} leads to {}, which is no step here; mend to", outcome.to);
                self.fault("unknown-step", message);
            }
            for desk in &outcome.desks {
                self.role(desk);
            }
        }
    }

    /// Where rules take a task, an outcome says on which word of the model; one a word.
    fn by_rules(&mut self) {
        let Step { kind, rules, outcomes, .. } = self.step;
        let words: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.by_rules).collect();
        if *kind == StepKind::Task && *rules && words.is_empty() {
            self.fault(
                "step-part",
                "rules take it, but no outcome says by_rules: grant; add it, or take rules out",
            );
        }
        if !*rules && !words.is_empty() {
            self.fault(
                "step-part",
                "an outcome waits for rules that nobody asks; write rules: true at the step",
            );
        }
        if (1..words.len()).any(|n| words[..n].contains(&words[n])) {
            self.fault("step-part", "two outcomes wait for the same word of the rules; keep one");
        }
    }

    fn not_by(&mut self, procedure: &Procedure) {
        for other in &self.step.not_by {
            let task = procedure.index(other).map(|at| &procedure.steps[at]);
            if task.is_none_or(|task| task.kind != StepKind::Task || task.id() == self.step.id()) {
                let message = format!("not_by names {other}, which is no other task here; mend the name");
                self.fault("unknown-step", message);
            }
        }
    }

    fn branches(&mut self) {
        let branches = &self.step.branches;
        if self.step.kind == StepKind::Together && branches.is_empty() {
            self.fault("step-part", "a joint step has branches; add them");
        }
        if branches.len() > limits::BRANCHES {
            let message =
                format!("it has {} branches; at most {} run together", branches.len(), limits::BRANCHES);
            return self.fault("too-many-branches", message);
        }
        for (n, branch) in branches.iter().enumerate() {
            let (place, id) = (self.places.branch(self.at, n), &branch.branch);
            if !is_id(id) || branches[..n].iter().any(|other| other.branch == *id) {
                let message = format!("the branch {id:?} is not a new id of lower-case letters and dashes");
                self.fault_at(place, "bad-id", message);
            }
            if branch.title.is_empty() {
                self.fault_at(place, "empty-name", format!("the branch {id} has no title; write it"));
            }
            if let (Some(promised), Some(statutory)) = (branch.promised, branch.statutory)
                && promised.weight() > statutory.weight()
            {
                let message = format!(
                    "the branch {id} promises {promised}, longer than the statutory {statutory}; promise at most as long"
                );
                self.fault_at(place, "promised-over-statutory", message);
            }
        }
    }
}

/// Ids are well-formed and new, and no step claims an earlier id that a present or another step has.
fn ids(procedure: &Procedure, places: &Places, problems: &mut Problems) {
    let steps = &procedure.steps;
    for (at, step) in steps.iter().enumerate() {
        let (place, id) = (places.step(at), step.id());
        if !is_id(id) {
            let message = format!("the step id {id:?} is not lower-case letters, digits and dashes");
            problems.error(place, "bad-id", message);
        }
        if let Some(first) = steps[..at].iter().position(|other| other.id() == id) {
            let message = format!(
                "step {} goes by the id {id}, as step {} does; give it an id of its own",
                at + 1,
                first + 1
            );
            problems.error(place, "duplicate-step", message);
        }
        for was in &step.was {
            let claimed = steps[..at].iter().any(|other| other.was.contains(was));
            if procedure.index(was).is_some() || claimed {
                let message = format!(
                    "{id} says that it was {was}, but {} so: cases would not know where to go on",
                    if claimed { "another step says" } else { "a step is called" }
                );
                problems.error(place, "step-was", message);
            }
        }
    }
}

fn roles_beside_steps(procedure: &Procedure, places: &Places, problems: &mut Problems) {
    let Some(extend) = &procedure.extend else { return };
    if !is_id(extend.desk.id()) {
        let message =
            format!("extend: the desk {:?} is not lower-case letters, digits and dashes", extend.desk.id());
        problems.error(&places.whole, "bad-role", message);
    }
}
