//! The applications that are registered, and how they prove to be themselves.

use domain::micros;
use store::Partner as PartnerRow;

use super::file::PartnerFile;
use super::{OauthError, encode, hashed};
use crate::{App, Error};

/// A registered application.
#[derive(Debug, Clone)]
pub struct Partner {
    /// What is registered.
    pub about: PartnerFile,
    /// Since when, in microseconds since 1970: what was given before is void.
    pub since: i64,
    /// When it was last changed, in microseconds since 1970.
    pub changed: i64,
    /// It was taken off.
    pub removed: bool,
    secret_hash: Option<Vec<u8>>,
}

/// A new secret, to be shown once.
pub struct PartnerSecret(pub String);

// A secret belongs in no log.
impl std::fmt::Debug for PartnerSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PartnerSecret(…)")
    }
}

impl Partner {
    fn read(row: PartnerRow) -> Result<Self, Error> {
        Ok(Self {
            about: serde_json::from_str(&row.data)?,
            since: row.created_at,
            changed: row.changed_at,
            removed: row.removed_at.is_some(),
            secret_hash: row.secret_hash,
        })
    }
}

impl App {
    /// Registers an application, or changes what is registered of it. A new one that can keep a secret gets one;
    /// so does one that becomes such.
    ///
    /// # Errors
    /// [`Error::Partner`] when the file is wrong.
    pub async fn register_partner(&self, about: PartnerFile) -> Result<Option<PartnerSecret>, Error> {
        let problems = about.problems();
        if !problems.is_empty() {
            return Err(Error::Partner(problems.join("\n")));
        }
        let now = micros(self.now());
        let known = self.store.partner(&about.id).await?.filter(|row| row.removed_at.is_none());
        let (created_at, kept) = known.map_or((now, None), |row| (row.created_at, row.secret_hash));
        let (secret_hash, secret) = match (about.public, kept) {
            (true, _) => (None, None),
            (false, Some(hash)) => (Some(hash), None),
            (false, None) => {
                let secret = self.new_token();
                (Some(hashed(&secret)), Some(PartnerSecret(secret)))
            }
        };
        let data = serde_json::to_string(&about)?;
        let row = PartnerRow {
            partner: about.id,
            data,
            secret_hash,
            created_at,
            changed_at: now,
            removed_at: None,
        };
        self.store.put_partner(row).await?;
        Ok(secret)
    }

    /// A new secret takes the place of the one before, at once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or it is public.
    pub async fn rotate_partner_secret(&self, id: &str) -> Result<PartnerSecret, Error> {
        let row = self.store.partner(id).await?.filter(|row| row.removed_at.is_none());
        let row = row.filter(|row| row.secret_hash.is_some()).ok_or(Error::NotFound)?;
        let secret = self.new_token();
        let (secret_hash, changed_at) = (Some(hashed(&secret)), micros(self.now()));
        self.store.put_partner(PartnerRow { secret_hash, changed_at, ..row }).await?;
        Ok(PartnerSecret(secret))
    }

    /// Takes an application off: nothing that it holds opens anything any more, even if it comes back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove_partner(&self, id: &str) -> Result<(), Error> {
        Ok(self.store.remove_partner(id, micros(self.now())).await?)
    }

    /// All applications, removed ones too.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn partners(&self) -> Result<Vec<Partner>, Error> {
        self.store.partners().await?.into_iter().map(Partner::read).collect()
    }

    /// A registered application.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn partner(&self, id: &str) -> Result<Option<Partner>, Error> {
        let row = self.store.partner(id).await?.filter(|row| row.removed_at.is_none());
        row.map(Partner::read).transpose()
    }

    /// The application that proves to be itself by its secret, or has none and says only its name.
    ///
    /// # Errors
    /// [`Error::Oauth`] with `invalid_client`, the same for an unknown one and a wrong secret.
    pub async fn authenticate_partner(&self, id: &str, secret: Option<&str>) -> Result<Partner, Error> {
        const UNKNOWN: OauthError = OauthError::invalid_client("unknown client, or wrong secret");
        let partner = self.partner(id).await?.ok_or(UNKNOWN)?;
        match (&partner.secret_hash, secret) {
            (None, None) => Ok(partner),
            // Hashes are compared: how long that takes tells nothing of the secret.
            (Some(hash), Some(secret)) if *hash == hashed(secret) => Ok(partner),
            _ => Err(UNKNOWN.into()),
        }
    }

    /// 256 random bits as text.
    pub(super) fn new_token(&self) -> String {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        encode(&bytes)
    }
}
