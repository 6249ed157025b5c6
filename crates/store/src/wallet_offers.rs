//! Certificates offered to wallets elsewhere, and the nonces that their proofs used.

use uuid::Uuid;

use crate::certificates::CertificateUse;
use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A certificate offered to a wallet elsewhere.
    pub struct WalletOffer {
        /// The holder.
        pub person: Uuid,
        /// Its id; sealed in the codes that are handed out.
        pub id: Uuid,
        /// The certificate.
        pub certificate: Uuid,
        /// SHA-256 of the code that the holder is told beside it, with the id.
        pub secret: Vec<u8>,
        /// How often that code was sent.
        pub tries: i64,
        /// `offered`, `taken` or `issued`.
        pub state: String,
        /// Microseconds since 1970.
        pub expires_at: i64,
    }
}

/// An offer's code and the code that the holder was told, as a wallet sends them.
#[derive(Debug, Clone)]
pub struct Taking {
    /// The holder.
    pub person: Uuid,
    /// The offer.
    pub id: Uuid,
    /// SHA-256 of the code that the holder was told, with the id.
    pub secret: Vec<u8>,
    /// How often a code may be sent.
    pub tries: i64,
    /// Now (µs).
    pub now: i64,
    /// Until when the credential may be fetched (µs).
    pub until: i64,
}

statements! {
    DROP_OLD_OFFERS = "DELETE FROM wallet_offers WHERE person = $1 AND expires_at <= $2";
    ADD_OFFER = "INSERT INTO wallet_offers (person, id, certificate, secret, tries, state, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    GET_OFFER = "SELECT person, id, certificate, secret, tries, state, expires_at FROM wallet_offers \
        WHERE person = $1 AND id = $2 AND expires_at > $3";
    TRY_OFFER = "UPDATE wallet_offers SET tries = tries + 1 WHERE person = $1 AND id = $2 AND state = 'offered' \
        AND expires_at > $3 AND tries < $4";
    TAKE_OFFER = "UPDATE wallet_offers SET state = 'taken', expires_at = $4 \
        WHERE person = $1 AND id = $2 AND secret = $3 AND state = 'offered'";
    END_OFFER = "UPDATE wallet_offers SET state = 'issued' WHERE person = $1 AND id = $2 AND state = 'taken' \
        AND expires_at > $3";
    DROP_OLD_NONCES = "DELETE FROM spent_nonces WHERE person = $1 AND expires_at <= $2";
    SPEND_NONCE = "INSERT INTO spent_nonces (person, hash, expires_at) VALUES ($1, $2, $3) \
        ON CONFLICT (person, hash) DO NOTHING";
}

pub(crate) async fn add(conn: &mut Conn, offer: &WalletOffer, now: i64) -> Result<Written, Error> {
    let WalletOffer { person, id, certificate, secret, tries, state, expires_at } = offer;
    conn.run(DROP_OLD_OFFERS, &args![*person, now]).await?;
    conn.run(ADD_OFFER, &args![*person, *id, *certificate, secret, *tries, state, *expires_at]).await?;
    Ok(Written::Done)
}

/// Counts the try first, so that it counts whatever becomes of it: 1 when the offer was taken, 0 for a wrong code.
pub(crate) async fn take(conn: &mut Conn, taking: &Taking) -> Result<Written, Error> {
    let Taking { person, id, secret, tries, now, until } = taking;
    if conn.run(TRY_OFFER, &args![*person, *id, *now, *tries]).await? == 0 {
        return Ok(Written::Refused(Error::NotFound));
    }
    Ok(Written::Count(conn.run(TAKE_OFFER, &args![*person, *id, secret, *until]).await?))
}

pub(crate) async fn end(
    conn: &mut Conn,
    id: Uuid,
    now: i64,
    entry: &CertificateUse,
) -> Result<Written, Error> {
    if conn.run(END_OFFER, &args![entry.person, id, now]).await? == 0 {
        return Ok(Written::Refused(Error::NotFound));
    }
    entry.add(conn).await?;
    Ok(Written::Done)
}

pub(crate) async fn spend(
    conn: &mut Conn,
    shelf: Uuid,
    hash: &[u8],
    now: i64,
    expires_at: i64,
) -> Result<Written, Error> {
    conn.run(DROP_OLD_NONCES, &args![shelf, now]).await?;
    let spent = conn.run(SPEND_NONCE, &args![shelf, hash, expires_at]).await?;
    Ok(if spent == 0 { Written::Refused(Error::Conflict) } else { Written::Done })
}

impl Store {
    /// Keeps an offer; the person's expired ones go.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn add_wallet_offer(&self, offer: WalletOffer, now: i64) -> Result<(), Error> {
        self.write(Write::AddOffer { offer, now }).await.map(drop)
    }

    /// An offer that has not expired, whatever its state.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn wallet_offer(&self, person: Uuid, id: Uuid, now: i64) -> Result<Option<WalletOffer>, Error> {
        self.db.optional(GET_OFFER, &args![person, id, now]).await
    }

    /// Takes an offer, once; false when the code that the holder was told is another. Each try counts.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was taken, has expired or was tried too often.
    pub async fn take_wallet_offer(&self, taking: Taking) -> Result<bool, Error> {
        match self.write(Write::TakeOffer(taking)).await? {
            Written::Count(taken) => Ok(taken > 0),
            _ => Ok(false),
        }
    }

    /// Ends an offer that was taken, once, and notes it in the holder's ledger in the same commit.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it has ended or expired.
    pub async fn end_wallet_offer(&self, id: Uuid, now: i64, entry: CertificateUse) -> Result<(), Error> {
        self.write(Write::EndOffer { id, now, entry }).await.map(drop)
    }

    /// Uses a nonce up; `hash` is its SHA-256.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was used before.
    pub async fn spend_nonce(&self, hash: Vec<u8>, now: i64, expires_at: i64) -> Result<(), Error> {
        let shelf = shelf(hash.first().copied().unwrap_or_default());
        self.write(Write::SpendNonce { shelf, hash, now, expires_at }).await.map(drop)
    }

    /// Seals what is handed out and kept nowhere, or kept for minutes, under a key of its own.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn hand_out(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        self.vault.hand_out(purpose, plain)
    }

    /// Opens what [`Store::hand_out`] made for the same purpose; nothing else opens.
    #[must_use]
    pub fn take_back(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        self.vault.take_back(purpose, sealed)
    }
}

/// One of 256 shelves in the place of a person, where nobody is known.
#[must_use]
pub fn shelf(byte: u8) -> Uuid {
    Uuid::from_u128(u128::from(byte))
}
