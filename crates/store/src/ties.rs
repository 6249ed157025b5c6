//! Who may act for whom: ties, what waits for an answer, and for whom a session acts.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::drafts::Count;
use crate::engine::{Conn, args, row};
use crate::messages::{self, Message};
use crate::seal::Lookup;
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// One side's row of a tie.
    pub struct Tie {
        /// In whose list it stands.
        pub person: Uuid,
        /// Its id, the same on both sides.
        pub id: Uuid,
        /// The other side; none until they confirm.
        pub other: Option<Uuid>,
        /// What `person` is in it: `agent`, `principal`.
        pub side: String,
        /// Kind of relation.
        pub kind: String,
        /// `asked`, `stands`, `ended`.
        pub state: String,
        /// JSON: which services.
        pub scope: String,
        /// Keyed hash of whom it was asked of; on the asker's row alone.
        pub asked_of: Option<Vec<u8>>,
        /// Microseconds since 1970.
        pub asked_at: i64,
        /// Until when it stands: microseconds since 1970.
        pub until_at: i64,
        /// When the other side confirmed.
        pub answered_at: Option<i64>,
        /// When either side ended it.
        pub ended_at: Option<i64>,
        /// What the asker wrote of the other, sealed with the asker's key.
        pub sealed: Option<Vec<u8>>,
    }
}

row! {
    /// A tie that waits for an answer.
    pub struct Ask {
        /// The tie it will be.
        pub id: Uuid,
        /// Who asks.
        pub asker: Uuid,
        /// What the asker will be: `agent`, `principal`.
        pub side: String,
        /// Kind of relation.
        pub kind: String,
        /// JSON: which services.
        pub scope: String,
        /// Microseconds since 1970.
        pub asked_at: i64,
        /// Until when the tie would stand.
        pub until_at: i64,
        /// From then on it cannot be confirmed.
        pub lapses_at: i64,
    }
}

row! {
    /// The tie a session acts by.
    struct Acting {
        tie: Uuid,
    }
}

/// Bounds on asking, so that nobody is asked over and over.
#[derive(Debug, Clone, Copy)]
pub struct AskLimits {
    /// Most asks of one asker since [`AskLimits::since`].
    pub all: i64,
    /// From when they are counted.
    pub since: i64,
    /// Most asks of one asker to the same person since [`AskLimits::since_one`].
    pub one: i64,
    /// From when they are counted.
    pub since_one: i64,
    /// Most open asks to the same person, of whomever; more go nowhere, and nobody is told so.
    pub waiting: i64,
}

/// A change to ties, as data.
#[derive(Debug)]
pub(crate) enum Change {
    Ask { tie: Tie, lookup: Lookup, lapses_at: i64, limits: AskLimits, message: Option<Message> },
    Answer { lookup: Lookup, ask: Ask, person: Uuid, accept: bool, at: i64, message: Option<Message> },
    Tie { tie: Tie, other: Uuid, message: Option<Message> },
    End { person: Uuid, id: Uuid, at: i64, message: Option<Message> },
    ActFor { person: Uuid, token_hash: Vec<u8>, tie: Option<Uuid>, at: i64 },
}

statements! {
    COUNT_ASKED = "SELECT count(*) AS n FROM ties WHERE person = $1 AND asked_of IS NOT NULL AND asked_at > $2";
    COUNT_ASKED_OF = "SELECT count(*) AS n FROM ties WHERE person = $1 AND asked_of = $2 AND asked_at > $3";
    COUNT_OPEN_ASKED = "SELECT count(*) AS n FROM ties WHERE person = $1 AND asked_of = $2 AND side = $3 \
        AND state = 'asked' AND asked_at > $4";
    COUNT_STANDING = "SELECT count(*) AS n FROM ties WHERE person = $1 AND other = $2 AND kind = $3 AND side = $4 \
        AND state = 'stands' AND until_at > $5";
    COUNT_WAITING = "SELECT count(*) AS n FROM asks WHERE lookup = $1";
    ADD_TIE = "INSERT INTO ties (person, id, other, side, kind, state, scope, asked_of, asked_at, until_at, \
        answered_at, ended_at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
        ON CONFLICT (person, id) DO NOTHING";
    CONFIRM_TIE = "UPDATE ties SET state = 'stands', other = $3, answered_at = $4 \
        WHERE person = $1 AND id = $2 AND state = 'asked'";
    END_OWN = "UPDATE ties SET state = 'ended', ended_at = $4 WHERE person = $1 AND id = $2 AND state = $3";
    END_TIE = "UPDATE ties SET state = 'ended', ended_at = $3 WHERE person = $1 AND id = $2 AND state <> 'ended'";
    GET_TIE = "SELECT person, id, other, side, kind, state, scope, asked_of, asked_at, until_at, answered_at, \
        ended_at, sealed FROM ties WHERE person = $1 AND id = $2";
    LIST_TIES = "SELECT person, id, other, side, kind, state, scope, asked_of, asked_at, until_at, answered_at, \
        ended_at, sealed FROM ties WHERE person = $1 ORDER BY id DESC LIMIT $2";
    COUNT_BETWEEN = "SELECT count(*) AS n FROM ties WHERE person = $1 AND other = $2 AND state = 'stands' \
        AND until_at > $3";
    ADD_ASK = "INSERT INTO asks (lookup, id, asker, side, kind, scope, asked_at, until_at, lapses_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (lookup, id) DO NOTHING";
    DROP_ASK = "DELETE FROM asks WHERE lookup = $1 AND id = $2";
    DROP_LAPSED = "DELETE FROM asks WHERE lookup = $1 AND lapses_at <= $2";
    LIST_ASKS = "SELECT id, asker, side, kind, scope, asked_at, until_at, lapses_at FROM asks \
        WHERE lookup = $1 AND lapses_at > $2 ORDER BY id DESC LIMIT $3";
    ACT_FOR = "INSERT INTO acting (person, token_hash, tie, since_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (person, token_hash) DO UPDATE SET tie = $3, since_at = $4";
    ACT_FOR_NOBODY = "DELETE FROM acting WHERE person = $1 AND token_hash = $2";
    STOP_ACTING = "DELETE FROM acting WHERE person = $1 AND tie = $2";
    ERASE_ACTING = "DELETE FROM acting WHERE person = $1";
    ACTING = "SELECT tie FROM acting WHERE person = $1 AND token_hash = $2";
}

impl Change {
    /// Whose shard it begins on.
    pub(crate) fn shard(&self) -> &[u8] {
        match self {
            Self::Ask { tie, .. } | Self::Tie { tie, .. } => tie.person.as_bytes(),
            // In the lane of the asker, whose row decides between an answer and its withdrawal.
            Self::Answer { ask, .. } => ask.asker.as_bytes(),
            Self::End { person, .. } | Self::ActFor { person, .. } => person.as_bytes(),
        }
    }

    pub(crate) async fn apply(&self, conn: &mut Conn) -> Result<Written, Error> {
        match self {
            Self::Ask { tie, lookup, lapses_at, limits, message } => {
                ask(conn, tie, *lookup, *lapses_at, *limits, message.as_ref()).await
            }
            Self::Answer { lookup, ask, person, accept, at, message } => {
                let answered = answer(conn, *lookup, ask, *person, *accept, *at).await?;
                tell(conn, message.as_ref(), answered).await
            }
            Self::Tie { tie: row, other, message } => {
                let tied = tie(conn, row, *other).await?;
                tell(conn, message.as_ref(), tied).await
            }
            Self::End { person, id, at, message } => {
                let ended = end(conn, *person, *id, *at).await?;
                tell(conn, message.as_ref(), ended).await
            }
            Self::ActFor { person, token_hash, tie, at } => {
                act_for(conn, *person, token_hash, *tie, *at).await
            }
        }
    }
}

/// The message of a change that took place.
async fn tell(conn: &mut Conn, message: Option<&Message>, done: Written) -> Result<Written, Error> {
    if let (Written::Done, Some(message)) = (&done, message) {
        messages::add(conn, message).await?;
    }
    Ok(done)
}

async fn count(
    conn: &mut Conn,
    sql: crate::engine::Sql,
    args: &[crate::engine::Arg<'_>],
) -> Result<i64, Error> {
    Ok(conn.optional::<Count>(sql, args).await?.map_or(0, |count| count.n))
}

async fn add(conn: &mut Conn, tie: &Tie) -> Result<(), Error> {
    let Tie { person, id, other, side, kind, state, scope, asked_of, .. } = tie;
    let row = args![
        *person,
        *id,
        *other,
        side,
        kind,
        state,
        scope,
        asked_of,
        tie.asked_at,
        tie.until_at,
        tie.answered_at,
        tie.ended_at,
        &tie.sealed
    ];
    conn.run(ADD_TIE, &row).await.map(drop)
}

async fn ask(
    conn: &mut Conn,
    tie: &Tie,
    lookup: Lookup,
    lapses_at: i64,
    limits: AskLimits,
    message: Option<&Message>,
) -> Result<Written, Error> {
    let (who, now) = (tie.person, tie.asked_at);
    let window = lapses_at - now;
    if count(conn, COUNT_OPEN_ASKED, &args![who, &lookup.0, &tie.side, now - window]).await? > 0 {
        return Ok(Written::Refused(Error::Conflict));
    }
    if count(conn, COUNT_ASKED, &args![who, limits.since]).await? >= limits.all {
        return Ok(Written::Refused(Error::TooMany { limit: limits.all }));
    }
    if count(conn, COUNT_ASKED_OF, &args![who, &lookup.0, limits.since_one]).await? >= limits.one {
        return Ok(Written::Refused(Error::TooMany { limit: limits.one }));
    }
    add(conn, tie).await?;
    conn.run(DROP_LAPSED, &args![&lookup.0, now]).await?;
    if count(conn, COUNT_WAITING, &args![&lookup.0]).await? < limits.waiting {
        let Tie { id, side, kind, scope, until_at, .. } = tie;
        let row = args![&lookup.0, *id, who, side, kind, scope, now, *until_at, lapses_at];
        conn.run(ADD_ASK, &row).await?;
        return tell(conn, message, Written::Done).await;
    }
    Ok(Written::Done)
}

async fn answer(
    conn: &mut Conn,
    lookup: Lookup,
    ask: &Ask,
    person: Uuid,
    accept: bool,
    at: i64,
) -> Result<Written, Error> {
    if !accept {
        // The asker's row stays as it is: they are not told whether anybody has read it.
        return Written::some(conn.run(DROP_ASK, &args![&lookup.0, ask.id]).await?);
    }
    if ask.lapses_at <= at || conn.run(CONFIRM_TIE, &args![ask.asker, ask.id, person, at]).await? == 0 {
        return Ok(Written::Refused(Error::NotFound));
    }
    conn.run(DROP_ASK, &args![&lookup.0, ask.id]).await?;
    let own = Tie {
        person,
        id: ask.id,
        other: Some(ask.asker),
        side: opposite(&ask.side).to_owned(),
        kind: ask.kind.clone(),
        state: "stands".to_owned(),
        scope: ask.scope.clone(),
        asked_of: None,
        asked_at: ask.asked_at,
        until_at: ask.until_at,
        answered_at: Some(at),
        ended_at: None,
        sealed: None,
    };
    add(conn, &own).await?;
    Ok(Written::Done)
}

fn opposite(side: &str) -> &'static str {
    if side == "agent" { "principal" } else { "agent" }
}

/// Both rows of a tie that somebody else vouches for. One that stands already is not made twice.
async fn tie(conn: &mut Conn, tie: &Tie, other: Uuid) -> Result<Written, Error> {
    let standing = args![tie.person, other, &tie.kind, &tie.side, tie.asked_at];
    if count(conn, COUNT_STANDING, &standing).await? > 0 {
        return Ok(Written::Refused(Error::Conflict));
    }
    add(conn, tie).await?;
    let theirs = Tie {
        person: other,
        other: Some(tie.person),
        side: opposite(&tie.side).to_owned(),
        sealed: None,
        asked_of: None,
        ..tie.clone()
    };
    add(conn, &theirs).await?;
    Ok(Written::Done)
}

/// Ends a tie or takes an ask back, from either side; the agent's sessions act for nobody from then on.
async fn end(conn: &mut Conn, person: Uuid, id: Uuid, at: i64) -> Result<Written, Error> {
    let Some(own) = conn.optional::<Tie>(GET_TIE, &args![person, id]).await? else {
        return Ok(Written::Refused(Error::NotFound));
    };
    // What was read may have been confirmed since, in another lane: then nothing is changed, and it is tried again.
    if own.state == "ended" || conn.run(END_OWN, &args![person, id, &own.state, at]).await? == 0 {
        return Ok(Written::Refused(Error::Conflict));
    }
    if let Some(asked_of) = own.asked_of.as_ref().filter(|_| own.state == "asked") {
        conn.run(DROP_ASK, &args![asked_of, id]).await?;
    }
    if let Some(other) = own.other {
        conn.run(END_TIE, &args![other, id, at]).await?;
        let agent = if own.side == "agent" { person } else { other };
        conn.run(STOP_ACTING, &args![agent, id]).await?;
    }
    Ok(Written::Done)
}

async fn act_for(
    conn: &mut Conn,
    person: Uuid,
    token_hash: &[u8],
    tie: Option<Uuid>,
    at: i64,
) -> Result<Written, Error> {
    match tie {
        Some(tie) => conn.run(ACT_FOR, &args![person, token_hash, tie, at]).await?,
        None => conn.run(ACT_FOR_NOBODY, &args![person, token_hash]).await?,
    };
    Ok(Written::Done)
}

/// Ends all of an erased person's ties; the rows stay, pseudonymous, as the other side's record.
pub(crate) async fn erase(conn: &mut Conn, person: Uuid, at: i64) -> Result<(), Error> {
    for tie in conn.all::<Tie>(LIST_TIES, &args![person, MAX_PAGE]).await? {
        if tie.state != "ended" {
            end(conn, person, tie.id, at).await?;
        }
    }
    conn.run(ERASE_ACTING, &args![person]).await.map(drop)
}

impl Store {
    /// Asks somebody, known by the keyed hash of their name and number only, for a tie; `message` tells them, if
    /// they are known. The answer is the same whether or not anybody answers to the hash.
    ///
    /// # Errors
    /// [`Error::Conflict`] while the same is asked already; [`Error::TooMany`].
    pub async fn ask_tie(
        &self,
        tie: Tie,
        lookup: Lookup,
        lapses_at: i64,
        limits: AskLimits,
        message: Option<Message>,
    ) -> Result<(), Error> {
        self.write(Write::Ties(Box::new(Change::Ask { tie, lookup, lapses_at, limits, message })))
            .await
            .map(drop)
    }

    /// What waits for an answer of whoever has this hash, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asks(&self, lookup: Lookup, now: i64, limit: i64) -> Result<Vec<Ask>, Error> {
        self.db.all(LIST_ASKS, &args![&lookup.0, now, limit.min(MAX_PAGE)]).await
    }

    /// Answers an ask as `person`. A tie that is refused is told to nobody.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was taken back, answered or has lapsed.
    pub async fn answer_ask(
        &self,
        lookup: Lookup,
        ask: Ask,
        person: Uuid,
        accept: bool,
        at: i64,
        message: Option<Message>,
    ) -> Result<(), Error> {
        let change = Change::Answer { lookup, ask, person, accept, at, message };
        self.write(Write::Ties(Box::new(change))).await.map(drop)
    }

    /// Makes a tie that a register vouches for, with `other` on the other side.
    ///
    /// # Errors
    /// [`Error::Conflict`] when one of the same kind stands between the two.
    pub async fn add_tie(&self, tie: Tie, other: Uuid, message: Option<Message>) -> Result<(), Error> {
        self.write(Write::Ties(Box::new(Change::Tie { tie, other, message }))).await.map(drop)
    }

    /// Ends a tie, or takes an ask back; both sides' rows say so, and sessions that act by it act for nobody.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not in this person's list, [`Error::Conflict`] when it has ended already.
    pub async fn end_tie(
        &self,
        person: Uuid,
        id: Uuid,
        at: i64,
        message: Option<Message>,
    ) -> Result<(), Error> {
        self.write(Write::Ties(Box::new(Change::End { person, id, at, message }))).await.map(drop)
    }

    /// A person's ties, standing, asked and ended, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ties(&self, person: Uuid, limit: i64) -> Result<Vec<Tie>, Error> {
        self.db.all(LIST_TIES, &args![person, limit.min(MAX_PAGE)]).await
    }

    /// One row of a person's list.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tie(&self, person: Uuid, id: Uuid) -> Result<Option<Tie>, Error> {
        self.db.optional(GET_TIE, &args![person, id]).await
    }

    /// Whether any tie stands between two people.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tied(&self, person: Uuid, other: Uuid, now: i64) -> Result<bool, Error> {
        Ok(self.db.one::<Count>(COUNT_BETWEEN, &args![person, other, now]).await?.n > 0)
    }

    /// Lets a session act by a tie, or for its own citizen again.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn act_for(
        &self,
        person: Uuid,
        token_hash: Vec<u8>,
        tie: Option<Uuid>,
        at: i64,
    ) -> Result<(), Error> {
        self.write(Write::Ties(Box::new(Change::ActFor { person, token_hash, tie, at }))).await.map(drop)
    }

    /// The tie a session acts by.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn acting(&self, person: Uuid, token_hash: &[u8]) -> Result<Option<Uuid>, Error> {
        Ok(self.db.optional::<Acting>(ACTING, &args![person, token_hash]).await?.map(|acting| acting.tie))
    }
}
