use certificates::{
    Algorithm, Binding, CannotIssue, CannotPresent, Issue, KeySet, Lookup, SdJwt, TokenStatus, Verdict,
    WhyNotChecked,
};
use serde_json::{Value, json};

use crate::help::{
    Desk, HIDE, ISSUER, NONCE, NOW, VERIFIER, at, chance, claims, holder, issue_with, issued, issuer, key,
};

fn binding(key: &certificates::SigningKey) -> Binding<'_> {
    Binding { key, audience: VERIFIER, nonce: NONCE, at: at(NOW) }
}

#[test]
fn what_is_chosen_is_seen_and_nothing_more() {
    let holder = holder();
    let issued = SdJwt::parse(&issued().to_string()).unwrap();
    let text = issued.present(&["/name", "/degrees/2/level"], Some(&binding(&holder))).unwrap();
    let Verdict::Valid(shown) = Desk::new().verify(&text).unwrap() else { panic!("not valid") };
    assert!(shown.held);
    assert_eq!(shown.issuer, ISSUER);
    assert_eq!(shown.kid, issuer().verifying_key().kid());
    assert_eq!(shown.expires, Some(at(NOW + 1000)));
    assert_eq!(shown.claims["name"], "示例·陈晓明");
    assert_eq!(shown.claims["degrees"], json!(["一级", { "kind": "听力", "level": 2 }]));
    assert!(!shown.claims.contains_key("number") && !shown.claims.contains_key("address"));
    assert!(!shown.claims.contains_key("_sd") && !shown.claims.contains_key("_sd_alg"));
    assert!(!text.contains("陈晓明"));
}

#[test]
fn all_comes_back_as_it_was_issued() {
    let holder = holder();
    let issued = issued();
    let hidden = issued.hidden().unwrap();
    let mut pointers: Vec<&str> = hidden.iter().map(|(pointer, _)| pointer.as_str()).collect();
    pointers.sort_unstable();
    let mut expected = HIDE;
    expected.sort_unstable();
    assert_eq!(pointers, expected);
    assert!(hidden.contains(&("/address/street".to_owned(), json!("示例路 1 号"))));
    let text = issued.present(&HIDE, Some(&binding(&holder))).unwrap();
    let Verdict::Valid(mut shown) = Desk::new().verify(&text).unwrap() else { panic!("not valid") };
    shown.claims.remove("cnf");
    assert_eq!(shown.claims, claims());
}

#[test]
fn each_algorithm_signs_certificates_and_proofs() {
    for algorithm in [Algorithm::Ed25519, Algorithm::P256, Algorithm::Sm2] {
        let (issuer, holder) = (key(algorithm, 5), key(algorithm, 6));
        let issued = issue_with(&claims(), &issuer, &holder);
        let mut desk = Desk::new();
        desk.issuers.insert(ISSUER.to_owned(), KeySet::new(issuer));
        let text = issued.present(&["/number"], Some(&binding(&holder))).unwrap();
        assert!(matches!(desk.verify(&text), Ok(Verdict::Valid(_))), "{algorithm:?}");
    }
}

#[test]
fn what_could_not_be_checked_is_not_called_valid() {
    let holder = holder();
    let text = issued().present(&[], Some(&binding(&holder))).unwrap();
    let mut desk = Desk::new();
    desk.status = Lookup::Unavailable;
    assert!(matches!(desk.verify(&text), Ok(Verdict::NotChecked(_, WhyNotChecked::Unavailable))));
    let mut without = claims();
    without.remove("status");
    let text = issue_with(&without, &issuer(), &holder).present(&[], Some(&binding(&holder))).unwrap();
    assert!(matches!(desk.verify(&text), Ok(Verdict::NotChecked(_, WhyNotChecked::NoStatusNamed))));
    without.insert("status".to_owned(), json!({ "credential_list": 7 }));
    let text = issue_with(&without, &issuer(), &holder).present(&[], Some(&binding(&holder))).unwrap();
    desk.status = Lookup::Found(TokenStatus::Valid);
    assert!(matches!(desk.verify(&text), Ok(Verdict::NotChecked(_, WhyNotChecked::UnknownMechanism))));
}

#[test]
fn without_a_question_no_proof_is_needed_and_none_is_claimed() {
    let mut desk = Desk::new();
    desk.asks = false;
    let Verdict::Valid(shown) = desk.verify(&issued().to_string()).unwrap() else { panic!("not valid") };
    assert!(!shown.held);
}

#[test]
fn neither_order_nor_number_of_digests_tells_what_is_hidden() {
    let claims = claims();
    let hide = ["/name".to_owned(), "/number".to_owned()];
    let with = |hide: &[String]| {
        Issue { claims: &claims, hide, holder: None, decoys: 0 }
            .sign(&issuer(), &mut |bytes| bytes.fill(1))
            .unwrap()
    };
    let turned = [hide[1].clone(), hide[0].clone()];
    let first = |issued: &SdJwt| issued.to_string().split('~').next().unwrap().to_owned();
    assert_eq!(first(&with(&hide)), first(&with(&turned)));
    let length = |hide: &[String], decoys| {
        let issue = Issue { claims: &claims, hide, holder: None, decoys };
        let text = issue.sign(&issuer(), &mut chance(1)).unwrap().to_string();
        let Verdict::Valid(shown) = (Desk { asks: false, ..Desk::new() }).verify(&text).unwrap() else {
            panic!()
        };
        assert_eq!(shown.claims, claims, "decoys are nothing");
        first(&SdJwt::parse(&text).unwrap()).split('.').nth(1).unwrap().len()
    };
    let plain = |name: &str| (claims[name].to_string().len() + name.len() + 4).div_ceil(3) * 4;
    let fewer = length(&hide[..1], 3).abs_diff(length(&hide, 2));
    assert!(fewer <= plain("number"), "only the claim itself is missed: {fewer}");
}

#[test]
fn what_verifiers_need_cannot_be_hidden() {
    let claims = claims();
    let hide = |pointer: &str| {
        let hide = [pointer.to_owned()];
        Issue { claims: &claims, hide: &hide, holder: None, decoys: 0 }.sign(&issuer(), &mut chance(1)).err()
    };
    for pointer in ["/iss", "/exp", "/vct", "/status", "/absent", "/degrees/9", "name", "", "/address/town/x"]
    {
        assert_eq!(hide(pointer), Some(CannotIssue::CannotHide(pointer.to_owned())), "{pointer}");
    }
    let twice = ["/degrees/0".to_owned(), "/degrees/0".to_owned()];
    let issue = Issue { claims: &claims, hide: &twice, holder: None, decoys: 0 };
    assert!(issue.sign(&issuer(), &mut chance(1)).is_err());
    let mut bad = claims.clone();
    bad.insert("x".to_owned(), json!([{ "_sd": [] }]));
    let issue = Issue { claims: &bad, hide: &[], holder: None, decoys: 0 };
    assert_eq!(issue.sign(&issuer(), &mut chance(1)).err(), Some(CannotIssue::Reserved("_sd".to_owned())));
    bad = claims.clone();
    bad.remove("vct");
    let issue = Issue { claims: &bad, hide: &[], holder: None, decoys: 0 };
    assert_eq!(issue.sign(&issuer(), &mut chance(1)).err(), Some(CannotIssue::Missing("vct")));
}

#[test]
fn the_holder_shows_only_what_is_there_and_with_the_right_key() {
    let issued = issued();
    assert_eq!(issued.present(&["/vct"], None).err(), Some(CannotPresent::NotHidden("/vct".to_owned())));
    let other = key(Algorithm::P256, 9);
    assert_eq!(issued.present(&[], Some(&binding(&other))).err(), Some(CannotPresent::OtherKey));
}

#[test]
fn a_log_line_shows_no_claim() {
    let shown = format!("{:?}", issued());
    assert!(shown.len() < 60, "{shown}");
    assert!(Value::from(shown).to_string().contains("disclosures"));
}
