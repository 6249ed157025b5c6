//! Passkeys of citizens and officers, and the challenges they answer.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A passkey: the public half, and what is needed to check what the other half signs.
    pub struct Passkey {
        /// The citizen, or the officer's own id.
        pub person: Uuid,
        /// Credential id, as the authenticator made it.
        pub id: Vec<u8>,
        /// COSE algorithm: -7 (ES256) or -8 (EdDSA).
        pub algorithm: i64,
        /// The key: an uncompressed point, or 32 bytes.
        pub public_key: Vec<u8>,
        /// SHA-256 of the domain it was made for.
        pub domain_hash: Vec<u8>,
        /// The authenticator's count of signatures; 0 where it keeps none.
        pub counter: i64,
        /// Kind of device it was made on, in words.
        pub device: String,
        /// Microseconds since 1970.
        pub created_at: i64,
        /// Microseconds since 1970.
        pub used_at: Option<i64>,
    }
}

statements! {
    /// Counts and adds in one step; adds nothing where there are as many as there may be.
    ADD_PASSKEY = "INSERT INTO passkeys (person, id, algorithm, public_key, domain_hash, counter, device, created_at) \
        SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) FROM passkeys WHERE person = $1) < $9 \
        ON CONFLICT (person, id) DO NOTHING";
    /// The count goes up, or stays 0 where none is kept: one that does not is a copy's.
    USE_PASSKEY = "UPDATE passkeys SET counter = $3, used_at = $4 WHERE person = $1 AND id = $2 \
        AND (counter < $3 OR (counter = 0 AND $3 = 0))";
    DROP_PASSKEY = "DELETE FROM passkeys WHERE person = $1 AND id = $2 \
        AND (SELECT count(*) FROM passkeys WHERE person = $1) > $3";
    DROP_PASSKEYS = "DELETE FROM passkeys WHERE person = $1";
    PASSKEYS = "SELECT person, id, algorithm, public_key, domain_hash, counter, device, created_at, used_at \
        FROM passkeys WHERE person = $1 ORDER BY id LIMIT $2";
    ADD_CHALLENGE = "INSERT INTO challenges (person, hash, expires_at) VALUES ($1, $2, $3)";
    DROP_OLD_CHALLENGES = "DELETE FROM challenges WHERE person = $1 AND expires_at <= $2";
    TAKE_CHALLENGE = "DELETE FROM challenges WHERE person = $1 AND hash = $2 AND expires_at > $3";
}

pub(crate) async fn add(conn: &mut Conn, passkey: &Passkey, limit: i64) -> Result<Written, Error> {
    let Passkey { person, id, algorithm, public_key, domain_hash, counter, device, created_at, .. } = passkey;
    let row = args![*person, id, *algorithm, public_key, domain_hash, *counter, device, *created_at, limit];
    let added = conn.run(ADD_PASSKEY, &row).await?;
    Ok(if added == 0 { Written::Refused(Error::TooMany { limit }) } else { Written::Done })
}

pub(crate) async fn note_use(
    conn: &mut Conn,
    person: Uuid,
    id: &[u8],
    counter: i64,
    at: i64,
) -> Result<Written, Error> {
    let used = conn.run(USE_PASSKEY, &args![person, id, counter, at]).await?;
    Ok(if used == 0 { Written::Refused(Error::Conflict) } else { Written::Done })
}

pub(crate) async fn drop_one(conn: &mut Conn, person: Uuid, id: &[u8], keep: i64) -> Result<Written, Error> {
    Written::some(conn.run(DROP_PASSKEY, &args![person, id, keep]).await?)
}

pub(crate) async fn challenge(
    conn: &mut Conn,
    person: Uuid,
    hash: &[u8],
    now: i64,
    expires_at: i64,
) -> Result<Written, Error> {
    conn.run(DROP_OLD_CHALLENGES, &args![person, now]).await?;
    conn.run(ADD_CHALLENGE, &args![person, hash, expires_at]).await?;
    Ok(Written::Done)
}

pub(crate) async fn take(conn: &mut Conn, person: Uuid, hash: &[u8], now: i64) -> Result<Written, Error> {
    Written::some(conn.run(TAKE_CHALLENGE, &args![person, hash, now]).await?)
}

impl Store {
    /// Keeps a passkey, of which somebody may have `limit`.
    ///
    /// # Errors
    /// [`Error::TooMany`] when they have as many, or this one is kept already.
    pub async fn add_passkey(&self, passkey: Passkey, limit: i64) -> Result<(), Error> {
        self.write(Write::AddPasskey { passkey, limit }).await.map(drop)
    }

    /// Notes that a passkey signed, with the count it gave.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the count does not go up, or the passkey is gone.
    pub async fn use_passkey(&self, person: Uuid, id: Vec<u8>, counter: i64, at: i64) -> Result<(), Error> {
        self.write(Write::UsePasskey { person, id, counter, at }).await.map(drop)
    }

    /// Takes a passkey away from somebody who keeps at least `keep`.
    ///
    /// # Errors
    /// [`Error::NotFound`], also when fewer would be left.
    pub async fn drop_passkey(&self, person: Uuid, id: Vec<u8>, keep: i64) -> Result<(), Error> {
        self.write(Write::DropPasskey { person, id, keep }).await.map(drop)
    }

    /// Somebody's passkeys.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn passkeys(&self, person: Uuid) -> Result<Vec<Passkey>, Error> {
        self.db.all(PASSKEYS, &args![person, MAX_PAGE]).await
    }

    /// Notes a challenge by its hash; expired ones go.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn add_challenge(
        &self,
        person: Uuid,
        hash: Vec<u8>,
        now: i64,
        expires_at: i64,
    ) -> Result<(), Error> {
        self.write(Write::AddChallenge { person, hash, now, expires_at }).await.map(drop)
    }

    /// Takes a challenge: it can be answered once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was answered, has expired or never was.
    pub async fn take_challenge(&self, person: Uuid, hash: Vec<u8>, now: i64) -> Result<(), Error> {
        self.write(Write::TakeChallenge { person, hash, now }).await.map(drop)
    }
}
