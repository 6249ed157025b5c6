//! The wallet: a citizen's certificates and what was done with them.

use certificates::Certificate;
use domain::{Date, Timestamp, from_micros};
use identity::Scope;
use packs::CertificateType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{App, Error, Party};

/// The word for a certificate that its issuer did not take back.
pub(crate) const VALID: &str = "valid";
/// Certificates of one wallet that are read; a wallet with more shows the latest.
pub(crate) const MOST: i64 = 200;
/// Lines of a ledger that are read.
const LINES: i64 = 50;

/// What a certificate's row seals: the certificate, and its type as it was.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) kind: CertificateType,
    pub(crate) certificate: Certificate,
}

/// What a line of the ledger seals.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    /// By whom, as they said or as we know.
    pub(crate) who: String,
    /// Whether we know who it was.
    pub(crate) known: bool,
    /// For what, or why.
    pub(crate) purpose: String,
    /// The fields that were shown.
    pub(crate) fields: Vec<String>,
    /// What came of it.
    pub(crate) outcome: String,
}

/// Whether a certificate holds today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Valid,
    /// It holds from this day on.
    NotYet(Date),
    /// It held until this day, that day included.
    Expired(Date),
    /// Its issuer took it back.
    Revoked,
    /// A later version took its place.
    Replaced,
}

impl Standing {
    /// Id of its text.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::NotYet(_) => "not-yet",
            Self::Expired(_) => "expired",
            Self::Revoked => "revoked",
            Self::Replaced => "replaced",
        }
    }

    /// What follows from the issuer's word and the days. A word that is not known is no "valid".
    pub(crate) fn of(status: &str, certificate: &Certificate, today: Date) -> Self {
        match status {
            VALID if today < certificate.valid_from => Self::NotYet(certificate.valid_from),
            VALID => match certificate.valid_until {
                Some(last) if last < today => Self::Expired(last),
                _ => Self::Valid,
            },
            "replaced" => Self::Replaced,
            _ => Self::Revoked,
        }
    }
}

/// A certificate in its holder's wallet.
#[derive(Clone)]
pub struct Held {
    /// Its id in the wallet; all versions share it.
    pub id: Uuid,
    /// The issuer's area.
    pub area: String,
    /// Its type.
    pub kind: CertificateType,
    /// What it says.
    pub certificate: Certificate,
    /// Whether it holds today.
    pub standing: Standing,
}

/// A line of a certificate's ledger.
#[derive(Debug, Clone)]
pub struct LedgerLine {
    /// When.
    pub at: Timestamp,
    /// `verified`, `used`, `revoked` or `replaced`.
    pub kind: String,
    /// By whom; empty where nobody said.
    pub who: String,
    /// Whether the platform knows who it was.
    pub known: bool,
    /// For what, or why; may be empty.
    pub purpose: String,
    /// Names of the fields that were shown.
    pub fields: Vec<String>,
    /// Of a verification: `valid` or the reason why not.
    pub outcome: String,
}

/// What a sealed certificate is bound to.
pub(crate) fn purpose(id: Uuid, version: i64) -> String {
    format!("certificate/{id}/{version}")
}

/// What a sealed line of the ledger is bound to.
pub(crate) fn line_purpose(id: Uuid) -> String {
    format!("certificate-use/{id}")
}

impl App {
    /// A wallet's certificates in their latest versions: those that hold first, then by the day of issue. An organisation's
    /// is opened by whoever acts for it, as far as their tie covers what the certificates are for.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an agent of a human being, whose wallet is their own.
    pub async fn wallet(&self, holder: impl Into<Party>) -> Result<Vec<Held>, Error> {
        let holder = holder.into();
        let keys = self.wallet_keys(holder).await?;
        let mut held: Vec<Held> = Vec::new();
        for row in self.store.certificates(holder.person.0, MOST).await? {
            // The latest version comes first.
            if held.last().is_none_or(|before| before.id != row.id) && self.opens(&keys, &row.kind) {
                held.push(self.open_certificate(&row).await?);
            }
        }
        held.sort_by_key(|held| held.standing != Standing::Valid);
        Ok(held)
    }

    /// A certificate of a wallet, in its latest version.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs or not there: the two look alike.
    pub async fn my_certificate(&self, holder: impl Into<Party>, id: Uuid) -> Result<Held, Error> {
        let holder = holder.into();
        let keys = self.wallet_keys(holder).await?;
        let row = self.store.certificate(holder.person.0, id, None).await?.ok_or(Error::NotFound)?;
        if !self.opens(&keys, &row.kind) {
            return Err(Error::NotFound);
        }
        self.open_certificate(&row).await
    }

    /// What opens a wallet: nothing is asked of its holder; an agent of an organisation is asked what their tie covers.
    pub(crate) async fn wallet_keys(&self, holder: Party) -> Result<Option<Scope>, Error> {
        let Some(agent) = holder.agent else { return Ok(None) };
        if !self.profile(holder.person).await?.organisation {
            return Err(Error::NotFound);
        }
        self.standing(&agent).await?.map(Some).ok_or(Error::NotFound)
    }

    /// Whether certificates of a type are opened: those of a service that the tie covers.
    pub(crate) fn opens(&self, keys: &Option<Scope>, kind: &str) -> bool {
        let scope = match keys {
            None | Some(Scope::All) => return true,
            Some(scope) => scope,
        };
        let issues =
            |item: &&packs::ServiceItem| item.certificate.as_ref().is_some_and(|known| known.id == kind);
        self.catalogue.items.iter().filter(issues).any(|item| scope.covers(self.service(&item.code)))
    }

    /// The certificates that followed from a citizen's own case.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn certificates_of_case(&self, area: &str, case: Uuid) -> Result<Vec<Uuid>, Error> {
        let mut ids: Vec<Uuid> =
            self.store.certificates_of_case(area, case).await?.into_iter().map(|row| row.id).collect();
        ids.dedup();
        Ok(ids)
    }

    /// Who looked at a certificate of a wallet and what its issuer did with it, the latest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn ledger(
        &self,
        holder: impl Into<Party>,
        certificate: Uuid,
    ) -> Result<Vec<LedgerLine>, Error> {
        let holder = holder.into();
        self.my_certificate(holder, certificate).await?;
        let person = holder.person;
        let key = self.store.person_key(person.0).await?;
        let rows = self.store.certificate_uses(person.0, certificate, LINES).await?;
        let read = |row: store::CertificateUse| {
            let line: Line = serde_json::from_slice(&key.open(&line_purpose(row.id), &row.sealed)?)?;
            let Line { who, known, purpose, fields, outcome } = line;
            Ok(LedgerLine { at: from_micros(row.at), kind: row.kind, who, known, purpose, fields, outcome })
        };
        rows.into_iter().map(read).collect()
    }

    pub(crate) async fn open_certificate(&self, row: &store::Certificate) -> Result<Held, Error> {
        let key = self.store.person_key(row.person).await?;
        let plain = key.open(&purpose(row.id, row.version), &row.sealed)?;
        let Body { kind, certificate } = serde_json::from_slice(&plain)?;
        let today = self.catalogue.calendar.date_of(self.now());
        let standing = Standing::of(&row.status, &certificate, today);
        Ok(Held { id: row.id, area: row.area.clone(), kind, certificate, standing })
    }

    /// A line for the ledger of a certificate.
    pub(crate) async fn line(
        &self,
        person: Uuid,
        certificate: Uuid,
        id: Uuid,
        kind: &str,
        line: &Line,
    ) -> Result<store::CertificateUse, Error> {
        let key = self.store.person_key(person).await?;
        let sealed = key.seal(&line_purpose(id), &serde_json::to_vec(line)?)?;
        let at = domain::micros(self.now());
        Ok(store::CertificateUse { person, id, certificate, at, kind: kind.to_owned(), sealed })
    }
}
