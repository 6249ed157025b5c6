//! An authenticator in software, honest or not: it makes passkeys and signs, as a browser would hand it on.

use identity::webauthn::to_base64url;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

pub(crate) enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

/// One passkey and what its browser says; each field may be bent by a test.
pub(crate) struct Authenticator {
    key: Key,
    pub(crate) id: Vec<u8>,
    pub(crate) counter: u32,
    /// Present and verified.
    pub(crate) flags: u8,
    pub(crate) origin: String,
    pub(crate) domain: String,
    pub(crate) kind: Option<&'static str>,
    pub(crate) format: &'static str,
    pub(crate) cross_origin: bool,
}

fn bytes_head(out: &mut Vec<u8>, bytes: &[u8]) {
    match u8::try_from(bytes.len()) {
        Ok(short @ ..=23) => out.push(0x40 | short),
        Ok(length) => out.extend([0x58, length]),
        Err(_) => {
            out.push(0x59);
            out.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
        }
    }
    out.extend_from_slice(bytes);
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(0x60 | u8::try_from(text.len()).unwrap());
    out.extend_from_slice(text.as_bytes());
}

impl Authenticator {
    fn with(key: Key, id: &[u8]) -> Self {
        Self {
            key,
            id: id.to_vec(),
            counter: 0,
            flags: 0x05,
            origin: "http://site.example".to_owned(),
            domain: "site.example".to_owned(),
            kind: None,
            format: "none",
            cross_origin: false,
        }
    }

    pub(crate) fn es256(id: &[u8]) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        Self::with(Key::Es256(pair), id)
    }

    pub(crate) fn eddsa(id: &[u8]) -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::with(Key::EdDsa(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap()), id)
    }

    /// The public key as COSE writes it.
    fn cose(&self) -> Vec<u8> {
        match &self.key {
            Key::Es256(pair) => {
                let point = pair.public_key().as_ref();
                let mut out = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21];
                bytes_head(&mut out, &point[1..33]);
                out.push(0x22);
                bytes_head(&mut out, &point[33..]);
                out
            }
            Key::EdDsa(pair) => {
                let mut out = vec![0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21];
                bytes_head(&mut out, pair.public_key().as_ref());
                out
            }
        }
    }

    fn data(&self, made: bool) -> Vec<u8> {
        let mut data = digest(&SHA256, self.domain.as_bytes()).as_ref().to_vec();
        data.push(self.flags | if made { 0x40 } else { 0 });
        data.extend(self.counter.to_be_bytes());
        if made {
            data.extend([0; 16]);
            data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
            data.extend_from_slice(&self.id);
            data.extend(self.cose());
        }
        data
    }

    fn client(&self, kind: &str, challenge: &str) -> String {
        let kind = self.kind.unwrap_or(kind);
        format!(
            "{{\"type\":\"{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"{}\",\"crossOrigin\":{},\"x\":1}}",
            self.origin, self.cross_origin
        )
    }

    /// The fields of the form with a new passkey.
    pub(crate) fn create(&self, challenge: &str) -> Vec<(&'static str, String)> {
        let mut object = vec![0xa3];
        text(&mut object, "fmt");
        text(&mut object, self.format);
        text(&mut object, "attStmt");
        object.push(0xa0);
        text(&mut object, "authData");
        bytes_head(&mut object, &self.data(true));
        let client = self.client("webauthn.create", challenge);
        vec![("client", to_base64url(client.as_bytes())), ("data", to_base64url(&object))]
    }

    /// The fields of the form with a signature; the count goes up.
    pub(crate) fn get(&mut self, challenge: &str) -> Vec<(&'static str, String)> {
        self.counter += 1;
        let (data, client) = (self.data(false), self.client("webauthn.get", challenge));
        let mut signed = data.clone();
        signed.extend_from_slice(digest(&SHA256, client.as_bytes()).as_ref());
        let signature = match &self.key {
            Key::Es256(pair) => pair.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec(),
            Key::EdDsa(pair) => pair.sign(&signed).as_ref().to_vec(),
        };
        vec![
            ("id", to_base64url(&self.id)),
            ("client", to_base64url(client.as_bytes())),
            ("data", to_base64url(&data)),
            ("signature", to_base64url(&signature)),
        ]
    }
}
