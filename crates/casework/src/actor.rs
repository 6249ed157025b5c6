//! Who acts.

use domain::{AreaCode, OfficerId, PersonId};
use packs::Role;
use serde::{Deserialize, Serialize};

/// An officer at a desk of one agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// Their id in office.
    pub id: OfficerId,
    /// The name on the record.
    pub name: String,
    /// Code of their agency.
    pub agency: String,
    /// The area they serve.
    pub area: AreaCode,
    /// What they may do there.
    pub roles: Vec<Role>,
    /// The same human being as a citizen, so that nobody handles their own case.
    pub person: Option<PersonId>,
}

/// Whoever gives a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The applicant.
    Applicant(PersonId),
    /// An officer.
    Officer(Officer),
    /// The engine itself: timers and effects.
    System,
}

/// Who did it, on the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "kebab-case")]
pub enum By {
    /// The applicant.
    Applicant,
    /// An officer.
    Officer {
        /// Their id.
        id: OfficerId,
        /// Their name at the time.
        name: String,
    },
    /// The engine.
    System,
}

impl Actor {
    /// The actor as the record names them.
    #[must_use]
    pub fn by(&self) -> By {
        match self {
            Self::Applicant(_) => By::Applicant,
            Self::Officer(officer) => By::Officer { id: officer.id, name: officer.name.clone() },
            Self::System => By::System,
        }
    }
}
