//! What people are owed about their own data: the ledger of reads, what was uncovered, consents, and requests to be
//! erased.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// One look at somebody's data.
    pub struct RecordRead {
        /// Whose data.
        pub person: Uuid,
        /// Its id; the same id twice is one look.
        pub id: Uuid,
        /// Microseconds since 1970.
        pub at: i64,
        /// `case`, `file`, `profile`, `certificate`, `unmasked`, `export`.
        pub kind: String,
        /// Who, at what and why, sealed with the person's key.
        pub sealed: Vec<u8>,
    }
}

row! {
    /// Masked data shown whole to an officer.
    pub struct Unmasking {
        /// The area of the desk.
        pub area: String,
        /// Its id (version 7).
        pub id: Uuid,
        /// Microseconds since 1970.
        pub at: i64,
        /// The officer's agency.
        pub agency: String,
        /// The case.
        pub case_id: Uuid,
        /// Whose data.
        pub person: Uuid,
        /// Who looked.
        pub officer: Uuid,
        /// Their name at the time.
        pub officer_name: String,
        /// Id of the reason.
        pub reason: String,
        /// Their words, sealed with the person's key.
        pub sealed: Vec<u8>,
    }
}

row! {
    /// A consent to the use of sensitive data.
    pub struct Consent {
        /// Who gave it.
        pub person: Uuid,
        /// The application.
        pub id: Uuid,
        /// Microseconds since 1970.
        pub given_at: i64,
        /// From then on it covers nothing any more.
        pub until_at: i64,
        /// When it was withdrawn.
        pub withdrawn_at: Option<i64>,
        /// What it covers and what for, sealed with the person's key.
        pub sealed: Vec<u8>,
    }
}

row! {
    /// A request to be erased.
    pub struct Erasure {
        /// Whose.
        pub person: Uuid,
        /// Microseconds since 1970.
        pub asked_at: i64,
        /// When it is looked at again.
        pub due_at: i64,
        /// When the key was destroyed.
        pub done_at: Option<i64>,
        /// `self`, or the reference of a request on paper.
        pub asked_by: String,
    }
}

statements! {
    ADD_READ = "INSERT INTO record_reads (person, id, at, kind, sealed) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (person, id) DO NOTHING";
    READS = "SELECT person, id, at, kind, sealed FROM record_reads WHERE person = $1 AND id < $2 \
        ORDER BY id DESC LIMIT $3";
    ADD_UNMASKING = "INSERT INTO unmaskings \
        (area, id, at, agency, case_id, person, officer, officer_name, reason, sealed) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (area, id) DO NOTHING";
    UNMASKINGS = "SELECT area, id, at, agency, case_id, person, officer, officer_name, reason, sealed \
        FROM unmaskings WHERE area = $1 AND agency = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    CASE_UNMASKINGS = "SELECT area, id, at, agency, case_id, person, officer, officer_name, reason, sealed \
        FROM unmaskings WHERE area = $1 AND case_id = $2 ORDER BY id DESC LIMIT $3";
    ADD_CONSENT = "INSERT INTO consents (person, id, given_at, until_at, withdrawn_at, sealed) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, id) DO UPDATE SET given_at = excluded.given_at, \
        until_at = excluded.until_at, withdrawn_at = excluded.withdrawn_at, sealed = excluded.sealed";
    WITHDRAW_CONSENT = "UPDATE consents SET withdrawn_at = $3 \
        WHERE person = $1 AND id = $2 AND withdrawn_at IS NULL";
    CONSENT = "SELECT person, id, given_at, until_at, withdrawn_at, sealed FROM consents WHERE person = $1 AND id = $2";
    CONSENTS = "SELECT person, id, given_at, until_at, withdrawn_at, sealed FROM consents WHERE person = $1 \
        ORDER BY id DESC LIMIT $2";
    ADD_ERASURE = "INSERT INTO erasures (person, asked_at, due_at, done_at, asked_by) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (person) DO UPDATE SET due_at = excluded.due_at, done_at = excluded.done_at";
    DROP_ERASURE = "DELETE FROM erasures WHERE person = $1 AND done_at IS NULL";
    ERASURE = "SELECT person, asked_at, due_at, done_at, asked_by FROM erasures WHERE person = $1";
    ERASURES_DUE = "SELECT person, asked_at, due_at, done_at, asked_by FROM erasures \
        WHERE done_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT $2";
    ERASE_READS = "DELETE FROM record_reads WHERE person = $1";
    ERASE_CONSENTS = "DELETE FROM consents WHERE person = $1";
}

impl RecordRead {
    async fn add(&self, conn: &mut Conn) -> Result<u64, Error> {
        let Self { person, id, at, kind, sealed } = self;
        conn.run(ADD_READ, &args![*person, *id, *at, kind, sealed]).await
    }
}

/// One change of these tables.
#[derive(Debug)]
pub(crate) enum Change {
    Read(RecordRead),
    Unmask(Unmasking, RecordRead),
    Consent(Consent),
    Withdraw { person: Uuid, id: Uuid, at: i64 },
    Erasure(Erasure),
    DropErasure(Uuid),
}

impl Change {
    pub(crate) fn shard(&self) -> &[u8] {
        match self {
            Self::Read(read) => read.person.as_bytes(),
            Self::Unmask(unmasking, _) => unmasking.area.as_bytes(),
            Self::Consent(consent) => consent.person.as_bytes(),
            Self::Withdraw { person, .. } | Self::DropErasure(person) => person.as_bytes(),
            Self::Erasure(erasure) => erasure.person.as_bytes(),
        }
    }

    pub(crate) async fn apply(&self, conn: &mut Conn) -> Result<Written, Error> {
        match self {
            Self::Read(read) => read.add(conn).await?,
            Self::Unmask(unmasking, read) => {
                let Unmasking {
                    area,
                    id,
                    at,
                    agency,
                    case_id,
                    person,
                    officer,
                    officer_name,
                    reason,
                    sealed,
                } = unmasking;
                let row =
                    args![area, *id, *at, agency, *case_id, *person, *officer, officer_name, reason, sealed];
                conn.run(ADD_UNMASKING, &row).await?;
                read.add(conn).await?
            }
            Self::Consent(consent) => {
                let Consent { person, id, given_at, until_at, withdrawn_at, sealed } = consent;
                let row = args![*person, *id, *given_at, *until_at, *withdrawn_at, sealed];
                conn.run(ADD_CONSENT, &row).await?
            }
            Self::Withdraw { person, id, at } => {
                return Written::some(conn.run(WITHDRAW_CONSENT, &args![*person, *id, *at]).await?);
            }
            Self::Erasure(erasure) => {
                let Erasure { person, asked_at, due_at, done_at, asked_by } = erasure;
                conn.run(ADD_ERASURE, &args![*person, *asked_at, *due_at, *done_at, asked_by]).await?
            }
            Self::DropErasure(person) => conn.run(DROP_ERASURE, &args![*person]).await?,
        };
        Ok(Written::Done)
    }
}

/// What goes with a person: their ledger and consents, which nobody could read any more. What officers uncovered
/// stays for their supervisors, without its words.
pub(crate) async fn erase(conn: &mut Conn, person: Uuid) -> Result<(), Error> {
    for sql in [ERASE_READS, ERASE_CONSENTS] {
        conn.run(sql, &args![person]).await?;
    }
    Ok(())
}

impl Store {
    async fn change_privacy(&self, change: Change) -> Result<(), Error> {
        self.write(Write::Privacy(Box::new(change))).await.map(drop)
    }

    /// Notes a look; the same id a second time changes nothing.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn note_read(&self, read: RecordRead) -> Result<(), Error> {
        self.change_privacy(Change::Read(read)).await
    }

    /// A page of the ledger of reads, the latest first. `before` is the last id of the page before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn reads(
        &self,
        person: Uuid,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<RecordRead>, Error> {
        self.db.all(READS, &args![person, before.unwrap_or(Uuid::max()), limit.min(MAX_PAGE)]).await
    }

    /// Notes that something was uncovered, for the supervisor and for the person in one commit.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn note_unmasking(&self, unmasking: Unmasking, read: RecordRead) -> Result<(), Error> {
        self.change_privacy(Change::Unmask(unmasking, read)).await
    }

    /// A page of what an agency's officers uncovered, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unmaskings(
        &self,
        area: &str,
        agency: &str,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Unmasking>, Error> {
        let before = before.unwrap_or(Uuid::max());
        self.db.all(UNMASKINGS, &args![area, agency, before, limit.min(MAX_PAGE)]).await
    }

    /// What was uncovered of a case, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unmaskings_of_case(
        &self,
        area: &str,
        case: Uuid,
        limit: i64,
    ) -> Result<Vec<Unmasking>, Error> {
        self.db.all(CASE_UNMASKINGS, &args![area, case, limit.min(MAX_PAGE)]).await
    }

    /// Keeps a consent, in the place of an earlier one for the same application.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn keep_consent(&self, consent: Consent) -> Result<(), Error> {
        self.change_privacy(Change::Consent(consent)).await
    }

    /// Withdraws a consent.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none that stands.
    pub async fn withdraw_consent(&self, person: Uuid, id: Uuid, at: i64) -> Result<(), Error> {
        self.change_privacy(Change::Withdraw { person, id, at }).await
    }

    /// The consent of one application.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consent(&self, person: Uuid, id: Uuid) -> Result<Option<Consent>, Error> {
        self.db.optional(CONSENT, &args![person, id]).await
    }

    /// A person's consents, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consents(&self, person: Uuid, limit: i64) -> Result<Vec<Consent>, Error> {
        self.db.all(CONSENTS, &args![person, limit.min(MAX_PAGE)]).await
    }

    /// Keeps a request to be erased; a second one changes when it is looked at again, and whether it is done.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn keep_erasure(&self, erasure: Erasure) -> Result<(), Error> {
        self.change_privacy(Change::Erasure(erasure)).await
    }

    /// Takes a request back that is not done yet.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn drop_erasure(&self, person: Uuid) -> Result<(), Error> {
        self.change_privacy(Change::DropErasure(person)).await
    }

    /// A person's request to be erased.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn erasure(&self, person: Uuid) -> Result<Option<Erasure>, Error> {
        self.db.optional(ERASURE, &args![person]).await
    }

    /// Requests to be looked at again by `now`, of all persons.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn erasures_due(&self, now: i64, limit: i64) -> Result<Vec<Erasure>, Error> {
        self.db.all(ERASURES_DUE, &args![now, limit.min(MAX_PAGE)]).await
    }
}
