//! Why a provider's answer is not taken.

/// Why a provider's answer is not taken. Each has an id for the log and the page, and a text for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The provider cannot be reached, or answers with an error of its own.
    #[error("the provider is not reached")]
    Away,
    /// What it publishes about itself is not as the standard has it.
    #[error("the provider's own description cannot be used")]
    Description,
    /// It describes itself as somebody else (Discovery § 4.3).
    #[error("the provider's description names another issuer")]
    OtherIssuer,
    /// The state is not this browser's: begun elsewhere, answered before, or begun too long ago.
    #[error("the state is not this browser's")]
    State,
    /// The person said no, or the provider did.
    #[error("the provider or the person refused")]
    Refused,
    /// No code came back.
    #[error("no code came back")]
    Code,
    /// The answer comes from another provider than was asked (RFC 9207).
    #[error("the answer comes from another provider")]
    Mixed,
    /// The provider does not take the code: used before, too old, or another's.
    #[error("the provider does not take the code")]
    CodeRefused,
    /// The ID token cannot be read, or is too long.
    #[error("the ID token cannot be read")]
    Unreadable,
    /// The ID token is not signed (`alg: none`).
    #[error("the ID token is not signed")]
    Unsigned,
    /// No key of the provider fits.
    #[error("the key of the ID token is not among the provider's")]
    UnknownKey,
    /// The header names another algorithm than the key has.
    #[error("the algorithm is not the key's")]
    Algorithm,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// The token is of another issuer.
    #[error("the ID token is of another issuer")]
    Issuer,
    /// The token is for another application.
    #[error("the ID token is for another application")]
    Audience,
    /// The token was issued to another application (`azp`).
    #[error("the ID token was issued to another application")]
    Party,
    /// The token has expired, or was issued too long ago.
    #[error("the ID token has expired")]
    Expired,
    /// The token is of the future.
    #[error("the ID token is of the future")]
    Early,
    /// The token belongs to another sign-in.
    #[error("the nonce is another sign-in's")]
    Nonce,
    /// The access token is not the one that the ID token came with.
    #[error("the access token belongs to another ID token")]
    AccessToken,
    /// The further claims are about somebody else.
    #[error("the further claims are about somebody else")]
    Subject,
    /// Name or number is missing.
    #[error("the provider does not say name and number")]
    Lacks,
    /// It does not say how sure it is, or says it in words not agreed upon.
    #[error("the provider's level is not among those agreed upon")]
    Level,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 23] = [
        Self::Away,
        Self::Description,
        Self::OtherIssuer,
        Self::State,
        Self::Refused,
        Self::Code,
        Self::Mixed,
        Self::CodeRefused,
        Self::Unreadable,
        Self::Unsigned,
        Self::UnknownKey,
        Self::Algorithm,
        Self::Signature,
        Self::Issuer,
        Self::Audience,
        Self::Party,
        Self::Expired,
        Self::Early,
        Self::Nonce,
        Self::AccessToken,
        Self::Subject,
        Self::Lacks,
        Self::Level,
    ];

    /// Its id, by which staff find it in the operations manual.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Description => "description",
            Self::OtherIssuer => "other-issuer",
            Self::State => "state",
            Self::Refused => "refused",
            Self::Code => "code",
            Self::Mixed => "mixed",
            Self::CodeRefused => "code-refused",
            Self::Unreadable => "unreadable",
            Self::Unsigned => "unsigned",
            Self::UnknownKey => "unknown-key",
            Self::Algorithm => "algorithm",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Party => "party",
            Self::Expired => "expired",
            Self::Early => "early",
            Self::Nonce => "nonce",
            Self::AccessToken => "access-token",
            Self::Subject => "subject",
            Self::Lacks => "lacks",
            Self::Level => "level",
        }
    }

    /// Key of its text: what somebody can do about it, which is the same for all answers that are not genuine.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Away | Self::Description | Self::OtherIssuer => "signin-away",
            Self::State | Self::CodeRefused => "signin-state",
            Self::Refused => "signin-refused",
            Self::Expired | Self::Early => "signin-late",
            Self::Lacks => "signin-lacks",
            Self::Level => "signin-level-unknown",
            _ => "signin-not-genuine",
        }
    }
}
