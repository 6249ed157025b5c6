//! Real-name levels: what an item asks for, what was proved, and what the record keeps of it.

use app::{Error, SignedIn, TieWish};
use casework::Actor;
use domain::{CitizenNumber, Date, PersonId};
use identity::{Bond, Denied, Principal, RealNameLevel, Returned, Scope, Side, demo_companies, demo_people};

use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

on_both! {
    too_low_a_level_begins_and_submits_nothing;
    only_the_same_person_steps_up_and_nothing_goes_down;
    a_declaration_beside_a_proof_opens_and_changes_nothing;
    a_number_that_is_only_said_ties_nobody;
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

async fn set_level(stage: &Stage, person: PersonId, level: RealNameLevel) {
    let read = stage.app.store.read_profile(person.0).await.unwrap();
    let mut profile: app::Profile = serde_json::from_slice(&read.profile).unwrap();
    profile.level = level;
    let stored = serde_json::to_vec(&profile).unwrap();
    stage.app.store.change_profile(&read, &stored, 0).await.unwrap();
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
    set_level(&stage, who.id, RealNameLevel::Declared).await;
    let before = stage.app.draft(who.id, draft).await.unwrap();
    let refused = stage.app.submit(who.id, draft).await;
    assert!(matches!(refused, Err(Error::Level { needed: 3, has: 2 })), "{refused:?}");
    assert_eq!(stage.app.draft(who.id, draft).await.unwrap().body, before.body);
    set_level(&stage, who.id, RealNameLevel::Matched).await;
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

/// However many sessions somebody declared themselves into an account, and however they come in between: with the
/// owner's proof they open nothing, and what was declared replaces nothing that was proved.
async fn a_declaration_beside_a_proof_opens_and_changes_nothing(place: Place) {
    let stage = Stage::new(&place).await;
    let declared = |number: &str| -> Returned {
        [("name", "示例·冒名"), ("number", number), ("level", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    };
    for round in 0..12 {
        let mine = number(&format!("1{round:02}"));
        let before = stage.app.sign_in_citizen(&declared(&mine)).await.unwrap();
        let (beside, proved) = (declared(&mine), proof(&mine, "3"));
        let (beside, proved) =
            tokio::join!(stage.app.sign_in_citizen(&beside), stage.app.sign_in_citizen(&proved));
        let owner = stage.app.session(&proved.unwrap().cookie).await.unwrap().unwrap();
        for low in [Ok(before), beside].into_iter().flatten() {
            assert!(stage.app.session(&low.cookie).await.unwrap().is_none(), "round {round}");
        }
        let profile = stage.app.profile(owner.citizen().unwrap()).await.unwrap();
        assert_eq!(
            (profile.level, profile.name.as_str()),
            (RealNameLevel::Matched, "示例·丁"),
            "round {round}"
        );
        assert_eq!(stage.app.sessions(&owner).await.unwrap().len(), 1);
    }
}

/// Whoever says the number of a legal representative, or of somebody's mother, gets nothing by it.
async fn a_number_that_is_only_said_ties_nobody(place: Place) {
    let stage = Stage::new(&place).await;
    let company = demo_companies().remove(0);
    let legal = demo_people().into_iter().find(|person| person.number == company.legal).unwrap();
    let come = async |level: &str| {
        let said = [("name", legal.name), ("number", legal.number.reveal()), ("level", level)];
        let said: Returned = said.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        stage.app.sign_in_citizen(&said).await.unwrap()
    };
    let said = come("2").await;
    let person = stage.app.session(&said.cookie).await.unwrap().unwrap().citizen().unwrap();
    let refused = stage.app.register_organisation(person, &company.code).await;
    assert!(matches!(refused, Err(Error::Level { needed: 3, has: 2 })), "{refused:?}");
    let mother = Citizen::new(&stage).await;
    let wish = |name: &str, number: &CitizenNumber| TieWish {
        name: name.to_owned(),
        number: number.clone(),
        side: Side::Agent,
        bond: Bond::Sibling,
        scope: Scope::All,
        until: Date::constant(2026, 12, 31),
    };
    let refused = stage.app.ask_tie(person, &wish("示例·丙", &mother.number.parse().unwrap())).await;
    assert!(matches!(refused, Err(Error::Level { needed: 3, has: 2 })), "{refused:?}");
    // nor do they see or answer who asks the one whose number it is
    stage.app.ask_tie(mother.id, &wish(legal.name, &legal.number)).await.unwrap();
    assert!(stage.app.asks(person).await.unwrap().is_empty());
    assert_eq!(stage.app.unread(person).await.unwrap(), 0, "a message would name the asker");
    let high = come("3").await;
    let person = stage.app.session(&high.cookie).await.unwrap().unwrap().citizen().unwrap();
    assert_eq!(stage.app.asks(person).await.unwrap().len(), 1);
}
