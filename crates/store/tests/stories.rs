//! The same stories on both databases.

mod common;

use common::*;
use store::{Error, Head, verify_chain};

async fn a_case_lives(place: Place) {
    let store = place.open().await;
    let person = random_id();
    let first = new_case(person);
    let head = store.commit(first.clone()).await.unwrap();
    assert_eq!(head.seq, 1);
    let accepted = next_of(&first, head, "accepted");
    let head = store.commit(accepted.clone()).await.unwrap();
    let stored = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
    assert_eq!(stored.row.head, head);
    assert_eq!(stored.row.view, accepted.view);
    assert_eq!(stored.events.len(), 2);
    verify_chain(&stored).unwrap();
    let mine = store.my_cases(person, None, 10).await.unwrap();
    assert_eq!((mine.len(), mine[0].status.as_str()), (1, "accepted"));
    store.close().await;
}

async fn only_one_of_two_wins(place: Place) {
    let store = place.open().await;
    let first = new_case(random_id());
    let head = store.commit(first.clone()).await.unwrap();
    assert!(matches!(store.commit(first.clone()).await, Err(Error::Conflict)));
    store.commit(next_of(&first, head, "accepted")).await.unwrap();
    assert!(matches!(store.commit(next_of(&first, head, "refused")).await, Err(Error::Conflict)));
    assert!(matches!(store.commit(next_of(&first, Head::NEW, "again")).await, Err(Error::Conflict)));
}

on_both! {
    a_case_lives;
    only_one_of_two_wins;
}
