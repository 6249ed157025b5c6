//! What a provider vouches for.

use domain::CitizenNumber;
use serde::{Deserialize, Serialize};

/// How sure we are who somebody is (国办函〔2016〕108号; levels as Guangdong's unified identity counts them).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RealNameLevel {
    /// 2: self-declared, check digits only.
    Declared,
    /// 3: name and number matched with a population register.
    Matched,
    /// 4: face.
    Face,
    /// 5: certificate or window.
    InPerson,
}

impl RealNameLevel {
    /// All levels, the lowest first.
    pub const ALL: [Self; 4] = [Self::Declared, Self::Matched, Self::Face, Self::InPerson];

    /// The level of a number; `None` for a number that is none.
    #[must_use]
    pub fn of(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }

    /// The number by which Guangdong's unified identity counts it.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Declared => 2,
            Self::Matched => 3,
            Self::Face => 4,
            Self::InPerson => 5,
        }
    }
}

/// A person as a provider knows them. Personal data: seal before storing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Id of the provider.
    pub provider: String,
    /// The name.
    pub name: String,
    /// The citizen number, by which one person is one person whatever the provider.
    pub number: CitizenNumber,
    /// A mobile number, where known.
    pub mobile: Option<String>,
    /// An address, where known.
    pub address: Option<String>,
    /// How sure.
    pub level: RealNameLevel,
}
