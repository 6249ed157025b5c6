//! Effects: at least once, one worker at a time.

use store::{Error, NewOutbox, Receiver};
use tokio::task::JoinSet;

use crate::common::*;

on_both! {
    an_effect_is_claimed_and_done;
    a_lease_runs_out_and_the_old_fence_is_refused;
    a_failed_effect_waits;
    workers_never_share_a_row;
    a_message_comes_with_its_effect;
    what_leaves_the_house_waits_for_its_own_worker;
}

const LEASE: i64 = 30_000_000;

async fn an_effect_is_claimed_and_done(place: Place) {
    let store = place.open().await;
    let case = new_case(random_id());
    store.commit(case.clone()).await.unwrap();
    assert_eq!(store.areas_with_outbox(NOW).await.unwrap(), [AREA]);
    assert!(store.areas_with_outbox(NOW - 1).await.unwrap().is_empty());
    assert!(store.claim_outbox("990001", NOW, NOW + LEASE, 10).await.unwrap().is_empty());
    let rows = store.claim_outbox(AREA, NOW, NOW + LEASE, 10).await.unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row.id, row.case_id, row.person), (case.outbox[0].id, case.case_id, case.person));
    assert_eq!((row.seq, row.attempts, row.fence), (1, 1, 1));
    assert!(store.areas_with_outbox(NOW).await.unwrap().is_empty());
    store.outbox_done(row.claim(), None).await.unwrap();
    assert!(matches!(store.outbox_done(row.claim(), None).await, Err(Error::NotFound)));
    assert_eq!(store.stats().await.unwrap().outbox, 0);
}

async fn a_lease_runs_out_and_the_old_fence_is_refused(place: Place) {
    let store = place.open().await;
    store.commit(new_case(random_id())).await.unwrap();
    let slow = store.claim_outbox(AREA, NOW, NOW + LEASE, 1).await.unwrap().remove(0);
    assert!(store.claim_outbox(AREA, NOW + LEASE - 1, NOW + 2 * LEASE, 1).await.unwrap().is_empty());
    let quick = store.claim_outbox(AREA, NOW + LEASE, NOW + 2 * LEASE, 1).await.unwrap().remove(0);
    assert_eq!((quick.id, quick.fence, quick.attempts), (slow.id, slow.fence + 1, 2));
    assert!(matches!(store.outbox_done(slow.claim(), None).await, Err(Error::NotFound)));
    assert!(matches!(store.outbox_retry(slow.claim(), NOW, "no answer").await, Err(Error::NotFound)));
    store.outbox_done(quick.claim(), None).await.unwrap();
}

async fn a_failed_effect_waits(place: Place) {
    let store = place.open().await;
    store.commit(new_case(random_id())).await.unwrap();
    let row = store.claim_outbox(AREA, NOW, NOW + LEASE, 1).await.unwrap().remove(0);
    store.outbox_retry(row.claim(), NOW + 100, "no answer").await.unwrap();
    assert!(store.claim_outbox(AREA, NOW + 99, NOW + LEASE, 1).await.unwrap().is_empty());
    assert_eq!(store.claim_outbox(AREA, NOW + 100, NOW + LEASE, 1).await.unwrap()[0].attempts, 2);
}

async fn workers_never_share_a_row(place: Place) {
    let store = place.open().await;
    let mut case = new_case(random_id());
    case.outbox = (0..30).map(|_| effect("notify")).collect();
    store.commit(case).await.unwrap();
    // two stores, as two processes would have
    let other = place.open().await;
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let store = if n % 2 == 0 { store.clone() } else { other.clone() };
        tasks.spawn(async move { store.claim_outbox(AREA, NOW, NOW + LEASE, 4).await.unwrap() });
    }
    let mut ids: Vec<_> = tasks.join_all().await.into_iter().flatten().map(|row| row.id).collect();
    let claimed = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), claimed, "a row was given to two workers");
    ids.extend(store.claim_outbox(AREA, NOW, NOW + LEASE, 100).await.unwrap().iter().map(|row| row.id));
    assert_eq!(ids.len(), 30);
}

async fn a_message_comes_with_its_effect(place: Place) {
    let store = place.open().await;
    let case = new_case(random_id());
    store.commit(case.clone()).await.unwrap();
    let old = store.claim_outbox(AREA, NOW, NOW + LEASE, 1).await.unwrap().remove(0);
    let new = store.claim_outbox(AREA, NOW + LEASE, NOW + 2 * LEASE, 1).await.unwrap().remove(0);
    let news = message(case.person, old.id);
    let late = store.outbox_done(old.claim(), Some(message(case.person, new_id()))).await;
    assert!(matches!(late, Err(Error::NotFound)));
    assert!(store.messages(case.person, None, 9).await.unwrap().is_empty());
    store.outbox_done(new.claim(), Some(news.clone())).await.unwrap();
    assert_eq!(store.messages(case.person, None, 9).await.unwrap(), [news]);
    assert_eq!(store.stats().await.unwrap().outbox, 0);
}

async fn what_leaves_the_house_waits_for_its_own_worker(place: Place) {
    let store = place.open().await;
    let mut case = new_case(random_id());
    let told = |agency: &str| NewOutbox { receiver: Some(agency.to_owned()), ..effect("webhook") };
    case.outbox = vec![told("a"), effect("notify"), told("b"), told("a")];
    store.commit(case.clone()).await.unwrap();
    assert_eq!(store.claim_outbox(AREA, NOW, NOW + LEASE, 9).await.unwrap().len(), 1, "the house's own");
    assert!(store.areas_with_outbox(NOW).await.unwrap().is_empty());
    let due = store.receivers_due(NOW).await.unwrap();
    let [a, b] = ["a", "b"].map(|name| Receiver { area: AREA.to_owned(), receiver: name.to_owned() });
    assert_eq!(due, [a.clone(), b.clone()]);
    assert!(store.receivers_due(NOW - 1).await.unwrap().is_empty());
    let rows = store.claim_outbox_for(&a, NOW, NOW + LEASE, 9).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [case.outbox[0].id, case.outbox[3].id]);
    assert_eq!(store.receivers_due(NOW).await.unwrap(), [b]);
    assert!(store.claim_outbox_for(&a, NOW, NOW + LEASE, 9).await.unwrap().is_empty(), "it is held");
    // Given up and revived, it is still the receiver's alone.
    store.outbox_bury(rows[0].claim(), NOW, "no answer").await.unwrap();
    store.outbox_retry(rows[1].claim(), NOW + 5, "no answer").await.unwrap();
    assert!(store.claim_outbox_for(&a, NOW + 4, NOW + LEASE, 9).await.unwrap().is_empty());
    store.revive(AREA, rows[0].id, NOW + 5).await.unwrap();
    assert!(store.claim_outbox(AREA, NOW + 5, NOW + LEASE, 9).await.unwrap().is_empty());
    assert_eq!(store.claim_outbox_for(&a, NOW + 5, NOW + LEASE, 9).await.unwrap().len(), 2);
}
