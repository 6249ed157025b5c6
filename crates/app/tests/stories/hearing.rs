//! Who presides over a hearing (行政许可法 art. 48).

use casework::{Actor, Command, Officer, Rule};
use domain::{Date, OfficerId};
use identity::Post;
use packs::Special;

use crate::life::refused;
use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both};

on_both! {
    somebody_of_the_agency_who_handles_cases_presides;
}

fn id(actor: &Actor) -> OfficerId {
    match actor {
        Actor::Officer(Officer { id, .. }) => *id,
        other => panic!("{other:?} is no officer"),
    }
}

async fn somebody_of_the_agency_who_handles_cases_presides(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    let clerk = stage.officer(SHOP, Post::Colleague);
    stage.act(case, &clerk, Command::Accept).await.unwrap();
    let words = || "涉及重大利益".to_owned();
    let hear = Command::Suspend { kind: Special::Hearing, needed: None, words: words() };
    stage.act(case, &clerk, hear).await.unwrap();
    let ask = Command::RequestHearing;
    stage.act(case, &Actor::Applicant(who.id), ask).await.unwrap();

    let schedule =
        |host: OfficerId| Command::ScheduleHearing { on: Date::constant(2026, 9, 21), host, words: words() };
    let stranger = OfficerId(uuid::Uuid::from_u128(7));
    let other = stage.app.catalogue.item("ex-old-age-allowance").unwrap().agency.clone();
    let elsewhere = stage.officer_of(&other, AREA, Post::Head);
    let operator = stage.officer(SHOP, Post::Operator);
    for host in [stranger, elsewhere.id, id(&operator)] {
        refused(stage.act(case, &clerk, schedule(host)).await, Rule::HostIsReviewer);
    }
    stage.act(case, &clerk, schedule(id(&stage.officer(SHOP, Post::Head)))).await.unwrap();
}
