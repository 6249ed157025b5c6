//! Where the data are, and how connections to them are made.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Conn, Db};
use crate::writer::LANES;
use crate::{Error, MasterKey, Probe, lite, pg};

/// Which database.
#[derive(Clone)]
pub enum Database {
    /// A file, made when missing.
    Sqlite(PathBuf),
    /// `postgres://user:password@host:port/database`
    Postgres(String),
}

/// A URL may hold a password: it is not shown.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// What a store needs to open.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database.
    pub database: Database,
    /// The folder for blobs.
    pub data_dir: PathBuf,
    /// The key under which persons' keys are wrapped.
    pub master_key: MasterKey,
    /// A bound on the SQLite file in pages of 4 KiB, for tests of a full disk.
    pub sqlite_max_pages: Option<u32>,
    /// Connections for reading.
    pub readers: u32,
    /// Told where the writer stands; `None` outside simulations.
    pub probe: Option<Arc<dyn Probe>>,
}

/// Options for making connections.
#[derive(Clone)]
pub(crate) enum Source {
    Sqlite(lite::Options),
    Postgres(pg::Options),
}

const WAIT: Duration = Duration::from_secs(5);
/// How often a start asks again for a database that is not up yet, and the pause between: thirty seconds in all. After
/// a power cut both start at once, and the database has its log to read first.
const START_TRIES: u32 = 300;
const START_PAUSE: Duration = Duration::from_millis(100);

impl Source {
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        Ok(match &config.database {
            Database::Sqlite(path) => {
                let max_pages = config.sqlite_max_pages;
                Self::Sqlite(lite::Options { path: path.clone(), max_pages, wait: WAIT })
            }
            Database::Postgres(url) => Self::Postgres(pg::Options::parse(url, WAIT)?),
        })
    }

    /// A connection that may write.
    pub(crate) async fn connect_writer(&self) -> Result<Conn, Error> {
        Ok(match self {
            Self::Sqlite(options) => Conn::Sqlite(options.writer()?),
            Self::Postgres(options) => Conn::Postgres(options.connect().await?),
        })
    }

    /// A connection that sees one state of the database until it is closed.
    pub(crate) async fn snapshot(&self) -> Result<Conn, Error> {
        let (mut conn, begin) = match self {
            Self::Sqlite(options) => (Conn::Sqlite(options.reader()?), "BEGIN"),
            Self::Postgres(_) => {
                (self.connect_writer().await?, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
        };
        conn.raw(begin).await?;
        Ok(conn)
    }

    /// One connection for each writer task.
    pub(crate) async fn connect_writers(&self) -> Result<Vec<Conn>, Error> {
        let lanes = match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => LANES,
        };
        let mut conns = Vec::with_capacity(lanes);
        conns.push(self.connect_when_up().await?);
        for _ in 1..lanes {
            conns.push(self.connect_writer().await?);
        }
        Ok(conns)
    }

    /// The first connection: a database that is not up yet is waited for.
    async fn connect_when_up(&self) -> Result<Conn, Error> {
        for tried in 0..START_TRIES {
            match self.connect_writer().await {
                Err(error) if error.is_not_up_yet() => {
                    if tried == 0 {
                        tracing::warn!(%error, "waiting for the database");
                    }
                    tokio::time::sleep(START_PAUSE).await;
                }
                answered => return answered,
            }
        }
        self.connect_writer().await
    }

    /// The pool for reading. The database must exist.
    pub(crate) fn readers(&self, readers: u32) -> Db {
        let readers = readers.max(1);
        match self {
            Self::Sqlite(options) => Db::Sqlite(lite::Pool::new(options.clone(), readers)),
            Self::Postgres(options) => Db::Postgres(pg::Pool::new(options.clone(), readers as usize)),
        }
    }
}
