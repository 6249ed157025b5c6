//! 个人信息保护法 art. 47: the person's key is destroyed; the record stays whole without what was personal.

use app::Error;
use casework::{Command, Outcome, Status};
use domain::{Clock as _, micros};
use identity::Post;

use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both, sign_in};

on_both! {
    the_record_stays_whole_without_the_person;
}

async fn the_record_stays_whole_without_the_person(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    let draft = who.fill(&stage, "ex-elder-card").await;
    crate::life::grant(&stage, case).await;
    stage.work().await;
    let before = stage.look(case).await;
    assert!(before.events.iter().any(|event| event.private.is_some()));
    stage.app.store.destroy_person(who.id.0, micros(stage.clock.now())).await.unwrap();

    for stage in [stage.clone(), Stage::new(&place).await] {
        let desk = stage.officer(SHOP, Post::Head);
        let file = stage.app.open_case(AREA, case, &desk).await.unwrap();
        assert_eq!(file.case.status, Status::Closed(Outcome::Granted));
        assert!(file.events.iter().all(|event| event.private.is_none()) && file.case.answers.is_empty());
        assert_eq!(file.events.len(), before.events.len());
        assert!(matches!(stage.app.profile(who.id).await, Err(Error::Store(store::Error::Erased))));
        assert!(stage.app.draft(who.id, draft).await.is_err());
        let file = &before.case.materials[0].files[0];
        assert!(stage.app.case_attachment(AREA, case, file, &desk).await.is_err());
        assert_eq!(stage.faults().await, Vec::<String>::new());
    }
    // whoever comes back with the same number is somebody new
    let again = sign_in(&stage, &who.name, &who.number).await.citizen().unwrap();
    assert_ne!(again, who.id);
    assert!(stage.app.my_cases(again, None).await.unwrap().cases.is_empty());
    let rate = Command::Rate { level: 1, words: String::new() };
    let other = casework::Actor::Applicant(again);
    assert!(matches!(stage.act(case, &other, rate).await, Err(Error::NotFound)));
}
