//! What a case carries besides its state: timers, its parent, supervision cards.

use store::{CardCursor, CaseView};

use crate::common::*;

on_both! {
    a_timer_outlives_the_process;
    a_branch_knows_its_case;
    carded_cases_come_newest_first;
}

async fn a_timer_outlives_the_process(place: Place) {
    let store = place.open().await;
    let mut ids = Vec::new();
    for after in [30, 10, 20] {
        let mut case = new_case(random_id());
        case.view.wake_at = Some(NOW + after);
        ids.push(case.case_id);
        store.commit(case).await.unwrap();
    }
    store.commit(new_case(random_id())).await.unwrap();
    let mut elsewhere = new_case(random_id());
    elsewhere.area = "990001".into();
    elsewhere.view.wake_at = Some(NOW + 15);
    store.commit(elsewhere.clone()).await.unwrap();
    store.close().await;

    let store = place.open().await;
    assert!(store.areas_with_wakes(NOW + 9).await.unwrap().is_empty());
    assert_eq!(store.areas_with_wakes(NOW + 14).await.unwrap(), [AREA]);
    assert_eq!(store.areas_with_wakes(NOW + 99).await.unwrap(), [AREA, "990001"]);
    assert!(store.due_wakes(AREA, NOW + 9, 9).await.unwrap().is_empty());
    assert_eq!(store.due_wakes(AREA, NOW + 20, 9).await.unwrap(), [ids[1], ids[2]]);
    assert_eq!(store.due_wakes(AREA, NOW + 99, 2).await.unwrap(), [ids[1], ids[2]]);
    assert_eq!(store.due_wakes("990001", NOW + 15, 9).await.unwrap(), [elsewhere.case_id]);
    // what the clock did is an event, and takes the timer off
    let stored = store.load_case(AREA, ids[1]).await.unwrap().unwrap();
    let mut woken = new_case(stored.row.person);
    woken.case_id = ids[1];
    woken.after = stored.row.head;
    woken.view = CaseView { wake_at: None, ..stored.row.view };
    store.commit(woken).await.unwrap();
    assert_eq!(store.due_wakes(AREA, NOW + 99, 9).await.unwrap(), [ids[2], ids[0]]);
}

async fn a_branch_knows_its_case(place: Place) {
    let store = place.open().await;
    let person = random_id();
    let parent = new_case(person);
    store.commit(parent.clone()).await.unwrap();
    let mut branches = Vec::new();
    for area in ["990001", "990002"] {
        let mut branch = new_case(person);
        branch.area = area.into();
        branch.view.part_of = Some(parent.case_id);
        branch.view.part_area = Some(AREA.into());
        branches.push(branch.case_id);
        store.commit(branch.clone()).await.unwrap();
        let stored = store.load_case(area, branch.case_id).await.unwrap().unwrap();
        assert_eq!(stored.row.view, branch.view);
    }
    // somebody else's branch of the same number is not among them
    let mut strange = new_case(random_id());
    strange.view.part_of = Some(parent.case_id);
    store.commit(strange).await.unwrap();
    let found = store.branches_of(person, parent.case_id, 9).await.unwrap();
    assert_eq!(found.iter().map(|case| case.id).collect::<Vec<_>>(), branches);
    assert_eq!(found[1].area, "990002");
    assert_eq!(found[1].part_of, Some(parent.case_id));
    let all = store.my_cases(person, None, 9).await.unwrap();
    assert_eq!(all.iter().filter(|case| case.part_of.is_none()).count(), 1);
}

async fn carded_cases_come_newest_first(place: Place) {
    let store = place.open().await;
    let mut ids = Vec::new();
    for (n, cards) in [(1, 2), (2, 0), (3, 1), (4, 1)] {
        let mut case = new_case(random_id());
        case.view.cards = cards;
        case.view.updated_at = NOW + n;
        case.view.open = n != 3;
        ids.push(case.case_id);
        store.commit(case).await.unwrap();
    }
    let first = store.carded(AREA, AGENCY, None, 2).await.unwrap();
    assert_eq!(
        first.iter().map(|row| (row.id, row.view.cards)).collect::<Vec<_>>(),
        [(ids[3], 1), (ids[2], 1)]
    );
    let rest = store.carded(AREA, AGENCY, Some(CardCursor::from(&first[1])), 2).await.unwrap();
    assert_eq!(rest.iter().map(|row| (row.id, row.view.cards)).collect::<Vec<_>>(), [(ids[0], 2)]);
    assert!(store.carded(AREA, "另一机关", None, 9).await.unwrap().is_empty());
}
