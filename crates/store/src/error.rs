//! What can go wrong, and what the caller can do about it.

use std::sync::Arc;

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};

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
    Io(Arc<std::io::Error>),
}

/// What a driver said.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The embedded database's.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// The server's.
    #[error(transparent)]
    Postgres(sqlx::Error),
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
        if matches!(self, Self::Unavailable(fault) if matches!(fault.as_ref(), Fault::Closed)) {
            return true;
        }
        let Some(fault) = self.of_the_server() else { return false };
        match fault {
            sqlx::Error::Database(db) => db.code().is_some_and(|code| is_of_the_server(&code)),
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            _ => false,
        }
    }

    /// Nobody listens at the database's address yet, or it is still recovering from a crash.
    pub(crate) fn is_not_up_yet(&self) -> bool {
        let Some(fault) = self.of_the_server() else { return false };
        match fault {
            sqlx::Error::Io(io) => io.kind() == std::io::ErrorKind::ConnectionRefused,
            sqlx::Error::Database(db) => db.code().as_deref() == Some("57P03"),
            _ => false,
        }
    }

    fn of_the_server(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Unavailable(fault) => match fault.as_ref() {
                Fault::Postgres(error) => Some(error),
                Fault::Sqlite(_) | Fault::Closed => None,
            },
            _ => None,
        }
    }

    /// What to do with a batch in which this error arose.
    pub(crate) fn fate(&self) -> Fate {
        match self {
            Self::Full | Self::Busy => Fate::All,
            Self::Stopped => Fate::Stop,
            Self::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => Fate::All,
            Self::Unavailable(fault) => match fault.as_ref() {
                Fault::Sqlite(_) => Fate::Isolate,
                Fault::Postgres(sqlx::Error::Database(db)) => match db.code().as_deref() {
                    Some("40001" | "40P01") => Fate::Retry,
                    Some(code) if is_of_the_server(code) => Fate::All,
                    _ => Fate::Isolate,
                },
                Fault::Postgres(sqlx::Error::Encode(_) | sqlx::Error::Protocol(_)) => Fate::Isolate,
                Fault::Postgres(_) | Fault::Closed => Fate::All,
            },
            _ => Fate::Isolate,
        }
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

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => return Self::NotFound,
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => return Self::Full,
            sqlx::Error::Database(db) => {
                if db.is_unique_violation() {
                    return Self::Conflict;
                }
                match db.code().as_deref() {
                    Some("53100") => return Self::Full,
                    // a text with a NUL names nothing that could have been stored
                    Some("22021") => return Self::NotFound,
                    // locked beyond the wait a checkpoint allows
                    Some("55P03") => return Self::Busy,
                    Some("XX001") => return Self::Corrupt(db.message().to_owned()),
                    _ => {}
                }
            }
            _ => {}
        }
        Fault::Postgres(error).into()
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull { Self::Full } else { Self::Io(Arc::new(error)) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error as IoError, ErrorKind};

    use super::{Error, is_of_the_server};

    #[test]
    fn a_lost_connection_is_told_from_a_fault_of_ours() {
        let lost = Error::from(sqlx::Error::Io(IoError::from(ErrorKind::UnexpectedEof)));
        assert!(lost.is_away() && !lost.is_not_up_yet(), "{lost}");
        let refused = Error::from(sqlx::Error::Io(IoError::from(ErrorKind::ConnectionRefused)));
        assert!(refused.is_away() && refused.is_not_up_yet(), "{refused}");
        assert!(Error::from(sqlx::Error::PoolTimedOut).is_away());
        for ours in [sqlx::Error::ColumnNotFound("x".to_owned()), sqlx::Error::Protocol("x".to_owned())] {
            assert!(!Error::from(ours).is_away());
        }
        assert!(!Error::from(sqlx::Error::Io(IoError::from(ErrorKind::StorageFull))).is_away());
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
