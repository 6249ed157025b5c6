//! The state of a case: the fold of its events.

use domain::{AreaCode, CaseId, CaseNumber, Date, OfficerId, PersonId, Timestamp};
use packs::{Answers, StepKind};
use serde::{Deserialize, Serialize};

use crate::actor::By;
use crate::clock::Running;
use crate::definition::Definition;
use crate::event::{Event, Finding, GrantedOrNot, Outcome, Point, What};
use crate::materials::Handed;

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
    /// Answers of the form; empty when the applicant's key was destroyed.
    #[serde(skip)]
    pub answers: Answers,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status", content = "outcome")]
pub enum Status {
    /// 收件，待受理
    Received,
    /// 待补正
    AwaitingCorrection,
    /// 审查中
    InReview,
    /// 待决定
    AwaitingDecision,
    /// 制证
    Issuing,
    /// 送达中
    Delivering,
    /// 办结
    Closed(Outcome),
}

impl Status {
    /// Id, as stored and as in `status-<id>` texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Received => "received",
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

/// The decision on the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Which.
    #[serde(flatten)]
    pub decision: GrantedOrNot,
    /// When.
    pub at: Timestamp,
}

/// Folds a whole history. `None` for an empty one or one that does not begin with a submission.
#[must_use]
pub fn replay(definition: &Definition, events: &[Event]) -> Option<Case> {
    events.iter().fold(None, |case, event| evolve(definition, case, event))
}

/// Folds one event into the state. Total: an event out of place changes nothing but the count, so that a
/// damaged history still shows, and `verify` reports it.
#[must_use]
pub fn evolve(definition: &Definition, case: Option<Case>, event: &Event) -> Option<Case> {
    let Some(mut case) = case else { return begin(event) };
    case.seq += 1;
    apply(definition, &mut case, event);
    Some(case)
}

fn begin(event: &Event) -> Option<Case> {
    let What::Submitted { case, number, item, definition, agency, area, applicant, materials, clock } =
        &event.what
    else {
        return None;
    };
    Some(Case {
        id: *case,
        number: number.clone(),
        item: item.clone(),
        definition: definition.clone(),
        agency: agency.clone(),
        area: area.clone(),
        applicant: *applicant,
        status: Status::Received,
        step: 0,
        received: event.at,
        clock: clock.clone(),
        claimed_by: None,
        materials: materials.clone(),
        correction: None,
        accepted: None,
        reviews: Vec::new(),
        decision: None,
        document: None,
        level: None,
        seq: 1,
        answers: event.private.as_ref().map(|p| p.answers.clone()).unwrap_or_default(),
    })
}

fn apply(definition: &Definition, case: &mut Case, event: &Event) {
    match &event.what {
        What::Submitted { .. } | What::NotNeeded | What::NotOurs | What::Withdrawn => {}
        What::Claimed => {
            if let By::Officer { id, .. } = &event.by {
                case.claimed_by = Some(*id);
            }
        }
        What::Released => case.claimed_by = None,
        What::CorrectionAsked { points } => {
            case.status = Status::AwaitingCorrection;
            case.correction = Some(points.clone());
            case.clock = None;
        }
        What::Corrected { materials, clock } => {
            case.status = Status::Received;
            case.materials.clone_from(materials);
            case.clock.clone_from(clock);
            if let Some(private) = &event.private {
                case.answers.clone_from(&private.answers);
            }
        }
        What::Accepted { from, clock } => {
            accept(definition, case, Accepted { from: *from, deemed: false }, clock);
        }
        What::DeemedAccepted { from, clock } => {
            accept(definition, case, Accepted { from: *from, deemed: true }, clock);
        }
        What::Reviewed { finding } => review(definition, case, event, *finding),
        What::Decided { decision, clock } => {
            case.decision = Some(Decision { decision: *decision, at: event.at });
            case.clock.clone_from(clock);
            if *decision == GrantedOrNot::Granted {
                enter_next(definition, case);
            }
        }
        What::Issued { document } => {
            case.document = Some(document.clone());
            case.clock = None;
            enter_next(definition, case);
        }
        What::Delivered => {}
        What::Closed { outcome } => {
            case.status = Status::Closed(*outcome);
            case.clock = None;
            case.claimed_by = None;
        }
        What::Rated { level } => case.level = Some(*level),
    }
}

fn accept(definition: &Definition, case: &mut Case, accepted: Accepted, clock: &Option<Running>) {
    case.accepted = Some(accepted);
    case.clock.clone_from(clock);
    enter_next(definition, case);
}

fn review(definition: &Definition, case: &mut Case, event: &Event, finding: Finding) {
    if let By::Officer { id, .. } = &event.by {
        case.reviews.push(Review { officer: *id, finding });
    }
    let needed = definition.step(case.step).map_or(1, |step| usize::from(step.officers));
    if case.reviews.len() >= needed {
        enter_next(definition, case);
    } else {
        // The next officer must be another one, so the case goes back to the queue.
        case.claimed_by = None;
    }
}

fn enter_next(definition: &Definition, case: &mut Case) {
    let desk_before = definition.step(case.step).and_then(|step| step.desk);
    case.step += 1;
    let next = definition.step(case.step);
    case.status = match next.map(|step| step.kind) {
        Some(StepKind::Intake) => Status::Received,
        Some(StepKind::Review) => {
            case.reviews.clear();
            Status::InReview
        }
        Some(StepKind::Decide) => Status::AwaitingDecision,
        Some(StepKind::Issue) => Status::Issuing,
        Some(StepKind::Deliver) | None => Status::Delivering,
    };
    if next.and_then(|step| step.desk) != desk_before {
        case.claimed_by = None;
    }
}
