//! Certificates: sealed for their holder, their status in the area of their issuer, and the ledger of their use.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::drafts::Count;
use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A version of a certificate in its holder's wallet.
    pub struct Certificate {
        /// The holder.
        pub person: Uuid,
        /// The effect that issued it; all versions share it.
        pub id: Uuid,
        /// From 1.
        pub version: i64,
        /// The issuer's area.
        pub area: String,
        /// The pack's name of its type.
        pub kind: String,
        /// `valid`, `revoked` or `replaced`.
        pub status: String,
        /// When it ends (microseconds since 1970).
        pub valid_until: Option<i64>,
        /// Microseconds since 1970.
        pub issued_at: i64,
        /// The certificate, sealed with the holder's key.
        pub sealed: Vec<u8>,
    }
}

row! {
    /// What an issuer says of a version of a certificate.
    pub struct CertificateStatus {
        /// The issuer's area.
        pub area: String,
        /// The certificate.
        pub id: Uuid,
        /// The version.
        pub version: i64,
        /// The holder.
        pub person: Uuid,
        /// The issuing agency.
        pub agency: String,
        /// The case it followed from.
        pub case_id: Uuid,
        /// Its place in the area's status list; whatever it is when given to be stored, the next free one is taken.
        pub place: i64,
        /// `valid`, `revoked` or `replaced`.
        pub status: String,
        /// Microseconds since 1970.
        pub changed_at: i64,
    }
}

row! {
    /// One line of the ledger.
    pub struct CertificateUse {
        /// The holder.
        pub person: Uuid,
        /// The code that was used, or an id of its own.
        pub id: Uuid,
        /// The certificate.
        pub certificate: Uuid,
        /// Microseconds since 1970.
        pub at: i64,
        /// `verified`, `used`, `revoked`, `replaced` or `wallet`: put into a wallet elsewhere.
        pub kind: String,
        /// By whom, which fields and for what, sealed with the holder's key.
        pub sealed: Vec<u8>,
    }
}

row! {
    /// A place in a status list that does not say "valid".
    pub struct StatusPlace {
        /// From 0.
        pub place: i64,
        /// `revoked` or `replaced`.
        pub status: String,
    }
}

/// A certificate to store with its status. Version 1 is stored once, however often it is handed in, and takes the place
/// of what an earlier grant of the same case left; a later one takes the place of the valid version before it.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    /// The wallet's row.
    pub certificate: Certificate,
    /// The issuer's row.
    pub status: CertificateStatus,
    /// Why, for the holder's ledger; for later versions.
    pub entry: Option<CertificateUse>,
    /// For the ledgers of earlier certificates of the same case, whose place a first version takes; those of them that
    /// do not hold any more get none.
    pub replaces: Vec<CertificateUse>,
}

/// Taking a certificate back.
#[derive(Debug, Clone)]
pub struct Revocation {
    /// The issuer's area.
    pub area: String,
    /// The certificate.
    pub id: Uuid,
    /// The version.
    pub version: i64,
    /// By whom and why, for the holder's ledger.
    pub entry: CertificateUse,
}

statements! {
    NEXT_PLACE = "SELECT coalesce(max(place), -1) + 1 AS n FROM certificate_status WHERE area = $1";
    ADD_STATUS = "INSERT INTO certificate_status (area, id, version, person, agency, case_id, place, status, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (area, id, version) DO NOTHING";
    SET_STATUS = "UPDATE certificate_status SET status = $4, changed_at = $5 \
        WHERE area = $1 AND id = $2 AND version = $3 AND status = 'valid'";
    ADD_CERTIFICATE = "INSERT INTO certificates \
        (person, id, version, area, kind, status, valid_until, issued_at, sealed) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SET_CERTIFICATE = "UPDATE certificates SET status = $4 WHERE person = $1 AND id = $2 AND version = $3";
    ADD_USE = "INSERT INTO certificate_uses (person, id, certificate, at, kind, sealed) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, id) DO NOTHING";
    WALLET = "SELECT person, id, version, area, kind, status, valid_until, issued_at, sealed FROM certificates \
        WHERE person = $1 ORDER BY id DESC, version DESC LIMIT $2";
    CERTIFICATE = "SELECT person, id, version, area, kind, status, valid_until, issued_at, sealed FROM certificates \
        WHERE person = $1 AND id = $2 ORDER BY version DESC LIMIT 1";
    CERTIFICATE_VERSION = "SELECT person, id, version, area, kind, status, valid_until, issued_at, sealed \
        FROM certificates WHERE person = $1 AND id = $2 AND version = $3";
    CERTIFICATE_STATUS = "SELECT area, id, version, person, agency, case_id, place, status, changed_at \
        FROM certificate_status WHERE area = $1 AND id = $2 AND version = $3";
    CASE_CERTIFICATES = "SELECT area, id, version, person, agency, case_id, place, status, changed_at \
        FROM certificate_status WHERE area = $1 AND case_id = $2 ORDER BY id, version";
    STATUS_PLACES = "SELECT place, status FROM certificate_status \
        WHERE area = $1 AND place >= $2 AND place < $3 AND status <> 'valid' ORDER BY place";
    USES = "SELECT person, id, certificate, at, kind, sealed FROM certificate_uses \
        WHERE person = $1 AND certificate = $2 ORDER BY at DESC LIMIT $3";
}

impl CertificateUse {
    pub(crate) async fn add(&self, conn: &mut Conn) -> Result<u64, Error> {
        let Self { person, id, certificate, at, kind, sealed } = self;
        conn.run(ADD_USE, &args![*person, *id, *certificate, *at, kind, sealed]).await
    }
}

/// The other certificates that followed from the case of this one.
async fn of_case(conn: &mut Conn, new: &CertificateStatus) -> Result<Vec<CertificateStatus>, Error> {
    let mut all: Vec<CertificateStatus> = conn.all(CASE_CERTIFICATES, &args![&new.area, new.case_id]).await?;
    all.retain(|other| other.id != new.id);
    Ok(all)
}

pub(crate) async fn put(conn: &mut Conn, new: &NewCertificate) -> Result<Written, Error> {
    let CertificateStatus { area, id, version, person, agency, case_id, status, changed_at, .. } =
        &new.status;
    let place = conn.optional::<Count>(NEXT_PLACE, &args![area]).await?.map_or(0, |count| count.n);
    let row = args![area, *id, *version, *person, agency, *case_id, place, status, *changed_at];
    if *version > 1 {
        let before = version - 1;
        let replaced = args![area, *id, before, "replaced", *changed_at];
        if conn.run(SET_STATUS, &replaced).await? == 0 {
            return Ok(Written::Refused(Error::Conflict));
        }
        conn.run(SET_CERTIFICATE, &args![*person, *id, before, "replaced"]).await?;
    }
    let before = if *version > 1 { Vec::new() } else { of_case(conn, &new.status).await? };
    // A later grant of the case was faster.
    if before.iter().any(|other| other.id > *id) || conn.run(ADD_STATUS, &row).await? == 0 {
        // Or the effect was carried out before.
        return Ok(Written::Done);
    }
    for other in before.iter().filter(|other| other.status == "valid") {
        let version = other.version;
        conn.run(SET_STATUS, &args![area, other.id, version, "replaced", *changed_at]).await?;
        conn.run(SET_CERTIFICATE, &args![other.person, other.id, version, "replaced"]).await?;
        if let Some(entry) = new.replaces.iter().find(|entry| entry.certificate == other.id) {
            entry.add(conn).await?;
        }
    }
    let Certificate { kind, status, valid_until, issued_at, sealed, .. } = &new.certificate;
    let row = args![*person, *id, *version, area, kind, status, *valid_until, *issued_at, sealed];
    conn.run(ADD_CERTIFICATE, &row).await?;
    if let Some(entry) = &new.entry {
        entry.add(conn).await?;
    }
    Ok(Written::Done)
}

pub(crate) async fn revoke(conn: &mut Conn, revocation: &Revocation) -> Result<Written, Error> {
    let Revocation { area, id, version, entry } = revocation;
    if conn.run(SET_STATUS, &args![area, *id, *version, "revoked", entry.at]).await? == 0 {
        return Ok(Written::Refused(Error::Conflict));
    }
    conn.run(SET_CERTIFICATE, &args![entry.person, *id, *version, "revoked"]).await?;
    entry.add(conn).await?;
    Ok(Written::Done)
}

pub(crate) async fn used(conn: &mut Conn, entry: &CertificateUse) -> Result<Written, Error> {
    Ok(if entry.add(conn).await? == 0 { Written::Refused(Error::Conflict) } else { Written::Done })
}

impl Store {
    /// Stores a certificate and its status in one commit.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the version before does not hold any more, or another server took the same place:
    /// nothing is stored then.
    pub async fn put_certificate(&self, new: NewCertificate) -> Result<(), Error> {
        self.write(Write::PutCertificate(Box::new(new))).await.map(drop)
    }

    /// Takes a certificate back.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it does not hold any more.
    pub async fn revoke_certificate(&self, revocation: Revocation) -> Result<(), Error> {
        self.write(Write::RevokeCertificate(Box::new(revocation))).await.map(drop)
    }

    /// Notes a use.
    ///
    /// # Errors
    /// [`Error::Conflict`] when its id was used before.
    pub async fn use_certificate(&self, entry: CertificateUse) -> Result<(), Error> {
        self.write(Write::UseCertificate(entry)).await.map(drop)
    }

    /// A person's certificates, all versions, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn certificates(&self, person: Uuid, limit: i64) -> Result<Vec<Certificate>, Error> {
        self.db.all(WALLET, &args![person, limit.min(MAX_PAGE)]).await
    }

    /// A certificate of this person: the version named, else the latest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn certificate(
        &self,
        person: Uuid,
        id: Uuid,
        version: Option<i64>,
    ) -> Result<Option<Certificate>, Error> {
        match version {
            Some(version) => self.db.optional(CERTIFICATE_VERSION, &args![person, id, version]).await,
            None => self.db.optional(CERTIFICATE, &args![person, id]).await,
        }
    }

    /// What the issuer says of a version.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn certificate_status(
        &self,
        area: &str,
        id: Uuid,
        version: i64,
    ) -> Result<Option<CertificateStatus>, Error> {
        self.db.optional(CERTIFICATE_STATUS, &args![area, id, version]).await
    }

    /// The certificates that followed from a case, all versions.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn certificates_of_case(
        &self,
        area: &str,
        case: Uuid,
    ) -> Result<Vec<CertificateStatus>, Error> {
        self.db.all(CASE_CERTIFICATES, &args![area, case]).await
    }

    /// The place that an area's next certificate takes: as many as were issued there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_status_place(&self, area: &str) -> Result<i64, Error> {
        self.db.one::<Count>(NEXT_PLACE, &args![area]).await.map(|count| count.n)
    }

    /// The places from `from` up to and without `to` that do not say "valid".
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn status_places(&self, area: &str, from: i64, to: i64) -> Result<Vec<StatusPlace>, Error> {
        self.db.list(STATUS_PLACES, &args![area, from, to]).await
    }

    /// The ledger of a certificate, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn certificate_uses(
        &self,
        person: Uuid,
        certificate: Uuid,
        limit: i64,
    ) -> Result<Vec<CertificateUse>, Error> {
        self.db.all(USES, &args![person, certificate, limit.min(MAX_PAGE)]).await
    }
}
