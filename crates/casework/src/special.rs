//! 特别程序 and 延长: what stops the decision clock, and what lengthens it (行政许可法 arts 42, 45–48).

use domain::{Date, Limit, OfficerId};
use packs::Special;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::case::Case;
use crate::clock::{ClockKind, Running};
use crate::command::Facts;
use crate::decide::{event, required, today, words_only};
use crate::definition::Definition;
use crate::event::{Event, What};
use crate::refusal::{Refusal, Rule};

/// A clock that stands still, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What is waited for.
    pub kind: Special,
    /// The day it began; the days after it are not counted.
    pub since: Date,
    /// The time the applicant was told it needs, or the hearing's own clock.
    pub clock: Option<Running>,
    /// The hearing, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing: Option<Hearing>,
}

/// How far a hearing has come (arts 47, 48).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum Hearing {
    /// The applicant was told of the right to one and has five days to ask for it.
    Told,
    /// It was asked for and must be held within twenty days.
    Requested,
    /// Its day is set and was told at least seven days before.
    Scheduled {
        /// The day.
        on: Date,
        /// Who presides: none of those who reviewed the application.
        host: OfficerId,
    },
}

/// Longest time that may be told for a special procedure, in days: what takes more is told anew.
const LONGEST: u16 = 250;

/// Art. 47: the applicant asks within five days of being told.
const HEARING_ASKED_WITHIN: Limit = Limit::workdays(5);
/// Art. 47: the body holds it within twenty days.
const HEARING_HELD_WITHIN: Limit = Limit::workdays(20);
/// Art. 48(1): time and place are told seven days before.
const HEARING_TOLD_BEFORE: u16 = 7;

/// Art. 45: the time is not counted, and the needed time is told in writing.
pub(crate) fn suspend(
    definition: &Definition,
    case: &Case,
    kind: Special,
    needed: Option<Limit>,
    words: String,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if !definition.procedure.suspends.contains(&kind) {
        return Err(Rule::NotInThisProcedure.into());
    }
    if kind == Special::Hearing && case.heard {
        return Err(Rule::AlreadyHeard.into());
    }
    let clock = match (kind, needed) {
        (Special::Hearing, _) => {
            Running::of(ClockKind::HearingRequest, HEARING_ASKED_WITHIN, facts.now, facts.calendar)
        }
        (_, Some(needed)) if needed.weight() > 0 && needed.days <= LONGEST => {
            Running::of(ClockKind::Special, needed, facts.now, facts.calendar)
        }
        _ => return Err(Rule::NeededTimeRequired.into()),
    };
    let what = What::Suspended { kind, since: today(facts), clock: Some(clock) };
    Ok(vec![event(facts, what, words_only(required(words)?))])
}

pub(crate) fn request_hearing(facts: Facts<'_>) -> Vec<Event> {
    let clock = Running::of(ClockKind::HearingHold, HEARING_HELD_WITHIN, facts.now, facts.calendar);
    vec![event(facts, What::HearingRequested { clock: Some(clock) }, None)]
}

/// Art. 48: told seven days before, within the twenty days, under somebody who did not review.
pub(crate) fn schedule_hearing(
    case: &Case,
    on: Date,
    host: OfficerId,
    words: String,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let held = case.held.as_ref().ok_or(Rule::WrongStep)?;
    if case.reviewers().any(|reviewer| reviewer == host) {
        return Err(Rule::HostIsReviewer.into());
    }
    if facts.calendar.working_days_between(today(facts), on) < i32::from(HEARING_TOLD_BEFORE) {
        return Err(Rule::HearingTooSoon.into());
    }
    // Where the seven days no longer fit into the twenty, the applicant still has the hearing: as soon as may be.
    let soonest = facts.calendar.last_day(today(facts), Limit::workdays(HEARING_TOLD_BEFORE));
    if held.clock.as_ref().is_some_and(|clock| on > clock.last_day.max(soonest)) {
        return Err(Rule::HearingTooLate.into());
    }
    Ok(vec![event(facts, What::HearingScheduled { on, host }, words_only(words))])
}

/// Said to be over; a hearing whose day has not come has not been held.
pub(crate) fn resume(definition: &Definition, case: &Case, facts: Facts<'_>) -> Result<What, Refusal> {
    let hearing = case.held.as_ref().and_then(|held| held.hearing.as_ref());
    if matches!(hearing, Some(Hearing::Scheduled { on, .. }) if today(facts) < *on) {
        return Err(Rule::HearingAhead.into());
    }
    resumed(definition, case, facts, false).ok_or_else(|| Rule::NotSuspended.into())
}

/// The clock goes on with the days it had left (art. 45).
pub(crate) fn resumed(definition: &Definition, case: &Case, facts: Facts<'_>, lapsed: bool) -> Option<What> {
    let held = case.held.as_ref()?;
    let on = match (&held.clock, lapsed) {
        // By itself, it ended on the last day that was told, however late somebody looks.
        (Some(clock), true) => clock.last_day,
        _ => today(facts),
    };
    let unit = |clock: &Running| definition.item.statutory.unwrap_or(clock.limit).unit;
    let clock = case.clock.as_ref().map(|clock| clock.resumed(held.since, on, unit(clock), facts.calendar));
    Some(What::Resumed { kind: held.kind, since: held.since, on, clock, lapsed })
}

/// Art. 42: once, by the head of the body, reasons told, before the clock has run out.
pub(crate) fn extend(
    definition: &Definition,
    case: &Case,
    limit: Limit,
    words: String,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let extend = definition.procedure.extend.as_ref().ok_or(Rule::NotInThisProcedure)?;
    if case.extended {
        return Err(Rule::AlreadyExtended.into());
    }
    let clock = case.decision_clock().ok_or(Rule::NoClockToExtend)?;
    if facts.now >= clock.legally_over_at(facts.calendar) {
        return Err(Rule::TooLateToExtend.into());
    }
    if limit.weight() == 0 || limit.weight() > extend.up_to.weight() {
        return Err(Rule::ExtensionTooLong.into());
    }
    let what = What::Extended { limit, clock: Some(clock.extended(limit, facts.calendar)) };
    Ok(vec![event(facts, what, words_only(required(words)?))])
}

/// Who may say that a suspension is over: whoever may suspend; a hearing that was not asked for ends by
/// the applicant's word or by time alone.
pub(crate) fn may_resume(case: &Case, actor: &Actor) -> Result<(), Rule> {
    let held = case.held.as_ref().ok_or(Rule::NotSuspended)?;
    match (&held.hearing, actor) {
        (Some(Hearing::Told), Actor::Officer(_)) => Err(Rule::HearingRightRuns),
        (Some(Hearing::Requested), Actor::Officer(_)) => Err(Rule::HearingOwed),
        _ => Ok(()),
    }
}
