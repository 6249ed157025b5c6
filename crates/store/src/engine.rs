//! The two databases behind one face: one SQL text, two typed drivers.

use rusqlite::Connection;
use tokio_postgres::types::FromSqlOwned;
use uuid::Uuid;

use crate::dump::Cell;
use crate::pg::Length;
use crate::schema::Kind;
use crate::{Error, lite, pg};

/// A value bound to a statement. There are no other types in the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arg<'a> {
    Int(Option<i64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
    Id(Option<Uuid>),
    Bool(bool),
}

macro_rules! arg_from {
    ($($from:ty => $arm:ident),* $(,)?) => {$(
        impl<'a> From<$from> for Arg<'a> {
            fn from(value: $from) -> Self {
                Self::$arm(value.into())
            }
        }
    )*};
}

arg_from! {
    i64 => Int, Option<i64> => Int, &'a str => Text, Option<&'a str> => Text,
    &'a [u8] => Bytes, Option<&'a [u8]> => Bytes, Uuid => Id, Option<Uuid> => Id, bool => Bool,
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Some(value))
    }
}

impl<'a> From<&'a Option<String>> for Arg<'a> {
    fn from(value: &'a Option<String>) -> Self {
        Self::Text(value.as_deref())
    }
}

impl<'a> From<&'a Vec<u8>> for Arg<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}

impl<'a> From<&'a Option<Vec<u8>>> for Arg<'a> {
    fn from(value: &'a Option<Vec<u8>>) -> Self {
        Self::Bytes(value.as_deref())
    }
}

impl<'a> From<&'a [u8; 32]> for Arg<'a> {
    fn from(value: &'a [u8; 32]) -> Self {
        Self::Bytes(Some(value))
    }
}

/// Binds anything that has an [`Arg`] form: `args![area, id, now]`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { [$($crate::engine::Arg::from($value)),*] };
}
pub(crate) use args;

/// A statement's text: only [`statements!`](crate::sql) and the multi-row texts make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sql(pub(crate) &'static str);

/// A statement and what its parameters stand for.
pub(crate) type Bound<'a> = (Sql, &'a [Arg<'a>]);

/// The same statement for each row.
pub(crate) fn for_each<'a, const N: usize>(sql: Sql, rows: &'a [[Arg<'a>; N]]) -> Vec<Bound<'a>> {
    rows.iter().map(|args| (sql, args.as_slice())).collect()
}

/// A type that a column of either database can be read as.
pub(crate) trait Value: rusqlite::types::FromSql + FromSqlOwned {}

impl<T: rusqlite::types::FromSql + FromSqlOwned> Value for T {}

/// The columns of a row, by name.
pub(crate) trait Columns {
    fn get<T: Value>(&self, name: &str) -> Result<T, Error>;
}

/// A type that either driver's rows can fill.
pub(crate) trait Row: Sized + Send + 'static {
    fn read(row: &impl Columns) -> Result<Self, Error>;
}

/// A pool for reading.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    Sqlite(lite::Pool),
    Postgres(pg::Pool),
}

/// One connection, for a writer or a snapshot.
#[derive(Debug)]
pub(crate) enum Conn {
    Sqlite(Connection),
    Postgres(pg::Conn),
}

impl Db {
    /// Rows found by key, few of them.
    pub(crate) async fn all<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<Vec<T>, Error> {
        match self {
            Self::Sqlite(pool) => pool.with(|conn| lite::all(conn, sql, args)),
            Self::Postgres(pool) => pool.all(Length::Short, sql, args).await,
        }
    }

    /// Rows that many others are passed for, or many themselves.
    pub(crate) async fn list<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<Vec<T>, Error> {
        match self {
            Self::Sqlite(pool) => lite::long(|| pool.with(|conn| lite::all(conn, sql, args))),
            Self::Postgres(pool) => pool.all(Length::Long, sql, args).await,
        }
    }

    pub(crate) async fn optional<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<Option<T>, Error> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// The one row of a count over few rows.
    pub(crate) async fn one<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<T, Error> {
        self.all(sql, args).await?.into_iter().next().ok_or(Error::NotFound)
    }

    /// The one row of a count over many.
    pub(crate) async fn tally<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<T, Error> {
        self.list(sql, args).await?.into_iter().next().ok_or(Error::NotFound)
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close(),
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Conn {
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// A statement without parameters or answer, sent alone: transaction control and schema. It may wait
    /// for the disk, or for another's lock.
    pub(crate) async fn raw(&mut self, sql: &'static str) -> Result<(), Error> {
        match self {
            Self::Sqlite(conn) => lite::long(|| lite::raw(conn, sql)),
            Self::Postgres(conn) => conn.raw(sql).await,
        }
    }

    /// The number of rows changed.
    pub(crate) async fn run(&mut self, sql: Sql, args: &[Arg<'_>]) -> Result<u64, Error> {
        match self {
            Self::Sqlite(conn) => lite::run(conn, sql, args),
            Self::Postgres(conn) => conn.run(sql, args).await,
        }
    }

    /// Statements in their order, none of which needs another's answer: the number of rows each changed. A server
    /// gets them all before it has answered the first.
    pub(crate) async fn together(&mut self, statements: &[Bound<'_>]) -> Result<Vec<u64>, Error> {
        match self {
            Self::Sqlite(conn) => statements.iter().map(|(sql, args)| lite::run(conn, *sql, args)).collect(),
            Self::Postgres(conn) => conn.together(statements).await,
        }
    }

    /// [`Conn::together`], for the rows that they answer with.
    pub(crate) async fn all_together<T: Row>(&mut self, statements: &[Bound<'_>]) -> Result<Vec<T>, Error> {
        match self {
            Self::Sqlite(conn) => {
                let each = statements.iter().map(|(sql, args)| lite::all(conn, *sql, args));
                Ok(each.collect::<Result<Vec<Vec<T>>, Error>>()?.into_iter().flatten().collect())
            }
            Self::Postgres(conn) => conn.all_together(statements).await,
        }
    }

    pub(crate) async fn all<T: Row>(&mut self, sql: Sql, args: &[Arg<'_>]) -> Result<Vec<T>, Error> {
        match self {
            Self::Sqlite(conn) => lite::all(conn, sql, args),
            Self::Postgres(conn) => conn.all(sql, args).await,
        }
    }

    pub(crate) async fn optional<T: Row>(&mut self, sql: Sql, args: &[Arg<'_>]) -> Result<Option<T>, Error> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// Rows of columns known only by the schema.
    pub(crate) async fn cells(
        &mut self,
        sql: Sql,
        args: &[Arg<'_>],
        kinds: &[Kind],
    ) -> Result<Vec<Vec<Cell>>, Error> {
        match self {
            Self::Sqlite(conn) => lite::long(|| lite::rows(conn, sql, args, |row| lite::cells(row, kinds))),
            Self::Postgres(conn) => conn.cells(sql, args, kinds).await,
        }
    }

    pub(crate) async fn close(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(conn) => conn.close().map_err(|(_, error)| error)?,
            Self::Postgres(conn) => conn.close().await,
        }
        Ok(())
    }
}

/// Declares a struct and fills it by column name from either driver.
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $type,)* }
        impl $crate::engine::Row for $name {
            fn read(row: &impl $crate::engine::Columns) -> Result<Self, $crate::Error> {
                Ok(Self { $($field: row.get(stringify!($field))?,)* })
            }
        }
    };
}
pub(crate) use row;
