//! Clocks: stopped while the applicant is asked, begun anew, and over.

use std::collections::BTreeMap;

use app::{Correction, Upload, sample_pdf};
use casework::{ClockKind, Command, Outcome, Rule, Status};
use domain::Date;
use identity::Post;

use crate::life::refused;
use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

on_both! {
    a_correction_stops_the_clock_and_a_new_one_begins;
    a_correction_keeps_no_more_than_was_asked_for;
    silence_over_the_holidays_is_acceptance;
}

fn ask(words: &str) -> Command {
    Command::AskCorrection { about: BTreeMap::from([("m2".to_owned(), words.to_owned())]) }
}

async fn a_correction_stops_the_clock_and_a_new_one_begins(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    let clock = stage.look(case).await.case.clock.unwrap();
    assert_eq!((clock.kind, clock.last_day), (ClockKind::Acceptance, Date::constant(2026, 9, 14)));
    let desk = stage.officer(SHOP, Post::Colleague);
    stage.act(case, &desk, ask("布局图看不清")).await.unwrap();

    // weeks pass; the law lets nothing lapse while the applicant is asked
    stage.turn_to(Date::constant(2026, 10, 20), 9);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 0);
    let waiting = stage.look(case).await.case;
    assert_eq!((waiting.status, waiting.clock), (Status::AwaitingCorrection, None));
    refused(stage.act(case, &desk, Command::Accept).await, Rule::WaitsForApplicant);

    let before = waiting.materials;
    let bad = Upload { material: "m2".to_owned(), name: "图.exe".to_owned(), bytes: b"MZ\x90".to_vec() };
    let sent = Correction { uploads: vec![bad], ..Correction::default() };
    let answer = stage.app.correct(who.id, case, sent, None).await;
    assert!(matches!(answer, Err(app::Error::CorrectionFile { .. })), "{answer:?}");
    assert_eq!(stage.look(case).await.case.materials, before, "a refused correction changes nothing");

    let good =
        Upload { material: "m2".to_owned(), name: "新图.pdf".to_owned(), bytes: sample_pdf().to_vec() };
    let sent = Correction { uploads: vec![good], note: "换了一张".to_owned(), ..Correction::default() };
    let file = stage.app.correct(who.id, case, sent, None).await.unwrap();
    let clock = file.case.clock.unwrap();
    assert_eq!((clock.from, clock.last_day), (Date::constant(2026, 10, 20), Date::constant(2026, 10, 27)));
    let m2 = file.case.materials.iter().find(|given| given.material == "m2").unwrap();
    assert_eq!(m2.files.len(), 2, "what was there stays");
    refused(stage.act(case, &desk, ask("再补")).await, Rule::AlreadyCorrectedOnce);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn a_correction_keeps_no_more_than_was_asked_for(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    let files = async || stage.app.store.blobs(who.id.0, "", 1_000).await.unwrap().len();
    let file = |material: &str| Upload {
        material: material.to_owned(),
        name: "图.pdf".to_owned(),
        bytes: sample_pdf().to_vec(),
    };
    let send = async |uploads| {
        let sent = Correction { uploads, ..Correction::default() };
        stage.app.correct(who.id, case, sent, None).await
    };
    let before = files().await;
    refused(send(vec![file("m2")]).await, Rule::NothingToCorrect);
    stage.act(case, &stage.officer(SHOP, Post::Colleague), ask("布局图看不清")).await.unwrap();
    assert!(matches!(send(vec![file("m2"), file("m99")]).await, Err(app::Error::NotFound)));
    let many = send((0..=app::MAX_FILES).map(|_| file("m2")).collect()).await;
    assert!(matches!(many, Err(app::Error::CorrectionFile { .. })), "{many:?}");
    assert_eq!(files().await, before, "what is refused is not kept");

    let long = "长".repeat(100_000);
    let excuses = ["m2", "note", "whatever"].map(|name| (name.to_owned(), long.clone())).into();
    let sent = Correction { excuses, note: "换了".to_owned(), ..Correction::default() };
    let corrected = stage.app.correct(who.id, case, sent, None).await.unwrap();
    let about = &corrected.events.last().unwrap().private.as_ref().unwrap().about;
    assert_eq!(about["note"], "换了");
    assert!(!about.contains_key("whatever") && about.values().all(|words| words.chars().count() <= 500));
}

/// 行政许可法 art. 32: handed in on the eve of the National Day holidays of 2026.
async fn silence_over_the_holidays_is_acceptance(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    stage.turn_to(Date::constant(2026, 9, 30), 16);
    let case = who.submit(&stage, SHOP).await;
    // 8, 9, 10 (a working Saturday), 12 and 13 October
    assert_eq!(stage.look(case).await.case.clock.unwrap().last_day, Date::constant(2026, 10, 13));
    stage.turn_to(Date::constant(2026, 10, 13), 23);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 0, "the last day is not over");
    stage.turn_to(Date::constant(2026, 10, 14), 0);
    stage.clock.advance(1);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 1);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 0);
    let file = stage.look(case).await;
    let accepted = file.case.accepted.unwrap();
    assert!(accepted.deemed);
    assert_eq!(accepted.from, Date::constant(2026, 9, 30), "it counts from receipt");
    let clock = file.case.clock.unwrap();
    assert_eq!((clock.kind, clock.last_day), (ClockKind::Decision, Date::constant(2026, 10, 20)));
    let desk = stage.officer(SHOP, Post::Colleague);
    refused(stage.act(case, &desk, ask("太晚了")).await, Rule::WrongStep);
    refused(stage.act(case, &desk, Command::NotOurs { words: "太晚了".to_owned() }).await, Rule::WrongStep);
    stage.work().await;
    let (messages, _) = stage.app.messages(who.id, None).await.unwrap();
    let told = messages.iter().filter(|message| message.event == "deemed-accepted").count();
    assert_eq!(told, 1);

    // an officer who comes too late meets the law even before the timer does
    let other = Citizen::new(&stage).await;
    let late = other.submit(&stage, SHOP).await;
    stage.turn_to(Date::constant(2026, 11, 9), 9);
    let answer = stage.act(late, &desk, Command::NotNeeded { words: "不用办".to_owned() }).await;
    assert!(answer.is_err(), "{:?}", answer.map(|file| file.case.status));
    assert_ne!(stage.look(late).await.case.status, Status::Closed(Outcome::NotNeeded));
    assert_eq!(stage.faults().await, Vec::<String>::new());
}
