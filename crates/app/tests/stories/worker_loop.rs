//! The worker as it runs in a server: it carries out, lets clocks take effect and anchors, without being told.

use std::future::Future;
use std::time::Duration;

use casework::Command;
use domain::Date;
use identity::Post;
use tokio::task::AbortHandle;

use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

on_both! {
    the_loop_anchors_what_has_changed_again_and_again;
    the_loop_lets_clocks_take_effect_and_tells;
    two_loops_on_one_database_do_everything_once;
}

/// Longer than any of this takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn working(stage: &Stage) -> AbortHandle {
    let app = stage.app.clone();
    tokio::spawn(async move { app.work().await }).abort_handle()
}

/// Waits until it is so.
async fn until<F: Future<Output = bool>>(what: &str, so: impl Fn() -> F) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what} never came");
}

async fn checkpoints(stage: &Stage) -> u64 {
    let store = &stage.app.store;
    let report = store.verify_checkpoints(&[store.signer().public()], &[]).await.unwrap();
    assert!(report.faults.is_empty(), "every anchored event is there: {:?}", report.faults);
    report.checkpoints
}

async fn told(stage: &Stage, who: &Citizen, event: &str) -> usize {
    let (messages, _) = stage.app.messages(who.id, None).await.unwrap();
    messages.iter().filter(|message| message.event == event).count()
}

async fn the_loop_anchors_what_has_changed_again_and_again(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    assert_eq!(stage.app.store.stats().await.unwrap().unanchored, 1);
    let worker = working(&stage);
    until("the first anchor", async || stage.app.store.stats().await.unwrap().unanchored == 0).await;
    let first = checkpoints(&stage).await;
    assert!(first > 0);
    // A change is anchored about a minute later; as each commit wakes the worker for a look, sooner here.
    stage.act(case, &stage.officer(SHOP, Post::Clerk), Command::Accept).await.unwrap();
    assert_eq!(checkpoints(&stage).await, first, "not with each look");
    until("the second anchor", async || {
        who.submit(&stage, SHOP).await;
        checkpoints(&stage).await > first
    })
    .await;
    worker.abort();
    while stage.app.anchor_heads().await.unwrap() > 0 {}
    checkpoints(&stage).await;
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn the_loop_lets_clocks_take_effect_and_tells(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, other) = (Citizen::new(&stage).await, Citizen::new(&stage).await);
    let case = who.submit(&stage, SHOP).await;
    let worker = working(&stage);
    until("the receipt", async || told(&stage, &who, "submitted").await == 1).await;
    assert_eq!(told(&stage, &who, "deemed-accepted").await, 0);
    stage.turn_to(Date::constant(2026, 9, 15), 8);
    until("acceptance by silence", async || {
        other.submit(&stage, SHOP).await;
        told(&stage, &who, "deemed-accepted").await == 1
    })
    .await;
    worker.abort();
    assert!(stage.look(case).await.case.accepted.unwrap().deemed);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn two_loops_on_one_database_do_everything_once(place: Place) {
    let (stage, other) = (Stage::new(&place).await, Stage::new(&place).await);
    let mut people = Vec::new();
    for _ in 0..8 {
        let who = Citizen::new(&stage).await;
        who.submit(&stage, SHOP).await;
        people.push(who);
    }
    let late = Date::constant(2026, 9, 15);
    stage.turn_to(late, 8);
    other.turn_to(late, 8);
    let workers = [working(&stage), working(&other)];
    for who in &people {
        until("acceptance by silence", async || told(&stage, who, "deemed-accepted").await > 0).await;
        until("the receipt", async || told(&stage, who, "submitted").await > 0).await;
    }
    workers.iter().for_each(AbortHandle::abort);
    stage.clock.advance(3_600);
    stage.work().await;
    for who in &people {
        assert_eq!(
            (told(&stage, who, "submitted").await, told(&stage, who, "deemed-accepted").await),
            (1, 1)
        );
    }
    assert_eq!(stage.app.store.stats().await.unwrap().outbox, 0);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}
