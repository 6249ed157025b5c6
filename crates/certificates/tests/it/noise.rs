//! Arbitrary bytes never make a reader panic, and never pass.

use certificates::{KeySet, SdJwt, Shown, StatusList, StatusToken, verify_jwt};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::help::{Desk, LIST, NOW, at, issued, issuer};

/// A small JSON value of any shape, with names that the format uses.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let name = prop_oneof![
            Just("_sd".to_owned()),
            Just("...".to_owned()),
            Just("exp".to_owned()),
            "[a-z/~]{0,5}"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(name, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn texts_are_judged(text in "\\PC*", parts in prop::collection::vec("[A-Za-z0-9_.~-]{0,40}", 0..6)) {
        let keys = KeySet::new(issuer());
        for text in [text, parts.join("~"), parts.join(".")] {
            prop_assert!(Desk::new().verify(&text).is_err());
            prop_assert!(verify_jwt(&text, &keys, "x").is_err());
            prop_assert!(StatusToken::verify(&text, LIST, &keys, at(NOW), 0).is_err());
            prop_assert!(Shown::verify(&text, &keys, at(NOW), 0).is_err());
            drop(SdJwt::parse(&text));
        }
    }

    #[test]
    fn signed_nonsense_is_judged(value in any_json()) {
        let payload = match value {
            Value::Object(members) => members,
            other => json!({ "iss": "https://fuwu.example", "vct": "x", "y": other }).as_object().unwrap().clone(),
        };
        let token = certificates::sign_jwt(&issuer(), "dc+sd-jwt", &payload).unwrap();
        let mut desk = Desk::new();
        desk.asks = false;
        desk.types.clear();
        drop(desk.verify(&format!("{token}~")));
        drop(StatusList::from_claim(&Value::Object(payload)));
    }

    #[test]
    fn broken_certificates_are_refused(place in any::<prop::sample::Index>(), length in 0_usize..40, new in "[A-Za-z0-9~.]{0,20}") {
        let mut text = issued().to_string();
        let start = place.index(text.len());
        let end = (start + length).min(text.len());
        text.replace_range(start..end, &new);
        let mut desk = Desk::new();
        desk.asks = false;
        // To leave disclosures out, or a proof that is not looked at, is no damage.
        if let Ok(verdict) = desk.verify(&text) {
            let certificates::Verdict::Valid(shown) = verdict else { panic!("{verdict:?}") };
            let all = Desk { asks: false, ..Desk::new() }.verify(&issued().to_string()).unwrap();
            let certificates::Verdict::Valid(all) = all else { panic!("{all:?}") };
            let known = |name: &String| all.claims.contains_key(name);
            prop_assert!(shown.claims.keys().all(known), "{:?}", shown.claims);
        }
    }
}
