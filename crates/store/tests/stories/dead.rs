//! Effects that were given up.

use store::{Error, OutboxRow, Store};
use uuid::Uuid;

use crate::common::*;

on_both! {
    a_buried_effect_is_claimed_by_nobody;
    a_revived_effect_goes_on;
    only_the_dead_are_dropped;
    a_failure_is_told_in_few_words;
}

const LEASE: i64 = 30_000_000;

async fn claimed(store: &Store) -> OutboxRow {
    store.commit(new_case(random_id())).await.unwrap();
    store.claim_outbox(AREA, NOW, NOW + LEASE, 1).await.unwrap().remove(0)
}

async fn a_buried_effect_is_claimed_by_nobody(place: Place) {
    let store = place.open().await;
    let row = claimed(&store).await;
    let mut stale = row.claim();
    stale.fence -= 1;
    assert!(matches!(store.outbox_bury(stale, NOW, "no answer").await, Err(Error::NotFound)));
    assert!(store.areas_with_dead().await.unwrap().is_empty());
    store.outbox_bury(row.claim(), NOW + 5, "no answer").await.unwrap();
    let later = NOW + 1_000 * LEASE;
    assert!(store.claim_outbox(AREA, later, later + LEASE, 9).await.unwrap().is_empty());
    assert!(store.areas_with_outbox(later).await.unwrap().is_empty());
    // whoever gave it up holds it no longer
    assert!(matches!(store.outbox_done(row.claim(), None).await, Err(Error::NotFound)));
    assert!(matches!(store.outbox_retry(row.claim(), NOW, "-").await, Err(Error::NotFound)));
    assert!(matches!(store.outbox_bury(row.claim(), NOW, "-").await, Err(Error::NotFound)));
    assert_eq!(store.areas_with_dead().await.unwrap(), [AREA]);
    assert_eq!(store.dead_count(AREA).await.unwrap(), 1);
    let letter = store.dead_letters(AREA, Uuid::nil(), 9).await.unwrap().remove(0);
    assert_eq!((letter.id, letter.case_id, letter.person), (row.id, row.case_id, row.person));
    assert_eq!((letter.attempts, letter.dead_at), (1, NOW + 5));
    assert_eq!(letter.last_error.as_deref(), Some("no answer"));
    assert!(store.dead_letters(AREA, letter.id, 9).await.unwrap().is_empty());
}

async fn a_revived_effect_goes_on(place: Place) {
    let store = place.open().await;
    let row = claimed(&store).await;
    assert!(matches!(store.revive(AREA, row.id, NOW).await, Err(Error::NotFound)), "it lives");
    store.outbox_bury(row.claim(), NOW, "no answer").await.unwrap();
    assert!(matches!(store.revive("990001", row.id, NOW).await, Err(Error::NotFound)));
    store.revive(AREA, row.id, NOW + 9).await.unwrap();
    assert!(matches!(store.revive(AREA, row.id, NOW).await, Err(Error::NotFound)), "revived twice");
    assert!(store.claim_outbox(AREA, NOW + 8, NOW + LEASE, 9).await.unwrap().is_empty());
    let again = store.claim_outbox(AREA, NOW + 9, NOW + LEASE, 9).await.unwrap().remove(0);
    assert_eq!((again.id, again.attempts), (row.id, 2));
    assert!(again.fence > row.fence + 1, "the fence rises");
    assert!(matches!(store.outbox_done(row.claim(), None).await, Err(Error::NotFound)));
    store.outbox_done(again.claim(), None).await.unwrap();
    assert_eq!(store.dead_count(AREA).await.unwrap(), 0);
}

async fn only_the_dead_are_dropped(place: Place) {
    let store = place.open().await;
    let row = claimed(&store).await;
    assert!(matches!(store.drop_dead(AREA, row.id).await, Err(Error::NotFound)));
    store.outbox_bury(row.claim(), NOW, "no answer").await.unwrap();
    store.drop_dead(AREA, row.id).await.unwrap();
    assert!(matches!(store.drop_dead(AREA, row.id).await, Err(Error::NotFound)));
    assert_eq!(store.stats().await.unwrap().outbox, 0);
}

async fn a_failure_is_told_in_few_words(place: Place) {
    let store = place.open().await;
    let row = claimed(&store).await;
    store.outbox_retry(row.claim(), NOW, "first").await.unwrap();
    let row = store.claim_outbox(AREA, NOW, NOW + LEASE, 1).await.unwrap().remove(0);
    store.outbox_bury(row.claim(), NOW, &"失败".repeat(1_000)).await.unwrap();
    let letter = store.dead_letters(AREA, Uuid::nil(), 9).await.unwrap().remove(0);
    let told = letter.last_error.unwrap();
    assert!(told.len() <= 400 && told.starts_with("失败失败"), "{} bytes", told.len());
}
