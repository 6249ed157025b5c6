//! Our side of the talk with others' libraries, started by `cargo xtask interop`:
//!
//!     interop sign NOW            signs certificates for others to read; JSON on standard output
//!     interop read THEIRS.json    verifies what others signed; an error when one verdict is not the expected one
//!
//! NOW is in Unix seconds. The keys are known to everybody.

use std::collections::BTreeMap;
use std::error::Error;

use certificates::{
    Algorithm, Binding, BindingRule, Issue, KeySet, Lookup, Nonce, Policy, SigningKey, StatusClaim,
    StatusList, StatusToken, TokenStatus, Verdict, VerifyingKey, WhyNotChecked, verify,
};
use domain::Timestamp;
use serde_json::{Map, Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

const AUDIENCE: &str = "https://shop.example";
const NONCE: &str = "n-1";
const ISSUER: &str = "https://fuwu.example";
const LIST: &str = "https://fuwu.example/status/1";
const REVOKED: u64 = 9;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<&str>>()[..] {
        ["sign", now] => sign(now.parse()?),
        ["read", file] => read(&std::fs::read_to_string(file)?),
        _ => Err("say: sign NOW, or read THEIRS.json".into()),
    }
}

/// Salts that are not random: nothing here is secret.
fn chance() -> impl FnMut(&mut [u8]) {
    let mut count = 0_u32;
    move |bytes| {
        count += 1;
        bytes.fill(7);
        bytes[..4].copy_from_slice(&count.to_be_bytes());
    }
}

struct Case {
    name: &'static str,
    issuer: Algorithm,
    holder: Algorithm,
    /// What is wrong with it, for the others to find.
    wrong: Option<&'static str>,
}

const CASES: [Case; 7] = [
    Case { name: "ours, Ed25519", issuer: Algorithm::Ed25519, holder: Algorithm::Ed25519, wrong: None },
    Case { name: "ours, P-256", issuer: Algorithm::P256, holder: Algorithm::P256, wrong: None },
    Case { name: "ours, both", issuer: Algorithm::Ed25519, holder: Algorithm::P256, wrong: None },
    Case { name: "ours, altered", issuer: Algorithm::P256, holder: Algorithm::P256, wrong: Some("altered") },
    Case {
        name: "ours, another question",
        issuer: Algorithm::P256,
        holder: Algorithm::P256,
        wrong: Some("nonce"),
    },
    Case { name: "ours, expired", issuer: Algorithm::P256, holder: Algorithm::P256, wrong: Some("expired") },
    Case { name: "ours, revoked", issuer: Algorithm::P256, holder: Algorithm::P256, wrong: Some("revoked") },
];

fn sign(now: i64) -> Outcome<()> {
    let cases = CASES.iter().map(|case| signed(case, now)).collect::<Outcome<Vec<Value>>>()?;
    println!("{}", json!({ "now": now, "audience": AUDIENCE, "nonce": NONCE, "cases": cases }));
    Ok(())
}

fn signed(case: &Case, now: i64) -> Outcome<Value> {
    let issuer = SigningKey::from_seed(case.issuer, &[1; 32])?;
    let holder = SigningKey::from_seed(case.holder, &[2; 32])?;
    let index = if case.wrong == Some("revoked") { REVOKED } else { 3 };
    let plain = json!({
        "iss": ISSUER, "vct": "https://fuwu.example/types/card", "iat": now - 100,
        "exp": if case.wrong == Some("expired") { now - 50 } else { now + 600 },
        "status": StatusClaim { uri: LIST.to_owned(), index }.to_claim(),
    });
    let mut claims = plain.as_object().ok_or("no object")?.clone();
    claims.insert("name".to_owned(), "示例·陈晓明".into());
    claims.insert("number".to_owned(), "990000199001010010".into());
    claims.insert("address".to_owned(), json!({ "town": "示例镇", "street": "示例路 1 号" }));
    claims.insert("levels".to_owned(), json!(["一级", { "kind": "听力", "level": 2 }, "三级"]));
    let hide =
        ["/name", "/number", "/address", "/address/street", "/levels/1", "/levels/2"].map(str::to_owned);
    let issue = Issue { claims: &claims, hide: &hide, holder: Some(holder.verifying_key()), decoys: 2 };
    let issued = issue.sign(&issuer, &mut chance())?;
    let nonce = if case.wrong == Some("nonce") { "n-2" } else { NONCE };
    let binding = Binding { key: &holder, audience: AUDIENCE, nonce, at: Timestamp::from_second(now)? };
    let mut presentation = issued.present(&["/name", "/address/street", "/levels/1"], Some(&binding))?;
    if case.wrong == Some("altered") {
        let at = presentation.find('~').ok_or("no tilde")? - 10;
        let other = if presentation.as_bytes()[at] == b'A' { "B" } else { "A" };
        presentation.replace_range(at..=at, other);
    }
    claims.remove("number");
    claims.insert("levels".to_owned(), json!(["一级", { "kind": "听力", "level": 2 }]));
    Ok(json!({
        "name": case.name, "wrong": case.wrong, "presentation": presentation, "claims": claims,
        "issuer": issuer.verifying_key().to_jwk(), "holder": holder.verifying_key().to_jwk(),
        "list": { "uri": LIST, "token": list(&issuer, now)? },
    }))
}

fn list(issuer: &SigningKey, now: i64) -> Outcome<String> {
    let mut list = StatusList::new(2, 1000)?;
    list.set(REVOKED, TokenStatus::Invalid)?;
    let (issued, expires) = (Timestamp::from_second(now)?, Timestamp::from_second(now + 600)?);
    let token = StatusToken { uri: LIST.to_owned(), issued, expires: Some(expires), ttl: Some(300), list };
    Ok(token.sign(issuer)?)
}

fn read(theirs: &str) -> Outcome<()> {
    let theirs: Value = serde_json::from_str(theirs)?;
    let cases = theirs["cases"].as_array().filter(|cases| cases.len() > 2).ok_or("nothing to read")?;
    for case in cases {
        let name = case["name"].as_str().ok_or("no name")?;
        let (found, claims) = verdict(&theirs, case)?;
        println!("     we say {found} of {name}");
        if case["expected"] != found {
            return Err(format!("{name}: {} was expected", case["expected"]).into());
        }
        if claims.is_some_and(|claims| Value::Object(claims) != case["claims"]) {
            return Err(format!("{name}: other claims than {}", case["claims"]).into());
        }
    }
    Ok(())
}

/// What we say of a case: `valid`, why it was not checked, or the code of the refusal; and the claims we saw.
fn verdict(theirs: &Value, case: &Value) -> Outcome<(&'static str, Option<Map<String, Value>>)> {
    let now = Timestamp::from_second(theirs["now"].as_i64().ok_or("no time")?)?;
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("no text");
    let (audience, asked) = (text(&theirs["audience"])?, text(&theirs["nonce"])?);
    let keys = KeySet::verifying([VerifyingKey::from_jwk(&case["issuer"])?]);
    let list = case.get("list").map(|list| -> Outcome<StatusToken> {
        Ok(StatusToken::verify(&text(&list["token"])?, &text(&list["uri"])?, &keys, now, 5)?)
    });
    let list = list.transpose()?;
    let issuers = BTreeMap::from([("https://issuer.example".to_owned(), keys)]);
    let status = |claim: &StatusClaim| {
        let found =
            list.as_ref().filter(|list| list.uri == claim.uri).and_then(|list| list.list.get(claim.index));
        found.map_or(Lookup::Unavailable, Lookup::Found)
    };
    let nonce = |nonce: &str| if nonce == asked { Nonce::Fresh } else { Nonce::Unknown };
    let binding = BindingRule::Asked { audience: &audience, nonce: &nonce, max_age: 120 };
    let types = &["https://issuer.example/card"];
    let policy = Policy { now, leeway: 5, issuers: &issuers, types, binding, status: &status };
    let seen = |mut claims: Map<String, Value>| {
        claims.remove("cnf");
        Some(claims)
    };
    Ok(match verify(&text(&case["presentation"])?, &policy) {
        Ok(Verdict::Valid(shown)) => ("valid", seen(shown.claims)),
        Ok(Verdict::NotChecked(shown, why)) => {
            let why = match why {
                WhyNotChecked::NoStatusNamed => "no-status-named",
                WhyNotChecked::Unavailable => "unavailable",
                WhyNotChecked::UnknownMechanism => "unknown-mechanism",
            };
            (why, seen(shown.claims))
        }
        Err(refusal) => (refusal.code(), None),
    })
}
