//! Sessions end when nobody does anything, and in any case after so long.

use identity::{DemoOfficers, OfficerDirectory, SessionKind};

use crate::stage::{Place, SHOP, Stage, on_both};

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
    let card = DemoOfficers.of(&agency).remove(0);
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
