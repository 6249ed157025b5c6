//! The review desk: units that somebody looks at, verdicts that can still be taken back, what people saw, and the order in
//! which a station's units were settled. What a commit of a case brings of this is stored with it: [`ReviewCommit`].

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::commit::Prepared;
use crate::engine::{Conn, args, row};
use crate::outbox::Area;
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

/// Holds of an area that are read at once: more people than sit at one desk.
const MAX_HOLDS: i64 = 500;

row! {
    /// A unit that an officer looks at.
    pub struct ReviewHold {
        /// The case.
        pub case_id: Uuid,
        /// Who.
        pub officer: Uuid,
        /// Until when, microseconds since 1970.
        pub until: i64,
    }
}

row! {
    /// A verdict that was given and is not carried out yet, or could not be.
    pub struct ReviewVerdict {
        /// The shard.
        pub area: String,
        /// The officer's agency.
        pub agency: String,
        /// Who gave it.
        pub officer: Uuid,
        /// This verdict and no later one.
        pub id: Uuid,
        /// The case.
        pub case_id: Uuid,
        /// The step at which it was looked at.
        pub step: String,
        /// The outcome that was chosen.
        pub action: String,
        /// JSON.
        pub marks: String,
        /// When it is carried out, microseconds since 1970.
        pub due_at: i64,
        /// The rule that stood against it.
        pub refused: Option<String>,
    }
}

row! {
    /// What somebody saw on a unit.
    pub struct ReviewLook {
        /// The case.
        pub case_id: Uuid,
        /// Of the event.
        pub seq: i64,
        /// Who.
        pub officer: Uuid,
        /// At which step.
        pub step: String,
        /// The outcome that was chosen.
        pub action: String,
        /// JSON.
        pub marks: String,
        /// Microseconds since 1970.
        pub at: i64,
    }
}

row! {
    /// A unit of a station's that was settled with a person's hand in it.
    pub struct SettledUnit {
        /// Its place in the order, from 1.
        pub n: i64,
        /// Where the case is kept.
        pub area: String,
        /// The case.
        pub case_id: Uuid,
        /// When, microseconds since 1970.
        pub at: i64,
    }
}

/// What became of handing a verdict in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutVerdict {
    /// It waits.
    Done,
    /// Another verdict of the same officer waits.
    AnotherWaits,
    /// Another officer looks at the unit.
    HeldByOther,
}

/// What a commit of a case brings for the review desk.
#[derive(Debug, Clone, Default)]
pub struct ReviewCommit {
    /// The agency that handles the case.
    pub agency: String,
    /// The verdict that is carried out by it: officer and id. Without it nothing is stored.
    pub taken: Option<(Uuid, Uuid)>,
    /// What was seen; `seq` is the event's, and `case_id` is the commit's own.
    pub looks: Vec<ReviewLook>,
    /// The unit is settled by it, at this instant.
    pub settled: Option<i64>,
}

#[derive(Debug)]
pub(crate) enum Change {
    Hold { area: String, case: Uuid, officer: Uuid, until: i64, now: i64 },
    Release { area: String, case: Uuid, officer: Uuid },
    Put { verdict: ReviewVerdict, until: i64, now: i64 },
    Undo { area: String, agency: String, officer: Uuid, id: Uuid },
    Refuse { area: String, agency: String, officer: Uuid, id: Uuid, rule: String },
}

statements! {
    DROP_OLD_HOLDS = "DELETE FROM review_holds WHERE area = $1 AND until <= $2";
    HOLD_UNIT = "INSERT INTO review_holds (area, case_id, officer, until) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (area, case_id) DO UPDATE SET until = excluded.until \
        WHERE review_holds.officer = excluded.officer";
    RELEASE_UNIT = "DELETE FROM review_holds WHERE area = $1 AND case_id = $2 AND officer = $3";
    HOLDS = "SELECT case_id, officer, until FROM review_holds WHERE area = $1 AND until > $2 \
        ORDER BY until DESC LIMIT $3";
    PUT_VERDICT = "INSERT INTO review_verdicts (area, agency, officer, id, case_id, step, action, marks, due_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (area, agency, officer) DO UPDATE SET \
        id = excluded.id, case_id = excluded.case_id, step = excluded.step, action = excluded.action, \
        marks = excluded.marks, due_at = excluded.due_at, refused = NULL \
        WHERE review_verdicts.refused IS NOT NULL OR review_verdicts.case_id = excluded.case_id";
    TAKE_VERDICT = "DELETE FROM review_verdicts WHERE area = $1 AND agency = $2 AND officer = $3 AND id = $4 \
        AND refused IS NULL";
    REFUSE_VERDICT = "UPDATE review_verdicts SET refused = $5 WHERE area = $1 AND agency = $2 AND officer = $3 \
        AND id = $4 AND refused IS NULL";
    GET_VERDICT = "SELECT area, agency, officer, id, case_id, step, action, marks, due_at, refused \
        FROM review_verdicts WHERE area = $1 AND agency = $2 AND officer = $3";
    DUE_VERDICTS = "SELECT area, agency, officer, id, case_id, step, action, marks, due_at, refused \
        FROM review_verdicts WHERE area = $1 AND due_at <= $2 AND refused IS NULL ORDER BY due_at LIMIT $3";
    /// Over all shards: tells the workers where to look.
    AREAS_WITH_VERDICTS = "SELECT DISTINCT area FROM review_verdicts WHERE due_at <= $1 AND refused IS NULL \
        ORDER BY area";
    ADD_LOOK = "INSERT INTO review_looks (area, case_id, seq, agency, officer, step, action, marks, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LOOKS_AT = "SELECT case_id, seq, officer, step, action, marks, at FROM review_looks \
        WHERE area = $1 AND case_id = $2 ORDER BY seq LIMIT $3";
    LOOKS_SINCE = "SELECT case_id, seq, officer, step, action, marks, at FROM review_looks \
        WHERE area = $1 AND agency = $2 AND at >= $3 ORDER BY at DESC LIMIT $4";
    /// Of two at once one finds its place taken and is decided anew, so that no place is passed over.
    ADD_SETTLED = "INSERT INTO station_reviews (person, n, area, case_id, at) \
        SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4 FROM station_reviews WHERE person = $1";
    SETTLED_AFTER = "SELECT n, area, case_id, at FROM station_reviews WHERE person = $1 AND n > $2 \
        ORDER BY n LIMIT $3";
}

/// Takes the verdicts that commits carry out; a commit whose verdict is gone is lost.
pub(crate) async fn take(conn: &mut Conn, batch: &[&Prepared], won: &mut [bool]) -> Result<(), Error> {
    for (job, won) in batch.iter().zip(won).filter(|(_, won)| **won) {
        let Some(review) = &job.commit.review else { continue };
        let Some((officer, id)) = review.taken else { continue };
        *won = conn.run(TAKE_VERDICT, &args![&job.commit.area, &review.agency, officer, id]).await? == 1;
    }
    Ok(())
}

/// What a commit that stands brings.
pub(crate) async fn add(conn: &mut Conn, job: &Prepared) -> Result<(), Error> {
    let Some(review) = &job.commit.review else { return Ok(()) };
    let (area, case) = (&job.commit.area, job.commit.case_id);
    for look in &review.looks {
        let ReviewLook { seq, officer, step, action, marks, at, .. } = look;
        let row = args![area, case, *seq, &review.agency, *officer, step, action, marks, *at];
        conn.run(ADD_LOOK, &row).await?;
    }
    if let Some(at) = review.settled {
        conn.run(ADD_SETTLED, &args![job.commit.person, area, case, at]).await?;
    }
    if let Some((officer, _)) = review.taken {
        conn.run(RELEASE_UNIT, &args![area, case, officer]).await?;
    }
    Ok(())
}

async fn hold(conn: &mut Conn, row: (&str, Uuid, Uuid, i64), now: i64) -> Result<bool, Error> {
    let (area, case, officer, until) = row;
    conn.run(DROP_OLD_HOLDS, &args![area, now]).await?;
    Ok(conn.run(HOLD_UNIT, &args![area, case, officer, until]).await? == 1)
}

async fn put(conn: &mut Conn, verdict: &ReviewVerdict, until: i64, now: i64) -> Result<Written, Error> {
    let ReviewVerdict { area, agency, officer, id, case_id, step, action, marks, due_at, .. } = verdict;
    if !hold(conn, (area, *case_id, *officer, until), now).await? {
        return Ok(Written::Count(2));
    }
    let row = args![area, agency, *officer, *id, *case_id, step, action, marks, *due_at];
    Ok(Written::Count(u64::from(conn.run(PUT_VERDICT, &row).await? == 0)))
}

impl Change {
    pub(crate) fn shard(&self) -> &[u8] {
        match self {
            Self::Hold { area, .. }
            | Self::Release { area, .. }
            | Self::Undo { area, .. }
            | Self::Refuse { area, .. } => area.as_bytes(),
            Self::Put { verdict, .. } => verdict.area.as_bytes(),
        }
    }

    pub(crate) async fn apply(&self, conn: &mut Conn) -> Result<Written, Error> {
        match self {
            Self::Hold { area, case, officer, until, now } => {
                Ok(Written::Count(u64::from(hold(conn, (area, *case, *officer, *until), *now).await?)))
            }
            Self::Release { area, case, officer } => {
                conn.run(RELEASE_UNIT, &args![area, *case, *officer]).await?;
                Ok(Written::Done)
            }
            Self::Put { verdict, until, now } => put(conn, verdict, *until, *now).await,
            Self::Undo { area, agency, officer, id } => {
                Written::some(conn.run(TAKE_VERDICT, &args![area, agency, *officer, *id]).await?)
            }
            Self::Refuse { area, agency, officer, id, rule } => {
                Written::some(conn.run(REFUSE_VERDICT, &args![area, agency, *officer, *id, rule]).await?)
            }
        }
    }
}

/// Reading and writing; all fail when the database cannot be reached.
impl Store {
    async fn change_reviews(&self, change: Change) -> Result<Written, Error> {
        self.write(Write::Reviews(Box::new(change))).await
    }

    /// Keeps a unit for an officer until an instant; false when it is another's just now. What has run out is forgotten.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn hold_unit(
        &self,
        area: &str,
        case: Uuid,
        officer: Uuid,
        until: i64,
        now: i64,
    ) -> Result<bool, Error> {
        let change = Change::Hold { area: area.to_owned(), case, officer, until, now };
        Ok(matches!(self.change_reviews(change).await?, Written::Count(1)))
    }

    /// Lets a unit go to whoever comes next.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn release_unit(&self, area: &str, case: Uuid, officer: Uuid) -> Result<(), Error> {
        self.change_reviews(Change::Release { area: area.to_owned(), case, officer }).await.map(drop)
    }

    /// The units of an area that somebody looks at now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn review_holds(&self, area: &str, now: i64) -> Result<Vec<ReviewHold>, Error> {
        self.db.all(HOLDS, &args![area, now, MAX_HOLDS]).await
    }

    /// Hands a verdict in, and keeps its unit for the officer until an instant. One of the same officer on the same unit
    /// is replaced by it, and so is one that was refused.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn put_verdict(
        &self,
        verdict: ReviewVerdict,
        until: i64,
        now: i64,
    ) -> Result<PutVerdict, Error> {
        Ok(match self.change_reviews(Change::Put { verdict, until, now }).await? {
            Written::Count(0) => PutVerdict::Done,
            Written::Count(1) => PutVerdict::AnotherWaits,
            _ => PutVerdict::HeldByOther,
        })
    }

    /// Takes a verdict back that is not carried out yet.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was carried out, refused or taken back already.
    pub async fn undo_verdict(&self, area: &str, agency: &str, officer: Uuid, id: Uuid) -> Result<(), Error> {
        let (area, agency) = (area.to_owned(), agency.to_owned());
        self.change_reviews(Change::Undo { area, agency, officer, id }).await.map(drop)
    }

    /// Notes which rule stands against a verdict: it is not tried again, and its officer is told.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it does not wait any more.
    pub async fn refuse_verdict(&self, verdict: &ReviewVerdict, rule: &str) -> Result<(), Error> {
        let ReviewVerdict { area, agency, officer, id, .. } = verdict;
        let (area, agency) = (area.clone(), agency.clone());
        let change = Change::Refuse { area, agency, officer: *officer, id: *id, rule: rule.to_owned() };
        self.change_reviews(change).await.map(drop)
    }

    /// An officer's verdict that waits or was refused.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verdict(
        &self,
        area: &str,
        agency: &str,
        officer: Uuid,
    ) -> Result<Option<ReviewVerdict>, Error> {
        self.db.optional(GET_VERDICT, &args![area, agency, officer]).await
    }

    /// Areas with verdicts that are due.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn areas_with_verdicts(&self, now: i64) -> Result<Vec<String>, Error> {
        let areas: Vec<Area> = self.db.all(AREAS_WITH_VERDICTS, &args![now]).await?;
        Ok(areas.into_iter().map(|row| row.area).collect())
    }

    /// Verdicts of an area that are due, the longest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn due_verdicts(&self, area: &str, now: i64, limit: i64) -> Result<Vec<ReviewVerdict>, Error> {
        self.db.all(DUE_VERDICTS, &args![area, now, limit.min(MAX_PAGE)]).await
    }

    /// What was seen on one unit, the first look first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn looks_at(&self, area: &str, case: Uuid) -> Result<Vec<ReviewLook>, Error> {
        self.db.all(LOOKS_AT, &args![area, case, MAX_PAGE]).await
    }

    /// An agency's looks since an instant, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn looks_since(
        &self,
        area: &str,
        agency: &str,
        since: i64,
        limit: i64,
    ) -> Result<Vec<ReviewLook>, Error> {
        self.db.list(LOOKS_SINCE, &args![area, agency, since, limit]).await
    }

    /// A station's settled units after a place in their order; begin with 0.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn settled_after(&self, person: Uuid, n: i64, limit: i64) -> Result<Vec<SettledUnit>, Error> {
        self.db.all(SETTLED_AFTER, &args![person, n, limit.min(MAX_PAGE)]).await
    }
}
