//! Effects: carried out at least once, and the second time changes nothing.

use casework::{Actor, Channel, Command, Outcome, Status};
use domain::{Clock as _, micros};

use crate::life::grant;
use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both};

on_both! {
    a_message_comes_with_the_event_it_tells_of;
    many_workers_deliver_one_message_each;
    a_worker_that_dies_before_the_effect_is_replaced;
    a_worker_that_dies_between_the_effect_and_its_end_repeats_nothing;
}

async fn told(stage: &Stage, who: &Citizen, event: &str) -> usize {
    let (messages, _) = stage.app.messages(who.id, None).await.unwrap();
    messages.iter().filter(|message| message.event == event).count()
}

/// Nobody works here: what is told stands in the box as soon as the command is answered, and once.
async fn a_message_comes_with_the_event_it_tells_of(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    assert_eq!(told(&stage, &who, "submitted").await, 1);
    assert_eq!(stage.app.unread(who.id).await.unwrap(), 1);
    grant(&stage, case).await;
    for (event, times) in [("accepted", 1), ("issued", 0), ("submitted", 1)] {
        assert_eq!(told(&stage, &who, event).await, times, "{event}");
    }
    // of a result that is delivered they are told once it is
    stage.work().await;
    assert_eq!(told(&stage, &who, "issued").await, 1);
}

async fn many_workers_deliver_one_message_each(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    for _ in 0..5 {
        let case = who.submit(&stage, SHOP).await;
        grant(&stage, case).await;
    }
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let app = stage.app.clone();
        workers.spawn(async move { app.work_once().await.unwrap() });
    }
    assert_eq!(workers.join_all().await.into_iter().sum::<usize>(), 10, "each a delivery and a certificate");
    stage.work().await;
    assert_eq!(told(&stage, &who, "issued").await, 5);
    assert_eq!(stage.app.wallet(who.id).await.unwrap().len(), 5);
    stage.clock.advance(3_600);
    assert_eq!(stage.app.work_once().await.unwrap(), 0, "nothing is left over");
}

async fn a_worker_that_dies_before_the_effect_is_replaced(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    grant(&stage, case).await;
    let now = micros(stage.clock.now());
    let held = stage.app.store.claim_outbox(AREA, now, now + 30_000_000, 64).await.unwrap();
    assert_eq!(held.len(), 2, "a delivery and a certificate");
    stage.work().await;
    assert_eq!(told(&stage, &who, "issued").await, 0, "it is held");
    stage.clock.advance(31);
    stage.work().await;
    assert_eq!(told(&stage, &who, "issued").await, 1);
    // the one thought dead comes back with its old claim
    let late = stage.app.store.outbox_done(held[0].claim(), None).await;
    assert!(matches!(late, Err(store::Error::NotFound)), "{late:?}");
}

async fn a_worker_that_dies_between_the_effect_and_its_end_repeats_nothing(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    grant(&stage, case).await;
    // the effect is carried out, and the worker dies before it can say so
    let deliver = Command::Deliver { channel: Channel::Wallet, words: String::new() };
    stage.act(case, &Actor::System, deliver).await.unwrap();
    let events = stage.look(case).await.events.len();
    stage.work().await;
    stage.clock.advance(3_600);
    stage.work().await;
    let file = stage.look(case).await;
    assert_eq!(file.case.status, Status::Closed(Outcome::Granted));
    assert_eq!(file.events.len(), events, "delivered once");
    assert_eq!(told(&stage, &who, "issued").await, 1);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}
