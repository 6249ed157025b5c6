//! Whoever can write the database and compute hashes, but not sign: found, and told where.

use store::{CaseCommit, Head, Store, StoredCase, verify_chain};

use crate::common::*;

on_both! {
    a_cut_tail_is_found;
    a_head_set_back_is_found;
    swapped_rows_are_found;
    a_rewritten_chain_is_found;
    a_change_is_located_between_checkpoints;
    a_missing_case_is_found;
    a_missing_checkpoint_is_found;
    a_cut_chain_of_checkpoints_is_found;
    a_forged_checkpoint_is_found;
    a_case_kept_from_anchoring_is_found;
}

/// A case of `kinds.len()` events, and a checkpoint after each of these events.
async fn case(store: &Store, kinds: &[&str], anchored_at: &[i64]) -> CaseCommit {
    let first = new_case(random_id());
    let mut head = Head::NEW;
    for kind in kinds {
        let next = CaseCommit { outbox: Vec::new(), ..next_of(&first, head, kind) };
        head = store.commit(next).await.unwrap();
        if anchored_at.contains(&head.seq) {
            store.checkpoint(AREA, NOW, 100).await.unwrap().unwrap();
        }
    }
    first
}

const LIFE: [&str; 5] = ["submitted", "accepted", "reviewed", "decided", "delivered"];

async fn faults(place: &Place) -> Vec<(Option<uuid::Uuid>, Option<i64>, String)> {
    // a fresh process, so that nothing kept in memory helps
    let store = place.open().await;
    let report = store.verify_checkpoints(&[store.signer().public()], &[]).await.unwrap();
    assert!(report.checkpoints > 0 && report.unlisted == 0);
    report.faults.into_iter().map(|fault| (fault.case, fault.seq, fault.what)).collect()
}

fn of(case: &CaseCommit) -> String {
    format!("(SELECT id FROM cases WHERE number = '{}')", case.view.number)
}

async fn loaded(store: &Store, case: &CaseCommit) -> StoredCase {
    store.load_case(AREA, case.case_id).await.unwrap().unwrap()
}

/// The last events go and the head is set back, so that the chain of the case is whole.
async fn a_cut_tail_is_found(place: Place) {
    let store = place.open().await;
    case(&store, &LIFE, &[5]).await;
    let target = case(&store, &LIFE, &[2, 4]).await;
    assert_eq!(faults(&place).await, []);
    let whole = loaded(&store, &target).await;
    // what came after the last checkpoint is not covered yet
    for (kept, found) in [(4, false), (3, true), (2, true), (1, true)] {
        let head = place.bytes(&whole.events[kept - 1].hash);
        let id = of(&target);
        assert_eq!(
            place.meddle(&format!("DELETE FROM events WHERE case_id = {id} AND seq > {kept}")).await,
            1
        );
        place.meddle(&format!("UPDATE cases SET seq = {kept}, head = {head} WHERE id = {id}")).await;
        verify_chain(&loaded(&store, &target).await).unwrap();
        let kept = kept as i64;
        let expected = (Some(target.case_id), Some(kept + 1), format!("events after {kept} are missing"));
        assert_eq!(faults(&place).await, if found { vec![expected] } else { vec![] });
    }
}

async fn a_head_set_back_is_found(place: Place) {
    let store = place.open().await;
    let target = case(&store, &LIFE, &[5]).await;
    let whole = loaded(&store, &target).await;
    let head = place.bytes(&whole.events[2].hash);
    place.meddle(&format!("UPDATE cases SET seq = 3, head = {head} WHERE id = {}", of(&target))).await;
    verify_chain(&loaded(&store, &target).await).unwrap();
    let expected = (Some(target.case_id), Some(4), "the case was set back to event 3".to_owned());
    assert_eq!(faults(&place).await, [expected]);
}

async fn swapped_rows_are_found(place: Place) {
    let store = place.open().await;
    let (one, two) = (case(&store, &LIFE, &[3, 5]).await, case(&store, &LIFE, &[3, 5]).await);
    let (left, right) = (of(&one), of(&two));
    // event 3 of the one for event 3 of the other, by way of a number neither has
    for (from, to, at, new) in [(&left, &left, 3, 99), (&right, &left, 3, 3), (&left, &right, 99, 3)] {
        let sql =
            format!("UPDATE events SET case_id = {to}, seq = {new} WHERE case_id = {from} AND seq = {at}");
        assert_eq!(place.meddle(&sql).await, 1);
    }
    for case in [&one, &two] {
        assert!(verify_chain(&loaded(&store, case).await).is_err());
    }
    let mut found = faults(&place).await;
    found.sort();
    let mut expected =
        [&one, &two].map(|case| (Some(case.case_id), Some(1), "an event from 1 to 3 was changed".to_owned()));
    expected.sort();
    assert_eq!(found, expected);
}

/// What `case` would look like had its event `seq` said something else from the beginning: computed in a
/// store of the intruder's own.
async fn rewritten(case: &CaseCommit, seq: i64) -> StoredCase {
    let own = Place::sqlite();
    let store = own.open().await;
    let mut head = Head::NEW;
    for kind in LIFE {
        let mut next = CaseCommit { outbox: Vec::new(), ..next_of(case, head, kind) };
        if head.seq + 1 == seq {
            next.events[0].data = r#"{"材料":"不齐"}"#.into();
        }
        head = store.commit(next).await.unwrap();
    }
    loaded(&store, case).await
}

async fn put_in_place(place: &Place, case: &CaseCommit, new: &StoredCase) {
    let id = of(case);
    for event in &new.events {
        let (prev, hash) = (place.bytes(&event.prev_hash), place.bytes(&event.hash));
        let (data, seq) = (&event.data, event.seq);
        let sql = format!(
            "UPDATE events SET data = '{data}', prev_hash = {prev}, hash = {hash} WHERE case_id = {id} AND seq = {seq}"
        );
        assert_eq!(place.meddle(&sql).await, 1);
    }
    let head = place.bytes(&new.row.head.hash);
    place.meddle(&format!("UPDATE cases SET head = {head} WHERE id = {id}")).await;
}

async fn a_rewritten_chain_is_found(place: Place) {
    let store = place.open().await;
    let target = case(&store, &LIFE, &[2, 3, 5]).await;
    put_in_place(&place, &target, &rewritten(&target, 3).await).await;
    verify_chain(&loaded(&store, &target).await).unwrap();
    assert_eq!(faults(&place).await, [(Some(target.case_id), Some(3), "event 3 was changed".to_owned())]);
}

async fn a_change_is_located_between_checkpoints(place: Place) {
    let store = place.open().await;
    let target = case(&store, &LIFE, &[1, 5]).await;
    put_in_place(&place, &target, &rewritten(&target, 3).await).await;
    verify_chain(&loaded(&store, &target).await).unwrap();
    let expected = (Some(target.case_id), Some(2), "an event from 2 to 5 was changed".to_owned());
    assert_eq!(faults(&place).await, [expected]);
}

async fn a_missing_case_is_found(place: Place) {
    let store = place.open().await;
    let target = case(&store, &LIFE, &[1, 5]).await;
    case(&store, &LIFE, &[5]).await;
    place.meddle(&format!("DELETE FROM events WHERE case_id = {}", of(&target))).await;
    let gone = |what: &str| vec![(Some(target.case_id), Some(1), what.to_owned())];
    assert_eq!(faults(&place).await, gone("all events are missing"));
    place.meddle("DELETE FROM my_cases").await;
    place.meddle(&format!("DELETE FROM cases WHERE number = '{}'", target.view.number)).await;
    assert_eq!(faults(&place).await, gone("the case is gone"));
    // with its heads as well: the root tells
    let id = place.bytes(target.case_id.as_bytes());
    let own = match place.config.database {
        store::Database::Sqlite(_) => id,
        store::Database::Postgres(_) => format!("'{}'", target.case_id),
    };
    place.meddle(&format!("DELETE FROM checkpoint_heads WHERE case_id = {own}")).await;
    let changed = (None, None, "its list of heads was changed".to_owned());
    assert_eq!(faults(&place).await, [changed.clone(), changed]);
}

async fn a_missing_checkpoint_is_found(place: Place) {
    let store = place.open().await;
    case(&store, &LIFE, &[1, 2, 3, 4]).await;
    place.meddle("DELETE FROM checkpoints WHERE n = 2").await;
    place.meddle("DELETE FROM checkpoint_heads WHERE n = 2").await;
    assert_eq!(faults(&place).await, [(None, None, "the checkpoint is missing".to_owned())]);
    // closing the gap does not help: the numbers are signed, and so is the one before
    for n in [3, 4] {
        place.meddle(&format!("UPDATE checkpoints SET n = {} WHERE n = {n}", n - 1)).await;
        place.meddle(&format!("UPDATE checkpoint_heads SET n = {} WHERE n = {n}", n - 1)).await;
    }
    let found = faults(&place).await;
    assert!(found.iter().filter(|(.., what)| what == "the signature does not fit").count() == 2, "{found:?}");
    assert!(found.iter().any(|(.., what)| what == "it does not follow the one before it"), "{found:?}");
    assert!(found.iter().any(|(.., what)| what == "the checkpoint is missing"), "{found:?}");
}

/// The last checkpoints and all they hold go: the file outside the database tells.
async fn a_cut_chain_of_checkpoints_is_found(place: Place) {
    let store = place.open().await;
    let target = case(&store, &LIFE, &[1, 3, 5]).await;
    let whole = loaded(&store, &target).await;
    let (id, head) = (of(&target), place.bytes(&whole.events[0].hash));
    place.meddle(&format!("DELETE FROM events WHERE case_id = {id} AND seq > 1")).await;
    place.meddle(&format!("UPDATE cases SET seq = 1, head = {head}, anchored = 1 WHERE id = {id}")).await;
    place.meddle("DELETE FROM checkpoints WHERE n > 1").await;
    place.meddle("DELETE FROM checkpoint_heads WHERE n > 1").await;
    let missing = (None, None, "the checkpoint is missing".to_owned());
    assert_eq!(faults(&place).await, [missing.clone(), missing.clone()]);
    // where the file is cut as well, a copy kept elsewhere does
    let copy = place.folder.path().join("copy");
    std::fs::copy(store.checkpoint_file(), &copy).unwrap();
    let first = std::fs::read_to_string(&copy).unwrap().split_inclusive('\n').take(1).collect::<String>();
    std::fs::write(store.checkpoint_file(), first).unwrap();
    assert_eq!(faults(&place).await, []);
    let report = store.verify_checkpoints(&[store.signer().public()], &[&copy]).await.unwrap();
    assert_eq!(report.faults.iter().map(|fault| fault.checkpoint).collect::<Vec<_>>(), [2, 3]);
}

async fn a_forged_checkpoint_is_found(place: Place) {
    let store = place.open().await;
    let target = case(&store, &LIFE, &[5]).await;
    let new = rewritten(&target, 3).await;
    put_in_place(&place, &target, &new).await;
    // signed with a key of the intruder's own, over the heads as they are now
    let mut forger = place.config.clone();
    forger.master_key = store::MasterKey::from_bytes([8; 32]);
    place.meddle("DELETE FROM checkpoints").await;
    place.meddle("DELETE FROM checkpoint_heads").await;
    place.meddle("UPDATE cases SET anchored = NULL").await;
    std::fs::remove_file(store.checkpoint_file()).unwrap();
    let forger = Store::open(&forger).await.unwrap();
    forger.checkpoint(AREA, NOW, 9).await.unwrap().unwrap();
    assert_eq!(faults(&place).await, [(None, None, "the signature does not fit".to_owned())]);
}

/// A new case that claims to be anchored would never be.
async fn a_case_kept_from_anchoring_is_found(place: Place) {
    let store = place.open().await;
    case(&store, &LIFE, &[5]).await;
    let later = case(&store, &LIFE, &[]).await;
    place.meddle("UPDATE cases SET anchored = 1").await;
    let what = "is marked as held by a checkpoint that does not hold its head".to_owned();
    assert_eq!(faults(&place).await, [(Some(later.case_id), None, what)]);
}
