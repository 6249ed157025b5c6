//! Procedures 办理流程: the life of a case as data.

mod graph;
mod walk;

pub(crate) use graph::PASS_OVER;
pub use graph::{Exit, Graph, To};
pub use walk::{Walk, walks};

use std::collections::BTreeMap;

use domain::{AreaCode, BadLimit, Limit, Text};
use serde::{Deserialize, Serialize};

use crate::item::Law;
use crate::role::Role;

/// The steps a case goes through, each with its desk, its limit and its law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Id, e.g. `permit`.
    pub procedure: String,
    /// Name a person reads.
    pub title: Text,
    /// The act it carries out.
    pub law: Law,
    /// In order. A step is followed by the next one; a task names the steps its outcomes lead to.
    pub steps: Vec<Step>,
    /// Ways to challenge a refusal (行政复议, 行政诉讼), told with it.
    pub remedies: Text,
    /// 特别程序: what may stop the decision clock (行政许可法 art. 45).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspends: Vec<Special>,
    /// 延长: how far the decision clock may be extended, once (art. 42).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extend: Option<Extend>,
    /// How long the applicant has to answer a correction notice, and what silence means. The
    /// Administrative Licensing Law sets neither, local rules do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<ApplicantTerm>,
    /// 容缺受理: how long materials promised for later may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<ApplicantTerm>,
    /// 转报: the decision may be left to a higher body after the first review (art. 43).
    #[serde(default, skip_serializing_if = "is_false")]
    pub forwards: bool,
    /// 延续: a renewal undecided when the permit expires counts as granted (art. 50).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal: Option<Renewal>,
    /// What the foreign definition it was imported from says of it, word for word by its own keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub origin: BTreeMap<String, String>,
}

impl Procedure {
    /// Whether it is free of statutory steps, as imported procedures are: tasks, timers, joint steps and ends
    /// only. No permit may go through one.
    #[must_use]
    pub fn generic(&self) -> bool {
        let free = [StepKind::Task, StepKind::Wait, StepKind::Together, StepKind::End];
        !self.steps.is_empty() && self.steps.iter().all(|step| free.contains(&step.kind))
    }

    /// Whether the parts of the joint step at `at` decide: they do where the step says so, and where no decision
    /// is made later. One that is not granted then ends the whole.
    #[must_use]
    pub fn parts_decide(&self, at: usize) -> bool {
        let mut later = self.steps.iter().skip(at);
        self.steps.get(at).is_some_and(|step| step.each_decides)
            || later.all(|step| step.kind != StepKind::Decide)
    }

    /// Index of the step with this id.
    #[must_use]
    pub fn index(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id() == id)
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Stable id within the procedure; a step without one goes by its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What kind of step.
    pub kind: StepKind,
    /// What people call it; the kind's name where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Who takes it; `None` for a step the engine takes by itself.
    #[serde(default)]
    pub desk: Option<Role>,
    /// How many different officers must agree (two for substantive checks, 行政许可法 art. 34).
    #[serde(default = "one")]
    pub officers: u8,
    /// Its clock.
    #[serde(default)]
    pub within: Option<Within>,
    /// What the law makes of silence.
    #[serde(default)]
    pub otherwise: Option<Otherwise>,
    /// The article it carries out.
    #[serde(default)]
    pub law: Option<Text>,
    /// A FEEL condition; where it is false the step is passed over, on the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The item's decision model takes it first; what is unclear goes to the desk.
    #[serde(default, skip_serializing_if = "is_false")]
    pub rules: bool,
    /// Of a task: what may come of it, and where that leads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<TaskOutcome>,
    /// Of a task: ids of others; whoever did one of those does not do this one (a second pair of eyes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_by: Vec<String>,
    /// Of a joint step: the agencies that work at the same time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<Branch>,
    /// Of a joint step: each agency decides its own part, so that nobody can grant the whole over a refusal
    /// (行政许可法 art. 26(2)); a decision later only brings together what all granted.
    #[serde(default, skip_serializing_if = "is_false")]
    pub each_decides: bool,
    /// Of an end: how the case has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Ids this step had in earlier versions: running cases continue here when they are migrated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<String>,
    /// What the foreign definition it was imported from says of it, word for word by its own keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub origin: BTreeMap<String, String>,
}

impl Step {
    /// A step of a kind, without desk or limit: for code that makes steps.
    #[must_use]
    pub fn new(kind: StepKind) -> Self {
        Self {
            id: None,
            kind,
            title: None,
            desk: None,
            officers: 1,
            within: None,
            otherwise: None,
            law: None,
            when: None,
            rules: false,
            outcomes: Vec::new(),
            not_by: Vec::new(),
            branches: Vec::new(),
            each_decides: false,
            end: None,
            was: Vec::new(),
            origin: BTreeMap::new(),
        }
    }

    /// The id it goes by.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(self.kind.id())
    }
}

fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Kinds of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// 免申即享: found to qualify, the citizen only confirms. First, in place of or before intake.
    Confirm,
    /// 收件与受理: accept, ask once for correction, not needed, not ours.
    Intake,
    /// 审查.
    Review,
    /// 一件事: several agencies at the same time, each with a case of its own; joined when all have ended.
    Together,
    /// A durable timer, e.g. a public notice (公示): passed when its time is over.
    Wait,
    /// A person's step with outcomes of its own, each leading to a step that it names.
    Task,
    /// 决定: grant or refuse, with reasons.
    Decide,
    /// 制证: make the result.
    Issue,
    /// 送达.
    Deliver,
    /// 后续核查: after a decision on a promise (告知承诺), whether the promise was kept.
    Check,
    /// An end that tasks lead to.
    End,
}

impl StepKind {
    /// Id, as in files and in `step-<id>` texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Intake => "intake",
            Self::Review => "review",
            Self::Together => "together",
            Self::Wait => "wait",
            Self::Task => "task",
            Self::Decide => "decide",
            Self::Issue => "issue",
            Self::Deliver => "deliver",
            Self::Check => "check",
            Self::End => "end",
        }
    }
}

/// How an end step ends the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The applicant has what was asked for.
    Granted,
    /// It was refused.
    Refused,
    /// It was ended without a decision.
    Terminated,
}

impl End {
    /// Id, as in files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Terminated => "terminated",
        }
    }
}

/// What may come of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskOutcome {
    /// Id within the step, e.g. `forward`.
    pub action: String,
    /// What the button says.
    pub title: Text,
    /// Id of the step it leads to.
    pub to: String,
    /// Who may choose it; the step's desk where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub desks: Vec<Role>,
    /// Reasons must be given with it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reasons: bool,
    /// What the item's decision model must say for it to choose this outcome itself; a person chooses otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_rules: Option<ByRules>,
}

/// What a decision model says of a task so that an outcome is chosen by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByRules {
    /// All conditions are met.
    Grant,
    /// They are not. Of things alone: a refusal of a person is a person's (个人信息保护法 art. 24).
    Refuse,
}

impl ByRules {
    /// Id, as in files and as the model says it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Refuse => "refuse",
        }
    }
}

/// One agency's part of a joint step: a case of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Id within the step.
    pub branch: String,
    /// What people call it.
    pub title: Text,
    /// Code of the handling agency.
    pub agency: String,
    /// The area it handles it in; the agency's own where it is absent.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// Id of the procedure this part follows.
    pub procedure: String,
    /// A FEEL condition; the part is opened only where it is true.
    #[serde(default)]
    pub when: Option<String>,
    /// Names of the answers this agency needs and sees (个人信息保护法 art. 6); all where it is empty.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Ids of the materials this agency needs and sees.
    #[serde(default)]
    pub materials: Vec<String>,
    /// Its legal limit.
    #[serde(default, with = "maybe_limit_text")]
    pub statutory: Option<Limit>,
    /// Its promised limit.
    #[serde(default, with = "maybe_limit_text")]
    pub promised: Option<Limit>,
    /// The acts this agency decides by; those of the whole item where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub law: Vec<Law>,
}

/// 特别程序 that stop the decision clock (行政许可法 art. 45).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Special {
    /// 听证, with clocks of its own (arts 46–48).
    Hearing,
    /// 招标
    Tender,
    /// 拍卖
    Auction,
    /// 检验
    Inspection,
    /// 检测
    Testing,
    /// 检疫
    Quarantine,
    /// 鉴定
    Appraisal,
    /// 专家评审
    ExpertReview,
}

impl Special {
    /// All, in the order of the article.
    pub const ALL: [Self; 8] = [
        Self::Hearing,
        Self::Tender,
        Self::Auction,
        Self::Inspection,
        Self::Testing,
        Self::Quarantine,
        Self::Appraisal,
        Self::ExpertReview,
    ];

    /// Id, as in files and in `special-<id>` texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Hearing => "hearing",
            Self::Tender => "tender",
            Self::Auction => "auction",
            Self::Inspection => "inspection",
            Self::Testing => "testing",
            Self::Quarantine => "quarantine",
            Self::Appraisal => "appraisal",
            Self::ExpertReview => "expert-review",
        }
    }
}

/// 延长审批: once, by the head, with reasons told (行政许可法 art. 42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extend {
    /// Who may.
    pub desk: Role,
    /// By how much at most.
    #[serde(with = "limit_text")]
    pub up_to: Limit,
}

/// A time the applicant is given, and what silence means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicantTerm {
    /// How long.
    #[serde(with = "limit_text")]
    pub within: Limit,
    /// What silence means; nothing where it is absent.
    #[serde(default)]
    pub otherwise: Option<ApplicantSilence>,
    /// The rule it comes from.
    #[serde(default)]
    pub law: Option<Text>,
}

/// What the rules make of an applicant's silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicantSilence {
    /// 视为撤回申请.
    DeemedWithdrawn,
}

/// 延续 (行政许可法 art. 50).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    /// Name of the date field that holds the day on which the permit expires.
    pub expires: String,
    /// How many days before that day one must have applied.
    pub days_before: u16,
}

/// A step's clock. In a file: `5 workdays`, `10 natural days`, or `item limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Within {
    /// A limit of the procedure itself.
    Days(Limit),
    /// Shares the item's own limits (statutory and promised), counted from acceptance.
    ItemLimit,
}

impl TryFrom<String> for Within {
    type Error = BadLimit;

    fn try_from(text: String) -> Result<Self, BadLimit> {
        if text.trim() == "item limit" { Ok(Self::ItemLimit) } else { text.parse().map(Self::Days) }
    }
}

impl From<Within> for String {
    fn from(within: Within) -> Self {
        match within {
            Within::Days(limit) => limit.to_string(),
            Within::ItemLimit => "item limit".into(),
        }
    }
}

/// What the law makes of silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    /// 逾期不告知的，自收到申请材料之日起即为受理 (行政许可法 art. 32).
    DeemedAccepted,
}

/// A limit as partners write it.
mod limit_text {
    use domain::Limit;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(limit: &Limit, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(limit)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Limit, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// A limit that may be absent, as partners write it.
mod maybe_limit_text {
    use domain::Limit;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    #[expect(clippy::ref_option, reason = "serde asks for a reference")]
    pub(super) fn serialize<S: Serializer>(limit: &Option<Limit>, to: S) -> Result<S::Ok, S::Error> {
        limit.map(|limit| limit.to_string()).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Limit>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}
