//! FEEL: the expression language of DMN, the part of it that this room carries out.

mod ast;
mod builtins;
mod eval;
mod names;
mod ops;
mod parse;
mod primary;
mod scan;
mod temporal;
mod tests_of;

pub(crate) use ast::{Compare, Expr, Test, Tests};
pub(crate) use eval::{Scope, eval, fits_tests, own};
pub(crate) use names::{Names, normal};
pub(crate) use ops::{add_values as add, equal, order};
pub(crate) use parse::{parse_expression, parse_tests};
pub(crate) use scan::Bad;
pub(crate) use temporal::{duration_text, months_text};
