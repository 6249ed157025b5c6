//! CSV against a file written by hand, and what a spreadsheet must never run.

use crate::lot;

use exchange::csv::{COLUMNS, header, line, write};
use proptest::prelude::*;

#[test]
fn the_file_is_the_one_written_by_hand() {
    let by_hand = include_str!("example.csv").replace('\n', "\r\n");
    assert_eq!(write(&lot::units()), format!("\u{feff}{by_hand}"));
    assert!(header().starts_with("\u{feff}case,serial,") && header().ends_with("\r\n"));
}

/// Reads RFC 4180, section 2, strictly: cells of a line, which is all there is.
fn read(text: &str) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut rest = text.strip_suffix("\r\n")?;
    loop {
        let cell;
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut end = 0;
            loop {
                end += quoted[end..].find('"')?;
                if !quoted[end + 1..].starts_with('"') {
                    break;
                }
                end += 2;
            }
            (cell, rest) = (quoted[..end].replace("\"\"", "\""), &quoted[end + 1..]);
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            (cell, rest) = (rest[..end].to_owned(), &rest[end..]);
            if cell.contains(['"', '\r', '\n']) {
                return None;
            }
        }
        cells.push(cell);
        if rest.is_empty() {
            return Some(cells);
        }
        rest = rest.strip_prefix(',')?;
    }
}

#[test]
fn formulas_are_texts() {
    for serial in
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A", " =1", "=\",\""]
    {
        let mut unit = lot::units().remove(0);
        unit.serial = serial.to_owned();
        let cells = read(&line(&unit)).unwrap();
        assert_eq!(cells[1], format!("'{serial}"));
    }
    // What is no formula stays as it is, dashes within too.
    assert_eq!(read(&line(&lot::units()[0])).unwrap()[1], "D-000017");
}

proptest! {
    #[test]
    fn any_text_comes_back(serial in any::<String>(), lot in any::<String>(), obstacle in any::<Option<String>>()) {
        let mut unit = lot::units().remove(0);
        (unit.serial, unit.lot, unit.obstacle) = (serial, lot, obstacle);
        let cells = read(&line(&unit)).unwrap();
        prop_assert_eq!(cells.len(), COLUMNS.len());
        for (cell, text) in [(&cells[1], &unit.serial), (&cells[2], &unit.lot), (&cells[7], &unit.obstacle.clone().unwrap_or_default())] {
            let guarded = format!("'{text}");
            prop_assert!(cell == text || *cell == guarded);
            prop_assert!(!cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
        }
    }
}
