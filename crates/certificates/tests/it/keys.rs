use certificates::{Algorithm, BadJwk, KeySet, Refusal, SigningKey, VerifyingKey, sign_jwt, verify_jwt};
use serde_json::{Map, Value, json};

use crate::help::key;

const ALL: [Algorithm; 3] = [Algorithm::Ed25519, Algorithm::P256, Algorithm::Sm2];

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn unbase64(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = text
        .chars()
        .flat_map(|letter| {
            let value = LETTERS.find(letter).unwrap();
            (0..6).rev().map(move |bit| (value >> bit & 1) as u8)
        })
        .collect();
    bits.chunks_exact(8).map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

/// RFC 8037 appendix A: key, thumbprint and signature.
#[test]
fn the_ed25519_example_of_the_rfc() {
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    });
    let key = SigningKey::from_secret_jwk(&jwk).unwrap();
    assert_eq!(key.verifying_key().kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    assert_eq!(key.sign(message).unwrap().to_vec(), unbase64(signature));
    assert!(key.verifying_key().verifies(message, &unbase64(signature)));
}

/// RFC 7515 appendix A.3.
#[test]
fn the_p256_example_of_the_rfc() {
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    });
    let key = SigningKey::from_secret_jwk(&jwk).unwrap();
    let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
                   cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    assert!(key.verifying_key().verifies(message.as_bytes(), &unbase64(signature)));
}

/// GB/T 32918.5-2017 appendix A.2.
#[test]
fn the_sm2_example_of_the_standard() {
    let seed = bytes("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let key = SigningKey::from_seed(Algorithm::Sm2, &seed.try_into().unwrap()).unwrap();
    let jwk = key.verifying_key().to_jwk();
    assert_eq!(
        unbase64(jwk["x"].as_str().unwrap()),
        bytes("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020")
    );
    assert_eq!(
        unbase64(jwk["y"].as_str().unwrap()),
        bytes("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13")
    );
    let signature = bytes(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3\
         B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    );
    assert!(key.verifying_key().verifies(b"message digest", &signature));
    assert!(!key.verifying_key().verifies(b"message digesu", &signature));
}

#[test]
fn each_algorithm_signs_verifies_and_travels_as_json() {
    for algorithm in ALL {
        let one = key(algorithm, 3);
        let signature = one.sign(b"x").unwrap();
        let public = VerifyingKey::from_jwk(&one.verifying_key().to_jwk()).unwrap();
        assert_eq!(public, *one.verifying_key());
        assert!(public.verifies(b"x", &signature) && !public.verifies(b"y", &signature));
        assert!(!public.verifies(b"x", &signature[..63]));
        assert!(!key(algorithm, 4).verifying_key().verifies(b"x", &signature));
        let secret: Value = serde_json::from_str(&one.to_secret_jwk()).unwrap();
        assert_eq!(SigningKey::from_secret_jwk(&secret).unwrap().verifying_key(), &public);
        assert_eq!(VerifyingKey::from_jwk(&secret).err(), Some(BadJwk::Secret));
        let shown = format!("{one:?}");
        assert!(!shown.contains(secret["d"].as_str().unwrap()), "{shown}");
    }
}

#[test]
fn broken_keys_are_refused_each_by_its_reason() {
    let good = key(Algorithm::P256, 3).verifying_key().to_jwk();
    let changed = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        VerifyingKey::from_jwk(&jwk).err()
    };
    assert_eq!(changed("kty", json!("RSA")), Some(BadJwk::Kind));
    assert_eq!(changed("crv", json!("P-384")), Some(BadJwk::Kind));
    assert_eq!(changed("crv", json!("SM2")), Some(BadJwk::Numbers), "a point of another curve");
    assert_eq!(changed("alg", json!("HS256")), Some(BadJwk::Purpose));
    assert_eq!(changed("use", json!("enc")), Some(BadJwk::Purpose));
    assert_eq!(changed("key_ops", json!(["deriveKey"])), Some(BadJwk::Purpose));
    assert_eq!(changed("x", json!("AAAA")), Some(BadJwk::Numbers));
    assert_eq!(changed("x", json!(7)), Some(BadJwk::Missing("x")));
    let weak = json!({ "kty": "OKP", "crv": "Ed25519", "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" });
    assert_eq!(VerifyingKey::from_jwk(&weak).err(), Some(BadJwk::Numbers), "of small order");
    let mut other: Value = serde_json::from_str(&key(Algorithm::Ed25519, 1).to_secret_jwk()).unwrap();
    other["x"] = key(Algorithm::Ed25519, 2).verifying_key().to_jwk()["x"].clone();
    assert_eq!(SigningKey::from_secret_jwk(&other).err(), Some(BadJwk::Numbers));
    assert!(SigningKey::from_seed(Algorithm::P256, &[0; 32]).is_err());
    assert!(SigningKey::from_seed(Algorithm::Sm2, &[255; 32]).is_err());
}

#[test]
fn keys_rotate_and_retire() {
    let (old, new) = (key(Algorithm::Ed25519, 1), key(Algorithm::P256, 2));
    let claims: Map<String, Value> = Map::new();
    let before = sign_jwt(&old, "x+jwt", &claims).unwrap();
    let mut set = KeySet::new(old.clone());
    set.rotate(new.clone());
    assert_eq!(set.signer().unwrap().verifying_key(), new.verifying_key());
    let after = sign_jwt(set.signer().unwrap(), "x+jwt", &claims).unwrap();
    let published = KeySet::from_jwks(&set.to_jwks()).unwrap();
    assert_eq!(published.keys().count(), 2);
    for token in [&before, &after] {
        assert_eq!(verify_jwt(token, &published, "x+jwt"), Ok(Map::new()));
    }
    assert!(set.retire(old.verifying_key().kid()));
    assert!(!set.retire("nobody's"));
    assert_eq!(verify_jwt(&before, &set, "x+jwt"), Err(Refusal::RetiredKey));
    assert_eq!(verify_jwt(&after, &set, "x+jwt"), Ok(Map::new()));
    assert_eq!(set.to_jwks()["keys"].as_array().unwrap().len(), 1);
    assert!(set.retire(new.verifying_key().kid()) && set.signer().is_none());
    assert!(published.signer().is_none());
    let stranger = sign_jwt(&key(Algorithm::Ed25519, 9), "x+jwt", &claims).unwrap();
    assert_eq!(verify_jwt(&stranger, &published, "x+jwt"), Err(Refusal::UnknownKey));
    assert_eq!(verify_jwt(&after, &published, "y+jwt"), Err(Refusal::WrongForm));
}

#[test]
fn a_set_of_others_keeps_their_names_and_passes_over_what_we_do_not_know() {
    let mut named = key(Algorithm::P256, 2).verifying_key().to_jwk();
    named["kid"] = json!("key-7");
    let rsa = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" });
    let set = KeySet::from_jwks(&json!({ "keys": [rsa, named] })).unwrap();
    assert!(set.find("key-7").is_ok());
    assert_eq!(KeySet::from_jwks(&json!({ "keys": [named, named] })).err(), Some(BadJwk::Numbers));
    assert_eq!(KeySet::from_jwks(&json!({})).err(), Some(BadJwk::Missing("keys")));
    assert_eq!(KeySet::from_jwks(&json!({ "keys": vec![rsa; 33] })).err(), Some(BadJwk::Numbers));
    let secret: Value = serde_json::from_str(&key(Algorithm::Ed25519, 1).to_secret_jwk()).unwrap();
    assert_eq!(KeySet::from_jwks(&json!({ "keys": [secret] })).err(), Some(BadJwk::Secret));
}
