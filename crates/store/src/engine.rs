//! The two databases behind one face: one SQL text, two typed drivers.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, FromRow, PgConnection, PgPool, SqliteConnection, SqlitePool};
use uuid::Uuid;

use crate::Error;
use crate::dump::Cell;
use crate::schema::Kind;

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

macro_rules! binder {
    ($name:ident, $arguments:ty) => {
        fn $name(args: &[Arg<'_>]) -> Result<$arguments, Error> {
            let mut bound = <$arguments>::default();
            bound.reserve(args.len(), 0);
            for arg in args {
                match *arg {
                    Arg::Int(value) => bound.add(value),
                    Arg::Text(value) => bound.add(value),
                    Arg::Bytes(value) => bound.add(value),
                    Arg::Id(value) => bound.add(value),
                    Arg::Bool(value) => bound.add(value),
                }
                .map_err(sqlx::Error::Encode)?;
            }
            Ok(bound)
        }
    };
}
binder!(bind_sqlite, SqliteArguments);
binder!(bind_postgres, PgArguments);

/// A statement's text: only [`statements!`](crate::sql) and the multi-row texts make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sql(pub(crate) &'static str);

/// A row that both drivers can fill.
pub(crate) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{}

/// A pool for reading.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One connection, for a writer or a snapshot.
#[derive(Debug)]
pub(crate) enum Conn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Expands the body into both arms, so that inference gives each its driver: it is written once.
macro_rules! on {
    ($self:expr, $args:expr, ($conn:ident, $bound:ident) => $body:expr) => {
        match $self {
            Self::Sqlite($conn) => {
                let $bound = bind_sqlite($args)?;
                $body
            }
            Self::Postgres($conn) => {
                let $bound = bind_postgres($args)?;
                $body
            }
        }
    };
}

/// Reads a row's columns in order, each by its kind.
macro_rules! cells {
    ($row:expr, $kinds:expr) => {
        $kinds
            .iter()
            .enumerate()
            .map(|(n, kind)| {
                use sqlx::Row as _;
                Ok(match kind {
                    Kind::Int => Cell::Int($row.try_get(n)?),
                    Kind::Text => Cell::Text($row.try_get(n)?),
                    Kind::Bytes => Cell::Bytes($row.try_get(n)?),
                    Kind::Id => Cell::Id($row.try_get(n)?),
                    Kind::Bool => Cell::Bool($row.try_get(n)?),
                })
            })
            .collect::<Result<Vec<Cell>, sqlx::Error>>()
    };
}

impl Db {
    pub(crate) async fn all<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<Vec<T>, Error> {
        Ok(on!(self, args, (pool, bound) => sqlx::query_as_with(sql.0, bound).fetch_all(pool).await?))
    }

    pub(crate) async fn optional<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<Option<T>, Error> {
        Ok(on!(self, args, (pool, bound) => sqlx::query_as_with(sql.0, bound).fetch_optional(pool).await?))
    }

    pub(crate) async fn one<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<T, Error> {
        Ok(on!(self, args, (pool, bound) => sqlx::query_as_with(sql.0, bound).fetch_one(pool).await?))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Conn {
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// A statement without parameters or answer, sent alone: transaction control and schema.
    pub(crate) async fn raw(&mut self, sql: &'static str) -> Result<(), Error> {
        match self {
            Self::Sqlite(conn) => sqlx::raw_sql(sql).execute(conn).await.map(drop)?,
            Self::Postgres(conn) => sqlx::raw_sql(sql).execute(conn).await.map(drop)?,
        }
        Ok(())
    }

    /// The number of rows changed.
    pub(crate) async fn run(&mut self, sql: Sql, args: &[Arg<'_>]) -> Result<u64, Error> {
        Ok(on!(self, args, (conn, bound) =>
            sqlx::query_with(sql.0, bound).execute(conn).await?.rows_affected()))
    }

    pub(crate) async fn all<T: Row>(&mut self, sql: Sql, args: &[Arg<'_>]) -> Result<Vec<T>, Error> {
        Ok(on!(self, args, (conn, bound) => sqlx::query_as_with(sql.0, bound).fetch_all(conn).await?))
    }

    pub(crate) async fn optional<T: Row>(&mut self, sql: Sql, args: &[Arg<'_>]) -> Result<Option<T>, Error> {
        Ok(on!(self, args, (conn, bound) => sqlx::query_as_with(sql.0, bound).fetch_optional(conn).await?))
    }

    /// Rows of columns known only by the schema.
    pub(crate) async fn cells(
        &mut self,
        sql: Sql,
        args: &[Arg<'_>],
        kinds: &[Kind],
    ) -> Result<Vec<Vec<Cell>>, Error> {
        Ok(on!(self, args, (conn, bound) => {
            let rows = sqlx::query_with(sql.0, bound).fetch_all(conn).await?;
            rows.iter().map(|row| cells!(row, kinds)).collect::<Result<_, sqlx::Error>>()?
        }))
    }

    pub(crate) async fn close(self) -> Result<(), Error> {
        use sqlx::Connection as _;
        match self {
            Self::Sqlite(conn) => conn.close().await?,
            Self::Postgres(conn) => conn.close().await?,
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
        $crate::engine::from_row!($name, row => { $($field: sqlx::Row::try_get(row, stringify!($field))?,)* });
    };
}
pub(crate) use row;

/// Fills an existing struct from either driver, where a field is not simply a column.
macro_rules! from_row {
    ($name:ident, $row:ident => { $($field:ident: $value:expr,)* }) => {
        impl<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> for $name {
            fn from_row($row: &'r sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: $value,)* })
            }
        }
        impl<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> for $name {
            fn from_row($row: &'r sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: $value,)* })
            }
        }
    };
}
pub(crate) use from_row;
