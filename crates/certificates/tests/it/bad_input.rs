//! Each wrong thing that somebody may show, and the reason by which it is refused.

use certificates::{Algorithm, Binding, KeySet, Lookup, Nonce, Refusal, SigningKey, TokenStatus, sign_jwt};
use serde_json::{Map, Value, json};

use crate::help::{Desk, ISSUER, NONCE, NOW, VERIFIER, at, claims, holder, issue_with, issued, issuer, key};

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let value = |six: &[u8]| (0..6).fold(0, |value, bit| value << 1 | six.get(bit).copied().unwrap_or(0));
    bits.chunks(6).map(|six| char::from(LETTERS[value(six) as usize])).collect()
}

fn shown_by(key: &SigningKey, audience: &str, nonce: &str, made: i64) -> String {
    let binding = Binding { key, audience, nonce, at: at(made) };
    issued().present(&["/name"], Some(&binding)).unwrap()
}

fn shown() -> String {
    shown_by(&holder(), VERIFIER, NONCE, NOW)
}

fn refused(text: &str) -> Refusal {
    Desk::new().verify(text).expect_err("it was accepted")
}

/// A token with this header and these claims, signed by `key` whatever the header says.
fn forged(header: &Value, payload: &Value, key: &SigningKey) -> String {
    let signed =
        format!("{}.{}", base64(header.to_string().as_bytes()), base64(payload.to_string().as_bytes()));
    format!("{signed}.{}~", base64(&key.sign(signed.as_bytes()).unwrap()))
}

fn header(alg: &str) -> Value {
    json!({ "alg": alg, "typ": "dc+sd-jwt", "kid": issuer().verifying_key().kid() })
}

fn loose(payload: &Value) -> Result<certificates::Verdict, Refusal> {
    let mut desk = Desk::new();
    desk.asks = false;
    desk.verify(&forged(&header("EdDSA"), payload, &issuer()))
}

#[test]
fn the_good_one_is_accepted() {
    assert!(matches!(Desk::new().verify(&shown()), Ok(certificates::Verdict::Valid(_))));
}

#[test]
fn wrong_audience_wrong_nonce_replayed_stale() {
    assert_eq!(refused(&shown_by(&holder(), "https://other.example", NONCE, NOW)), Refusal::WrongAudience);
    assert_eq!(refused(&shown_by(&holder(), VERIFIER, "n-2", NOW)), Refusal::WrongNonce);
    let mut desk = Desk::new();
    desk.nonce = Nonce::Used;
    assert_eq!(desk.verify(&shown()), Err(Refusal::Replayed));
    assert_eq!(refused(&shown_by(&holder(), VERIFIER, NONCE, NOW - 66)), Refusal::ProofNotFresh);
    assert_eq!(refused(&shown_by(&holder(), VERIFIER, NONCE, NOW + 6)), Refusal::ProofNotFresh);
    for near in [-65, 5] {
        assert!(Desk::new().verify(&shown_by(&holder(), VERIFIER, NONCE, NOW + near)).is_ok(), "{near}");
    }
}

#[test]
fn expired_and_not_yet_valid_with_their_leeway() {
    let mut desk = Desk::new();
    desk.asks = false;
    let text = issued().to_string();
    for (now, expected) in [
        (NOW + 1004, None),
        (NOW + 1005, Some(Refusal::Expired)),
        (NOW - 1005, None),
        (NOW - 1006, Some(Refusal::NotYetValid)),
    ] {
        desk.now = now;
        assert_eq!(desk.verify(&text).err(), expected, "{}", now - NOW);
    }
    for odd in [json!("tomorrow"), json!(null), json!(1e300)] {
        let mut claims = claims();
        claims.insert("exp".to_owned(), odd);
        assert_eq!(loose(&Value::Object(claims)).err(), Some(Refusal::Malformed("exp")));
    }
}

#[test]
fn every_altered_letter_is_found() {
    let text = shown();
    let desk = Desk::new();
    // Unoptimised arithmetic is slow: every fifth letter, which meets each part of each part.
    for place in (0..text.len()).step_by(5) {
        let old = text.as_bytes()[place];
        let mut bytes = text.clone().into_bytes();
        bytes[place] = if old == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(desk.verify(&changed).is_err(), "letter {place} of {text}");
    }
    let (head, rest) = text.split_once('.').unwrap();
    let mut claims = claims();
    claims.insert("name".to_owned(), "示例·李四".into());
    let payload = base64(Value::Object(claims).to_string().as_bytes());
    let (_, rest) = rest.split_once('.').unwrap();
    assert_eq!(refused(&format!("{head}.{payload}.{rest}")), Refusal::Altered);
}

#[test]
fn unsigned_and_confused_keys() {
    let payload = Value::Object(claims());
    for none in ["none", "None", "NONE"] {
        let signed = format!(
            "{}.{}",
            base64(header(none).to_string().as_bytes()),
            base64(payload.to_string().as_bytes())
        );
        assert_eq!(refused(&format!("{signed}.~")), Refusal::AlgNone);
        assert_eq!(refused(&forged(&header(none), &payload, &issuer())), Refusal::AlgNone);
    }
    // The public key as the secret of an HMAC, another curve's name, and names nobody has.
    for other in ["HS256", "ES256", "SM2", "RS256", "eddsa", ""] {
        assert_eq!(refused(&forged(&header(other), &payload, &issuer())), Refusal::KeyConfusion, "{other}");
    }
    let proof = |alg: &str| {
        let text = shown();
        let (before, proof) = text.rsplit_once('~').unwrap();
        let payload = proof.split('.').nth(1).unwrap();
        let header = base64(json!({ "alg": alg, "typ": "kb+jwt" }).to_string().as_bytes());
        let signed = format!("{header}.{payload}");
        format!("{before}~{signed}.{}", base64(&holder().sign(signed.as_bytes()).unwrap()))
    };
    assert_eq!(refused(&proof("none")), Refusal::AlgNone);
    assert_eq!(refused(&proof("EdDSA")), Refusal::KeyConfusion);
    assert!(Desk::new().verify(&proof("ES256")).is_ok());
}

#[test]
fn a_key_in_the_header_is_not_believed() {
    let mallory = key(Algorithm::Ed25519, 66);
    let mut with = header("EdDSA");
    with["jwk"] = mallory.verifying_key().to_jwk();
    assert_eq!(refused(&forged(&with, &Value::Object(claims()), &mallory)), Refusal::Altered);
    with["kid"] = mallory.verifying_key().kid().into();
    assert_eq!(refused(&forged(&with, &Value::Object(claims()), &mallory)), Refusal::UnknownKey);
    with["crit"] = json!(["b64"]);
    assert_eq!(refused(&forged(&with, &Value::Object(claims()), &mallory)), Refusal::UnknownExtension);
}

#[test]
fn unknown_issuer_key_and_type() {
    let mut claims = claims();
    claims.insert("iss".to_owned(), "https://elsewhere.example".into());
    let binding = Binding { key: &holder(), audience: VERIFIER, nonce: NONCE, at: at(NOW) };
    let other = issue_with(&claims, &issuer(), &holder()).present(&[], Some(&binding)).unwrap();
    assert_eq!(refused(&other), Refusal::UnknownIssuer);
    let mut desk = Desk::new();
    desk.types = vec!["https://fuwu.example/types/other"];
    assert_eq!(desk.verify(&shown()), Err(Refusal::UnknownType));
    let mut desk = Desk::new();
    let mut keys = KeySet::new(issuer());
    keys.retire(issuer().verifying_key().kid());
    desk.issuers.insert(ISSUER.to_owned(), keys);
    assert_eq!(desk.verify(&shown()), Err(Refusal::RetiredKey));
}

#[test]
fn another_kind_of_token_is_not_a_certificate() {
    for typ in [json!("JWT"), json!("kb+jwt"), json!("statuslist+jwt"), json!(7), Value::Null] {
        let mut header = header("EdDSA");
        header["typ"] = typ;
        assert_eq!(refused(&forged(&header, &Value::Object(claims()), &issuer())), Refusal::WrongForm);
    }
    // Nor is a certificate a proof.
    let text = shown();
    let (before, _) = text.rsplit_once('~').unwrap();
    let token = sign_jwt(&holder(), "dc+sd-jwt", &Map::new()).unwrap();
    assert_eq!(refused(&format!("{before}~{token}")), Refusal::WrongForm);
}

#[test]
fn revoked_suspended_and_a_status_of_their_own() {
    let mut desk = Desk::new();
    for (status, expected) in [
        (TokenStatus::Invalid, Refusal::Revoked),
        (TokenStatus::Suspended, Refusal::Suspended),
        (TokenStatus::Other(3), Refusal::OtherStatus(3)),
    ] {
        desk.status = Lookup::Found(status);
        assert_eq!(desk.verify(&shown()), Err(expected));
    }
}

#[test]
fn a_proof_of_another_key_of_another_showing_or_none() {
    let text = shown();
    let (before, proof) = text.rsplit_once('~').unwrap();
    assert_eq!(refused(&format!("{before}~")), Refusal::ProofMissing);
    let fewer = issued().present(&[], None).unwrap();
    assert_eq!(refused(&format!("{fewer}{proof}")), Refusal::ProofOfOther);
    let mut unbound = claims();
    unbound.remove("status");
    let hidden = certificates::Issue { claims: &unbound, hide: &[], holder: None, decoys: 0 };
    let bare = hidden.sign(&issuer(), &mut |bytes| bytes.fill(0)).unwrap();
    assert_eq!(refused(&format!("{bare}{proof}")), Refusal::NotBound);
    // Somebody else's proof, who holds the text of the certificate and not its key.
    let thief = key(Algorithm::P256, 99);
    let payload = proof.split('.').nth(1).unwrap();
    let signed =
        format!("{}.{payload}", base64(json!({ "alg": "ES256", "typ": "kb+jwt" }).to_string().as_bytes()));
    let stolen = format!("{before}~{signed}.{}", base64(&thief.sign(signed.as_bytes()).unwrap()));
    assert_eq!(refused(&stolen), Refusal::ProofAltered);
}

#[test]
fn disclosures_repeated_unreferenced_or_broken() {
    let mut desk = Desk::new();
    desk.asks = false;
    let all = issued().to_string();
    let parts: Vec<&str> = all.split('~').collect();
    let with = |more: &str| desk.verify(&format!("{}~{}~{more}~", parts[0], parts[1])).err();
    assert_eq!(with(parts[1]), Some(Refusal::DisclosureRepeated));
    assert_eq!(with(&base64(br#"["c2FsdA","name","x"]"#)), Some(Refusal::DisclosureUnreferenced));
    for broken in
        [r#"["a"]"#, r#"["a","b","c","d"]"#, r#"[1,"b","c"]"#, r#"{"a":1}"#, r#"["a","_sd",[]]"#, "[]", "x"]
    {
        assert_eq!(with(&base64(broken.as_bytes())), Some(Refusal::BadDisclosure), "{broken}");
    }
    assert_eq!(with("***"), Some(Refusal::BadDisclosure));
    assert_eq!(with(""), Some(Refusal::BadDisclosure));
}

/// A dishonest issuer's payloads: each digest once, no name twice, nothing hidden that says for how long.
#[test]
fn digests_that_play_tricks() {
    let disclosure = |text: &str| {
        let text = base64(text.as_bytes());
        let digest = base64(&<sha2::Sha256 as sha2::Digest>::digest(text.as_bytes()));
        (text, digest)
    };
    let mut desk = Desk::new();
    desk.asks = false;
    let tried = |payload: Map<String, Value>, disclosures: &[&str]| {
        let mut text = forged(&header("EdDSA"), &Value::Object(payload), &issuer());
        for disclosure in disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        desk.verify(&text).err()
    };
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims.insert(name.to_owned(), value);
        claims
    };
    let (name, digest) = disclosure(r#"["c2FsdA","name","x"]"#);
    assert_eq!(
        tried(with("_sd", json!([digest])), &[&name]),
        Some(Refusal::DisclosureRepeated),
        "a name twice"
    );
    let (fresh, digest) = disclosure(r#"["c2FsdA","fresh","x"]"#);
    assert_eq!(tried(with("_sd", json!([digest, digest])), &[&fresh]), Some(Refusal::DisclosureRepeated));
    assert_eq!(tried(with("_sd", json!([digest])), &[&fresh]), None);
    assert_eq!(tried(with("list", json!([{ "...": digest }])), &[&fresh]), Some(Refusal::BadDisclosure));
    let (element, digest) = disclosure(r#"["c2FsdA","x"]"#);
    assert_eq!(tried(with("_sd", json!([digest])), &[&element]), Some(Refusal::BadDisclosure));
    let mut payload = with("_sd", Value::Null);
    payload.remove("exp");
    let (expiry, digest) = disclosure(r#"["c2FsdA","exp",9999999999]"#);
    payload.insert("_sd".to_owned(), json!([digest]));
    assert_eq!(tried(payload, &[&expiry]), Some(Refusal::BadDisclosure), "a hidden expiry");
    assert_eq!(tried(with("_sd", json!("x")), &[]), Some(Refusal::Malformed("_sd")));
    assert_eq!(tried(with("_sd", json!([7])), &[]), Some(Refusal::Malformed("_sd")));
    assert_eq!(tried(with("_sd_alg", json!("md5")), &[]), Some(Refusal::DigestAlgorithm));
    assert_eq!(tried(with("_sd_alg", json!(1)), &[]), Some(Refusal::DigestAlgorithm));
    assert_eq!(tried(with("x", json!({ "...": "y" })), &[]), Some(Refusal::Malformed("digest")));
}

#[test]
fn too_large_too_many_too_deep() {
    let mut desk = Desk::new();
    desk.asks = false;
    assert_eq!(desk.verify(&"a".repeat(600_000)), Err(Refusal::TooLarge));
    let token = issued().to_string();
    let token = token.split('~').next().unwrap();
    let many: String = (0..513).map(|at| base64(format!(r#"["{at}","x",1]"#).as_bytes()) + "~").collect();
    assert_eq!(desk.verify(&format!("{token}~{many}")), Err(Refusal::TooLarge));
    let mut deep = json!(1);
    for _ in 0..40 {
        deep = json!([deep]);
    }
    let mut claims = claims();
    claims.insert("deep".to_owned(), deep);
    assert_eq!(loose(&Value::Object(claims)).err(), Some(Refusal::TooLarge));
}

#[test]
fn what_cannot_be_read_says_which_part() {
    let good = shown();
    let (head, _) = good.split_once('.').unwrap();
    for (text, part) in [
        (String::new(), "tilde"),
        ("a.b.c".to_owned(), "tilde"),
        ("abc~".to_owned(), "three parts"),
        ("a.b~".to_owned(), "three parts"),
        ("!.b.c~".to_owned(), "header"),
        (format!("{head}.b.c~"), "payload"),
        (format!("{head}~"), "three parts"),
    ] {
        assert_eq!(refused(&text), Refusal::Malformed(part), "{text}");
    }
    // A name that stands twice: one reader sees the first, another the second.
    let twice = r#"{"iss":"https://fuwu.example","vct":"a","vct":"b"}"#;
    let signed = format!("{}.{}", base64(header("EdDSA").to_string().as_bytes()), base64(twice.as_bytes()));
    let text = format!("{signed}.{}~", base64(&issuer().sign(signed.as_bytes()).unwrap()));
    assert_eq!(refused(&text), Refusal::Malformed("payload"));
}

#[test]
fn each_reason_has_its_own_name_and_words() {
    use std::collections::BTreeSet;
    let all = [
        Refusal::TooLarge,
        Refusal::Malformed("x"),
        Refusal::WrongForm,
        Refusal::AlgNone,
        Refusal::KeyConfusion,
        Refusal::UnknownExtension,
        Refusal::UnknownIssuer,
        Refusal::UnknownKey,
        Refusal::RetiredKey,
        Refusal::Altered,
        Refusal::UnknownType,
        Refusal::NotYetValid,
        Refusal::Expired,
        Refusal::DigestAlgorithm,
        Refusal::BadDisclosure,
        Refusal::DisclosureRepeated,
        Refusal::DisclosureUnreferenced,
        Refusal::ProofMissing,
        Refusal::NotBound,
        Refusal::ProofAltered,
        Refusal::ProofOfOther,
        Refusal::WrongAudience,
        Refusal::WrongNonce,
        Refusal::Replayed,
        Refusal::ProofNotFresh,
        Refusal::OtherList,
        Refusal::Revoked,
        Refusal::Suspended,
        Refusal::OtherStatus(3),
    ];
    let codes: BTreeSet<&str> = all.iter().map(|refusal| refusal.code()).collect();
    let words: BTreeSet<String> = all.iter().map(Refusal::to_string).collect();
    assert_eq!((codes.len(), words.len()), (all.len(), all.len()));
}
