//! What an agency sees.

use store::{CaseCommit, Claimed, DeskCursor, DeskFilter, Error, MAX_STEPS, Store};

use crate::common::*;

const HOUR: i64 = 3_600_000_000;

on_both! {
    a_desk_is_in_order_of_due_dates;
    a_desk_is_filtered;
    lights_count_what_is_due;
}

fn due(hours: Option<i64>) -> CaseCommit {
    let mut case = new_case(random_id());
    case.view.due_at = hours.map(|hours| NOW + hours * HOUR);
    case
}

async fn put(store: &Store, cases: impl IntoIterator<Item = CaseCommit>) {
    for case in cases {
        store.commit(case).await.unwrap();
    }
}

async fn a_desk_is_in_order_of_due_dates(place: Place) {
    let store = place.open().await;
    let mut elsewhere = due(Some(1));
    elsewhere.view.agency = "另一机关".into();
    put(&store, [due(Some(3)), due(None), due(Some(-1)), due(Some(2)), due(Some(2)), due(None), elsewhere])
        .await;
    let mut filter = DeskFilter::default();
    let mut seen = Vec::new();
    loop {
        let page = store.desk(AREA, AGENCY, &filter, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.after = Some(DeskCursor::from(last));
        seen.extend(page.iter().map(|case| case.view.due_at.map(|at| (at - NOW) / HOUR)));
    }
    assert_eq!(seen, [Some(-1), Some(2), Some(2), Some(3), None, None]);
}

async fn a_desk_is_filtered(place: Place) {
    let store = place.open().await;
    let officer = random_id();
    let mut mine = due(Some(1));
    mine.view.claimed_by = Some(officer);
    let mut review = due(Some(2));
    review.view.step = "second_review".into();
    let mut done = due(Some(3));
    done.view.open = false;
    let ids = [mine.case_id, review.case_id, done.case_id];
    put(&store, [mine, review, done]).await;
    let desk = async |filter: DeskFilter| -> Vec<_> {
        store.desk(AREA, AGENCY, &filter, 10).await.unwrap().into_iter().map(|case| case.id).collect()
    };
    let base = DeskFilter::default;
    assert_eq!(desk(base()).await, ids[..2]);
    assert_eq!(desk(DeskFilter { finished: true, ..base() }).await, ids[2..]);
    assert_eq!(desk(DeskFilter { claimed: Claimed::By(officer), ..base() }).await, ids[..1]);
    assert_eq!(desk(DeskFilter { claimed: Claimed::Nobody, ..base() }).await, ids[1..2]);
    assert_eq!(desk(DeskFilter { steps: vec!["second_review".into()], ..base() }).await, ids[1..2]);
    let both = vec!["second_review".into(), "acceptance".into()];
    assert_eq!(desk(DeskFilter { steps: both, ..base() }).await, ids[..2]);
    assert_eq!(desk(DeskFilter { due_before: Some(NOW + 2 * HOUR), ..base() }).await, ids[..1]);
    let many = DeskFilter { steps: vec!["x".into(); MAX_STEPS + 1], ..base() };
    assert!(matches!(store.desk(AREA, AGENCY, &many, 10).await, Err(Error::TooLarge { .. })));
}

async fn lights_count_what_is_due(place: Place) {
    let store = place.open().await;
    let mut paused = due(Some(-5));
    paused.view.clock_paused = true;
    let mut done = due(Some(-5));
    done.view.open = false;
    let mut soon = due(Some(5));
    soon.view.warn_at = Some(NOW);
    let mut later = due(Some(5));
    later.view.warn_at = Some(NOW + HOUR);
    let open = [due(Some(-2)), due(Some(0)), soon, later, due(Some(30)), due(None), paused, done];
    put(&store, open).await;
    let lights = store.lights(AREA, AGENCY, NOW).await.unwrap();
    assert_eq!((lights.red.n, lights.yellow.n, lights.green.n), (2, 1, 4));
}
