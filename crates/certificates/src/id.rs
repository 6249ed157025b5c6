//! The identifier of a certificate 电子证照标识.

use std::fmt;
use std::str::FromStr;

use domain::iso7064_mod37_36;
use serde::{Deserialize, Serialize};

/// The node under which certificates are identified.
const PREFIX: &str = "1.2.156.3005.2.";
const TYPE: usize = 21;
const ISSUER: usize = 18;
const VERSION: usize = 3;
/// Ours, not the standard's: longer than any serial seen.
const LONGEST_SERIAL: usize = 32;

/// `1.2.156.3005.2.<type 21>.<issuer 18>.<serial>.<version 3>.<check>`, GB/T 36904.
///
/// The type is the code of the body that set it and three digits, the check character ISO 7064 MOD 37,36 over type,
/// issuer, serial and version without their dots.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CertificateId(String);

/// Why a text is no certificate identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificateId {
    /// It does not begin with the node of certificates.
    #[error("a certificate identifier begins with {PREFIX}")]
    Prefix,
    /// Not five parts after the node.
    #[error("after {PREFIX} come five parts: type, issuer, serial, version and check character")]
    Parts,
    /// The type is not 21 characters.
    #[error("the type of a certificate has {TYPE} characters")]
    TypeLength,
    /// The type does not end in three digits.
    #[error("the type of a certificate ends in three digits")]
    TypeDigits,
    /// The issuer is not 18 characters.
    #[error("the code of the issuer has {ISSUER} characters")]
    IssuerLength,
    /// The serial is empty or too long.
    #[error("the serial has 1 to {LONGEST_SERIAL} characters")]
    SerialLength,
    /// The version is not three digits.
    #[error("the version has three digits")]
    Version,
    /// The check is not one character.
    #[error("the check is one character")]
    CheckLength,
    /// A character that is neither a digit nor a capital letter.
    #[error("only digits and capital letters are used")]
    Character,
    /// The check character does not fit.
    #[error("the check character does not fit the others: one of them is wrong")]
    Check,
    /// The highest version was reached.
    #[error("there is no version after 999")]
    LastVersion,
}

impl CertificateId {
    /// Makes the identifier of a certificate: type (21), issuer (18), serial and version; adds the check character.
    ///
    /// # Errors
    /// The first part that is wrong.
    pub fn new(kind: &str, issuer: &str, serial: &str, version: u16) -> Result<Self, BadCertificateId> {
        if version > 999 {
            return Err(BadCertificateId::Version);
        }
        let version = format!("{version:03}");
        let check = check_character(kind, issuer, serial, &version)?;
        Ok(Self(format!("{PREFIX}{kind}.{issuer}.{serial}.{version}.{check}")))
    }

    /// The identifier of the certificate that replaces this one: the same but for version and check character.
    ///
    /// # Errors
    /// [`BadCertificateId::LastVersion`] after version 999.
    pub fn next_version(&self) -> Result<Self, BadCertificateId> {
        match self.version() {
            999.. => Err(BadCertificateId::LastVersion),
            version => Self::new(self.kind(), self.issuer(), self.serial(), version + 1),
        }
    }

    /// Type code 证照类型代码, 21 characters.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.part(0)
    }

    /// Code of the issuing body 颁发机构代码, 18 characters.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.part(1)
    }

    /// Serial 流水号.
    #[must_use]
    pub fn serial(&self) -> &str {
        self.part(2)
    }

    /// Version 版本, 0 to 999.
    #[must_use]
    pub fn version(&self) -> u16 {
        self.part(3).parse().unwrap_or_default()
    }

    /// The whole identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, which: usize) -> &str {
        self.0[PREFIX.len()..].split('.').nth(which).unwrap_or_default()
    }
}

/// The check character of the four parts, each judged first.
fn check_character(kind: &str, issuer: &str, serial: &str, version: &str) -> Result<char, BadCertificateId> {
    let body = [kind, issuer, serial, version].concat();
    if !body.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return Err(BadCertificateId::Character);
    }
    if kind.len() != TYPE {
        return Err(BadCertificateId::TypeLength);
    }
    if !kind[TYPE - 3..].bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadCertificateId::TypeDigits);
    }
    if issuer.len() != ISSUER {
        return Err(BadCertificateId::IssuerLength);
    }
    if serial.is_empty() || serial.len() > LONGEST_SERIAL {
        return Err(BadCertificateId::SerialLength);
    }
    if version.len() != VERSION || !version.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadCertificateId::Version);
    }
    iso7064_mod37_36(&body).ok_or(BadCertificateId::Character)
}

impl FromStr for CertificateId {
    type Err = BadCertificateId;

    fn from_str(text: &str) -> Result<Self, BadCertificateId> {
        let rest = text.strip_prefix(PREFIX).ok_or(BadCertificateId::Prefix)?;
        let parts: Vec<&str> = rest.splitn(6, '.').collect();
        let [kind, issuer, serial, version, check] = parts[..] else {
            return Err(BadCertificateId::Parts);
        };
        let expected = check_character(kind, issuer, serial, version)?;
        let mut check = check.chars();
        match (check.next(), check.next()) {
            (Some(last), None) if last == expected => Ok(Self(text.to_owned())),
            (Some(last), None) if last.is_ascii_digit() || last.is_ascii_uppercase() => {
                Err(BadCertificateId::Check)
            }
            (Some(_), None) => Err(BadCertificateId::Character),
            _ => Err(BadCertificateId::CheckLength),
        }
    }
}

impl TryFrom<String> for CertificateId {
    type Error = BadCertificateId;

    fn try_from(text: String) -> Result<Self, BadCertificateId> {
        text.parse()
    }
}

impl From<CertificateId> for String {
    fn from(id: CertificateId) -> Self {
        id.0
    }
}

impl fmt::Display for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
