//! Why something shown to us is not accepted.

/// Each reason to refuse a credential, a code or a token. The words are for logs; pages say it by [`Refusal::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// More bytes, disclosures or levels than any certificate needs.
    #[error("it is larger than any certificate")]
    TooLarge,
    /// It cannot be read; the word says which part.
    #[error("it cannot be read: {0}")]
    Malformed(&'static str),
    /// `typ` says that it is something else.
    #[error("it is another kind of token")]
    WrongForm,
    /// `alg` is `none`.
    #[error("it is not signed")]
    AlgNone,
    /// `alg` is not the algorithm of the key.
    #[error("its algorithm is not that of the key")]
    KeyConfusion,
    /// It asks for an extension (`crit`) that we do not know.
    #[error("it asks for an extension that is not known here")]
    UnknownExtension,
    /// No keys are known for its issuer.
    #[error("its issuer is not trusted here")]
    UnknownIssuer,
    /// The issuer has no such key.
    #[error("its key is not known")]
    UnknownKey,
    /// The issuer's key was retired.
    #[error("its key was retired")]
    RetiredKey,
    /// The signature does not fit: somebody changed it, or somebody else wrote it.
    #[error("it was altered: the signature does not fit")]
    Altered,
    /// `vct` is not a type that is expected.
    #[error("it is of a type that is not expected")]
    UnknownType,
    /// It holds only later.
    #[error("it is not valid yet")]
    NotYetValid,
    /// It held until earlier.
    #[error("it has expired")]
    Expired,
    /// `_sd_alg` is not SHA-256.
    #[error("its digests are made in a way that is not known here")]
    DigestAlgorithm,
    /// A disclosure cannot be read or stands in the wrong place.
    #[error("a disclosure cannot be read")]
    BadDisclosure,
    /// A disclosure, a digest or a name is there twice.
    #[error("a disclosure is repeated")]
    DisclosureRepeated,
    /// A disclosure belongs to nothing that was signed.
    #[error("a disclosure belongs to nothing that was signed")]
    DisclosureUnreferenced,
    /// The holder did not prove to hold the key.
    #[error("the holder's proof is missing")]
    ProofMissing,
    /// It is bound to no key, so nobody can prove to hold it.
    #[error("it is bound to no holder's key")]
    NotBound,
    /// The holder's proof is not signed by the holder's key.
    #[error("the holder's proof was altered or made by somebody else")]
    ProofAltered,
    /// The holder's proof is about another presentation.
    #[error("the holder's proof is about something else")]
    ProofOfOther,
    /// The holder's proof is for somebody else.
    #[error("it was shown to somebody else")]
    WrongAudience,
    /// The holder's proof answers another question.
    #[error("it answers another question")]
    WrongNonce,
    /// The holder's proof was used before.
    #[error("it was used before")]
    Replayed,
    /// The holder's proof is too old, or from the future.
    #[error("it was not made just now")]
    ProofNotFresh,
    /// A status list that is published at another address.
    #[error("it is the status list of another address")]
    OtherList,
    /// The issuer took it back.
    #[error("it is revoked")]
    Revoked,
    /// The issuer suspended it.
    #[error("it is suspended")]
    Suspended,
    /// The issuer gave it a status of its own that is not "valid".
    #[error("its issuer gave it a status ({0}) that is not valid")]
    OtherStatus(u8),
}

impl Refusal {
    /// A stable name for texts in two languages, the API and statistics.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Malformed(_) => "malformed",
            Self::WrongForm => "wrong-form",
            Self::AlgNone => "alg-none",
            Self::KeyConfusion => "key-confusion",
            Self::UnknownExtension => "unknown-extension",
            Self::UnknownIssuer => "unknown-issuer",
            Self::UnknownKey => "unknown-key",
            Self::RetiredKey => "retired-key",
            Self::Altered => "altered",
            Self::UnknownType => "unknown-type",
            Self::NotYetValid => "not-yet-valid",
            Self::Expired => "expired",
            Self::DigestAlgorithm => "digest-algorithm",
            Self::BadDisclosure => "bad-disclosure",
            Self::DisclosureRepeated => "disclosure-repeated",
            Self::DisclosureUnreferenced => "disclosure-unreferenced",
            Self::ProofMissing => "proof-missing",
            Self::NotBound => "not-bound",
            Self::ProofAltered => "proof-altered",
            Self::ProofOfOther => "proof-of-other",
            Self::WrongAudience => "wrong-audience",
            Self::WrongNonce => "wrong-nonce",
            Self::Replayed => "replayed",
            Self::ProofNotFresh => "proof-not-fresh",
            Self::OtherList => "other-list",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::OtherStatus(_) => "other-status",
        }
    }
}
