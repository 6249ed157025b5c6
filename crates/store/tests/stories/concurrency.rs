//! Many callers at once: grouped, and yet each for itself.

use std::collections::BTreeSet;

use store::{Database, DraftDone, Error, verify_chain};
use tokio::task::JoinSet;

use crate::common::*;

on_both! {
    five_hundred_at_once;
    ten_callers_and_one_case;
    a_submission_sent_ten_times_is_one_case;
    one_bad_job_fails_alone;
    everything_at_once;
}

async fn five_hundred_at_once(place: Place) {
    let store = place.open().await;
    let mut tasks = JoinSet::new();
    for _ in 0..500 {
        let (store, case) = (store.clone(), new_case(random_id()));
        tasks.spawn(async move {
            let head = store.commit(case.clone()).await.unwrap();
            // read your writes
            let stored = store.load_case(AREA, case.case_id).await.unwrap().unwrap();
            assert_eq!(stored.row.head, head);
            assert_eq!(stored.row.view, case.view);
            verify_chain(&stored).unwrap();
        });
    }
    tasks.join_all().await;
    let stats = store.stats().await.unwrap();
    assert_eq!((stats.cases, stats.events, stats.outbox), (500, 500, 500));
}

async fn ten_callers_and_one_case(place: Place) {
    const ROUNDS: i64 = 20;
    let store = place.open().await;
    let first = new_case(random_id());
    let mut head = store.commit(first.clone()).await.unwrap();
    for round in 0..ROUNDS {
        let mut tasks = JoinSet::new();
        for caller in 0..10 {
            let (store, next) = (store.clone(), next_of(&first, head, &format!("by-{caller}")));
            tasks.spawn(async move { store.commit(next).await });
        }
        let answers = tasks.join_all().await;
        let won: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
        assert_eq!(won.len(), 1, "winners in round {round}");
        assert!(answers.iter().all(|a| matches!(a, Ok(_) | Err(Error::Conflict))));
        assert_eq!(won[0].seq, head.seq + 1);
        head = *won[0];
    }
    let stored = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
    verify_chain(&stored).unwrap();
    assert_eq!((stored.events.len() as i64, stored.row.head), (ROUNDS + 1, head));
    assert_eq!(store.stats().await.unwrap().outbox, ROUNDS + 1);
}

async fn a_submission_sent_ten_times_is_one_case(place: Place) {
    let store = place.open().await;
    let case = new_case(random_id());
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let (store, case) = (store.clone(), case.clone());
        tasks.spawn(async move { store.commit(case).await });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Err(Error::Conflict))).count(), 9);
    assert_eq!(store.stats().await.unwrap().events, 1);
}

async fn one_bad_job_fails_alone(place: Place) {
    let store = place.open().await;
    let taken = new_case(random_id());
    store.commit(taken.clone()).await.unwrap();
    let mut tasks = JoinSet::new();
    for n in 0..200 {
        let (store, mut case) = (store.clone(), new_case(random_id()));
        // a number another case has: the database refuses the statement, and with it the whole batch
        let bad = n % 50 == 17;
        if bad {
            case.view.number.clone_from(&taken.view.number);
        }
        tasks.spawn(async move { (bad, store.commit(case).await) });
    }
    for (bad, answer) in tasks.join_all().await {
        assert_eq!(bad, matches!(answer, Err(Error::Conflict)), "{answer:?}");
        assert_eq!(!bad, answer.is_ok());
    }
    let stats = store.stats().await.unwrap();
    assert_eq!((stats.cases, stats.events, stats.outbox), (197, 197, 197));
}

/// Commits, drafts and messages of the same people in the same batches, lanes and locks.
async fn everything_at_once(place: Place) {
    let store = place.open().await;
    let people: Vec<_> = (0..5).map(|_| random_id()).collect();
    let mut tasks = JoinSet::new();
    for n in 0..200 {
        let (store, person) = (store.clone(), people[n % people.len()]);
        tasks.spawn(async move {
            let draft = draft(person);
            assert_eq!(store.save_draft(draft.clone(), 1_000).await.unwrap(), 1);
            let mut case = new_case(person);
            case.draft_done = Some(DraftDone { id: draft.id, version: 1 });
            store.commit(case.clone()).await.unwrap();
            store.add_message(message(person, new_id())).await.unwrap();
            let draft = store.draft(person, draft.id).await.unwrap().unwrap();
            assert_eq!(draft.submitted_case, Some(case.case_id));
            case.case_id
        });
    }
    let ids: BTreeSet<_> = tasks.join_all().await.into_iter().collect();
    let mut listed = BTreeSet::new();
    for person in people {
        listed.extend(store.my_cases(person, None, 100).await.unwrap().into_iter().map(|case| case.id));
        assert_eq!(store.unread(person).await.unwrap(), 40);
        assert!(store.drafts(person, 100).await.unwrap().is_empty());
    }
    assert_eq!(listed, ids);
}

const END_OTHERS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

/// The server ends the connections, as a failover does: the writer connects again by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_connections_are_made_again() {
    let Some(place) = Place::postgres().await else { return };
    let store = place.open().await;
    let Database::Postgres(url) = &place.config.database else { return };
    let admin = connect(url).await;
    for _ in 0..3 {
        let first = new_case(random_id());
        let head = store.commit(first.clone()).await.unwrap();
        // the server ends a connection when it gets round to it: ask until the old ones are gone
        let ended = admin.execute(END_OTHERS, &[]).await.unwrap();
        assert!(ended >= 1);
        while admin.execute(END_OTHERS, &[]).await.unwrap() > 0 {
            tokio::task::yield_now().await;
        }
        let head = store.commit(next_of(&first, head, "accepted")).await.unwrap();
        let stored = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
        assert_eq!(stored.row.head, head);
    }
}
