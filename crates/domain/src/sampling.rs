//! Acceptance sampling by attributes, lot by lot: ISO 2859-1:1999, which GB/T 2828.1-2012 repeats. Single sampling, general
//! inspection levels, normal and tightened inspection, AQL up to 10 % nonconforming; and the exact interval of a rate.
//!
//! Both master tables have one structure: along a diagonal, where sample size times AQL is about the same, stands
//! one acceptance number. So they are kept as that number by diagonal, and the arrows as the way to the next plan.
//! Reduced inspection (table II-C) is left out: its numbers follow no such rule.

use serde::{Deserialize, Serialize};

/// The general inspection levels of table I.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InspectionLevel {
    /// Less discrimination, smaller samples.
    I,
    /// The usual one.
    II,
    /// More discrimination, larger samples.
    III,
}

/// How severe inspection is now (clause 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Table II-A.
    Normal,
    /// Table II-B.
    Tightened,
    /// Acceptance is discontinued (clause 9.4).
    Stopped,
}

impl Severity {
    /// Id, as in forms.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Tightened => "tightened",
            Self::Stopped => "stopped",
        }
    }
}

/// A single sampling plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Code letter of the plan, after the arrows.
    pub letter: char,
    /// Units to look at.
    pub sample: u32,
    /// Ac: the lot is accepted with at most so many nonconforming units among them; Re is one more.
    pub accept: u32,
}

/// Table I: lots up to this size, and the letters of levels I, II and III as places in [`LETTERS`].
const LETTERS_OF_LOTS: [(u32, [usize; 3]); 15] = [
    (8, [0, 0, 1]),
    (15, [0, 1, 2]),
    (25, [1, 2, 3]),
    (50, [2, 3, 4]),
    (90, [2, 4, 5]),
    (150, [3, 5, 6]),
    (280, [4, 6, 7]),
    (500, [5, 7, 8]),
    (1_200, [6, 8, 9]),
    (3_200, [7, 9, 10]),
    (10_000, [8, 10, 11]),
    (35_000, [9, 11, 12]),
    (150_000, [10, 12, 13]),
    (500_000, [11, 13, 14]),
    (u32::MAX, [12, 14, 15]),
];
/// Code letters with the sample sizes of normal and tightened inspection; S is of one tightened plan alone.
const LETTERS: [(char, u32); 17] = [
    ('A', 2),
    ('B', 3),
    ('C', 5),
    ('D', 8),
    ('E', 13),
    ('F', 20),
    ('G', 32),
    ('H', 50),
    ('J', 80),
    ('K', 125),
    ('L', 200),
    ('M', 315),
    ('N', 500),
    ('P', 800),
    ('Q', 1_250),
    ('R', 2_000),
    ('S', 3_150),
];
/// AQL in per cent nonconforming, as the columns are headed. Above 10 they are of nonconformities per 100 units.
pub const AQLS: [&str; 16] = [
    "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5",
    "4.0", "6.5", "10",
];

/// A cell of a master table.
enum Cell {
    Accept(u32),
    /// The first plan above, with a smaller sample.
    Above,
    /// The first plan below, with a larger sample.
    Below,
}

/// What stands so many places along the diagonal after the plan that accepts with none.
fn cell(severity: Severity, letter: usize, aql: usize) -> Cell {
    let (none, numbers): (usize, [u32; 8]) = match severity {
        Severity::Normal => (14, [1, 2, 3, 5, 7, 10, 14, 21]),
        Severity::Tightened | Severity::Stopped => (15, [1, 2, 3, 5, 8, 12, 18, 0]),
    };
    let last = if severity == Severity::Normal { 8 } else { 7 };
    match (letter + aql).checked_sub(none) {
        None | Some(2) => Cell::Below,
        Some(0) => Cell::Accept(0),
        Some(1) => Cell::Above,
        Some(along) if along - 3 < last => Cell::Accept(numbers[along - 3]),
        Some(_) => Cell::Above,
    }
}

/// The plan for a lot (tables I, II-A and II-B); a lot that is no larger than the sample is looked at whole. `None` for an
/// empty lot, an AQL that heads no column, inspection that has stopped, and where an arrow leads out of the table.
#[must_use]
pub fn plan(lot: u32, level: InspectionLevel, aql: &str, severity: Severity) -> Option<Plan> {
    if lot == 0 || severity == Severity::Stopped {
        return None;
    }
    let column = AQLS.iter().position(|known| *known == aql)?;
    let (_, letters) = LETTERS_OF_LOTS.iter().find(|(most, _)| lot <= *most)?;
    let mut row = letters[level as usize];
    // S stands in the tightened table, for what R cannot say of one AQL.
    let rows = if severity == Severity::Tightened { LETTERS.len() } else { LETTERS.len() - 1 };
    let mut down = None;
    loop {
        match cell(severity, row, column) {
            Cell::Accept(accept) => {
                let (letter, sample) = LETTERS[row];
                return Some(Plan { letter, sample: sample.min(lot), accept });
            }
            // Arrows of one column lead one way.
            Cell::Above if down != Some(true) => {
                row = row.checked_sub(1)?;
                down = Some(false);
            }
            Cell::Below if down != Some(false) && row + 1 < rows => {
                row += 1;
                down = Some(true);
            }
            Cell::Above | Cell::Below => return None,
        }
    }
}

/// How severe inspection of the next lot is, after lots that were accepted or not, the first first (clauses 9.3, 9.4): two of
/// five or fewer in a row not accepted lead to tightened inspection, five accepted in a row lead back, and acceptance stops
/// when five were not accepted under one stretch of it.
#[must_use]
pub fn severity_after(lots: &[bool]) -> Severity {
    let (mut severity, mut since): (Severity, Vec<bool>) = (Severity::Normal, Vec::new());
    for &accepted in lots {
        since.push(accepted);
        match severity {
            Severity::Normal => {
                if since.iter().rev().take(5).filter(|accepted| !**accepted).count() >= 2 {
                    (severity, since) = (Severity::Tightened, Vec::new());
                }
            }
            Severity::Tightened => {
                if since.iter().filter(|accepted| !**accepted).count() >= 5 {
                    return Severity::Stopped;
                }
                if since.len() >= 5 && since.iter().rev().take(5).all(|accepted| *accepted) {
                    (severity, since) = (Severity::Normal, Vec::new());
                }
            }
            Severity::Stopped => {}
        }
    }
    severity
}

/// The Clopper-Pearson interval of a rate at 95 %: `found` of `looked_at` were nonconforming. Both ends between 0 and 1; nothing
/// is known where nothing was looked at.
#[must_use]
pub fn exact_interval(found: u32, looked_at: u32) -> (f64, f64) {
    let found = found.min(looked_at);
    if looked_at == 0 {
        return (0.0, 1.0);
    }
    let tail = 0.025;
    // At the lower end, so many or more are as rare as the tail; at the upper end, so many or fewer.
    let low = if found == 0 { 0.0 } else { root(|rate| 1.0 - at_most(found - 1, looked_at, rate) >= tail) };
    let high = if found == looked_at { 1.0 } else { root(|rate| at_most(found, looked_at, rate) <= tail) };
    (low, high)
}

/// The rate at which something begins to hold, by halving.
fn root(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    f64::midpoint(low, high)
}

/// How likely at most `found` of `looked_at` are, each with this rate.
fn at_most(found: u32, looked_at: u32, rate: f64) -> f64 {
    if rate <= 0.0 {
        return 1.0;
    }
    if rate >= 1.0 {
        return if found >= looked_at { 1.0 } else { 0.0 };
    }
    let (yes, no) = (rate.ln(), (1.0 - rate).ln());
    let mut ways = 0.0_f64;
    let mut sum = 0.0_f64;
    for k in 0..=found {
        if k > 0 {
            ways += (f64::from(looked_at - k + 1) / f64::from(k)).ln();
        }
        sum += (ways + f64::from(k) * yes + f64::from(looked_at - k) * no).exp();
    }
    sum.min(1.0)
}
