//! What can be wrong with a network or its file.

/// Why an architecture, a model file or a wish to train was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NetworkError {
    /// The architecture cannot be built, or is larger than the bounds of this module.
    #[error("architecture: {0}")]
    Architecture(&'static str),
    /// The file is no model file, is cut short, or carries more than it says.
    #[error("model file: {0}")]
    File(&'static str),
    /// The file is of a version that this program does not know.
    #[error("model file: version {0} is not known to this program")]
    Version(u16),
    /// The bytes are not those that were written.
    #[error("model file: the checksum does not match")]
    Checksum,
    /// An option of training makes no sense.
    #[error("training: {0}")]
    Options(&'static str),
}
