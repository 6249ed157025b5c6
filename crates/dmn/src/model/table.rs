//! Decision tables.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::types::Type;
use super::{Hit, Matched, Output, Run};
use crate::feel::{Expr, Scope, Tests, equal, eval, fits_tests, order, own};
use crate::unclear::Unclear;
use crate::value::{Value, Words};

/// A decision table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) hit: Hit,
    pub(crate) inputs: Vec<Column>,
    pub(crate) outputs: Vec<Out>,
    pub(crate) rules: Vec<Rule>,
}

/// An input column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) expression: Expr,
    /// The column's type, with the values it allows.
    pub(crate) kind: Type,
}

/// An output column.
#[derive(Debug, Clone)]
pub(crate) struct Out {
    /// Empty if the table has one output only.
    pub(crate) name: String,
    pub(crate) kind: Type,
    /// Declared values, the most important first.
    pub(crate) values: Vec<Value>,
    pub(crate) default: Option<Expr>,
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) line: u32,
    pub(crate) cells: Vec<Tests>,
    pub(crate) outputs: Vec<Expr>,
    pub(crate) words: Words,
}

impl Table {
    pub(super) fn eval(&self, run: &Run<'_>, decision: &str, scope: &Scope<'_>) -> Result<Value, Unclear> {
        let fitting = self.fitting(run, scope)?;
        if fitting.is_empty() {
            return self.nothing_fits(run, decision, scope);
        }
        let mut rows = Vec::with_capacity(fitting.len());
        for place in &fitting {
            let here = |unclear: Unclear| unclear.at(&format!("rule {}", place + 1));
            rows.push((*place, self.row(run, &self.rules[*place], scope).map_err(here)?));
        }
        self.settle(run, decision, rows)
    }

    /// Places of the rules that fit; one at most if the first is enough.
    fn fitting(&self, run: &Run<'_>, scope: &Scope<'_>) -> Result<Vec<usize>, Unclear> {
        let mut values = Vec::with_capacity(self.inputs.len());
        for column in &self.inputs {
            let here = |unclear: Unclear| unclear.at(&format!("input “{}”", column.label));
            let value = eval(run, &column.expression, scope).map_err(here)?;
            column.kind.judge(run, &value).map_err(here)?;
            values.push(value);
        }
        let mut fitting = Vec::new();
        for (place, rule) in self.rules.iter().enumerate() {
            run.meter.steps(1)?;
            let mut fits = true;
            for (column, (cell, value)) in rule.cells.iter().zip(&values).enumerate() {
                let here = |unclear: Unclear| {
                    unclear.at(&format!("rule {}, input “{}”", place + 1, self.inputs[column].label))
                };
                if fits_tests(run, cell, value, scope).map_err(here)? != Some(true) {
                    fits = false;
                    break;
                }
            }
            if fits {
                fitting.push(place);
                if self.hit == Hit::First {
                    break;
                }
            }
        }
        Ok(fitting)
    }

    /// No rule fits: the defaults, or for policies that list, an empty list.
    fn nothing_fits(&self, run: &Run<'_>, decision: &str, scope: &Scope<'_>) -> Result<Value, Unclear> {
        if self.outputs.iter().any(|out| out.default.is_some()) {
            let mut row = Vec::new();
            for out in &self.outputs {
                row.push(match &out.default {
                    Some(default) => own(run, eval(run, default, scope)?)?,
                    None => Value::Null,
                });
            }
            return Ok(self.shaped(row));
        }
        match self.hit {
            Hit::Collect | Hit::RuleOrder | Hit::OutputOrder => Ok(Value::List(Vec::new())),
            Hit::Count => Ok(Value::from(0)),
            _ => Err(Unclear::NoRule { decision: decision.to_owned() }),
        }
    }

    fn row(&self, run: &Run<'_>, rule: &Rule, scope: &Scope<'_>) -> Result<Vec<Value>, Unclear> {
        let mut row = Vec::with_capacity(rule.outputs.len());
        for (expression, out) in rule.outputs.iter().zip(&self.outputs) {
            let value = own(run, eval(run, expression, scope)?)?;
            row.push(
                out.kind
                    .checked(run, value)
                    .map_err(|unclear| unclear.at(&format!("output “{}”", out.name)))?,
            );
        }
        Ok(row)
    }

    /// One value for one output, a context for several.
    fn shaped(&self, mut row: Vec<Value>) -> Value {
        if row.len() == 1 {
            return row.pop().unwrap_or_default();
        }
        let names = self.outputs.iter().map(|out| out.name.clone());
        Value::Context(names.zip(row).collect::<BTreeMap<_, _>>())
    }

    fn settle(
        &self,
        run: &Run<'_>,
        decision: &str,
        mut rows: Vec<(usize, Vec<Value>)>,
    ) -> Result<Value, Unclear> {
        let several = |rows: &[(usize, Vec<Value>)]| Unclear::SeveralRules {
            decision: decision.to_owned(),
            rules: rows.iter().map(|(place, _)| place + 1).collect(),
        };
        match self.hit {
            Hit::Unique if rows.len() > 1 => return Err(several(&rows)),
            Hit::Any => {
                let first = Value::List(rows[0].1.clone());
                for (_, row) in &rows[1..] {
                    if equal(&run.meter, &first, &Value::List(row.clone()))? != Some(true) {
                        return Err(several(&rows));
                    }
                }
            }
            Hit::Priority | Hit::OutputOrder => {
                run.meter.steps(rows.len() * rows.len().ilog2() as usize * self.outputs.len())?;
                rows.sort_by(|(_, left), (_, right)| self.priority(left, right));
            }
            _ => {}
        }
        if self.hit == Hit::Priority {
            rows.truncate(1);
        }
        for (place, _) in &rows {
            self.record(run, decision, *place)?;
        }
        let mut values = rows.into_iter().map(|(_, row)| self.shaped(row));
        match self.hit {
            Hit::Unique | Hit::Any | Hit::Priority | Hit::First => Ok(values.next().unwrap_or_default()),
            Hit::RuleOrder | Hit::OutputOrder | Hit::Collect => Ok(Value::List(values.collect())),
            Hit::Sum | Hit::Least | Hit::Greatest | Hit::Count => aggregate(run, self.hit, values.collect()),
        }
    }

    /// Compares by the places that outputs have among the declared values, column by column.
    fn priority(&self, left: &[Value], right: &[Value]) -> Ordering {
        for (out, (left, right)) in self.outputs.iter().zip(left.iter().zip(right)) {
            let place = |value: &Value| out.values.iter().position(|one| one == value).unwrap_or(usize::MAX);
            let ordering = place(left).cmp(&place(right));
            if ordering.is_ne() {
                return ordering;
            }
        }
        Ordering::Equal
    }

    fn record(&self, run: &Run<'_>, decision: &str, place: usize) -> Result<(), Unclear> {
        let rule = &self.rules[place];
        let words: usize = rule.words.iter().map(|(key, text)| key.len() + text.len()).sum();
        run.meter.bytes(128 + decision.len() + rule.id.len() + words)?;
        run.record(Matched {
            decision: decision.to_owned(),
            rule: place + 1,
            rule_id: rule.id.clone(),
            words: rule.words.clone(),
        });
        Ok(())
    }

    /// What each output column may hold.
    pub(super) fn outcomes(&self, decision: &str) -> Vec<Output> {
        let named = |out: &Out| if out.name.is_empty() { decision.to_owned() } else { out.name.clone() };
        let outcomes = |(at, out): (usize, &Out)| {
            let mut values = out.values.clone();
            if values.is_empty() {
                let cells = self.rules.iter().filter_map(|rule| rule.outputs.get(at)).chain(&out.default);
                let literals: Option<Vec<Value>> = cells
                    .map(|cell| if let Expr::Literal(value) = cell { Some(value.clone()) } else { None })
                    .collect();
                for value in literals.unwrap_or_default() {
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
            }
            Output { name: named(out), values: values.iter().map(plain).collect() }
        };
        self.outputs.iter().enumerate().map(outcomes).collect()
    }
}

/// A value without quotation marks.
pub(super) fn plain(value: &Value) -> String {
    if let Value::Text(text) = value { text.clone() } else { value.to_string() }
}

fn aggregate(run: &Run<'_>, hit: Hit, values: Vec<Value>) -> Result<Value, Unclear> {
    if hit == Hit::Count {
        return Ok(Value::from(values.len() as i64));
    }
    let mut so_far: Option<Value> = None;
    for value in values {
        run.meter.steps(1)?;
        so_far = Some(match (so_far, hit) {
            (None, _) => value,
            (Some(sum), Hit::Sum) => crate::feel::add(&run.meter, &sum, &value)?,
            (Some(best), _) => match order(&run.meter, &value, &best)? {
                Some(Ordering::Less) if hit == Hit::Least => value,
                Some(Ordering::Greater) if hit == Hit::Greatest => value,
                _ => best,
            },
        });
    }
    Ok(so_far.unwrap_or_default())
}
