//! Ids that must not be mistaken for each other.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A case. It is the id of the draft it came from, so that one draft is one case however often it is sent.
    CaseId
}
id! {
    /// A person, organisation or thing that asks or acts; says nothing about who it is.
    PersonId
}
id! {
    /// An officer in office; the same human being as a citizen has a [`PersonId`] of their own.
    OfficerId
}
