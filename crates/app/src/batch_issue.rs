//! An authority brings its stock: certificates issued from a list, each row once however often it is handed in.

use std::collections::BTreeMap;

use certificates::{Certificate, CertificateId, Holder, HolderKind, Issuer};
use domain::{AreaCode, CitizenNumber, Date, PersonId, Text, micros};
use futures_util::StreamExt as _;
use identity::{Claims, RealNameLevel, is_synthetic};
use packs::CertificateType;
use uuid::Uuid;

use crate::certificate_serial::serial;
use crate::certificates_held::Body;
use crate::issue_certificate::{Issuance, last_day, trust};
use crate::{App, Error};

/// Rows that are on their way at once: they share the store's commits.
const AT_ONCE: usize = 32;
/// Longest name and longest value, in characters.
const MAX_NAME: usize = 40;
const MAX_VALUE: usize = 300;
/// Who vouches for holders that were not known: the authority whose stock it is.
const AUTHORITY: &str = "authority";

/// What a batch is of.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its name: with the number of a row it makes the certificate's identity.
    pub name: String,
    /// Id of the type.
    pub kind: String,
    /// The issuing agency's area.
    pub area: AreaCode,
    /// The issuing agency's code.
    pub agency: String,
}

/// One row of a batch.
#[derive(Debug, Clone, Default)]
pub struct BatchRow {
    /// The line it stood in.
    pub line: u64,
    /// 公民身份号码 of the holder.
    pub number: String,
    /// Name of the holder.
    pub name: String,
    /// The day of issue, `2026-11-23`.
    pub issued: String,
    /// Fields of the certificate, by name; empty ones are left out.
    pub fields: BTreeMap<String, String>,
}

/// What became of a row.
#[derive(Debug)]
pub enum Row {
    /// Issued now.
    Issued,
    /// It had been issued before.
    There,
    /// It was not issued.
    Refused(RowFault),
}

/// Why a row was not issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// The number's check digit is wrong, or it is none.
    #[error("the number is no citizen number")]
    Number,
    /// In a demonstration nobody types a real number.
    #[error("a demonstration takes synthetic numbers only")]
    Synthetic,
    /// There is no name, or it is too long.
    #[error("the name is missing or too long")]
    Name,
    /// The holder is known here under another name.
    #[error("the holder is known under another name")]
    OtherName,
    /// The holder is known by their own word alone: anybody may have declared that number.
    #[error("the holder is known by their own word alone; they prove who they are first")]
    NotProved,
    /// The holder's data were erased.
    #[error("the holder's data were erased")]
    Erased,
    /// The day of issue is no day, or lies ahead.
    #[error("the day of issue is no day, or lies ahead")]
    Issued,
    /// A column is no field of the type, or a value is too long.
    #[error("a column is no field of the type, or a value is too long")]
    Field,
}

impl App {
    /// Issues a batch, and tells what became of each row as it does: certificates of people who are not known here wait in
    /// a wallet of their own, sealed, which opens when they first sign in with a proved number.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a type or an agency of that area that packs do not have; otherwise the first failure of the
    /// store, after which the batch is handed in again.
    pub async fn issue_batch(
        &self,
        batch: &Batch,
        rows: Vec<BatchRow>,
        told: &mut (dyn FnMut(u64, Row) + Send),
    ) -> Result<(), Error> {
        let kind = self.certificate_type(&batch.kind).ok_or(Error::NotFound)?;
        let agency = self.catalogue.agency(&batch.agency).filter(|agency| agency.area == batch.area);
        let name = agency.map(|agency| agency.name.clone()).ok_or(Error::NotFound)?;
        let issuing = rows.into_iter().map(|row| {
            let name = name.clone();
            async move { (row.line, self.issue_row(batch, kind, name, &row).await) }
        });
        let mut issuing = futures_util::stream::iter(issuing).buffer_unordered(AT_ONCE);
        while let Some((line, row)) = issuing.next().await {
            told(line, row?);
        }
        Ok(())
    }

    async fn issue_row(
        &self,
        batch: &Batch,
        kind: &CertificateType,
        issuer: Text,
        row: &BatchRow,
    ) -> Result<Row, Error> {
        let (number, day) = match self.judged(kind, row) {
            Ok(judged) => judged,
            Err(fault) => return Ok(Row::Refused(fault)),
        };
        let id = self.row_id(batch, row.line, day);
        if self.store.certificate_status(batch.area.as_str(), id, 1).await?.is_some() {
            return Ok(Row::There);
        }
        let person = match self.holder_of(&number, row.name.trim()).await? {
            Ok(person) => person,
            Err(fault) => return Ok(Row::Refused(fault)),
        };
        let identifier = CertificateId::new(&kind.code, &batch.agency, &serial(&batch.area, id), 1);
        let certificate = Certificate {
            id: identifier.map_err(|error| Error::Certificate(error.to_string()))?,
            kind: kind.id.clone(),
            holder: Holder {
                kind: HolderKind::CitizenNumber,
                number: number.reveal().to_owned(),
                name: row.name.trim().to_owned(),
            },
            issuer: Issuer { code: batch.agency.clone(), name: issuer },
            fields: row.fields.iter().filter(|(_, value)| !value.is_empty()).map(owned).collect(),
            issued_on: day,
            valid_from: day,
            valid_until: last_day(kind, day)?,
            grade: trust(kind.grade),
        };
        // It followed from no case: its own id stands in the case's place.
        let issuance = Issuance { person, area: batch.area.clone(), case: id, agency: batch.agency.clone() };
        self.put(&issuance, id, Body { kind: kind.clone(), certificate }, None, Vec::new()).await?;
        Ok(Row::Issued)
    }

    fn judged(&self, kind: &CertificateType, row: &BatchRow) -> Result<(CitizenNumber, Date), RowFault> {
        let number: CitizenNumber = row.number.trim().parse().map_err(|_| RowFault::Number)?;
        if self.demo() && !is_synthetic(&number) {
            return Err(RowFault::Synthetic);
        }
        if !(1..=MAX_NAME).contains(&row.name.trim().chars().count()) {
            return Err(RowFault::Name);
        }
        let day: Date = row.issued.trim().parse().map_err(|_| RowFault::Issued)?;
        if day > self.catalogue.calendar.date_of(self.now()) || day.year() < 1970 {
            return Err(RowFault::Issued);
        }
        let known = |name: &String| kind.fields.iter().any(|field| field.id == *name);
        let fits = |(name, value): (&String, &String)| known(name) && value.chars().count() <= MAX_VALUE;
        if row.fields.iter().all(fits) { Ok((number, day)) } else { Err(RowFault::Field) }
    }

    /// The holder, made where they are not known: the authority vouches for name and number (level 3).
    async fn holder_of(
        &self,
        number: &CitizenNumber,
        name: &str,
    ) -> Result<Result<PersonId, RowFault>, Error> {
        let lookup = self.store.lookup("citizen-number", number.reveal());
        let Some(person) = self.store.find_person(lookup).await? else {
            let claims = Claims {
                provider: AUTHORITY.to_owned(),
                name: name.to_owned(),
                number: number.clone(),
                mobile: None,
                address: None,
                level: RealNameLevel::Matched,
            };
            return Ok(Ok(self.known_or_new(&claims).await?));
        };
        let person = PersonId(person);
        Ok(match self.profile(person).await {
            Err(Error::Store(store::Error::Erased)) => Err(RowFault::Erased),
            Err(error) => return Err(error),
            Ok(profile) if profile.level < RealNameLevel::Matched => Err(RowFault::NotProved),
            Ok(profile) if profile.name != name => Err(RowFault::OtherName),
            Ok(_) => Ok(person),
        })
    }

    /// The same row of the same batch is the same certificate: an id of version 7, of its day and of chance that follows
    /// from the batch's name and the line.
    fn row_id(&self, batch: &Batch, line: u64, day: Date) -> Uuid {
        let Batch { name, kind, area, agency } = batch;
        let secret = self.store.secret(&format!("batch/{}/{name}/{kind}/{area}/{agency}/{line}", name.len()));
        let mut bytes = [0; 10];
        bytes.copy_from_slice(&secret[..10]);
        let millis = micros(self.catalogue.calendar.start_of(day)) / 1_000;
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or_default(), &bytes)
            .into_uuid()
    }
}

fn owned((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.trim().to_owned())
}
