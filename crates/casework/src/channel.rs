//! How a result reaches the applicant.

use serde::{Deserialize, Serialize};

/// How a result reaches the applicant 送达方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Into the applicant's own pages.
    #[default]
    Wallet,
    /// 邮寄
    Post,
    /// 窗口领取
    Window,
}

impl Channel {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::Wallet, Self::Post, Self::Window];

    /// Id of its text (`channel-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Wallet => "wallet",
            Self::Post => "post",
            Self::Window => "window",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(crate) fn is_wallet(&self) -> bool {
        *self == Self::Wallet
    }
}
