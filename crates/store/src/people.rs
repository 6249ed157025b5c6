//! People: a sealed profile, a key of their own, and keyed hashes to find them by.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::partners;
use crate::seal::{Lookup, PersonKey};
use crate::sql::statements;
use crate::ties;
use crate::write::{Write, Written};
use crate::{Error, Store, privacy};

/// The purpose under which profiles are sealed.
pub(crate) const PROFILE: &str = "profile";
/// Look-up hashes one person may be given at once.
pub const MAX_LOOKUPS: usize = 8;

row! {
    /// A person, sealed.
    pub(crate) struct PersonRow {
        /// The key, wrapped by the master key; gone once destroyed.
        pub(crate) key_wrapped: Option<Vec<u8>>,
        /// The profile, sealed.
        pub(crate) sealed: Option<Vec<u8>>,
    }
}

row! {
    /// Whom a look-up hash belongs to.
    pub(crate) struct Found {
        /// The person.
        pub(crate) person: Uuid,
    }
}

/// A profile as read: what is changed is this one, or nothing.
pub struct ProfileRead {
    /// The profile, opened.
    pub profile: Vec<u8>,
    person: Uuid,
    sealed: Vec<u8>,
}

/// A profile to replace and what replaces it, both sealed.
#[derive(Debug)]
pub(crate) struct ProfileChange {
    from: Vec<u8>,
    to: Vec<u8>,
}

impl ProfileRead {
    /// The change to another profile.
    pub(crate) fn to(&self, key: &PersonKey, profile: &[u8]) -> Result<ProfileChange, Error> {
        Ok(ProfileChange { from: self.sealed.clone(), to: key.seal(PROFILE, profile)? })
    }
}

/// A person to store, sealed already.
#[derive(Debug)]
pub(crate) struct NewPerson {
    pub(crate) person: Uuid,
    lookups: Vec<Lookup>,
    key_wrapped: Vec<u8>,
    sealed: Vec<u8>,
    at: i64,
}

statements! {
    GET_PERSON = "SELECT key_wrapped, sealed FROM persons WHERE person = $1";
    /// Over all shards: whom something may be offered to.
    PERSONS_AFTER = "SELECT person FROM persons WHERE person > $1 AND key_wrapped IS NOT NULL ORDER BY person LIMIT $2";
    FIND_PERSON = "SELECT person FROM person_lookup WHERE lookup = $1";
    ADD_LOOKUP = "INSERT INTO person_lookup (lookup, person) VALUES ($1, $2) ON CONFLICT (lookup) DO NOTHING";
    ADD_PERSON = "INSERT INTO persons (person, key_wrapped, sealed, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $4)";
    /// What was read must still stand there: sealed texts never repeat themselves.
    CHANGE_PERSON = "UPDATE persons SET sealed = $2, updated_at = $3 WHERE person = $1 AND sealed = $4";
    ERASE_PERSON = "UPDATE persons SET key_wrapped = NULL, sealed = NULL, updated_at = $2 WHERE person = $1";
    ERASE_LOOKUPS = "DELETE FROM person_lookup WHERE person = $1";
    ERASE_SESSIONS = "DELETE FROM sessions WHERE person = $1";
    ERASE_DRAFTS = "DELETE FROM drafts WHERE person = $1";
    ERASE_PASSKEYS = "DELETE FROM passkeys WHERE person = $1";
    ERASE_BINDINGS = "DELETE FROM bindings WHERE person = $1";
    ERASE_CHALLENGES = "DELETE FROM challenges WHERE person = $1";
    ERASE_WALLET_OFFERS = "DELETE FROM wallet_offers WHERE person = $1";
}

/// The first look-up decides: if it is taken, its person is the answer and nothing changes.
pub(crate) async fn add(conn: &mut Conn, new: &NewPerson) -> Result<Written, Error> {
    for (n, lookup) in new.lookups.iter().enumerate() {
        if conn.run(ADD_LOOKUP, &args![&lookup.0, new.person]).await? == 0 {
            let found: Option<Found> = conn.optional(FIND_PERSON, &args![&lookup.0]).await?;
            return match found {
                Some(found) if n == 0 => Ok(Written::Person(found.person)),
                _ => Err(Error::Conflict),
            };
        }
    }
    conn.run(ADD_PERSON, &args![new.person, &new.key_wrapped, &new.sealed, new.at]).await?;
    Ok(Written::Person(new.person))
}

pub(crate) async fn change(
    conn: &mut Conn,
    person: Uuid,
    change: &ProfileChange,
    at: i64,
) -> Result<Written, Error> {
    let changed = conn.run(CHANGE_PERSON, &args![person, &change.to, at, &change.from]).await?;
    Ok(if changed == 0 { Written::Refused(Error::Conflict) } else { Written::Done })
}

pub(crate) async fn erase(conn: &mut Conn, person: Uuid, at: i64) -> Result<Written, Error> {
    if conn.run(ERASE_PERSON, &args![person, at]).await? == 0 {
        return Ok(Written::Refused(Error::NotFound));
    }
    for sql in [
        ERASE_LOOKUPS,
        ERASE_SESSIONS,
        ERASE_DRAFTS,
        ERASE_PASSKEYS,
        ERASE_BINDINGS,
        ERASE_CHALLENGES,
        ERASE_WALLET_OFFERS,
    ] {
        conn.run(sql, &args![person]).await?;
    }
    ties::erase(conn, person, at).await?;
    partners::erase(conn, person).await?;
    privacy::erase(conn, person).await?;
    Ok(Written::Done)
}

impl Store {
    /// The keyed hash of an identifier, such as (`citizen-number`, the number) or (a provider, a subject).
    #[must_use]
    pub fn lookup(&self, kind: &str, value: &str) -> Lookup {
        self.vault.lookup(kind, value)
    }

    /// 32 secret bytes of this installation for one purpose: the same each time under one master key, and never stored.
    #[must_use]
    pub fn secret(&self, purpose: &str) -> [u8; 32] {
        self.vault.secret(purpose)
    }

    /// People with a key after `person`, in the order of their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn persons_after(&self, person: Uuid, limit: i64) -> Result<Vec<Uuid>, Error> {
        let found: Vec<Found> = self.db.list(PERSONS_AFTER, &args![person, limit.min(MAX_PAGE)]).await?;
        Ok(found.into_iter().map(|row| row.person).collect())
    }

    /// Whom a look-up hash belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_person(&self, lookup: Lookup) -> Result<Option<Uuid>, Error> {
        Ok(self.db.optional::<Found>(FIND_PERSON, &args![&lookup.0]).await?.map(|found| found.person))
    }

    /// Stores a new person with a fresh key and this profile (any bytes, sealed here), to be found by
    /// `lookups` (1 to [`MAX_LOOKUPS`]). If the first look-up is taken the person it belongs to is
    /// returned and nothing is changed, so that two sign-ins at once make one person.
    ///
    /// # Errors
    /// [`Error::Conflict`] when a later look-up belongs to someone else; [`Error::TooLarge`].
    pub async fn create_person(
        &self,
        person: Uuid,
        lookups: Vec<Lookup>,
        profile: &[u8],
        at: i64,
    ) -> Result<Uuid, Error> {
        if lookups.is_empty() || lookups.len() > MAX_LOOKUPS {
            return Err(Error::TooLarge { limit: MAX_LOOKUPS });
        }
        let (key, key_wrapped) = self.vault.new_key(person)?;
        let sealed = key.seal(PROFILE, profile)?;
        let new = NewPerson { person, lookups, key_wrapped, sealed, at };
        match self.write(Write::AddPerson(new)).await? {
            Written::Person(person) => Ok(person),
            _ => Ok(person),
        }
    }

    /// A person's key, to seal and open what is theirs.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Erased`] once destroyed; [`Error::MasterKey`] under another master key.
    pub async fn person_key(&self, person: Uuid) -> Result<PersonKey, Error> {
        if let Some(key) = self.vault.cached(person) {
            return Ok(key);
        }
        let row: PersonRow = self.db.optional(GET_PERSON, &args![person]).await?.ok_or(Error::NotFound)?;
        self.vault.unwrap_key(person, &row.key_wrapped.ok_or(Error::Erased)?)
    }

    /// A person's profile, opened.
    ///
    /// # Errors
    /// As [`Store::person_key`].
    pub async fn profile(&self, person: Uuid) -> Result<Vec<u8>, Error> {
        Ok(self.read_profile(person).await?.profile)
    }

    /// A person's profile, opened, to be changed.
    ///
    /// # Errors
    /// As [`Store::person_key`].
    pub async fn read_profile(&self, person: Uuid) -> Result<ProfileRead, Error> {
        let row: PersonRow = self.db.optional(GET_PERSON, &args![person]).await?.ok_or(Error::NotFound)?;
        let key = self.vault.unwrap_key(person, &row.key_wrapped.ok_or(Error::Erased)?)?;
        let sealed = row.sealed.ok_or(Error::Erased)?;
        Ok(ProfileRead { profile: key.open(PROFILE, &sealed)?, person, sealed })
    }

    /// Replaces a profile that was read.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is another by now: read it again; and as [`Store::person_key`].
    pub async fn change_profile(&self, read: &ProfileRead, profile: &[u8], at: i64) -> Result<(), Error> {
        let change = read.to(&self.person_key(read.person).await?, profile)?;
        self.write(Write::ChangePerson { person: read.person, change, at }).await.map(drop)
    }

    /// Destroys a person's key (个人信息保护法 art. 47): profile, look-ups, sessions, passkeys and drafts go, and
    /// whatever else is sealed with the key stays closed. Events remain, without what is personal in
    /// them. A backup made before still holds the wrapped key: whoever restores one erases again. Another
    /// process on the same database may hold the key in memory until it ends.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn destroy_person(&self, person: Uuid, at: i64) -> Result<(), Error> {
        let done = self.write(Write::ErasePerson { person, at }).await.map(drop);
        self.vault.forget(person);
        done
    }
}
