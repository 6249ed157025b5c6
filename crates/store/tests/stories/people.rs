//! People: found by a keyed hash, sealed with a key of their own, and erased by destroying it.

use store::{Error, MasterKey, Store};
use tokio::task::JoinSet;

use crate::common::*;

on_both! {
    a_person_is_found_and_opened;
    two_sign_ins_make_one_person;
    what_is_sealed_for_one_stays_closed_for_others;
    another_master_key_opens_nothing;
    an_erased_person_stays_closed;
    a_blob_comes_back;
}

const PROFILE: &str = r#"{"name":"示例·陈晓明"}"#;

async fn person(store: &Store, number: &str) -> uuid::Uuid {
    let lookup = store.lookup("citizen-number", number);
    store.create_person(random_id(), vec![lookup], PROFILE.as_bytes(), NOW).await.unwrap()
}

async fn a_person_is_found_and_opened(place: Place) {
    let store = place.open().await;
    let number = store.lookup("citizen-number", "990000199001011234");
    let subject = store.lookup("demo", "1");
    let id = random_id();
    let made = store.create_person(id, vec![number, subject], PROFILE.as_bytes(), NOW).await.unwrap();
    assert_eq!(made, id);
    assert_eq!(store.find_person(number).await.unwrap(), Some(id));
    assert_eq!(store.find_person(subject).await.unwrap(), Some(id));
    assert_eq!(store.find_person(store.lookup("demo", "2")).await.unwrap(), None);
    assert_ne!(store.lookup("ab", "c"), store.lookup("a", "bc"));
    assert_eq!(store.profile(id).await.unwrap(), PROFILE.as_bytes());
    let read = store.read_profile(id).await.unwrap();
    store.change_profile(&read, b"{}", NOW + 1).await.unwrap();
    // of two changes to the same profile one is made
    let late = store.change_profile(&read, b"[]", NOW + 1).await;
    assert!(matches!(late, Err(Error::Conflict)), "{late:?}");
    assert_eq!(store.profile(id).await.unwrap(), b"{}");
    // a second look-up that is another's: nothing of the new person is stored
    let both = vec![store.lookup("demo", "3"), number];
    assert!(matches!(store.create_person(random_id(), both, b"{}", NOW).await, Err(Error::Conflict)));
    assert_eq!(store.find_person(store.lookup("demo", "3")).await.unwrap(), None);
    assert!(matches!(store.person_key(random_id()).await, Err(Error::NotFound)));
}

async fn two_sign_ins_make_one_person(place: Place) {
    let store = place.open().await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        tasks.spawn(async move { person(&store, "990000199001011234").await });
    }
    let mut ids = tasks.join_all().await;
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(store.stats().await.unwrap().persons, 1);
}

async fn what_is_sealed_for_one_stays_closed_for_others(place: Place) {
    let store = place.open().await;
    let one = store.person_key(person(&store, "1").await).await.unwrap();
    let other = store.person_key(person(&store, "2").await).await.unwrap();
    let sealed = one.seal("draft", PROFILE.as_bytes()).unwrap();
    assert_eq!(one.open("draft", &sealed).unwrap(), PROFILE.as_bytes());
    assert_ne!(one.seal("draft", PROFILE.as_bytes()).unwrap(), sealed, "a nonce was used twice");
    assert!(one.open("event", &sealed).is_err());
    assert!(other.open("draft", &sealed).is_err());
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(one.open("draft", &changed).is_err(), "byte {at} may be changed");
        assert!(one.open("draft", &sealed[..at]).is_err());
    }
    let shown = format!("{one:?} {store:?} {:?}", place.config);
    assert!(!shown.contains("7, 7") && !shown.contains("test@"), "a secret shows itself: {shown}");
}

async fn another_master_key_opens_nothing(mut place: Place) {
    let store = place.open().await;
    let id = person(&store, "1").await;
    let lookup = store.lookup("citizen-number", "1");
    store.close().await;
    place.config.master_key = MasterKey::from_bytes([8; 32]);
    let store = place.open().await;
    assert!(matches!(store.person_key(id).await, Err(Error::MasterKey(_))));
    assert!(matches!(store.profile(id).await, Err(Error::MasterKey(_))));
    assert_ne!(store.lookup("citizen-number", "1"), lookup);
}

async fn an_erased_person_stays_closed(place: Place) {
    let store = place.open().await;
    let (gone, stays) = (person(&store, "1").await, person(&store, "2").await);
    for person in [gone, stays] {
        store.save_draft(draft(person), 5).await.unwrap();
    }
    let read = store.read_profile(gone).await.unwrap();
    store.destroy_person(gone, NOW + 1).await.unwrap();
    assert!(matches!(store.person_key(gone).await, Err(Error::Erased)));
    assert!(matches!(store.profile(gone).await, Err(Error::Erased)));
    assert!(matches!(store.change_profile(&read, b"{}", NOW).await, Err(Error::Erased)));
    assert_eq!(store.find_person(store.lookup("citizen-number", "1")).await.unwrap(), None);
    assert!(store.drafts(gone, 9).await.unwrap().is_empty());
    assert_eq!(store.drafts(stays, 9).await.unwrap().len(), 1);
    assert_eq!(store.profile(stays).await.unwrap(), PROFILE.as_bytes());
    assert!(matches!(store.destroy_person(random_id(), NOW).await, Err(Error::NotFound)));
    // who signs in again is a new person
    assert_ne!(person(&store, "1").await, gone);
}

async fn a_blob_comes_back(place: Place) {
    let store = place.open().await;
    let (owner, other) = (person(&store, "1").await, person(&store, "2").await);
    let bytes = vec![0x25; 100_000];
    let put = store.put_blob(owner, "application/pdf", "户口簿.pdf", bytes.clone(), store::MAX_BLOB, NOW);
    let digest = put.await.unwrap();
    let blob = store.get_blob(owner, &digest).await.unwrap().unwrap();
    assert_eq!((blob.media_type.as_str(), blob.name.as_str()), ("application/pdf", "户口簿.pdf"));
    assert_eq!(blob.bytes, bytes);
    assert_eq!(store.get_blob(other, &digest).await.unwrap(), None);
    let row = store.blobs(owner, "", 10).await.unwrap().remove(0);
    assert_eq!((row.digest.as_str(), row.bytes), (digest.as_str(), 100_000));
    let large = store.put_blob(owner, "application/pdf", "x", vec![0; 11], 10, NOW).await;
    assert!(matches!(large, Err(Error::TooLarge { limit: 10 })));

    let file = place.config.data_dir.join("blobs").join(&digest[..2]).join(&digest[2..]);
    let mut sealed = std::fs::read(&file).unwrap();
    assert_eq!(store::sha256_hex(&sealed), digest);
    sealed[500] ^= 1;
    std::fs::write(&file, &sealed).unwrap();
    assert!(matches!(store.get_blob(owner, &digest).await, Err(Error::Corrupt(_))));
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(store.get_blob(owner, &digest).await, Err(Error::Corrupt(_))));
}

#[cfg(unix)]
#[test]
fn a_master_key_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys").join("master.key");
    MasterKey::load_or_create(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(text.len(), 64);
    MasterKey::load_or_create(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "a key file was made anew");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(MasterKey::load_or_create(&path), Err(Error::MasterKey(_))));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&path, "short").unwrap();
    assert!(matches!(MasterKey::load_or_create(&path), Err(Error::MasterKey(_))));
}
