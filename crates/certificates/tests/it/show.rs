use certificates::{
    Algorithm, CannotShow, CertificateId, KeySet, QrError, Refusal, SHOW_SECONDS, Shown, ShownCertificate,
    qr_svg,
};

use crate::help::{NOW, at, issuer, key};

/// An address as a deployment would put before the code.
const ADDRESS: &str = "https://fuwu.gd.gov.example/v/";

fn id(serial: &str) -> CertificateId {
    CertificateId::new("11100000000013338W009", "11330105002500287C", serial, 2).unwrap()
}

fn shown() -> Shown {
    let field = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
    let first = ShownCertificate {
        id: id("2025052201"),
        fields: vec![field("name", Some("示例·陈晓明")), field("level", Some("二级")), field("number", None)],
    };
    let second =
        ShownCertificate { id: id("20230000403"), fields: vec![field("valid_until", Some("2030-01-01"))] };
    Shown { id: [9; 16], made: at(NOW), seconds: SHOW_SECONDS, certificates: vec![first, second] }
}

#[test]
fn a_code_says_which_certificates_and_fields_and_is_verified_without_the_network() {
    for algorithm in [Algorithm::Ed25519, Algorithm::P256, Algorithm::Sm2] {
        let key = key(algorithm, 3);
        let text = shown().sign(&key).unwrap();
        let read = Shown::verify(&text, &KeySet::new(key).public(), at(NOW + 30), 0).unwrap();
        assert_eq!(read, shown());
        assert_eq!(read.expires(), at(NOW + 60));
    }
}

#[test]
fn it_is_refused_a_minute_later_from_the_future_altered_or_from_others() {
    let text = shown().sign(&issuer()).unwrap();
    let mut keys = KeySet::new(issuer());
    let verify = |text: &str, keys: &KeySet, now| Shown::verify(text, keys, at(now), 2).err();
    assert_eq!(verify(&text, &keys, NOW + 61), None);
    assert_eq!(verify(&text, &keys, NOW + 62), Some(Refusal::Expired));
    assert_eq!(verify(&text, &keys, NOW - 3), Some(Refusal::NotYetValid));
    for place in (0..text.len()).step_by(3) {
        let mut bytes = text.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(Shown::verify(&changed, &keys, at(NOW), 2).is_err(), "letter {place}");
    }
    let other = shown().sign(&key(Algorithm::Ed25519, 8)).unwrap();
    assert_eq!(verify(&other, &keys, NOW), Some(Refusal::UnknownKey));
    assert_eq!(verify(&"A".repeat(600), &keys, NOW), Some(Refusal::TooLarge));
    assert_eq!(verify(&text.to_lowercase(), &keys, NOW), Some(Refusal::Malformed("letters")));
    assert_eq!(verify("", &keys, NOW), Some(Refusal::Malformed("length")));
    keys.retire(issuer().verifying_key().kid());
    assert_eq!(verify(&text, &keys, NOW), Some(Refusal::RetiredKey));
}

#[test]
fn a_code_is_short_lived_small_and_never_empty() {
    let sign = |change: &dyn Fn(&mut Shown)| {
        let mut shown = shown();
        change(&mut shown);
        shown.sign(&issuer()).err()
    };
    assert_eq!(sign(&|shown| shown.seconds = 61), Some(CannotShow::Seconds));
    assert_eq!(sign(&|shown| shown.seconds = 0), Some(CannotShow::Seconds));
    assert_eq!(sign(&|shown| shown.certificates.clear()), Some(CannotShow::Nothing));
    let long = |shown: &mut Shown| shown.certificates[0].fields[0].1 = Some("长".repeat(60));
    assert_eq!(sign(&long), Some(CannotShow::TooMuch));
}

#[test]
fn the_largest_code_with_an_address_fits_a_qr_that_phones_read() {
    let mut shown = shown();
    let mut largest = String::new();
    for length in 0..200 {
        shown.certificates[0].fields[0].1 = Some("x".repeat(length));
        let Ok(text) = shown.sign(&issuer()) else { break };
        largest = text;
    }
    assert!(largest.len() > 500, "{}", largest.len());
    let svg = qr_svg(&format!("{ADDRESS}{largest}"), "出示 <码>").unwrap();
    // 77 modules and the margin: version 15.
    assert!(svg.contains("viewBox=\"0 0 85 85\""), "{}", &svg[..120]);
    assert!(svg.contains("aria-label=\"出示 &lt;码&gt;\"") && !svg.contains("style"));
    assert_eq!(qr_svg(&"x".repeat(2000), ""), Err(QrError));
}

#[test]
fn a_log_line_shows_neither_code_nor_person() {
    let text = format!("{:?} {:?}", shown(), shown().certificates);
    assert!(!text.contains("晓明") && !text.contains("2025052201"), "{text}");
}
