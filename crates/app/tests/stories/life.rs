//! The main job, from the draft to the rating.

use app::{Error, FileError};
use casework::{Actor, Command, Finding, Outcome, RefusalReason, Rule, Status};
use domain::CaseId;
use identity::Post;

use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

on_both! {
    from_draft_to_rating;
    a_refusal_needs_a_ground_and_reasons;
    the_same_draft_is_one_case_however_often_it_is_sent;
    a_case_is_its_applicants_and_its_desks;
}

pub(crate) fn meets() -> Command {
    Command::Review { finding: Finding::Meets, words: "材料齐全，符合条件".to_owned() }
}

/// Accepts, reviews twice and grants; the effects still wait.
pub(crate) async fn grant(stage: &Stage, case: CaseId) {
    let [first, second, head] =
        [Post::Colleague, Post::Clerk, Post::Head].map(|post| stage.officer(SHOP, post));
    stage.act(case, &first, Command::Accept).await.unwrap();
    stage.act(case, &first, meets()).await.unwrap();
    stage.act(case, &second, meets()).await.unwrap();
    stage.act(case, &head, Command::Grant { words: String::new() }).await.unwrap();
}

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, Error>, rule: Rule) {
    match answer {
        Err(Error::Refused(refusal)) => assert_eq!(refusal.rule, rule),
        other => panic!("{rule:?} was expected, not {other:?}"),
    }
}

async fn from_draft_to_rating(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    let first = stage.officer(SHOP, Post::Colleague);
    stage.act(case, &first, Command::Accept).await.unwrap();
    stage.act(case, &first, meets()).await.unwrap();
    refused(stage.act(case, &first, meets()).await, Rule::SameOfficerTwice);
    let second = stage.officer(SHOP, Post::Clerk);
    stage.act(case, &second, meets()).await.unwrap();
    let head = stage.officer(SHOP, Post::Head);
    let granted = stage.act(case, &head, Command::Grant { words: String::new() }).await.unwrap();
    assert_eq!(granted.case.status, Status::Delivering);
    assert_eq!(granted.case.document, Some(format!("{}-R1", granted.case.number)));
    stage.work().await;

    let rate = |level| Command::Rate { level, words: "很快".to_owned() };
    let rated = stage.act(case, &who.actor(), rate(1)).await.unwrap();
    assert_eq!((rated.case.status, rated.case.level), (Status::Closed(Outcome::Granted), Some(1)));
    refused(stage.act(case, &who.actor(), rate(5)).await, Rule::AlreadyRated);

    let (messages, _) = stage.app.messages(who.id, None).await.unwrap();
    let mut told: Vec<_> = messages.iter().map(|message| message.event.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["accepted", "issued", "submitted"]);
    assert_eq!(stage.app.unread(who.id).await.unwrap(), 3);
    stage.app.read_message(who.id, messages[0].id).await.unwrap();
    assert_eq!(stage.app.unread(who.id).await.unwrap(), 2);

    let verified = stage.app.verify(&|_, _| {}).await.unwrap();
    assert_eq!((verified.cases, verified.files), (1, 3));
    assert_eq!(verified.events, rated.events.len() as u64);
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    // what another process reads is what this one answered
    let again = Stage::new(&place).await.look(case).await;
    assert_eq!((again.case, again.events), (rated.case, rated.events));
}

async fn a_refusal_needs_a_ground_and_reasons(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    let [first, second, head] =
        [Post::Colleague, Post::Clerk, Post::Head].map(|post| stage.officer(SHOP, post));
    stage.act(case, &first, Command::Accept).await.unwrap();
    stage.act(case, &first, meets()).await.unwrap();
    stage.act(case, &second, meets()).await.unwrap();
    let refuse =
        |words: &str| Command::Refuse { reason: RefusalReason::MaterialsUntrue, words: words.to_owned() };
    refused(stage.act(case, &head, refuse(" \n ")).await, Rule::ReasonsRequired);
    refused(stage.act(case, &first, refuse("图纸是别家的")).await, Rule::NotYourRole);
    let before = stage.look(case).await.events.len();
    let done = stage.act(case, &head, refuse("图纸是别家的")).await.unwrap();
    assert_eq!(done.case.status, Status::Closed(Outcome::Refused));
    let events: Vec<_> = done.events[before..].iter().map(|event| event.what.id()).collect();
    assert_eq!(events, ["refused", "closed", "carded"], "both reviews found that the conditions are met");
    refused(
        stage.act(case, &who.actor(), Command::Withdraw { words: String::new() }).await,
        Rule::AlreadyClosed,
    );
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn the_same_draft_is_one_case_however_often_it_is_sent(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let draft = who.fill(&stage, SHOP).await;
    let mut clicks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (app, person) = (stage.app.clone(), who.id);
        clicks.spawn(async move { app.submit(person, draft).await.unwrap() });
    }
    let cases = clicks.join_all().await;
    assert!(cases.iter().all(|case| *case == draft), "{cases:?}");
    assert_eq!(stage.app.submit(who.id, draft).await.unwrap(), draft);
    assert_eq!(stage.app.store.stats().await.unwrap().cases, 1);
    assert_eq!(stage.look(draft).await.events.len(), 1);
    stage.work().await;
    assert_eq!(stage.app.messages(who.id, None).await.unwrap().0.len(), 1);
    assert!(stage.app.drafts(who.id).await.unwrap().is_empty());
}

async fn a_case_is_its_applicants_and_its_desks(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, other) = (Citizen::new(&stage).await, Citizen::new(&stage).await);
    let case = who.submit(&stage, SHOP).await;
    let mut foreign = stage.officer("ex-elder-card", Post::Colleague);
    let nothing = |answer| assert!(matches!(answer, Err(Error::NotFound)), "{answer:?}");
    nothing(stage.act(case, &foreign, Command::Claim).await);
    nothing(stage.act(case, &other.actor(), Command::Withdraw { words: String::new() }).await);
    nothing(stage.app.my_case(other.id, case).await);
    if let (Actor::Officer(foreign), Actor::Officer(own)) = (&mut foreign, stage.officer(SHOP, Post::Clerk)) {
        *foreign = own;
        foreign.person = Some(who.id);
    }
    nothing(stage.act(case, &foreign, Command::Claim).await);
    let empty = stage.app.draft(who.id, who.fill(&stage, "ex-elder-card").await).await.unwrap();
    for (bytes, kind) in [(Vec::new(), "empty"), (b"MZ\x90".to_vec(), "kind")] {
        match stage.app.upload(&empty, "m1", "文件.pdf", bytes).await {
            Err(Error::File(error)) => assert_eq!((error.id(), error.name()), (kind, "文件.pdf")),
            other => panic!("{other:?}"),
        }
    }
    let large = vec![b' '; app::MAX_FILE_BYTES + 1];
    let answer = stage.app.upload(&empty, "m1", "大.pdf", large).await;
    assert!(matches!(answer, Err(Error::File(FileError::TooLarge { .. }))), "{answer:?}");
}
