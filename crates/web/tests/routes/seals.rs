//! A file under an agency's own seal, and the page when that seal's certificate is over.

use std::sync::Arc;

use app::{AgencySeal, Seals};
use documents::{KeyFailed, SealKey, x509};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

use crate::house::{House, Setup, run, zh};
use crate::proofs::holder;

const NAME: &str = "示例局电子印章";

struct Key(EcdsaKeyPair);

impl SealKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        let signed = self.0.sign(&SystemRandom::new(), message);
        Ok(signed.map_err(|error| KeyFailed(error.to_string()))?.as_ref().to_vec())
    }
}

/// Every agency's, until 10:00 on the Monday of the tests.
struct UntilTen(Arc<AgencySeal>);

impl Seals for UntilTen {
    fn of(&self, _: &str) -> Option<Arc<AgencySeal>> {
        Some(self.0.clone())
    }
}

fn until_ten() -> Arc<dyn Seals> {
    let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &SystemRandom::new()).unwrap();
    let public = pair.public_key().as_ref().try_into().unwrap();
    let asked = |name, until: &str| x509::Request {
        name,
        public_key: &public,
        serial: [5; 16],
        from: "2026-06-01T00:00:00Z".parse().unwrap(),
        until: until.parse().unwrap(),
    };
    let key = Key(pair);
    let root = x509::root(&asked("示例认证机构", "2046-06-01T00:00:00Z"), &key).unwrap();
    let own = x509::seal(&asked(NAME, "2026-09-07T02:00:00Z"), &root, &key).unwrap();
    Arc::new(UntilTen(Arc::new(AgencySeal::of_pkcs8(pkcs8.as_ref(), vec![own, root]).unwrap())))
}

#[test]
fn a_seal_that_is_over_seals_nothing_and_the_page_says_so() {
    run(async {
        let house = House::open(Setup { seals: Some(until_ten()), ..Setup::default() }).await;
        let (_, mut client, page) = holder(&house).await;
        client.get(&page).await.is(200).says(&zh("certificate-pdf")).never_says(&zh("certificate-own-seal"));
        let file = client.get(&format!("{page}/pdf")).await.is(200);
        let name: String = NAME.bytes().map(|byte| format!("{byte:02x}")).collect();
        let text = String::from_utf8_lossy(&file.bytes).to_lowercase();
        assert!(text.contains(&name), "the certificate's subject stands in the file");
        house.clock.advance(3_600);
        let told = client.get(&format!("{page}/pdf")).await.is(503).says(&zh("error-seal-title"));
        told.says(&zh("error-seal-what")).says(&zh("error-seal-do"));
        client.get(&page).await.is(200).says(&zh("certificate-pdf"));
    });
}
