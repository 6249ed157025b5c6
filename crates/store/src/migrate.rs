//! Migrations: numbered files, one text for both databases, applied once and in order.

use crate::engine::{Conn, Sql, args, row};
use crate::schema::{self, Table};
use crate::seal::sha256_hex;
use crate::sql::statements;
use crate::{Error, Store};

/// The files, in order; the version is the place in this list, from 1.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/0001_foundation.sql"),
    include_str!("../../../migrations/0002_record.sql"),
    include_str!("../../../migrations/0003_credentials.sql"),
    include_str!("../../../migrations/0004_delegation.sql"),
    include_str!("../../../migrations/0005_certificates.sql"),
    include_str!("../../../migrations/0006_partners.sql"),
    include_str!("../../../migrations/0007_providers.sql"),
    include_str!("../../../migrations/0008_privacy.sql"),
    include_str!("../../../migrations/0009_certificate_use.sql"),
    include_str!("../../../migrations/0010_wallets.sql"),
    include_str!("../../../migrations/0011_officers.sql"),
    include_str!("../../../migrations/0012_stations.sql"),
    include_str!("../../../migrations/0013_reviews.sql"),
    include_str!("../../../migrations/0014_units.sql"),
    include_str!("../../../migrations/0015_webhooks.sql"),
];

/// Made before anything else; the same words for both databases.
const CREATE_LIST: &str = "CREATE TABLE IF NOT EXISTS schema_migrations \
    (version BIGINT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)";

row! {
    /// A migration that was applied.
    pub(crate) struct Applied {
        /// From 1.
        pub(crate) version: i64,
        /// SHA-256 of its text.
        pub(crate) digest: String,
    }
}

statements! {
    APPLIED = "SELECT version, digest FROM schema_migrations ORDER BY version";
    ADD_APPLIED = "INSERT INTO schema_migrations (version, digest, applied_at) VALUES ($1, $2, $3)";
}

/// The tables of the newest schema, in the order of the migrations.
pub(crate) fn tables() -> Vec<Table> {
    schema::tables(MIGRATIONS.iter().copied())
}

/// The version this program knows.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.len() as i64
}

impl Store {
    /// Brings the schema up to date; returns how many migrations were applied. `now`: microseconds since
    /// 1970.
    ///
    /// # Errors
    /// [`Error::Schema`] when the database is newer than this program or was made by a build with another schema.
    pub async fn migrate(&self, now: i64) -> Result<usize, Error> {
        let mut conn = self.source.connect_writer().await?;
        // two processes that start at once may both try to make the list; the second finds it
        if conn.raw(CREATE_LIST).await.is_err() {
            conn.raw(CREATE_LIST).await?;
        }
        let mut applied = 0;
        loop {
            let done = check(conn.all(APPLIED, &[]).await?)?;
            let Some(text) = MIGRATIONS.get(done) else { break };
            match apply(&mut conn, done as i64 + 1, text, now).await {
                Ok(()) => applied += 1,
                // another process was first: look again
                Err(Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        conn.close().await?;
        Ok(applied)
    }
}

fn check(applied: Vec<Applied>) -> Result<usize, Error> {
    for row in &applied {
        let known = usize::try_from(row.version - 1).ok().and_then(|place| MIGRATIONS.get(place));
        let Some(text) = known else {
            return Err(Error::Schema(format!(
                "the database has version {}, this program knows {}",
                row.version,
                MIGRATIONS.len()
            )));
        };
        if sha256_hex(text.as_bytes()) != row.digest {
            return Err(Error::Schema(format!(
                "version {} was made by a build with another schema; take a backup with that build and restore it \
                 with this one, or begin in a new folder",
                row.version
            )));
        }
    }
    Ok(applied.len())
}

/// One migration in one transaction, one statement per call. The version goes in first, so that of two
/// processes only one applies it.
async fn apply(conn: &mut Conn, version: i64, text: &'static str, now: i64) -> Result<(), Error> {
    conn.raw(if conn.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN" }).await?;
    let done = statements_of(conn, version, text, now).await;
    conn.raw(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    done
}

async fn statements_of(conn: &mut Conn, version: i64, text: &'static str, now: i64) -> Result<(), Error> {
    let digest = sha256_hex(text.as_bytes());
    conn.run(ADD_APPLIED, &args![version, &digest, now]).await?;
    for statement in schema::statements(text) {
        let statement = if conn.is_sqlite() { schema::for_sqlite(&statement) } else { statement };
        // Text of this program's own files; kept for the life of the process, some kilobytes once.
        let statement: &'static str = Box::leak(statement.into_boxed_str());
        conn.run(Sql(statement), &[]).await?;
    }
    Ok(())
}
