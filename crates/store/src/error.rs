//! What can go wrong, and what the caller can do about it.

use std::sync::Arc;

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
    Unavailable(Arc<sqlx::Error>),
    /// A file outside the database cannot be read or written.
    #[error("file: {0}")]
    Io(Arc<std::io::Error>),
}

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

const SQLITE_IO: i64 = 10;

impl Error {
    /// What to do with a batch in which this error arose.
    pub(crate) fn fate(&self) -> Fate {
        match self {
            Self::Full | Self::Busy => Fate::All,
            Self::Stopped => Fate::Stop,
            Self::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => Fate::All,
            Self::Unavailable(error) => match error.as_ref() {
                sqlx::Error::Database(db) => match db.code().as_deref() {
                    Some("40001" | "40P01") => Fate::Retry,
                    Some(code) if code.starts_with("57P") || code.starts_with("53") => Fate::All,
                    _ => Fate::Isolate,
                },
                sqlx::Error::Encode(_) | sqlx::Error::Protocol(_) => Fate::Isolate,
                _ => Fate::All,
            },
            _ => Fate::Isolate,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::RowNotFound => return Self::NotFound,
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => return Self::Full,
            sqlx::Error::Database(db) => {
                if db.is_unique_violation() {
                    return Self::Conflict;
                }
                let code = db.code();
                match code.as_deref() {
                    Some("13" | "53100") => return Self::Full,
                    // locked: by another process on SQLite; beyond the wait a checkpoint allows on PostgreSQL
                    Some("5" | "261" | "517" | "55P03") => return Self::Busy,
                    Some("11" | "26" | "XX001") => return Self::Corrupt(db.message().to_owned()),
                    Some(code)
                        if code.parse::<i64>().is_ok_and(|n| code.len() < 5 && n & 0xff == SQLITE_IO) =>
                    {
                        return Self::Stopped;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        Self::Unavailable(Arc::new(error))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull { Self::Full } else { Self::Io(Arc::new(error)) }
    }
}
