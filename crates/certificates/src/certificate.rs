//! A certificate as data, and whether it holds on a given day.

use std::collections::BTreeMap;
use std::fmt;

use domain::{Date, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::CertificateId;
use crate::issue::{CannotIssue, RESERVED};
use crate::status_list::{StatusClaim, TokenStatus};

/// An electronic certificate 电子证照, GB/T 36903. What its fields are called in which language is said by the pack.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The identifier, with the version.
    pub id: CertificateId,
    /// The pack's name of the type, `disabled-person-card`.
    pub kind: String,
    /// Whose certificate it is.
    pub holder: Holder,
    /// The body that issued it.
    pub issuer: Issuer,
    /// What it says: name of the field to its value.
    pub fields: BTreeMap<String, String>,
    /// Day of issue.
    pub issued_on: Date,
    /// The first day on which it holds.
    pub valid_from: Date,
    /// The last day on which it holds, that day included; none for a certificate without an end.
    pub valid_until: Option<Date>,
    /// How far the record can be trusted.
    pub grade: Grade,
}

/// Whose certificate it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// What kind of number identifies the holder.
    pub kind: HolderKind,
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
}

/// Kinds of holder numbers 持证主体代码类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HolderKind {
    /// Citizen identity number.
    #[serde(rename = "111")]
    CitizenNumber,
    /// Unified social credit code.
    #[serde(rename = "001")]
    CreditCode,
}

/// The body that issued a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// Its 18-character code, as in the identifier.
    pub code: String,
    /// Its name.
    pub name: Text,
}

/// Trust grade of a stored certificate 国办函〔2016〕108号.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    /// Issued by the agency itself.
    A,
    /// A copy compared with the original at a window.
    B,
    /// Uploaded by the holder; the original is still to be seen.
    C,
    /// Declared by the holder.
    D,
}

/// What happened to a certificate after its issue. Expiry is no fact: it follows from the date.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// The day from which it is revoked.
    pub revoked_on: Option<Date>,
    /// The certificate that took its place.
    pub replaced_by: Option<CertificateId>,
    /// Whether it is suspended for the time being.
    pub suspended: bool,
}

/// Whether a certificate holds on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It holds.
    Valid,
    /// It does not hold before this day.
    NotYetValid(Date),
    /// It held until this day, that day included.
    Expired(Date),
    /// It is revoked from this day.
    Revoked(Date),
    /// Another certificate took its place.
    Replaced(CertificateId),
    /// It is suspended for the time being.
    Suspended,
}

impl Status {
    /// What the token status list says of it. Its days stand in the certificate itself.
    #[must_use]
    pub fn to_token_status(&self) -> TokenStatus {
        match self {
            Self::Valid | Self::NotYetValid(_) | Self::Expired(_) => TokenStatus::Valid,
            Self::Revoked(_) | Self::Replaced(_) => TokenStatus::Invalid,
            Self::Suspended => TokenStatus::Suspended,
        }
    }
}

/// How a certificate is named in an SD-JWT VC.
#[derive(Debug, Clone)]
pub struct Naming<'a> {
    /// `iss`: the issuer as verifiers know it, an HTTPS URL.
    pub issuer: &'a str,
    /// `vct`: the type as verifiers know it.
    pub vct: &'a str,
    /// Where its status is published.
    pub status: Option<StatusClaim>,
}

impl Certificate {
    /// Whether the certificate holds on `today`, after what happened to it.
    #[must_use]
    pub fn status(&self, facts: &Facts, today: Date) -> Status {
        match (facts.revoked_on, &facts.replaced_by) {
            (Some(day), _) if day <= today => return Status::Revoked(day),
            (_, Some(other)) => return Status::Replaced(other.clone()),
            _ => {}
        }
        if facts.suspended {
            return Status::Suspended;
        }
        if today < self.valid_from {
            return Status::NotYetValid(self.valid_from);
        }
        match self.valid_until {
            Some(last) if last < today => Status::Expired(last),
            _ => Status::Valid,
        }
    }

    /// The claims of its SD-JWT VC, and JSON pointers of those to hide: every field, the holder and the identifier
    /// (which would make one person's shows joinable). `nbf` and `exp` are the holder's days in China, UTC+8.
    ///
    /// # Errors
    /// [`CannotIssue::Reserved`] when a field has the name of a claim that verifiers read.
    pub fn claims(&self, naming: &Naming<'_>) -> Result<(Map<String, Value>, Vec<String>), CannotIssue> {
        const OURS: [&str; 3] = ["certificate_id", "grade", "issuing_body"];
        let mut claims = Map::new();
        let mut hide = vec!["/certificate_id".to_owned()];
        for (name, value) in &self.fields {
            if RESERVED.contains(&name.as_str()) || OURS.contains(&name.as_str()) || name == "holder" {
                return Err(CannotIssue::Reserved(name.clone()));
            }
            claims.insert(name.clone(), value.as_str().into());
            hide.push(pointer(name));
        }
        let holder = serde_json::json!({ "name": self.holder.name, "number": self.holder.number });
        claims.insert("holder".to_owned(), holder);
        hide.extend(["/holder/name".to_owned(), "/holder/number".to_owned()]);
        claims.insert("certificate_id".to_owned(), self.id.as_str().into());
        claims.insert("grade".to_owned(), format!("{:?}", self.grade).into());
        claims.insert("issuing_body".to_owned(), self.issuer.name.zh.as_str().into());
        claims.insert("iss".to_owned(), naming.issuer.into());
        claims.insert("vct".to_owned(), naming.vct.into());
        claims.insert("iat".to_owned(), china_midnight(self.issued_on).into());
        claims.insert("nbf".to_owned(), china_midnight(self.valid_from).into());
        if let Some(last) = self.valid_until {
            claims.insert("exp".to_owned(), (china_midnight(last) + 86_400).into());
        }
        if let Some(status) = &naming.status {
            claims.insert("status".to_owned(), status.to_claim());
        }
        Ok((claims, hide))
    }
}

/// The JSON pointer (RFC 6901) of a top-level name.
fn pointer(name: &str) -> String {
    format!("/{}", crate::unpack::escape(name))
}

/// Unix seconds at 0:00 in China on `day`.
fn china_midnight(day: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    let days = epoch.duration_until(day).as_hours() / 24;
    days * 86_400 - 8 * 3_600
}

// A log line that prints a certificate must not print a person.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Certificate");
        shown.field("kind", &self.kind).field("version", &self.id.version()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holder").field("kind", &self.kind).finish_non_exhaustive()
    }
}
