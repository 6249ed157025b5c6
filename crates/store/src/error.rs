//! What can go wrong, and what the caller can do about it.

use std::error::Error as _;
use std::io;
use std::sync::Arc;

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
use tokio_postgres::error::SqlState;

/// Why the store did not do what was asked. Nothing that returns an error has been acknowledged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// Someone else was first: the case, draft or number has moved on. Load again and decide anew.
    #[error("the record has changed since it was read")]
    Conflict,
    /// The disk is full. Nothing was stored; reading goes on.
    #[error("the disk is full: nothing more can be stored")]
    Full,
    /// More is being written than the disk takes. Try again shortly.
    #[error("too much is being written at once")]
    Busy,
    /// There is no such row, or the lease on it is no longer held.
    #[error("no such record")]
    NotFound,
    /// The person's key was destroyed: what was sealed with it stays closed for ever.
    #[error("the person's data have been erased")]
    Erased,
    /// A bound named by the caller is reached.
    #[error("the limit of {limit} is reached")]
    TooMany {
        /// The bound.
        limit: i64,
    },
    /// A commit, page or blob beyond its bound.
    #[error("larger than the {limit} allowed")]
    TooLarge {
        /// The bound, in the unit of the thing: events, rows, bytes.
        limit: usize,
    },
    /// The disk failed under a write. The store writes nothing more until it is opened again.
    #[error("writing has stopped after an input or output error")]
    Stopped,
    /// Stored bytes are not what was stored: a broken chain, digest or seal.
    #[error("stored data are damaged: {0}")]
    Corrupt(String),
    /// The master key file cannot be used.
    #[error("master key: {0}")]
    MasterKey(String),
    /// A backup that cannot be written, or must not be restored.
    #[error("backup: {0}")]
    Backup(String),
    /// The schema of the database is not the one this program knows.
    #[error("schema: {0}")]
    Schema(String),
    /// The database refused or cannot be reached.
    #[error("database: {0}")]
    Unavailable(Arc<Fault>),
    /// A file outside the database cannot be read or written.
    #[error("file: {0}")]
    Io(Arc<io::Error>),
}

/// What a driver said.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The embedded database's.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// The server's. Its detail is left out: it may quote a row.
    #[error("{}", words(.0))]
    Postgres(tokio_postgres::Error),
    /// No connection to the server came about in time.
    #[error("the database did not answer in time")]
    Late,
    /// Nothing was asked: the store is closed.
    #[error("the store is closed")]
    Closed,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Unavailable(Arc::new(fault))
    }
}

/// The embedded database's ways to say that a key is taken.
const UNIQUE: [i32; 2] = [SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY];

/// What a failed database call means for the jobs of its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// One job is at fault: run the jobs one by one.
    Isolate,
    /// Serialisation failure or deadlock: run the batch again.
    Retry,
    /// Nothing of the batch can be stored now.
    All,
    /// The disk cannot be trusted: stop writing.
    Stop,
}

impl Error {
    /// The database is not there for now: it stopped, is starting, or the connection to it broke. What was being
    /// written may have been stored or not; the same again, once it is back, shows which.
    #[must_use]
    pub fn is_away(&self) -> bool {
        match self.fault() {
            Some(Fault::Closed | Fault::Late) => true,
            Some(Fault::Postgres(error)) => match error.code() {
                Some(code) => is_of_the_server(code.code()),
                None => is_lost(error),
            },
            Some(Fault::Sqlite(_)) | None => false,
        }
    }

    /// Nobody listens at the database's address yet, or it is still recovering from a crash.
    pub(crate) fn is_not_up_yet(&self) -> bool {
        let Some(Fault::Postgres(error)) = self.fault() else { return false };
        error.code() == Some(&SqlState::CANNOT_CONNECT_NOW)
            || io_of(error).is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused)
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Unavailable(fault) => Some(fault),
            _ => None,
        }
    }

    /// What to do with a batch in which this error arose.
    pub(crate) fn fate(&self) -> Fate {
        match self {
            Self::Full | Self::Busy => Fate::All,
            Self::Stopped => Fate::Stop,
            Self::Io(error) if error.kind() == io::ErrorKind::StorageFull => Fate::All,
            Self::Unavailable(fault) => match fault.as_ref() {
                Fault::Sqlite(_) => Fate::Isolate,
                Fault::Postgres(error) => match error.code() {
                    Some(&(SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED)) => {
                        Fate::Retry
                    }
                    Some(code) if is_of_the_server(code.code()) => Fate::All,
                    None if is_lost(error) => Fate::All,
                    _ => Fate::Isolate,
                },
                Fault::Closed | Fault::Late => Fate::All,
            },
            _ => Fate::Isolate,
        }
    }
}

/// The connection broke, or none came about.
fn is_lost(error: &tokio_postgres::Error) -> bool {
    error.is_closed() || io_of(error).is_some()
}

fn io_of(error: &tokio_postgres::Error) -> Option<&io::Error> {
    error.source().and_then(|cause| cause.downcast_ref())
}

/// What an operator is told: the driver itself says only that there was an error of the database.
fn words(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(db), _) => format!("{} ({})", db.message(), db.code().code()),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}

/// A code of PostgreSQL that says nothing about the statement: the connection broke (08), the server lacks resources
/// (53) or is being stopped or started by somebody (57P).
fn is_of_the_server(code: &str) -> bool {
    code.len() == 5 && ["08", "53", "57P"].iter().any(|class| code.starts_with(class))
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        if let rusqlite::Error::SqliteFailure(failure, message) = &error {
            match failure.code {
                ErrorCode::ConstraintViolation if UNIQUE.contains(&failure.extended_code) => {
                    return Self::Conflict;
                }
                ErrorCode::DiskFull => return Self::Full,
                // locked by another process
                ErrorCode::DatabaseBusy => return Self::Busy,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                    return Self::Corrupt(message.clone().unwrap_or_else(|| failure.to_string()));
                }
                ErrorCode::SystemIoFailure => return Self::Stopped,
                _ => {}
            }
        }
        Fault::Sqlite(error).into()
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        if io_of(&error).is_some_and(|io| io.kind() == io::ErrorKind::StorageFull) {
            return Self::Full;
        }
        match error.code() {
            Some(&SqlState::UNIQUE_VIOLATION) => Self::Conflict,
            Some(&SqlState::DISK_FULL) => Self::Full,
            // a text with a NUL names nothing that could have been stored
            Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) => Self::NotFound,
            // locked beyond the wait a checkpoint allows
            Some(&SqlState::LOCK_NOT_AVAILABLE) => Self::Busy,
            Some(&SqlState::DATA_CORRUPTED) => {
                Self::Corrupt(error.as_db_error().map_or_else(String::new, |db| db.message().to_owned()))
            }
            _ => Fault::Postgres(error).into(),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull { Self::Full } else { Self::Io(Arc::new(error)) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;

    use super::{Error, Fault, is_of_the_server};
    use crate::pg::Options;

    async fn connect(port: u16) -> Error {
        let url = format!("postgres://nobody@127.0.0.1:{port}/none?sslmode=disable");
        let options = Options::parse(&url, Duration::from_secs(5)).unwrap();
        options.connect().await.map(drop).unwrap_err()
    }

    #[tokio::test]
    async fn a_lost_connection_is_told_from_a_fault_of_ours() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (lost, _) = tokio::join!(connect(port), async { drop(listener.accept().await.unwrap()) });
        assert!(lost.is_away() && !lost.is_not_up_yet(), "{lost}");
        drop(listener);
        let refused = connect(port).await;
        assert!(refused.is_away() && refused.is_not_up_yet(), "{refused}");
        assert!(Error::from(Fault::Late).is_away());
        let ours: tokio_postgres::Error =
            "postgres://h:no-port".parse::<tokio_postgres::Config>().unwrap_err();
        assert!(!Error::from(ours).is_away());
    }

    #[test]
    fn codes_of_the_server_are_told_from_those_of_a_statement() {
        for code in ["57P01", "57P02", "57P03", "08006", "53300"] {
            assert!(is_of_the_server(code), "{code}");
        }
        // a time limit of the statement, a column that is not there, and SQLite's own
        for code in ["57014", "42703", "40001", "5", "787"] {
            assert!(!is_of_the_server(code), "{code}");
        }
    }
}
