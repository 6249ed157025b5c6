//! Synthetic people. Names are marked, numbers have right check digits and an area that does not exist.

use domain::CitizenNumber;

use crate::demo::SYNTHETIC_AREA;

/// A synthetic person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// The name, marked as an example.
    pub name: &'static str,
    /// A number of nobody.
    pub number: CitizenNumber,
    /// A mobile number from a range that is not given out.
    pub mobile: &'static str,
    /// An address that does not exist.
    pub address: &'static str,
}

/// Name, date of birth, order digits, mobile. One is past eighty, so that there is somebody to whom the old-age
/// allowance is offered (免申即享).
const PEOPLE: [(&str, &str, &str, &str); 9] = [
    ("示例·陈晓明", "19900516", "001", "13000000001"),
    ("示例·林小燕", "19951203", "002", "13000000002"),
    ("示例·黄国强", "19780822", "003", "13000000003"),
    ("示例·李秀英", "19500310", "004", "13000000004"),
    ("示例·张伟杰", "20030709", "005", "13000000005"),
    ("示例·吴美玲", "19870130", "006", "13000000006"),
    ("示例·周志远", "19661118", "007", "13000000007"),
    ("示例·赵福寿", "19410115", "009", "13000000009"),
    ("示例·何公仆", "19840214", "008", "13000000008"),
];

/// All synthetic people. The last one also sits at a desk of every agency, to show that nobody handles
/// their own case.
#[must_use]
pub fn demo_people() -> Vec<DemoPerson> {
    PEOPLE
        .iter()
        .filter_map(|&(name, birthday, order, mobile)| {
            let number = synthetic(birthday, order)?;
            Some(DemoPerson { name, number, mobile, address: "示例省示例市示例路1号" })
        })
        .collect()
}

/// A number of nobody with this date of birth and these order digits.
pub(crate) fn synthetic(born: &str, order: &str) -> Option<CitizenNumber> {
    let body = format!("{SYNTHETIC_AREA}0000{born}{order}");
    let check = CitizenNumber::check_character(&body)?;
    format!("{body}{check}").parse().ok()
}
