//! Why a document was not made.

/// Why a document was not made. Nothing is written half.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More than one document may hold.
    #[error("a document holds at most {most} {what}")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        most: usize,
    },
    /// A font file that cannot be read, or that may not be embedded.
    #[error("the font cannot be used: {0}")]
    Font(String),
    /// The certificate chain of the seal is not one, or does not fit its use.
    #[error("the seal's certificate chain cannot be used: {0}")]
    Chain(&'static str),
    /// The key did not sign, or answered with something that is no signature.
    #[error("the seal's key did not sign: {0}")]
    Key(String),
}
