//! Backup and restore, within one database and from each to the other.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use store::{Error, Store, verify_chain};
use tokio::task::JoinSet;

use crate::common::*;

on_both! {
    a_backup_comes_back_on_sqlite;
    a_backup_comes_back_on_postgres;
    a_changed_backup_is_refused;
    a_backup_is_of_one_moment;
    a_backup_names_no_file_but_its_own;
}

/// More cases than one page of the dump, and something in every table.
async fn fill(store: &Store) -> uuid::Uuid {
    let lookup = store.lookup("demo", "1");
    let person = store.create_person(random_id(), vec![lookup], "示例".as_bytes(), NOW).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..1_100 {
        let (store, case) = (store.clone(), new_case(person));
        tasks.spawn(async move { store.commit(case).await.unwrap() });
    }
    tasks.join_all().await;
    let mut last = new_case(person);
    last.view.due_at = None;
    last.view.claimed_by = Some(person);
    last.events[0].sealed = None;
    last.definition = Some(store::Definition {
        digest: "cd".repeat(32),
        item: "示例事项".into(),
        body: "{\"文\":\"字\n\"}".into(),
        created_at: NOW,
    });
    let head = store.commit(last.clone()).await.unwrap();
    store.commit(next_of(&last, head, "accepted")).await.unwrap();
    store.add_message(message(person, new_id())).await.unwrap();
    store.save_draft(draft(person), 9).await.unwrap();
    store.put_blob(person, "text/plain", "名", vec![1; 5_000], store::MAX_BLOB, NOW).await.unwrap();
    person
}

async fn a_backup_comes_back_on_sqlite(place: Place) {
    comes_back(place, Place::sqlite()).await;
}

async fn a_backup_comes_back_on_postgres(place: Place) {
    if let Some(other) = Place::postgres().await {
        comes_back(place, other).await;
    }
}

async fn comes_back(place: Place, other: Place) {
    let store = place.open().await;
    let person = fill(&store).await;
    let first = place.folder.path().join("first");
    let seen = AtomicU64::new(0);
    let manifest = store
        .backup(&first, &|done, total| {
            assert!(done <= total);
            seen.store(done, Ordering::Relaxed);
        })
        .await
        .unwrap();
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    assert_eq!(seen.load(Ordering::Relaxed), rows + 1);
    let full = store.backup(&first, &|_, _| {}).await;
    assert!(matches!(full, Err(Error::Backup(_))), "a backup was written over another");

    let restored = other.open().await;
    restored.restore(&first, &|done, total| assert!(done <= total)).await.unwrap();
    assert_eq!(restored.stats().await.unwrap(), store.stats().await.unwrap());
    assert_eq!(restored.profile(person).await.unwrap(), "示例".as_bytes());
    let digest = restored.blobs(person, "", 1).await.unwrap().remove(0).digest;
    assert_eq!(
        restored.get_blob(person, &digest).await.unwrap(),
        store.get_blob(person, &digest).await.unwrap()
    );
    for mine in restored.my_cases(person, None, 1_000).await.unwrap() {
        let case = restored.load_case(AREA, mine.id).await.unwrap().unwrap();
        verify_chain(&case).unwrap();
    }
    let second = other.folder.path().join("second");
    let again = restored.backup(&second, &|_, _| {}).await.unwrap();
    assert_eq!(lines(&second), lines(&first), "the way there and back changed something");
    assert_eq!(again.blobs, manifest.blobs);
    let twice = restored.restore(&first, &|_, _| {}).await;
    assert!(matches!(twice, Err(Error::Backup(_))), "a backup was restored over data");
    restored.commit(new_case(person)).await.unwrap();
}

/// All rows, table by table, in an order of their own (each database sorts texts in its way).
fn lines(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let tables = files.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    let rows = |path: &Path| {
        let mut rows: Vec<_> = std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
        rows.sort_unstable();
        rows
    };
    tables.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), rows(&path))).collect()
}

async fn a_changed_backup_is_refused(place: Place) {
    let store = place.open().await;
    let person = fill(&store).await;
    let folder = place.folder.path().join("backup");
    store.backup(&folder, &|_, _| {}).await.unwrap();
    let digest = store.blobs(person, "", 1).await.unwrap().remove(0).digest;
    let blob = folder.join("blobs").join(&digest[..2]).join(&digest[2..]);
    let empty = Place::sqlite();
    let target = empty.open().await;
    for file in [folder.join("events.jsonl"), folder.join("manifest.json"), blob] {
        let good = std::fs::read(&file).unwrap();
        let mut bad = good.clone();
        bad.truncate(good.len() / 2);
        std::fs::write(&file, &bad).unwrap();
        let refused = target.restore(&folder, &|_, _| {}).await;
        assert!(matches!(refused, Err(Error::Backup(_))), "{}: {refused:?}", file.display());
        std::fs::write(&file, &good).unwrap();
    }
    assert_eq!(target.stats().await.unwrap().cases, 0);
    target.restore(&folder, &|_, _| {}).await.unwrap();
}

/// Cases, events and lists in a backup belong together though others write meanwhile.
async fn a_backup_is_of_one_moment(place: Place) {
    let store = place.open().await;
    fill(&store).await;
    let writing = store.clone();
    let writer = tokio::spawn(async move {
        for _ in 0..200 {
            writing.commit(new_case(random_id())).await.unwrap();
        }
    });
    let folder = place.folder.path().join("backup");
    let manifest =
        store.backup(&folder, &|_, _| tokio::task::block_in_place(std::thread::yield_now)).await.unwrap();
    let rows: BTreeMap<_, _> =
        manifest.tables.iter().map(|table| (table.name.as_str(), table.rows)).collect();
    // each case here opens with one event, but one that has a second
    assert_eq!(rows["events"], rows["cases"] + 1);
    assert_eq!(rows["my_cases"], rows["cases"]);
    writer.await.unwrap();
}

/// Whoever made the folder may not lead us to another file: not by its path, not by a link.
async fn a_backup_names_no_file_but_its_own(place: Place) {
    let store = place.open().await;
    let person = store.create_person(random_id(), vec![store.lookup("demo", "1")], b"-", NOW).await.unwrap();
    let digest = store.put_blob(person, "text/plain", "名", vec![1; 50], store::MAX_BLOB, NOW).await.unwrap();
    let folder = place.folder.path().join("backup");
    store.backup(&folder, &|_, _| {}).await.unwrap();
    let empty = Place::sqlite();
    let target = empty.open().await;
    let refusal = async || match target.restore(&folder, &|_, _| {}).await {
        Err(Error::Backup(why)) => why,
        other => panic!("{other:?}"),
    };
    let rows = folder.join("blobs.jsonl");
    let good = std::fs::read_to_string(&rows).unwrap();
    for bad in ["", "文件", "..//dev/zero", &format!("..{}", &digest[2..])] {
        std::fs::write(&rows, good.replace(&digest, bad)).unwrap();
        assert!(refusal().await.contains("does not fit"), "{bad}");
    }
    std::fs::write(&rows, &good).unwrap();
    #[cfg(unix)]
    {
        let blob = folder.join("blobs").join(&digest[..2]).join(&digest[2..]);
        std::fs::rename(&blob, folder.join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(folder.join("elsewhere"), &blob).unwrap();
        assert!(refusal().await.contains("missing or changed"));
    }
}
