//! 电子监察: each card as a supervisor finds it, and who may see the list.

use app::{Carded, Error};
use casework::{Actor, CardColour, CardRule, Command, RefusalReason};
use domain::{CaseId, Date};
use identity::Post;

use crate::life::meets;
use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both};

on_both! {
    each_card_stands_on_the_list;
    the_list_is_the_agencys_own_and_its_supervisors;
    a_long_list_goes_on_where_it_ended;
}

const PROMISE: &str = "ex-restaurant-promise";

async fn act(stage: &Stage, item: &str, case: CaseId, post: Post, command: Command) {
    stage.act(case, &stage.officer(item, post), command).await.unwrap();
}

async fn reviewed(stage: &Stage) -> CaseId {
    let who = Citizen::new(stage).await;
    let case = who.submit(stage, SHOP).await;
    act(stage, SHOP, case, Post::Colleague, Command::Accept).await;
    act(stage, SHOP, case, Post::Colleague, meets()).await;
    act(stage, SHOP, case, Post::Clerk, meets()).await;
    case
}

fn grant() -> Command {
    Command::Grant { words: String::new() }
}

fn refuse(words: &str) -> Command {
    Command::Refuse { reason: RefusalReason::ConditionsNotMet, words: words.to_owned() }
}

async fn list(stage: &Stage, item: &str) -> Vec<Carded> {
    let agency = &stage.app.catalogue.item(item).unwrap().agency;
    stage.app.supervision(&stage.officer_of(agency, AREA, Post::Chief), None).await.unwrap().0
}

/// The cards of one case, as its agency's supervisor sees them.
async fn cards(stage: &Stage, item: &str, case: CaseId) -> Vec<CardRule> {
    let listed = list(stage, item).await;
    let row = listed.iter().find(|row| row.case.id == case);
    row.map(|row| row.cards.iter().map(|card| card.rule).collect()).unwrap_or_default()
}

async fn each_card_stands_on_the_list(place: Place) {
    let stage = Stage::new(&place).await;
    let clean = reviewed(&stage).await;
    act(&stage, SHOP, clean, Post::Head, grant()).await;

    let unlike = reviewed(&stage).await;
    act(&stage, SHOP, unlike, Post::Head, refuse("现场与图纸不符，不符合第十条")).await;
    assert_eq!(cards(&stage, SHOP, unlike).await, [CardRule::RefusedQualified]);
    let wordless = reviewed(&stage).await;
    act(&stage, SHOP, wordless, Post::Head, refuse("不行")).await;
    assert_eq!(cards(&stage, SHOP, wordless).await, [CardRule::RefusedQualified, CardRule::NoReasons]);

    let fee = Citizen::new(&stage).await.submit(&stage, SHOP).await;
    act(&stage, SHOP, fee, Post::Clerk, Command::RecordFee { fen: 5_000 }).await;
    assert_eq!(cards(&stage, SHOP, fee).await, [CardRule::WrongFee], "the guide says it is free");
    act(&stage, SHOP, fee, Post::Clerk, Command::NotOurs { words: "请到示例局".to_owned() }).await;

    let promised = Citizen::new(&stage).await.submit(&stage, PROMISE).await;
    act(&stage, PROMISE, promised, Post::Clerk, Command::Accept).await;
    act(&stage, PROMISE, promised, Post::Head, grant()).await;
    stage.work().await;
    let (late, later, silent) = (reviewed(&stage).await, reviewed(&stage).await, silent(&stage).await);
    let clock = stage.look(late).await.case.clock.unwrap();

    stage.turn_to(Date::constant(2026, 9, 15), 0);
    stage.clock.advance(1);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 1);
    assert_eq!(cards(&stage, SHOP, silent).await, [CardRule::SilentIntake]);

    stage.turn_to(clock.last_day.tomorrow().unwrap(), 9);
    act(&stage, SHOP, late, Post::Head, grant()).await;
    assert_eq!(cards(&stage, SHOP, late).await, [CardRule::OverPromise]);
    stage.turn_to(clock.statutory_last_day.unwrap().tomorrow().unwrap(), 9);
    act(&stage, SHOP, later, Post::Head, grant()).await;
    assert_eq!(cards(&stage, SHOP, later).await, [CardRule::OverLaw]);

    // The check that follows a promise, after its sixty days.
    stage.turn_to(Date::constant(2026, 11, 20), 9);
    let check = Command::Check { kept: true, words: "与承诺一致".to_owned() };
    act(&stage, PROMISE, promised, Post::Colleague, check).await;
    assert_eq!(cards(&stage, PROMISE, promised).await, [CardRule::StepLate]);

    stage.work().await;
    let seen: Vec<CardRule> =
        list(&stage, SHOP).await.iter().flat_map(|row| &row.cards).map(|card| card.rule).collect();
    for rule in CardRule::ALL {
        assert!(seen.contains(&rule), "{rule:?} is on nobody's list");
    }
    assert!(cards(&stage, SHOP, clean).await.is_empty(), "who did well is not on the list");
    assert_eq!(CardRule::OverPromise.colour(), CardColour::Yellow);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

/// Handed in, and then nobody says anything.
async fn silent(stage: &Stage) -> CaseId {
    Citizen::new(stage).await.submit(stage, SHOP).await
}

async fn the_list_is_the_agencys_own_and_its_supervisors(place: Place) {
    let stage = Stage::new(&place).await;
    let case = reviewed(&stage).await;
    act(&stage, SHOP, case, Post::Head, refuse("不行")).await;
    assert_eq!(list(&stage, SHOP).await.len(), 1);
    assert!(list(&stage, "ex-old-age-allowance").await.is_empty(), "another agency of the same area");
    for post in [Post::Clerk, Post::Colleague, Post::Head, Post::Operator] {
        let Actor::Officer(officer) = stage.officer(SHOP, post) else { panic!("an officer") };
        let answer = stage.app.supervision(&officer, None).await;
        assert!(matches!(answer, Err(Error::Forbidden)), "{post:?}");
    }
    // A supervisor who is the applicant is not shown their own case.
    let Actor::Officer(mut chief) = stage.officer(SHOP, Post::Chief) else { panic!("an officer") };
    chief.person = Some(stage.look(case).await.case.applicant);
    assert!(stage.app.supervision(&chief, None).await.unwrap().0.is_empty());
}

async fn a_long_list_goes_on_where_it_ended(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let mut carded = Vec::new();
    for _ in 0..53 {
        let case = who.submit(&stage, SHOP).await;
        act(&stage, SHOP, case, Post::Clerk, Command::RecordFee { fen: 1 }).await;
        carded.push(case);
    }
    let Actor::Officer(chief) = stage.officer(SHOP, Post::Chief) else { panic!("an officer") };
    let (mut listed, next) = stage.app.supervision(&chief, None).await.unwrap();
    assert_eq!(listed.len(), 50);
    let (rest, end) = stage.app.supervision(&chief, next).await.unwrap();
    assert!(end.is_none());
    listed.extend(rest);
    carded.reverse();
    assert_eq!(
        listed.iter().map(|row| row.case.id).collect::<Vec<_>>(),
        carded,
        "the last changed first, each once"
    );
}
