//! A business service becomes a procedure.

use std::collections::{BTreeMap, BTreeSet};

use domain::Text;

use crate::item::Law;
use crate::limits;
use crate::procedure::{End, Graph, Procedure, Step, StepKind, TaskOutcome, Within};
use crate::role::Role;

use super::source::{Action, Service, State};
use super::targets::{Target, Targets};
use super::{BadImport, Warning, words};

/// The procedure of a service, and what it says otherwise than the source.
pub(super) fn procedure(service: &Service) -> Result<(Procedure, Vec<Warning>), BadImport> {
    let bad = |what: String| BadImport::Service { service: service.name.clone(), what };
    if service.states.is_empty() {
        return Err(bad("it has no states".to_owned()));
    }
    // Half of what a procedure may hold: some states become two steps.
    if service.states.len() > limits::LIST / 2 {
        return Err(bad(format!("it has more than {} states; split it", limits::LIST / 2)));
    }
    if let Some(state) = service.states.iter().find(|state| state.actions.len() >= limits::LIST) {
        return Err(bad(format!("{} has {} actions or more; split it", state.shown(), limits::LIST)));
    }
    let targets = Targets::of(service);
    let start = start(service, &targets);
    let mut make = Make {
        service,
        targets,
        ids: Vec::new(),
        taken: BTreeSet::new(),
        start,
        steps: Vec::new(),
        ends: Vec::new(),
        beyond: BTreeMap::new(),
        warnings: Vec::new(),
    };
    make.name_states();
    make.all_steps();
    Ok(make.finish())
}

/// The state a case begins in: the one without a name; else a start state that nobody leads to; else any start.
fn start(service: &Service, targets: &Targets) -> usize {
    let states = &service.states;
    let led_to: BTreeSet<usize> = states
        .iter()
        .enumerate()
        .flat_map(|(from, state)| state.actions.iter().map(move |action| (from, action)))
        .filter_map(|(from, action)| match targets.find(action.next.as_deref()) {
            Target::State(to) | Target::ById(to) if to != from => Some(to),
            _ => None,
        })
        .collect();
    let first =
        |wanted: &dyn Fn(usize, &State) -> bool| (0..states.len()).find(|&at| wanted(at, &states[at]));
    first(&|_, state| state.name.is_empty() && state.start)
        .or_else(|| first(&|_, state| state.name.is_empty()))
        .or_else(|| first(&|at, state| state.start && !led_to.contains(&at)))
        .or_else(|| first(&|_, state| state.start))
        .unwrap_or(0)
}

struct Make<'a> {
    service: &'a Service,
    targets: Targets,
    /// Step id of each state.
    ids: Vec<String>,
    taken: BTreeSet<String>,
    start: usize,
    steps: Vec<Step>,
    /// Ends beside the states' own: they stand last.
    ends: Vec<Step>,
    /// Ids of the ends for what the source does not describe, by its name there.
    beyond: BTreeMap<String, String>,
    warnings: Vec<Warning>,
}

impl Make<'_> {
    fn warn(&mut self, state: &str, what: impl Into<String>) {
        let service = self.service.name.clone();
        self.warnings.push(Warning { service, state: state.to_owned(), what: what.into() });
    }

    /// A new id, with a number behind it where it is taken.
    fn id(&mut self, wanted: &str) -> String {
        let wanted = if wanted.is_empty() { "state" } else { wanted };
        let mut id = wanted.to_owned();
        let mut n = 2;
        while !self.taken.insert(id.clone()) {
            id = format!("{wanted}-{n}");
            n += 1;
        }
        id
    }

    fn name_states(&mut self) {
        for at in 0..self.service.states.len() {
            let state = &self.service.states[at];
            let wanted = if state.name.is_empty() { "start".to_owned() } else { words::slug(&state.name) };
            let id = self.id(&wanted);
            if self.service.states[..at].iter().any(|other| other.name == state.name) {
                self.warn(
                    state.shown(),
                    format!(
                        "the source has this state twice; the second one is {id}, and no action leads to it"
                    ),
                );
            }
            self.ids.push(id);
        }
    }

    fn all_steps(&mut self) {
        let start = self.start;
        let rest = (0..self.service.states.len()).filter(|at| *at != start);
        for at in std::iter::once(start).chain(rest) {
            let step = self.step(at);
            self.steps.push(step);
        }
    }

    fn step(&mut self, at: usize) -> Step {
        let service = self.service;
        let state = &service.states[at];
        let outcomes = self.outcomes(at, state);
        let mut step = Step::new(if outcomes.is_empty() { StepKind::End } else { StepKind::Task });
        step.id = Some(self.ids[at].clone());
        let title =
            if state.name.is_empty() { Text::both("提交", "Submit") } else { words::readable(&state.name) };
        step.title = Some(title);
        step.origin = self.origin(at, state);
        step.outcomes = outcomes;
        if step.kind == StepKind::End {
            step.end = Some(self.own_end(at, state));
            if state.sla.is_some() {
                self.warn(state.shown(), "its sla stands under origin only: an end has no clock");
            }
            return step;
        }
        step.within = self.within(state);
        step.desk = desk(&step.outcomes, at == self.start);
        if state.terminal {
            let close = self.close(at, state, &step.outcomes);
            step.outcomes.push(close);
        }
        step
    }

    /// What a state says beside its name, by the source's own keys.
    fn origin(&self, at: usize, state: &State) -> BTreeMap<String, String> {
        let flag = |flag: bool| flag.to_string();
        let entries = [
            ("state", Some(state.name.clone())),
            ("applicationStatus", state.status.clone()),
            ("sla", state.sla.map(|ms| ms.to_string())),
            ("docUploadRequired", state.documents.map(flag)),
            ("isStateUpdatable", state.updatable.map(flag)),
            ("isStartState", (state.start && at != self.start).then(|| flag(true))),
            ("isTerminateState", state.terminal.then(|| flag(true))),
        ];
        entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }

    fn own_end(&mut self, at: usize, state: &State) -> End {
        if state.terminal {
            return end_of(&state.name);
        }
        let shown = state.shown();
        self.warn(
            shown,
            "no action leads out of it and it is not terminal: a case that comes here is terminated",
        );
        if at == self.start {
            self.warn(shown, "a case would end where it begins; give the start an action");
        }
        End::Terminated
    }

    fn within(&mut self, state: &State) -> Option<Within> {
        let ms = state.sla?;
        match words::limit(ms) {
            Some((limit, true)) => Some(Within::Days(limit)),
            Some((limit, false)) => {
                self.warn(state.shown(), format!("its sla of {ms} ms is rounded up to {limit}"));
                Some(Within::Days(limit))
            }
            None => {
                let what = format!(
                    "its sla of {ms} ms is nothing, or too long for a limit, and stands under origin only"
                );
                self.warn(state.shown(), what);
                None
            }
        }
    }

    /// A terminal state that can also be left: the case waits there, and may be closed there.
    fn close(&mut self, at: usize, state: &State, outcomes: &[TaskOutcome]) -> TaskOutcome {
        let to = self.id(&format!("{}-end", self.ids[at].clone()));
        let mut end = Step::new(StepKind::End);
        end.id = Some(to.clone());
        end.title = Some(words::readable(&state.name));
        end.end = Some(end_of(&state.name));
        end.origin = BTreeMap::from([("state".to_owned(), state.name.clone())]);
        self.ends.push(end);
        let mut action = "close".to_owned();
        while outcomes.iter().any(|outcome| outcome.action == action) {
            action.push_str("-here");
        }
        self.warn(
            state.shown(),
            format!("it is terminal and has actions: the added outcome {action} ends a case here at {to}; the actions stay"),
        );
        let mut desks: Vec<Role> = Vec::new();
        for desk in outcomes.iter().flat_map(|outcome| &outcome.desks) {
            if !desks.contains(desk) {
                desks.push(desk.clone());
            }
        }
        let officers = desks.iter().any(|desk| *desk != Role::APPLICANT);
        desks.retain(|desk| !officers || *desk != Role::APPLICANT);
        TaskOutcome {
            action,
            title: Text::both("就此办结", "Close here"),
            to,
            desks,
            reasons: false,
            by_rules: None,
        }
    }

    fn outcomes(&mut self, at: usize, state: &State) -> Vec<TaskOutcome> {
        let mut outcomes: Vec<TaskOutcome> = Vec::new();
        for action in &state.actions {
            let Some(desks) = self.desks(state, action) else { continue };
            let to = self.to(at, state, action);
            let slug = words::slug(&action.name);
            let mut id = slug.clone();
            let mut n = 2;
            while outcomes.iter().any(|outcome| outcome.action == id) {
                id = format!("{slug}-{n}");
                n += 1;
            }
            if words::unslug(&id) != action.name {
                self.warn(state.shown(), format!("action {}: its id is {id}", action.name));
            }
            let title = words::readable(&action.name);
            outcomes.push(TaskOutcome { action: id, title, to, desks, reasons: false, by_rules: None });
        }
        outcomes
    }

    /// Who may take an action; `None` after a warning for one that nobody can take.
    fn desks(&mut self, state: &State, action: &Action) -> Option<Vec<Role>> {
        let (shown, name) = (state.shown(), &action.name);
        if words::slug(name).is_empty() {
            self.warn(shown, format!("action {name:?}: it has no name to go by and is left out"));
            return None;
        }
        if !action.active {
            self.warn(shown, format!("action {name}: it is not active and is left out"));
            return None;
        }
        let mut desks = Vec::new();
        for role in &action.roles {
            let desk = words::role(role);
            if !desk.as_ref().is_some_and(|desk| words::tells_role(desk, role)) {
                let written = desk.as_ref().map_or("left out", Role::id);
                self.warn(shown, format!("action {name}: the role {role} is {written}"));
            }
            desks.extend(desk.filter(|desk| !desks.contains(desk)));
        }
        if desks.is_empty() {
            self.warn(
                shown,
                format!("action {name}: it names no role, so nobody could take it; it is left out"),
            );
            return None;
        }
        Some(desks)
    }

    /// The step an action leads to.
    fn to(&mut self, at: usize, state: &State, action: &Action) -> String {
        let (shown, name) = (state.shown(), &action.name);
        if let Some(current) = action.current.as_deref().filter(|current| !self.targets.agrees(current, at)) {
            self.warn(
                shown,
                format!("action {name}: it says that it starts from {current}, yet it stands at this state"),
            );
        }
        let found = self.targets.find(action.next.as_deref());
        let next = match found {
            Target::State(to) => to,
            Target::ById(to) => {
                let (id, state) = (action.next.as_deref().unwrap_or(""), self.service.states[to].shown());
                self.warn(shown, format!("action {name}: nextState is the database id {id}, which the actions of {state} start from; it leads to {state}"));
                to
            }
            Target::Unknown(next) => {
                let id = self.beyond(&next);
                self.warn(
                    shown,
                    format!("action {name}: nextState {next} is no state here; it leads to the end {id}"),
                );
                return id;
            }
            Target::NotStated => {
                let id = self.beyond("");
                self.warn(shown, format!("action {name}: it has no nextState; it leads to the end {id}"));
                return id;
            }
        };
        if next == at {
            self.warn(shown, format!("action {name}: it leads back to its own state"));
        }
        self.ids[next].clone()
    }

    /// The end for a state that the source does not describe.
    fn beyond(&mut self, next: &str) -> String {
        if let Some(id) = self.beyond.get(next) {
            return id.clone();
        }
        let id = self.id(if next.is_empty() { "not-stated" } else { "not-described" });
        let mut end = Step::new(StepKind::End);
        end.id = Some(id.clone());
        end.title = Some(Text::both("来源没有写明的状态", "A state the source does not describe"));
        end.end = Some(End::Terminated);
        end.origin = BTreeMap::from([("nextState".to_owned(), next.to_owned())]);
        self.ends.push(end);
        self.beyond.insert(next.to_owned(), id.clone());
        id
    }

    fn finish(mut self) -> (Procedure, Vec<Warning>) {
        let service = self.service;
        let mut steps = std::mem::take(&mut self.steps);
        steps.append(&mut self.ends);
        let id = format!("digit-{}", words::slug(&service.name));
        let entries = [
            ("businessService", Some(service.name.clone())),
            ("business", service.business.clone()),
            ("businessServiceSla", service.sla.map(|ms| ms.to_string())),
            ("tenantId", service.tenant.clone()),
        ];
        let procedure = Procedure {
            procedure: id.trim_end_matches('-').to_owned(),
            title: Text::both(service.name.clone(), service.name.clone()),
            law: law(service),
            steps,
            remedies: Text::both(
                "导入的流程没有写明救济途径；请按适用的法律补写。",
                "The imported definition names no way to challenge a decision; write the one that applies.",
            ),
            suspends: Vec::new(),
            extend: None,
            correction: None,
            owed: None,
            forwards: false,
            renewal: None,
            origin: entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect(),
        };
        let graph = Graph::of(&procedure);
        let (paths, ends) = (graph.paths(), graph.can_end());
        for (at, step) in procedure.steps.iter().enumerate() {
            let state = step.origin.get("state").map_or("", String::as_str);
            let shown = if state.is_empty() { "(start)" } else { state };
            if paths[at].is_none() {
                self.warn(shown, "no action leads to it, in the source as here");
            } else if !ends[at] {
                self.warn(
                    shown,
                    "no end can be reached from it, in the source as here; the pack check refuses it",
                );
            }
        }
        (procedure, self.warnings)
    }
}

/// The queue a task waits in: the applicant's own at the start, where citizens apply; else the role that may do
/// most there, officers before citizens.
fn desk(outcomes: &[TaskOutcome], start: bool) -> Option<Role> {
    let mut counts: Vec<(&Role, usize)> = Vec::new();
    for desk in outcomes.iter().flat_map(|outcome| &outcome.desks) {
        match counts.iter_mut().find(|(known, _)| *known == desk) {
            Some((_, count)) => *count += 1,
            None => counts.push((desk, 1)),
        }
    }
    if start && counts.iter().any(|(desk, _)| **desk == Role::APPLICANT) {
        return Some(Role::APPLICANT);
    }
    let weight = |desk: &Role, count: usize| if *desk == Role::APPLICANT { 0 } else { count };
    // The first of equals, as the source lists them.
    counts.iter().rev().max_by_key(|(desk, count)| weight(desk, *count)).map(|(desk, _)| (*desk).clone())
}

/// How a terminal state ends a case, by its name.
fn end_of(name: &str) -> End {
    let name = name.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["REJECT", "REFUS", "DENIED"]) {
        End::Refused
    } else if has(&["CANCEL", "WITHDR", "EXPIRE", "REVOC", "REVOK", "TERMINAT", "ABANDON"]) {
        End::Terminated
    } else {
        End::Granted
    }
}

fn law(service: &Service) -> Law {
    let of = service.business.as_deref().unwrap_or("DIGIT");
    let act = Text::both(
        format!("导入自 DIGIT 业务流程 {}（{of}）；适用的法律待补", service.name),
        format!(
            "Imported from the DIGIT business service {} ({of}); the act that applies is still to be named",
            service.name
        ),
    );
    Law { act, article: None }
}
