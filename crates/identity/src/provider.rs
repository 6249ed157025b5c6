//! The interface every identity provider stands behind, built in or remote.

use std::collections::BTreeMap;

use crate::claims::{Claims, RealNameLevel};

/// What came back from the provider's own page or callback, by parameter name.
pub type Returned = BTreeMap<String, String>;

/// How signing in begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// The portal shows its own sign-in page for this provider.
    OwnPage,
    /// The browser is sent to the provider.
    Redirect(String),
}

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No name was given.
    #[error("no name was given")]
    Name,
    /// The citizen number is wrong.
    #[error(transparent)]
    Number(#[from] domain::BadCitizenNumber),
    /// A number that could be a real person's was given to the demonstration provider.
    #[error("the demonstration accepts only numbers of synthetic people")]
    NotSynthetic,
    /// Name and number do not belong together.
    #[error("name and number do not match")]
    Mismatch,
    /// This person has proved more before; a bare declaration no longer opens their account.
    #[error("this person has proved more before")]
    ProvedMore,
    /// The proof is somebody else's.
    #[error("the proof is about somebody else")]
    OtherPerson,
    /// The provider did not prove as much as was asked for.
    #[error("the provider did not prove enough")]
    TooLow,
}

impl Denied {
    /// Key of its text.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Name => "signin-name-missing",
            Self::Number(domain::BadCitizenNumber::Check) => "signin-number-check",
            Self::Number(domain::BadCitizenNumber::Birthday) => "signin-number-birthday",
            Self::Number(_) => "signin-number-shape",
            Self::NotSynthetic => "signin-not-synthetic",
            Self::Mismatch => "signin-mismatch",
            Self::ProvedMore => "signin-proved-more",
            Self::OtherPerson => "signin-other-person",
            Self::TooLow => "signin-too-low",
        }
    }
}

/// An identity provider.
pub trait Provider: Send + Sync {
    /// Its id, part of the record.
    fn id(&self) -> &'static str;

    /// The levels it can vouch for, the lowest first.
    fn offers(&self) -> &'static [RealNameLevel];

    /// How signing in begins; `state` comes back unchanged.
    fn begin(&self, state: &str) -> Begin;

    /// Judges what came back.
    ///
    /// # Errors
    /// [`Denied`] with the reason the person is told.
    fn complete(&self, returned: &Returned) -> Result<Claims, Denied>;
}
