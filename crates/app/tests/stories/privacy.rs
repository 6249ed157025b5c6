//! What people are owed about their own data, on both databases.

use app::{Erased, Error, UnmaskReason};
use casework::{Actor, Command};
use domain::{CaseId, CitizenNumber, Clock as _, PersonId, micros};
use identity::Post;

use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both};

const HOUSING: &str = "ex-public-rental-housing";

on_both! {
    looks_are_noted_once_and_uncovering_each_time;
    no_case_without_the_consent_it_takes;
    a_request_on_paper_waits_for_what_must_be_kept;
}

async fn lines(stage: &Stage, who: PersonId) -> Vec<(&'static str, String)> {
    let (lines, older) = stage.app.reads(who, None).await.unwrap();
    assert!(older.is_none());
    lines.into_iter().map(|line| (line.looked, line.look.words)).collect()
}

async fn looks_are_noted_once_and_uncovering_each_time(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    let actor = stage.officer(SHOP, Post::Colleague);
    let Actor::Officer(officer) = &actor else { panic!("an officer") };
    for stage in [stage.clone(), Stage::new(&place).await] {
        // Another server on the same database remembers nothing and still makes one line of it.
        stage.app.open_case(AREA, case, &actor).await.unwrap();
        stage.app.open_case(AREA, case, &actor).await.unwrap();
    }
    assert_eq!(lines(&stage, who.id).await, [("case", String::new())]);
    let words = "邮寄前核对";
    for (reason, words) in [(None, words), (Some(UnmaskReason::Other), "  ")] {
        let refused = stage.app.unmask(AREA, case, officer, reason, words).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
    let reason = Some(UnmaskReason::Deliver);
    stage.app.unmask(AREA, case, officer, reason, words).await.unwrap();
    stage.app.unmask(AREA, case, officer, reason, "再核对一次").await.unwrap();
    let told = lines(&stage, who.id).await;
    assert_eq!(told.iter().filter(|(looked, _)| *looked == "unmasked").count(), 2);
    let Actor::Officer(chief) = stage.officer(SHOP, Post::Chief) else { panic!("an officer") };
    let (list, _) = stage.app.unmaskings(&chief, None).await.unwrap();
    assert_eq!(list.len(), 2);
    assert!(list.iter().all(|one| one.case == case && one.name == officer.name && one.reason == "deliver"));
    assert!(stage.app.unmaskings(officer, None).await.is_err());
    // The supervisor's list outlives the person, without the words.
    stage.app.store.destroy_person(who.id.0, micros(stage.clock.now())).await.unwrap();
    let (list, _) = stage.app.unmaskings(&chief, None).await.unwrap();
    assert!(list.len() == 2 && list.iter().all(|one| one.words.is_empty()));
    assert_eq!(stage.app.store.reads(who.id.0, None, 9).await.unwrap().len(), 0);
}

async fn no_case_without_the_consent_it_takes(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let draft = who.fill(&stage, HOUSING).await;
    assert!(matches!(stage.app.submit(who.id, draft).await, Err(Error::Consent)));
    stage.app.give_consent(who.id, draft).await.unwrap();
    // Withdrawn before it was used, it is asked for again.
    stage.app.withdraw_consent(who.id, draft).await.unwrap();
    assert!(matches!(stage.app.submit(who.id, draft).await, Err(Error::Consent)));
    stage.app.give_consent(who.id, draft).await.unwrap();
    let case = stage.app.submit(who.id, draft).await.unwrap();
    let given = stage.app.consents(who.id).await.unwrap();
    assert_eq!((given.len(), given[0].id, given[0].state.id()), (1, case, "stands"));
    assert_eq!(given[0].asked.fields.len(), 1);
    let desk = stage.officer(HOUSING, Post::Colleague);
    let area = stage.app.catalogue.item(HOUSING).unwrap().area.as_str().to_owned();
    let file = stage.app.open_case(&area, case, &desk).await.unwrap();
    assert!(stage.app.consent_stands(&file).await.unwrap());
    let other = Citizen::new(&stage).await;
    assert!(matches!(stage.app.withdraw_consent(other.id, case).await, Err(Error::NotFound)));
    stage.clock.advance(1_096 * 86_400);
    assert_eq!(stage.app.consents(who.id).await.unwrap()[0].state.id(), "over");
    assert!(!stage.app.consent_stands(&file).await.unwrap());
}

async fn a_request_on_paper_waits_for_what_must_be_kept(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case: CaseId = who.submit(&stage, SHOP).await;
    let number: CitizenNumber = who.number.parse().unwrap();
    let ask = |dry_run| stage.app.ask_erasure_on_paper(&number, "示例〔2026〕1号", dry_run);
    let (person, waits) = ask(true).await.unwrap();
    assert_eq!(person, who.id);
    let Erased::Waits(keeps) = waits else { panic!("a case is open") };
    assert_eq!((keeps.len(), keeps[0].what, keeps[0].until), (1, "open", None));
    assert!(stage.app.leaving(person).await.unwrap().is_none(), "only asked what would be");
    ask(false).await.unwrap();
    stage.act(case, &who.actor(), Command::Withdraw { words: String::new() }).await.unwrap();
    stage.clock.advance(2 * 86_400);
    assert_eq!(stage.app.erase_due().await.unwrap(), 0);
    assert!(stage.app.leaving(person).await.unwrap().unwrap().on.is_some());
    stage.clock.advance(3_655 * 86_400);
    assert_eq!(stage.app.erase_due().await.unwrap(), 1);
    assert!(matches!(stage.app.profile(person).await, Err(Error::Store(store::Error::Erased))));
    let row = stage.app.store.erasure(person.0).await.unwrap().unwrap();
    assert!(row.done_at.is_some() && row.asked_by == "示例〔2026〕1号");
    assert!(matches!(ask(false).await, Err(Error::NotFound)), "nobody has this number any more");
    assert_eq!(stage.faults().await, Vec::<String>::new());
}
