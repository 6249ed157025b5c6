//! Officers' first passkeys: each is made with a one-time code that somebody gave the officer, and both leave a line
//! on the record.

use uuid::Uuid;

use crate::engine::{Conn, args, row};
use crate::passkeys::Passkey;
use crate::registrations::{self, Registration};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// When an invitation ends.
    struct Open {
        expires_at: i64,
    }
}

/// An invitation, and who gave it.
#[derive(Debug)]
pub(crate) struct NewInvite {
    pub(crate) record: Registration,
    pub(crate) hash: Vec<u8>,
    pub(crate) expires_at: i64,
}

/// A first passkey, and the code it was made with.
#[derive(Debug)]
pub(crate) struct Enrolment {
    pub(crate) record: Registration,
    pub(crate) passkey: Passkey,
    pub(crate) hash: Vec<u8>,
}

statements! {
    /// Takes the place of an older one; none for whoever has a passkey, which must be taken away first.
    PUT_INVITE = "INSERT INTO officer_invites (person, hash, expires_at) SELECT $1, $2, $3 \
        WHERE (SELECT count(*) FROM passkeys WHERE person = $1) = 0 \
        ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at";
    DROP_INVITE = "DELETE FROM officer_invites WHERE person = $1";
    INVITE_FITS = "SELECT expires_at FROM officer_invites WHERE person = $1 AND hash = $2 AND expires_at > $3";
    OPEN_INVITE = "SELECT expires_at FROM officer_invites WHERE person = $1 AND expires_at > $2";
    /// The first one, and only with the code: checked and kept in one step.
    ADD_FIRST_PASSKEY = "INSERT INTO passkeys (person, id, algorithm, public_key, domain_hash, counter, device, \
        created_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) FROM passkeys WHERE person = $1) = 0 \
        AND (SELECT count(*) FROM officer_invites WHERE person = $1 AND hash = $9 AND expires_at > $8) = 1";
}

pub(crate) async fn invite(conn: &mut Conn, new: &NewInvite) -> Result<Written, Error> {
    let kept = conn.run(PUT_INVITE, &args![new.record.person, &new.hash, new.expires_at]).await?;
    if kept == 0 {
        return Ok(Written::Refused(Error::Conflict));
    }
    registrations::add(conn, &new.record).await
}

pub(crate) async fn enrol(conn: &mut Conn, new: &Enrolment) -> Result<Written, Error> {
    let Passkey { person, id, algorithm, public_key, domain_hash, counter, device, created_at, .. } =
        &new.passkey;
    let hash = &new.hash;
    let row = args![*person, id, *algorithm, public_key, domain_hash, *counter, device, *created_at, hash];
    if conn.run(ADD_FIRST_PASSKEY, &row).await? == 0 {
        return Ok(Written::Refused(Error::NotFound));
    }
    conn.run(DROP_INVITE, &args![*person]).await?;
    registrations::add(conn, &new.record).await
}

impl Store {
    /// Invites an officer to make a first passkey: `hash` of the code, until `expires_at` (microseconds since 1970).
    /// An older invitation is over.
    ///
    /// # Errors
    /// [`Error::Conflict`] for an officer who has a passkey.
    pub async fn invite(&self, record: Registration, hash: Vec<u8>, expires_at: i64) -> Result<(), Error> {
        self.write(Write::Invite(Box::new(NewInvite { record, hash, expires_at }))).await.map(drop)
    }

    /// Whether an invitation with this code is open.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn invite_fits(&self, officer: Uuid, hash: &[u8], now: i64) -> Result<bool, Error> {
        let open: Option<Open> = self.db.optional(INVITE_FITS, &args![officer, hash, now]).await?;
        Ok(open.is_some())
    }

    /// When an officer's open invitation ends; `None` without one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_invite(&self, officer: Uuid, now: i64) -> Result<Option<i64>, Error> {
        let open: Option<Open> = self.db.optional(OPEN_INVITE, &args![officer, now]).await?;
        Ok(open.map(|open| open.expires_at))
    }

    /// Keeps an officer's first passkey, and the code is used.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the code is another, over or used, or there is a passkey already; nothing is kept then.
    pub async fn enrol(&self, record: Registration, passkey: Passkey, hash: Vec<u8>) -> Result<(), Error> {
        self.write(Write::Enrol(Box::new(Enrolment { record, passkey, hash }))).await.map(drop)
    }
}
