//! Requests sent twice, effects that fail for days, and a record that was tampered with after it was signed.

use app::{Error, Once};
use casework::{Actor, Command, Rule};
use domain::CaseId;
use identity::Post;

use crate::life::grant;
use crate::life::refused;
use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both};
use crate::tampering::{DAMAGED_EFFECTS, GONE_CASES, NO_CERTIFICATES_TO_ISSUE, gone_with_them};

on_both! {
    a_key_is_good_for_one_request;
    an_effect_that_fails_for_three_days_is_an_operators;
    what_was_signed_cannot_be_written_anew;
}

async fn a_key_is_good_for_one_request(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let (case, second) = (who.submit(&stage, SHOP).await, who.submit(&stage, SHOP).await);
    let clerk = stage.officer(SHOP, Post::Colleague);
    let Actor::Officer(officer) = &clerk else { panic!("an officer") };
    let once = |key: &str, body: &str| Once::new(officer.id.0, key, ["accept", body]).unwrap();
    assert!(matches!(Once::new(officer.id.0, "", ["x"]), Err(Error::BadKey)));

    // ten at once, some to another server: one acceptance, ten answers
    let other = Stage::new(&place).await;
    let mut clicks = tokio::task::JoinSet::new();
    for number in 0..10 {
        let app = if number % 2 == 0 { stage.app.clone() } else { other.app.clone() };
        let (clerk, once) = (clerk.clone(), once("k1", ""));
        clicks.spawn(async move { app.act_once(AREA, case, &clerk, Command::Accept, Some(&once)).await });
    }
    for answer in clicks.join_all().await {
        assert_eq!(answer.unwrap().case.seq, 2);
    }
    // the answer was lost, the process died: whoever asks again is answered
    let again = Stage::new(&place).await;
    let act = async |case: CaseId, actor: &Actor, once: &Once| {
        again.app.act_once(AREA, case, actor, Command::Accept, Some(once)).await
    };
    assert_eq!(act(case, &clerk, &once("k1", "")).await.unwrap().events.len(), 2);
    assert!(matches!(act(case, &clerk, &once("k1", "other")).await, Err(Error::KeyReused)));
    assert!(matches!(act(second, &clerk, &once("k1", "")).await, Err(Error::KeyReused)));
    refused(act(case, &clerk, &once("k2", "")).await, Rule::WrongStep);
    // another person's equal key is another key
    let theirs = stage.officer(SHOP, Post::Clerk);
    let Actor::Officer(officer) = &theirs else { panic!("an officer") };
    let key = Once::new(officer.id.0, "k1", ["accept", "second"]).unwrap();
    assert_eq!(act(second, &theirs, &key).await.unwrap().case.seq, 2);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn an_effect_that_fails_for_three_days_is_an_operators(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    grant(&stage, case).await;
    let recorded = stage.look(case).await.events.len();
    place.meddle(NO_CERTIFICATES_TO_ISSUE).await;
    place.meddle(DAMAGED_EFFECTS).await;
    let operator = stage.officer_of(&stage.app.catalogue.item(SHOP).unwrap().agency, AREA, Post::Operator);
    let clerk = stage.officer_of(&operator.agency, AREA, Post::Clerk);

    let (mut tries, mut waited, mut pauses) = (0, 0, Vec::new());
    while waited < 80 * 3_600 {
        let rows = stage.app.store.stats().await.unwrap().outbox;
        if rows == 0 || !stage.app.store.dead_letters(AREA, uuid::Uuid::nil(), 9).await.unwrap().is_empty() {
            break;
        }
        stage.app.work_once().await.unwrap();
        tries += 1;
        // the pause doubles up to an hour: a second before its end nothing is tried
        let pause = (2_i64 << (tries - 1).min(20)).min(3_600);
        pauses.push(pause);
        stage.clock.advance(pause);
        waited += pause;
    }
    assert!((72 * 3_600..=74 * 3_600).contains(&waited), "{waited} s");
    assert_eq!(pauses[..4], [2, 4, 8, 16]);
    assert_eq!(stage.app.work_once().await.unwrap(), 0);

    assert!(matches!(stage.app.dead_letters(&clerk).await, Err(Error::Forbidden)));
    let dead = stage.app.store.dead_letters(AREA, uuid::Uuid::nil(), 9).await.unwrap().remove(0);
    assert_eq!(dead.case_id, case.0);
    assert_eq!(dead.attempts, i64::from(tries));
    assert!(matches!(stage.app.revive(&clerk, dead.id, None).await, Err(Error::Forbidden)));
    refused(stage.app.give_up(&operator, dead.id, " ", None).await, Rule::ReasonsRequired);
    stage.app.revive(&operator, dead.id, None).await.unwrap();
    assert!(matches!(stage.app.revive(&operator, dead.id, None).await, Err(Error::NotFound)));
    stage.app.work_once().await.unwrap();
    assert_eq!(
        stage.app.store.dead_letters(AREA, uuid::Uuid::nil(), 9).await.unwrap().len(),
        1,
        "it fails still"
    );
    stage.app.give_up(&operator, dead.id, "已用电话告知", None).await.unwrap();
    assert!(stage.app.dead_letters(&operator).await.unwrap().is_empty());
    assert_eq!(stage.app.store.stats().await.unwrap().outbox, 0);
    assert_eq!(stage.look(case).await.events.len(), recorded, "the record stays as it is");
}

async fn what_was_signed_cannot_be_written_anew(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    who.submit(&stage, SHOP).await;
    assert_eq!(stage.app.store.stats().await.unwrap().unanchored, 2);
    assert_eq!(stage.app.anchor_heads().await.unwrap(), 1);
    assert_eq!(stage.app.anchor_heads().await.unwrap(), 0, "nothing has changed");
    stage.act(case, &stage.officer(SHOP, Post::Clerk), Command::Accept).await.unwrap();
    assert_eq!(stage.app.store.stats().await.unwrap().unanchored, 1);
    assert_eq!(stage.app.anchor_heads().await.unwrap(), 1);
    let report = async || {
        let store = &stage.app.store;
        store.verify_checkpoints(&[store.signer().public()], &[]).await.unwrap()
    };
    let whole = report().await;
    assert_eq!((whole.checkpoints, whole.heads, whole.faults.len()), (2, 3, 0));

    // a whole case taken away leaves no chain that could be broken
    for table in ["events", "my_cases"] {
        let column = if table == "events" { "case_id" } else { "id" };
        place.meddle(&gone_with_them(table, column)).await;
    }
    place.meddle(GONE_CASES).await;
    assert_eq!(Stage::new(&place).await.faults().await, Vec::<String>::new(), "the rest looks whole");
    let faults = report().await.faults;
    assert!(
        faults.iter().any(|fault| fault.case == Some(case.0) && fault.what == "the case is gone"),
        "{faults:?}"
    );
}
