//! The register of organisations: their names and legal representatives, by unified social credit code.

use domain::{CitizenNumber, CreditCode};

use crate::demo_people::demo_people;

/// An organisation as the register knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Its code.
    pub code: CreditCode,
    /// Its registered name.
    pub name: String,
    /// Citizen number of its legal representative 法定代表人.
    pub legal: CitizenNumber,
}

/// What a register of organisations answers.
pub trait CompanyRegister: Send + Sync {
    /// The organisation with this code.
    fn company(&self, code: &CreditCode) -> Option<Company>;
}

/// Synthetic organisations.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoCompanies;

/// First eight characters of the organisation's own code, name, legal representative.
const COMPANIES: [(&str, &str, &str); 2] = [
    ("MADEMX01", "示例·晨光小吃店有限公司", "示例·陈晓明"),
    ("MADEMX02", "示例·远航电子科技有限公司", "示例·周志远"),
];

/// All synthetic organisations: codes with right check digits, of an area that does not exist.
#[must_use]
pub fn demo_companies() -> Vec<Company> {
    let people = demo_people();
    let company = |&(own, name, legal): &(&str, &str, &str)| {
        let body = format!("91990000{own}{}", own_check(own)?);
        let code = format!("{body}{}", CreditCode::check_character(&body)?).parse().ok()?;
        let legal = people.iter().find(|person| person.name == legal)?.number.clone();
        Some(Company { code, name: name.to_owned(), legal })
    };
    COMPANIES.iter().filter_map(company).collect()
}

/// The check character of the organisation's own code within the credit code (GB 11714).
fn own_check(first8: &str) -> Option<char> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first8.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(36).unwrap_or(0) * w).sum();
    match (11 - sum % 11) % 11 {
        10 => Some('X'),
        n => char::from_digit(n, 10),
    }
}

impl CompanyRegister for DemoCompanies {
    fn company(&self, code: &CreditCode) -> Option<Company> {
        demo_companies().into_iter().find(|company| company.code == *code)
    }
}

#[cfg(test)]
mod tests {
    use super::{COMPANIES, demo_companies, own_check};

    #[test]
    fn codes_are_right_and_of_nobody() {
        let companies = demo_companies();
        assert_eq!(companies.len(), COMPANIES.len(), "a code that does not parse is left out");
        for company in companies {
            assert_eq!(&company.code.as_str()[2..8], "990000");
            assert!(company.name.starts_with("示例·"));
        }
    }

    /// The own part of a real body's credit code, 11440000006940175Y.
    #[test]
    fn the_own_code_has_its_own_check_character() {
        assert_eq!(own_check("00694017"), Some('5'));
    }
}
