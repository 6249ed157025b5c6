//! The life of a case: events, view, the citizen's list, and the chain that binds them.

use store::{Definition, Error, Head, StoredCase, verify_chain};

use crate::common::*;

on_both! {
    a_case_lives;
    a_case_opens_once;
    a_commit_on_an_old_head_is_refused;
    what_has_no_beginning_has_no_middle;
    a_change_in_history_shows;
    a_list_has_pages;
    a_definition_is_stored_once;
    bounds_are_kept;
    a_second_migration_does_nothing;
    two_processes_migrate_once;
}

async fn a_case_lives(place: Place) {
    let store = place.open().await;
    let person = random_id();
    let first = new_case(person);
    let head = store.commit(first.clone()).await.unwrap();
    assert_eq!(head.seq, 1);
    let mut accepted = next_of(&first, head, "accepted");
    accepted.events.push(event("claimed"));
    accepted.view.claimed_by = Some(random_id());
    accepted.view.due_at = None;
    let head = store.commit(accepted.clone()).await.unwrap();

    let stored = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
    assert_eq!(stored.row.head, head);
    assert_eq!(stored.row.person, person);
    assert_eq!(stored.row.view, accepted.view);
    let kinds: Vec<_> = stored.events.iter().map(|event| (event.seq, event.kind.as_str())).collect();
    assert_eq!(kinds, [(1, "submitted"), (2, "accepted"), (3, "claimed")]);
    assert_eq!(stored.events[0].data, first.events[0].data);
    assert_eq!(stored.events[0].sealed, first.events[0].sealed);
    verify_chain(&stored).unwrap();

    let mine = store.my_cases(person, None, 10).await.unwrap();
    assert_eq!((mine.len(), mine[0].status.as_str(), mine[0].submitted_at), (1, "accepted", NOW));
    let found = store.case_by_number(AREA, &first.view.number).await.unwrap().unwrap();
    assert_eq!(found, stored.row);
    assert_eq!(store.case_by_number("990001", &first.view.number).await.unwrap(), None);
    assert_eq!(store.load_case("990001", first.case_id).await.unwrap(), None);
    let stats = store.stats().await.unwrap();
    assert_eq!((stats.cases, stats.open_cases, stats.events, stats.outbox), (1, 1, 3, 2));
}

async fn a_case_opens_once(place: Place) {
    let store = place.open().await;
    let first = new_case(random_id());
    store.commit(first.clone()).await.unwrap();
    assert!(matches!(store.commit(first.clone()).await, Err(Error::Conflict)));
    let stats = store.stats().await.unwrap();
    assert_eq!((stats.cases, stats.events, stats.outbox), (1, 1, 1));
}

async fn a_commit_on_an_old_head_is_refused(place: Place) {
    let store = place.open().await;
    let first = new_case(random_id());
    let head = store.commit(first.clone()).await.unwrap();
    store.commit(next_of(&first, head, "accepted")).await.unwrap();
    assert!(matches!(store.commit(next_of(&first, head, "refused")).await, Err(Error::Conflict)));
    // nor is one that only claims to be next, or further still
    for wrong in [Head { seq: 2, hash: [5; 32] }, Head { seq: 5, hash: head.hash }] {
        assert!(matches!(store.commit(next_of(&first, wrong, "forged")).await, Err(Error::Conflict)));
    }
    // another's person id does not take the case over
    let mut stranger = next_of(&first, head, "stolen");
    stranger.person = random_id();
    assert!(matches!(store.commit(stranger).await, Err(Error::Conflict)));
    let stored = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
    assert_eq!((stored.row.view.status.as_str(), stored.events.len()), ("accepted", 2));
    assert_eq!(store.stats().await.unwrap().outbox, 2);
}

async fn what_has_no_beginning_has_no_middle(place: Place) {
    let store = place.open().await;
    let never_stored = new_case(random_id());
    let head = Head { seq: 4, hash: [3; 32] };
    let refused = store.commit(next_of(&never_stored, head, "accepted")).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    let stats = store.stats().await.unwrap();
    assert_eq!((stats.cases, stats.events, stats.outbox), (0, 0, 0));
}

async fn a_change_in_history_shows(place: Place) {
    let store = place.open().await;
    let first = new_case(random_id());
    let mut head = store.commit(first.clone()).await.unwrap();
    for kind in ["accepted", "decided"] {
        head = store.commit(next_of(&first, head, kind)).await.unwrap();
    }
    let good = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
    verify_chain(&good).unwrap();
    let changes: [fn(&mut StoredCase); 7] = [
        |case| case.events[1].data.push(' '),
        |case| case.events[1].kind = "refused".into(),
        |case| case.events[1].at += 1,
        |case| case.events[1].sealed = None,
        |case| drop(case.events.remove(1)),
        |case| drop(case.events.pop()),
        |case| case.row.area = "990001".into(),
    ];
    for (n, change) in changes.iter().enumerate() {
        let mut bad = good.clone();
        change(&mut bad);
        assert!(matches!(verify_chain(&bad), Err(Error::Corrupt(_))), "change {n} goes unnoticed");
    }
}

async fn a_list_has_pages(place: Place) {
    let store = place.open().await;
    let person = random_id();
    let mut ids = Vec::new();
    for _ in 0..5 {
        let case = new_case(person);
        ids.push(case.case_id);
        store.commit(case).await.unwrap();
    }
    store.commit(new_case(random_id())).await.unwrap();
    ids.reverse();
    let first = store.my_cases(person, None, 3).await.unwrap();
    let second = store.my_cases(person, Some(first[2].id), 3).await.unwrap();
    let seen: Vec<_> = first.iter().chain(&second).map(|case| case.id).collect();
    assert_eq!(seen, ids);

    let (mut area, mut id, mut walked) = (String::new(), uuid::Uuid::nil(), 0);
    loop {
        let page = store.cases_after(&area, id, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        (area, id) = (last.area.clone(), last.id);
        walked += page.len();
    }
    assert_eq!(walked, 6);
}

async fn a_definition_is_stored_once(place: Place) {
    let store = place.open().await;
    let definition =
        Definition {
            digest: "ab".repeat(32), item: "示例事项".into(), body: "{}".into(), created_at: NOW
        };
    for _ in 0..2 {
        let mut case = new_case(random_id());
        case.definition = Some(definition.clone());
        store.commit(case).await.unwrap();
    }
    assert_eq!(store.definition(&definition.digest).await.unwrap(), Some(definition));
    assert_eq!(store.definition("00").await.unwrap(), None);
}

async fn bounds_are_kept(place: Place) {
    let store = place.open().await;
    let mut none = new_case(random_id());
    none.events.clear();
    assert!(matches!(store.commit(none).await, Err(Error::TooLarge { .. })));
    let mut many = new_case(random_id());
    many.events = vec![event("submitted"); store::MAX_EVENTS + 1];
    assert!(matches!(store.commit(many).await, Err(Error::TooLarge { .. })));
    let mut most = new_case(random_id());
    most.events = vec![event("submitted"); store::MAX_EVENTS];
    assert_eq!(store.commit(most).await.unwrap().seq, store::MAX_EVENTS as i64);
}

async fn a_second_migration_does_nothing(place: Place) {
    let store = place.open().await;
    assert_eq!(store.migrate(NOW).await.unwrap(), 0);
    store.commit(new_case(random_id())).await.unwrap();
    store.close().await;
    assert!(matches!(store.commit(new_case(random_id())).await, Err(Error::Stopped)));
}

async fn two_processes_migrate_once(place: Place) {
    let (one, two) = (store::Store::open(&place.config), store::Store::open(&place.config));
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    let (first, second) = tokio::join!(one.migrate(NOW), two.migrate(NOW));
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations")).unwrap();
    assert_eq!(first.unwrap() + second.unwrap(), files.count());
    two.commit(new_case(random_id())).await.unwrap();
    assert_eq!(one.stats().await.unwrap().cases, 1);
}
