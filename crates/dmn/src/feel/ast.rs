//! What an expression looks like once read. Chains such as `a + b - c` are flat, so that depth is bounded by brackets.

use super::builtins::Function;
use crate::value::Value;

/// An expression.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    Literal(Value),
    /// A name in scope; within a filter perhaps an entry of the item.
    Name(String),
    Negate(Box<Expr>),
    /// `a + b - c`, `a * b / c` or `a ** b`, from left to right.
    Chain(Box<Expr>, Vec<(Arith, Expr)>),
    Compare(Compare, Box<Expr>, Box<Expr>),
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Tests),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    For(Vec<(String, Source)>, Box<Expr>),
    /// `some … satisfies` (true) or `every … satisfies` (false).
    Quantified(bool, Vec<(String, Source)>, Box<Expr>),
    List(Vec<Expr>),
    Context(Vec<(String, Expr)>),
    /// `a.b[c].d`
    Path(Box<Expr>, Vec<Step>),
    Call(&'static Function, Vec<Expr>),
    /// A business knowledge model and its arguments in the order of its parameters.
    Invoke(String, Vec<Expr>),
}

/// What a loop runs over.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    List(Expr),
    /// `a..b`, both included, downwards where b is less than a.
    Range(Expr, Expr),
}

/// One step of a path.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Entry(String),
    Filter(Expr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arith {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// The content of an input cell, or what stands after `in`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tests {
    /// Written `not(…)`.
    pub(crate) negated: bool,
    /// One of them must hold. None at all is `-`: anything fits.
    pub(crate) any: Vec<Test>,
}

#[derive(Debug, Clone)]
pub(crate) enum Test {
    Compare(Compare, Expr),
    Range {
        low: Expr,
        low_included: bool,
        high: Expr,
        high_included: bool,
    },
    /// A value, or a list of values, that the input may be.
    Value(Expr),
    /// A condition that speaks of the input as `?`.
    Condition(Expr),
}
