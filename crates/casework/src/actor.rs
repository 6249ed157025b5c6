//! Who acts.

use domain::{AreaCode, OfficerId, PersonId};
use packs::Role;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

/// Somebody who acts for somebody else: 代办人 for a relative, 经办人 for an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Agent {
    /// For whom.
    pub principal: PersonId,
    /// Who acts.
    pub agent: PersonId,
    /// The tie that lets them.
    pub tie: Uuid,
}

/// Whoever gives a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The applicant.
    Applicant(PersonId),
    /// Somebody for the applicant. Whether the tie stands and covers the item is asked before.
    Agent(Agent),
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
    /// Somebody for the applicant: both are named, by ids that tell an outsider nothing.
    Agent(Agent),
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
    /// On whose side as an applicant they act: their own, or the principal's.
    #[must_use]
    pub fn applicant(&self) -> Option<PersonId> {
        match self {
            Self::Applicant(person) => Some(*person),
            Self::Agent(agent) => Some(agent.principal),
            Self::Officer(_) | Self::System => None,
        }
    }

    /// The actor as the record names them.
    #[must_use]
    pub fn by(&self) -> By {
        match self {
            Self::Applicant(_) => By::Applicant,
            Self::Agent(agent) => By::Agent(*agent),
            Self::Officer(officer) => By::Officer { id: officer.id, name: officer.name.clone() },
            Self::System => By::System,
        }
    }
}
