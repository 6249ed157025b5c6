//! A grant written down as a certificate: the effect `issue-certificate`.

use std::collections::BTreeMap;

use casework::{Actor, Case, Definition};
use certificates::{Certificate, CertificateId, Grade, Holder, HolderKind, Issuer};
use domain::{AreaCode, CaseId, Date, PersonId, Text, from_micros, micros};
use jiff::{Span, ToSpan as _};
use packs::{Attribute, CertificateGrade, CertificateType, FieldKind, FieldSource};
use store::{CertificateStatus, Error as StoreError, NewCertificate, OutboxRow};
use uuid::Uuid;

use crate::certificate_serial::serial;
use crate::certificates_held::{Body, Line, VALID, purpose};
use crate::{App, CaseFile, Error, Profile};

impl App {
    /// Issues what a grant leaves behind. The effect's id is the certificate's: carried out twice, it is there once.
    /// `at`: the instant of the grant's issue (µs), so that the days in it do not depend on when the effect succeeds.
    pub(crate) async fn issue_certificate(&self, row: &OutboxRow, at: i64) -> Result<(), Error> {
        let file = self.open_case(&row.area, CaseId(row.case_id), &Actor::System).await?;
        let Some(kind) = &file.definition.item.certificate else { return Ok(()) };
        let profile = match self.profile(file.case.applicant).await {
            // The holder was erased: there is nobody to issue it to.
            Err(Error::Store(StoreError::Erased)) => return Ok(()),
            profile => profile?,
        };
        let day = self.catalogue.calendar.date_of(from_micros(at));
        let certificate = self.certificate(&file, kind, &profile, row.id, day)?;
        let body = Body { kind: kind.clone(), certificate };
        let replaces = self.replaced(&file.case, row.id, &body).await?;
        self.put(&Issuance::of(&file.case), row.id, body, None, replaces).await
    }

    /// A case that is granted again leaves one certificate that holds: lines for the ledgers of those before.
    async fn replaced(
        &self,
        case: &Case,
        id: Uuid,
        body: &Body,
    ) -> Result<Vec<store::CertificateUse>, Error> {
        let mut entries = Vec::new();
        for other in self.store.certificates_of_case(case.area.as_str(), case.id.0).await? {
            if other.id == id || other.status != VALID {
                continue;
            }
            let line = Line {
                who: body.certificate.issuer.name.zh.clone(),
                known: true,
                purpose: case.number.as_str().to_owned(),
                fields: Vec::new(),
                outcome: "replaced".to_owned(),
            };
            entries.push(self.line(other.person, other.id, self.new_id(), "replaced", &line).await?);
        }
        Ok(entries)
    }

    fn certificate(
        &self,
        file: &CaseFile,
        kind: &CertificateType,
        profile: &Profile,
        id: Uuid,
        day: Date,
    ) -> Result<Certificate, Error> {
        let CaseFile { case, definition, .. } = file;
        let number = CertificateId::new(&kind.code, &case.agency, &serial(&case.area, id), 1)
            .map_err(|error| Error::Certificate(error.to_string()))?;
        let name = self.catalogue.agency(&case.agency).map(|agency| agency.name.clone());
        Ok(Certificate {
            id: number,
            kind: kind.id.clone(),
            holder: holder(profile),
            issuer: Issuer {
                code: case.agency.clone(),
                name: name.unwrap_or_else(|| Text::zh(case.agency.as_str())),
            },
            fields: fields(definition, case, kind, profile),
            issued_on: day,
            valid_from: day,
            valid_until: last_day(kind, day)?,
            grade: trust(kind.grade),
        })
    }

    /// Seals and stores a version.
    pub(crate) async fn put(
        &self,
        from: &Issuance,
        id: Uuid,
        body: Body,
        entry: Option<store::CertificateUse>,
        replaces: Vec<store::CertificateUse>,
    ) -> Result<(), Error> {
        let version = i64::from(body.certificate.id.version());
        let key = self.store.person_key(from.person.0).await?;
        let sealed = key.seal(&purpose(id, version), &serde_json::to_vec(&body)?)?;
        let calendar = &self.catalogue.calendar;
        let certificate = &body.certificate;
        let issued_at = micros(calendar.start_of(certificate.issued_on));
        let area = from.area.as_str().to_owned();
        let new = NewCertificate {
            certificate: store::Certificate {
                person: from.person.0,
                id,
                version,
                area: area.clone(),
                kind: certificate.kind.clone(),
                status: VALID.to_owned(),
                valid_until: certificate.valid_until.map(|last| micros(calendar.end_of(last))),
                issued_at,
                sealed,
            },
            status: CertificateStatus {
                area,
                id,
                version,
                person: from.person.0,
                agency: from.agency.clone(),
                case_id: from.case,
                place: 0,
                status: VALID.to_owned(),
                changed_at: micros(self.now()),
            },
            entry,
            replaces,
        };
        Ok(self.store.put_certificate(new).await?)
    }
}

/// What a certificate is issued from: whose it is, where its status stands, and who issues it.
pub(crate) struct Issuance {
    pub(crate) person: PersonId,
    pub(crate) area: AreaCode,
    /// The case; the certificate's own id where it followed from none.
    pub(crate) case: Uuid,
    pub(crate) agency: String,
}

impl Issuance {
    fn of(case: &Case) -> Self {
        Self { person: case.applicant, area: case.area.clone(), case: case.id.0, agency: case.agency.clone() }
    }
}

/// The grade as certificates have it.
pub(crate) fn trust(grade: CertificateGrade) -> Grade {
    match grade {
        CertificateGrade::A => Grade::A,
        CertificateGrade::B => Grade::B,
        CertificateGrade::C => Grade::C,
        CertificateGrade::D => Grade::D,
    }
}

/// The holder as whoever vouched for them named them.
pub(crate) fn holder(profile: &Profile) -> Holder {
    Holder {
        kind: if profile.organisation { HolderKind::CreditCode } else { HolderKind::CitizenNumber },
        number: profile.number.clone(),
        name: profile.name.clone(),
    }
}

/// The last day on which it holds: of a year from 1 March on, the last day of February.
pub(crate) fn last_day(kind: &CertificateType, day: Date) -> Result<Option<Date>, Error> {
    let Some(months) = kind.months else { return Ok(None) };
    let end = day.checked_add(Span::new().months(i32::from(months))).and_then(|end| end.checked_sub(1.day()));
    end.map(Some).map_err(|_| Error::Certificate("the last day lies beyond the calendar".to_owned()))
}

/// What the certificate says; what was not answered is left out.
fn fields(
    definition: &Definition,
    case: &Case,
    kind: &CertificateType,
    profile: &Profile,
) -> BTreeMap<String, String> {
    let known = profile.known();
    let value = |from: &FieldSource| match from {
        FieldSource::Form(name) => answer(definition, case, name),
        FieldSource::CaseNumber => Some(case.number.as_str().to_owned()),
        FieldSource::Applicant(Attribute::Born) => known.born.map(|day| day.to_string()),
        FieldSource::Applicant(Attribute::Sex) => {
            known.sex.as_deref().map(|sex| if sex == "female" { "女" } else { "男" }.to_owned())
        }
        FieldSource::Applicant(Attribute::Address) => profile.address.clone(),
    };
    let said = kind.fields.iter().filter_map(|field| Some((field.id.clone(), value(&field.from)?)));
    said.filter(|(_, value)| !value.is_empty()).collect()
}

/// An answer as people read it: of a choice its title, not its code.
fn answer(definition: &Definition, case: &Case, name: &str) -> Option<String> {
    let given = case.answers.get(name)?;
    let field = definition.item.form.pages.iter().flat_map(|page| &page.fields).find(|f| f.name == name)?;
    let (FieldKind::Choice { options } | FieldKind::Choices { options }) = &field.kind else {
        return Some(given.clone());
    };
    let title = |value: &str| {
        let option = options.iter().find(|option| option.value == value);
        option.map_or(value, |option| option.title.zh.as_str()).to_owned()
    };
    Some(given.split('|').map(title).collect::<Vec<_>>().join("、"))
}
