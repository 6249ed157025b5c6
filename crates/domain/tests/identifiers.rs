//! Identifiers and their check characters: citizen numbers, credit codes, certificate identifiers, areas,
//! case numbers.

use domain::{
    AreaCode, AreaLevel, BadCitizenNumber, BadCreditCode, CaseNumber, CitizenNumber, CreditCode, Sex,
    iso7064_mod37_36,
};
use jiff::civil::date;
use proptest::prelude::*;

fn citizen(first17: &str) -> String {
    format!("{first17}{}", CitizenNumber::check_character(first17).expect("a good test value"))
}

#[test]
fn a_citizen_number_tells_birthday_and_sex_and_hides_itself() {
    // An area code that does not exist (990000), so nobody's number.
    let number: CitizenNumber = citizen("99000019491231002").parse().unwrap();
    assert_eq!(number.birthday(), date(1949, 12, 31));
    assert_eq!(number.sex(), Sex::Female);
    let masked = format!("{number} {number:?} {}", number.masked());
    assert!(!masked.contains("1949") && !masked.contains("0000"), "{masked}");
    assert_eq!(number.reveal().len(), 18);
    assert_eq!(citizen("99000019491231003").parse::<CitizenNumber>().unwrap().sex(), Sex::Male);
}

#[test]
fn check_characters_follow_the_standard() {
    // Worked out by hand from the weights of GB 11643; area 990000 does not exist, so these are nobody's.
    assert_eq!(CitizenNumber::check_character("99000019491231000"), Some('X'));
    assert_eq!(CitizenNumber::check_character("99000018800101001"), Some('3'));
    assert_eq!(CitizenNumber::check_character("9900001880010100"), None);
    assert_eq!(CitizenNumber::check_character("9900001880010100一"), None);
}

#[test]
fn each_mistake_in_a_citizen_number_has_its_own_name() {
    let wrong = |text: &str| text.parse::<CitizenNumber>().unwrap_err();
    let good = citizen("99000019800101001");
    assert_eq!(wrong(""), BadCitizenNumber::Length);
    assert_eq!(wrong(&good[..17]), BadCitizenNumber::Length);
    assert_eq!(wrong("示例示例示例示例示例示例示例示例示例"), BadCitizenNumber::Character);
    assert_eq!(wrong(&good.replacen('9', "A", 1)), BadCitizenNumber::Character);
    assert_eq!(wrong(&citizen("99000019800230001")), BadCitizenNumber::Birthday);
    assert_eq!(wrong(&citizen("99000017000101001")), BadCitizenNumber::Birthday);
    let x = citizen("99000019491231000");
    assert!(x.ends_with('X'));
    let small = x.to_lowercase();
    assert_eq!(small.parse::<CitizenNumber>().unwrap().reveal(), x);
}

#[test]
fn real_credit_codes_pass_and_the_sources_wrong_one_does_not() {
    for real in ["11440000006939756B", "91440000730486030B", "13440000455857174Y", "114400005536124 61J"] {
        let plain: String = real.split_whitespace().collect();
        assert_eq!(plain.parse::<CreditCode>().unwrap().as_str(), plain);
    }
    let wrong = |text: &str| text.parse::<CreditCode>().unwrap_err();
    assert_eq!(wrong("13440000515356094L"), BadCreditCode::Check);
    assert_eq!(wrong("TE440000GD030003VV"), BadCreditCode::Character);
    assert_eq!(wrong("9144000073048603OB"), BadCreditCode::Character);
    assert_eq!(wrong("91440000730486030"), BadCreditCode::Length);
}

/// 证照标识: two identifiers of real certificate types end in 0 and U.
#[test]
fn certificate_identifiers_check_by_iso_7064() {
    let parts = ["11100000000013338W009", "11330105002500287C", "2025052201", "002"];
    assert_eq!(iso7064_mod37_36(&parts.concat()), Some('0'));
    let parts = ["11100000000013338W011", "11430000006122244L", "20230000403", "001"];
    assert_eq!(iso7064_mod37_36(&parts.concat()), Some('U'));
    assert_eq!(iso7064_mod37_36("a"), None);
    assert_eq!(iso7064_mod37_36("中"), None);
}

#[test]
fn areas_know_their_level_and_province() {
    let area = |code: &str| code.parse::<AreaCode>().unwrap();
    for (code, level, six) in [
        ("440000", AreaLevel::Province, "440000"),
        ("440100", AreaLevel::City, "440100"),
        ("441900", AreaLevel::City, "441900"),
        ("440103", AreaLevel::County, "440103"),
        ("440103001", AreaLevel::Town, "440103"),
        ("440103001002", AreaLevel::Village, "440103"),
    ] {
        assert_eq!(area(code).level(), level, "{code}");
        assert_eq!(area(code).six(), six);
        assert_eq!(area(code).province(), area("440000"));
    }
    for wrong in ["", "44", "4400000", "44000a", "４４００００", "440000 "] {
        assert!(wrong.parse::<AreaCode>().is_err(), "{wrong:?}");
    }
}

#[test]
fn case_numbers_read_as_they_are_written_and_said() {
    let area: AreaCode = "440103001".parse().unwrap();
    let number = CaseNumber::new(&area, date(2026, 11, 23), 0x00AB_CDEF_0123);
    let text = number.as_str();
    assert!(text.starts_with("440103-20261123-") && text.len() == 6 + 1 + 8 + 1 + 8 + 1 + 1, "{text}");
    assert_eq!(number.area(), "440103");
    let said = text.replace('-', " ").to_lowercase();
    assert_eq!(said.parse::<CaseNumber>().unwrap(), number);
    for wrong in ["", "-", "一", "440103-20261123-00000000-", "440103-2026112X-00000000-0"] {
        assert!(wrong.parse::<CaseNumber>().is_err(), "{wrong:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Weights prime to 11: one wrong digit, or two neighbours changed about, never passes.
    #[test]
    fn a_citizen_number_with_one_slip_is_refused(
        day in 0i32..50_000, order in 0u32..1_000, at in 0usize..17, other in 1u8..10,
    ) {
        let born = date(1860, 1, 1) + jiff::Span::new().days(day);
        let number = citizen(&format!("990000{:04}{:02}{:02}{order:03}", born.year(), born.month(), born.day()));
        prop_assert!(number.parse::<CitizenNumber>().is_ok());
        let mut slip = number.clone().into_bytes();
        slip[at] = b'0' + (slip[at] - b'0' + other) % 10;
        prop_assert!(String::from_utf8(slip).expect("a good test value").parse::<CitizenNumber>().is_err());
        let mut swapped = number.clone().into_bytes();
        if at < 16 && swapped[at] != swapped[at + 1] {
            swapped.swap(at, at + 1);
            prop_assert!(String::from_utf8(swapped).expect("a good test value").parse::<CitizenNumber>().is_err());
        }
    }

    #[test]
    fn a_credit_code_with_one_slip_is_refused(
        body in "[1-9AN][1239][0-9]{6}[0-9ABCDEFGHJKLMNPQRTUWXY]{9}", at in 0usize..17, other in 1usize..31,
    ) {
        const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        let code = format!("{body}{}", CreditCode::check_character(&body).expect("a good test value"));
        prop_assert_eq!(code.parse::<CreditCode>().expect("a good test value").to_string(), code.clone());
        let mut slip = code.into_bytes();
        let value = ALPHABET.iter().position(|&a| a == slip[at]).expect("a good test value");
        slip[at] = ALPHABET[(value + other) % 31];
        prop_assert!(String::from_utf8(slip).expect("a good test value").parse::<CreditCode>().is_err());
    }

    #[test]
    fn a_case_number_round_trips_and_one_slip_is_refused(random: u64, at in 0usize..22, other in 1usize..36) {
        const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let area: AreaCode = "440100".parse().expect("a good test value");
        let number = CaseNumber::new(&area, date(2026, 1, 5), random);
        prop_assert_eq!(&number.to_string().parse::<CaseNumber>().expect("a good test value"), &number);
        let mut slip: Vec<u8> = number.as_str().bytes().filter(|&b| b != b'-').collect();
        let value = ALPHABET.iter().position(|&a| a == slip[at]).expect("a good test value");
        slip[at] = ALPHABET[(value + other) % 36];
        prop_assert!(String::from_utf8(slip).expect("a good test value").parse::<CaseNumber>().is_err());
    }

    /// Whatever arrives, the parsers answer.
    #[test]
    fn parsers_never_panic(text in "\\PC{0,30}", digits in "[0-9X-]{0,30}") {
        for text in [text, digits] {
            let _ = text.parse::<CitizenNumber>();
            let _ = text.parse::<CreditCode>();
            let _ = text.parse::<AreaCode>();
            let _ = text.parse::<CaseNumber>();
            let _ = text.parse::<domain::Limit>();
            let _ = iso7064_mod37_36(&text);
        }
    }
}
