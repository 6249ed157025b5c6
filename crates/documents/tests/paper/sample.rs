//! Example documents for the tests. Nobody in them exists.

use documents::{Certificate, Fonts, KeyFailed, Letter, Part, Row, SealKey, Validity, x509};
use domain::{Date, Lang, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};

pub(crate) fn fonts() -> Fonts {
    Fonts::built_in().unwrap()
}

pub(crate) fn made() -> Timestamp {
    "2026-11-23T08:30:00Z".parse().unwrap()
}

pub(crate) fn day() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

pub(crate) fn certificate() -> Certificate {
    Certificate {
        lang: Lang::Zh,
        title: "居住证".to_owned(),
        issuer: "示例市公安局".to_owned(),
        identifier: "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0".to_owned(),
        holder: "示例·陈晓明".to_owned(),
        rows: vec![Row::new("住址", "示例市示例区人民路 88 号")],
        issued: day(),
        validity: Validity { from: day(), until: None },
        verify: Some("https://example.invalid/v/1".to_owned()),
        watermark: None,
        demo: true,
    }
}

pub(crate) fn letter(body: Vec<Part>) -> Letter {
    Letter {
        lang: Lang::Zh,
        issuer: "示例市公安局".to_owned(),
        title: "受理通知书".to_owned(),
        reference: Some("990000-1".to_owned()),
        addressee: "示例·陈晓明".to_owned(),
        body,
        dated: day(),
        verify: None,
        watermark: None,
        demo: true,
    }
}

/// A key drawn afresh.
pub(crate) struct Key {
    pair: EcdsaKeyPair,
}

impl Key {
    pub(crate) fn draw() -> Self {
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &SystemRandom::new()).unwrap();
        Self { pair: EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &SystemRandom::new()).unwrap() }
    }

    pub(crate) fn public(&self) -> [u8; 65] {
        self.pair.public_key().as_ref().try_into().unwrap()
    }
}

impl SealKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        Ok(signature.map_err(|error| KeyFailed(error.to_string()))?.as_ref().to_vec())
    }
}

/// An RSA key with certificates that OpenSSL made: an example that opens nothing.
pub(crate) struct Rsa(RsaKeyPair);

impl Rsa {
    pub(crate) fn read() -> Self {
        Self(RsaKeyPair::from_pkcs8(include_bytes!("../rsa/key.der")).unwrap())
    }

    pub(crate) fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// The agency's certificate, and the root.
    pub(crate) fn chain() -> Vec<Vec<u8>> {
        vec![include_bytes!("../rsa/agency.der").to_vec(), include_bytes!("../rsa/root.der").to_vec()]
    }
}

impl SealKey for Rsa {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map(|()| signature).map_err(|error| KeyFailed(error.to_string()))
    }
}

/// A key that always answers the same.
pub(crate) struct Answers(pub(crate) Result<Vec<u8>, KeyFailed>);

impl SealKey for Answers {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        self.0.clone()
    }
}

pub(crate) fn request<'a>(name: &'a str, public_key: &'a [u8; 65]) -> x509::Request<'a> {
    let from = "2026-01-01T00:00:00Z".parse().unwrap();
    let until = "2056-01-01T00:00:00Z".parse().unwrap();
    x509::Request { name, public_key, serial: [7; 16], from, until }
}

/// A key and its chain: the agency's certificate, and the root.
pub(crate) fn agency() -> (Key, Vec<Vec<u8>>) {
    let (root_key, key) = (Key::draw(), Key::draw());
    let root = x509::root(&request("示例根证书", &root_key.public()), &root_key).unwrap();
    let own = x509::seal(&request("示例市公安局", &key.public()), &root, &root_key).unwrap();
    (key, vec![own, root])
}
