//! The number a case is known by 办件编号.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Serial characters: no I, O, U, L, so that a number can be read out on the telephone.
const SERIAL: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SERIAL_LEN: usize = 8;

/// Area (6) + date (8) + serial (8) + check (1), e.g. `440000-20261123-7K3F9Q2M-C`.
///
/// GB/T 39046 asks only for a unique text of at most 50 characters. The serial is 40 random bits, not
/// a counter: it needs no shared sequence on a distributed database and tells nobody how many cases
/// there are. The check character is ISO 7064 MOD 37,36, as in certificate identifiers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

/// The string is not a case number; usually a typing mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a case number is area, date, serial and check character, 440000-20261123-7K3F9Q2M-C")]
pub struct BadCaseNumber;

impl CaseNumber {
    /// Makes a number from the handling area, the day of receipt and 40 random bits.
    #[must_use]
    pub fn new(area: &AreaCode, day: jiff::civil::Date, random: u64) -> Self {
        let serial: String =
            (0..SERIAL_LEN).map(|i| SERIAL[(random >> (5 * i) & 31) as usize] as char).collect();
        let body = format!("{}{:04}{:02}{:02}{serial}", area.six(), day.year(), day.month(), day.day());
        let check = iso7064_mod37_36(&body).unwrap_or('0');
        Self(format!("{}-{}-{}-{check}", &body[..6], &body[6..14], &body[14..]))
    }

    /// The number as text, with its dashes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The handling area, under which the case is stored.
    #[must_use]
    pub fn area(&self) -> &str {
        &self.0[..6]
    }
}

/// ISO 7064 MOD 37,36 check character over digits and capital letters.
///
/// `None` when a character is outside 0-9A-Z.
#[must_use]
pub fn iso7064_mod37_36(body: &str) -> Option<char> {
    let mut product = 36usize;
    for byte in body.bytes() {
        let value = ALPHABET.iter().position(|&a| a == byte)?;
        let sum = (product + value) % 36;
        product = (if sum == 0 { 36 } else { sum }) * 2 % 37;
    }
    Some(ALPHABET[(37 - product) % 36] as char)
}

impl FromStr for CaseNumber {
    type Err = BadCaseNumber;

    fn from_str(typed: &str) -> Result<Self, BadCaseNumber> {
        let plain: String =
            typed.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_uppercase();
        let shape = plain.len() == 6 + 8 + SERIAL_LEN + 1 && plain[..14].bytes().all(|b| b.is_ascii_digit());
        let (body, check) = plain.split_at(plain.len().saturating_sub(1));
        if !shape || iso7064_mod37_36(body) != check.chars().next() {
            return Err(BadCaseNumber);
        }
        Ok(Self(format!("{}-{}-{}-{check}", &body[..6], &body[6..14], &body[14..])))
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = BadCaseNumber;

    fn try_from(text: String) -> Result<Self, BadCaseNumber> {
        text.parse()
    }
}

impl From<CaseNumber> for String {
    fn from(number: CaseNumber) -> Self {
        number.0
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
