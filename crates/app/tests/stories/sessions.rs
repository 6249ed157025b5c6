//! Sessions end when nobody does anything, and in any case after so long.

use identity::{DemoOfficers, OfficerDirectory, SessionKind};

use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

on_both! {
    a_session_ends_when_idle;
    a_session_ends_however_busy;
}

/// Cookies of a citizen and an officer, with the bounds of each.
async fn both(stage: &Stage) -> [(String, SessionKind); 2] {
    let returned = [("name", "示例·丙"), ("number", "990000198002290018")];
    let mut body = returned[1].1[..17].to_owned();
    body.push(domain::CitizenNumber::check_character(&body).unwrap());
    let returned = [("name".to_owned(), "示例·丙".to_owned()), ("number".to_owned(), body)].into();
    let citizen = stage.app.sign_in_citizen(&returned).await.unwrap();
    let agency = stage.app.catalogue.item(SHOP).unwrap().agency.clone();
    let card = DemoOfficers::default().of(&agency).remove(0);
    let officer = stage.app.sign_in_officer(&agency, card.id).await.unwrap();
    assert_eq!(citizen.max_age, SessionKind::Citizen.policy().absolute);
    [(citizen.cookie, SessionKind::Citizen), (officer.cookie, SessionKind::Officer)]
}

async fn lives(stage: &Stage, cookie: &str) -> bool {
    stage.app.session(cookie).await.unwrap().is_some()
}

async fn a_session_ends_when_idle(place: Place) {
    let stage = Stage::new(&place).await;
    for (cookie, kind) in both(&stage).await {
        let start = stage.app.now();
        stage.clock.advance(kind.policy().idle - 1);
        assert!(lives(&stage, &cookie).await, "{kind:?}");
        stage.clock.advance(kind.policy().idle - 1);
        assert!(lives(&stage, &cookie).await, "{kind:?}: a request keeps it alive");
        stage.clock.advance(kind.policy().idle + 1);
        assert!(!lives(&stage, &cookie).await, "{kind:?}");
        stage.clock.set(start);
    }
}

async fn a_session_ends_however_busy(place: Place) {
    let stage = Stage::new(&place).await;
    for (cookie, kind) in both(&stage).await {
        let start = stage.app.now();
        let step = kind.policy().idle / 2;
        let mut passed = 0;
        while passed + step < kind.policy().absolute {
            stage.clock.advance(step);
            passed += step;
            assert!(lives(&stage, &cookie).await, "{kind:?} after {passed} s");
        }
        stage.clock.advance(step + 1);
        assert!(!lives(&stage, &cookie).await, "{kind:?}");
        stage.clock.set(start);
    }
}

/// Somebody holds the only write lock: who is signed in still reads, messages included.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_goes_on_while_nothing_can_be_written() {
    let place = Place::sqlite();
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    who.submit(&stage, SHOP).await;
    stage.work().await;
    let message = stage.app.messages(who.id, None).await.unwrap().0.remove(0);
    let [(cookie, _), _] = both(&stage).await;
    let path = place.folder().join("store.db");
    let lock = rusqlite::Connection::open(path).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    stage.clock.advance(600);
    assert!(lives(&stage, &cookie).await, "a session that cannot be noted is no session less");
    stage.app.read_message(who.id, message.id).await.unwrap();
    assert_eq!(stage.app.unread(who.id).await.unwrap(), 1);
    let refused = stage.app.start_draft(who.id, SHOP).await;
    assert!(matches!(refused, Err(app::Error::Store(store::Error::Busy))), "{refused:?}");
    lock.execute_batch("ROLLBACK").unwrap();
    stage.app.read_message(who.id, message.id).await.unwrap();
    assert_eq!(stage.app.unread(who.id).await.unwrap(), 0);
}
