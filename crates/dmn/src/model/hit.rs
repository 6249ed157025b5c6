//! Hit policies: what happens when several rules fit.

/// A hit policy, with its aggregation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hit {
    /// U: one rule fits at most.
    Unique,
    /// A: several may fit, with the same outputs.
    Any,
    /// P: the rule whose outputs stand first in the output values.
    Priority,
    /// F: the first rule that fits.
    First,
    /// R: all, in the order of the rules.
    RuleOrder,
    /// O: all, in the order of the output values.
    OutputOrder,
    /// C: all.
    Collect,
    /// C+
    Sum,
    /// C<
    Least,
    /// C>
    Greatest,
    /// C#
    Count,
}

impl Hit {
    /// Reads the attributes of a table. None if they are no hit policy.
    pub(super) fn named(policy: &str, aggregation: &str) -> Option<Self> {
        Some(match (policy, aggregation) {
            ("" | "UNIQUE", "") => Self::Unique,
            ("ANY", "") => Self::Any,
            ("PRIORITY", "") => Self::Priority,
            ("FIRST", "") => Self::First,
            ("RULE ORDER", "") => Self::RuleOrder,
            ("OUTPUT ORDER", "") => Self::OutputOrder,
            ("COLLECT", "") => Self::Collect,
            ("COLLECT", "SUM") => Self::Sum,
            ("COLLECT", "MIN") => Self::Least,
            ("COLLECT", "MAX") => Self::Greatest,
            ("COLLECT", "COUNT") => Self::Count,
            _ => return None,
        })
    }

    /// Whether the order of the declared output values matters.
    pub(crate) fn by_output_order(self) -> bool {
        matches!(self, Self::Priority | Self::OutputOrder)
    }

    /// Whether one number comes out of many rules.
    pub(super) fn aggregates(self) -> bool {
        matches!(self, Self::Sum | Self::Least | Self::Greatest | Self::Count)
    }
}
