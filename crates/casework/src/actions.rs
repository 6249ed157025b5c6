//! What may lawfully be done now, and by whom: the desk shows these and nothing else.

use domain::PersonId;
use packs::{Role, Special, Step, StepKind, TaskOutcome};
use serde::Serialize;

use crate::actor::{Actor, Officer};
use crate::case::{Case, Status};
use crate::clock::ClockKind;
use crate::command::Command;
use crate::decide::{outcomes, undecided};
use crate::definition::Definition;
use crate::event::Outcome;
use crate::refusal::Rule;
use crate::special::{Hearing, may_resume};

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident = $id:literal $(: $pattern:pat)?,)*) => {
        /// Kinds of command, without what they carry, in the order a desk offers them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Action { $($(#[$meta])* $name,)* }

        impl Action {
            /// All actions, in the order a desk offers them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Id, as in `action-<id>` texts and in addresses.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// The kind of a command.
            pub(crate) fn of(command: &Command) -> Self {
                match command {
                    // A second opening never gets this far.
                    Command::Submit(_) | Command::Open(_) => Self::Lapse,
                    $($(| $pattern => Self::$name,)?)*
                }
            }
        }
    };
}

actions! {
    /// Take the case.
    Claim = "claim": Command::Claim,
    /// Accept.
    Accept = "accept": Command::Accept,
    /// Put errors right at once, the applicant being there.
    CorrectOnSpot = "correct-on-spot": Command::CorrectOnSpot { .. },
    /// Ask once for correction.
    AskCorrection = "ask-correction": Command::AskCorrection { .. },
    /// Nothing need be applied for.
    NotNeeded = "not-needed": Command::NotNeeded { .. },
    /// Another body is competent.
    NotOurs = "not-ours": Command::NotOurs { .. },
    /// Record a review.
    Review = "review": Command::Review { .. },
    /// Do a task.
    Do = "do": Command::Do { .. },
    /// Grant.
    Grant = "grant": Command::Grant { .. },
    /// Refuse.
    Refuse = "refuse": Command::Refuse { .. },
    /// Leave the decision to a higher body.
    Forward = "forward": Command::Forward { .. },
    /// Stop the clock for a special procedure.
    Suspend = "suspend": Command::Suspend { .. },
    /// Set the hearing's day.
    ScheduleHearing = "schedule-hearing": Command::ScheduleHearing { .. },
    /// The special procedure is over.
    Resume = "resume": Command::Resume { .. },
    /// Extend the decision clock.
    Extend = "extend": Command::Extend { .. },
    /// Record the fee taken.
    RecordFee = "record-fee": Command::RecordFee { .. },
    /// Make the result.
    Issue = "issue": Command::Issue,
    /// The result has arrived.
    Deliver = "deliver": Command::Deliver { .. },
    /// Say whether what was promised was kept.
    Check = "check": Command::Check { .. },
    /// End it without a decision.
    Terminate = "terminate": Command::Terminate { .. },
    /// Take a decided case up again.
    Reopen = "reopen": Command::Reopen { .. },
    /// Put it back.
    Release = "release": Command::Release,
    /// Take up an offer.
    Confirm = "confirm": Command::Confirm { .. },
    /// Decline it.
    Decline = "decline": Command::Decline,
    /// Answer the correction notice.
    Correct = "correct": Command::Correct { .. },
    /// Hand in what was promised for later.
    Supply = "supply": Command::Supply { .. },
    /// Ask for the hearing.
    RequestHearing = "request-hearing": Command::RequestHearing,
    /// Do without it.
    WaiveHearing = "waive-hearing": Command::WaiveHearing,
    /// Withdraw.
    Withdraw = "withdraw": Command::Withdraw { .. },
    /// Rate.
    Rate = "rate": Command::Rate { .. },
    /// A part of a joint case has ended.
    EndBranch = "end-branch": Command::EndBranch { .. },
    /// A part of a joint case stands still, or goes on.
    TellStops = "tell-stops": Command::TellStops { .. },
    /// Let clocks take effect.
    Lapse = "lapse": Command::Lapse,
}

/// The actions `actor` may take on `case` now.
#[must_use]
pub fn actions(definition: &Definition, case: &Case, actor: &Actor) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|&action| may(definition, case, actor, action).is_ok()).collect()
}

/// The outcomes of the task at which `case` stands that `actor` may choose.
#[must_use]
pub fn choices<'a>(definition: &'a Definition, case: &Case, actor: &Actor) -> Vec<&'a TaskOutcome> {
    let Some(step) = definition.step(case.step) else { return Vec::new() };
    if may(definition, case, actor, Action::Do).is_err() {
        return Vec::new();
    }
    let may = |outcome: &&TaskOutcome| may_choose(case, step, outcome, actor).is_ok();
    outcomes(definition, case).iter().filter(may).collect()
}

/// Whether `actor` may take `action` on `case`; the one place that answers this.
pub(crate) fn may(definition: &Definition, case: &Case, actor: &Actor, action: Action) -> Result<(), Rule> {
    match actor {
        Actor::Applicant(_) | Actor::Agent(_) if actor.applicant() == Some(case.applicant) => {
            applicant_may(definition, case, action)
        }
        Actor::Applicant(_) | Actor::Agent(_) => {
            Err(if is_the_applicants(action) { Rule::NotYourCase } else { Rule::NotYourRole })
        }
        Actor::System => system_may(definition, case, action),
        Actor::Officer(officer) => officer_may(definition, case, officer, action),
    }
}

fn is_the_applicants(action: Action) -> bool {
    matches!(
        action,
        Action::Confirm
            | Action::Decline
            | Action::Correct
            | Action::Supply
            | Action::RequestHearing
            | Action::WaiveHearing
            | Action::Withdraw
            | Action::Rate
    )
}

fn applicant_may(definition: &Definition, case: &Case, action: Action) -> Result<(), Rule> {
    let told = || case.held.as_ref().is_some_and(|held| held.hearing == Some(Hearing::Told));
    let fits = |fits: bool, rule: Rule| if fits { Ok(()) } else { Err(rule) };
    match action {
        Action::Rate if case.level.is_some() => Err(Rule::AlreadyRated),
        Action::Rate => fits(rateable(case), Rule::NotRateable),
        _ if !is_the_applicants(action) && action != Action::Do => Err(Rule::NotYourRole),
        _ if !case.status.open() => Err(Rule::AlreadyClosed),
        Action::Correct => fits(case.status == Status::AwaitingCorrection, Rule::NothingToCorrect),
        Action::Confirm | Action::Decline => {
            fits(case.status == Status::AwaitingConfirmation, Rule::WrongStep)
        }
        Action::Supply => fits(case.owes() && undecided(case), Rule::NothingOwed),
        Action::RequestHearing | Action::WaiveHearing => fits(told(), Rule::WrongStep),
        Action::Withdraw => fits(undecided(case) && case.rounds == 0, Rule::AlreadyDecided),
        Action::Do if case.held.is_some() => Err(Rule::Suspended),
        Action::Do => {
            let mine = |outcome: &TaskOutcome| chooses(definition.step(case.step), outcome, &Role::APPLICANT);
            fits(outcomes(definition, case).iter().any(mine), Rule::NotYourRole)
        }
        _ => Err(Rule::NotYourRole),
    }
}

/// What was decided or answered is rated; what the applicant took back, or never asked for, is not.
fn rateable(case: &Case) -> bool {
    let taken_back = matches!(
        case.status,
        Status::Closed(Outcome::Withdrawn | Outcome::DeemedWithdrawn | Outcome::Declined)
    );
    !taken_back && (!case.status.open() || case.delivered)
}

fn system_may(definition: &Definition, case: &Case, action: Action) -> Result<(), Rule> {
    match (action, case.status) {
        (Action::EndBranch | Action::TellStops, _) if !case.branches.is_empty() => Ok(()),
        (Action::Deliver | Action::Lapse | Action::Withdraw, Status::Closed(_)) => Err(Rule::AlreadyClosed),
        (Action::Deliver, Status::Delivering) | (Action::Lapse, _) => Ok(()),
        // A part goes with the joint case that is withdrawn.
        (Action::Withdraw, _) if case.part_of.is_some() && undecided(case) => Ok(()),
        (Action::Issue, Status::Issuing) => {
            let desk = definition.step(case.step).and_then(|step| step.desk.as_ref());
            if desk.is_none() { Ok(()) } else { Err(Rule::WrongStep) }
        }
        (Action::EndBranch | Action::TellStops | Action::Deliver | Action::Issue, _) => Err(Rule::WrongStep),
        _ if is_the_applicants(action) => Err(Rule::NotYourCase),
        _ => Err(Rule::NotYourRole),
    }
}

fn officer_may(definition: &Definition, case: &Case, officer: &Officer, action: Action) -> Result<(), Rule> {
    if is_the_applicants(action) {
        return Err(Rule::NotYourCase);
    }
    if matches!(action, Action::Lapse | Action::EndBranch | Action::TellStops) {
        return Err(Rule::NotYourRole);
    }
    if officer.agency != case.agency || officer.area != case.area {
        return Err(Rule::NotYourDesk);
    }
    if is_own(case, officer.person) {
        return Err(Rule::OwnCase);
    }
    if action == Action::Reopen {
        return reopenable(definition, case, officer);
    }
    if !case.status.open() {
        return Err(Rule::AlreadyClosed);
    }
    match action {
        Action::Release if case.claimed_by == Some(officer.id) => Ok(()),
        // Nobody's case waits for somebody who has left or is ill: the head gives it back to the desk.
        Action::Release if case.claimed_by.is_some() && officer.roles.contains(&Role::HEAD) => Ok(()),
        Action::Release => Err(Rule::WrongStep),
        Action::Extend => may_extend(definition, case, officer),
        Action::Terminate => {
            holds(officer, &Role::DECIDE)?;
            // A decision taken up again is replaced by another, and an offer is the person's own to answer.
            if !undecided(case) || case.rounds > 0 || case.status == Status::AwaitingConfirmation {
                return Err(Rule::WrongStep);
            }
            not_with_parts(case)
        }
        _ => at_desk(definition, case, officer, action),
    }
}

/// What needs the case to be at a desk whose role the officer holds.
fn at_desk(definition: &Definition, case: &Case, officer: &Officer, action: Action) -> Result<(), Rule> {
    let step = definition.step(case.step).ok_or(Rule::WrongStep)?;
    at_step(definition, case, step, action)?;
    if action == Action::Do || (action == Action::Claim && step.kind == StepKind::Task) {
        let mine =
            |outcome: &TaskOutcome| officer.roles.iter().any(|role| chooses(Some(step), outcome, role));
        if !step.outcomes.iter().any(mine) {
            return Err(Rule::NotYourRole);
        }
    } else {
        holds(officer, step.desk.as_ref().ok_or(Rule::WrongStep)?)?;
    }
    let reviewed = case.reviews.iter().any(|review| review.officer == officer.id);
    if step.kind == StepKind::Review && reviewed && matches!(action, Action::Review | Action::Claim) {
        return Err(Rule::SameOfficerTwice);
    }
    if matches!(action, Action::Do | Action::Claim) && case.did(&step.not_by, officer.id) {
        return Err(Rule::SameOfficerTwice);
    }
    if step.kind == StepKind::Review
        && case.heard_by == Some(officer.id)
        && matches!(action, Action::Review | Action::Claim)
    {
        return Err(Rule::HostIsReviewer);
    }
    match (action, case.claimed_by) {
        (Action::Claim, None) => Ok(()),
        (Action::Claim, Some(by)) if by == officer.id => Err(Rule::WrongStep),
        (_, Some(by)) if by != officer.id => Err(Rule::ClaimedByOther),
        (Action::Grant | Action::Refuse | Action::Forward, _) if case.owes() => Err(Rule::MaterialsOwed),
        (Action::AskCorrection, _) if case.correction.is_some() => Err(Rule::AlreadyCorrectedOnce),
        (Action::Resume | Action::ScheduleHearing, _) => may_resume_or_schedule(case, officer, action),
        _ => Ok(()),
    }
}

fn may_resume_or_schedule(case: &Case, officer: &Officer, action: Action) -> Result<(), Rule> {
    if action == Action::Resume {
        return may_resume(case, &Actor::Officer(officer.clone()));
    }
    match case.held.as_ref().and_then(|held| held.hearing.as_ref()) {
        Some(Hearing::Requested | Hearing::Scheduled { .. }) => Ok(()),
        Some(Hearing::Told) => Err(Rule::HearingRightRuns),
        None => Err(Rule::NotSuspended),
    }
}

fn at_step(definition: &Definition, case: &Case, step: &Step, action: Action) -> Result<(), Rule> {
    let held = case.held.is_some();
    let fits = match action {
        Action::Resume | Action::ScheduleHearing => {
            return if held { Ok(()) } else { Err(Rule::NotSuspended) };
        }
        Action::Claim => {
            let at_desk = step.desk.is_some() || step.kind == StepKind::Task;
            at_desk && !matches!(case.status, Status::AwaitingCorrection | Status::AwaitingConfirmation)
        }
        Action::RecordFee => {
            matches!(case.status, Status::Received | Status::InReview | Status::AwaitingDecision)
        }
        _ if held => return Err(Rule::Suspended),
        Action::Accept
        | Action::AskCorrection
        | Action::CorrectOnSpot
        | Action::NotNeeded
        | Action::NotOurs => case.status == Status::Received,
        Action::Suspend => {
            if !may_suspend(definition, case) {
                return Err(if definition.procedure.suspends.is_empty() {
                    Rule::NotInThisProcedure
                } else {
                    Rule::WrongStep
                });
            }
            true
        }
        Action::Review => step.kind == StepKind::Review,
        Action::Grant | Action::Refuse => step.kind == StepKind::Decide,
        Action::Forward if !definition.procedure.forwards => return Err(Rule::NotInThisProcedure),
        Action::Forward => step.kind == StepKind::Decide,
        Action::Issue => step.kind == StepKind::Issue,
        Action::Deliver => step.kind == StepKind::Deliver && case.status == Status::Delivering,
        Action::Check => step.kind == StepKind::Check,
        Action::Do => step.kind == StepKind::Task,
        _ => false,
    };
    let waits = matches!(case.status, Status::AwaitingCorrection | Status::AwaitingConfirmation);
    if fits { Ok(()) } else { Err(if waits { Rule::WaitsForApplicant } else { Rule::WrongStep }) }
}

/// While the decision clock runs, for something the procedure names that has not been used up.
fn may_suspend(definition: &Definition, case: &Case) -> bool {
    let left = |kind: &&Special| **kind != Special::Hearing || !case.heard;
    matches!(case.status, Status::InReview | Status::AwaitingDecision)
        && case.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::Decision)
        && definition.procedure.suspends.iter().any(|kind| left(&kind))
}

fn may_extend(definition: &Definition, case: &Case, officer: &Officer) -> Result<(), Rule> {
    let extend = definition.procedure.extend.as_ref().ok_or(Rule::NotInThisProcedure)?;
    holds(officer, &extend.desk)?;
    if case.extended {
        return Err(Rule::AlreadyExtended);
    }
    if case.stands_still() {
        return Err(Rule::Suspended);
    }
    if case.decision_clock().is_some() { Ok(()) } else { Err(Rule::NoClockToExtend) }
}

fn reopenable(definition: &Definition, case: &Case, officer: &Officer) -> Result<(), Rule> {
    holds(officer, &Role::HEAD)?;
    let back = definition.find(StepKind::Decide, 0).is_some();
    if !case.status.open() && case.decision.is_some() && back { Ok(()) } else { Err(Rule::NotReopenable) }
}

fn not_with_parts(case: &Case) -> Result<(), Rule> {
    let waits = case.status == Status::WithAgencies;
    if waits { Err(Rule::HasParts) } else { Ok(()) }
}

/// Whether `actor` may choose this outcome of the task at which the case stands.
pub(crate) fn may_choose(case: &Case, step: &Step, outcome: &TaskOutcome, actor: &Actor) -> Result<(), Rule> {
    let may = match actor {
        Actor::Applicant(_) | Actor::Agent(_) => {
            actor.applicant() == Some(case.applicant) && chooses(Some(step), outcome, &Role::APPLICANT)
        }
        Actor::Officer(officer) => officer.roles.iter().any(|role| chooses(Some(step), outcome, role)),
        Actor::System => false,
    };
    if may { Ok(()) } else { Err(Rule::NotYourRole) }
}

fn chooses(step: Option<&Step>, outcome: &TaskOutcome, role: &Role) -> bool {
    if outcome.desks.is_empty() {
        return step.and_then(|step| step.desk.as_ref()) == Some(role);
    }
    outcome.desks.contains(role)
}

fn holds(officer: &Officer, role: &Role) -> Result<(), Rule> {
    if officer.roles.contains(role) { Ok(()) } else { Err(Rule::NotYourRole) }
}

/// The applicant's own officer, or one who acted for the applicant (公务员法 art. 76).
fn is_own(case: &Case, person: Option<PersonId>) -> bool {
    person.is_some_and(|person| case.concerns(person))
}
