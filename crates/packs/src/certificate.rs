//! Types of electronic certificate 电子证照类型, as a pack defines them: what a grant is written down as.

use domain::Text;
use serde::{Deserialize, Serialize};

/// A type of certificate. A case keeps the one its item named when it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateType {
    /// The pack's name of it, e.g. `residence-permit`.
    pub id: String,
    /// 证照类型代码, 21 characters: the credit code of the body that set the type, and three digits (GB/T 36904).
    pub code: String,
    /// What it is called.
    pub name: Text,
    /// Who issues it.
    pub issuer: CertificateIssuer,
    /// Months for which it holds, from the day of issue; none for one without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
    /// How far the record can be trusted.
    pub grade: CertificateGrade,
    /// What it says beside its holder, in the order of reading.
    pub fields: Vec<CertificateField>,
}

/// Who issues certificates of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateIssuer {
    /// The agency whose decision it follows from.
    DecidingAgency,
}

/// Trust grade 国办函〔2016〕108号.
///
/// In their order: the better one is the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CertificateGrade {
    /// Issued by the agency itself.
    A,
    /// A copy compared with the original at a window.
    B,
    /// Uploaded by the holder; the original is still to be seen.
    C,
    /// Declared by the holder.
    D,
}

/// One thing that a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateField {
    /// Its name in the certificate: a-z, 0-9 and _, and none that verifiers read.
    pub id: String,
    /// What people read before it.
    pub label: Text,
    /// Where its value comes from.
    pub from: FieldSource,
    /// Sensitive personal information 敏感个人信息: never shown but by the holder's own choice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldSource {
    /// The answer to this question of the item's form.
    Form(String),
    /// What whoever vouched for the applicant said.
    Applicant(Attribute),
    /// The number of the case.
    CaseNumber,
}

/// What is known of an applicant beside name and number, which every certificate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribute {
    /// Day of birth.
    Born,
    /// 男 or 女.
    Sex,
    /// The address in the profile.
    Address,
}

impl FieldSource {
    /// Reads `form.FIELD`, `applicant.born` and the like, `case.number`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.split_once('.')? {
            ("form", field) if !field.is_empty() => Some(Self::Form(field.to_owned())),
            ("applicant", "born") => Some(Self::Applicant(Attribute::Born)),
            ("applicant", "sex") => Some(Self::Applicant(Attribute::Sex)),
            ("applicant", "address") => Some(Self::Applicant(Attribute::Address)),
            ("case", "number") => Some(Self::CaseNumber),
            _ => None,
        }
    }
}
