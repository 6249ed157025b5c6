//! The sessions somebody has: to look at, and to end.

use domain::{Timestamp, from_micros, micros};
use identity::{Principal, RealNameLevel};
use uuid::Uuid;

use crate::second_factor::WAITING_KIND;
use crate::session::hex;
use crate::{App, Error, Session};

/// A session as its owner sees it.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// Its id in pages: not its token, and not what the token can be found by.
    pub id: String,
    /// The one that asks.
    pub current: bool,
    /// When it began.
    pub begun: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// Kind of device and program, in two words; empty where it was not kept.
    pub device: String,
    /// Real-name level it was opened with; `None` for an officer's.
    pub level: Option<RealNameLevel>,
}

/// An id that pages may show: the beginning of the token's hash leads back to nothing.
fn shown(token_hash: &[u8]) -> String {
    hex(token_hash.get(..8).unwrap_or_default())
}

fn proved(row: &store::Session) -> Option<RealNameLevel> {
    match serde_json::from_str(&row.principal) {
        Ok(Principal::Citizen { proof, .. }) => Some(proof.level),
        _ => None,
    }
}

impl App {
    /// The sessions of whoever has this one, the latest used first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sessions(&self, session: &Session) -> Result<Vec<SessionLine>, Error> {
        let now = micros(self.now());
        let idle = session.principal.kind().policy().idle * 1_000_000;
        let mut rows = self.store.sessions(session.owner, now).await?;
        // What has idled too long is over, though its row is still there.
        rows.retain(|row| row.kind != WAITING_KIND && now - row.seen_at <= idle);
        if !self.declared_open(session).await? {
            rows.retain(|row| proved(row) != Some(RealNameLevel::Declared));
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.seen_at));
        let line = |row: &store::Session| SessionLine {
            id: shown(&row.token_hash),
            current: row.token_hash == session.token_hash,
            begun: from_micros(row.created_at),
            seen: from_micros(row.seen_at),
            device: row.device.clone().unwrap_or_default(),
            level: proved(row),
        };
        Ok(rows.iter().map(line).collect())
    }

    /// Whether sessions that were only declared open anything of whoever has this one.
    async fn declared_open(&self, session: &Session) -> Result<bool, Error> {
        match session.citizen() {
            Some(person) => Ok(self.profile(person).await?.level == RealNameLevel::Declared),
            None => Ok(true),
        }
    }

    /// Ends one of one's own sessions, by the id that [`App::sessions`] gave it; one that is gone is no error.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn end_session(&self, session: &Session, id: &str) -> Result<(), Error> {
        let rows = self.store.sessions(session.owner, micros(self.now())).await?;
        for row in rows.into_iter().filter(|row| shown(&row.token_hash) == id) {
            self.store.end_session(session.owner, row.token_hash.clone()).await?;
            self.partners_left(session.owner, &row.token_hash).await?;
        }
        Ok(())
    }

    /// Ends all of one's own sessions but this one; how many those were.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn end_other_sessions(&self, session: &Session) -> Result<u64, Error> {
        self.end_sessions_but(session.owner, &session.token_hash).await
    }

    /// Ends every session of somebody.
    pub(crate) async fn end_all_sessions(&self, owner: Uuid) -> Result<(), Error> {
        self.end_sessions_but(owner, &[]).await.map(drop)
    }

    async fn end_sessions_but(&self, owner: Uuid, kept: &[u8]) -> Result<u64, Error> {
        let all = self.store.sessions(owner, micros(self.now())).await?;
        let ended = self.store.end_other_sessions(owner, kept.to_vec()).await?;
        for other in all.iter().filter(|other| other.token_hash != kept) {
            self.partners_left(owner, &other.token_hash).await?;
        }
        Ok(ended)
    }
}
