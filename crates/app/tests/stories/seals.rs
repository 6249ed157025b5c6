//! A file under the seal that an agency has from elsewhere, and what is done when that seal's certificate is over.

use std::sync::Arc;

use app::{AgencySeal, App, Error, Parts, Seals, SystemRandom};
use documents::{KeyFailed, SealKey, x509};
use domain::{Date, Lang};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

use crate::life::grant;
use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

#[path = "../../../documents/tests/paper/reader.rs"]
mod reader;

on_both! {
    a_file_bears_the_agencys_own_seal;
}

struct Key(EcdsaKeyPair, Vec<u8>);

impl Key {
    fn draw() -> Self {
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let chance = ring::rand::SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &chance).unwrap().as_ref().to_vec();
        Self(EcdsaKeyPair::from_pkcs8(kind, &pkcs8, &chance).unwrap(), pkcs8)
    }

    fn public(&self) -> [u8; 65] {
        self.0.public_key().as_ref().try_into().unwrap()
    }
}

impl SealKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        let signed = self.0.sign(&ring::rand::SystemRandom::new(), message);
        Ok(signed.map_err(|error| KeyFailed(error.to_string()))?.as_ref().to_vec())
    }
}

const NAME: &str = "示例局电子印章";

/// A key in PKCS#8 and its certificates, good from June 2026 to October 2026.
fn seal() -> (Vec<u8>, Vec<Vec<u8>>) {
    let (authority, own) = (Key::draw(), Key::draw());
    let [public, own_public] = [&authority, &own].map(Key::public);
    let asked = |name, public_key, until: &str| x509::Request {
        name,
        public_key,
        serial: [5; 16],
        from: "2026-06-01T00:00:00Z".parse().unwrap(),
        until: until.parse().unwrap(),
    };
    let root = x509::root(&asked("示例认证机构", &public, "2046-06-01T00:00:00Z"), &authority).unwrap();
    let end = "2026-10-01T00:00:00Z";
    let certificate = x509::seal(&asked(NAME, &own_public, end), &root, &authority).unwrap();
    (own.1, vec![certificate, root])
}

/// One agency's seal.
struct One(String, Arc<AgencySeal>);

impl Seals for One {
    fn of(&self, agency: &str) -> Option<Arc<AgencySeal>> {
        (self.0 == agency).then(|| self.1.clone())
    }
}

/// The same site without demonstration, where an agency has a seal.
fn with_seal(stage: &Stage, agency: &str, seal: AgencySeal) -> App {
    let parts = Parts {
        catalogue: stage.app.catalogue.clone(),
        search: stage.app.search.clone(),
        store: stage.app.store.clone(),
        provider: None,
        officers: None,
        clock: stage.clock.clone(),
        random: Arc::new(SystemRandom::default()),
    };
    App::new(parts).unwrap().with_seals(Arc::new(One(agency.to_owned(), Arc::new(seal))))
}

fn holds(file: &[u8], bytes: &[u8]) -> bool {
    let figures: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    reader::latin(file).to_lowercase().contains(&figures)
}

async fn a_file_bears_the_agencys_own_seal(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    grant(&stage, case).await;
    stage.work().await;
    let held = stage.app.wallet(who.id).await.unwrap().remove(0);
    let agency = held.certificate.issuer.code.clone();
    let (key, chain) = seal();
    let real = with_seal(&stage, &agency, AgencySeal::of_pkcs8(&key, chain.clone()).unwrap());
    assert!(real.has_seal(&agency) && !real.has_seal("another"));
    let held = real.my_certificate(who.id, held.id).await.unwrap();

    let paper = real.certificate_pdf(&held, Lang::Zh, Vec::new()).await.unwrap().bytes;
    assert!(holds(&paper, &chain[0]) && holds(&paper, &chain[1]) && holds(&paper, NAME.as_bytes()));
    let words = reader::text(&paper).join("\n");
    assert!(words.contains(&who.name) && !words.contains("法律效力"), "{words}");

    // an agency without one has one of the site's own making, which says what it is
    let other = with_seal(&stage, "another", AgencySeal::of_pkcs8(&key, chain.clone()).unwrap());
    let paper = other.certificate_pdf(&held, Lang::Zh, Vec::new()).await.unwrap().bytes;
    assert!(!holds(&paper, NAME.as_bytes()));
    assert!(reader::text(&paper).join("\n").contains("示例，不具有法律效力"));

    // nothing is sealed with a certificate that is over, nor with another one in its place
    stage.turn_to(Date::constant(2026, 10, 9), 9);
    let told = real.certificate_pdf(&held, Lang::Zh, Vec::new()).await;
    assert!(matches!(told, Err(Error::SealOver)), "{:?}", told.map(|paper| paper.bytes.len()));
    assert!(real.has_seal(&agency), "the agency has one, and is to renew it");
}
