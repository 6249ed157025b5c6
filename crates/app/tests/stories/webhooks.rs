//! An organisation's own system is told what became of its units and lots: signed, again and again until it takes it, and
//! each message under one id.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use app::{Answer, Ask, Fetch, FetchError, Fetched, Webhook, WebhookSecret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casework::{Actor, Command};
use identity::Post;
use ring::hmac;
use serde_json::Value;
use store::Receiver;
use uuid::Uuid;

use crate::stage::{Place, on_both};
use crate::stations::{BOARD, Factory, code, unit};

on_both! {
    a_decided_unit_is_told_once_and_signed;
    nobody_is_told_what_is_open_or_of_people;
    what_is_not_taken_comes_again_under_its_id;
    a_worker_that_dies_after_telling_tells_again_under_the_same_id;
    a_receiver_that_is_away_holds_up_nothing_and_ends_as_a_dead_letter;
    a_released_lot_is_told;
}

const AREA: &str = "990000";
const SECRET: &[u8] = b"an example of twenty-four bytes";

/// A receiver that keeps what it hears.
#[derive(Clone)]
struct Heard {
    asks: Arc<Mutex<Vec<Ask>>>,
    status: Arc<Mutex<Option<u16>>>,
}

impl Fetch for Heard {
    fn fetch(&self, ask: Ask) -> Fetched<'_> {
        self.asks.lock().unwrap().push(ask);
        let status = *self.status.lock().unwrap();
        Box::pin(async move {
            let away = FetchError::Away("connection refused".to_owned());
            status.map(|status| Answer { status, body: Vec::new() }).ok_or(away)
        })
    }
}

impl Heard {
    fn new() -> Self {
        Self { asks: Arc::default(), status: Arc::new(Mutex::new(Some(204))) }
    }

    fn answers(&self, status: Option<u16>) {
        *self.status.lock().unwrap() = status;
    }

    fn take(&self) -> Vec<Ask> {
        std::mem::take(&mut *self.asks.lock().unwrap())
    }
}

fn header<'a>(ask: &'a Ask, name: &str) -> &'a str {
    &ask.headers.iter().find(|(known, _)| *known == name).unwrap().1
}

fn body(ask: &Ask) -> Value {
    serde_json::from_slice(&ask.body.as_ref().unwrap().1).unwrap()
}

/// A factory whose own system listens.
async fn factory(place: &Place, heard: &Heard) -> Factory {
    let mut factory = Factory::new(place).await;
    let secret = WebhookSecret::read(&format!("whsec_{}", STANDARD.encode(SECRET))).unwrap();
    let hook = Webhook { url: "https://mes.example/hook".to_owned(), secrets: vec![secret], private: false };
    let webhooks = HashMap::from([(code().as_str().to_owned(), hook)]);
    let app = Arc::into_inner(factory.stage.app).unwrap();
    factory.stage.app = Arc::new(app.with_http(Arc::new(heard.clone())).with_webhooks(webhooks));
    factory
}

async fn a_decided_unit_is_told_once_and_signed(place: Place) {
    let heard = Heard::new();
    let factory = factory(&place, &heard).await;
    let reported = factory.report(&unit(BOARD, "B-1", "ng", 0.999)).await.unwrap();
    assert!(heard.take().is_empty(), "nothing is sent within a request");
    factory.stage.work().await;
    assert!(heard.take().is_empty(), "nor by whoever works on cases");
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 1);
    let asks = heard.take();
    let [ask] = &asks[..] else { panic!("one message: {asks:?}") };
    assert_eq!((ask.url.as_str(), ask.public), ("https://mes.example/hook", true));
    let (kind, bytes) = ask.body.as_ref().unwrap();
    assert_eq!(*kind, "application/json");

    let (id, at) = (header(ask, "webhook-id"), header(ask, "webhook-timestamp"));
    assert_eq!(at.parse::<i64>().unwrap(), factory.stage.app.now().as_second());
    assert!(!id.contains('.'), "a point in an id would let parts be shifted");
    let signed = [id.as_bytes(), b".", at.as_bytes(), b".", bytes].concat();
    let sent = header(ask, "webhook-signature").strip_prefix("v1,").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
    hmac::verify(&key, &signed, &STANDARD.decode(sent).unwrap()).unwrap();

    let told = body(ask);
    let unit = &told["MessageBody"]["InspectedUnits"][0];
    assert_eq!(told["UniqueID"], id);
    assert_eq!(told["MessageBody"]["TransactionId"], reported.case.0.to_string());
    assert_eq!(
        (&unit["UnitIdentifier"], &unit["OverallResult"], &unit["Verification"]),
        (&"B-1".into(), &"Failed".into(), &"NotVerifiedYet".into())
    );
    assert_eq!(unit["Inspections"][0]["DefectsFound"][0]["DefectCode"], "open");
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 0, "once");
    factory.report(&crate::stations::unit(BOARD, "B-1", "ng", 0.999)).await.unwrap();
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 0, "the same report is no new unit");
}

async fn nobody_is_told_what_is_open_or_of_people(place: Place) {
    let heard = Heard::new();
    let factory = factory(&place, &heard).await;
    let doubtful = factory.report(&unit(BOARD, "B-1", "unsure", 0.5)).await.unwrap();
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 0, "it is open");
    let officer = factory.stage.officer(BOARD, Post::Clerk);
    let Actor::Officer(inspector) = &officer else { panic!("an officer") };
    let command = Command::Do { action: "ok".to_owned(), words: "反光，不是缺陷".to_owned() };
    factory.stage.app.act(AREA, doubtful.case, &officer, command).await.unwrap();
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 1);
    let asks = heard.take();
    let unit = &body(&asks[0])["MessageBody"]["InspectedUnits"][0];
    assert_eq!((&unit["OverallResult"], &unit["Verification"]), (&"Passed".into(), &"DefectRejected".into()));
    let text = String::from_utf8(asks[0].body.clone().unwrap().1).unwrap();
    let id = inspector.id.0;
    for secret in [inspector.name.clone(), id.to_string(), id.simple().to_string(), "反光".to_owned()] {
        assert!(!text.contains(&secret), "{secret} stands in {text}");
    }
}

async fn what_is_not_taken_comes_again_under_its_id(place: Place) {
    let heard = Heard::new();
    let factory = factory(&place, &heard).await;
    factory.report(&unit(BOARD, "B-1", "ok", 0.001)).await.unwrap();
    let mut seen = Vec::new();
    // No redirect is a yes, and none is followed.
    for status in [Some(500), Some(302), None, Some(410), Some(200)] {
        heard.answers(status);
        let taken = factory.stage.app.tell_receivers().await.unwrap();
        assert_eq!(taken, usize::from(status == Some(200)), "{status:?}");
        assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 0, "it waits");
        factory.stage.clock.advance(60);
        seen.extend(heard.take());
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.iter().all(|ask| header(ask, "webhook-id") == header(&seen[0], "webhook-id")));
    assert!(seen.iter().all(|ask| ask.body == seen[0].body), "each try says the same");
    let times: Vec<&str> = seen.iter().map(|ask| header(ask, "webhook-timestamp")).collect();
    assert!(times.is_sorted() && times[0] != times[4], "the time is that of the try: {times:?}");
    factory.stage.clock.advance(4_000);
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 0);
}

async fn a_worker_that_dies_after_telling_tells_again_under_the_same_id(place: Place) {
    let heard = Heard::new();
    let factory = factory(&place, &heard).await;
    factory.report(&unit(BOARD, "B-1", "ok", 0.001)).await.unwrap();
    // Another server took the row, sent it perhaps, and never said so.
    let receiver = Receiver { area: AREA.to_owned(), receiver: code().as_str().to_owned() };
    let now = domain::micros(factory.stage.app.now());
    let store = &factory.stage.app.store;
    let held = store.claim_outbox_for(&receiver, now, now + 60_000_000, 9).await.unwrap();
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 0, "it is held");
    factory.stage.clock.advance(61);
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 1);
    assert_eq!(header(&heard.take()[0], "webhook-id"), held[0].id.to_string());
    let late = store.outbox_done(held[0].claim(), None).await;
    assert!(matches!(late, Err(store::Error::NotFound)), "{late:?}");
}

async fn a_receiver_that_is_away_holds_up_nothing_and_ends_as_a_dead_letter(place: Place) {
    let heard = Heard::new();
    let factory = factory(&place, &heard).await;
    heard.answers(None);
    factory.report(&unit(BOARD, "B-1", "ok", 0.001)).await.unwrap();
    let (mut tries, mut waited) = (0, 0);
    let store = &factory.stage.app.store;
    while store.dead_letters(AREA, Uuid::nil(), 9).await.unwrap().is_empty() {
        assert!(waited < 80 * 3_600, "it is given up");
        assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 0);
        tries += 1;
        let pause = (2_i64 << (tries - 1).min(20)).min(3_600);
        factory.stage.clock.advance(pause);
        waited += pause;
    }
    assert!(waited >= 72 * 3_600 && heard.take().len() == tries, "{waited} s, {tries} tries");
    // Others' cases go on meanwhile, and the letter is an operator's.
    let next = factory.report(&unit(BOARD, "B-2", "ok", 0.001)).await.unwrap();
    assert_eq!(next.decision, app::Decided::Ok);
    let operator = factory.stage.officer_of(code().as_str(), AREA, Post::Operator);
    let letters = factory.stage.app.dead_letters(&operator).await.unwrap();
    assert_eq!(letters.len(), 1);
    factory.stage.app.revive(&operator, letters[0].id, None).await.unwrap();
    heard.answers(Some(200));
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 2);
    assert_eq!(store.stats().await.unwrap().outbox, 0);
}

async fn a_released_lot_is_told(place: Place) {
    let heard = Heard::new();
    let factory = factory(&place, &heard).await;
    for number in 0..4 {
        let report = unit(BOARD, &format!("B-{number}"), "ng", 0.999);
        factory.report(&report).await.unwrap();
    }
    let wish = serde_json::json!({"item": BOARD, "lot": "L-0001", "size": 4, "as_it_is": true});
    let wish: app::LotRelease = serde_json::from_value(wish).unwrap();
    let stands = factory.stage.app.release_lot(&factory.station().await, &wish).await.unwrap();
    let case = stands.case.unwrap();
    if stands.decision == Some(app::Decided::Review) {
        let officer = factory.stage.officer("ex-lot-release", Post::Head);
        let command = Command::Do { action: "hold".to_owned(), words: "全部不合格".to_owned() };
        factory.stage.app.act(AREA, case, &officer, command).await.unwrap();
    }
    assert_eq!(factory.stage.app.tell_receivers().await.unwrap(), 5);
    let told: Vec<Value> = heard.take().iter().map(body).filter(|told| told["type"].is_string()).collect();
    let [lot] = &told[..] else { panic!("one lot: {told:?}") };
    let decided = factory.stage.app.inspection(&factory.station().await, case).await.unwrap().decision;
    let kind = if decided == app::Decided::Ok { "lot.released" } else { "lot.held_back" };
    assert_eq!(lot["type"], kind);
    let data = &lot["data"];
    assert_eq!((&data["lot"], &data["size"], &data["rejected"]), (&"L-0001".into(), &4.into(), &4.into()));
    assert_eq!(data["case"], case.0.to_string());
    assert!(lot["timestamp"].as_str().unwrap().parse::<domain::Timestamp>().is_ok());
}
