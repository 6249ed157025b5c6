//! Sessions: who is signed in. The token itself is never stored, only its hash.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A session of a citizen or an officer.
    pub struct Session {
        /// The citizen, or the officer's own id: part of the cookie, so that one shard is asked.
        pub person: Uuid,
        /// SHA-256 of the token in the cookie.
        pub token_hash: Vec<u8>,
        /// Whose kind of session: citizen, officer.
        pub kind: String,
        /// JSON: what the session may do. No personal data.
        pub principal: String,
        /// The secret that forms carry.
        pub csrf: Vec<u8>,
        /// Microseconds since 1970.
        pub created_at: i64,
        /// Microseconds since 1970.
        pub seen_at: i64,
        /// Microseconds since 1970.
        pub expires_at: i64,
        /// Kind of device and program, in two words; `None` for sessions begun before it was kept.
        pub device: Option<String>,
    }
}

statements! {
    ADD_SESSION = "INSERT INTO sessions (person, token_hash, kind, principal, csrf, created_at, seen_at, expires_at, \
        device) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    DROP_OLD = "DELETE FROM sessions WHERE person = $1 AND expires_at <= $2";
    TOUCH_SESSION = "UPDATE sessions SET seen_at = $3, expires_at = $4 WHERE person = $1 AND token_hash = $2";
    END_SESSION = "DELETE FROM sessions WHERE person = $1 AND token_hash = $2";
    END_OTHERS = "DELETE FROM sessions WHERE person = $1 AND token_hash <> $2";
    GET_SESSION = "SELECT person, token_hash, kind, principal, csrf, created_at, seen_at, expires_at, device \
        FROM sessions WHERE person = $1 AND token_hash = $2 AND expires_at > $3";
    SESSIONS = "SELECT person, token_hash, kind, principal, csrf, created_at, seen_at, expires_at, device \
        FROM sessions WHERE person = $1 AND expires_at > $2 LIMIT $3";
}

pub(crate) async fn add(conn: &mut Conn, session: &Session) -> Result<Written, Error> {
    let Session { person, token_hash, kind, principal, csrf, created_at, seen_at, expires_at, device } =
        session;
    conn.run(DROP_OLD, &args![*person, *created_at]).await?;
    let device = device.as_deref();
    let row = args![*person, token_hash, kind, principal, csrf, *created_at, *seen_at, *expires_at, device];
    conn.run(ADD_SESSION, &row).await?;
    Ok(Written::Done)
}

pub(crate) async fn touch(
    conn: &mut Conn,
    person: Uuid,
    token_hash: &[u8],
    seen_at: i64,
    expires_at: i64,
) -> Result<Written, Error> {
    Written::some(conn.run(TOUCH_SESSION, &args![person, token_hash, seen_at, expires_at]).await?)
}

pub(crate) async fn end(conn: &mut Conn, person: Uuid, token_hash: &[u8]) -> Result<Written, Error> {
    conn.run(END_SESSION, &args![person, token_hash]).await?;
    Ok(Written::Done)
}

pub(crate) async fn end_others(conn: &mut Conn, person: Uuid, token_hash: &[u8]) -> Result<Written, Error> {
    Ok(Written::Count(conn.run(END_OTHERS, &args![person, token_hash]).await?))
}

impl Store {
    /// Begins a session; the person's expired ones go.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn begin_session(&self, session: Session) -> Result<(), Error> {
        self.write(Write::AddSession(session)).await.map(drop)
    }

    /// The session of a token, unless it has expired.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session(&self, person: Uuid, token_hash: &[u8], now: i64) -> Result<Option<Session>, Error> {
        self.db.optional(GET_SESSION, &args![person, token_hash, now]).await
    }

    /// Notes that a session was used. Not for every request: once in some minutes will do.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it has ended.
    pub async fn touch_session(
        &self,
        person: Uuid,
        token_hash: Vec<u8>,
        seen_at: i64,
        expires_at: i64,
    ) -> Result<(), Error> {
        self.write(Write::TouchSession { person, token_hash, seen_at, expires_at }).await.map(drop)
    }

    /// Ends a session; ending one that is gone is no error.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn end_session(&self, person: Uuid, token_hash: Vec<u8>) -> Result<(), Error> {
        self.write(Write::EndSession { person, token_hash }).await.map(drop)
    }

    /// Ends all sessions but this one; how many those were.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn end_other_sessions(&self, person: Uuid, token_hash: Vec<u8>) -> Result<u64, Error> {
        match self.write(Write::EndOtherSessions { person, token_hash }).await? {
            Written::Count(ended) => Ok(ended),
            _ => Ok(0),
        }
    }

    /// The sessions somebody has, in no order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sessions(&self, person: Uuid, now: i64) -> Result<Vec<Session>, Error> {
        self.db.all(SESSIONS, &args![person, now, MAX_PAGE]).await
    }
}
