//! Remarks on tables that can be evaluated but perhaps do not say what was meant: inputs that no rule fits, rules of a
//! unique table that fit together, rules of a first-hit table that are never reached.
//!
//! Columns are cut into the pieces between which their cells tell no difference; null is left aside. A cell that is
//! no literal, comparison or range is not judged, and nothing is said that depends on it.

mod pieces;

use crate::fault::Fault;
use crate::limits::FAULTS;
use crate::model::{Decision, Hit, Logic, Table};
use pieces::Pieces;

/// Remarks of one sort on one table.
const MOST: usize = 5;
/// Steps that the search for gaps may take in one table.
const STEPS: usize = 100_000;

/// Remarks on the tables of all decisions.
pub(crate) fn of(decisions: &[Decision]) -> Vec<Fault> {
    let mut remarks = Vec::new();
    for decision in decisions {
        let path = format!("decision “{}”", decision.name);
        within(&decision.logic, decision.line, &path, &mut remarks);
    }
    remarks.truncate(FAULTS);
    remarks
}

fn within(logic: &Logic, line: u32, path: &str, remarks: &mut Vec<Fault>) {
    match logic {
        Logic::Table(table) => table_remarks(table, line, path, remarks),
        Logic::Typed(_, logic) => within(logic, line, path, remarks),
        Logic::Context(entries, result) => {
            for (name, _, logic) in entries {
                within(logic, line, &format!("{path} / “{name}”"), remarks);
            }
            if let Some(result) = result {
                within(result, line, path, remarks);
            }
        }
        Logic::Feel(_) | Logic::Invoke(..) | Logic::List(_) | Logic::Relation(..) => {}
    }
}

/// A table as sets of pieces: a row for each rule; none where a cell is not judged.
struct Grid {
    columns: Vec<Pieces>,
    rows: Vec<Option<Vec<u128>>>,
}

impl Grid {
    fn of(table: &Table) -> Option<Self> {
        let cells = |at: usize| table.rules.iter().filter_map(move |rule| rule.cells.get(at));
        let columns: Option<Vec<Pieces>> =
            table.inputs.iter().enumerate().map(|(at, column)| Pieces::of(&column.kind, cells(at))).collect();
        let columns = columns?;
        let rows = table
            .rules
            .iter()
            .map(|rule| rule.cells.iter().zip(&columns).map(|(cell, pieces)| pieces.covered(cell)).collect());
        Some(Self { rows: rows.collect(), columns })
    }
}

fn table_remarks(table: &Table, line: u32, path: &str, remarks: &mut Vec<Fault>) {
    let Some(grid) = Grid::of(table) else { return };
    match table.hit {
        Hit::Unique => overlaps(&grid, table, path, remarks),
        Hit::First => never_reached(&grid, table, path, remarks),
        _ => {}
    }
    let one_of_many = matches!(table.hit, Hit::Unique | Hit::First | Hit::Any | Hit::Priority);
    let defaults = table.outputs.iter().any(|out| out.default.is_some());
    if one_of_many && !defaults && grid.rows.iter().all(Option::is_some) {
        gaps(&grid, table, line, path, remarks);
    }
}

/// Pairs of rules with something in common in every column.
fn overlaps(grid: &Grid, table: &Table, path: &str, remarks: &mut Vec<Fault>) {
    let mut found = 0;
    for (at, later) in grid.rows.iter().enumerate() {
        let Some(later) = later else { continue };
        for (before, earlier) in grid.rows[..at].iter().enumerate() {
            let Some(earlier) = earlier else { continue };
            if earlier.iter().zip(later).any(|(one, other)| one & other == 0) {
                continue;
            }
            let shared: Vec<u128> = earlier.iter().zip(later).map(|(one, other)| one & other).collect();
            let what = format!(
                "rules {} and {} both fit where {}; a unique table then decides nothing. Make them exclude one another, or choose another hit policy",
                before + 1,
                at + 1,
                described(grid, table, &shared)
            );
            remarks.push(Fault {
                line: table.rules[at].line,
                path: format!("{path} / rule {}", at + 1),
                what,
            });
            found += 1;
            if found == MOST {
                return;
            }
        }
    }
}

/// Rules that fit only where one earlier rule fits already.
fn never_reached(grid: &Grid, table: &Table, path: &str, remarks: &mut Vec<Fault>) {
    let mut found = 0;
    for (at, later) in grid.rows.iter().enumerate() {
        let Some(later) = later else { continue };
        let covering = grid.rows[..at].iter().position(|earlier| {
            earlier
                .as_ref()
                .is_some_and(|earlier| earlier.iter().zip(later).all(|(one, other)| other & !one == 0))
        });
        let Some(before) = covering else { continue };
        let what = format!(
            "this rule is never reached: rule {} fits wherever it fits, and the first counts",
            before + 1
        );
        remarks.push(Fault { line: table.rules[at].line, path: format!("{path} / rule {}", at + 1), what });
        found += 1;
        if found == MOST {
            return;
        }
    }
}

fn gaps(grid: &Grid, table: &Table, line: u32, path: &str, remarks: &mut Vec<Fault>) {
    let rows: Vec<&Vec<u128>> = grid.rows.iter().flatten().collect();
    let mut search = Search { grid, steps: 0, at: Vec::new(), found: Vec::new() };
    search.descend(&rows);
    for gap in &search.found {
        let what = format!(
            "no rule fits where {}; such a case goes to a person. Add a rule or a default output",
            described(grid, table, gap)
        );
        remarks.push(Fault { line, path: path.to_owned(), what });
    }
}

struct Search<'g> {
    grid: &'g Grid,
    steps: usize,
    /// The pieces chosen in the columns so far.
    at: Vec<u128>,
    found: Vec<Vec<u128>>,
}

impl Search<'_> {
    /// Looks for pieces that none of these rows covers. Depth is the number of columns.
    fn descend(&mut self, rows: &[&Vec<u128>]) {
        self.steps += 1 + rows.len();
        if self.steps > STEPS || self.found.len() >= MOST {
            return;
        }
        let column = self.at.len();
        if rows.is_empty() {
            self.found.push(self.at.clone());
            return;
        }
        let Some(pieces) = self.grid.columns.get(column) else { return };
        // Pieces that the same rows cover are looked at together.
        let mut groups: Vec<(Vec<&Vec<u128>>, u128)> = Vec::new();
        for piece in pieces.each() {
            self.steps += rows.len();
            let covering: Vec<&Vec<u128>> = rows
                .iter()
                .copied()
                .filter(|row| row.get(column).is_some_and(|set| set & piece != 0))
                .collect();
            let same = groups.iter_mut().find(|(group, _)| {
                group.len() == covering.len()
                    && group.iter().zip(&covering).all(|(one, other)| std::ptr::eq(*one, *other))
            });
            match same {
                Some((_, set)) => *set |= piece,
                None => groups.push((covering, piece)),
            }
        }
        for (covering, set) in groups {
            self.at.push(set);
            self.descend(&covering);
            self.at.pop();
        }
    }
}

/// Sets of pieces in words, column by column; columns in which everything is meant are left out.
fn described(grid: &Grid, table: &Table, sets: &[u128]) -> String {
    let columns = table.inputs.iter().zip(&grid.columns).zip(sets);
    let said: Vec<String> = columns
        .filter(|((_, pieces), set)| **set != pieces.everything())
        .map(|((column, pieces), set)| pieces.described(&column.label, *set))
        .collect();
    if said.is_empty() { "anything is given".to_owned() } else { said.join(" and ") }
}
