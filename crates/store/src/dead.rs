//! Dead letters: effects that were given up, until an operator revives or drops them.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::drafts::Count;
use crate::engine::{Conn, args, row};
use crate::once::{self, Once};
use crate::outbox::{Area, Claim, short};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// An effect that was given up, without what is sealed.
    pub struct DeadLetter {
        /// The shard.
        pub area: String,
        /// The row.
        pub id: Uuid,
        /// The case.
        pub case_id: Uuid,
        /// The last event of the commit.
        pub seq: i64,
        /// What to do.
        pub kind: String,
        /// JSON without personal data.
        pub data: String,
        /// The applicant.
        pub person: Uuid,
        /// How often it was tried.
        pub attempts: i64,
        /// When it was to be tried next, microseconds since 1970.
        pub next_at: i64,
        /// Microseconds since 1970.
        pub created_at: i64,
        /// When it was given up, microseconds since 1970.
        pub dead_at: i64,
        /// Why the last try failed.
        pub last_error: Option<String>,
    }
}

/// What an operator does with a dead letter of their own agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// The shard.
    pub area: String,
    /// The agency whose case it follows from.
    pub agency: String,
    /// The row.
    pub id: Uuid,
    /// It is tried again; otherwise it is thrown away.
    pub again: bool,
    /// Now, microseconds since 1970.
    pub at: i64,
    /// Used up by it.
    pub once: Option<Once>,
}

statements! {
    /// The fence rises: whoever gave the effect up holds it no longer.
    BURY = "UPDATE outbox SET dead_at = $4, last_error = $5, lease_until = 0, fence = fence + 1 \
        WHERE area = $1 AND id = $2 AND fence = $3 AND dead_at IS NULL";
    REVIVE = "UPDATE outbox SET dead_at = NULL, next_at = $3, lease_until = 0, fence = fence + 1 \
        WHERE area = $1 AND id = $2 AND dead_at IS NOT NULL";
    DROP_DEAD = "DELETE FROM outbox WHERE area = $1 AND id = $2 AND dead_at IS NOT NULL";
    DEAD_LETTERS = "SELECT area, id, case_id, seq, kind, data, person, attempts, next_at, created_at, dead_at, \
        last_error FROM outbox WHERE area = $1 AND dead_at IS NOT NULL AND id > $2 ORDER BY id LIMIT $3";
    DEAD_LETTERS_OF = "SELECT outbox.area, outbox.id, outbox.case_id, outbox.seq, outbox.kind, outbox.data, \
        outbox.person, outbox.attempts, outbox.next_at, outbox.created_at, outbox.dead_at, outbox.last_error \
        FROM outbox JOIN cases ON cases.area = outbox.area AND cases.id = outbox.case_id \
        WHERE outbox.area = $1 AND outbox.dead_at IS NOT NULL AND outbox.id > $3 AND cases.agency = $2 \
        ORDER BY outbox.id LIMIT $4";
    REVIVE_OF = "UPDATE outbox SET dead_at = NULL, next_at = $4, lease_until = 0, fence = fence + 1 \
        WHERE area = $1 AND id = $2 AND dead_at IS NOT NULL AND EXISTS (SELECT 1 FROM cases \
        WHERE cases.area = $1 AND cases.id = outbox.case_id AND cases.agency = $3)";
    DROP_DEAD_OF = "DELETE FROM outbox WHERE area = $1 AND id = $2 AND dead_at IS NOT NULL AND EXISTS \
        (SELECT 1 FROM cases WHERE cases.area = $1 AND cases.id = outbox.case_id AND cases.agency = $3)";
    DEAD_COUNT = "SELECT count(*) AS n FROM outbox WHERE area = $1 AND dead_at IS NOT NULL";
    /// Over all shards, for the operator.
    AREAS_WITH_DEAD = "SELECT DISTINCT area FROM outbox WHERE dead_at IS NOT NULL ORDER BY area";
}

pub(crate) async fn bury(conn: &mut Conn, claim: &Claim, at: i64, error: &str) -> Result<Written, Error> {
    let Claim { area, id, fence } = claim;
    Written::some(conn.run(BURY, &args![area, *id, *fence, at, short(error)]).await?)
}

pub(crate) async fn revive(conn: &mut Conn, area: &str, id: Uuid, at: i64) -> Result<Written, Error> {
    Written::some(conn.run(REVIVE, &args![area, id, at]).await?)
}

pub(crate) async fn drop_dead(conn: &mut Conn, area: &str, id: Uuid) -> Result<Written, Error> {
    Written::some(conn.run(DROP_DEAD, &args![area, id]).await?)
}

/// The key and what it is for in one transaction: a key that was used up did something.
pub(crate) async fn mend(conn: &mut Conn, mend: &Mend) -> Result<Written, Error> {
    let Mend { area, agency, id, again, at, once } = mend;
    if !once::take_one(conn, area, once.as_ref(), *at).await? {
        return Ok(Written::Refused(Error::Conflict));
    }
    let changed = if *again {
        conn.run(REVIVE_OF, &args![area, *id, agency, *at]).await?
    } else {
        conn.run(DROP_DEAD_OF, &args![area, *id, agency]).await?
    };
    if let Some(once) = once.as_ref().filter(|_| changed == 0) {
        once::give_back(conn, area, once).await?;
    }
    Written::some(changed)
}

impl Store {
    /// The effect is given up at `at`: nobody claims it again until it is revived. `error` says why, in a
    /// few words without personal data.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the claim is no longer held.
    pub async fn outbox_bury(&self, claim: Claim, at: i64, error: &str) -> Result<(), Error> {
        let error = short(error).to_owned();
        self.write(Write::OutboxBury { claim, at, error }).await.map(drop)
    }

    /// The dead letters of an area by id (which is their age), after the last one of the page before;
    /// begin with the nil id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dead_letters(&self, area: &str, after: Uuid, limit: i64) -> Result<Vec<DeadLetter>, Error> {
        self.db.all(DEAD_LETTERS, &args![area, after, limit.min(MAX_PAGE)]).await
    }

    /// The dead letters that follow from the cases of one agency, otherwise as [`Store::dead_letters`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dead_letters_of(
        &self,
        area: &str,
        agency: &str,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<DeadLetter>, Error> {
        self.db.all(DEAD_LETTERS_OF, &args![area, agency, after, limit.min(MAX_PAGE)]).await
    }

    /// Has a dead letter tried again from now on, or throws it away, under an idempotency key.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not a dead letter of that agency, [`Error::Conflict`] when the key is
    /// used up.
    pub async fn mend_dead(&self, mend: Mend) -> Result<(), Error> {
        if let Some(once) = &mend.once {
            once.check()?;
        }
        self.write(Write::MendDead(mend)).await.map(drop)
    }

    /// How many dead letters an area has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dead_count(&self, area: &str) -> Result<i64, Error> {
        self.db.one::<Count>(DEAD_COUNT, &args![area]).await.map(|count| count.n)
    }

    /// The areas with dead letters.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn areas_with_dead(&self) -> Result<Vec<String>, Error> {
        let areas: Vec<Area> = self.db.all(AREAS_WITH_DEAD, &[]).await?;
        Ok(areas.into_iter().map(|row| row.area).collect())
    }

    /// Puts a dead letter back to be tried from `at` on. How often it was tried stays on it, and its
    /// fence rises.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not a dead letter.
    pub async fn revive(&self, area: &str, id: Uuid, at: i64) -> Result<(), Error> {
        self.write(Write::Revive { area: area.to_owned(), id, at }).await.map(drop)
    }

    /// Throws a dead letter away: the effect is not carried out.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not a dead letter.
    pub async fn drop_dead(&self, area: &str, id: Uuid) -> Result<(), Error> {
        self.write(Write::DropDead { area: area.to_owned(), id }).await.map(drop)
    }
}
