//! What an issuing agency does with a certificate later: take it back, or replace it by the next version.

use casework::{Actor, Case, Officer, Rule};
use certificates::Certificate;
use domain::{CaseId, PersonId, micros};
use packs::Role;
use store::{CertificateStatus, Error as StoreError, Message, Revocation};
use uuid::Uuid;

use crate::certificates_held::{Body, Held, Line, Standing};
use crate::issue_certificate::{Issuance, holder};
use crate::mapping::Effect;
use crate::{App, Error};

/// What is to be done with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerWish {
    /// Take it back.
    Revoke,
    /// Issue it anew under the next version, with the holder's name and number as they are known now.
    Replace,
}

impl IssuerWish {
    /// Kind of the ledger's line.
    fn id(self) -> &'static str {
        match self {
            Self::Revoke => "revoked",
            Self::Replace => "replaced",
        }
    }
}

/// A certificate at the desk of its issuer.
#[derive(Clone)]
pub struct DeskCertificate {
    /// It, in its latest version.
    pub held: Held,
    /// The case that it followed from.
    pub case: CaseId,
    /// Whether this officer may take it back or replace it.
    pub may_change: bool,
    status: CertificateStatus,
}

impl DeskCertificate {
    /// Whether it came with a batch, and followed from no case.
    #[must_use]
    pub fn of_a_batch(&self) -> bool {
        self.case.0 == self.held.id
    }
}

impl App {
    /// A certificate for an officer of the agency and area that issued it, who may see the case that it followed from.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else, as when it is not there.
    pub async fn desk_certificate(
        &self,
        officer: &Officer,
        area: &str,
        id: Uuid,
    ) -> Result<DeskCertificate, Error> {
        let first = self.store.certificate_status(area, id, 1).await?.ok_or(Error::NotFound)?;
        if officer.area.as_str() != area || officer.agency != first.agency {
            return Err(Error::NotFound);
        }
        // What holds of the case holds of what it gave: nobody handles their own, nor that of whom a tie binds them to.
        let actor = Actor::Officer(officer.clone());
        if first.case_id == id {
            // It came with a batch, from no case.
            if self.reach(&actor).await?.is_near(PersonId(first.person)) {
                return Err(Error::NotFound);
            }
        } else {
            self.open_case(area, CaseId(first.case_id), &actor).await?;
        }
        let row = self.store.certificate(first.person, id, None).await?.ok_or(Error::NotFound)?;
        let status = self.store.certificate_status(area, id, row.version).await?.ok_or(Error::NotFound)?;
        let held = self.open_certificate(&row).await?;
        let stands = !matches!(held.standing, Standing::Revoked | Standing::Replaced);
        let look = crate::Look::by_officer(officer);
        let look = crate::Look { what: held.kind.name.zh.clone(), ..look };
        let person = PersonId(first.person);
        self.note_read(person, (officer.id.0, &id.to_string()), crate::Looked::Certificate, &look).await?;
        let may_change = stands && officer.roles.contains(&Role::DECIDE);
        Ok(DeskCertificate { held, case: CaseId(status.case_id), may_change, status })
    }

    /// Takes a certificate back or replaces it, for a reason that its holder reads. `version`: the one that was looked at,
    /// so that the same form sent twice does it once.
    ///
    /// # Errors
    /// [`Error::NotFound`] as for [`App::desk_certificate`], [`Error::Forbidden`] for officers who do not decide,
    /// [`Error::Refused`] without a reason, [`Error::Contention`] when that version does not hold any more.
    pub async fn change_certificate(
        &self,
        officer: &Officer,
        area: &str,
        (id, version): (Uuid, u16),
        wish: IssuerWish,
        reason: &str,
    ) -> Result<(), Error> {
        let found = self.desk_certificate(officer, area, id).await?;
        if !officer.roles.contains(&Role::DECIDE) {
            return Err(Error::Forbidden);
        }
        if reason.trim().is_empty() {
            return Err(Rule::ReasonsRequired.into());
        }
        if !found.may_change || found.held.certificate.id.version() != version {
            return Err(Error::Contention);
        }
        let agency = self.catalogue.agency(&officer.agency);
        let agency = agency.map_or(officer.agency.as_str(), |agency| agency.name.zh.as_str());
        let line = Line {
            who: format!("{agency} {}", officer.name),
            known: true,
            purpose: reason.trim().to_owned(),
            fields: Vec::new(),
            outcome: wish.id().to_owned(),
        };
        let person = found.status.person;
        let entry = self.line(person, id, self.new_id(), wish.id(), &line).await?;
        let done = match wish {
            IssuerWish::Revoke => {
                let version = found.status.version;
                let revocation = Revocation { area: area.to_owned(), id, version, entry };
                self.store.revoke_certificate(revocation).await.map_err(Error::from)
            }
            IssuerWish::Replace => self.replace(&found, entry).await,
        };
        match done {
            Err(Error::Store(StoreError::Conflict)) => return Err(Error::Contention),
            done => done?,
        }
        self.tell_holder(&found, area, wish).await
    }

    async fn replace(&self, found: &DeskCertificate, entry: store::CertificateUse) -> Result<(), Error> {
        let person = PersonId(found.status.person);
        let profile = self.profile(person).await?;
        let old = &found.held.certificate;
        let number = old.id.next_version().map_err(|error| Error::Certificate(error.to_string()))?;
        let today = self.catalogue.calendar.date_of(self.now());
        let certificate =
            Certificate { id: number, holder: holder(&profile), issued_on: today, ..old.clone() };
        let body = Body { kind: found.held.kind.clone(), certificate };
        let from = Issuance {
            person,
            area: found.status.area.parse().map_err(|_| Error::NotFound)?,
            case: found.status.case_id,
            agency: found.status.agency.clone(),
        };
        self.put(&from, found.held.id, body, Some(entry), Vec::new()).await
    }

    /// The reason itself stands in the ledger, sealed; the message leads there.
    async fn tell_holder(&self, found: &DeskCertificate, area: &str, wish: IssuerWish) -> Result<(), Error> {
        let event = format!("certificate-{}", wish.id());
        let message = if found.of_a_batch() {
            let number = found.held.certificate.id.as_str();
            self.note_to(found.status.person, &event, number, &found.held.kind.name.zh, None)?
        } else {
            let file = self.open_case(area, found.case, &Actor::System).await?;
            self.case_message(&event, &file.case)?
        };
        Ok(self.store.add_message(message).await?)
    }

    fn note_to(
        &self,
        person: Uuid,
        event: &str,
        number: &str,
        item: &str,
        case: Option<(&str, Uuid)>,
    ) -> Result<Message, Error> {
        let now = micros(self.now());
        let effect = Effect {
            event: event.to_owned(),
            at: now,
            number: number.to_owned(),
            item: item.to_owned(),
            part: None,
            who: None,
        };
        Ok(Message {
            person,
            id: self.new_id(),
            at: now,
            kind: event.to_owned(),
            data: serde_json::to_string(&effect)?,
            sealed: None,
            case_area: case.map(|(area, _)| area.to_owned()),
            case_id: case.map(|(_, case)| case),
            read_at: None,
        })
    }

    /// A message to the applicant of a case that follows from none of its events.
    pub(crate) fn case_message(&self, event: &str, case: &Case) -> Result<Message, Error> {
        let at = Some((case.area.as_str(), case.id.0));
        self.note_to(case.applicant.0, event, case.number.as_str(), &case.item, at)
    }
}
