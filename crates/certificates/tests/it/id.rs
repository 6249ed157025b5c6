use certificates::{BadCertificateId, CertificateId};
use proptest::prelude::*;

const REAL: [&str; 2] = [
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
];

#[test]
fn real_identifiers_pass_and_come_apart() {
    for text in REAL {
        let id: CertificateId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        let made = CertificateId::new(id.kind(), id.issuer(), id.serial(), id.version()).unwrap();
        assert_eq!(made, id);
    }
    let id: CertificateId = REAL[0].parse().unwrap();
    assert_eq!(
        (id.kind(), id.issuer(), id.serial(), id.version()),
        ("11100000000013338W009", "11330105002500287C", "2025052201", 2)
    );
}

#[test]
fn the_next_version_differs_in_version_and_check_only() {
    let id: CertificateId = REAL[0].parse().unwrap();
    let next = id.next_version().unwrap();
    assert_eq!(
        (next.kind(), next.issuer(), next.serial(), next.version()),
        (id.kind(), id.issuer(), id.serial(), 3)
    );
    assert_eq!(next.as_str().parse(), Ok(next.clone()));
    let last = CertificateId::new(id.kind(), id.issuer(), id.serial(), 999).unwrap();
    assert_eq!(last.next_version(), Err(BadCertificateId::LastVersion));
}

#[test]
fn each_fault_has_its_name() {
    use BadCertificateId as Bad;
    let cases = [
        ("1.2.156.3005.3.11100000000013338W009.11330105002500287C.2025052201.002.0", Bad::Prefix),
        ("", Bad::Prefix),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002", Bad::Parts),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0.0", Bad::Parts),
        ("1.2.156.3005.2.11100000000013338W09.11330105002500287C.2025052201.002.0", Bad::TypeLength),
        ("1.2.156.3005.2.11100000000013338W00A.11330105002500287C.2025052201.002.0", Bad::TypeDigits),
        ("1.2.156.3005.2.11100000000013338W009.1330105002500287C.2025052201.002.0", Bad::IssuerLength),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C..002.0", Bad::SerialLength),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.02.0", Bad::Version),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.0A2.0", Bad::Version),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.", Bad::CheckLength),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.00", Bad::CheckLength),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287c.2025052201.002.0", Bad::Character),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.２025052201.002.0", Bad::Character),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.+", Bad::Character),
        ("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.1", Bad::Check),
    ];
    for (text, bad) in cases {
        assert_eq!(text.parse::<CertificateId>(), Err(bad), "{text}");
    }
    assert_eq!(
        CertificateId::new("11100000000013338W009", "11330105002500287C", "1", 1000),
        Err(BadCertificateId::Version)
    );
}

fn any_id() -> impl Strategy<Value = CertificateId> {
    ("[0-9A-Z]{18}[0-9]{3}", "[0-9A-Z]{18}", "[0-9A-Z]{1,32}", 0_u16..1000).prop_map(
        |(kind, issuer, serial, version)| CertificateId::new(&kind, &issuer, &serial, version).unwrap(),
    )
}

/// ISO 7064 MOD 37,36 promises every single change and nearly every transposition. Nearly: two characters that follow
/// each other in the alphabet (Z and 0 too) are confused in one of the 36 states, no others ever; 36 of 22,680.
#[test]
fn the_transpositions_that_the_standard_misses() {
    let after = |product: usize, value: usize| {
        let sum = (product + value) % 36;
        (if sum == 0 { 36 } else { sum }) * 2 % 37
    };
    let (mut all, mut missed) = (0, Vec::new());
    for product in 1..=36 {
        for one in 0..36 {
            for other in 0..one {
                all += 1;
                if after(after(product, one), other) == after(after(product, other), one) {
                    missed.push((one, other));
                }
            }
        }
    }
    assert_eq!((all, missed.len()), (22_680, 36));
    assert!(missed.iter().all(|(one, other)| one - other == 1 || (*one, *other) == (35, 0)), "{missed:?}");
}

/// Whether two characters follow each other in the alphabet, in either order, Z and 0 too.
fn follow(one: u8, other: u8) -> bool {
    let value = |letter: u8| char::from(letter).to_digit(36).unwrap_or(99);
    (value(one) + 1) % 36 == value(other) || (value(other) + 1) % 36 == value(one)
}

proptest! {
    #[test]
    fn what_is_made_is_read(id in any_id()) {
        prop_assert_eq!(id.as_str().parse::<CertificateId>(), Ok(id.clone()));
    }

    #[test]
    fn every_single_change_is_found(id in any_id(), place in any::<prop::sample::Index>(), letter in "[0-9A-Z]") {
        let text = id.to_string();
        let at = 15 + place.index(text.len() - 15);
        let mut changed = text.clone();
        changed.replace_range(at..=at, &letter);
        prop_assume!(changed != text);
        prop_assert!(changed.parse::<CertificateId>().is_err(), "{} became {}", text, changed);
    }

    #[test]
    fn every_transposition_is_found_but_for_those(id in any_id(), place in any::<prop::sample::Index>()) {
        let text = id.to_string();
        let at = 15 + place.index(text.len() - 16);
        let mut bytes = text.clone().into_bytes();
        prop_assume!(!follow(bytes[at], bytes[at + 1]));
        bytes.swap(at, at + 1);
        let changed = String::from_utf8(bytes).unwrap();
        prop_assume!(changed != text);
        prop_assert!(changed.parse::<CertificateId>().is_err(), "{} became {}", text, changed);
    }

    #[test]
    fn any_text_is_judged(text in "\\PC*") {
        drop(text.parse::<CertificateId>());
        drop(format!("1.2.156.3005.2.{text}").parse::<CertificateId>());
    }
}
