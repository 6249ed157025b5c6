//! CSV files: a header row naming known columns, then one row a thing.

use csv::StringRecord;

use crate::limits;
use crate::problem::{Place, Problems};

use super::Opened;

/// A column a file kind knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) required: bool,
}

/// A column that must be there.
pub(super) const fn must(name: &'static str) -> Column {
    Column { name, required: true }
}

/// A column that may be left out.
pub(super) const fn may(name: &'static str) -> Column {
    Column { name, required: false }
}

/// A file as rows.
pub(super) struct Table {
    label: String,
    /// Known columns by name and their position in the file.
    columns: Vec<(&'static str, usize)>,
    records: Vec<StringRecord>,
}

impl Table {
    /// Reads `path` of the pack; `None` when it is absent or has no usable header.
    pub(super) fn read(
        pack: &Opened<'_>,
        path: &str,
        known: &[Column],
        problems: &mut Problems,
    ) -> Option<Self> {
        let (label, text) = pack.text(path, problems)?;
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                problems.error(
                    &Place::line(label, 1),
                    "csv",
                    format!("the header row cannot be read: {error}"),
                );
                return None;
            }
        };
        let columns = header_columns(&label, &header, known, problems)?;
        let mut table = Self { label, columns, records: Vec::new() };
        table.fill(reader, problems);
        Some(table)
    }

    fn fill(&mut self, reader: csv::Reader<&[u8]>, problems: &mut Problems) {
        for record in reader.into_records() {
            match record {
                Ok(_) if self.records.len() >= limits::ROWS => {
                    let message = format!("the file has more than {} rows; split the pack", limits::ROWS);
                    return problems.error(&Place::file(&self.label), "too-many-rows", message);
                }
                Ok(record) if record.iter().any(|cell| cell.len() > limits::TEXT_CHARS * 4) => {
                    let place =
                        Place { file: self.label.clone(), line: record.position().map(csv::Position::line) };
                    let message =
                        format!("a cell is longer than {} characters; shorten it", limits::TEXT_CHARS);
                    problems.error(&place, "text-too-long", message);
                }
                Ok(record) => self.records.push(record),
                Err(error) => {
                    let line = error.position().map(csv::Position::line);
                    let place = Place { file: self.label.clone(), line };
                    problems.error(&place, "csv", csv_message(&error));
                }
            }
        }
    }

    /// Its rows in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }
}

fn header_columns(
    label: &str,
    header: &StringRecord,
    known: &[Column],
    problems: &mut Problems,
) -> Option<Vec<(&'static str, usize)>> {
    let place = Place::line(label, 1);
    let mut columns: Vec<(&'static str, usize)> = Vec::new();
    let mut good = true;
    for (at, name) in header.iter().enumerate() {
        match known.iter().find(|column| column.name == name) {
            Some(column) if columns.iter().any(|(seen, _)| *seen == column.name) => {
                problems.error(
                    &place,
                    "duplicate-column",
                    format!("the column {name} stands there twice; remove one"),
                );
                good = false;
            }
            Some(column) => columns.push((column.name, at)),
            None => {
                let names: Vec<&str> = known.iter().map(|column| column.name).collect();
                let message = format!("the column {name} is unknown; known are {}", names.join(", "));
                problems.error(&place, "unknown-column", message);
                good = false;
            }
        }
    }
    for column in known.iter().filter(|column| column.required) {
        if !columns.iter().any(|(name, _)| *name == column.name) {
            problems.error(
                &place,
                "missing-column",
                format!("the column {} is missing; add it", column.name),
            );
            good = false;
        }
    }
    good.then_some(columns)
}

fn csv_message(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} cells and the header {expected_len}; check commas and quotes")
        }
        other => format!("the row cannot be read: {other:?}"),
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// A cell, trimmed; empty when the file leaves the column out.
    pub(super) fn get(&self, column: &str) -> &'a str {
        let at = self.table.columns.iter().find(|(name, _)| *name == column).map(|(_, at)| *at);
        at.and_then(|at| self.record.get(at)).unwrap_or_default().trim()
    }

    /// A cell, `None` when empty.
    pub(super) fn some(&self, column: &str) -> Option<&'a str> {
        Some(self.get(column)).filter(|cell| !cell.is_empty())
    }

    /// The parts of a cell between `|`, trimmed, empty ones left out.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.get(column).split('|').map(str::trim).filter(|part| !part.is_empty())
    }

    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        Place { file: self.table.label.clone(), line: self.record.position().map(csv::Position::line) }
    }

    /// A cell that must not be empty and keeps to a bound; reports otherwise.
    pub(super) fn required(&self, column: &str, most: usize, problems: &mut Problems) -> Option<&'a str> {
        let cell = self.get(column);
        if cell.is_empty() {
            problems.error(&self.place(), "empty-cell", format!("{column} is empty; fill it in"));
            return None;
        }
        self.bounded(column, most, problems)
    }

    /// A cell that keeps to a bound of characters; reports otherwise.
    pub(super) fn bounded(&self, column: &str, most: usize, problems: &mut Problems) -> Option<&'a str> {
        let cell = self.get(column);
        if cell.len() > most && cell.chars().count() > most {
            problems.error(
                &self.place(),
                "text-too-long",
                format!("{column} is longer than {most} characters; shorten it"),
            );
            return None;
        }
        Some(cell)
    }
}
