//! SEMI E142.1: maps of substrates as XML.
//!
//! The standard maps devices on wafers, frames, strips and trays. A lot of dies or boards that come off a line one by one
//! is on none of these, so this is how it is mapped:
//!
//! * The **lot** is a `Tray`: its units in the order in which they were reported, from the upper left, row by row, in the
//!   least square that holds them. Counted from 1 that is a unit's number in the lot, `UnitPositionNumber` of CFX and the
//!   line of the CSV; whatever comes later moves none of them.
//! * Each **board with findings** is a `Strip` (the standard's word for a lead frame, board or other container), cut into
//!   square cells of the picture; `LayoutId` says how many pixels a side. All boards of a lot share one layout, which
//!   reaches as far as anything was found.
//!
//! A cell's bin is what became of it. The codes of the six defects of bare boards are the same in each file; other
//! classes are numbered from `20` by name, within the file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::{Decided, Finding, Lot, Unit, Verification};

/// The schema whose names these are.
pub const NAMESPACE: &str = "urn:semi-org:xsd.E142-1.V1005.SubstrateMap";
/// Most boards whose own map is in the file: those that were reported first.
pub const MAX_BOARDS: usize = 1_000;
/// Most cells along a side of a board.
const MOST_CELLS: u32 = 32;
/// The smallest cell of a board, in pixels a side.
const SMALLEST_CELL: u32 = 16;

const NULL: u8 = 0xFF;
const PASSED: u8 = 0x01;
const OPEN: u8 = 0x0E;
const FAILED: u8 = 0x0F;
/// The defects of bare boards (DeepPCB), from `10`.
const DEFECTS: [&str; 6] = ["open", "short", "mousebite", "spur", "spurious-copper", "pin-hole"];
const FIRST_DEFECT: u8 = 0x10;
const FIRST_OTHER: u8 = 0x20;
/// Where there are more classes than codes, the rest share this one.
const LAST_OTHER: u8 = 0xFE;

/// Which code stands for which class.
struct Bins(BTreeMap<String, u8>);

impl Bins {
    fn of(units: &[Unit]) -> Self {
        let all = units.iter().flat_map(|unit| &unit.findings).map(|finding| finding.class.as_str());
        let classes: BTreeSet<&str> = all.filter(|class| !DEFECTS.contains(class)).collect();
        let known = DEFECTS.into_iter().zip(FIRST_DEFECT..);
        let others = classes.into_iter().zip((FIRST_OTHER..LAST_OTHER).chain(std::iter::repeat(LAST_OTHER)));
        Self(known.chain(others).map(|(class, code)| (class.to_owned(), code)).collect())
    }

    fn of_class(&self, class: Option<&str>) -> u8 {
        class.and_then(|class| self.0.get(class)).copied().unwrap_or(FAILED)
    }

    fn of_unit(&self, unit: &Unit) -> u8 {
        match unit.decided {
            Decided::Ok => PASSED,
            Decided::Ng => self.of_class(unit.class()),
            Decided::Review | Decided::Ended => OPEN,
        }
    }

    /// `BinQuality` and `BinDescription`. What is not decided is no pass: nobody picks it.
    fn told(&self, code: u8) -> (&'static str, String) {
        let named = |(_, known): &(&String, &u8)| **known == code;
        match code {
            PASSED => ("Pass", "passed".to_owned()),
            OPEN => ("Fail", "not decided".to_owned()),
            FAILED => ("Fail", "failed".to_owned()),
            LAST_OTHER => ("Fail", "other".to_owned()),
            _ => ("Fail", self.0.iter().find(named).map_or_else(String::new, |(class, _)| class.clone())),
        }
    }
}

/// Codes in rows, the first the uppermost.
struct Grid {
    columns: u32,
    codes: Vec<u8>,
}

impl Grid {
    /// The least square that holds the units; what is left over is null.
    fn tray(units: &[Unit], bins: &Bins) -> Self {
        let columns = (1..).find(|side: &u32| (*side as usize).pow(2) >= units.len()).unwrap_or(1);
        let mut codes: Vec<u8> = units.iter().map(|unit| bins.of_unit(unit)).collect();
        codes.resize(codes.len().next_multiple_of(columns as usize).max(1), NULL);
        Self { columns, codes }
    }

    fn rows(&self) -> u32 {
        u32::try_from(self.codes.len()).unwrap_or(u32::MAX) / self.columns
    }
}

/// How boards are cut: a cell's side in pixels, and how many there are.
#[derive(Clone, Copy)]
struct Board {
    cell: u32,
    columns: u32,
    rows: u32,
}

impl Board {
    /// As far as anything was found, in at most 32 cells a side; none where nothing was.
    fn of(units: &[Unit]) -> Option<Self> {
        let findings = || units.iter().flat_map(|unit| &unit.findings);
        let wide = findings().map(|found| found.x.saturating_add(found.width)).max()?.max(1);
        let high = findings().map(|found| found.y.saturating_add(found.height)).max()?.max(1);
        let mut cell = SMALLEST_CELL;
        while wide.max(high).div_ceil(cell) > MOST_CELLS {
            cell = cell.saturating_mul(2);
        }
        Some(Self { cell, columns: wide.div_ceil(cell), rows: high.div_ceil(cell) })
    }

    /// The surest finding that a cell touches, and that no person called false, is its bin.
    fn grid(self, unit: &Unit, bins: &Bins) -> Grid {
        let mut codes = vec![PASSED; (self.columns * self.rows) as usize];
        let mut found: Vec<&Finding> = unit.findings.iter().collect();
        found.retain(|one| one.verification != Verification::DefectRejected);
        found.sort_by_key(|one| one.score);
        for one in found {
            let last = |from: u32, length: u32| from.saturating_add(length.max(1) - 1) / self.cell;
            for row in one.y / self.cell..=last(one.y, one.height) {
                for column in one.x / self.cell..=last(one.x, one.width) {
                    if let Some(code) = codes.get_mut((row * self.columns + column) as usize) {
                        *code = bins.of_class(Some(&one.class));
                    }
                }
            }
        }
        Grid { columns: self.columns, codes }
    }

    fn layout(self) -> String {
        format!("Board-{}px", self.cell)
    }
}

/// The map of a lot. `units` stand in the order in which they were reported.
#[must_use]
pub fn map(lot: &Lot, units: &[Unit]) -> String {
    let bins = Bins::of(units);
    let tray = Grid::tray(units, &bins);
    let board = Board::of(units);
    let boards: Vec<(String, &Unit)> = named(units);
    let good = units.iter().filter(|unit| unit.decided == Decided::Ok).count();
    let mut xml = Xml::default();
    xml.open("MapData", &[("xmlns", NAMESPACE)]);
    xml.open("Layouts", &[]);
    layout(&mut xml, "Tray", tray.columns, tray.rows());
    if let Some(board) = board {
        layout(&mut xml, &board.layout(), board.columns, board.rows);
    }
    xml.close("Layouts");
    xml.open("Substrates", &[]);
    substrate(&mut xml, ("Tray", &lot.lot), &lot.lot, Some(good));
    for (id, _) in &boards {
        substrate(&mut xml, ("Strip", id), &lot.lot, None);
    }
    xml.close("Substrates");
    xml.open("SubstrateMaps", &[]);
    substrate_map(&mut xml, ("Tray", &lot.lot), "Tray", &tray, &bins);
    if let Some(board) = board {
        for (id, unit) in &boards {
            let grid = board.grid(unit, &bins);
            substrate_map(&mut xml, ("Strip", id), &board.layout(), &grid, &bins);
        }
    }
    xml.close("SubstrateMaps");
    xml.close("MapData");
    xml.text
}

/// Boards with findings, each with a `SubstrateId` of its own: one that was inspected again has a number behind.
fn named(units: &[Unit]) -> Vec<(String, &Unit)> {
    let mut seen = BTreeSet::new();
    let with = units.iter().filter(|unit| !unit.findings.is_empty()).take(MAX_BOARDS);
    let name = |unit: &Unit| {
        let mut id = unit.serial.clone();
        for again in 2.. {
            if seen.insert(id.clone()) {
                break;
            }
            id = format!("{}~{again}", unit.serial);
        }
        id
    };
    let ids: Vec<String> = with.clone().map(name).collect();
    ids.into_iter().zip(with).collect()
}

fn layout(xml: &mut Xml, id: &str, columns: u32, rows: u32) {
    xml.open("Layout", &[("LayoutId", id), ("DefaultUnits", "mm"), ("TopLevel", "true")]);
    xml.empty("Dimension", &[("X", &columns.to_string()), ("Y", &rows.to_string())]);
    xml.close("Layout");
}

fn substrate(xml: &mut Xml, (kind, id): (&str, &str), lot: &str, good: Option<usize>) {
    xml.open("Substrate", &[("SubstrateType", kind), ("SubstrateId", id)]);
    xml.leaf("LotId", lot);
    if let Some(good) = good {
        xml.leaf("GoodDevices", &good.to_string());
    }
    xml.close("Substrate");
}

fn substrate_map(xml: &mut Xml, (kind, id): (&str, &str), layout: &str, grid: &Grid, bins: &Bins) {
    let attributes = [
        ("SubstrateType", kind),
        ("SubstrateId", id),
        ("LayoutSpecifier", layout),
        ("SubstrateSide", "TopSide"),
        ("Orientation", "0"),
        ("OriginLocation", "UpperLeft"),
        ("AxisDirection", "DownRight"),
    ];
    xml.open("SubstrateMap", &attributes);
    xml.open("Overlay", &[("MapName", "Inspection"), ("MapVersion", "1")]);
    let null = format!("{NULL:02X}");
    xml.open("BinCodeMap", &[("BinType", "HexaDecimal"), ("NullBin", &null), ("MapType", "2DArray")]);
    xml.open("BinDefinitions", &[]);
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    for code in grid.codes.iter().filter(|code| **code != NULL) {
        *counts.entry(*code).or_default() += 1;
    }
    for (code, count) in counts {
        let (quality, description) = bins.told(code);
        let (code, count) = (format!("{code:02X}"), count.to_string());
        let of = [
            ("BinCode", code.as_str()),
            ("BinCount", &count),
            ("BinQuality", quality),
            ("BinDescription", &description),
        ];
        xml.empty("BinDefinition", &of);
    }
    xml.close("BinDefinitions");
    for row in grid.codes.chunks(grid.columns as usize) {
        xml.leaf("BinCode", &row.iter().map(|code| format!("{code:02X}")).collect::<String>());
    }
    xml.close("BinCodeMap");
    xml.close("Overlay");
    xml.close("SubstrateMap");
}

/// Writes XML: two blanks a level, one element a line.
struct Xml {
    text: String,
    depth: usize,
}

impl Default for Xml {
    fn default() -> Self {
        Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), depth: 0 }
    }
}

impl Xml {
    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        let indent = self.depth * 2;
        // Writing into a String cannot fail.
        let _ = write!(self.text, "{:indent$}<{name}", "");
        for (attribute, value) in attributes {
            let _ = write!(self.text, " {attribute}=\"{}\"", escaped(value));
        }
        self.text.push_str(end);
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">\n");
        self.depth += 1;
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>\n");
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.tag(name, &[], ">");
        let _ = writeln!(self.text, "{}</{name}>", escaped(text));
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        let indent = self.depth * 2;
        let _ = writeln!(self.text, "{:indent$}</{name}>", "");
    }
}

/// Text within XML 1.0: what it cannot hold at all is shown as U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            control if control < ' ' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
