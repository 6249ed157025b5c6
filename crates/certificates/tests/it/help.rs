//! Keys, chance and a certificate to test with.

use std::collections::BTreeMap;

use certificates::{
    Algorithm, BindingRule, Issue, KeySet, Lookup, Nonce, Policy, Refusal, SdJwt, SigningKey, StatusClaim,
    TokenStatus, Verdict, verify,
};
use domain::Timestamp;
use serde_json::{Map, Value, json};

pub(crate) const ISSUER: &str = "https://fuwu.example";
pub(crate) const VCT: &str = "https://fuwu.example/types/disabled-person-card";
pub(crate) const VERIFIER: &str = "https://shop.example";
pub(crate) const NONCE: &str = "n-1";
pub(crate) const LIST: &str = "https://fuwu.example/status/1";
/// 2026-11-23T08:00:00Z.
pub(crate) const NOW: i64 = 1_795_420_800;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// Random bytes from a seed (splitmix64).
pub(crate) fn chance(mut seed: u64) -> impl FnMut(&mut [u8]) {
    move |bytes| {
        for byte in bytes {
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed >> 40) as u8;
        }
    }
}

pub(crate) fn key(algorithm: Algorithm, number: u8) -> SigningKey {
    SigningKey::from_seed(algorithm, &[number; 32]).unwrap()
}

pub(crate) fn issuer() -> SigningKey {
    key(Algorithm::Ed25519, 1)
}

pub(crate) fn holder() -> SigningKey {
    key(Algorithm::P256, 2)
}

pub(crate) fn claims() -> Map<String, Value> {
    let claims = json!({
        "iss": ISSUER,
        "vct": VCT,
        "iat": NOW - 1000,
        "nbf": NOW - 1000,
        "exp": NOW + 1000,
        "status": StatusClaim { uri: LIST.to_owned(), index: 5 }.to_claim(),
        "name": "示例·陈晓明",
        "number": "990000199001010010",
        "address": { "town": "示例镇", "street": "示例路 1 号" },
        "degrees": ["一级", "二级", { "kind": "听力", "level": 2 }],
    });
    claims.as_object().unwrap().clone()
}

pub(crate) const HIDE: [&str; 7] =
    ["/name", "/number", "/address", "/address/street", "/degrees/1", "/degrees/2", "/degrees/2/level"];

pub(crate) fn issue_with(claims: &Map<String, Value>, issuer: &SigningKey, holder: &SigningKey) -> SdJwt {
    let hide: Vec<String> = HIDE
        .iter()
        .filter(|at| claims.get(&at[1..]).is_some() || at[1..].contains('/'))
        .map(|at| (*at).to_owned())
        .collect();
    let holder = Some(holder.verifying_key());
    Issue { claims, hide: &hide, holder, decoys: 3 }.sign(issuer, &mut chance(7)).unwrap()
}

pub(crate) fn issued() -> SdJwt {
    issue_with(&claims(), &issuer(), &holder())
}

/// What a verifier decides; each test changes one thing.
pub(crate) struct Desk {
    pub(crate) now: i64,
    pub(crate) issuers: BTreeMap<String, KeySet>,
    pub(crate) types: Vec<&'static str>,
    pub(crate) audience: &'static str,
    pub(crate) nonce: Nonce,
    pub(crate) status: Lookup,
    pub(crate) asks: bool,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            now: NOW,
            issuers: BTreeMap::from([(ISSUER.to_owned(), KeySet::new(issuer()).public())]),
            types: vec![VCT],
            audience: VERIFIER,
            nonce: Nonce::Fresh,
            status: Lookup::Found(TokenStatus::Valid),
            asks: true,
        }
    }

    pub(crate) fn verify(&self, text: &str) -> Result<Verdict, Refusal> {
        let nonce = |nonce: &str| if nonce == NONCE { self.nonce } else { Nonce::Unknown };
        let status = |claim: &StatusClaim| {
            assert_eq!((claim.uri.as_str(), claim.index), (LIST, 5));
            self.status
        };
        let binding = if self.asks {
            BindingRule::Asked { audience: self.audience, nonce: &nonce, max_age: 60 }
        } else {
            BindingRule::NotAsked
        };
        let types = &self.types;
        verify(
            text,
            &Policy { now: at(self.now), leeway: 5, issuers: &self.issuers, types, binding, status: &status },
        )
    }
}
