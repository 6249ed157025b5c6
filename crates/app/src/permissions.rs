//! 授权用证: an agency asks for an applicant's certificate within a case, or the holder permits ahead. Nothing is seen
//! before the holder says yes; each look is in the ledger; it ends with the case, with its day, or when the holder ends it.

use casework::{Actor, Case, Officer, Rule};
use domain::{CaseId, Date, Text, Timestamp, from_micros, micros};
use packs::CertificateType;
use serde::{Deserialize, Serialize};
use store::{Error as StoreError, Permission, PermissionAnswer};
use uuid::Uuid;

use crate::certificates_held::MOST;
use crate::{App, CaseFile, Error, Held, Party, Standing};

/// Most days for which a holder permits.
pub const MAX_PERMITTED_DAYS: i64 = 366;
/// Permissions of one holder that are read, the latest.
const LISTED: i64 = 100;
/// How often the desks of one case may ask.
const MAX_ASKS: i64 = 20;
/// Characters kept of the words with which an officer asks.
const WORDS: usize = 200;

/// How an permission stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// The agency asks, and the holder has not answered.
    Asked,
    /// The agency may look.
    Stands,
    /// The holder said no.
    Refused,
    /// The holder ended it.
    Ended,
    /// Its day has passed, or its case has ended.
    Over,
}

impl Authority {
    /// Id of its text, `authority-<id>`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Stands => "stands",
            Self::Refused => "refused",
            Self::Ended => "ended",
            Self::Over => "over",
        }
    }
}

/// What an agency asked of a holder, or a holder permitted ahead.
#[derive(Debug, Clone)]
pub struct Permitted {
    /// Its id.
    pub id: Uuid,
    /// Id of the type of certificate.
    pub kind: String,
    /// What the type is called.
    pub name: Text,
    /// Code of the agency.
    pub agency: String,
    /// Code of the service.
    pub item: String,
    /// The case; none where it was given ahead of one.
    pub case: Option<CaseId>,
    /// How it stands.
    pub authority: Authority,
    /// When it was asked or given.
    pub asked: Timestamp,
    /// Until when it stands, once the holder said yes.
    pub until: Option<Timestamp>,
    /// Who asks; empty where nobody asked.
    pub officer: String,
    /// Why.
    pub words: String,
}

#[derive(Serialize, Deserialize)]
struct Words {
    officer: String,
    words: String,
}

fn purpose(id: Uuid) -> String {
    format!("permission/{id}")
}

impl App {
    /// An officer asks, within a case that is theirs to see and still open, for a certificate of the applicant's. Asked twice
    /// it is asked once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a case that is not theirs, [`Error::Refused`] for a type that no pack has, without words or when
    /// the case is closed, [`Error::Contention`] when it is asked already or too often.
    pub async fn ask_certificate(
        &self,
        officer: &Officer,
        area: &str,
        case: CaseId,
        kind: &str,
        words: &str,
    ) -> Result<(), Error> {
        let file = self.open_case(area, case, &Actor::Officer(officer.clone())).await?;
        self.certificate_type(kind).ok_or(Rule::FormInvalid)?;
        if !file.case.status.open() {
            return Err(Rule::AlreadyClosed.into());
        }
        let words: String = words.trim().chars().take(WORDS).collect();
        if words.is_empty() {
            return Err(Rule::ReasonsRequired.into());
        }
        let new =
            self.new_permission(&file.case, kind, Words { officer: officer.name.clone(), words }).await?;
        let message = self.case_message("certificate-asked", &file.case)?;
        self.store.add_permission(new, Some(message), MAX_ASKS).await.map_err(conflict)
    }

    async fn new_permission(&self, case: &Case, kind: &str, words: Words) -> Result<Permission, Error> {
        let id = self.new_id();
        let key = self.store.person_key(case.applicant.0).await?;
        Ok(Permission {
            person: case.applicant.0,
            id,
            kind: kind.to_owned(),
            agency: case.agency.clone(),
            area: case.area.as_str().to_owned(),
            item: case.item.clone(),
            case_id: Some(case.id.0),
            state: "asked".to_owned(),
            asked_at: micros(self.now()),
            until_at: None,
            answered_at: None,
            ended_at: None,
            sealed: key.seal(&purpose(id), &serde_json::to_vec(&words)?)?,
        })
    }

    /// Permits ahead: the agency of a service may look at certificates of one type for applications of the holder's.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a certificate that is not theirs or an item that is not there; [`Error::Refused`] for a day that
    /// is past or too far.
    pub async fn permit_ahead(
        &self,
        holder: impl Into<Party>,
        certificate: Uuid,
        item: &str,
        until: Date,
    ) -> Result<(), Error> {
        let holder = holder.into();
        let held = self.my_certificate(holder, certificate).await?;
        let item = self.catalogue.item(item).filter(|item| item.online()).ok_or(Error::NotFound)?;
        let until = self.until(until)?;
        let id = self.new_id();
        let now = micros(self.now());
        let words = Words { officer: String::new(), words: String::new() };
        let key = self.store.person_key(holder.person.0).await?;
        let new = Permission {
            person: holder.person.0,
            id,
            kind: held.kind.id.clone(),
            agency: item.agency.clone(),
            area: item.area.as_str().to_owned(),
            item: item.code.clone(),
            case_id: None,
            state: "stands".to_owned(),
            asked_at: now,
            until_at: Some(until),
            answered_at: Some(now),
            ended_at: None,
            sealed: key.seal(&purpose(id), &serde_json::to_vec(&words)?)?,
        };
        Ok(self.store.add_permission(new, None, MAX_ASKS).await?)
    }

    /// The end of a day on which an permission ends (µs).
    fn until(&self, day: Date) -> Result<i64, Error> {
        let calendar = &self.catalogue.calendar;
        let days = calendar.date_of(self.now()).until(day).map_or(-1, |span| i64::from(span.get_days()));
        if (0..=MAX_PERMITTED_DAYS).contains(&days) {
            Ok(micros(calendar.end_of(day)))
        } else {
            Err(Rule::FormInvalid.into())
        }
    }

    /// The holder says yes, until a day, or no.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs, [`Error::Contention`] when it does not wait for an answer any more,
    /// [`Error::Refused`] for a day that is past or too far.
    pub async fn answer_permission(
        &self,
        holder: impl Into<Party>,
        id: Uuid,
        until: Option<Date>,
    ) -> Result<(), Error> {
        let until_at = until.map(|day| self.until(day)).transpose()?;
        let to = if until_at.is_some() { "stands" } else { "refused" };
        self.say(holder.into(), id, ("asked", to), until_at).await
    }

    /// The holder ends what they permitted; nothing is seen from then on.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs, [`Error::Contention`] when it does not stand any more.
    pub async fn end_permission(&self, holder: impl Into<Party>, id: Uuid) -> Result<(), Error> {
        self.say(holder.into(), id, ("stands", "ended"), None).await
    }

    async fn say(
        &self,
        holder: Party,
        id: Uuid,
        (from, to): (&'static str, &'static str),
        until_at: Option<i64>,
    ) -> Result<(), Error> {
        // An agent answers for what their tie opens.
        let known = self.permissions(holder).await?.into_iter().any(|known| known.id == id);
        if !known {
            return Err(Error::NotFound);
        }
        let at = micros(self.now());
        let answer = PermissionAnswer { person: holder.person.0, id, from, to, until_at, at };
        match self.store.answer_permission(answer).await {
            // It is there, and was answered or ended meanwhile.
            Err(StoreError::NotFound) => Err(Error::Contention),
            done => Ok(done?),
        }
    }

    /// What was asked of a holder's certificates and what they permitted, the latest first.
    ///
    /// # Errors
    /// When the store cannot answer; [`Error::NotFound`] for an agent of a human being.
    pub async fn permissions(&self, holder: impl Into<Party>) -> Result<Vec<Permitted>, Error> {
        let holder = holder.into();
        let keys = self.wallet_keys(holder).await?;
        let mut all = Vec::new();
        for row in self.store.permissions(holder.person.0, LISTED).await? {
            if self.opens(&keys, &row.kind) {
                let open = self.case_open(&row).await?;
                all.push(self.read_permission(row, open).await?);
            }
        }
        Ok(all)
    }

    async fn case_open(&self, row: &Permission) -> Result<bool, Error> {
        let Some(case) = row.case_id else { return Ok(true) };
        let case = self.store.my_case(row.person, case).await?;
        Ok(case.is_some_and(|case| !case.status.starts_with("closed")))
    }

    async fn read_permission(&self, row: Permission, open: bool) -> Result<Permitted, Error> {
        let now = micros(self.now());
        let authority = match row.state.as_str() {
            "asked" if open => Authority::Asked,
            "stands" if open && row.until_at.is_some_and(|until| now < until) => Authority::Stands,
            "refused" => Authority::Refused,
            "ended" => Authority::Ended,
            _ => Authority::Over,
        };
        let key = self.store.person_key(row.person).await?;
        let Words { officer, words } = serde_json::from_slice(&key.open(&purpose(row.id), &row.sealed)?)?;
        let name = self.certificate_type(&row.kind).map(|kind| kind.name.clone());
        Ok(Permitted {
            id: row.id,
            name: name.unwrap_or_else(|| Text::zh(row.kind.as_str())),
            kind: row.kind,
            agency: row.agency,
            item: row.item,
            case: row.case_id.map(CaseId),
            authority,
            asked: from_micros(row.asked_at),
            until: row.until_at.map(from_micros),
            officer,
            words,
        })
    }

    /// What stands or was asked for a case that its desk has open: its own, and what the applicant gave ahead for its service.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn permissions_at(&self, file: &CaseFile) -> Result<Vec<Permitted>, Error> {
        let case = &file.case;
        let mut all = Vec::new();
        let rows = match self.store.permissions(case.applicant.0, LISTED).await {
            Err(StoreError::Erased) => Vec::new(),
            rows => rows?,
        };
        for row in rows {
            let ahead = row.case_id.is_none()
                && row.agency == case.agency
                && row.area == case.area.as_str()
                && row.item == case.item;
            if row.case_id == Some(case.id.0) || ahead {
                all.push(self.read_permission(row, case.status.open()).await?);
            }
        }
        // What was given ahead and stands no more says nothing to this case.
        all.retain(|one| one.case.is_some() || one.authority == Authority::Stands);
        Ok(all)
    }

    /// An officer looks at what a holder permitted for this case: the latest certificate of the type that holds. The
    /// ledger has it before they see it. Sensitive fields are not part of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing stands under this id for this case, or the holder has no such certificate.
    pub async fn look_permitted(
        &self,
        officer: &Officer,
        area: &str,
        case: CaseId,
        id: Uuid,
    ) -> Result<(CaseFile, Held), Error> {
        let file = self.open_case(area, case, &Actor::Officer(officer.clone())).await?;
        let all = self.permissions_at(&file).await?;
        let one = all.into_iter().find(|one| one.id == id && one.authority == Authority::Stands);
        let one = one.ok_or(Error::NotFound)?;
        let mut found = None;
        for row in self.store.certificates(file.case.applicant.0, MOST).await? {
            if row.kind == one.kind && found.is_none() {
                found =
                    Some(self.open_certificate(&row).await?).filter(|held| held.standing == Standing::Valid);
            }
        }
        let mut held = found.ok_or(Error::NotFound)?;
        let open: Vec<String> =
            held.kind.fields.iter().filter(|field| !field.sensitive).map(|field| field.id.clone()).collect();
        held.certificate.fields.retain(|name, _| open.contains(name));
        let seen = held.certificate.fields.keys().cloned().collect();
        self.look(officer, &file, held.id, seen, held.standing.id()).await?;
        let look = crate::Look { what: held.kind.name.zh.clone(), ..crate::Look::by_officer(officer) };
        let thing = held.id.to_string();
        let holder = file.case.applicant;
        self.note_read(holder, (officer.id.0, &thing), crate::Looked::Certificate, &look).await?;
        Ok((file, held))
    }

    /// The types of certificate that packs know.
    pub(crate) fn certificate_type(&self, id: &str) -> Option<&CertificateType> {
        self.catalogue.certificates.iter().find(|kind| kind.id == id)
    }
}

fn conflict(error: StoreError) -> Error {
    match error {
        StoreError::Conflict => Error::Contention,
        error => error.into(),
    }
}
