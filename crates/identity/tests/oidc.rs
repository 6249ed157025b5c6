//! Answers of OpenID Connect providers: each wrong one with its own reason. The signature check here is a double,
//! "signed by the key of this name"; real ones are checked in `app`.

#![expect(clippy::unwrap_used, reason = "in a test a panic is an answer")]

use std::collections::BTreeMap;

use domain::{Lang, Timestamp};
use identity::oidc::{
    self, ClaimNames, Client, Discovery, Expected, Fault, IdToken, Judged, Key, Keys, Levels, MAX_AGE, SKEW,
    TokenAuth,
};
use identity::webauthn::to_base64url;
use identity::{Denied, RealNameLevel, Returned, Visit, demo_people};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const ISSUER: &str = "https://id.example";
const NOW: i64 = 1_800_000_000;

fn client() -> Client {
    Client {
        id: "province".to_owned(),
        issuer: ISSUER.to_owned(),
        client_id: "shengshi".to_owned(),
        secret: Some("s:e c".to_owned()),
        scope: "openid profile".to_owned(),
        names: ClaimNames { name: "name".to_owned(), number: "id_number".to_owned(), mobile: None },
        levels: Levels {
            by_acr: [
                ("low", RealNameLevel::Declared),
                ("face", RealNameLevel::Face),
                ("card", RealNameLevel::InPerson),
            ]
            .map(|(acr, level)| (acr.to_owned(), level))
            .into(),
            otherwise: Some(RealNameLevel::Matched),
            most: RealNameLevel::Face,
        },
    }
}

fn description() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example/auth",
        "token_endpoint": "https://id.example/token",
        "jwks_uri": "https://id.example/jwks",
        "userinfo_endpoint": "https://id.example/me",
        "response_types_supported": ["code"],
    })
}

fn discovered(description: &Value) -> Result<Discovery, Fault> {
    Discovery::read(description.to_string().as_bytes(), ISSUER, true)
}

fn keys() -> Keys {
    let x = to_base64url(&[7; 32]);
    let set = json!({"keys": [
        {"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": to_base64url(&[0, 9, 9]), "e": "AQAB"},
        {"kty": "EC", "kid": "point", "crv": "P-256", "x": x, "y": x},
        {"kty": "OKP", "kid": "edwards", "crv": "Ed25519", "x": x},
        {"kty": "RSA", "kid": "encrypts", "use": "enc", "n": "AQAB", "e": "AQAB"},
        {"kty": "oct", "kid": "shared", "k": x},
        {"kty": "EC", "kid": "short", "crv": "P-256", "x": "AQ", "y": x},
        7,
    ]});
    Keys::read(set.to_string().as_bytes()).unwrap()
}

/// What the double signs with: the key's name.
fn signature(kid: &str, signed: &str) -> String {
    to_base64url(&Sha256::digest(format!("{kid}/{signed}")))
}

fn check(key: &Key, signed: &[u8], given: &[u8]) -> bool {
    let kid = key.kid.as_deref().unwrap_or_default();
    to_base64url(given) == signature(kid, std::str::from_utf8(signed).unwrap())
}

fn good() -> Value {
    json!({"iss": ISSUER, "aud": "shengshi", "sub": "u1", "nonce": "n", "iat": NOW - 1, "exp": NOW + 300})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = good();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn token(header: &Value, claims: &Value, kid: &str) -> String {
    let signed = [header, claims].map(|part| to_base64url(part.to_string().as_bytes())).join(".");
    let signature = signature(kid, &signed);
    format!("{signed}.{signature}")
}

fn judged_at(token: &str, access_token: Option<&str>, now: i64) -> Result<Judged, Fault> {
    let expected = Expected { issuer: ISSUER, client_id: "shengshi", nonce: "n", now, access_token };
    IdToken::read(token)?.judge(&keys(), check, &expected)
}

fn judged(claims: &Value) -> Result<Judged, Fault> {
    judged_at(&token(&json!({"alg": "RS256", "kid": "rsa"}), claims, "rsa"), None, NOW)
}

#[test]
fn a_genuine_token_is_taken_with_each_kind_of_key() {
    for (alg, kid) in [("RS256", "rsa"), ("ES256", "point"), ("EdDSA", "edwards"), ("Ed25519", "edwards")] {
        for header in [json!({"alg": alg, "kid": kid, "typ": "JWT"}), json!({"alg": alg})] {
            let judged = judged_at(&token(&header, &good(), kid), None, NOW).unwrap();
            assert_eq!(judged.subject, "u1", "{header}");
        }
    }
}

#[test]
fn what_a_token_says_wrongly_has_its_own_reason() {
    let wrong = [
        (with("iss", json!("https://evil.example")), Fault::Issuer),
        (without("iss"), Fault::Issuer),
        (with("aud", json!("another")), Fault::Audience),
        (with("aud", json!(["another"])), Fault::Audience),
        (with("aud", json!([])), Fault::Audience),
        (without("aud"), Fault::Audience),
        (with("aud", json!(["shengshi", "another"])), Fault::Party),
        (with("azp", json!("another")), Fault::Party),
        (with("azp", json!(7)), Fault::Party),
        (with("nonce", json!("another")), Fault::Nonce),
        (without("nonce"), Fault::Nonce),
        (with("exp", json!(NOW - SKEW)), Fault::Expired),
        (with("exp", json!("soon")), Fault::Unreadable),
        (without("exp"), Fault::Unreadable),
        (with("iat", json!(NOW - MAX_AGE - SKEW - 1)), Fault::Expired),
        (with("iat", json!(NOW + SKEW + 1)), Fault::Early),
        (with("nbf", json!(NOW + SKEW + 1)), Fault::Early),
        (without("iat"), Fault::Unreadable),
        (without("sub"), Fault::Unreadable),
        (with("sub", json!("x".repeat(256))), Fault::Unreadable),
    ];
    for (claims, fault) in wrong {
        assert_eq!(judged(&claims).unwrap_err(), fault, "{claims}");
    }
    let mut both = with("aud", json!(["another", "shengshi"]));
    both["azp"] = json!("shengshi");
    judged(&both).unwrap();
    judged(&with("exp", json!(NOW - SKEW + 1))).unwrap();
    judged(&with("exp", json!(NOW as f64 + 0.5))).unwrap();
}

#[test]
fn the_algorithm_is_the_keys_and_never_the_headers() {
    let none = token(&json!({"alg": "none"}), &good(), "");
    assert_eq!(judged_at(&none, None, NOW).unwrap_err(), Fault::Unsigned);
    let unsigned = token(&json!({"alg": "RS256", "kid": "rsa"}), &good(), "rsa");
    let (signed, _) = unsigned.rsplit_once('.').unwrap();
    assert_eq!(judged_at(&format!("{signed}."), None, NOW).unwrap_err(), Fault::Unsigned);
    for (header, fault) in [
        // An RSA key's public half taken for a shared secret.
        (json!({"alg": "HS256", "kid": "rsa"}), Fault::Algorithm),
        (json!({"alg": "ES256", "kid": "rsa"}), Fault::Algorithm),
        (json!({"alg": "RS512", "kid": "rsa"}), Fault::Algorithm),
        (json!({"alg": "HS256"}), Fault::Algorithm),
        (json!({"alg": "HS256", "kid": "shared"}), Fault::UnknownKey),
        (json!({"alg": "RS256", "kid": "encrypts"}), Fault::UnknownKey),
        (json!({"alg": "ES256", "kid": "short"}), Fault::UnknownKey),
        (json!({"alg": "RS256", "kid": "new"}), Fault::UnknownKey),
        (json!({"alg": "EdDSA", "kid": "edwards"}), Fault::Signature),
        (json!({"alg": "RS256", "kid": "rsa", "crit": ["b64"]}), Fault::Unreadable),
        (json!({"kid": "rsa"}), Fault::Unreadable),
    ] {
        assert_eq!(judged_at(&token(&header, &good(), "rsa"), None, NOW).unwrap_err(), fault, "{header}");
    }
}

#[test]
fn no_changed_or_cut_token_is_taken() {
    let whole = token(&json!({"alg": "RS256", "kid": "rsa"}), &good(), "rsa");
    judged_at(&whole, None, NOW).unwrap();
    for end in 0..whole.len() {
        judged_at(&whole[..end], None, NOW).unwrap_err();
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        judged_at(&changed, None, NOW).unwrap_err();
    }
    for rubbish in ["", ".", "..", "a.b.c", "é.é.é", &"x".repeat(oidc::MAX_TOKEN + 1)] {
        assert_eq!(judged_at(rubbish, None, NOW).unwrap_err(), Fault::Unreadable);
    }
}

#[test]
fn the_access_token_is_the_one_that_came_with_it() {
    let half = to_base64url(&Sha256::digest("access")[..16]);
    let genuine = token(&json!({"alg": "RS256", "kid": "rsa"}), &with("at_hash", json!(half)), "rsa");
    judged_at(&genuine, Some("access"), NOW).unwrap();
    assert_eq!(judged_at(&genuine, Some("another"), NOW).unwrap_err(), Fault::AccessToken);
}

#[test]
fn a_description_is_the_issuers_own_and_says_what_is_needed() {
    let found = discovered(&description()).unwrap();
    assert_eq!((found.auth, found.names_itself), (TokenAuth::Basic, false));
    let mut other = description();
    other["issuer"] = json!("https://id.example/");
    assert_eq!(discovered(&other).unwrap_err(), Fault::OtherIssuer);
    for (name, value) in [
        ("token_endpoint", json!(null)),
        ("authorization_endpoint", json!(7)),
        ("jwks_uri", json!(null)),
        ("response_types_supported", json!(["id_token"])),
        ("code_challenge_methods_supported", json!(["plain"])),
        ("token_endpoint_auth_methods_supported", json!(["private_key_jwt"])),
    ] {
        let mut wrong = description();
        wrong[name] = value;
        assert_eq!(discovered(&wrong).unwrap_err(), Fault::Description, "{name}");
    }
    let mut post = description();
    post["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    assert_eq!(discovered(&post).unwrap().auth, TokenAuth::Post);
    assert_eq!(
        Discovery::address("https://a.example/x/"),
        "https://a.example/x/.well-known/openid-configuration"
    );
    for rubbish in ["", "[]", "<html>", "{"] {
        assert_eq!(Discovery::read(rubbish.as_bytes(), ISSUER, true).unwrap_err(), Fault::Description);
        Keys::read(rubbish.as_bytes()).unwrap_err();
    }
}

fn visit() -> Visit {
    Visit {
        state: "state".to_owned(),
        nonce: "n".to_owned(),
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(),
        callback: "https://site.example/signin/callback/province".to_owned(),
        needed: Some(RealNameLevel::Matched),
        lang: Lang::Zh,
        now: Timestamp::from_second(NOW).unwrap(),
    }
}

#[test]
fn the_address_carries_what_comes_back_or_is_checked() {
    let place = discovered(&description()).unwrap();
    let address = oidc::address(&client(), &place, &visit());
    assert_eq!(
        address,
        "https://id.example/auth?response_type=code&client_id=shengshi&redirect_uri=https%3A%2F%2Fsite.example%2F\
         signin%2Fcallback%2Fprovince&scope=openid%20profile&state=state&nonce=n&\
         code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&ui_locales=zh-CN&\
         acr_values=face%20card"
    );
    let (body, header) = oidc::token_request(&client(), TokenAuth::Basic, "c", &visit(), |plain| {
        String::from_utf8(plain.to_vec()).unwrap()
    });
    assert!(body.ends_with("&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "{body}");
    assert_eq!(header.unwrap(), "Basic shengshi:s%3Ae%20c");
    let (body, header) = oidc::token_request(&client(), TokenAuth::Post, "c", &visit(), |_| String::new());
    assert!(body.ends_with("&client_id=shengshi&client_secret=s%3Ae%20c") && header.is_none(), "{body}");
}

#[test]
fn what_comes_back_is_from_whom_was_asked() {
    let mut place = discovered(&description()).unwrap();
    let code = |place: &Discovery, pairs: &[(&str, &str)]| {
        let returned: Returned = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        oidc::code(&client(), place, &returned).map(str::to_owned)
    };
    assert_eq!(code(&place, &[("code", "c")]).unwrap(), "c");
    assert_eq!(code(&place, &[("code", "c"), ("iss", ISSUER)]).unwrap(), "c");
    assert_eq!(code(&place, &[("code", "c"), ("iss", "https://evil.example")]), Err(Fault::Mixed));
    assert_eq!(code(&place, &[("error", "access_denied"), ("code", "c")]), Err(Fault::Refused));
    assert_eq!(code(&place, &[("error", "server_error")]), Err(Fault::Away));
    assert_eq!(code(&place, &[]), Err(Fault::Code));
    place.names_itself = true;
    assert_eq!(code(&place, &[("code", "c")]), Err(Fault::Mixed));
}

#[test]
fn a_token_endpoint_refuses_in_words_that_are_told_apart() {
    let read =
        |status, body: &str| oidc::token_answer(status, body.as_bytes()).map(|answer| answer.access_token);
    assert_eq!(
        read(200, r#"{"id_token":"t","access_token":"a","token_type":"Bearer"}"#).unwrap().unwrap(),
        "a"
    );
    assert_eq!(read(200, r#"{"id_token":"t","access_token":"a","token_type":"DPoP"}"#).unwrap(), None);
    assert_eq!(read(400, r#"{"error":"invalid_grant"}"#), Err(Fault::CodeRefused));
    assert_eq!(read(401, r#"{"error":"invalid_client"}"#), Err(Fault::Away));
    assert_eq!(read(500, "<html>"), Err(Fault::Away));
    assert_eq!(read(200, r#"{"access_token":"a"}"#), Err(Fault::Unreadable));
    assert_eq!(read(200, "<html>"), Err(Fault::Unreadable));
}

fn about(acr: Option<&str>) -> Judged {
    let person = demo_people().remove(0);
    let mut claims = good();
    claims["name"] = json!(person.name);
    claims["id_number"] = json!(person.number.reveal());
    if let Some(acr) = acr {
        claims["acr"] = json!(acr);
    }
    judged(&claims).unwrap()
}

#[test]
fn a_level_is_what_was_agreed_and_never_more_than_the_most() {
    let level = |acr| oidc::person(&client(), &about(acr), None).map(|claims| claims.level);
    assert_eq!(level(Some("low")).unwrap(), RealNameLevel::Declared);
    assert_eq!(level(Some("face")).unwrap(), RealNameLevel::Face);
    assert_eq!(level(Some("card")).unwrap(), RealNameLevel::Face, "capped");
    assert_eq!(level(Some("unknown")).unwrap(), RealNameLevel::Matched);
    assert_eq!(level(None).unwrap(), RealNameLevel::Matched);
    let mut strict = client();
    strict.levels.otherwise = None;
    assert_eq!(oidc::person(&strict, &about(None), None), Err(Denied::Provider(Fault::Level)));
    assert_eq!(strict.levels.all(), [RealNameLevel::Declared, RealNameLevel::Face]);
}

#[test]
fn further_claims_are_about_the_same_person_and_name_no_level() {
    let person = demo_people().remove(0);
    let bare = judged(&good()).unwrap();
    assert_eq!(oidc::person(&client(), &bare, None), Err(Denied::Provider(Fault::Lacks)));
    assert!(client().lacks(&bare.claims) && !client().lacks(&about(None).claims));
    let more = |sub: &str, number: &str| {
        let said = json!({"sub": sub, "name": person.name, "id_number": number, "acr": "face"});
        oidc::person(&client(), &bare, Some(said.to_string().as_bytes()))
    };
    let claims = more("u1", person.number.reveal()).unwrap();
    assert_eq!((claims.provider.as_str(), claims.level), ("province", RealNameLevel::Matched));
    assert_eq!(more("u2", person.number.reveal()), Err(Denied::Provider(Fault::Subject)));
    assert!(matches!(more("u1", "123"), Err(Denied::Number(_))));
    assert_eq!(oidc::person(&client(), &bare, Some(b"<html>")), Err(Denied::Provider(Fault::Unreadable)));
}

#[test]
fn every_fault_has_an_id_of_its_own_and_nothing_secret_is_shown() {
    let ids: BTreeMap<_, _> = Fault::ALL.iter().map(|fault| (fault.id(), fault.key())).collect();
    assert_eq!(ids.len(), Fault::ALL.len());
    assert!(!format!("{:?}", client()).contains("s:e c"));
}
