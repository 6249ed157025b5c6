//! Several servers on one database: one wins, the others are told, nobody hangs.

use std::time::Duration;

use store::{Error, verify_chain};
use tokio::task::JoinSet;

use crate::common::*;

on_both! {
    servers_race_on_one_case;
    servers_open_one_case;
    servers_write_side_by_side;
}

const SERVERS: usize = 3;

async fn servers(place: &Place) -> Vec<store::Store> {
    let mut stores = Vec::new();
    for _ in 0..SERVERS {
        stores.push(place.open().await);
    }
    stores
}

async fn servers_race_on_one_case(place: Place) {
    const ROUNDS: i64 = 30;
    let stores = servers(&place).await;
    let first = new_case(random_id());
    let mut head = stores[0].commit(first.clone()).await.unwrap();
    for round in 0..ROUNDS {
        let mut tasks = JoinSet::new();
        for caller in 0..SERVERS * 2 {
            let store = stores[caller % SERVERS].clone();
            let next = next_of(&first, head, &format!("by-{caller}"));
            tasks.spawn(async move { store.commit(next).await });
        }
        let answers = tokio::time::timeout(Duration::from_secs(30), tasks.join_all()).await.unwrap();
        let won: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
        assert_eq!(won.len(), 1, "winners in round {round}: {answers:?}");
        assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(Error::Conflict))), "{answers:?}");
        head = *won[0];
    }
    for store in &stores {
        let stored = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
        verify_chain(&stored).unwrap();
        assert_eq!((stored.row.head, stored.events.len() as i64), (head, ROUNDS + 1));
    }
    assert_eq!(stores[0].stats().await.unwrap().outbox, ROUNDS + 1);
}

async fn servers_open_one_case(place: Place) {
    let stores = servers(&place).await;
    for _ in 0..20 {
        let case = new_case(random_id());
        let mut tasks = JoinSet::new();
        for store in &stores {
            let (store, case) = (store.clone(), case.clone());
            tasks.spawn(async move { store.commit(case).await });
        }
        let answers = tasks.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        assert_eq!(
            answers.iter().filter(|answer| matches!(answer, Err(Error::Conflict))).count(),
            SERVERS - 1
        );
    }
    assert_eq!(stores[0].stats().await.unwrap().cases, 20);
}

/// Batches of several servers hold the same cases in different orders: nobody is told anything but that
/// another was first, or that it is too much.
async fn servers_write_side_by_side(place: Place) {
    let stores = servers(&place).await;
    let mut cases = Vec::new();
    for _ in 0..20 {
        let case = new_case(random_id());
        let head = stores[0].commit(case.clone()).await.unwrap();
        cases.push((case, head));
    }
    let mut tasks = JoinSet::new();
    for (server, store) in stores.iter().enumerate() {
        for n in 0..cases.len() {
            let (store, (case, mut head)) = (store.clone(), cases[(n * 7 + server * 5) % 20].clone());
            tasks.spawn(async move {
                let mut won = 0;
                for _ in 0..10 {
                    match store.commit(next_of(&case, head, "accepted")).await {
                        Ok(_) => won += 1,
                        Err(Error::Conflict | Error::Busy) => {}
                        Err(other) => panic!("{other}"),
                    }
                    head = store.load_case(AREA, case.case_id).await.unwrap().unwrap().row.head;
                }
                won
            });
        }
    }
    let all = tokio::time::timeout(Duration::from_secs(60), tasks.join_all()).await.unwrap();
    let won: i64 = all.iter().sum();
    assert!(won >= 20 * 10, "{won}");
    assert_eq!(stores[1].stats().await.unwrap().events, 20 + won);
    for (case, _) in cases {
        verify_chain(&stores[2].load_case(AREA, case.case_id).await.unwrap().unwrap()).unwrap();
    }
}
