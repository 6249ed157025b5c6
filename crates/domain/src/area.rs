//! Administrative areas: GB/T 2260 six digits, and the statistical nine (town) and twelve (village).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A code of 6, 9 or 12 digits. Codes are text: they never lose a leading zero and are never summed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode(String);

/// How far down an area lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaLevel {
    /// 省
    Province,
    /// 市
    City,
    /// 县、区
    County,
    /// 镇、街道
    Town,
    /// 村、社区
    Village,
}

/// The string is not 6, 9 or 12 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an area code is 6, 9 or 12 digits")]
pub struct BadAreaCode;

impl AreaCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level the digits tell.
    #[must_use]
    pub fn level(&self) -> AreaLevel {
        match (self.0.len(), &self.0[2..]) {
            (12, _) => AreaLevel::Village,
            (9, _) => AreaLevel::Town,
            (_, "0000") => AreaLevel::Province,
            (_, rest) if rest.ends_with("00") => AreaLevel::City,
            _ => AreaLevel::County,
        }
    }

    /// The province this area lies in.
    #[must_use]
    pub fn province(&self) -> Self {
        Self(format!("{}0000", &self.0[..2]))
    }

    /// The six digits of the county, or of the city where towns hang directly under it (Dongguan, Zhongshan).
    #[must_use]
    pub fn six(&self) -> &str {
        &self.0[..6]
    }
}

impl FromStr for AreaCode {
    type Err = BadAreaCode;

    fn from_str(text: &str) -> Result<Self, BadAreaCode> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if digits && matches!(text.len(), 6 | 9 | 12) { Ok(Self(text.to_owned())) } else { Err(BadAreaCode) }
    }
}

impl TryFrom<String> for AreaCode {
    type Error = BadAreaCode;

    fn try_from(text: String) -> Result<Self, BadAreaCode> {
        text.parse()
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> Self {
        code.0
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
