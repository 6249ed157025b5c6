//! A wallet elsewhere, as small as one can be: it keeps a P-256 key and makes proofs with it.

use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::page::Page;

/// The site's address as the tests' browser writes it.
pub(crate) const SITE: &str = "http://site.example";

/// A key in a wallet.
pub(crate) struct WalletKey(EcdsaKeyPair);

pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode(text: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

/// The claims of a JWT that nobody checked.
pub(crate) fn claims(token: &str) -> Value {
    decode(token.split('.').nth(1).unwrap())
}

impl WalletKey {
    pub(crate) fn new() -> Self {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let pair = EcdsaKeyPair::from_pkcs8(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            document.unwrap().as_ref(),
            &SystemRandom::new(),
        );
        Self(pair.unwrap())
    }

    pub(crate) fn jwk(&self) -> Value {
        let point = self.0.public_key().as_ref();
        json!({ "kty": "EC", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..]) })
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let text =
            format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = self.0.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", encode(signature.as_ref()))
    }

    /// A proof for the credential endpoint; `change` puts other members into header (`h.NAME`) and claims.
    pub(crate) fn proof(&self, nonce: &str, at: i64, change: &[(&str, Value)]) -> String {
        let mut header = object(json!({ "alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": self.jwk() }));
        let mut claims = object(json!({ "aud": SITE, "iat": at, "nonce": nonce }));
        for (name, value) in change {
            match name.strip_prefix("h.") {
                Some(name) => header.insert(name.to_owned(), value.clone()),
                None => claims.insert((*name).to_owned(), value.clone()),
            };
        }
        self.sign(&header.into(), &claims.into())
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

pub(crate) fn body(page: &Page) -> Value {
    assert!(page.header("content-type").ends_with("json"), "{}: {}", page.path, page.html);
    serde_json::from_slice(&page.bytes).unwrap()
}

/// The error of an answer in JSON.
#[track_caller]
pub(crate) fn error(page: &Page, status: u16) -> String {
    assert_eq!(page.status, status, "{}: {}", page.path, page.html);
    body(page)["error"].as_str().unwrap().to_owned()
}

/// The token endpoint.
pub(crate) async fn token(wallet: &mut Client, code: &str, pin: &str) -> Page {
    let grant = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
    let form = [("grant_type", grant), ("pre-authorized_code", code), ("tx_code", pin)];
    wallet.post_bare("/oauth/token", &form).await
}

/// A nonce for a proof.
pub(crate) async fn nonce(wallet: &mut Client) -> String {
    let page = wallet.send(Method::POST, "/vci/nonce", "", Body::empty()).await;
    body(&page.is(200))["c_nonce"].as_str().unwrap().to_owned()
}

/// The credential endpoint, with a wallet's own headers.
pub(crate) async fn credential(wallet: &Client, token: &str, wish: &Value) -> Page {
    let mut wallet = wallet.clone().with("authorization", &format!("Bearer {token}"));
    wallet.send(Method::POST, "/vci/credential", "application/json", Body::from(wish.to_string())).await
}

/// What a wallet asks with a proof.
pub(crate) fn wish(kind: &str, proof: &str) -> Value {
    json!({ "credential_configuration_id": kind, "proofs": { "jwt": [proof] } })
}
