use certificates::{
    Algorithm, BadList, KeySet, Lookup, Refusal, Status, StatusClaim, StatusList, StatusToken, TokenStatus,
    sign_jwt,
};
use serde_json::{Map, Value, json};

use crate::help::{LIST, NOW, at, issuer, key};

/// The examples of the draft, section 4.1: 16 places of 1 bit, 12 of 2 bits.
#[test]
fn the_examples_of_the_draft() {
    let one = StatusList::from_claim(&json!({ "bits": 1, "lst": "eNrbuRgAAhcBXQ" })).unwrap();
    let read: Vec<u8> = (0..one.length()).map(|at| one.get(at).unwrap().into()).collect();
    assert_eq!(read, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    let two = StatusList::from_claim(&json!({ "bits": 2, "lst": "eNo76fITAAPfAgc" })).unwrap();
    let read: Vec<u8> = (0..two.length()).map(|at| two.get(at).unwrap().into()).collect();
    assert_eq!(read, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
}

#[test]
fn what_is_set_stands_alone() {
    for (bits, highest) in [(1, 1), (2, 3), (4, 15), (8, 255)] {
        let mut list = StatusList::new(bits, 100).unwrap();
        assert!(list.length() >= 100 && list.length() < 108);
        list.set(37, TokenStatus::from(highest)).unwrap();
        for at in 0..list.length() {
            assert_eq!(
                u8::from(list.get(at).unwrap()),
                if at == 37 { highest } else { 0 },
                "{bits} bits, {at}"
            );
        }
        list.set(37, TokenStatus::Valid).unwrap();
        assert_eq!(list, StatusList::new(bits, 100).unwrap());
        assert_eq!(list.get(list.length()), None);
        assert_eq!(list.set(list.length(), TokenStatus::Valid), Err(BadList::Place));
    }
    let mut list = StatusList::new(1, 8).unwrap();
    assert_eq!(list.set(0, TokenStatus::Suspended), Err(BadList::Bits));
    assert_eq!(StatusList::new(3, 8), Err(BadList::Shape));
    assert_eq!(StatusList::new(8, 1 << 40), Err(BadList::Shape));
}

fn token() -> StatusToken {
    let mut list = StatusList::new(2, 1000).unwrap();
    list.set(5, TokenStatus::Suspended).unwrap();
    StatusToken { uri: LIST.to_owned(), issued: at(NOW), expires: Some(at(NOW + 3600)), ttl: Some(600), list }
}

#[test]
fn a_published_list_is_read_back() {
    let text = token().sign(&issuer()).unwrap();
    let keys = KeySet::new(issuer());
    let read = StatusToken::verify(&text, LIST, &keys, at(NOW + 10), 5).unwrap();
    assert_eq!(read, token());
    assert_eq!(read.list.get(5), Some(TokenStatus::Suspended));
    assert!(!read.is_stale(at(NOW + 600)) && read.is_stale(at(NOW + 601)));
}

#[test]
fn a_list_says_nothing_of_what_it_is_not_about() {
    let claim = |uri: &str, index| StatusClaim { uri: uri.to_owned(), index };
    let look = |claim, now| token().lookup(&claim, at(now));
    assert_eq!(look(claim(LIST, 5), NOW), Lookup::Found(TokenStatus::Suspended));
    assert_eq!(look(claim(LIST, 6), NOW + 3599), Lookup::Found(TokenStatus::Valid));
    assert_eq!(look(claim(LIST, 6), NOW + 3600), Lookup::Unavailable);
    assert_eq!(look(claim(LIST, 1000), NOW), Lookup::Unavailable);
    assert_eq!(look(claim("https://fuwu.example/status/2", 6), NOW), Lookup::Unavailable);
}

#[test]
fn what_happened_becomes_a_number_and_the_days_do_not() {
    let day = domain::Date::constant(2026, 11, 23);
    for status in [Status::Valid, Status::Expired(day), Status::NotYetValid(day)] {
        assert_eq!(status.to_token_status(), TokenStatus::Valid);
    }
    assert_eq!(Status::Revoked(day).to_token_status(), TokenStatus::Invalid);
    assert_eq!(Status::Suspended.to_token_status(), TokenStatus::Suspended);
}

#[test]
fn a_list_is_refused_when_it_is_old_another_forged_or_swollen() {
    let text = token().sign(&issuer()).unwrap();
    let keys = KeySet::new(issuer());
    let verify = |text: &str, uri, now| StatusToken::verify(text, uri, &keys, at(now), 5).err();
    assert_eq!(verify(&text, LIST, NOW + 3605), Some(Refusal::Expired));
    assert_eq!(verify(&text, LIST, NOW - 6), Some(Refusal::NotYetValid));
    assert_eq!(verify(&text, "https://fuwu.example/status/2", NOW), Some(Refusal::OtherList));
    let forged = token().sign(&key(Algorithm::Ed25519, 9)).unwrap();
    assert_eq!(verify(&forged, LIST, NOW), Some(Refusal::UnknownKey));
    let claims = |list: Value| {
        let claims = json!({ "sub": LIST, "iat": NOW, "status_list": list });
        sign_jwt(&issuer(), "statuslist+jwt", claims.as_object().unwrap()).unwrap()
    };
    // Two megabytes of zeros in two kilobytes.
    let swollen = include_str!("swollen.txt").trim();
    assert_eq!(verify(&claims(json!({ "bits": 1, "lst": swollen })), LIST, NOW), Some(Refusal::TooLarge));
    assert_eq!(
        verify(&claims(json!({ "bits": 3, "lst": "eNrbuRgAAhcBXQ" })), LIST, NOW),
        Some(Refusal::Malformed("bits"))
    );
    assert_eq!(
        verify(&claims(json!({ "bits": 1, "lst": "eNrb" })), LIST, NOW),
        Some(Refusal::Malformed("lst"))
    );
    assert_eq!(verify(&claims(Value::Null), LIST, NOW), Some(Refusal::Malformed("bits")));
    let other = sign_jwt(&issuer(), "JWT", &Map::new()).unwrap();
    assert_eq!(verify(&other, LIST, NOW), Some(Refusal::WrongForm));
}
