//! What may lawfully be done now, and by whom: the desk shows these and nothing else.

use domain::PersonId;
use packs::{Role, StepKind};
use serde::Serialize;

use crate::actor::{Actor, Officer};
use crate::case::{Case, Status};
use crate::definition::Definition;
use crate::refusal::Rule;

/// Kinds of command, without what they carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Take the case.
    Claim,
    /// Put it back.
    Release,
    /// Ask once for correction.
    AskCorrection,
    /// Answer the correction notice.
    Correct,
    /// Accept.
    Accept,
    /// Nothing need be applied for.
    NotNeeded,
    /// Another body is competent.
    NotOurs,
    /// Record a review.
    Review,
    /// Grant.
    Grant,
    /// Refuse.
    Refuse,
    /// Make the result.
    Issue,
    /// The result has arrived.
    Deliver,
    /// Let clocks take effect.
    Lapse,
    /// Withdraw.
    Withdraw,
    /// Rate.
    Rate,
}

impl Action {
    /// All actions, in the order a desk offers them.
    pub const ALL: [Self; 15] = [
        Self::Claim,
        Self::Accept,
        Self::AskCorrection,
        Self::NotNeeded,
        Self::NotOurs,
        Self::Review,
        Self::Grant,
        Self::Refuse,
        Self::Issue,
        Self::Deliver,
        Self::Release,
        Self::Correct,
        Self::Withdraw,
        Self::Rate,
        Self::Lapse,
    ];

    /// Id, as in URLs and `action-<id>` texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Release => "release",
            Self::AskCorrection => "ask-correction",
            Self::Correct => "correct",
            Self::Accept => "accept",
            Self::NotNeeded => "not-needed",
            Self::NotOurs => "not-ours",
            Self::Review => "review",
            Self::Grant => "grant",
            Self::Refuse => "refuse",
            Self::Issue => "issue",
            Self::Deliver => "deliver",
            Self::Lapse => "lapse",
            Self::Withdraw => "withdraw",
            Self::Rate => "rate",
        }
    }
}

/// The actions `actor` may take on `case` now.
#[must_use]
pub fn actions(definition: &Definition, case: &Case, actor: &Actor) -> Vec<Action> {
    Action::ALL.into_iter().filter(|&action| may(definition, case, actor, action).is_ok()).collect()
}

/// Whether `actor` may take `action` on `case`; the one place that answers this.
pub(crate) fn may(definition: &Definition, case: &Case, actor: &Actor, action: Action) -> Result<(), Rule> {
    match action {
        Action::Correct | Action::Withdraw | Action::Rate => applicant_may(case, actor, action),
        Action::Deliver | Action::Lapse => system_may(case, actor, action),
        _ => match actor {
            Actor::Officer(officer) => officer_may(definition, case, officer, action),
            Actor::System if action == Action::Issue => no_desk(definition, case),
            _ => Err(Rule::NotYourRole),
        },
    }
}

fn applicant_may(case: &Case, actor: &Actor, action: Action) -> Result<(), Rule> {
    if !matches!(actor, Actor::Applicant(person) if *person == case.applicant) {
        return Err(Rule::NotYourCase);
    }
    match action {
        Action::Rate if case.level.is_some() => Err(Rule::AlreadyRated),
        Action::Rate if case.status.open() || case.status == WITHDRAWN => Err(Rule::NotRateable),
        Action::Rate => Ok(()),
        _ if !case.status.open() => Err(Rule::AlreadyClosed),
        Action::Correct if case.status != Status::AwaitingCorrection => Err(Rule::NothingToCorrect),
        Action::Withdraw if case.decision.is_some() => Err(Rule::AlreadyDecided),
        _ => Ok(()),
    }
}

const WITHDRAWN: Status = Status::Closed(crate::event::Outcome::Withdrawn);

fn system_may(case: &Case, actor: &Actor, action: Action) -> Result<(), Rule> {
    match (actor, action, case.status) {
        (Actor::System, Action::Deliver, Status::Delivering) => Ok(()),
        (Actor::System, Action::Lapse, status) if status.open() => Ok(()),
        (Actor::System, _, Status::Closed(_)) => Err(Rule::AlreadyClosed),
        (Actor::System, _, _) => Err(Rule::WrongStep),
        _ => Err(Rule::NotYourRole),
    }
}

fn no_desk(definition: &Definition, case: &Case) -> Result<(), Rule> {
    let step = definition.step(case.step).ok_or(Rule::WrongStep)?;
    if case.status == Status::Issuing && step.desk.is_none() { Ok(()) } else { Err(Rule::WrongStep) }
}

fn officer_may(definition: &Definition, case: &Case, officer: &Officer, action: Action) -> Result<(), Rule> {
    if officer.agency != case.agency || officer.area != case.area {
        return Err(Rule::NotYourDesk);
    }
    if is_own(case, officer.person) {
        return Err(Rule::OwnCase);
    }
    if !case.status.open() {
        return Err(Rule::AlreadyClosed);
    }
    if action == Action::Release {
        return if case.claimed_by == Some(officer.id) { Ok(()) } else { Err(Rule::WrongStep) };
    }
    let step = definition.step(case.step).ok_or(Rule::WrongStep)?;
    let role = step.desk.ok_or(Rule::WrongStep)?;
    at_step(case, step.kind, action)?;
    holds(officer, role)?;
    if step.kind == StepKind::Review && case.reviews.iter().any(|r| r.officer == officer.id) {
        return Err(Rule::SameOfficerTwice);
    }
    match (action, case.claimed_by) {
        (Action::Claim, None) => Ok(()),
        (Action::Claim, Some(by)) if by == officer.id => Err(Rule::WrongStep),
        (_, Some(by)) if by != officer.id => Err(Rule::ClaimedByOther),
        (Action::AskCorrection, _) if case.correction.is_some() => Err(Rule::AlreadyCorrectedOnce),
        _ => Ok(()),
    }
}

fn at_step(case: &Case, kind: StepKind, action: Action) -> Result<(), Rule> {
    let fits = match action {
        Action::Claim => case.status != Status::AwaitingCorrection,
        Action::Accept | Action::AskCorrection | Action::NotNeeded | Action::NotOurs => {
            case.status == Status::Received
        }
        Action::Review => kind == StepKind::Review,
        Action::Grant | Action::Refuse => kind == StepKind::Decide,
        Action::Issue => kind == StepKind::Issue,
        _ => false,
    };
    if fits { Ok(()) } else { Err(Rule::WrongStep) }
}

fn holds(officer: &Officer, role: Role) -> Result<(), Rule> {
    if officer.roles.contains(&role) { Ok(()) } else { Err(Rule::NotYourRole) }
}

fn is_own(case: &Case, person: Option<PersonId>) -> bool {
    person == Some(case.applicant)
}
