//! What happened. Events are the only truth about a case.

use std::collections::BTreeMap;

use domain::{AreaCode, CaseId, CaseNumber, Date, Limit, OfficerId, PersonId, Text, Timestamp};
use packs::{Answers, Special};
use serde::{Deserialize, Serialize};

use crate::actor::By;
use crate::branches::{BranchCase, PartOf};
use crate::cards::CardRule;
use crate::channel::Channel;
use crate::clock::Running;
use crate::materials::Handed;
use crate::rules::{Known, RuleVerdict, spoken};
use crate::stops::Stop;

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
    /// What is known about the applicant.
    #[serde(default, skip_serializing_if = "Known::is_empty")]
    pub known: Known,
    /// What a decision model was given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, serde_json::Value>,
}

impl Private {
    /// What a decision model was given, one line a value: its name and what it was.
    #[must_use]
    pub fn spoken_inputs(&self) -> Vec<(String, String)> {
        spoken(&self.inputs)
    }
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
    /// 视为撤回申请: a term of the applicant's ran out
    DeemedWithdrawn,
    /// 转报上级机关
    Forwarded,
    /// 终止办理
    Terminated,
    /// An offer that was not taken up
    Declined,
    /// 撤销: a promise was not kept
    Revoked,
    /// 一件事: not every agency granted its part
    NotAllGranted,
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
            Self::DeemedWithdrawn => "deemed-withdrawn",
            Self::Forwarded => "forwarded",
            Self::Terminated => "terminated",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
            Self::NotAllGranted => "not-all-granted",
        }
    }

    /// All outcomes.
    pub const ALL: [Self; 11] = [
        Self::Granted,
        Self::Refused,
        Self::NotNeeded,
        Self::NotOurs,
        Self::Withdrawn,
        Self::DeemedWithdrawn,
        Self::Forwarded,
        Self::Terminated,
        Self::Declined,
        Self::Revoked,
        Self::NotAllGranted,
    ];
}

/// Why a closed case is taken up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReopenGround {
    /// 行政复议决定
    Reconsideration,
    /// 人民法院判决
    Judgment,
    /// 本机关自行纠正
    OwnCorrection,
}

impl ReopenGround {
    /// All grounds, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Reconsideration, Self::Judgment, Self::OwnCorrection];

    /// Id of its text (`reopen-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Reconsideration => "reconsideration",
            Self::Judgment => "judgment",
            Self::OwnCorrection => "own-correction",
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
        /// The joint case it is a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        part_of: Option<PartOf>,
        /// 容缺: until when promised materials are due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owed: Option<Running>,
        /// 延续: until when it must be decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<Running>,
    },
    /// 免申即享: somebody found to qualify was offered it.
    Offered {
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
        /// Who qualifies.
        applicant: PersonId,
        /// How long the offer stands.
        clock: Option<Running>,
    },
    /// The offer was taken up.
    Confirmed {
        /// Materials handed in.
        materials: Vec<Handed>,
        /// The clock that now runs.
        clock: Option<Running>,
        /// 容缺: until when promised materials are due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owed: Option<Running>,
    },
    /// The offer was declined, or its time ran out.
    Declined,
    /// An officer took it.
    Claimed,
    /// An officer put it back.
    Released,
    /// 补正告知, once (art. 32): the clock stops until the applicant answers.
    CorrectionAsked {
        /// What is to be corrected.
        points: Vec<Point>,
        /// The applicant's time to answer, where the procedure sets one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clock: Option<Running>,
    },
    /// 当场更正 (art. 32(3)): the applicant, there in person, had errors put right at once.
    CorrectedOnSpot {
        /// Names of the fields that were put right.
        fields: Vec<String>,
    },
    /// 视为撤回: a term of the applicant's ran out.
    DeemedWithdrawn,
    /// 容缺: promised materials arrived.
    Supplied {
        /// All materials as they stand now.
        materials: Vec<Handed>,
        /// The term that goes on, while something is still owed.
        owed: Option<Running>,
    },
    /// 补正提交.
    Corrected {
        /// All materials as they stand now.
        materials: Vec<Handed>,
        /// The acceptance clock, begun anew.
        clock: Option<Running>,
        /// 容缺: until when promised materials are due; none when nothing is owed any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owed: Option<Running>,
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
    /// 特别程序: the decision clock stands still (art. 45).
    Suspended {
        /// What is waited for.
        kind: Special,
        /// The day it began.
        since: Date,
        /// The time the applicant was told, or the hearing's own clock.
        clock: Option<Running>,
    },
    /// 申请听证 (art. 47).
    HearingRequested {
        /// The body's time to hold it.
        clock: Option<Running>,
    },
    /// 听证通知 (art. 48).
    HearingScheduled {
        /// The day.
        on: Date,
        /// Who presides.
        host: OfficerId,
    },
    /// The decision clock goes on.
    Resumed {
        /// What had been waited for.
        kind: Special,
        /// The day it had begun.
        since: Date,
        /// The day it ended.
        on: Date,
        /// The decision clock, without the days between.
        clock: Option<Running>,
        /// It ended by itself, with the time that had been told.
        lapsed: bool,
    },
    /// 延长 (art. 42).
    Extended {
        /// By how much.
        limit: Limit,
        /// The decision clock, longer.
        clock: Option<Running>,
    },
    /// A step that does not apply was passed over.
    Passed {
        /// Its id.
        step: String,
    },
    /// A step with a clock of its own began.
    StepBegan {
        /// Its id.
        step: String,
        /// Its clock.
        clock: Option<Running>,
    },
    /// A timer's time is over.
    WaitOver {
        /// The step's id.
        step: String,
    },
    /// A task was done.
    Done {
        /// The step's id.
        step: String,
        /// What came of it.
        action: String,
        /// Id of the step it led to.
        to: String,
    },
    /// 一件事: each agency is given its part.
    Branched {
        /// The parts.
        branches: Vec<BranchCase>,
    },
    /// One agency has ended its part.
    BranchEnded {
        /// Id of the part.
        branch: String,
        /// Its case; none in histories that did not yet say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
        /// How.
        outcome: Outcome,
    },
    /// A part's clock stands still (art. 45), or goes on: so do the joint case's.
    PartStopped {
        /// Id of the part.
        branch: String,
        /// Its case.
        case: CaseId,
        /// All its stops.
        stops: Vec<Stop>,
        /// The clock in front, as it goes on once no part stands still.
        clock: Option<Running>,
        /// The decision clock behind it, likewise.
        behind: Option<Running>,
    },
    /// All parts have ended.
    Joined {
        /// All of them were granted.
        all_granted: bool,
    },
    /// 秒批: the item's decision model was asked.
    Ruled {
        /// The step's id.
        step: String,
        /// The model's file.
        model: String,
        /// The definition whose model it is.
        definition: String,
        /// What it said.
        #[serde(flatten)]
        verdict: RuleVerdict,
        /// The rules that matched.
        rules: Vec<String>,
        /// Their explanation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<Text>,
        /// It fell into the sample that a person looks at.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sampled: bool,
    },
    /// 收费 was taken.
    FeeRecorded {
        /// In fen.
        fen: u32,
    },
    /// 电子监察: something went against the rules (国办函〔2016〕108号).
    Carded {
        /// Which rule.
        card: CardRule,
    },
    /// 视为准予延续 (art. 50): not decided before the permit expired.
    DeemedGranted {
        /// The clock that now runs (issue).
        clock: Option<Running>,
    },
    /// 转报 (art. 43).
    Forwarded,
    /// 终止.
    Terminated,
    /// 后续核查 of what was promised.
    Checked {
        /// Whether it was kept.
        kept: bool,
    },
    /// Taken up again.
    Reopened {
        /// On what ground.
        ground: ReopenGround,
        /// Id of the step it goes back to.
        step: String,
        /// The clock that now runs.
        clock: Option<Running>,
    },
    /// Moved to another version of its definition.
    Migrated {
        /// Digest of the definition it kept.
        from: String,
        /// Digest of the one it keeps now.
        to: String,
        /// Id of its step there.
        step: String,
        /// Index of that step there.
        index: usize,
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
    Delivered {
        /// How.
        #[serde(default, skip_serializing_if = "Channel::is_wallet")]
        channel: Channel,
    },
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
            Self::Delivered { .. } => "delivered",
            Self::Withdrawn => "withdrawn",
            Self::Closed { .. } => "closed",
            Self::Rated { .. } => "rated",
            Self::Offered { .. } => "offered",
            Self::Confirmed { .. } => "confirmed",
            Self::Declined => "declined",
            Self::CorrectedOnSpot { .. } => "corrected-on-spot",
            Self::DeemedWithdrawn => "deemed-withdrawn",
            Self::Supplied { .. } => "supplied",
            Self::Suspended { .. } => "suspended",
            Self::HearingRequested { .. } => "hearing-requested",
            Self::HearingScheduled { .. } => "hearing-scheduled",
            Self::Resumed { .. } => "resumed",
            Self::Extended { .. } => "extended",
            Self::Passed { .. } => "passed",
            Self::StepBegan { .. } => "step-began",
            Self::WaitOver { .. } => "wait-over",
            Self::Done { .. } => "done",
            Self::Branched { .. } => "branched",
            Self::BranchEnded { .. } => "branch-ended",
            Self::PartStopped { stops, .. } if stops.iter().any(|stop| stop.on.is_none()) => "part-held",
            Self::PartStopped { .. } => "part-freed",
            Self::Joined { .. } => "joined",
            Self::Ruled { .. } => "ruled",
            Self::FeeRecorded { .. } => "fee-recorded",
            Self::Carded { .. } => "carded",
            Self::DeemedGranted { .. } => "deemed-granted",
            Self::Forwarded => "forwarded",
            Self::Terminated => "terminated",
            Self::Checked { .. } => "checked",
            Self::Reopened { .. } => "reopened",
            Self::Migrated { .. } => "migrated",
        }
    }
}
