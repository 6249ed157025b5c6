//! Idempotency keys: used up with the commit they come with, or not at all.

use store::{CaseCommit, Error, MAX_KEY, Once};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::common::*;

on_both! {
    a_key_is_used_once;
    of_many_with_one_key_one_is_stored;
    a_key_is_of_one_person_and_area;
    a_refused_commit_leaves_its_key_free;
    old_keys_are_forgotten;
}

fn with_key(principal: Uuid, key: &str) -> CaseCommit {
    let mut case = new_case(principal);
    let answer = format!("/cases/{}", case.case_id);
    case.once = Some(Once { principal, key: key.into(), request: [3; 32], answer });
    case
}

async fn a_key_is_used_once(place: Place) {
    let store = place.open().await;
    let person = random_id();
    let first = with_key(person, "k");
    store.commit(first.clone()).await.unwrap();
    let second = with_key(person, "k");
    assert!(matches!(store.commit(second.clone()).await, Err(Error::Conflict)));
    assert_eq!(store.load_case(AREA, second.case_id).await.unwrap(), None);
    let kept = store.once(AREA, person, "k").await.unwrap().unwrap();
    assert_eq!((kept.request, kept.at), (vec![3; 32], NOW));
    assert_eq!(kept.answer, first.once.unwrap().answer);
    let stats = store.stats().await.unwrap();
    assert_eq!((stats.cases, stats.events, stats.outbox), (1, 1, 1));
    assert!(matches!(
        store.commit(with_key(person, &"k".repeat(MAX_KEY + 1))).await,
        Err(Error::TooLarge { .. })
    ));
    store.commit(with_key(person, &"k".repeat(MAX_KEY))).await.unwrap();
}

/// Same key in one batch, in several lanes and from two servers; others in the same batches stand.
async fn of_many_with_one_key_one_is_stored(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let person = random_id();
    for round in 0..10 {
        let mut tasks = JoinSet::new();
        for n in 0..40 {
            let store = if n % 2 == 0 { store.clone() } else { other.clone() };
            let keyed = n % 4 < 2;
            let case = if keyed { with_key(person, &format!("k{round}")) } else { new_case(random_id()) };
            tasks.spawn(async move { (keyed, case.case_id, store.commit(case).await) });
        }
        let answers = tasks.join_all().await;
        let won: Vec<_> = answers.iter().filter(|(keyed, _, answer)| *keyed && answer.is_ok()).collect();
        assert_eq!(won.len(), 1, "stored under one key in round {round}");
        for (keyed, _, answer) in &answers {
            assert!(matches!((keyed, answer), (_, Ok(_)) | (true, Err(Error::Conflict))), "{answer:?}");
        }
        let kept = store.once(AREA, person, &format!("k{round}")).await.unwrap().unwrap();
        assert_eq!(kept.answer, format!("/cases/{}", won[0].1), "the answer is that of the stored one");
    }
    let stats = store.stats().await.unwrap();
    assert_eq!((stats.cases, stats.events, stats.outbox), (210, 210, 210));
}

async fn a_key_is_of_one_person_and_area(place: Place) {
    let store = place.open().await;
    let (one, two) = (random_id(), random_id());
    store.commit(with_key(one, "k")).await.unwrap();
    store.commit(with_key(two, "k")).await.unwrap();
    let mut elsewhere = with_key(one, "k");
    elsewhere.area = "990001".into();
    store.commit(elsewhere).await.unwrap();
    assert_eq!(store.once(AREA, random_id(), "k").await.unwrap(), None);
    assert_eq!(store.stats().await.unwrap().cases, 3);
}

async fn a_refused_commit_leaves_its_key_free(place: Place) {
    let store = place.open().await;
    let person = random_id();
    let first = new_case(person);
    let head = store.commit(first.clone()).await.unwrap();
    store.commit(next_of(&first, head, "accepted")).await.unwrap();
    let mut late = next_of(&first, head, "refused");
    late.once = Some(Once { principal: person, key: "k".into(), request: [3; 32], answer: "late".into() });
    assert!(matches!(store.commit(late.clone()).await, Err(Error::Conflict)));
    assert_eq!(store.once(AREA, person, "k").await.unwrap(), None);
    // decided anew, it goes through under the same key
    late.after = store.load_case(AREA, first.case_id).await.unwrap().unwrap().row.head;
    store.commit(late).await.unwrap();
    assert_eq!(store.once(AREA, person, "k").await.unwrap().unwrap().answer, "late");
}

async fn old_keys_are_forgotten(place: Place) {
    let store = place.open().await;
    let person = random_id();
    for n in 0..5 {
        let mut case = with_key(person, &format!("k{n}"));
        case.events[0].at = NOW + n;
        case.area = if n % 2 == 0 { AREA.into() } else { "990001".into() };
        store.commit(case).await.unwrap();
    }
    assert_eq!(store.forget_once(NOW, 9).await.unwrap(), 0);
    assert_eq!(store.forget_once(NOW + 4, 1).await.unwrap(), 2, "one in each area");
    assert_eq!(store.forget_once(NOW + 4, 9).await.unwrap(), 2);
    assert!(store.once(AREA, person, "k4").await.unwrap().is_some());
    assert!(store.once(AREA, person, "k0").await.unwrap().is_none());
}
