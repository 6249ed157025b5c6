//! Idempotency keys: the same question under the same key gets the same answer, and is carried out once.

use std::collections::HashSet;

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::commit::Prepared;
use crate::engine::{Conn, args, row};
use crate::multi::Multi;
use crate::outbox::Area;
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

/// Bytes a key may have.
pub const MAX_KEY: usize = 255;

/// A key that is used up by the commit it comes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Who asks: a key of one person is nothing to another.
    pub principal: Uuid,
    /// Chosen by the caller, at most [`MAX_KEY`] bytes.
    pub key: String,
    /// SHA-256 of what was asked.
    pub request: [u8; 32],
    /// What to answer when asked again; without personal data.
    pub answer: String,
}

impl Once {
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.key.len() > MAX_KEY { Err(Error::TooLarge { limit: MAX_KEY }) } else { Ok(()) }
    }
}

row! {
    /// What was asked and answered under a key.
    pub struct OnceRow {
        /// SHA-256 of what was asked.
        pub request: Vec<u8>,
        /// What was answered.
        pub answer: String,
        /// When the commit's last event was, microseconds since 1970.
        pub at: i64,
    }
}

row! {
    /// A key that was free.
    struct Taken {
        area: String,
        principal: Uuid,
        key: String,
    }
}

pub(crate) static TAKE_KEYS: Multi = Multi::new(
    "INSERT INTO once (area, principal, key, request, answer, at)",
    6,
    "ON CONFLICT (area, principal, key) DO NOTHING RETURNING area, principal, key",
);

statements! {
    GIVE_KEY_BACK = "DELETE FROM once WHERE area = $1 AND principal = $2 AND key = $3";
    GET_KEY = "SELECT request, answer, at FROM once WHERE area = $1 AND principal = $2 AND key = $3";
    FORGET_KEYS = "DELETE FROM once WHERE area = $1 AND at < $2 AND at <= coalesce((SELECT at FROM once \
        WHERE area = $1 AND at < $2 ORDER BY at LIMIT 1 OFFSET $3 - 1), $2)";
    /// Over all shards: tells the sweeper where to look.
    AREAS_WITH_OLD_KEYS = "SELECT DISTINCT area FROM once WHERE at < $1 ORDER BY area";
}

/// Takes the keys of a batch; tells for each commit whether its key was free (or it has none). Of two
/// commits with one key the first gets it.
pub(crate) async fn take(conn: &mut Conn, batch: &[&Prepared]) -> Result<Vec<bool>, Error> {
    let mut bound = Vec::new();
    for commit in batch.iter().map(|job| &job.commit) {
        if let Some(once) = &commit.once {
            let Once { principal, key, request, answer } = once;
            let at = commit.events.last().map_or(0, |event| event.at);
            bound.extend(args![&commit.area, *principal, key, request, answer, at]);
        }
    }
    if bound.is_empty() {
        return Ok(vec![true; batch.len()]);
    }
    let taken: Vec<Taken> = TAKE_KEYS.all(conn, &bound).await?;
    let mut free: HashSet<_> =
        taken.iter().map(|row| (row.area.as_str(), row.principal, row.key.as_str())).collect();
    let mut won = Vec::with_capacity(batch.len());
    for commit in batch.iter().map(|job| &job.commit) {
        won.push(match &commit.once {
            Some(once) => free.remove(&(commit.area.as_str(), once.principal, once.key.as_str())),
            None => true,
        });
    }
    Ok(won)
}

/// Takes one key for a write that is no commit of a case; whether it was free (or there is none).
pub(crate) async fn take_one(
    conn: &mut Conn,
    area: &str,
    once: Option<&Once>,
    at: i64,
) -> Result<bool, Error> {
    let Some(Once { principal, key, request, answer }) = once else { return Ok(true) };
    let taken: Vec<Taken> = TAKE_KEYS.all(conn, &args![area, *principal, key, request, answer, at]).await?;
    Ok(!taken.is_empty())
}

/// The commit that took the key was refused: the key is free again.
pub(crate) async fn give_back(conn: &mut Conn, area: &str, once: &Once) -> Result<(), Error> {
    conn.run(GIVE_KEY_BACK, &args![area, once.principal, &once.key]).await.map(drop)
}

pub(crate) async fn forget(conn: &mut Conn, area: &str, before: i64, limit: i64) -> Result<Written, Error> {
    Ok(Written::Count(conn.run(FORGET_KEYS, &args![area, before, limit]).await?))
}

impl Store {
    /// What this principal was answered under this key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn once(&self, area: &str, principal: Uuid, key: &str) -> Result<Option<OnceRow>, Error> {
        self.db.optional(GET_KEY, &args![area, principal, key]).await
    }

    /// Forgets keys taken before `before` (microseconds since 1970), at most `limit` in each area; returns
    /// how many. A key is to be kept for 24 hours at least.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn forget_once(&self, before: i64, limit: i64) -> Result<u64, Error> {
        let areas: Vec<Area> = self.db.all(AREAS_WITH_OLD_KEYS, &args![before]).await?;
        let mut forgotten = 0;
        for Area { area } in areas {
            let limit = limit.min(MAX_PAGE);
            if let Written::Count(keys) = self.write(Write::ForgetOnce { area, before, limit }).await? {
                forgotten += keys;
            }
        }
        Ok(forgotten)
    }
}
