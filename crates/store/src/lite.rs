//! The embedded database's driver: statements run where they are asked for.
//!
//! A look-up by key in an embedded database takes some ten microseconds, less than waking another thread
//! twice, so it runs on the caller's own. What may wait for the disk or read much (transaction control,
//! whole lists) first tells the runtime, which then carries on with other tasks elsewhere.

use std::cell::Cell as Place;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::Error;
use crate::dump::Cell;
use crate::engine::{Arg, Columns, Row, Sql, Value};
use crate::error::Fault;
use crate::schema::Kind;

/// Prepared statements a connection keeps: all of them, multi-row sizes included.
pub(crate) const STATEMENTS: usize = 256;

/// How connections to a file are opened.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The file.
    pub(crate) path: PathBuf,
    /// A bound on it, in pages of 4 KiB.
    pub(crate) max_pages: Option<u32>,
    /// How long a lock of another process is waited for.
    pub(crate) wait: Duration,
}

impl Options {
    /// A connection that may write, and makes the file when it is missing.
    pub(crate) fn writer(&self) -> Result<Connection, Error> {
        let conn = self.open(OpenFlags::SQLITE_OPEN_CREATE)?;
        conn.execute_batch(
            "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16000; \
             PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY",
        )?;
        // what is deleted is overwritten, destroyed keys above all
        conn.execute_batch("PRAGMA secure_delete = ON")?;
        if let Some(pages) = self.max_pages {
            conn.pragma_update(None, "max_page_count", pages)?;
        }
        Ok(conn)
    }

    /// A connection that only reads a file that is there.
    pub(crate) fn reader(&self) -> Result<Connection, Error> {
        let conn = self.open(OpenFlags::empty())?;
        conn.execute_batch("PRAGMA query_only = ON")?;
        Ok(conn)
    }

    fn open(&self, more: OpenFlags) -> Result<Connection, Error> {
        // No mutex in the library: a connection belongs to whoever holds it.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
        let conn = Connection::open_with_flags(&self.path, flags)?;
        conn.busy_timeout(self.wait)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        // a commit is on the disk when it returns
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF",
        )?;
        Ok(conn)
    }
}

/// Connections for reading: as many as read at once, of which some are kept.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    options: Arc<Options>,
    kept: usize,
    /// Those nobody uses just now; none any more once the pool is closed.
    idle: Arc<Mutex<Option<Vec<Connection>>>>,
}

impl Pool {
    pub(crate) fn new(options: Options, kept: u32) -> Self {
        Self { options: Arc::new(options), kept: kept as usize, idle: Arc::new(Mutex::new(Some(Vec::new()))) }
    }

    /// Runs `work` with a connection of its own.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.idle().as_mut().ok_or(Fault::Closed)?.pop();
        let conn = match idle {
            Some(conn) => conn,
            None => self.options.reader()?,
        };
        let done = work(&conn);
        if let Some(idle) = self.idle().as_mut().filter(|idle| idle.len() < self.kept) {
            idle.push(conn);
        }
        done
    }

    /// Closes what is idle, and lets nobody read any more.
    pub(crate) fn close(&self) {
        self.idle().take();
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs what may keep its thread for long; other tasks go on, where the runtime has threads for them.
pub(crate) fn long<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// A statement without parameters or answer.
pub(crate) fn raw(conn: &Connection, sql: &str) -> Result<(), Error> {
    Ok(conn.execute_batch(sql)?)
}

/// The number of rows changed.
pub(crate) fn run(conn: &Connection, sql: Sql, args: &[Arg<'_>]) -> Result<u64, Error> {
    let mut statement = prepared(conn, sql, args)?;
    Ok(statement.raw_execute()? as u64)
}

/// The rows, each read by `read`.
pub(crate) fn rows<T>(
    conn: &Connection,
    sql: Sql,
    args: &[Arg<'_>],
    read: impl Fn(&rusqlite::Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut statement = prepared(conn, sql, args)?;
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(read(row)?);
    }
    Ok(rows)
}

/// The rows as the types that name their columns.
pub(crate) fn all<T: Row>(conn: &Connection, sql: Sql, args: &[Arg<'_>]) -> Result<Vec<T>, Error> {
    rows(conn, sql, args, |row| T::read(&Named { row, next: Place::new(0) }))
}

/// The cells of columns known only by the schema.
pub(crate) fn cells(row: &rusqlite::Row<'_>, kinds: &[Kind]) -> Result<Vec<Cell>, Error> {
    let cell = |(n, kind): (usize, &Kind)| {
        Ok(match kind {
            Kind::Int => Cell::Int(row.get(n)?),
            Kind::Text => Cell::Text(row.get(n)?),
            Kind::Bytes => Cell::Bytes(row.get(n)?),
            Kind::Id => Cell::Id(row.get(n)?),
            Kind::Bool => Cell::Bool(row.get(n)?),
        })
    };
    kinds.iter().enumerate().map(cell).collect()
}

/// The statement, prepared once for each connection, with its parameters bound. SQLite numbers `$n` by
/// first use, so each is bound by the number in its name; nameless ones come in order.
fn prepared<'c>(conn: &'c Connection, sql: Sql, args: &[Arg<'_>]) -> Result<CachedStatement<'c>, Error> {
    let mut statement = conn.prepare_cached(sql.0)?;
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name[1..].parse().ok()).unwrap_or(place);
        let Some(arg) = args.get(number - 1) else {
            return Err(
                rusqlite::Error::InvalidParameterCount(args.len(), statement.parameter_count()).into()
            );
        };
        statement.raw_bind_parameter(place, arg)?;
    }
    Ok(statement)
}

impl ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Int(value) => value.map_or(ValueRef::Null, ValueRef::Integer),
            Self::Text(value) => value.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())),
            Self::Bytes(value) => value.map_or(ValueRef::Null, ValueRef::Blob),
            Self::Id(value) => value.as_ref().map_or(ValueRef::Null, |id| ValueRef::Blob(id.as_bytes())),
            Self::Bool(value) => ValueRef::Integer(i64::from(*value)),
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

/// A row whose columns are asked for by name, mostly in their order: so the next one is looked at first.
struct Named<'a, 'r> {
    row: &'a rusqlite::Row<'r>,
    next: Place<usize>,
}

impl Columns for Named<'_, '_> {
    fn get<T: Value>(&self, name: &str) -> Result<T, Error> {
        let statement: &rusqlite::Statement<'_> = self.row.as_ref();
        let place = match statement.column_name(self.next.get()) {
            Ok(next) if next == name => self.next.get(),
            _ => statement.column_index(name)?,
        };
        self.next.set(place + 1);
        Ok(self.row.get(place)?)
    }
}
