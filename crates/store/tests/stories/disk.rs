//! The disk of the embedded database: full, suddenly gone, and read by someone who should not.

use std::path::Path;

use store::{Error, verify_chain};
use tokio::task::JoinSet;

use crate::common::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_acknowledging() {
    let mut place = Place::sqlite();
    place.config.sqlite_max_pages = Some(300);
    let store = place.open().await;
    let mut acknowledged = Vec::new();
    let mut refused = 0;
    while refused < 64 {
        let mut tasks = JoinSet::new();
        for _ in 0..64 {
            let (store, case) = (store.clone(), new_case(random_id()));
            tasks.spawn(async move { (case.case_id, store.commit(case).await) });
        }
        refused = 0;
        for (id, answer) in tasks.join_all().await {
            match answer {
                Ok(_) => acknowledged.push(id),
                Err(Error::Full) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
    }
    assert!(acknowledged.len() >= 64);
    // reading goes on
    assert_eq!(store.stats().await.unwrap().cases, acknowledged.len() as i64);
    store.close().await;
    // with room again, writing does too, and what was acknowledged is there
    place.config.sqlite_max_pages = None;
    let store = place.open().await;
    for id in &acknowledged {
        verify_chain(&store.load_case(AREA, *id).await.unwrap().unwrap()).unwrap();
    }
    store.commit(new_case(random_id())).await.unwrap();
    assert_eq!(store.stats().await.unwrap().cases, acknowledged.len() as i64 + 1);
}

/// What a killed process leaves are its files as they are at that moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_acknowledged() {
    let place = Place::sqlite();
    let store = place.open().await;
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let (store, case) = (store.clone(), new_case(random_id()));
        tasks.spawn(async move { store.commit(case.clone()).await.map(|_| case.case_id).unwrap() });
    }
    let ids = tasks.join_all().await;
    let left = Place::sqlite();
    for name in ["store.db", "store.db-wal"] {
        std::fs::copy(place.folder.path().join(name), left.folder.path().join(name)).unwrap();
    }
    let found = left.open().await;
    for id in ids {
        verify_chain(&found.load_case(AREA, id).await.unwrap().unwrap()).unwrap();
    }
    assert_eq!(found.stats().await.unwrap().cases, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_personal_stands_in_the_files() {
    const SECRETS: [&str; 3] = ["示例·陈晓明", "990000199001011234", "户口簿"];
    let place = Place::sqlite();
    let store = place.open().await;
    let number = store.lookup("citizen-number", SECRETS[1]);
    let profile = SECRETS.join(",");
    let person = store.create_person(random_id(), vec![number], profile.as_bytes(), NOW).await.unwrap();
    let key = store.person_key(person).await.unwrap();
    let sealed = key.seal("event", profile.as_bytes()).unwrap();
    let mut case = new_case(person);
    case.events[0].sealed = Some(sealed.clone());
    case.outbox[0].sealed = Some(sealed.clone());
    store.commit(case).await.unwrap();
    let mut kept = draft(person);
    kept.sealed = sealed.clone();
    store.save_draft(kept, 9).await.unwrap();
    let content = profile.repeat(50).into_bytes();
    store.put_blob(person, "text/plain", SECRETS[2], content, store::MAX_BLOB, NOW).await.unwrap();
    let copy = place.folder.path().join("backup");
    store.backup(&copy, &|_, _| {}).await.unwrap();

    let files = files_under(place.folder.path());
    assert!(files.iter().any(|file| file.ends_with("store.db-wal")));
    let holds = |needle: &[u8]| {
        files
            .iter()
            .find(|file| std::fs::read(file).unwrap().windows(needle.len()).any(|part| part == needle))
    };
    // the search itself can find something
    assert!(holds(&sealed).is_some());
    assert!(holds(AGENCY.as_bytes()).is_some());
    for secret in SECRETS {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(holds(secret.as_bytes()), None, "{secret} stands in clear");
        assert_eq!(holds(hex.as_bytes()), None, "{secret} stands in hexadecimal");
    }
}

/// Destroying a key overwrites it in the file and in its log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_destroyed_key_is_gone_from_the_files() {
    let place = Place::sqlite();
    let store = place.open().await;
    let lookup = store.lookup("demo", "1");
    let person = store.create_person(random_id(), vec![lookup], b"{}", NOW).await.unwrap();
    let copy = place.folder.path().join("backup");
    store.backup(&copy, &|_, _| {}).await.unwrap();
    let line = std::fs::read_to_string(copy.join("persons.jsonl")).unwrap();
    let (_, rest) = line.split_once(r#""key_wrapped":""#).unwrap();
    let wrapped: Vec<u8> =
        (0..61).map(|n| u8::from_str_radix(&rest[2 * n..2 * n + 2], 16).unwrap()).collect();
    std::fs::remove_dir_all(&copy).unwrap();
    let stands = || {
        let files = files_under(place.folder.path());
        files.iter().any(|file| std::fs::read(file).unwrap().windows(61).any(|part| part == wrapped))
    };
    assert!(stands());
    store.destroy_person(person, NOW).await.unwrap();
    assert!(!stands());
}

/// A writer that stands still takes so many jobs and no more; those it took are stored in the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_has_an_end() {
    let place = Place::sqlite();
    let store = place.open().await;
    let lock = rusqlite::Connection::open(place.folder.path().join("store.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..2_000 {
        let (store, case) = (store.clone(), new_case(random_id()));
        tasks.spawn(async move { store.commit(case).await });
    }
    let mut answers = Vec::new();
    while answers.len() < 500 {
        answers.push(tasks.join_next().await.unwrap().unwrap());
    }
    assert!(answers.iter().all(|answer| matches!(answer, Err(Error::Busy))), "acknowledged under a lock");
    lock.execute_batch("ROLLBACK").unwrap();
    answers.extend(tasks.join_all().await);
    let stored = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(Error::Busy))));
    assert!(stored >= 1_024, "{stored}");
    assert_eq!(store.stats().await.unwrap().cases, stored as i64);
}

fn files_under(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files
}
