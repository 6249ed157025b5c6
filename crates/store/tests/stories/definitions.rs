//! Cases by their definition, and views written anew.

use store::{CaseView, DefinitionInUse, Error, Head, verify_chain};
use uuid::Uuid;

use crate::common::*;

on_both! {
    running_cases_are_found_by_definition;
    a_view_is_rewritten_without_an_event;
    a_view_is_not_rewritten_on_an_old_head;
}

async fn running_cases_are_found_by_definition(place: Place) {
    let store = place.open().await;
    let (old, new) = ("a".repeat(64), "b".repeat(64));
    let mut expected = Vec::new();
    for n in 0..7 {
        let mut case = new_case(random_id());
        case.area = if n % 2 == 0 { AREA.into() } else { "990001".into() };
        case.view.definition = if n == 6 { new.clone() } else { old.clone() };
        // waiting for the applicant is running too; closed is not
        case.view.open = n != 2;
        case.view.outcome = (n == 3).then(|| "granted".to_owned());
        if n != 6 && n != 3 {
            expected.push((case.area.clone(), case.case_id));
        }
        store.commit(case).await.unwrap();
    }
    expected.sort();
    let (mut area, mut id, mut found) = (String::new(), Uuid::nil(), Vec::new());
    loop {
        let page = store.cases_by_definition(&old, &area, id, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        (area, id) = (last.area.clone(), last.id);
        found.extend(page.into_iter().map(|key| (key.area, key.id)));
    }
    assert_eq!(found, expected);
    let item = "示例事项".to_owned();
    let used = |digest: &str, cases| DefinitionInUse { digest: digest.to_owned(), item: item.clone(), cases };
    assert_eq!(store.definitions_in_use().await.unwrap(), [used(&old, 5), used(&new, 1)]);
}

async fn a_view_is_rewritten_without_an_event(place: Place) {
    let store = place.open().await;
    let first = new_case(random_id());
    let head = store.commit(first.clone()).await.unwrap();
    let view = CaseView {
        status: "deciding".into(),
        agency: "另一机关".into(),
        due_at: None,
        claimed_by: Some(random_id()),
        received_at: NOW - 5,
        updated_at: NOW + 5,
        wake_at: Some(NOW + 7),
        cards: 3,
        part_of: Some(new_id()),
        part_area: Some("990001".into()),
        ..first.view.clone()
    };
    store.rewrite_view(AREA, first.case_id, first.person, head, view.clone()).await.unwrap();
    let stored = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
    assert_eq!((&stored.row.view, stored.row.head), (&view, head));
    verify_chain(&stored).unwrap();
    let mine = store.my_case(first.person, first.case_id).await.unwrap().unwrap();
    assert_eq!((mine.status.as_str(), mine.submitted_at, mine.updated_at), ("deciding", NOW - 5, NOW + 5));
    assert_eq!(mine.part_of, view.part_of);
    assert_eq!(store.due_wakes(AREA, NOW + 7, 9).await.unwrap(), [first.case_id]);
    let desk = store.desk(AREA, "另一机关", &store::DeskFilter::default(), 9).await.unwrap();
    assert_eq!(desk.len(), 1);
    // life goes on from the same head
    store.commit(next_of(&first, head, "accepted")).await.unwrap();
    let stats = store.stats().await.unwrap();
    assert_eq!((stats.cases, stats.events, stats.outbox), (1, 2, 2));
}

async fn a_view_is_not_rewritten_on_an_old_head(place: Place) {
    let store = place.open().await;
    let first = new_case(random_id());
    let head = store.commit(first.clone()).await.unwrap();
    let moved = store.commit(next_of(&first, head, "accepted")).await.unwrap();
    let view = CaseView { status: "wrong".into(), ..first.view.clone() };
    for (person, head) in
        [(first.person, head), (random_id(), moved), (first.person, Head { seq: 2, ..head })]
    {
        let refused = store.rewrite_view(AREA, first.case_id, person, head, view.clone()).await;
        assert!(matches!(refused, Err(Error::Conflict)), "{refused:?}");
    }
    let nobody = store.rewrite_view(AREA, new_id(), first.person, moved, view).await;
    assert!(matches!(nobody, Err(Error::Conflict)));
    let stored = store.load_case(AREA, first.case_id).await.unwrap().unwrap();
    assert_eq!(stored.row.view.status, "accepted");
    assert_eq!(store.my_cases(first.person, None, 9).await.unwrap()[0].status, "accepted");
}
