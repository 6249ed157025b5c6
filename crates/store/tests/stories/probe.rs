//! The seam of the simulation: crashes at every point, and what is there afterwards.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use store::{Error, Point, Probe, ProbeFuture, Store};

use crate::common::*;

on_both! {
    the_points_come_in_order;
    a_crash_before_commit_loses_the_batch;
    a_crash_after_commit_keeps_it_unacknowledged;
    an_error_acknowledges_nothing;
    a_worker_may_die_with_its_claim;
}

/// Fails or stands still at the nth time a point is reached.
#[derive(Default)]
struct Plan {
    seen: Mutex<Vec<Point>>,
    stand: Option<(Point, u64)>,
    fail: Option<(Point, Error)>,
    count: AtomicU64,
}

impl Probe for Plan {
    fn at<'a>(&'a self, point: Point) -> ProbeFuture<'a> {
        Box::pin(async move {
            self.seen.lock().unwrap().push(point);
            if let Some((_, error)) = self.fail.as_ref().filter(|(at, _)| *at == point) {
                return Err(error.clone());
            }
            if let Some((_, after)) = self.stand.filter(|(at, _)| *at == point)
                && self.count.fetch_add(1, Ordering::Relaxed) == after
            {
                std::future::pending::<()>().await;
            }
            Ok(())
        })
    }
}

async fn open(place: &mut Place, plan: Plan) -> (Store, Arc<Plan>) {
    let plan = Arc::new(plan);
    let probe: Arc<dyn Probe> = Arc::clone(&plan) as Arc<dyn Probe>;
    place.config.probe = Some(probe);
    let store = place.open().await;
    place.config.probe = None;
    (store, plan)
}

async fn the_points_come_in_order(mut place: Place) {
    let (store, plan) = open(&mut place, Plan::default()).await;
    store.commit(new_case(random_id())).await.unwrap();
    let stored = [Point::BeforeBatch, Point::BeforeCommit, Point::Committed, Point::Answer];
    assert_eq!(*plan.seen.lock().unwrap(), stored);
    plan.seen.lock().unwrap().clear();
    store.claim_outbox(AREA, NOW, NOW + 9, 9).await.unwrap();
    assert_eq!(*plan.seen.lock().unwrap(), [stored.as_slice(), &[Point::Claimed]].concat());
}

/// Stores one case, and stands still with the next.
async fn crashed_at(place: &mut Place, point: Point) -> (uuid::Uuid, uuid::Uuid) {
    let (store, plan) = open(place, Plan { stand: Some((point, 1)), ..Plan::default() }).await;
    let (first, second) = (new_case(random_id()), new_case(random_id()));
    let ids = (first.case_id, second.case_id);
    store.commit(first).await.unwrap();
    let writing = tokio::spawn({
        let store = store.clone();
        async move { store.commit(second).await }
    });
    while plan.count.load(Ordering::Relaxed) < 2 {
        tokio::task::yield_now().await;
    }
    assert!(!writing.is_finished());
    tokio::time::timeout(Duration::from_secs(5), store.crash()).await.unwrap();
    assert!(matches!(writing.await.unwrap(), Err(Error::Stopped)), "acknowledged after a crash");
    assert!(matches!(store.commit(new_case(random_id())).await, Err(Error::Stopped)));
    ids
}

async fn a_crash_before_commit_loses_the_batch(mut place: Place) {
    for point in [Point::BeforeBatch, Point::BeforeCommit] {
        let (first, second) = crashed_at(&mut place, point).await;
        let store = place.open().await;
        assert!(store.load_case(AREA, first).await.unwrap().is_some());
        assert_eq!(store.load_case(AREA, second).await.unwrap(), None, "{point:?}");
        store.commit(new_case(random_id())).await.unwrap();
    }
}

async fn a_crash_after_commit_keeps_it_unacknowledged(mut place: Place) {
    for point in [Point::Committed, Point::Answer] {
        let (_, second) = crashed_at(&mut place, point).await;
        let store = place.open().await;
        assert!(store.load_case(AREA, second).await.unwrap().is_some(), "{point:?}");
        store.commit(new_case(random_id())).await.unwrap();
    }
}

async fn an_error_acknowledges_nothing(mut place: Place) {
    let points = [
        (Point::BeforeBatch, false),
        (Point::BeforeCommit, false),
        (Point::Committed, true),
        (Point::Answer, true),
    ];
    for (point, there) in points {
        let (store, _) = open(&mut place, Plan { fail: Some((point, Error::Full)), ..Plan::default() }).await;
        let case = new_case(random_id());
        let id = case.case_id;
        assert!(matches!(store.commit(case).await, Err(Error::Full)), "{point:?}");
        assert_eq!(store.load_case(AREA, id).await.unwrap().is_some(), there, "{point:?}");
        store.ready().await.unwrap();
        let (store, _) =
            open(&mut place, Plan { fail: Some((point, Error::Stopped)), ..Plan::default() }).await;
        assert!(matches!(store.commit(new_case(random_id())).await, Err(Error::Stopped)));
        assert!(matches!(store.ready().await, Err(Error::Stopped)), "writing goes on after {point:?}");
    }
}

async fn a_worker_may_die_with_its_claim(mut place: Place) {
    let (store, _) =
        open(&mut place, Plan { fail: Some((Point::Claimed, Error::Stopped)), ..Plan::default() }).await;
    store.commit(new_case(random_id())).await.unwrap();
    assert!(matches!(store.claim_outbox(AREA, NOW, NOW + 9, 9).await, Err(Error::Stopped)));
    let store = place.open().await;
    assert!(store.claim_outbox(AREA, NOW + 8, NOW + 99, 9).await.unwrap().is_empty(), "the lease holds");
    let again = store.claim_outbox(AREA, NOW + 9, NOW + 99, 9).await.unwrap();
    assert_eq!((again.len(), again[0].attempts, again[0].fence), (1, 2, 2));
}
