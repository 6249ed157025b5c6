//! Certificates: issued once, taken back once, replaced by the next version, shown once; the keys that sign them.

use store::{
    Certificate, CertificateStatus, CertificateUse, Error, NewCertificate, Revocation, StatusPlace, Store,
};
use uuid::Uuid;

use crate::common::*;

on_both! {
    issuing_twice_is_issuing_once;
    a_certificate_is_taken_back_once;
    the_next_version_takes_the_place_of_the_one_before;
    a_code_is_used_once;
    keys_are_sealed_and_retired;
}

const SAID: &str = "示例路 1 号";

async fn holder(store: &Store) -> Uuid {
    let lookup = store.lookup("citizen-number", &random_id().to_string());
    store.create_person(random_id(), vec![lookup], b"{}", NOW).await.unwrap()
}

async fn new(store: &Store, person: Uuid, id: Uuid, version: i64) -> NewCertificate {
    let key = store.person_key(person).await.unwrap();
    let sealed = key.seal(&format!("certificate/{id}/{version}"), SAID.as_bytes()).unwrap();
    NewCertificate {
        certificate: Certificate {
            person,
            id,
            version,
            area: AREA.to_owned(),
            kind: "example".to_owned(),
            status: "valid".to_owned(),
            valid_until: None,
            issued_at: NOW,
            sealed,
        },
        status: CertificateStatus {
            area: AREA.to_owned(),
            id,
            version,
            person,
            agency: AGENCY.to_owned(),
            case_id: id,
            place: 0,
            status: "valid".to_owned(),
            changed_at: NOW,
        },
        entry: None,
        replaces: Vec::new(),
    }
}

fn entry(person: Uuid, certificate: Uuid, kind: &str) -> CertificateUse {
    CertificateUse {
        person,
        id: random_id(),
        certificate,
        at: NOW + 1,
        kind: kind.to_owned(),
        sealed: vec![1],
    }
}

async fn issuing_twice_is_issuing_once(place: Place) {
    let store = place.open().await;
    let person = holder(&store).await;
    let (one, other) = (random_id(), random_id());
    for id in [one, one, other] {
        store.put_certificate(new(&store, person, id, 1).await).await.unwrap();
    }
    let wallet = store.certificates(person, 10).await.unwrap();
    assert_eq!(wallet.len(), 2);
    let mut places = Vec::new();
    for id in [one, other] {
        places.push(store.certificate_status(AREA, id, 1).await.unwrap().unwrap().place);
    }
    assert_eq!(places, [0, 1]);
    let sealed = &wallet.iter().find(|row| row.id == one).unwrap().sealed;
    let key = store.person_key(person).await.unwrap();
    assert_eq!(key.open(&format!("certificate/{one}/1"), sealed).unwrap(), SAID.as_bytes());
    assert!(key.open(&format!("certificate/{other}/1"), sealed).is_err(), "sealed for its own place");
    assert_eq!(store.certificates_of_case(AREA, one).await.unwrap().len(), 1);
    assert_eq!(store.certificates(holder(&store).await, 10).await.unwrap(), []);
}

async fn a_certificate_is_taken_back_once(place: Place) {
    let store = place.open().await;
    let person = holder(&store).await;
    let id = random_id();
    store.put_certificate(new(&store, person, id, 1).await).await.unwrap();
    let revocation =
        || Revocation { area: AREA.to_owned(), id, version: 1, entry: entry(person, id, "revoked") };
    store.revoke_certificate(revocation()).await.unwrap();
    assert!(matches!(store.revoke_certificate(revocation()).await, Err(Error::Conflict)));
    let replaced = store.put_certificate(new(&store, person, id, 2).await).await;
    assert!(matches!(replaced, Err(Error::Conflict)), "what was taken back is not replaced");
    assert_eq!(store.certificate(person, id, None).await.unwrap().unwrap().status, "revoked");
    let places = store.status_places(AREA, 0, 100).await.unwrap();
    assert_eq!(places, [StatusPlace { place: 0, status: "revoked".to_owned() }]);
    assert_eq!(store.certificate_uses(person, id, 10).await.unwrap().len(), 1);
}

async fn the_next_version_takes_the_place_of_the_one_before(place: Place) {
    let store = place.open().await;
    let person = holder(&store).await;
    let id = random_id();
    for version in 1..=2 {
        store.put_certificate(new(&store, person, id, version).await).await.unwrap();
    }
    let row = async |version| store.certificate(person, id, version).await.unwrap().unwrap();
    assert_eq!((row(Some(1)).await.status, row(Some(2)).await.status), ("replaced".into(), "valid".into()));
    assert_eq!(row(None).await.version, 2);
    let status = async |version| store.certificate_status(AREA, id, version).await.unwrap().unwrap();
    assert_eq!((status(1).await.status, status(2).await.place), ("replaced".into(), 1));
}

async fn a_code_is_used_once(place: Place) {
    let store = place.open().await;
    let person = holder(&store).await;
    let code = entry(person, random_id(), "verified");
    store.use_certificate(code.clone()).await.unwrap();
    assert!(matches!(store.use_certificate(code.clone()).await, Err(Error::Conflict)));
    assert_eq!(store.certificate_uses(person, code.certificate, 10).await.unwrap(), [code]);
}

async fn keys_are_sealed_and_retired(place: Place) {
    let store = place.open().await;
    store.keep_issuer_key("one", b"secret of one", NOW).await.unwrap();
    store.keep_issuer_key("two", b"secret of two", NOW + 1).await.unwrap();
    store.retire_issuer_key("one", NOW + 2).await.unwrap();
    assert!(matches!(store.retire_issuer_key("one", NOW + 3).await, Err(Error::NotFound)));
    let keys = store.issuer_keys().await.unwrap();
    let secrets: Vec<_> = keys.iter().map(|key| (key.secret.as_slice(), key.retired_at)).collect();
    assert_eq!(secrets, [(&b"secret of one"[..], Some(NOW + 2)), (b"secret of two", None)]);
    // moved to another name, it does not open
    let moved = place.meddle("UPDATE issuer_keys SET kid = 'three' WHERE kid = 'two'").await;
    assert_eq!(moved, 1);
    assert!(matches!(store.issuer_keys().await, Err(Error::MasterKey(_))));
}
