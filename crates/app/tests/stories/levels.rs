//! Real-name levels: what an item asks for, what was proved, and what the record keeps of it.

use app::{Error, SignedIn};
use casework::Actor;
use domain::CitizenNumber;
use identity::{Denied, Principal, RealNameLevel, Returned};

use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

on_both! {
    too_low_a_level_begins_and_submits_nothing;
    only_the_same_person_steps_up_and_nothing_goes_down;
}

fn number(order: &str) -> String {
    let body = format!("99000019850412{order}");
    format!("{body}{}", CitizenNumber::check_character(&body).unwrap())
}

fn proof(number: &str, level: &str) -> Returned {
    [("name", "示例·丁"), ("number", number), ("level", level)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

async fn enter(stage: &Stage, number: &str, level: &str) -> SignedIn {
    stage.app.sign_in_citizen(&proof(number, level)).await.unwrap()
}

async fn too_low_a_level_begins_and_submits_nothing(place: Place) {
    let stage = Stage::new(&place).await;
    let low = enter(&stage, &number("031"), "2").await;
    let session = stage.app.session(&low.cookie).await.unwrap().unwrap();
    let refused = stage.app.start_draft(session.citizen().unwrap(), SHOP).await;
    assert!(matches!(refused, Err(Error::Level { needed: 3, has: 2 })), "{refused:?}");
    assert!(stage.app.drafts(session.citizen().unwrap()).await.unwrap().is_empty());
    // a draft that is there already is kept when it cannot be handed in
    let who = Citizen::new(&stage).await;
    let draft = who.fill(&stage, SHOP).await;
    let mut profile = stage.app.profile(who.id).await.unwrap();
    profile.level = RealNameLevel::Declared;
    let stored = serde_json::to_vec(&profile).unwrap();
    stage.app.store.change_profile(who.id.0, &stored, 0).await.unwrap();
    let before = stage.app.draft(who.id, draft).await.unwrap();
    let refused = stage.app.submit(who.id, draft).await;
    assert!(matches!(refused, Err(Error::Level { needed: 3, has: 2 })), "{refused:?}");
    assert_eq!(stage.app.draft(who.id, draft).await.unwrap().body, before.body);
    profile.level = RealNameLevel::Matched;
    let stored = serde_json::to_vec(&profile).unwrap();
    stage.app.store.change_profile(who.id.0, &stored, 0).await.unwrap();
    stage.app.submit(who.id, draft).await.unwrap();
    let area = stage.app.catalogue.item(SHOP).unwrap().area.clone();
    let file = stage.app.open_case(area.as_str(), draft, &Actor::System).await.unwrap();
    assert_eq!((file.case.known.level, file.case.known.provider.as_deref()), (Some(3), Some("demo")));
}

async fn only_the_same_person_steps_up_and_nothing_goes_down(place: Place) {
    let stage = Stage::new(&place).await;
    let (mine, other) = (number("032"), number("033"));
    let low = enter(&stage, &mine, "2").await;
    let elsewhere = enter(&stage, &mine, "2").await;
    let session = stage.app.session(&low.cookie).await.unwrap().unwrap();
    let step = |returned| {
        let (app, session) = (stage.app.clone(), session.clone());
        async move { app.step_up(&session, &returned, "").await }
    };
    let refused = step(proof(&other, "3")).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::OtherPerson))), "{refused:?}");
    let refused = step(proof(&mine, "2")).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::TooLow))), "{refused:?}");
    let high = step(proof(&mine, "3")).await.unwrap();
    for gone in [&low, &elsewhere] {
        assert!(stage.app.session(&gone.cookie).await.unwrap().is_none(), "declared sessions are over");
    }
    let session = stage.app.session(&high.cookie).await.unwrap().unwrap();
    let Principal::Citizen { proof: carried, .. } = &session.principal else { panic!("{session:?}") };
    assert_eq!((carried.level, carried.provider.as_str()), (RealNameLevel::Matched, "demo"));
    let refused = stage.app.sign_in_citizen(&proof(&mine, "2")).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::ProvedMore))), "{refused:?}");
    let profile = stage.app.profile(session.citizen().unwrap()).await.unwrap();
    assert_eq!((profile.level, profile.provider.as_str()), (RealNameLevel::Matched, "demo"));
}
