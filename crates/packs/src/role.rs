//! Roles: what an officer may do at a desk.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A role, by its id. The constants are those the statutory steps use; a pack may name others, as
/// imported procedures do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Role(Cow<'static, str>);

impl Role {
    /// 受理
    pub const INTAKE: Self = Self(Cow::Borrowed("intake"));
    /// 审查
    pub const REVIEW: Self = Self(Cow::Borrowed("review"));
    /// 决定
    pub const DECIDE: Self = Self(Cow::Borrowed("decide"));
    /// 行政机关负责人: extends limits and reopens cases (行政许可法 art. 42).
    pub const HEAD: Self = Self(Cow::Borrowed("head"));
    /// 监督: reads the supervision view.
    pub const SUPERVISE: Self = Self(Cow::Borrowed("supervise"));
    /// 运维: looks after effects that failed for good.
    pub const OPERATE: Self = Self(Cow::Borrowed("operate"));
    /// 实名核验: registers people in person at a window.
    pub const REGISTER: Self = Self(Cow::Borrowed("register"));
    /// Not an officer's: the step is the applicant's own.
    pub const APPLICANT: Self = Self(Cow::Borrowed("applicant"));

    /// A role with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(Cow::Owned(id.into()))
    }

    /// The id, as stored and as in `role-<id>` texts.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0
    }
}
