//! What officers do to somebody's proof of identity: registered in person, second factor taken away. Each is
//! stored together with what it changes.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::messages::{self, Message};
use crate::people::{ProfileChange, ProfileRead};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store, invites, passkeys, people};

/// The purpose under which the words of a registration are sealed.
const WORDS: &str = "registration";

row! {
    /// One act at a window.
    pub struct Registration {
        /// Whom it is about.
        pub person: Uuid,
        /// Its id (version 7).
        pub id: Uuid,
        /// Microseconds since 1970.
        pub at: i64,
        /// Who did it.
        pub officer: Uuid,
        /// Their name at the time.
        pub officer_name: String,
        /// Their agency.
        pub agency: String,
        /// Their area.
        pub area: String,
        /// `registered`, `passkeys-removed`; of officers also `invited`, `enrolled`.
        pub kind: String,
        /// Real-name level before.
        pub level_before: i64,
        /// Real-name level after.
        pub level_after: i64,
        /// Kind of proof and reason, sealed with the person's key.
        pub sealed: Vec<u8>,
    }
}

/// A registration with what it changes, to be stored at once.
#[derive(Debug)]
pub(crate) struct Register {
    pub(crate) registration: Registration,
    /// The profile as it is from now on; `None` leaves it.
    pub(crate) profile: Option<ProfileChange>,
    /// Takes all passkeys away.
    pub(crate) passkeys: bool,
    pub(crate) message: Option<Message>,
}

statements! {
    ADD_REGISTRATION = "INSERT INTO registrations (person, id, at, officer, officer_name, agency, area, kind, \
        level_before, level_after, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    REGISTRATIONS = "SELECT person, id, at, officer, officer_name, agency, area, kind, level_before, level_after, \
        sealed FROM registrations WHERE person = $1 ORDER BY id DESC LIMIT $2";
}

/// Puts an act on the record.
pub(crate) async fn add(conn: &mut Conn, act: &Registration) -> Result<Written, Error> {
    let Registration { person, id, at, officer, officer_name, agency, area, kind, .. } = act;
    let Registration { level_before, level_after, sealed, .. } = act;
    let row = args![
        *person,
        *id,
        *at,
        *officer,
        officer_name,
        agency,
        area,
        kind,
        *level_before,
        *level_after,
        sealed
    ];
    conn.run(ADD_REGISTRATION, &row).await?;
    Ok(Written::Done)
}

pub(crate) async fn register(conn: &mut Conn, new: &Register) -> Result<Written, Error> {
    let Registration { person, at, .. } = &new.registration;
    if let Some(profile) = &new.profile
        && let Written::Refused(error) = people::change(conn, *person, profile, *at).await?
    {
        return Ok(Written::Refused(error));
    }
    if new.passkeys {
        conn.run(passkeys::DROP_PASSKEYS, &args![*person]).await?;
        // A code that is still out there was meant for the passkey that is gone.
        conn.run(invites::DROP_INVITE, &args![*person]).await?;
    }
    add(conn, &new.registration).await?;
    match &new.message {
        Some(message) => messages::add(conn, message).await,
        None => Ok(Written::Done),
    }
}

impl Store {
    /// Stores an act at a window with what it changes: the profile as it is from now on (any bytes, sealed
    /// here), all passkeys taken away, the message that tells the person. `words` are sealed into it.
    ///
    /// # Errors
    /// [`Error::Erased`] when the person's key is gone; [`Error::Conflict`] when the profile is another than the one
    /// that was read.
    pub async fn register(
        &self,
        registration: Registration,
        words: &[u8],
        (read, profile): (&ProfileRead, &[u8]),
        passkeys: bool,
        message: Message,
    ) -> Result<(), Error> {
        let key = self.person_key(registration.person).await?;
        let profile = Some(read.to(&key, profile)?);
        let registration = Registration { sealed: key.seal(WORDS, words)?, ..registration };
        let register = Register { registration, profile, passkeys, message: Some(message) };
        self.write(Write::Register(Box::new(register))).await.map(drop)
    }

    /// Takes away all passkeys of an officer, who has no key of their own to seal words with, and an open invitation.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn reset_passkeys(&self, registration: Registration) -> Result<(), Error> {
        let register = Register { registration, profile: None, passkeys: true, message: None };
        self.write(Write::Register(Box::new(register))).await.map(drop)
    }

    /// What was done at windows about a person, the latest first, with the words opened.
    ///
    /// # Errors
    /// As for [`Store::person_key`].
    pub async fn registrations(&self, person: Uuid) -> Result<Vec<(Registration, Vec<u8>)>, Error> {
        let rows: Vec<Registration> = self.db.all(REGISTRATIONS, &args![person, MAX_PAGE]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.person_key(person).await?;
        let opened = rows.into_iter().map(|row| key.open(WORDS, &row.sealed).map(|words| (row, words)));
        opened.collect()
    }

    /// What was done to an officer's proof of identity, the latest first. Nothing in it is sealed: officers have no
    /// key of their own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn officer_acts(&self, officer: Uuid) -> Result<Vec<Registration>, Error> {
        self.db.all(REGISTRATIONS, &args![officer, MAX_PAGE]).await
    }
}
