use std::collections::BTreeMap;

use certificates::{
    CannotIssue, Certificate, CertificateId, Facts, Grade, Holder, HolderKind, Issue, Issuer, Naming, Status,
    StatusClaim,
};
use domain::{Date, Text};
use serde_json::{Value, json};

use crate::help::{Desk, ISSUER, LIST, VCT, chance, issuer};

const fn day(year: i16, month: i8, day: i8) -> Date {
    Date::constant(year, month, day)
}

fn id(version: u16) -> CertificateId {
    CertificateId::new("11100000000013338W009", "11330105002500287C", "2025052201", version).unwrap()
}

fn certificate() -> Certificate {
    Certificate {
        id: id(1),
        kind: "disabled-person-card".to_owned(),
        holder: Holder {
            kind: HolderKind::CitizenNumber,
            number: "990000199001010010".to_owned(),
            name: "示例·陈晓明".to_owned(),
        },
        issuer: Issuer {
            code: "11330105002500287C".to_owned(), name: Text::zh("示例区残疾人联合会")
        },
        fields: BTreeMap::from([
            ("level".to_owned(), "二级".to_owned()),
            ("a/b~".to_owned(), "x".to_owned()),
        ]),
        issued_on: day(2026, 11, 1),
        valid_from: day(2026, 11, 2),
        valid_until: Some(day(2026, 11, 30)),
        grade: Grade::A,
    }
}

#[test]
fn the_status_follows_from_facts_and_the_day() {
    let it = certificate();
    let status = |facts: &Facts, on| it.status(facts, on);
    let none = Facts::default();
    assert_eq!(status(&none, day(2026, 11, 1)), Status::NotYetValid(day(2026, 11, 2)));
    assert_eq!(status(&none, day(2026, 11, 2)), Status::Valid);
    assert_eq!(status(&none, day(2026, 11, 30)), Status::Valid, "the last day counts");
    assert_eq!(status(&none, day(2026, 12, 1)), Status::Expired(day(2026, 11, 30)));
    let revoked = Facts { revoked_on: Some(day(2026, 11, 10)), ..Facts::default() };
    assert_eq!(status(&revoked, day(2026, 11, 9)), Status::Valid);
    assert_eq!(status(&revoked, day(2026, 11, 10)), Status::Revoked(day(2026, 11, 10)));
    assert_eq!(status(&revoked, day(2027, 1, 1)), Status::Revoked(day(2026, 11, 10)), "more than expired");
    let replaced = Facts { replaced_by: Some(id(2)), ..Facts::default() };
    assert_eq!(status(&replaced, day(2026, 11, 10)), Status::Replaced(id(2)));
    let suspended = Facts { suspended: true, ..Facts::default() };
    assert_eq!(status(&suspended, day(2026, 11, 10)), Status::Suspended);
    let endless = Certificate { valid_until: None, ..certificate() };
    assert_eq!(endless.status(&none, day(2126, 1, 1)), Status::Valid);
}

#[test]
fn it_becomes_a_credential_that_hides_all_about_the_person() {
    let status = Some(StatusClaim { uri: LIST.to_owned(), index: 5 });
    let (claims, hide) = certificate().claims(&Naming { issuer: ISSUER, vct: VCT, status }).unwrap();
    // The days are China's: the first begins and the last ends at 16:00 UTC.
    assert_eq!(claims["nbf"], json!(domain::Timestamp::constant(1_793_548_800, 0).as_second()));
    assert_eq!(claims["exp"], json!(claims["nbf"].as_i64().unwrap() + 29 * 86_400));
    let issue = Issue { claims: &claims, hide: &hide, holder: None, decoys: 0 };
    let issued = issue.sign(&issuer(), &mut chance(1)).unwrap();
    let mut desk = Desk::new();
    desk.asks = false;
    let bare = issued.present(&[], None).unwrap();
    let certificates::Verdict::Valid(shown) = desk.verify(&bare).unwrap() else { panic!("not valid") };
    let text = Value::Object(shown.claims).to_string();
    for secret in ["陈晓明", "990000199001010010", "二级", "2025052201", "a/b"] {
        assert!(!text.contains(secret), "{secret} shows: {text}");
    }
    let one = issued.present(&["/a~1b~0", "/holder/name"], None).unwrap();
    let certificates::Verdict::Valid(shown) = desk.verify(&one).unwrap() else { panic!("not valid") };
    assert_eq!(shown.claims["a/b~"], "x");
    assert_eq!(shown.claims["holder"], json!({ "name": "示例·陈晓明" }));
}

#[test]
fn a_field_cannot_pass_for_a_claim_of_the_format() {
    for name in ["exp", "status", "cnf", "_sd", "grade", "holder"] {
        let mut it = certificate();
        it.fields.insert(name.to_owned(), "1".to_owned());
        let refused = it.claims(&Naming { issuer: ISSUER, vct: VCT, status: None });
        assert_eq!(refused.err(), Some(CannotIssue::Reserved(name.to_owned())));
    }
}

#[test]
fn a_log_line_shows_no_person() {
    let text = format!("{:?} {:?}", certificate(), certificate().holder);
    assert!(!text.contains("990000") && !text.contains("晓明") && !text.contains("二级"), "{text}");
}
