//! Checkpoints as they are made: every changed case once, in a chain, signed, and a line in the file.

use std::io::Write as _;

use store::{Error, PublicKey, Store, verify_checkpoint};
use tokio::task::JoinSet;

use crate::common::*;

on_both! {
    a_checkpoint_takes_what_has_changed;
    checkpoints_are_a_signed_chain;
    one_master_key_has_one_key_pair;
    a_lost_line_is_added_again;
    half_a_line_is_told;
    two_servers_make_one_chain;
    checkpoints_and_commits_do_not_hold_each_other_up;
    a_backup_keeps_the_checkpoints;
}

async fn all_checkpoints(store: &Store) {
    while store.checkpoint(AREA, NOW, 100).await.unwrap().is_some() {}
}

async fn sound(store: &Store) {
    let report = store.verify_checkpoints(&[store.signer().public()], &[]).await.unwrap();
    assert_eq!((report.faults, report.unlisted), (Vec::new(), 0));
}

async fn a_checkpoint_takes_what_has_changed(place: Place) {
    let store = place.open().await;
    assert_eq!(store.checkpoint(AREA, NOW, 10).await.unwrap(), None);
    let mut cases = Vec::new();
    for _ in 0..5 {
        let case = new_case(random_id());
        cases.push((case.clone(), store.commit(case).await.unwrap()));
    }
    assert_eq!(store.areas_with_unanchored().await.unwrap(), [AREA]);
    assert_eq!(store.checkpoint("990001", NOW, 10).await.unwrap(), None);
    let first = store.checkpoint(AREA, NOW + 1, 3).await.unwrap().unwrap();
    assert_eq!((first.n, first.at, first.cases, first.events), (1, NOW + 1, 3, 3));
    let second = store.checkpoint(AREA, NOW + 2, 3).await.unwrap().unwrap();
    assert_eq!((second.n, second.cases), (2, 2));
    assert_eq!(store.checkpoint(AREA, NOW + 3, 3).await.unwrap(), None);
    assert!(store.areas_with_unanchored().await.unwrap().is_empty());

    let (case, head) = &cases[0];
    let moved = store.commit(next_of(case, *head, "accepted")).await.unwrap();
    // a view written anew changes no head
    let (other, head) = &cases[1];
    store.rewrite_view(AREA, other.case_id, other.person, *head, other.view.clone()).await.unwrap();
    let third = store.checkpoint(AREA, NOW + 4, 3).await.unwrap().unwrap();
    assert_eq!((third.n, third.cases, third.events), (3, 1, 2));
    let heads = store.checkpoint_heads(AREA, 3).await.unwrap();
    assert_eq!(
        (heads[0].case_id, heads[0].seq, heads[0].hash.as_slice()),
        (case.case_id, 2, &moved.hash[..])
    );
    assert_eq!(heads[0].stored.as_deref(), Some(&moved.hash[..]));
    assert_eq!(store.event_hash(AREA, case.case_id, 2).await.unwrap().as_deref(), Some(&moved.hash[..]));
    assert_eq!(store.event_hash(AREA, case.case_id, 3).await.unwrap(), None);
    assert_eq!(store.areas_with_checkpoints().await.unwrap(), [AREA]);
    sound(&store).await;
}

async fn checkpoints_are_a_signed_chain(place: Place) {
    let store = place.open().await;
    for n in 0..3 {
        store.commit(new_case(random_id())).await.unwrap();
        store.checkpoint(AREA, NOW + n, 9).await.unwrap().unwrap();
    }
    let chain = store.checkpoints(AREA, 0, 9).await.unwrap();
    let key = store.signer().public();
    assert_eq!(store.checkpoints(AREA, 2, 9).await.unwrap(), chain[2..]);
    assert_eq!(chain[0].prev, [0; 32]);
    assert_eq!(chain[2].prev, chain[1].digest());
    let heads = store.checkpoint_heads(AREA, 2).await.unwrap();
    let check = |this: &store::Checkpoint, keys: &[PublicKey]| {
        let faults = verify_checkpoint(Some(&chain[0]), this, &heads, keys);
        faults.into_iter().map(|fault| fault.what).collect::<Vec<_>>()
    };
    assert!(check(&chain[1], &[key]).is_empty());
    let stranger = store::MasterKey::from_bytes([8; 32]).signer().unwrap().public();
    assert_eq!(check(&chain[1], &[stranger]), ["the signature does not fit"]);
    assert!(check(&chain[1], &[stranger, key]).is_empty());
    let changes: [fn(&mut store::Checkpoint); 6] = [
        |checkpoint| checkpoint.at += 1,
        |checkpoint| checkpoint.cases += 1,
        |checkpoint| checkpoint.events += 1,
        |checkpoint| checkpoint.root[0] ^= 1,
        |checkpoint| checkpoint.prev[0] ^= 1,
        |checkpoint| checkpoint.area = "990001".into(),
    ];
    for (n, change) in changes.iter().enumerate() {
        let mut bad = chain[1].clone();
        change(&mut bad);
        assert!(check(&bad, &[key]).contains(&"the signature does not fit".to_owned()), "change {n}");
    }
}

async fn one_master_key_has_one_key_pair(place: Place) {
    let store = place.open().await;
    let again = place.config.master_key.signer().unwrap().public();
    assert_eq!(store.signer().public(), again);
    assert_eq!(again.to_string().parse::<PublicKey>().unwrap(), again);
    assert!("00".parse::<PublicKey>().is_err());
    assert_ne!(store::MasterKey::from_bytes([8; 32]).signer().unwrap().public(), again);
}

async fn a_lost_line_is_added_again(place: Place) {
    let store = place.open().await;
    for _ in 0..3 {
        store.commit(new_case(random_id())).await.unwrap();
        all_checkpoints(&store).await;
    }
    let whole = std::fs::read_to_string(store.checkpoint_file()).unwrap();
    assert_eq!(whole.lines().count(), 3);
    // a crash between the commit and the file
    let shorter: String = whole.split_inclusive('\n').take(2).collect();
    std::fs::write(store.checkpoint_file(), &shorter).unwrap();
    let key = [store.signer().public()];
    let report = store.verify_checkpoints(&key, &[]).await.unwrap();
    assert_eq!((report.unlisted, report.checkpoints, report.faults.len()), (1, 3, 0));
    assert_eq!(store.repair_checkpoint_file().await.unwrap(), 1);
    assert_eq!(store.repair_checkpoint_file().await.unwrap(), 0);
    assert_eq!(std::fs::read_to_string(store.checkpoint_file()).unwrap(), whole);
    std::fs::remove_file(store.checkpoint_file()).unwrap();
    assert_eq!(store.repair_checkpoint_file().await.unwrap(), 3);
    assert_eq!(std::fs::read_to_string(store.checkpoint_file()).unwrap(), whole);
}

async fn half_a_line_is_told(place: Place) {
    let store = place.open().await;
    store.commit(new_case(random_id())).await.unwrap();
    all_checkpoints(&store).await;
    let mut file = std::fs::OpenOptions::new().append(true).open(store.checkpoint_file()).unwrap();
    file.write_all(br#"{"area":"9900"#).unwrap();
    store.commit(new_case(random_id())).await.unwrap();
    all_checkpoints(&store).await;
    let report = store.verify_checkpoints(&[store.signer().public()], &[]).await.unwrap();
    assert_eq!((report.unlisted, report.checkpoints), (0, 2));
    let told: Vec<_> = report.faults.iter().map(|fault| fault.what.as_str()).collect();
    assert!(told.len() == 1 && told[0].contains("line 2 of "), "{told:?}");
}

async fn two_servers_make_one_chain(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    for _ in 0..60 {
        store.commit(new_case(random_id())).await.unwrap();
    }
    let mut tasks = JoinSet::new();
    for n in 0..12 {
        let store = if n % 2 == 0 { store.clone() } else { other.clone() };
        tasks.spawn(async move { store.checkpoint(AREA, NOW + n, 7).await });
    }
    for answer in tasks.join_all().await {
        assert!(matches!(answer, Ok(_) | Err(Error::Conflict | Error::Busy)), "{answer:?}");
    }
    all_checkpoints(&store).await;
    let chain = store.checkpoints(AREA, 0, 99).await.unwrap();
    assert_eq!(chain.iter().map(|checkpoint| checkpoint.cases).sum::<i64>(), 60, "each head once");
    sound(&store).await;
}

/// Cases change all the time while they are anchored: every commit is stored, and in the end every head.
async fn checkpoints_and_commits_do_not_hold_each_other_up(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let mut writers = JoinSet::new();
    for n in 0..40 {
        let store = if n % 2 == 0 { store.clone() } else { other.clone() };
        writers.spawn(async move {
            let first = new_case(random_id());
            let mut head = store.commit(first.clone()).await.unwrap();
            for _ in 0..20 {
                head = store.commit(next_of(&first, head, "accepted")).await.unwrap();
            }
        });
    }
    let mut made = 0;
    while !writers.is_empty() {
        match store.checkpoint(AREA, NOW, 25).await {
            Ok(checkpoint) => made += usize::from(checkpoint.is_some()),
            Err(error) => assert!(matches!(error, Error::Busy | Error::Conflict), "{error}"),
        }
        while let Some(done) = writers.try_join_next() {
            done.unwrap();
        }
        tokio::task::yield_now().await;
    }
    assert!(made > 0, "no checkpoint came through");
    all_checkpoints(&store).await;
    assert!(store.areas_with_unanchored().await.unwrap().is_empty());
    sound(&store).await;
}

async fn a_backup_keeps_the_checkpoints(place: Place) {
    let store = place.open().await;
    store.commit(new_case(random_id())).await.unwrap();
    all_checkpoints(&store).await;
    let folder = place.folder.path().join("backup");
    store.backup(&folder, &|_, _| {}).await.unwrap();
    let empty = Place::sqlite();
    let restored = empty.open().await;
    restored.restore(&folder, &|_, _| {}).await.unwrap();
    assert_eq!(restored.repair_checkpoint_file().await.unwrap(), 1);
    sound(&restored).await;
    assert_eq!(restored.checkpoint(AREA, NOW, 9).await.unwrap(), None);
}
