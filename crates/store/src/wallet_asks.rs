//! What wallets elsewhere are asked to show, and what they showed.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A question to a wallet elsewhere.
    pub struct WalletAsk {
        /// Whoever asks, or a shelf for those who are not signed in.
        pub person: Uuid,
        /// Its id; sealed in the addresses that are handed out.
        pub id: Uuid,
        /// What is asked, sealed for the site.
        pub sealed: Vec<u8>,
        /// `asked`, `refused` or `answered`.
        pub state: String,
        /// What was shown, or why not, sealed for the site.
        pub answer: Option<Vec<u8>>,
        /// Microseconds since 1970.
        pub expires_at: i64,
    }
}

row! {
    /// Whoever asked something that is over.
    struct Asker {
        person: Uuid,
    }
}

/// An answer to a question.
#[derive(Debug, Clone)]
pub struct WalletAnswer {
    /// Whoever asked.
    pub person: Uuid,
    /// The question.
    pub id: Uuid,
    /// `refused` leaves the question open for a better answer, `answered` does not.
    pub state: &'static str,
    /// What was shown, or why not, sealed for the site.
    pub answer: Vec<u8>,
    /// Now (µs).
    pub now: i64,
}

statements! {
    DROP_OLD_WALLET_ASKS = "DELETE FROM wallet_asks WHERE person = $1 AND expires_at <= $2";
    ADD_WALLET_ASK = "INSERT INTO wallet_asks (person, id, sealed, state, expires_at) VALUES ($1, $2, $3, $4, $5)";
    GET_WALLET_ASK = "SELECT person, id, sealed, state, answer, expires_at FROM wallet_asks \
        WHERE person = $1 AND id = $2 AND expires_at > $3";
    ANSWER_WALLET_ASK = "UPDATE wallet_asks SET state = $3, answer = $4 WHERE person = $1 AND id = $2 \
        AND state <> 'answered' AND expires_at > $5";
    /// Over all shards: tells the sweeper where to look.
    ASKERS_WITH_OLD_ASKS = "SELECT DISTINCT person FROM wallet_asks WHERE expires_at <= $1 LIMIT $2";
}

pub(crate) async fn add(conn: &mut Conn, ask: &WalletAsk, now: i64) -> Result<Written, Error> {
    let WalletAsk { person, id, sealed, state, expires_at, .. } = ask;
    conn.run(DROP_OLD_WALLET_ASKS, &args![*person, now]).await?;
    conn.run(ADD_WALLET_ASK, &args![*person, *id, sealed, state, *expires_at]).await?;
    Ok(Written::Done)
}

pub(crate) async fn forget(conn: &mut Conn, person: Uuid, before: i64) -> Result<Written, Error> {
    Ok(Written::Count(conn.run(DROP_OLD_WALLET_ASKS, &args![person, before]).await?))
}

pub(crate) async fn answer(conn: &mut Conn, given: &WalletAnswer) -> Result<Written, Error> {
    let WalletAnswer { person, id, state, answer, now } = given;
    let answered = conn.run(ANSWER_WALLET_ASK, &args![*person, *id, *state, answer, *now]).await?;
    Ok(if answered == 0 { Written::Refused(Error::Conflict) } else { Written::Done })
}

impl Store {
    /// Keeps a question; the asker's expired ones go.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn add_wallet_ask(&self, ask: WalletAsk, now: i64) -> Result<(), Error> {
        self.write(Write::AddWalletAsk { ask, now }).await.map(drop)
    }

    /// A question that has not expired.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn wallet_ask(&self, person: Uuid, id: Uuid, now: i64) -> Result<Option<WalletAsk>, Error> {
        self.db.optional(GET_WALLET_ASK, &args![person, id, now]).await
    }

    /// Forgets what was over before `before` (µs), answers and all, of so many askers at most; how much that was.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn forget_wallet_asks(&self, before: i64, askers: i64) -> Result<u64, Error> {
        let mut forgotten = 0;
        let old: Vec<Asker> = self.db.all(ASKERS_WITH_OLD_ASKS, &args![before, askers.min(MAX_PAGE)]).await?;
        for Asker { person } in old {
            if let Written::Count(asks) = self.write(Write::ForgetWalletAsks { person, before }).await? {
                forgotten += asks;
            }
        }
        Ok(forgotten)
    }

    /// Keeps the answer to a question.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was answered before, or has expired.
    pub async fn answer_wallet_ask(&self, answer: WalletAnswer) -> Result<(), Error> {
        self.write(Write::AnswerWalletAsk(answer)).await.map(drop)
    }
}
