//! What the law makes of clocks that have run out, whoever looks and whenever.

use domain::{Calendar, Timestamp};
use packs::{ApplicantSilence, Otherwise, StepKind};

use crate::case::{Case, Status};
use crate::clock::{ClockKind, Running};
use crate::command::Facts;
use crate::decide::{by_system, closed, decision_clock, fold, issue_clock, undecided};
use crate::definition::Definition;
use crate::event::{Event, Outcome, What};
use crate::settle::settle;
use crate::special::{Hearing, resumed};

/// The most clocks that can take effect one after the other on one case.
const CHAIN: usize = 8;

/// What the end of a clock brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Accepted by silence (art. 32).
    Accepted,
    /// Taken as withdrawn.
    Withdrawn,
    /// The decision clock goes on (art. 45).
    Resumed,
    /// Renewed by silence (art. 50).
    Granted,
    /// The timer is over.
    WaitOver,
    /// The offer is over.
    Declined,
}

/// The case as it stands in law at `facts.now`: with what clocks that have run out bring about, committed
/// or not. `None` where nothing has run out.
#[must_use]
pub fn lapsed(definition: &Definition, case: &Case, facts: Facts<'_>) -> Option<Case> {
    fold(definition, case, &lapse(definition, case, facts))
}

/// The instant at which a clock of the case takes effect by itself, if one does: when a timer must wake.
#[must_use]
pub fn wakes_at(definition: &Definition, case: &Case, calendar: &Calendar) -> Option<Timestamp> {
    soonest(definition, case, calendar).map(|(at, _)| at)
}

pub(crate) fn lapse(definition: &Definition, case: &Case, facts: Facts<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    let mut stands = None;
    for _ in 0..CHAIN {
        let now = stands.as_ref().unwrap_or(case);
        let due = soonest(definition, now, facts.calendar).filter(|(at, _)| facts.now >= *at);
        let Some((_, effect)) = due else { break };
        let mut follow = take_effect(definition, now, effect, facts);
        let Some(after) = fold(definition, now, &follow) else { break };
        // What the engine does by itself belongs to it: nobody acts at a step that is passed over.
        let more = settle(definition, &after, facts);
        stands = Some(fold(definition, &after, &more).unwrap_or(after));
        follow.extend(more);
        events.extend(follow);
    }
    events
}

fn soonest(definition: &Definition, case: &Case, calendar: &Calendar) -> Option<(Timestamp, Effect)> {
    if !case.status.open() {
        return None;
    }
    let at = |clock: &Running, effect| (clock.over_at(calendar), effect);
    let main =
        case.clock.as_ref().and_then(|clock| main_effect(definition, case, clock).map(|e| at(clock, e)));
    let held = case.held.as_ref().filter(|held| held.hearing.as_ref().is_none_or(|h| *h == Hearing::Told));
    let held = held.and_then(|held| held.clock.as_ref()).map(|clock| at(clock, Effect::Resumed));
    let withdraws = definition.procedure.owed.as_ref().is_some_and(|term| term.otherwise.is_some());
    let owed = case.owed.as_ref().filter(|_| withdraws && case.owes() && undecided(case));
    let owed = owed.map(|clock| at(clock, Effect::Withdrawn));
    let expires = case.expires.as_ref().filter(|clock| silence_renews(case, clock));
    let expires = expires.map(|clock| at(clock, Effect::Granted));
    [main, held, owed, expires].into_iter().flatten().min_by_key(|(at, _)| *at)
}

/// Art. 50: the body had a whole application before the permit expired and did not decide. A suspension does
/// not stop that day (art. 45 speaks of the periods of its own section); a correction notice that waits for
/// the applicant does, since no silence of the body's lies in it.
fn silence_renews(case: &Case, expires: &Running) -> bool {
    let acceptance = || case.clock.as_ref().filter(|clock| clock.kind == ClockKind::Acceptance);
    let from = case.accepted.as_ref().map(|accepted| accepted.from);
    let from = from.or_else(|| acceptance().map(|clock| clock.from));
    undecided(case)
        && case.status != Status::AwaitingCorrection
        && from.is_none_or(|from| from <= expires.last_day)
}

fn main_effect(definition: &Definition, case: &Case, clock: &Running) -> Option<Effect> {
    let step = definition.step(case.step)?;
    match (case.status, clock.kind) {
        (Status::Received, ClockKind::Acceptance) if step.otherwise == Some(Otherwise::DeemedAccepted) => {
            Some(Effect::Accepted)
        }
        (Status::AwaitingCorrection, ClockKind::Correction) => {
            let silence = definition.procedure.correction.as_ref().and_then(|term| term.otherwise);
            (silence == Some(ApplicantSilence::DeemedWithdrawn)).then_some(Effect::Withdrawn)
        }
        (Status::AwaitingConfirmation, ClockKind::Confirmation) => Some(Effect::Declined),
        (Status::Waiting, ClockKind::Step) if step.kind == StepKind::Wait => Some(Effect::WaitOver),
        _ => None,
    }
}

fn take_effect(definition: &Definition, case: &Case, effect: Effect, facts: Facts<'_>) -> Vec<Event> {
    let what = match effect {
        Effect::Accepted => {
            let from = case.clock.as_ref().map(|clock| clock.from);
            let clock = decision_clock(definition, from, facts);
            Some(What::DeemedAccepted {
                from: from.unwrap_or_else(|| facts.calendar.date_of(facts.now)),
                clock,
            })
        }
        Effect::Withdrawn => {
            return vec![by_system(What::DeemedWithdrawn, facts), closed(Outcome::DeemedWithdrawn, facts)];
        }
        Effect::Declined => return vec![by_system(What::Declined, facts), closed(Outcome::Declined, facts)],
        Effect::Resumed => resumed(definition, case, facts, true),
        Effect::Granted => {
            let on = case.expires.as_ref().map(|clock| clock.last_day);
            Some(What::DeemedGranted { clock: issue_clock(definition, case, on, facts) })
        }
        Effect::WaitOver => {
            definition.step(case.step).map(|step| What::WaitOver { step: step.id().to_owned() })
        }
    };
    what.map(|what| by_system(what, facts)).into_iter().collect()
}
