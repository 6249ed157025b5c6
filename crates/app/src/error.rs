//! What can go wrong in a use case; each is told to the person in their own words by the web.

use casework::{Refusal, Rule};
use identity::webauthn::PasskeyFault;
use identity::{Denied, WechatFault};
use packs::FieldError;

use crate::files::FileError;
use crate::partners::OauthError;
use crate::stations::StationError;
use crate::ties::TieError;
use crate::window::WindowFault;

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is not this person's to know.
    #[error("not found")]
    NotFound,
    /// Signed in, but not allowed.
    #[error("not allowed")]
    Forbidden,
    /// Nobody is signed in, or as somebody else.
    #[error("sign in first")]
    SignIn,
    /// The item is not handled here.
    #[error("this item cannot be applied for here")]
    NotOnline,
    /// The law or the procedure stands against it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The use of sensitive answers was not consented to (个人信息保护法 art. 29).
    #[error("consent is missing")]
    Consent,
    /// Answers are wrong.
    #[error("answers are missing or wrong")]
    Answers(Vec<FieldError>),
    /// A file cannot be taken.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file of a correction cannot be taken.
    #[error("{error}")]
    CorrectionFile {
        /// The material it was sent for.
        material: String,
        /// Why.
        error: FileError,
    },
    /// The provider does not vouch for them.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// WeChat, or a ticket made with it, opens nothing.
    #[error(transparent)]
    Wechat(#[from] WechatFault),
    /// What an officer wrote down at a window is not enough.
    #[error(transparent)]
    Window(#[from] WindowFault),
    /// A passkey is not taken.
    #[error(transparent)]
    Passkey(#[from] PasskeyFault),
    /// The item asks for a higher real-name level than the person has.
    #[error("this needs real-name level {needed}, the person has {has}")]
    Level {
        /// What the item asks for, 2 to 5.
        needed: u8,
        /// What was proved so far.
        has: u8,
    },
    /// A tie cannot be asked for or made.
    #[error(transparent)]
    Tie(#[from] TieError),
    /// Too many drafts are open.
    #[error("too many drafts")]
    TooManyDrafts,
    /// Others act on the same case at once; nothing was changed.
    #[error("others are acting on the same case")]
    Contention,
    /// An idempotency key that came with another request before.
    #[error("this key was used for another request")]
    KeyReused,
    /// An idempotency key that is empty or too long.
    #[error("an idempotency key has 1 to 255 bytes")]
    BadKey,
    /// A case cannot be moved to another version.
    #[error("the case cannot be moved: {0}")]
    Stuck(#[from] casework::Stuck),
    /// The store did not take it.
    #[error(transparent)]
    Store(store::Error),
    /// A certificate, code or list cannot be made, in words without personal data.
    #[error("a certificate cannot be made: {0}")]
    Certificate(String),
    /// The certificate behind an agency's seal does not hold today: nothing is sealed with it.
    #[error("the certificate of the agency's seal does not hold today")]
    SealOver,
    /// A partner's application is told so in the words of OAuth.
    #[error(transparent)]
    Oauth(#[from] OauthError),
    /// What an operator wrote of a partner's application is wrong, a line for each.
    #[error("{0}")]
    Partner(String),
    /// A station is not served.
    #[error(transparent)]
    Station(#[from] StationError),
    /// A stored document cannot be read.
    #[error("a stored document cannot be read: {0}")]
    Document(#[from] serde_json::Error),
}

impl From<Rule> for Error {
    fn from(rule: Rule) -> Self {
        Self::Refused(rule.into())
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}
