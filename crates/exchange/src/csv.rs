//! CSV (RFC 4180): a line a unit, open ones too.
//!
//! It begins with a byte order mark: a Chinese Excel takes a file without one for GBK and shows every Chinese character
//! wrong, and what reads CSV otherwise knows the mark (`utf-8-sig` in Python) or shows it in the first column's name
//! only, which is ASCII for that reason.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front: a serial number comes from outside,
//! and whoever opens the file has done nothing but open it.

use std::fmt::Write as _;

use crate::unit::WHOLE;
use crate::{Finding, Unit};

/// The columns.
pub const COLUMNS: [&str; 16] = [
    "case",
    "serial",
    "lot",
    "recipe",
    "station",
    "model",
    "judged",
    "obstacle",
    "score",
    "found",
    "defect",
    "findings",
    "decision",
    "by_person",
    "reported",
    "decided",
];

/// What a spreadsheet takes for the beginning of a formula, the wide forms of a Chinese keyboard among them.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Byte order mark and names of the columns.
#[must_use]
pub fn header() -> String {
    let mut out = "\u{feff}".to_owned();
    row(&mut out, COLUMNS);
    out
}

/// The line of a unit.
#[must_use]
pub fn line(unit: &Unit) -> String {
    let findings: Vec<String> = unit.findings.iter().map(finding).collect();
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let mut out = String::new();
    row(
        &mut out,
        [
            unit.case.to_string().as_str(),
            &unit.serial,
            &unit.lot,
            &unit.recipe,
            &unit.station,
            &unit.model,
            unit.judged.id(),
            unit.obstacle.as_deref().unwrap_or_default(),
            &share(unit.score),
            &unit.found.to_string(),
            unit.class().unwrap_or_default(),
            &findings.join("; "),
            unit.decided.id(),
            if unit.by_person { "yes" } else { "no" },
            &time(Some(unit.reported)),
            &time(unit.decided_at),
        ],
    );
    out
}

/// A whole file.
#[must_use]
pub fn write<'a>(units: impl IntoIterator<Item = &'a Unit>) -> String {
    units.into_iter().fold(header(), |file, unit| file + &line(unit))
}

/// `0.9913`
pub(crate) fn share(score: u32) -> String {
    format!("{}.{:04}", score / WHOLE, score % WHOLE)
}

fn finding(found: &Finding) -> String {
    let Finding { class, score, x, y, width, height, .. } = found;
    format!("{class} {} at {x},{y} {width}x{height}", share(*score))
}

fn row<const N: usize>(out: &mut String, cells: [&str; N]) {
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

fn cell(out: &mut String, text: &str) {
    let formula = text.trim_start_matches(' ').starts_with(FORMULA);
    let guard = if formula { "'" } else { "" };
    if formula || text.contains(['"', ',', '\r', '\n', ' ']) {
        let quoted = text.replace('"', "\"\"");
        // Writing into a String cannot fail.
        let _ = write!(out, "\"{guard}{quoted}\"");
    } else {
        out.push_str(text);
    }
}
