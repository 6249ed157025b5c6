//! The keys that sign certificates, sealed under the master key.

use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A key as stored.
    pub(crate) struct KeyRow {
        /// The RFC 7638 thumbprint.
        pub(crate) kid: String,
        /// The key, sealed.
        pub(crate) sealed: Vec<u8>,
        /// Microseconds since 1970.
        pub(crate) created_at: i64,
        /// Microseconds since 1970.
        pub(crate) retired_at: Option<i64>,
    }
}

/// A key, opened.
pub struct IssuerKey {
    /// Its name.
    pub kid: String,
    /// What was given to be kept.
    pub secret: Vec<u8>,
    /// Microseconds since 1970.
    pub created_at: i64,
    /// From then on nothing that it signed is accepted; microseconds since 1970.
    pub retired_at: Option<i64>,
}

// A secret belongs in no log.
impl std::fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuerKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

statements! {
    ISSUER_KEYS = "SELECT kid, sealed, created_at, retired_at FROM issuer_keys ORDER BY created_at, kid";
    ADD_ISSUER_KEY = "INSERT INTO issuer_keys (kid, sealed, created_at) VALUES ($1, $2, $3) \
        ON CONFLICT (kid) DO NOTHING";
    RETIRE_ISSUER_KEY = "UPDATE issuer_keys SET retired_at = $2 WHERE kid = $1 AND retired_at IS NULL";
}

pub(crate) async fn add(conn: &mut Conn, kid: &str, sealed: &[u8], at: i64) -> Result<Written, Error> {
    conn.run(ADD_ISSUER_KEY, &args![kid, sealed, at]).await?;
    Ok(Written::Done)
}

pub(crate) async fn retire(conn: &mut Conn, kid: &str, at: i64) -> Result<Written, Error> {
    Written::some(conn.run(RETIRE_ISSUER_KEY, &args![kid, at]).await?)
}

impl Store {
    /// Keeps a key under its name, sealed.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn keep_issuer_key(&self, kid: &str, secret: &[u8], at: i64) -> Result<(), Error> {
        let sealed = self.vault.seal_for_site(&purpose(kid), secret)?;
        self.write(Write::KeepIssuerKey { kid: kid.to_owned(), sealed, at }).await.map(drop)
    }

    /// All keys, the oldest first.
    ///
    /// # Errors
    /// [`Error::MasterKey`] under another master key.
    pub async fn issuer_keys(&self) -> Result<Vec<IssuerKey>, Error> {
        let rows: Vec<KeyRow> = self.db.list(ISSUER_KEYS, &[]).await?;
        let open = |KeyRow { kid, sealed, created_at, retired_at }| {
            let secret = self.vault.open_for_site(&purpose(&kid), &sealed)?;
            Ok(IssuerKey { kid, secret, created_at, retired_at })
        };
        rows.into_iter().map(open).collect()
    }

    /// From now on nothing that this key signed is accepted.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such key, or it was retired before.
    pub async fn retire_issuer_key(&self, kid: &str, at: i64) -> Result<(), Error> {
        self.write(Write::RetireIssuerKey { kid: kid.to_owned(), at }).await.map(drop)
    }
}

fn purpose(kid: &str) -> String {
    format!("issuer-key/{kid}")
}
