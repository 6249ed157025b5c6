//! What makes a decision: an expression, a table, or a boxed expression of other ones.

use std::collections::BTreeMap;

use super::table::plain;
use super::types::Type;
use super::{Run, Table};
use crate::feel::{Expr, Scope, eval, own};
use crate::unclear::Unclear;
use crate::value::Value;

/// Decision logic.
#[derive(Debug, Clone)]
pub(crate) enum Logic {
    Feel(Expr),
    Table(Box<Table>),
    /// Named entries, each seeing those before it; and what comes out instead of them, if that is said.
    Context(Vec<(String, Type, Logic)>, Option<Box<Logic>>),
    /// A business knowledge model with its arguments in the order of its parameters.
    Invoke(String, Vec<Logic>),
    List(Vec<Logic>),
    /// Logic whose value must be of a type.
    Typed(Type, Box<Logic>),
    /// Column names and rows.
    Relation(Vec<String>, Vec<Vec<Logic>>),
}

impl Logic {
    /// The value. `decision` names what matched rules belong to.
    pub(crate) fn eval(&self, run: &Run<'_>, decision: &str, scope: &Scope<'_>) -> Result<Value, Unclear> {
        run.meter.steps(1)?;
        run.meter.deeper(|| match self {
            Self::Feel(expr) => own(run, eval(run, expr, scope)?),
            Self::Table(table) => table.eval(run, decision, scope),
            Self::Context(entries, result) => {
                let mut values = BTreeMap::new();
                for (name, kind, logic) in entries {
                    run.meter.bytes(48 + name.len())?;
                    let value = logic.eval(run, decision, &scope.with_all(&values))?;
                    values
                        .insert(name.clone(), kind.checked(run, value).map_err(|unclear| unclear.at(name))?);
                }
                match result {
                    Some(result) => result.eval(run, decision, &scope.with_all(&values)),
                    None => Ok(Value::Context(values)),
                }
            }
            Self::Invoke(name, given) => run.invoke(name, all(run, given, decision, scope)?),
            Self::Typed(kind, logic) => kind.checked(run, logic.eval(run, decision, scope)?),
            Self::List(items) => Ok(Value::List(all(run, items, decision, scope)?)),
            Self::Relation(columns, rows) => {
                let mut list = Vec::with_capacity(rows.len());
                for row in rows {
                    run.meter.bytes(48 * columns.len())?;
                    let values = all(run, row, decision, scope)?;
                    list.push(Value::Context(columns.iter().cloned().zip(values).collect()));
                }
                Ok(Value::List(list))
            }
        })
    }

    /// What may come out of an expression, if it says so in literals: a literal, or branches that end in literals.
    pub(super) fn literals(&self) -> Vec<String> {
        let mut found = Vec::new();
        let known = match self {
            Self::Feel(expr) => leaves(expr, &mut found),
            Self::Typed(_, logic) => return logic.literals(),
            _ => false,
        };
        if known { found } else { Vec::new() }
    }
}

fn all(run: &Run<'_>, parts: &[Logic], decision: &str, scope: &Scope<'_>) -> Result<Vec<Value>, Unclear> {
    let mut values = Vec::with_capacity(parts.len());
    for part in parts {
        run.meter.bytes(32)?;
        values.push(part.eval(run, decision, scope)?);
    }
    Ok(values)
}

fn leaves(expr: &Expr, found: &mut Vec<String>) -> bool {
    match expr {
        Expr::Literal(value) => {
            let text = plain(value);
            if !found.contains(&text) {
                found.push(text);
            }
            true
        }
        Expr::If(_, yes, no) => leaves(yes, found) && leaves(no, found),
        _ => false,
    }
}
