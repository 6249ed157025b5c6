//! Whole tables, row by row, in a form both databases share.

use std::sync::LazyLock;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::engine::{Arg, Sql};
use crate::multi::Multi;
use crate::schema::{Column, Kind, Table};
use crate::{Error, hex, migrate};

/// Rows read at once.
pub(crate) const PAGE: usize = 500;
/// Tables that a backup leaves out: whoever was signed in signs in again.
const LEFT_OUT: &[&str] = &["sessions"];

/// A value of any column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Id(Option<Uuid>),
    Bool(Option<bool>),
}

impl Cell {
    pub(crate) fn arg(&self) -> Arg<'_> {
        match self {
            Self::Int(value) => Arg::Int(*value),
            Self::Text(value) => Arg::Text(value.as_deref()),
            Self::Bytes(value) => Arg::Bytes(value.as_deref()),
            Self::Id(value) => Arg::Id(*value),
            // no column of truth values may be null
            Self::Bool(value) => Arg::Bool(value.unwrap_or_default()),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Int(value) => (*value).into(),
            Self::Text(value) => value.clone().into(),
            Self::Bytes(value) => value.as_deref().map(hex::encode).into(),
            Self::Id(value) => value.map(|id| id.to_string()).into(),
            Self::Bool(value) => (*value).into(),
        }
    }

    fn from_json(value: &Value, column: &Column) -> Option<Self> {
        let text = value.as_str();
        let cell = match (column.kind, value.is_null()) {
            (_, true) if !column.nullable => return None,
            (Kind::Int, null) => Self::Int(if null { None } else { Some(value.as_i64()?) }),
            (Kind::Text, null) => Self::Text(if null { None } else { Some(text?.to_owned()) }),
            (Kind::Bytes, null) => Self::Bytes(if null { None } else { Some(hex::decode(text?)?) }),
            (Kind::Id, null) => Self::Id(if null { None } else { Some(text?.parse().ok()?) }),
            (Kind::Bool, null) => Self::Bool(if null { None } else { Some(value.as_bool()?) }),
        };
        Some(cell)
    }
}

/// One table and the statements that read and fill it.
pub(crate) struct Dump {
    pub(crate) table: Table,
    pub(crate) kinds: Vec<Kind>,
    /// Places of the key's columns.
    pub(crate) key: Vec<usize>,
    count: String,
    first: String,
    next: String,
    pub(crate) insert: Multi,
}

/// The tables of a backup.
pub(crate) static DUMPS: LazyLock<Vec<Dump>> = LazyLock::new(|| {
    let kept = |table: &Table| !LEFT_OUT.contains(&table.name.as_str());
    migrate::tables().into_iter().filter(kept).map(Dump::new).collect()
});

impl Dump {
    fn new(table: Table) -> Self {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let (name, columns, key) = (&table.name, names.join(", "), table.key.join(", "));
        let marks: Vec<String> = (1..=table.key.len()).map(|n| format!("${n}")).collect();
        let marks = marks.join(", ");
        Self {
            kinds: table.columns.iter().map(|column| column.kind).collect(),
            key: table.key.iter().filter_map(|key| names.iter().position(|name| name == key)).collect(),
            count: format!("SELECT count(*) AS n FROM {name}"),
            first: format!("SELECT {columns} FROM {name} ORDER BY {key} LIMIT {PAGE}"),
            next: format!(
                "SELECT {columns} FROM {name} WHERE ({key}) > ({marks}) ORDER BY {key} LIMIT {PAGE}"
            ),
            insert: Multi::built(format!("INSERT INTO {name} ({columns})"), names.len()),
            table,
        }
    }

    pub(crate) fn count(&'static self) -> Sql {
        Sql(&self.count)
    }

    pub(crate) fn first(&'static self) -> Sql {
        Sql(&self.first)
    }

    pub(crate) fn next(&'static self) -> Sql {
        Sql(&self.next)
    }

    /// One line: an object by column name.
    pub(crate) fn line(&self, row: &[Cell]) -> String {
        let names = self.table.columns.iter().map(|column| column.name.clone());
        Value::Object(names.zip(row.iter().map(Cell::json)).collect::<Map<_, _>>()).to_string()
    }

    /// Reads a line back.
    pub(crate) fn parse(&self, line: &str) -> Result<Vec<Cell>, Error> {
        let broken =
            || Error::Backup(format!("{}.jsonl has a line that does not fit the table", self.table.name));
        let object: Map<String, Value> = serde_json::from_str(line).map_err(|_| broken())?;
        if object.len() != self.table.columns.len() {
            return Err(broken());
        }
        let cell =
            |column: &Column| object.get(&column.name).and_then(|value| Cell::from_json(value, column));
        let row = self.table.columns.iter().map(cell).collect::<Option<Vec<_>>>().ok_or_else(broken)?;
        // It becomes the name of a file: nothing but a digest may.
        let names_a_file = |digest: &str| digest.len() == 64 && hex::decode(digest).is_some();
        if self.blob_digest(&row).is_some_and(|digest| !names_a_file(digest)) {
            return Err(broken());
        }
        Ok(row)
    }

    /// The digest a row of `blobs` names.
    pub(crate) fn blob_digest<'a>(&self, row: &'a [Cell]) -> Option<&'a str> {
        let place = self.table.columns.iter().position(|column| column.name == "digest")?;
        match (self.table.name.as_str(), row.get(place)) {
            ("blobs", Some(Cell::Text(Some(digest)))) => Some(digest),
            _ => None,
        }
    }
}
