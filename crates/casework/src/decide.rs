//! From a wish to events, or to the rule that stands against it.

use domain::Date;
use packs::{End, StepKind, TaskOutcome};

use crate::actions::{Action, may};
use crate::actor::{Actor, By};
use crate::case::{Case, Status};
use crate::channel::Channel;
use crate::clock::{ClockKind, Running};
use crate::command::{Command, Facts};
use crate::definition::Definition;
use crate::event::{Event, Finding, GrantedOrNot, Outcome, Private, RefusalReason, ReopenGround, What};
use crate::evolve::{advance, evolve};
use crate::lapse::lapse;
use crate::refusal::{Refusal, Rule};
use crate::settle::settle;
use crate::{arrival, branches, special};

/// Decides a command.
///
/// Clocks that have run out take effect first, so that nobody can ask for a correction after the law has
/// already accepted the application (行政许可法 art. 32). What the engine does by itself follows in the
/// same breath: steps that do not apply, steps taken by rules, results, parts of a joint case.
///
/// # Errors
/// A [`Refusal`] naming the rule; the case is unchanged.
pub fn decide(
    definition: &Definition,
    case: Option<&Case>,
    command: Command,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (case, command) = match (case, command) {
        (None, Command::Submit(new)) => {
            return Ok(opened(definition, arrival::submit(definition, *new, facts)?, facts));
        }
        (None, Command::Open(new)) => {
            return Ok(opened(definition, arrival::open(definition, *new, facts)?, facts));
        }
        (Some(_), Command::Submit(_) | Command::Open(_)) => return Err(Rule::AlreadySubmitted.into()),
        (None, _) => return Err(Rule::WrongStep.into()),
        (Some(case), command) => (case, command),
    };
    let mut events = lapse(definition, case, facts);
    let in_law = fold(definition, case, &events);
    let stands = in_law.as_ref().unwrap_or(case);
    let done = if matches!(command, Command::Lapse) {
        // What lapses may close the case, so the right to it is asked of the case as it came.
        may(definition, case, facts.actor, Action::Lapse).map(|()| Vec::new()).map_err(Refusal::from)
    } else {
        on_open_case(definition, stands, command, facts)
    };
    let done = done.map_err(|refusal| if in_law.is_some() { too_late(refusal, stands) } else { refusal })?;
    if done.is_empty() && events.is_empty() {
        return Ok(done);
    }
    let after = fold(definition, stands, &done);
    let follow = settle(definition, after.as_ref().unwrap_or(stands), facts);
    let carded = crate::settle::carded(definition, case, &[&events, &done, &follow], facts);
    events.extend(done);
    events.extend(follow);
    events.extend(carded);
    Ok(events)
}

fn opened(definition: &Definition, mut events: Vec<Event>, facts: Facts<'_>) -> Vec<Event> {
    let case = events.iter().fold(None, |case, event| evolve(definition, case, event));
    if let Some(case) = case {
        events.extend(settle(definition, &case, facts));
    }
    events
}

/// A step that is no longer there because the law has taken it says so.
fn too_late(refusal: Refusal, stands: &Case) -> Refusal {
    let deemed = stands.accepted.as_ref().is_some_and(|accepted| accepted.deemed);
    if refusal.rule == Rule::WrongStep && deemed { Rule::DeemedAccepted.into() } else { refusal }
}

fn on_open_case(
    definition: &Definition,
    case: &Case,
    command: Command,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    may(definition, case, facts.actor, Action::of(&command))?;
    if matches!(facts.actor, Actor::Officer(_)) && command.leaves_blank() {
        return Err(Rule::BlankLeft.into());
    }
    let one = |what, words: String| Ok(vec![event(facts, what, words_only(words))]);
    match command {
        Command::Submit(_) | Command::Open(_) => Err(Rule::AlreadySubmitted.into()),
        Command::Claim => one(What::Claimed, String::new()),
        Command::Release => one(What::Released, String::new()),
        Command::Lapse => Ok(Vec::new()),
        Command::Confirm { answers, materials, about } => {
            arrival::confirm(definition, case, answers, materials, about, facts)
        }
        Command::Decline => end(What::Declined, Outcome::Declined, String::new(), facts),
        Command::CorrectOnSpot { answers, words } => {
            arrival::correct_on_spot(definition, case, answers, words, facts)
        }
        Command::AskCorrection { about } => arrival::ask_correction(definition, about, facts),
        Command::Correct { answers, materials, about } => {
            arrival::correct(definition, case, answers, materials, about, facts)
        }
        Command::Supply { materials, about } => arrival::supply(case, materials, about, facts),
        Command::Accept => Ok(vec![accepted(definition, case, facts)]),
        Command::NotNeeded { words } => end(What::NotNeeded, Outcome::NotNeeded, required(words)?, facts),
        Command::NotOurs { words } => end(What::NotOurs, Outcome::NotOurs, required(words)?, facts),
        Command::Review { finding, words } => one(What::Reviewed { finding }, required(words)?),
        Command::Suspend { kind, needed, words } => {
            special::suspend(definition, case, kind, needed, words, facts)
        }
        Command::RequestHearing => Ok(special::request_hearing(facts)),
        Command::ScheduleHearing { on, host, words } => {
            special::schedule_hearing(case, on, host, words, facts)
        }
        Command::WaiveHearing => {
            one(special::resumed(definition, case, facts, false).ok_or(Rule::WrongStep)?, String::new())
        }
        Command::Resume { words } => one(special::resume(definition, case, facts)?, required(words)?),
        Command::Extend { limit, words } => special::extend(definition, case, limit, words, facts),
        Command::Do { action, words } => task(definition, case, &action, words, facts),
        Command::EndBranch { branch, case: part, outcome } => {
            branches::end(case, branch, part, outcome, facts)
        }
        Command::TellStops { branch, case: part, stops } => {
            crate::stops::tell(definition, case, branch, part, &stops, facts)
        }
        Command::Grant { words } => one(granted(definition, case, facts), words),
        Command::Refuse { reason, words } => refuse(reason, words, facts),
        Command::Forward { words } => end(What::Forwarded, Outcome::Forwarded, required(words)?, facts),
        Command::RecordFee { fen } => one(What::FeeRecorded { fen }, String::new()),
        Command::Issue => Ok(vec![issued(case, facts)]),
        Command::Deliver { channel, words } => Ok(delivered(definition, case, channel, words, facts)),
        Command::Check { kept: true, words } => {
            end(What::Checked { kept: true }, Outcome::Granted, words, facts)
        }
        Command::Check { kept: false, words } => {
            end(What::Checked { kept: false }, Outcome::Revoked, required(words)?, facts)
        }
        Command::Terminate { words } => end(What::Terminated, Outcome::Terminated, required(words)?, facts),
        Command::Reopen { ground, words } => reopen(definition, ground, words, facts),
        Command::Withdraw { words } => end(What::Withdrawn, Outcome::Withdrawn, words, facts),
        Command::Rate { level, words } if (1..=5).contains(&level) => one(What::Rated { level }, words),
        Command::Rate { .. } => Err(Rule::BadRating.into()),
    }
}

fn refuse(reason: RefusalReason, words: String, facts: Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let what = What::Decided { decision: GrantedOrNot::Refused { reason }, clock: None };
    end(what, Outcome::Refused, required(words)?, facts)
}

/// The outcomes of the task at which the case stands.
pub(crate) fn outcomes<'a>(definition: &'a Definition, case: &Case) -> &'a [TaskOutcome] {
    match definition.step(case.step) {
        Some(step) if step.kind == StepKind::Task => &step.outcomes,
        _ => &[],
    }
}

fn task(
    definition: &Definition,
    case: &Case,
    action: &str,
    words: String,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let step = definition.step(case.step).ok_or(Rule::WrongStep)?;
    let outcome = outcomes(definition, case).iter().find(|outcome| outcome.action == action);
    let outcome = outcome.ok_or(Rule::NoSuchOutcome)?;
    crate::actions::may_choose(case, step, outcome, facts.actor)?;
    let words = if outcome.reasons { required(words)? } else { words };
    let what =
        What::Done { step: step.id().to_owned(), action: outcome.action.clone(), to: outcome.to.clone() };
    Ok(vec![event(facts, what, words_only(words))])
}

fn reopen(
    definition: &Definition,
    ground: ReopenGround,
    words: String,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let back = definition.find(StepKind::Review, 0).or_else(|| definition.find(StepKind::Decide, 0));
    let step = back.and_then(|index| definition.step(index)).ok_or(Rule::NotReopenable)?;
    let clock = decision_clock(definition, None, facts);
    let what = What::Reopened { ground, step: step.id().to_owned(), clock };
    Ok(vec![event(facts, what, words_only(required(words)?))])
}

/// Accepted today; what arrived after the desks had closed not before the day it counts as received.
pub(crate) fn accepted(definition: &Definition, case: &Case, facts: Facts<'_>) -> Event {
    let received = case.clock.as_ref().filter(|clock| clock.kind == ClockKind::Acceptance);
    let from = received.map_or(today(facts), |clock| clock.from.max(today(facts)));
    let clock = decision_clock(definition, Some(from), facts);
    event(facts, What::Accepted { from, clock }, None)
}

pub(crate) fn granted(definition: &Definition, case: &Case, facts: Facts<'_>) -> What {
    What::Decided { decision: GrantedOrNot::Granted, clock: issue_clock(definition, case, None, facts) }
}

pub(crate) fn issued(case: &Case, facts: Facts<'_>) -> Event {
    // One round of one case has one result; its number is the case's own.
    let document = format!("{}-R{}", case.number, case.rounds + 1);
    event(facts, What::Issued { document }, None)
}

fn delivered(
    definition: &Definition,
    case: &Case,
    channel: Channel,
    words: String,
    facts: Facts<'_>,
) -> Vec<Event> {
    let mut events = vec![event(facts, What::Delivered { channel }, words_only(words))];
    if definition.step(case.step.saturating_add(1)).is_none() {
        events.push(closed(Outcome::Granted, facts));
    }
    events
}

pub(crate) fn end_of(step: &packs::Step) -> Outcome {
    match step.end {
        Some(End::Granted) => Outcome::Granted,
        Some(End::Refused) => Outcome::Refused,
        Some(End::Terminated) | None => Outcome::Terminated,
    }
}

pub(crate) fn reviewed_by_rules(facts: Facts<'_>) -> Event {
    let what = What::Reviewed { finding: Finding::Meets };
    Event { by: By::System, ..event(facts, what, None) }
}

pub(crate) fn fold(definition: &Definition, case: &Case, events: &[Event]) -> Option<Case> {
    if events.is_empty() {
        return None;
    }
    let mut case = case.clone();
    events.iter().for_each(|event| advance(definition, &mut case, event));
    Some(case)
}

fn end(what: What, outcome: Outcome, words: String, facts: Facts<'_>) -> Result<Vec<Event>, Refusal> {
    Ok(vec![event(facts, what, words_only(words)), closed(outcome, facts)])
}

pub(crate) fn closed(outcome: Outcome, facts: Facts<'_>) -> Event {
    by_system(What::Closed { outcome }, facts)
}

pub(crate) fn by_system(what: What, facts: Facts<'_>) -> Event {
    Event { at: facts.now, by: By::System, what, private: None }
}

pub(crate) fn required(words: String) -> Result<String, Refusal> {
    if words.trim().is_empty() { Err(Rule::ReasonsRequired.into()) } else { Ok(words) }
}

pub(crate) fn words_only(words: String) -> Option<Private> {
    let words = words.trim().to_owned();
    (!words.is_empty()).then(|| Private { words, ..Private::default() })
}

pub(crate) fn event(facts: Facts<'_>, what: What, private: Option<Private>) -> Event {
    Event { at: facts.now, by: facts.actor.by(), what, private }
}

/// Today, for what is done now.
pub(crate) fn today(facts: Facts<'_>) -> Date {
    facts.calendar.date_of(facts.now)
}

/// The day on which what arrives now counts as received.
pub(crate) fn received(facts: Facts<'_>) -> Date {
    facts.calendar.received_on(facts.now)
}

/// The item's limits run from acceptance to decision, over reviews as well. `from` is the day they count
/// from where that is not today.
pub(crate) fn decision_clock(
    definition: &Definition,
    from: Option<Date>,
    facts: Facts<'_>,
) -> Option<Running> {
    let step = definition.step(definition.find(StepKind::Decide, 0)?)?;
    Running::start(ClockKind::Decision, step, &definition.item, facts.now, from, facts.calendar)
}

/// From decision to certificate (art. 44). `from` is the day of the decision where that is not today.
pub(crate) fn issue_clock(
    definition: &Definition,
    case: &Case,
    from: Option<Date>,
    facts: Facts<'_>,
) -> Option<Running> {
    let step = definition.step(definition.find(StepKind::Issue, case.step)?)?;
    Running::start(ClockKind::Issue, step, &definition.item, facts.now, from, facts.calendar)
}

/// Whether the case may be withdrawn, decided or suspended: it is open and undecided.
pub(crate) fn undecided(case: &Case) -> bool {
    case.status.open() && case.decision.is_none() && !matches!(case.status, Status::Checking)
}
