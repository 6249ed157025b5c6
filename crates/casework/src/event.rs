//! What happened. Events are the only truth about a case.

use std::collections::BTreeMap;

use domain::{AreaCode, CaseId, CaseNumber, Date, PersonId, Timestamp};
use packs::Answers;
use serde::{Deserialize, Serialize};

use crate::actor::By;
use crate::clock::Running;
use crate::materials::Handed;

/// One thing that happened to a case.
///
/// `what` holds no personal data and is stored in clear; everything a person wrote or that identifies them
/// is in `private`, which is sealed before it reaches a database and may one day be destroyed: a case
/// still folds to the same state without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
    /// What.
    pub what: What,
    /// The personal part.
    pub private: Option<Private>,
}

/// The personal part of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Private {
    /// Answers of the form.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: Answers,
    /// Words written by the actor: reasons, findings, comments.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Words about single fields or materials, by their name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub about: BTreeMap<String, String>,
}

/// One point of a correction notice: which field or material it is about. The words are private.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Name of a field, id of a material, or `general`.
    pub about: String,
}

/// What a reviewer found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The conditions are met.
    Meets,
    /// They are not.
    DoesNotMeet,
}

/// The grounds on which an application can be refused (行政许可法 arts 31, 38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalReason {
    /// 不符合法定条件、标准
    ConditionsNotMet,
    /// 申请材料不真实
    MaterialsUntrue,
    /// 数量限制
    QuotaExhausted,
    /// 法律、法规规定的其他情形
    OtherLaw,
}

impl RefusalReason {
    /// All grounds, in the order they are offered.
    pub const ALL: [Self; 4] =
        [Self::ConditionsNotMet, Self::MaterialsUntrue, Self::QuotaExhausted, Self::OtherLaw];

    /// Id of its text (`reason-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::ConditionsNotMet => "conditions-not-met",
            Self::MaterialsUntrue => "materials-untrue",
            Self::QuotaExhausted => "quota-exhausted",
            Self::OtherLaw => "other-law",
        }
    }
}

/// The decision itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum GrantedOrNot {
    /// 准予
    Granted,
    /// 不予
    Refused {
        /// On which ground.
        reason: RefusalReason,
    },
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 准予，已送达
    Granted,
    /// 不予
    Refused,
    /// 依法不需要许可，不受理
    NotNeeded,
    /// 不属于本机关职权范围，不予受理
    NotOurs,
    /// 申请人撤回
    Withdrawn,
}

impl Outcome {
    /// Id, as stored and as in `closed-<id>` texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::NotNeeded => "not-needed",
            Self::NotOurs => "not-ours",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The kinds of event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum What {
    /// 收件: the application arrived; the acceptance clock runs.
    Submitted {
        /// The case's id.
        case: CaseId,
        /// Its number.
        number: CaseNumber,
        /// Code of the item.
        item: String,
        /// Digest of the definition it keeps.
        definition: String,
        /// Code of the handling agency.
        agency: String,
        /// The handling area.
        area: AreaCode,
        /// The applicant.
        applicant: PersonId,
        /// Materials handed in.
        materials: Vec<Handed>,
        /// The clock that now runs.
        clock: Option<Running>,
    },
    /// An officer took it.
    Claimed,
    /// An officer put it back.
    Released,
    /// 补正告知, once (art. 32): the clock stops until the applicant answers.
    CorrectionAsked {
        /// What is to be corrected.
        points: Vec<Point>,
    },
    /// 补正提交.
    Corrected {
        /// All materials as they stand now.
        materials: Vec<Handed>,
        /// The acceptance clock, begun anew.
        clock: Option<Running>,
    },
    /// 受理; the decision clock runs.
    Accepted {
        /// The day it counts from.
        from: Date,
        /// The clock that now runs.
        clock: Option<Running>,
    },
    /// 视为受理: nothing was told in time (art. 32).
    DeemedAccepted {
        /// The day from which it counts as accepted: that of receipt.
        from: Date,
        /// The clock that now runs, counted from there.
        clock: Option<Running>,
    },
    /// 不需许可，即时告知不受理 (art. 32(1)).
    NotNeeded,
    /// 不属于本机关 (art. 32(2)): told where to go.
    NotOurs,
    /// 审查.
    Reviewed {
        /// What was found.
        finding: Finding,
    },
    /// 决定.
    Decided {
        /// Which.
        #[serde(flatten)]
        decision: GrantedOrNot,
        /// The clock that now runs (issue), for a grant.
        clock: Option<Running>,
    },
    /// 制证: the result exists.
    Issued {
        /// Number of the result document.
        document: String,
    },
    /// 送达.
    Delivered,
    /// 撤回.
    Withdrawn,
    /// 办结.
    Closed {
        /// How it ended.
        outcome: Outcome,
    },
    /// 评价.
    Rated {
        /// 1 非常满意 … 5 非常不满意 (GB/T 39046 annex A).
        level: u8,
    },
}

impl What {
    /// Id, as stored and as in timeline texts.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::Claimed => "claimed",
            Self::Released => "released",
            Self::CorrectionAsked { .. } => "correction-asked",
            Self::Corrected { .. } => "corrected",
            Self::Accepted { .. } => "accepted",
            Self::DeemedAccepted { .. } => "deemed-accepted",
            Self::NotNeeded => "not-needed",
            Self::NotOurs => "not-ours",
            Self::Reviewed { .. } => "reviewed",
            Self::Decided { decision: GrantedOrNot::Granted, .. } => "granted",
            Self::Decided { decision: GrantedOrNot::Refused { .. }, .. } => "refused",
            Self::Issued { .. } => "issued",
            Self::Delivered => "delivered",
            Self::Withdrawn => "withdrawn",
            Self::Closed { .. } => "closed",
            Self::Rated { .. } => "rated",
        }
    }
}
