//! Certificates that strangers show.

use std::collections::BTreeMap;

use ::certificates::{
    Algorithm, BindingRule, CertificateId, Issue, KeySet, Lookup, Policy, SdJwt, Shown, ShownCertificate,
    SigningKey, StatusClaim, StatusList, StatusToken, TokenStatus, Verdict, verify,
};
use domain::Timestamp;
use serde_json::{Value, json};

const ISSUER: &str = "https://fuwu.example";
const LIST: &str = "https://fuwu.example/status/1";
/// Seconds since 1970.
const NOW: i64 = 1_795_420_800;

fn key() -> SigningKey {
    SigningKey::from_seed(Algorithm::Ed25519, &[1; 32]).expect("any 32 bytes are an Ed25519 key")
}

fn now() -> Timestamp {
    Timestamp::constant(NOW, 0)
}

/// Claims that were never hidden, and then those that were.
fn claims() -> Value {
    json!({
        "iss": ISSUER, "vct": "card", "exp": NOW + 60, "grade": "A",
        "status": StatusClaim { uri: LIST.to_owned(), index: 1 }.to_claim(),
        "name": "示例", "address": { "town": "镇" }, "levels": ["一", "二"],
    })
}

/// An identifier, a certificate, a code, a list and its token, all good as they stand.
///
/// # Panics
/// When one of them cannot be made.
#[must_use]
pub fn good_certificates() -> Vec<Vec<u8>> {
    let id = CertificateId::new("11100000000013338W009", "11330105002500287C", "2025052201", 2)
        .expect("the parts are right");
    let hide = ["/name", "/address/town", "/levels/1"].map(str::to_owned);
    let claims = claims();
    let claims = claims.as_object().expect("an object");
    let issue = Issue { claims, hide: &hide, holder: None, decoys: 1 };
    let issued = issue.sign(&key(), &mut |bytes| bytes.fill(5)).expect("the claims are right").to_string();
    let one =
        ShownCertificate { id: id.clone(), fields: vec![("name".to_owned(), Some("示例".to_owned()))] };
    let shown = Shown { id: [1; 16], made: now(), seconds: 60, certificates: vec![one] };
    let shown = shown.sign(&key()).expect("it is small");
    let list = StatusList::new(2, 64).expect("a small list");
    let claim = list.to_claim().to_string();
    let token = StatusToken { uri: LIST.to_owned(), issued: now(), expires: None, ttl: Some(60), list };
    let token = token.sign(&key()).expect("the key signs");
    [id.to_string(), issued, shown, claim, token].into_iter().map(String::into_bytes).collect()
}

/// Reads the bytes as everything that a stranger may show: an identifier, a certificate, a code, a status list.
///
/// # Panics
/// When what was read and written again is read as something else, or a claim shows that was never signed.
pub fn certificate(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(id) = text.parse::<CertificateId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(read) = SdJwt::parse(text) {
        assert_eq!(read.to_string(), text);
        if let Ok(hidden) = read.hidden() {
            let all: Vec<&str> = hidden.iter().map(|(at, _)| at.as_str()).collect();
            assert_eq!(read.present(&all, None).as_deref(), Ok(text), "showing all is showing it as it is");
        }
    }
    let keys = KeySet::new(key());
    if let Ok(shown) = Shown::verify(text, &keys, now(), 0) {
        assert_eq!(shown.sign(&key()).as_deref(), Ok(text), "one code has one text");
    }
    if let Ok(token) = StatusToken::verify(text, LIST, &keys, now(), 0) {
        assert!(token.list.get(token.list.length()).is_none());
    }
    if let Ok(claim) = serde_json::from_str::<Value>(text)
        && let Ok(list) = StatusList::from_claim(&claim)
    {
        assert_eq!(StatusList::from_claim(&list.to_claim()).as_ref(), Ok(&list));
    }
    let issuers = BTreeMap::from([(ISSUER.to_owned(), keys)]);
    let status = |_: &StatusClaim| Lookup::Found(TokenStatus::Valid);
    let binding = BindingRule::NotAsked;
    let policy = Policy { now: now(), leeway: 0, issuers: &issuers, types: &[], binding, status: &status };
    if let Ok(verdict) = verify(text, &policy) {
        let Verdict::Valid(shown) = verdict else { panic!("its status was there") };
        let signed = claims();
        for (name, value) in &shown.claims {
            let part = name == "address" || name == "levels";
            assert!(part || signed.get(name) == Some(value), "{name} was never signed so");
        }
    }
}
