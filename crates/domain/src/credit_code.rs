//! Unified social credit code 统一社会信用代码, GB 32100-2015.

use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// An 18-character credit code with a right check character.
///
/// Weights are 3^i mod 31 over the first 17 characters; the check value is 31 minus the sum mod 31.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CreditCode(String);

/// Why a string is not a credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCreditCode {
    /// Not 18 characters.
    #[error("a credit code has 18 characters")]
    Length,
    /// A character outside the alphabet (I, O, S, V and Z are not used).
    #[error("a credit code uses digits and capital letters without I, O, S, V, Z")]
    Character,
    /// The check character does not fit.
    #[error("the last character does not fit the first 17")]
    Check,
}

impl CreditCode {
    /// The check character for the first 17, or `None` for a character outside the alphabet.
    #[must_use]
    pub fn check_character(first17: &str) -> Option<char> {
        let mut weight = 1usize;
        let mut sum = 0usize;
        let mut count = 0;
        for byte in first17.bytes() {
            sum += ALPHABET.iter().position(|&a| a == byte)? * weight;
            weight = weight * 3 % 31;
            count += 1;
        }
        (count == 17).then(|| ALPHABET[(31 - sum % 31) % 31] as char)
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CreditCode {
    type Err = BadCreditCode;

    fn from_str(typed: &str) -> Result<Self, BadCreditCode> {
        let code = typed.trim().to_uppercase();
        if code.chars().count() != 18 {
            return Err(BadCreditCode::Length);
        }
        if !code.is_ascii() {
            return Err(BadCreditCode::Character);
        }
        let expected = Self::check_character(&code[..17]).ok_or(BadCreditCode::Character)?;
        let last = code.as_bytes()[17];
        if !ALPHABET.contains(&last) {
            return Err(BadCreditCode::Character);
        }
        if last as char != expected {
            return Err(BadCreditCode::Check);
        }
        Ok(Self(code))
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
