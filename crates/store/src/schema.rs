//! The schema as data, read from the migrations: the same text makes the tables, names their columns in
//! a backup and is compared with what the databases report.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Bytes,
    Id,
    Bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// Names of the columns of the primary key, in order.
    pub(crate) key: Vec<String>,
}

/// The statements of a migration, without comments.
pub(crate) fn statements(text: &str) -> Vec<String> {
    let plain: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    plain.join("\n").split(';').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

/// The statement as SQLite wants it: four type names differ, and its tables are strict.
pub(crate) fn for_sqlite(statement: &str) -> String {
    let mut out = String::with_capacity(statement.len() + 8);
    for word in statement.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let mapped = match name {
            "bigint" | "boolean" => "INTEGER",
            "bytea" | "uuid" => "BLOB",
            other => other,
        };
        out.push_str(mapped);
        out.push_str(&word[name.len()..]);
    }
    if statement.starts_with("create table") {
        out.push_str(" STRICT");
    }
    out
}

/// The tables that these migrations make, with the columns that later ones add.
pub(crate) fn tables<'a>(migrations: impl Iterator<Item = &'a str>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for statement in migrations.flat_map(statements) {
        if let Some((name, column)) = added(&statement) {
            tables.iter_mut().filter(|table| table.name == name).for_each(|t| t.columns.push(column.clone()));
        }
        tables.extend(table(&statement));
    }
    tables
}

/// The column an `alter table … add column …` adds, and to which table.
fn added(statement: &str) -> Option<(&str, Column)> {
    let (name, line) = statement.strip_prefix("alter table ")?.split_once(" add column ")?;
    Some((name, column(line)?))
}

/// One column per line, as the migrations are written.
fn table(statement: &str) -> Option<Table> {
    let (name, body) = statement.strip_prefix("create table ")?.split_once('(')?;
    let mut table = Table { name: name.trim().to_owned(), columns: Vec::new(), key: Vec::new() };
    for line in body.lines().map(|line| line.trim().trim_end_matches(',')) {
        if let Some(key) = line.strip_prefix("primary key (") {
            table.key = key.trim_end_matches(')').split(',').map(|name| name.trim().to_owned()).collect();
            continue;
        }
        table.columns.extend(column(line));
    }
    Some(table)
}

fn column(line: &str) -> Option<Column> {
    let mut words = line.split_whitespace();
    let (name, kind) = (words.next()?.to_owned(), words.next().and_then(kind)?);
    Some(Column { name, kind, nullable: !line.ends_with("not null") })
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "bigint" => Kind::Int,
        "text" => Kind::Text,
        "bytea" => Kind::Bytes,
        "uuid" => Kind::Id,
        "boolean" => Kind::Bool,
        _ => return None,
    })
}
