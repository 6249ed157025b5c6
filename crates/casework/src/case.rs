//! The state of a case: the fold of its events.

use std::sync::Arc;

use domain::{AreaCode, Calendar, CaseId, CaseNumber, Date, OfficerId, PersonId, Timestamp};
use packs::Answers;
use serde::{Deserialize, Serialize};

use crate::branches::{BranchCase, PartOf};
use crate::clock::{ClockKind, Light, Running, light};
use crate::event::{Finding, GrantedOrNot, Outcome, Point};
use crate::materials::Handed;
use crate::rules::{Known, RuleVerdict};
use crate::special::{Hearing, Held};
use crate::stops::{self, Stop};

/// A case as it stands. Serialised, it is the view the store keeps; answers are private and not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Code of the item.
    pub item: String,
    /// Digest of the definition it keeps.
    pub definition: String,
    /// Code of the handling agency.
    pub agency: String,
    /// The handling area.
    pub area: AreaCode,
    /// The applicant.
    pub applicant: PersonId,
    /// Where it stands.
    pub status: Status,
    /// Index of the current step in the procedure.
    pub step: usize,
    /// When it arrived.
    pub received: Timestamp,
    /// The clock that runs now; none while the applicant is asked or after the end.
    pub clock: Option<Running>,
    /// Who has claimed it.
    pub claimed_by: Option<OfficerId>,
    /// Materials as they stand.
    pub materials: Vec<Handed>,
    /// The points of the one correction notice, once it was given.
    pub correction: Option<Vec<Point>>,
    /// Acceptance.
    pub accepted: Option<Accepted>,
    /// Reviews of the current step.
    pub reviews: Vec<Review>,
    /// The decision.
    pub decision: Option<Decision>,
    /// Number of the result document.
    pub document: Option<String>,
    /// The level of satisfaction given.
    pub level: Option<u8>,
    /// How many events.
    pub seq: i64,
    /// The joint case it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<PartOf>,
    /// The decision clock, while a step with a clock of its own is on: it runs on behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<Running>,
    /// 特别程序: why the clock stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// A hearing was held or done without.
    #[serde(default, skip_serializing_if = "is_false")]
    pub heard: bool,
    /// Who presided at the hearing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_by: Option<OfficerId>,
    /// The decision clock was extended.
    #[serde(default, skip_serializing_if = "is_false")]
    pub extended: bool,
    /// 容缺: until when promised materials are due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Running>,
    /// 延续: until when it must be decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Running>,
    /// 一件事: the parts that agencies work on now, or did last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<BranchCase>,
    /// What the decision model said at this step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<RuleVerdict>,
    /// This step's own beginning is on the record.
    #[serde(default, skip_serializing_if = "is_false")]
    pub began: bool,
    /// Who reviewed it at earlier steps and in earlier rounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviewed_by: Vec<OfficerId>,
    /// Which officer did which task; kept so that a second look is another's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done_by: Vec<DoneBy>,
    /// The fee taken, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<u32>,
    /// Supervision cards.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cards: u32,
    /// How often it was taken up again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rounds: u32,
    /// The result has reached the applicant, and a check follows.
    #[serde(default, skip_serializing_if = "is_false")]
    pub delivered: bool,
    /// Who acted for the applicant, each once, in the order they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<PersonId>,
    /// Answers of the form; empty when the applicant's key was destroyed.
    #[serde(skip)]
    pub answers: Arc<Answers>,
    /// What is known about the applicant; nothing when their key was destroyed.
    #[serde(skip)]
    pub known: Arc<Known>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Case {
    /// Whether this human being is a party to it: the applicant, or somebody who acted for them.
    #[must_use]
    pub fn concerns(&self, person: PersonId) -> bool {
        self.applicant == person || self.agents.contains(&person)
    }

    /// The clock that runs now: that of a special procedure while one is going on, none while a part's
    /// procedure keeps the joint case waiting.
    #[must_use]
    pub fn running(&self) -> Option<&Running> {
        let clock = self.clock.as_ref().filter(|_| self.stopped_by().next().is_none());
        self.held.as_ref().map_or(clock, |held| held.clock.as_ref())
    }

    /// 一件事: the parts in which a special procedure is going on, each with what it waits for. As long as
    /// there is one, the joint case's clocks stand still as well (行政许可法 art. 45).
    pub fn stopped_by(&self) -> impl Iterator<Item = (&BranchCase, &Stop)> {
        let parts = self.branches.iter().filter(|_| self.status == Status::WithAgencies);
        parts.filter_map(|part| Some((part, stops::open(part)?)))
    }

    /// Its clock stands still, for a special procedure of its own or of a part's.
    #[must_use]
    pub fn stands_still(&self) -> bool {
        self.held.is_some() || self.stopped_by().next().is_some()
    }

    /// A hearing was asked for and its day is not set: the next word is the body's (art. 47).
    #[must_use]
    pub fn owes_hearing_date(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.hearing == Some(Hearing::Requested))
    }

    /// The light of its clock. While a special procedure is going on it stands still, but for a hearing that
    /// was asked for and has no day yet or is overdue: that time is the body's own (art. 47).
    #[must_use]
    pub fn light(&self, now: Timestamp, calendar: &Calendar) -> Light {
        let Some(held) = &self.held else { return light(self.running(), now, calendar) };
        let owes = held.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::HearingHold);
        match light(held.clock.as_ref(), now, calendar) {
            Light::Red if owes => Light::Red,
            seen if self.owes_hearing_date() => seen,
            _ => Light::Still,
        }
    }

    /// The clock by which it must be decided (art. 42), whether or not it is the one in front.
    #[must_use]
    pub fn decision_clock(&self) -> Option<&Running> {
        let front = self.clock.as_ref().filter(|clock| clock.kind == ClockKind::Decision);
        front.or(self.behind.as_ref())
    }

    /// The id of what people are shown as its status: a suspension stands before the step.
    #[must_use]
    pub fn status_id(&self) -> &'static str {
        if self.held.is_some() && self.status.open() { "suspended" } else { self.status.id() }
    }

    /// Everybody who reviewed it, at this step or before.
    pub fn reviewers(&self) -> impl Iterator<Item = OfficerId> {
        self.reviewed_by.iter().copied().chain(self.reviews.iter().map(|review| review.officer))
    }

    /// Whether this officer did one of these tasks.
    #[must_use]
    pub fn did(&self, tasks: &[String], officer: OfficerId) -> bool {
        self.done_by.iter().any(|done| done.officer == officer && tasks.contains(&done.step))
    }

    /// Something promised for later has not arrived.
    #[must_use]
    pub fn owes(&self) -> bool {
        self.materials.iter().any(Handed::is_owed)
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status", content = "outcome")]
pub enum Status {
    /// 待确认: offered, and waiting for the citizen's word
    AwaitingConfirmation,
    /// 收件，待受理
    Received,
    /// 待补正
    AwaitingCorrection,
    /// 审查中
    InReview,
    /// 办理中: a task of the procedure's own
    InTask,
    /// 公示等: waits for a timer
    Waiting,
    /// 并联办理中: with several agencies
    WithAgencies,
    /// 待决定
    AwaitingDecision,
    /// 制证
    Issuing,
    /// 送达中
    Delivering,
    /// 后续核查中: granted on a promise that is checked afterwards
    Checking,
    /// 办结
    Closed(Outcome),
}

impl Status {
    /// Id, as stored and as in `status-<id>` texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::AwaitingConfirmation => "awaiting-confirmation",
            Self::Received => "received",
            Self::InTask => "in-task",
            Self::Waiting => "waiting",
            Self::WithAgencies => "with-agencies",
            Self::Checking => "checking",
            Self::AwaitingCorrection => "awaiting-correction",
            Self::InReview => "in-review",
            Self::AwaitingDecision => "awaiting-decision",
            Self::Issuing => "issuing",
            Self::Delivering => "delivering",
            Self::Closed(Outcome::Granted) => "closed-granted",
            Self::Closed(Outcome::Refused) => "closed-refused",
            Self::Closed(Outcome::NotNeeded) => "closed-not-needed",
            Self::Closed(Outcome::NotOurs) => "closed-not-ours",
            Self::Closed(Outcome::Withdrawn) => "closed-withdrawn",
            Self::Closed(Outcome::DeemedWithdrawn) => "closed-deemed-withdrawn",
            Self::Closed(Outcome::Forwarded) => "closed-forwarded",
            Self::Closed(Outcome::Terminated) => "closed-terminated",
            Self::Closed(Outcome::Declined) => "closed-declined",
            Self::Closed(Outcome::Revoked) => "closed-revoked",
            Self::Closed(Outcome::NotAllGranted) => "closed-not-all-granted",
        }
    }

    /// Whether the case is still open.
    #[must_use]
    pub fn open(self) -> bool {
        !matches!(self, Self::Closed(_))
    }
}

/// Acceptance on the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The day it counts from.
    pub from: Date,
    /// By silence (art. 32).
    pub deemed: bool,
}

/// One officer's review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub officer: OfficerId,
    /// What was found.
    pub finding: Finding,
}

/// A task that an officer did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneBy {
    /// Id of the step.
    pub step: String,
    /// Who.
    pub officer: OfficerId,
}

/// The decision on the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Which.
    #[serde(flatten)]
    pub decision: GrantedOrNot,
    /// When.
    pub at: Timestamp,
}
