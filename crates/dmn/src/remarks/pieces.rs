//! The pieces of a column: values between which its cells tell no difference, as bits of a set.

use std::cmp::Ordering;

use crate::feel::{Compare, Expr, Test, Tests};
use crate::kind::Kind;
use crate::model::{Type, listed};
use crate::value::Value;

/// What a column's values fall into. Piece `n` is bit `n`.
pub(super) enum Pieces {
    /// Points in order. Bit 2k is what lies before point k, bit 2k + 1 the point, the last bit what lies after all.
    Ordered {
        points: Vec<Value>,
        /// The pieces that the column allows.
        allowed: u128,
    },
    /// Single values, and after them anything else if that may occur.
    Listed { values: Vec<Value>, others: bool },
}

/// Points or values of one column.
const MOST: usize = 60;

impl Pieces {
    /// Cuts a column by its cells. None if it has too many pieces or mixes kinds.
    pub(super) fn of<'t>(kind: &'t Type, cells: impl Iterator<Item = &'t Tests>) -> Option<Self> {
        let mut literals = Vec::new();
        for tests in cells.chain(kind.allowed.as_deref()) {
            for test in &tests.any {
                collect(test, &mut literals);
            }
        }
        let kinds: Vec<Kind> = literals.iter().filter_map(Kind::of).collect();
        let of = kind.kind.clone().or_else(|| kinds.first().cloned());
        if kinds.iter().any(|kind| Some(kind) != of.as_ref()) {
            return None;
        }
        let mut values: Vec<Value> = Vec::new();
        for value in literals {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.len() > MOST {
            return None;
        }
        match of {
            Some(Kind::Bool) => {
                Some(Self::Listed { values: vec![Value::Bool(true), Value::Bool(false)], others: false })
            }
            Some(Kind::Number | Kind::Date | Kind::Months | Kind::Duration) => {
                values.sort_by(order);
                let everything = (1_u128 << (2 * values.len() + 1)) - 1;
                let pieces = Self::Ordered { points: values, allowed: everything };
                let allowed =
                    kind.allowed.as_ref().and_then(|tests| pieces.covered(tests)).unwrap_or(everything);
                let Self::Ordered { points, .. } = pieces else { return None };
                Some(Self::Ordered { points, allowed })
            }
            Some(Kind::Text) => {
                let declared = kind.allowed.as_deref().and_then(listed);
                let others = declared.is_none();
                Some(Self::Listed { values: declared.unwrap_or(values), others })
            }
            Some(Kind::List(_) | Kind::Context) => None,
            // A column of dashes only.
            None => Some(Self::Listed { values: Vec::new(), others: true }),
        }
    }

    /// Every piece.
    pub(super) fn everything(&self) -> u128 {
        match self {
            Self::Ordered { allowed, .. } => *allowed,
            Self::Listed { values, others } => (1 << (values.len() + usize::from(*others))) - 1,
        }
    }

    /// Each piece by itself.
    pub(super) fn each(&self) -> impl Iterator<Item = u128> {
        let everything = self.everything();
        (0..u128::BITS).map(|bit| 1_u128 << bit).filter(move |piece| everything & piece != 0)
    }

    /// The pieces that a cell fits. None if the cell is not judged.
    pub(super) fn covered(&self, tests: &Tests) -> Option<u128> {
        if tests.any.is_empty() {
            return Some(self.everything());
        }
        let mut set = 0;
        for test in &tests.any {
            set |= self.by_test(test)?;
        }
        let set = if tests.negated { !set } else { set };
        Some(set & self.everything())
    }

    fn by_test(&self, test: &Test) -> Option<u128> {
        match test {
            Test::Compare(sign, Expr::Literal(value)) => self.compared(*sign, value),
            Test::Value(Expr::Literal(Value::List(items))) => {
                items.iter().try_fold(0, |set, item| Some(set | self.compared(Compare::Equal, item)?))
            }
            Test::Value(Expr::Literal(value)) => self.compared(Compare::Equal, value),
            Test::Range {
                low: Expr::Literal(low),
                low_included,
                high: Expr::Literal(high),
                high_included,
            } => {
                let above = if *low_included { Compare::AtLeast } else { Compare::Greater };
                let below = if *high_included { Compare::AtMost } else { Compare::Less };
                Some(self.compared(above, low)? & self.compared(below, high)?)
            }
            _ => None,
        }
    }

    fn compared(&self, sign: Compare, value: &Value) -> Option<u128> {
        if *value == Value::Null {
            return Some(0);
        }
        match self {
            Self::Listed { values, .. } => {
                let point = 1 << values.iter().position(|one| one == value)?;
                match sign {
                    Compare::Equal => Some(point),
                    Compare::Unequal => Some(self.everything() & !point),
                    _ => None,
                }
            }
            Self::Ordered { points, .. } => {
                let point = 1_u128 << (2 * points.iter().position(|one| one == value)? + 1);
                let (below, above) = (point - 1, !(point | (point - 1)));
                let set = match sign {
                    Compare::Equal => point,
                    Compare::Unequal => below | above,
                    Compare::Less => below,
                    Compare::AtMost => below | point,
                    Compare::Greater => above,
                    Compare::AtLeast => above | point,
                };
                Some(set & ((1 << (2 * points.len() + 1)) - 1))
            }
        }
    }

    /// The first stretch of a set in words.
    pub(super) fn described(&self, label: &str, set: u128) -> String {
        let first = set.trailing_zeros() as usize;
        match self {
            Self::Listed { values, .. } => match values.get(first) {
                Some(value) => format!("{label} = {value}"),
                None => format!("{label} is none of the values in the table"),
            },
            Self::Ordered { points, .. } => {
                let last = first + (set >> first).trailing_ones() as usize - 1;
                if first == last && first % 2 == 1 {
                    return points
                        .get(first / 2)
                        .map_or_else(String::new, |point| format!("{label} = {point}"));
                }
                // An even bit is open towards its neighbours, an odd one is the point itself.
                let low = if first % 2 == 1 {
                    points.get(first / 2).map(|point| format!("{label} >= {point}"))
                } else {
                    (first > 0)
                        .then(|| points.get(first / 2 - 1))
                        .flatten()
                        .map(|point| format!("{label} > {point}"))
                };
                let high = points.get(last / 2).map(|point| {
                    if last % 2 == 1 { format!("{label} <= {point}") } else { format!("{label} < {point}") }
                });
                match (low, high) {
                    (Some(low), Some(high)) => format!("{low} and {high}"),
                    (Some(one), None) | (None, Some(one)) => one,
                    (None, None) => format!("{label} is anything"),
                }
            }
        }
    }
}

fn collect(test: &Test, literals: &mut Vec<Value>) {
    let both = match test {
        Test::Compare(_, one) | Test::Value(one) => [Some(one), None],
        Test::Range { low, high, .. } => [Some(low), Some(high)],
        Test::Condition(_) => [None, None],
    };
    for expr in both.into_iter().flatten() {
        match expr {
            Expr::Literal(Value::List(items)) => literals.extend(items.iter().cloned()),
            Expr::Literal(value) => literals.push(value.clone()),
            _ => {}
        }
    }
    literals.retain(|value| *value != Value::Null);
}

fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Months(left), Value::Months(right)) => left.cmp(right),
        (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
        _ => Ordering::Equal,
    }
}
