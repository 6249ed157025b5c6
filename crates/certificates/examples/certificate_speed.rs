//! How many certificates are issued and verified in a second, beside the bare arithmetic, on all cores.
//!
//!     cargo run --release -p certificates --example certificate_speed [SECONDS]
//!
//! Prints `name=value`; rates are per second and over all threads.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use certificates::{
    Algorithm, Binding, BindingRule, CertificateId, Issue, KeySet, Lookup, Nonce, Policy, SdJwt, Shown,
    ShownCertificate, SigningKey, StatusClaim, TokenStatus, Verdict, qr_svg, verify,
};
use domain::Timestamp;
use serde_json::{Map, Value, json};

const ISSUER: &str = "https://fuwu.example";
const AUDIENCE: &str = "https://shop.example";
const NONCE: &str = "n-1";
const NOW: Timestamp = Timestamp::constant(1_795_420_800, 0);

fn main() -> Result<(), Box<dyn Error>> {
    let seconds: f64 = std::env::args().nth(1).map_or(Ok(2.0), |word| word.parse())?;
    let threads = std::thread::available_parallelism()?.get();
    println!("threads={threads}");
    for algorithm in [Algorithm::Ed25519, Algorithm::P256, Algorithm::Sm2] {
        let name = format!("{algorithm:?}").to_lowercase();
        let key = SigningKey::from_seed(algorithm, &[1; 32])?;
        let holder = SigningKey::from_seed(algorithm, &[2; 32])?;
        let rate = |what: &str, once: &(dyn Fn(u64) -> bool + Sync)| {
            println!("{name}_{what}={:.0}", per_second(threads, seconds, once));
        };
        let message = [7; 900];
        let signature = key.sign(&message)?;
        rate("bare_sign", &|_| key.sign(&message).is_ok());
        rate("bare_verify", &|_| key.verifying_key().verifies(&message, &signature));
        let claims = claims();
        rate("issue", &|at| issued(&claims, &key, &holder, at).is_some());
        let issued = issued(&claims, &key, &holder, 0).ok_or("cannot issue")?;
        let show = ["/name", "/level"];
        let bare = issued.present(&show, None)?;
        let binding = Binding { key: &holder, audience: AUDIENCE, nonce: NONCE, at: NOW };
        let held = issued.present(&show, Some(&binding))?;
        let issuers = BTreeMap::from([(ISSUER.to_owned(), KeySet::new(key.clone()).public())]);
        rate("verify", &|_| valid(&bare, &issuers, false));
        rate("verify_with_proof", &|_| valid(&held, &issuers, true));
        let shown = shown()?;
        let code = shown.sign(&key)?;
        rate("show_code_sign", &|_| shown.sign(&key).is_ok());
        rate("show_code_verify", &|_| Shown::verify(&code, &issuers[ISSUER], NOW, 0).is_ok());
        if algorithm == Algorithm::Ed25519 {
            println!("certificate_bytes={}\nshow_code_letters={}", issued.to_string().len(), code.len());
            let address = format!("https://fuwu.example/v/{code}");
            rate("show_code_sign_and_draw", &|_| shown.sign(&key).is_ok() && qr_svg(&address, "x").is_ok());
        }
    }
    Ok(())
}

/// How often `once` succeeds in a second on so many threads.
#[expect(clippy::disallowed_methods, reason = "it measures real time")]
fn per_second(threads: usize, seconds: f64, once: &(dyn Fn(u64) -> bool + Sync)) -> f64 {
    let (count, begun) = (AtomicU64::new(0), Instant::now());
    let end = Duration::from_secs_f64(seconds);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while begun.elapsed() < end {
                    let at = count.fetch_add(1, Ordering::Relaxed);
                    assert!(once(at), "one did not succeed: the rate would be a lie");
                }
            });
        }
    });
    count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// A certificate with ten fields, all hidden.
fn claims() -> Map<String, Value> {
    let status = StatusClaim { uri: "https://fuwu.example/status/1".to_owned(), index: 5 }.to_claim();
    let mut claims = Map::new();
    claims.insert("iss".to_owned(), ISSUER.into());
    claims.insert("vct".to_owned(), "https://fuwu.example/types/card".into());
    claims.insert("exp".to_owned(), (NOW.as_second() + 1000).into());
    claims.insert("status".to_owned(), status);
    for name in ["name", "number", "level", "kind", "town", "street", "issued", "until", "guardian", "card"] {
        claims.insert(name.to_owned(), json!(format!("示例 {name}")));
    }
    claims
}

fn issued(claims: &Map<String, Value>, key: &SigningKey, holder: &SigningKey, at: u64) -> Option<SdJwt> {
    let open = ["iss", "vct", "exp", "status"];
    let hide = claims.keys().filter(|name| !open.contains(&name.as_str()));
    let hide: Vec<String> = hide.map(|name| format!("/{name}")).collect();
    // Salts differ, as they would; drawing random bytes is not what is measured.
    let mut count = at << 8;
    let mut chance = |bytes: &mut [u8]| {
        count += 1;
        bytes[..8].copy_from_slice(&count.to_be_bytes());
    };
    Issue { claims, hide: &hide, holder: Some(holder.verifying_key()), decoys: 2 }.sign(key, &mut chance).ok()
}

fn valid(text: &str, issuers: &BTreeMap<String, KeySet>, proof: bool) -> bool {
    let status = |_: &StatusClaim| Lookup::Found(TokenStatus::Valid);
    let nonce = |_: &str| Nonce::Fresh;
    let binding = match proof {
        true => BindingRule::Asked { audience: AUDIENCE, nonce: &nonce, max_age: 60 },
        false => BindingRule::NotAsked,
    };
    let policy = Policy { now: NOW, leeway: 5, issuers, types: &[], binding, status: &status };
    matches!(verify(text, &policy), Ok(Verdict::Valid(_)))
}

fn shown() -> Result<Shown, Box<dyn Error>> {
    let id = CertificateId::new("11100000000013338W009", "11330105002500287C", "2025052201", 2)?;
    let fields = vec![("name".to_owned(), Some("示例·陈晓明".to_owned())), ("level".to_owned(), None)];
    let certificates = vec![ShownCertificate { id, fields }];
    Ok(Shown { id: [1; 16], made: NOW, seconds: 60, certificates })
}
