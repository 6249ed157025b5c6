//! Sessions: who is signed in, and for how long.

use domain::{AreaCode, OfficerId, PersonId};
use packs::Role;
use serde::{Deserialize, Serialize};

use crate::claims::RealNameLevel;

/// What a session was opened with: who vouched, and for how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The provider's id.
    pub provider: String,
    /// How sure it was.
    pub level: RealNameLevel,
}

impl Default for Proof {
    /// What sessions stood for that were stored before they said so.
    fn default() -> Self {
        Self { provider: "demo".to_owned(), level: RealNameLevel::Matched }
    }
}

/// Who a session stands for. Holds no personal data of a citizen: their name is unsealed when shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Principal {
    /// A citizen.
    Citizen {
        /// The person.
        person: PersonId,
        /// What it was opened with, or raised to since.
        #[serde(default)]
        proof: Proof,
    },
    /// An officer at a desk. Only who sits where is kept with the session: name and roles are looked up in the
    /// directory with each request, so that no session outlives what it may do.
    Officer {
        /// Id in office.
        id: OfficerId,
        /// Name on the record.
        #[serde(default, skip_serializing)]
        name: String,
        /// Code of the agency.
        agency: String,
        /// The area.
        area: AreaCode,
        /// What they may do.
        #[serde(default, skip_serializing)]
        roles: Vec<Role>,
        /// The same human being as a citizen.
        person: Option<PersonId>,
    },
}

/// Kinds of session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A citizen's.
    Citizen,
    /// An officer's.
    Officer,
}

impl Principal {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> SessionKind {
        match self {
            Self::Citizen { .. } => SessionKind::Citizen,
            Self::Officer { .. } => SessionKind::Officer,
        }
    }
}

/// How long a session lasts, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPolicy {
    /// From signing in, whatever happens.
    pub absolute: i64,
    /// From the last request.
    pub idle: i64,
}

impl SessionKind {
    /// Its bounds: citizens fill in forms slowly, officers sit in shared rooms.
    #[must_use]
    pub fn policy(self) -> SessionPolicy {
        match self {
            Self::Citizen => SessionPolicy { absolute: 12 * 3600, idle: 2 * 3600 },
            Self::Officer => SessionPolicy { absolute: 9 * 3600, idle: 30 * 60 },
        }
    }
}
