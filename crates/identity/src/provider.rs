//! The interface every identity provider stands behind, built in or remote.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use domain::{Lang, Text, Timestamp};

use crate::claims::{Claims, RealNameLevel};
use crate::oidc::Fault;

/// What came back from the provider's own page or callback, by parameter name.
pub type Returned = BTreeMap<String, String>;

/// An answer to come: remote providers ask over the network.
pub type Answered<'a, T> = Pin<Box<dyn Future<Output = Result<T, Denied>> + Send + 'a>>;

/// One going to a provider and coming back. The three secrets belong to this browser and this going alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Comes back unchanged; 43 characters of base64url.
    pub state: String,
    /// Stands in what the provider signs.
    pub nonce: String,
    /// The code verifier of PKCE (RFC 7636 § 4.1).
    pub verifier: String,
    /// Where the provider sends the browser back to: an absolute address of this site.
    pub callback: String,
    /// The level that is asked for, where more must be proved.
    pub needed: Option<RealNameLevel>,
    /// Language of the person.
    pub lang: Lang,
    /// Now.
    pub now: Timestamp,
}

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
    /// A remote provider's answer is not taken.
    #[error(transparent)]
    Provider(#[from] Fault),
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
            Self::Provider(fault) => fault.key(),
        }
    }
}

/// An identity provider.
pub trait Provider: Send + Sync {
    /// Its id, part of the record.
    fn id(&self) -> &str;

    /// What people know it by; none for the portal's own page.
    fn name(&self) -> Option<&Text>;

    /// The levels it can vouch for, the lowest first.
    fn offers(&self) -> &[RealNameLevel];

    /// How signing in begins.
    ///
    /// # Errors
    /// [`Denied::Provider`] where it cannot be reached.
    fn begin<'a>(&'a self, visit: &'a Visit) -> Answered<'a, Begin>;

    /// Judges what came back. Whoever calls has compared the state.
    ///
    /// # Errors
    /// [`Denied`] with the reason the person is told.
    fn complete<'a>(&'a self, returned: &'a Returned, visit: &'a Visit) -> Answered<'a, Claims>;
}
