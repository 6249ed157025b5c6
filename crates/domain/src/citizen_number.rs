//! Citizen identification number 公民身份号码, GB 11643-1999.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// An 18-character citizen number whose date exists and whose check character is right.
///
/// `Debug` and `Display` are masked, so that a number cannot slip into a log; the whole number comes
/// only from [`CitizenNumber::reveal`]. The area part may be a code abolished long ago, so it is
/// never a reason to refuse.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CitizenNumber(String);

/// What a number says of its holder's sex (17th digit).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

/// Why a string is not a citizen number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCitizenNumber {
    /// Not 18 characters.
    #[error("a citizen number has 18 characters")]
    Length,
    /// A character other than a digit, or X before the end.
    #[error("a citizen number is 17 digits and a digit or X")]
    Character,
    /// Positions 7 to 14 are no date.
    #[error("positions 7 to 14 are not a date of birth")]
    Birthday,
    /// The check character does not fit: usually a typing mistake.
    #[error("the last character does not fit the first 17")]
    Check,
}

impl CitizenNumber {
    /// The check character for 17 digits, or `None` when they are not 17 digits.
    #[must_use]
    pub fn check_character(first17: &str) -> Option<char> {
        if first17.len() != 17 || !first17.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let sum: u32 =
            first17.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        Some(CHECKS[(sum % 11) as usize] as char)
    }

    /// The whole number. Whoever calls this handles personal data.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// First and last character, the rest starred.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}{}{}", &self.0[..1], "*".repeat(16), &self.0[17..])
    }

    /// Date of birth (positions 7 to 14).
    #[must_use]
    pub fn birthday(&self) -> Date {
        parse_birthday(&self.0).unwrap_or(Date::MIN)
    }

    /// Sex (position 17: odd is male).
    #[must_use]
    pub fn sex(&self) -> Sex {
        if (self.0.as_bytes()[16] - b'0') % 2 == 1 { Sex::Male } else { Sex::Female }
    }
}

fn parse_birthday(number: &str) -> Option<Date> {
    let year: i16 = number.get(6..10)?.parse().ok()?;
    let month: i8 = number.get(10..12)?.parse().ok()?;
    let day: i8 = number.get(12..14)?.parse().ok()?;
    (year >= 1800).then(|| Date::new(year, month, day).ok()).flatten()
}

impl FromStr for CitizenNumber {
    type Err = BadCitizenNumber;

    fn from_str(typed: &str) -> Result<Self, BadCitizenNumber> {
        let number: String = typed.trim().to_uppercase();
        if number.chars().count() != 18 {
            return Err(BadCitizenNumber::Length);
        }
        if !number.is_ascii() {
            return Err(BadCitizenNumber::Character);
        }
        let expected = Self::check_character(&number[..17]).ok_or(BadCitizenNumber::Character)?;
        let last = number.as_bytes()[17] as char;
        if !last.is_ascii_digit() && last != 'X' {
            return Err(BadCitizenNumber::Character);
        }
        parse_birthday(&number).ok_or(BadCitizenNumber::Birthday)?;
        if last != expected {
            return Err(BadCitizenNumber::Check);
        }
        Ok(Self(number))
    }
}

impl fmt::Display for CitizenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for CitizenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenNumber({})", self.masked())
    }
}
