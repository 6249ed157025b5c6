//! Two at once: one wins, the other is told the rule.

use app::{CaseFile, Error};
use casework::{Actor, Command, Rule, Status};
use domain::CaseId;
use identity::Post;

use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both};

on_both! {
    two_officers_claim;
    two_officers_accept;
    a_grant_and_a_withdrawal;
}

const ROUNDS: usize = 6;

type Answer = Result<CaseFile, Error>;

async fn both(stage: &Stage, case: CaseId, one: (&Actor, Command), two: (&Actor, Command)) -> [Answer; 2] {
    let act = |(actor, command): (&Actor, Command)| {
        let (app, actor) = (stage.app.clone(), actor.clone());
        tokio::spawn(async move { app.act(AREA, case, &actor, command).await })
    };
    let (one, two) = (act(one), act(two));
    [one.await.unwrap(), two.await.unwrap()]
}

/// Exactly one was done; the other names one of these rules.
#[track_caller]
fn one_wins(answers: &[Answer; 2], rules: &[Rule]) {
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    for answer in answers {
        match answer {
            Ok(_) => {}
            Err(Error::Refused(refusal)) => assert!(rules.contains(&refusal.rule), "{refusal:?}"),
            Err(other) => panic!("{other}"),
        }
    }
}

async fn two_officers_claim(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let [one, two] = [Post::Colleague, Post::Clerk].map(|post| stage.officer(SHOP, post));
    for _ in 0..ROUNDS {
        let case = who.submit(&stage, SHOP).await;
        let answers = both(&stage, case, (&one, Command::Claim), (&two, Command::Claim)).await;
        one_wins(&answers, &[Rule::ClaimedByOther]);
        assert_eq!(stage.look(case).await.events.len(), 2);
    }
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn two_officers_accept(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let [one, two] = [Post::Colleague, Post::Clerk].map(|post| stage.officer(SHOP, post));
    for _ in 0..ROUNDS {
        let case = who.submit(&stage, SHOP).await;
        let answers = both(&stage, case, (&one, Command::Accept), (&two, Command::Accept)).await;
        one_wins(&answers, &[Rule::WrongStep]);
        assert_eq!(stage.look(case).await.case.status, Status::InReview);
    }
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn a_grant_and_a_withdrawal(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let head = stage.officer(SHOP, Post::Head);
    for _ in 0..ROUNDS {
        let case = who.submit(&stage, SHOP).await;
        let [first, second] = [Post::Colleague, Post::Clerk].map(|post| stage.officer(SHOP, post));
        stage.act(case, &first, Command::Accept).await.unwrap();
        stage.act(case, &first, crate::life::meets()).await.unwrap();
        stage.act(case, &second, crate::life::meets()).await.unwrap();
        let grant = Command::Grant { words: String::new() };
        let withdraw = Command::Withdraw { words: String::new() };
        let answers = both(&stage, case, (&head, grant), (&who.actor(), withdraw)).await;
        one_wins(&answers, &[Rule::AlreadyDecided, Rule::AlreadyClosed]);
    }
    assert_eq!(stage.faults().await, Vec::<String>::new());
}
