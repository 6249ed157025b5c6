//! Procedures 办理流程: the statutory life of a case as data.

use domain::{BadLimit, Limit, Text};
use serde::{Deserialize, Serialize};

use crate::item::Law;

/// The steps a case of some item types goes through, each with its desk, its limit and its law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Id, e.g. `permit`.
    pub procedure: String,
    /// Name a person reads.
    pub title: Text,
    /// The act it carries out.
    pub law: Law,
    /// In order: one intake first, then reviews, one decision, issue and delivery.
    pub steps: Vec<Step>,
    /// Ways to challenge a refusal (行政复议, 行政诉讼), told with it.
    pub remedies: Text,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What kind of step.
    pub kind: StepKind,
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
}

fn one() -> u8 {
    1
}

/// Kinds of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// 收件与受理: accept, ask once for correction, not needed, not ours.
    Intake,
    /// 审查.
    Review,
    /// 决定: grant or refuse, with reasons.
    Decide,
    /// 制证: make the result.
    Issue,
    /// 送达.
    Deliver,
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

/// What an officer may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 受理
    Intake,
    /// 审查
    Review,
    /// 决定
    Decide,
}
