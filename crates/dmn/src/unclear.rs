//! Why a model gave no verdict.

/// The model gives no answer that may be acted on. A person decides.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// No rule of a table fits, and the table has no default output.
    #[error("no rule of “{decision}” fits these inputs")]
    NoRule {
        /// The table's decision.
        decision: String,
    },
    /// Several rules fit where the hit policy allows one, or rules of policy Any disagree.
    #[error("several rules of “{decision}” fit these inputs: {rules:?}")]
    SeveralRules {
        /// The table's decision.
        decision: String,
        /// Numbers of the rules, from 1.
        rules: Vec<usize>,
    },
    /// Evaluation took more steps or bytes than allowed, or went too deep.
    #[error("the model needs more time or memory than a decision may take")]
    OverBudget,
    /// An input has the wrong kind, or an operation has no answer.
    #[error("{what}")]
    Wrong {
        /// What went wrong and where.
        what: String,
    },
}

impl Unclear {
    /// [`Unclear::Wrong`] with these words.
    pub(crate) fn wrong(what: impl Into<String>) -> Self {
        Self::Wrong { what: what.into() }
    }

    /// The same, with the place put before the words of [`Unclear::Wrong`].
    pub(crate) fn at(self, place: &str) -> Self {
        match self {
            Self::Wrong { what } => Self::Wrong { what: format!("{place}: {what}") },
            other => other,
        }
    }
}
