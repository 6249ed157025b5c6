//! What can go wrong between a context and a page.

/// Errors of this room. All but [`ViewError::Render`] are found when the program starts.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// A locale file is not Fluent.
    #[error("locale file {file}: {reason}")]
    Locale {
        /// The file.
        file: &'static str,
        /// What the parser says.
        reason: String,
    },
    /// A template names a text, an icon or a file that does not exist.
    #[error("template {template}: no {what} named {name}")]
    Missing {
        /// The template.
        template: &'static str,
        /// `text`, `icon` or `asset`.
        what: &'static str,
        /// The name asked for.
        name: String,
    },
    /// A template does not parse, or does not fit its context.
    #[error("page: {0:#}")]
    Render(#[from] minijinja::Error),
}
