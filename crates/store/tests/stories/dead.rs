//! Effects that were given up.

use store::{Error, Mend, Once, OutboxRow, Store};
use uuid::Uuid;

use crate::common::*;

on_both! {
    a_buried_effect_is_claimed_by_nobody;
    a_revived_effect_goes_on;
    only_the_dead_are_dropped;
    a_failure_is_told_in_few_words;
    a_dead_letter_is_mended_by_its_own_agency_and_once;
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

async fn a_dead_letter_is_mended_by_its_own_agency_and_once(place: Place) {
    let store = place.open().await;
    let (first, second) = (claimed(&store).await, claimed(&store).await);
    for row in [&first, &second] {
        store.outbox_bury(row.claim(), NOW, "no answer").await.unwrap();
    }
    let agency = view("0").agency;
    let listed = async |agency: &str| {
        let letters = store.dead_letters_of(AREA, agency, Uuid::nil(), 9).await.unwrap();
        letters.into_iter().map(|letter| letter.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(&agency).await, [first.id, second.id]);
    assert!(listed("another").await.is_empty());
    let person = random_id();
    let once = |key: &str| {
        Some(Once { principal: person, key: key.into(), request: [5; 32], answer: first.id.to_string() })
    };
    let mend = |id, key, agency: &str| Mend {
        area: AREA.into(),
        agency: agency.into(),
        id,
        again: id == first.id,
        at: NOW + 9,
        once: once(key),
    };
    for id in [first.id, second.id] {
        let foreign = store.mend_dead(mend(id, "k", "another")).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    }
    assert!(store.once(AREA, person, "k").await.unwrap().is_none(), "the key is still free");
    store.mend_dead(mend(first.id, "k", &agency)).await.unwrap();
    assert_eq!(store.once(AREA, person, "k").await.unwrap().unwrap().answer, first.id.to_string());
    let reused = store.mend_dead(mend(second.id, "k", &agency)).await;
    assert!(matches!(reused, Err(Error::Conflict)), "{reused:?}");
    assert_eq!(listed(&agency).await, [second.id], "the other stays as it was");
    store.mend_dead(mend(second.id, "l", &agency)).await.unwrap();
    assert!(listed(&agency).await.is_empty());
    assert_eq!(store.claim_outbox(AREA, NOW + 9, NOW + LEASE, 9).await.unwrap().len(), 1, "one goes on");
    assert_eq!(store.stats().await.unwrap().outbox, 1, "the other is gone");
}
