//! What the engine does by itself, in the same breath as what brought it about.

use packs::{ByRules, Step, StepKind, Within};

use crate::actor::By;
use crate::branches::branched;
use crate::cards::cards;
use crate::case::{Case, Status};
use crate::clock::{ClockKind, Running};
use crate::command::Facts;
use crate::decide::{accepted, by_system, closed, end_of, granted, issued, reviewed_by_rules};
use crate::definition::Definition;
use crate::event::{Event, Finding, Outcome, Private, What};
use crate::evolve::advance;
use crate::rules::{RuleVerdict, ask, holds, inputs};

/// More steps in a breath than any checked procedure has.
const BREATH: usize = 64;

/// The events that follow from where the case has come to.
pub(crate) fn settle(definition: &Definition, case: &Case, facts: Facts<'_>) -> Vec<Event> {
    let Some(mut next) = follow(definition, case, facts) else { return Vec::new() };
    let mut events = Vec::new();
    let mut stands = case.clone();
    while events.len() < BREATH {
        for event in next {
            advance(definition, &mut stands, &event);
            events.push(event);
        }
        match follow(definition, &stands, facts) {
            Some(more) => next = more,
            None => break,
        }
    }
    events
}

fn follow(definition: &Definition, case: &Case, facts: Facts<'_>) -> Option<Vec<Event>> {
    if !case.status.open() || case.held.is_some() || case.status == Status::AwaitingCorrection {
        return None;
    }
    let Some(step) = definition.step(case.step) else {
        // A check afterwards that did not apply was the last step.
        return case.delivered.then(|| vec![closed(Outcome::Granted, facts)]);
    };
    if let Some(when) = &step.when
        && !case.began
        && (step.kind != StepKind::Review || case.reviews.is_empty())
        && !holds(when, &inputs(definition, case, facts))
    {
        return one(What::Passed { step: step.id().to_owned() }, facts);
    }
    if step.rules && case.ruling.is_none() && is_plain(case) {
        return by_rules(definition, case, step, facts);
    }
    match step.kind {
        StepKind::Issue if step.desk.is_none() => Some(vec![Event { by: By::System, ..issued(case, facts) }]),
        StepKind::End => Some(vec![closed(end_of(step), facts)]),
        StepKind::Together => together(definition, case, step, facts),
        StepKind::Wait | StepKind::Task | StepKind::Check if !case.began => began(definition, step, facts),
        _ => None,
    }
}

/// Whether rules may take it: nothing is owed, no officer and no agency found against it, and nobody above
/// sent it back to be decided anew.
fn is_plain(case: &Case) -> bool {
    !case.owes()
        && case.rounds == 0
        && case.reviews.iter().all(|review| review.finding == Finding::Meets)
        && case.branches.iter().all(|part| part.outcome == Some(Outcome::Granted))
}

fn one(what: What, facts: Facts<'_>) -> Option<Vec<Event>> {
    Some(vec![by_system(what, facts)])
}

/// A step with a limit of its own gets its clock; one that shares the item's goes on with it.
fn began(definition: &Definition, step: &Step, facts: Facts<'_>) -> Option<Vec<Event>> {
    let Some(Within::Days(_)) = step.within else { return None };
    let clock = Running::start(ClockKind::Step, step, &definition.item, facts.now, None, facts.calendar);
    one(What::StepBegan { step: step.id().to_owned(), clock }, facts)
}

fn together(definition: &Definition, case: &Case, step: &Step, facts: Facts<'_>) -> Option<Vec<Event>> {
    if !case.began {
        let clock = Running::start(ClockKind::Step, step, &definition.item, facts.now, None, facts.calendar);
        let began = What::StepBegan { step: step.id().to_owned(), clock };
        return Some(vec![by_system(began, facts), by_system(branched(definition, case, facts), facts)]);
    }
    if case.branches.iter().any(|part| part.outcome.is_none()) {
        return None;
    }
    let all_granted = case.branches.iter().all(|part| part.outcome == Some(Outcome::Granted));
    let joined = by_system(What::Joined { all_granted }, facts);
    if all_granted || !definition.procedure.parts_decide(case.step) {
        return Some(vec![joined]);
    }
    // Each body has decided its part: nobody can grant the whole over a refusal (art. 26(2)).
    Some(vec![joined, closed(Outcome::NotAllGranted, facts)])
}

/// The decision model is asked. What it would grant goes on by itself, but for the sample; everything else
/// waits at the desk, with the reasons beside it.
fn by_rules(definition: &Definition, case: &Case, step: &Step, facts: Facts<'_>) -> Option<Vec<Event>> {
    let ruling = ask(definition, case, facts)?;
    let rules = definition.item.rules.as_ref()?;
    let grants = ruling.verdict == RuleVerdict::Grant;
    let last = matches!(step.kind, StepKind::Decide | StepKind::Task);
    let sampled = grants && last && facts.draw % 100 < u64::from(rules.sample_percent);
    let what = What::Ruled {
        step: step.id().to_owned(),
        model: rules.file.clone(),
        definition: definition.digest().to_owned(),
        verdict: ruling.verdict,
        rules: ruling.rules,
        words: ruling.words,
        sampled,
    };
    let private = Private { inputs: ruling.inputs, ..Private::default() };
    let mut events = vec![Event { private: Some(private), ..by_system(what, facts) }];
    if step.kind == StepKind::Task {
        events.extend(chosen(step, ruling.verdict).filter(|_| !sampled).map(|what| by_system(what, facts)));
    } else if grants && !sampled {
        let by_engine = |event: Event| Event { by: By::System, ..event };
        events.extend(match step.kind {
            StepKind::Intake => Some(by_engine(accepted(definition, case, facts))),
            StepKind::Review => Some(reviewed_by_rules(facts)),
            StepKind::Decide => Some(by_system(granted(definition, case, facts), facts)),
            _ => None,
        });
    }
    Some(events)
}

/// The outcome of a task that waits for what the model said.
fn chosen(step: &Step, verdict: RuleVerdict) -> Option<What> {
    let word = match verdict {
        RuleVerdict::Grant => ByRules::Grant,
        RuleVerdict::WouldRefuse { .. } => ByRules::Refuse,
        _ => return None,
    };
    let outcome = step.outcomes.iter().find(|outcome| outcome.by_rules == Some(word))?;
    Some(What::Done { step: step.id().to_owned(), action: outcome.action.clone(), to: outcome.to.clone() })
}

/// The supervision cards that the events of one command earn, in the order of the events.
pub(crate) fn carded(
    definition: &Definition,
    case: &Case,
    events: &[&Vec<Event>],
    facts: Facts<'_>,
) -> Vec<Event> {
    let mut earned = Vec::new();
    if !events.iter().flat_map(|events| events.iter()).any(|event| can_earn(&event.what)) {
        return Vec::new();
    }
    let mut stands = case.clone();
    for event in events.iter().flat_map(|events| events.iter()) {
        cards(definition, &stands, event, facts, &mut earned);
        advance(definition, &mut stands, event);
    }
    earned.into_iter().map(|card| by_system(What::Carded { card }, facts)).collect()
}

fn can_earn(what: &What) -> bool {
    matches!(
        what,
        What::DeemedAccepted { .. }
            | What::Decided { .. }
            | What::DeemedGranted { .. }
            | What::Forwarded
            | What::HearingScheduled { .. }
            | What::Accepted { .. }
            | What::Issued { .. }
            | What::Done { .. }
            | What::Checked { .. }
            | What::FeeRecorded { .. }
    )
}
