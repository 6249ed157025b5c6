//! What a partner's application may ask for, and what of a person it then sees.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The pseudonym, different for each partner. Always asked for.
    Openid,
    /// The name.
    Profile,
    /// The name as verified, with the real-name level and who vouched for it.
    RealName,
    /// The citizen number with all but its ends starred.
    IdNumberMasked,
    /// The whole citizen number: sensitive, so it is agreed to apart (个人信息保护法 art. 28, 29).
    IdNumber,
    /// The mobile number.
    Phone,
    /// The address.
    Address,
    /// Their certificates, to keep in a wallet: all that they say, so it is agreed to apart.
    Certificates,
    /// To look again while nobody is signed in, until consent ends.
    OfflineAccess,
}

impl Scope {
    /// All of them, in the order in which people are asked.
    pub const ALL: [Self; 9] = [
        Self::Openid,
        Self::Profile,
        Self::RealName,
        Self::IdNumberMasked,
        Self::IdNumber,
        Self::Phone,
        Self::Address,
        Self::Certificates,
        Self::OfflineAccess,
    ];

    /// As it is written.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Openid => "openid",
            Self::Profile => "profile",
            Self::RealName => "real_name",
            Self::IdNumberMasked => "id_number_masked",
            Self::IdNumber => "id_number",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Certificates => "certificates",
            Self::OfflineAccess => "offline_access",
        }
    }

    /// Agreed to by a box of its own.
    #[must_use]
    pub fn sensitive(self) -> bool {
        matches!(self, Self::IdNumber | Self::Certificates)
    }
}

impl FromStr for Scope {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|scope| scope.id() == text).ok_or(())
    }
}

/// As a `scope` parameter has them.
pub(super) fn written(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.id()).collect::<Vec<_>>().join(" ")
}

/// A `scope` parameter: each once, in the order of [`Scope::ALL`]; nothing when one is unknown.
pub(super) fn read(text: &str) -> Option<Vec<Scope>> {
    let mut scopes = text
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(str::parse)
        .collect::<Result<Vec<_>, _>>()
        .ok()?;
    scopes.sort_unstable();
    scopes.dedup();
    Some(scopes)
}

/// Whether all of `asked` are in `given`.
pub(super) fn covers(given: &[Scope], asked: &[Scope]) -> bool {
    asked.iter().all(|scope| given.contains(scope))
}
