//! 一件事: several agencies on one application, each part a case of its own.

use std::collections::BTreeMap;

use casework::{Actor, BranchCase, Command, Outcome, RefusalReason, ReopenGround, Rule, Status};
use domain::CaseId;
use identity::Post;

use crate::life::{meets, refused};
use crate::stage::{AREA, Citizen, Place, Stage, on_both};

on_both! {
    one_part_is_refused_and_the_others_go_on;
    withdrawing_the_whole_drops_the_parts;
    parts_are_opened_once_however_many_workers_come;
    a_part_is_taken_up_again_once_the_whole_is_decided;
}

pub(crate) const JOINT: &str = "ex-open-restaurant";

/// Accepted, its parts open. `sign`: whether a sign is wanted, the condition of the third part.
pub(crate) async fn opened(stage: &Stage, who: &Citizen, sign: bool) -> CaseId {
    let mut answers = who.answers(stage, JOINT);
    answers.insert("signboard".to_owned(), if sign { "yes" } else { "no" }.to_owned());
    let id = who.fill(stage, JOINT).await;
    let pages = stage.app.draft(who.id, id).await.unwrap().definition.item.form.pages.clone();
    for page in &pages {
        let draft = stage.app.draft(who.id, id).await.unwrap();
        let wrong = stage.app.save_page(&draft, &page.id, &answers).await.unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    let case = stage.app.submit(who.id, id).await.unwrap();
    stage.act(case, &stage.officer(JOINT, Post::Colleague), Command::Accept).await.unwrap();
    case
}

pub(crate) fn officer(stage: &Stage, part: &BranchCase, post: Post) -> Actor {
    Actor::Officer(stage.officer_of(&part.agency, part.area.as_str(), post))
}

pub(crate) async fn reviewed(stage: &Stage, part: &BranchCase) {
    for (post, command) in
        [(Post::Colleague, Command::Accept), (Post::Colleague, meets()), (Post::Clerk, meets())]
    {
        stage.app.act(part.area.as_str(), part.case, &officer(stage, part, post), command).await.unwrap();
    }
}

async fn one_part_is_refused_and_the_others_go_on(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = opened(&stage, &who, false).await;
    stage.work().await;
    let joint = stage.look(case).await;
    assert_eq!(joint.case.status, Status::WithAgencies);
    let [food, fire] = &joint.case.branches[..] else {
        panic!("no sign, two parts: {:?}", joint.case.branches)
    };
    let parts = stage.app.parts(&joint).await.unwrap();
    assert!(parts.iter().all(|part| part.case.is_some()));
    assert_eq!(stage.app.my_parts(who.id, case).await.unwrap().len(), 2);
    // Each agency is given every answer its part asks for: who the applicant is above all.
    for part in [food, fire] {
        let opened = stage.look(part.case).await;
        let asked = opened.definition.item.form.pages.iter().flat_map(|page| &page.fields);
        for field in asked.filter(|field| field.required && field.show_when.is_none()) {
            let (theirs, whole) = (&opened.case.answers, &joint.case.answers);
            assert_eq!(theirs.get(&field.name), whole.get(&field.name), "{}", field.name);
        }
    }
    assert!(stage.look(food.case).await.case.answers.contains_key("citizen_number"));

    // each agency sees what it needs and no more
    let file = stage.app.open_case(AREA, fire.case, &officer(&stage, fire, Post::Clerk)).await.unwrap();
    assert!(file.case.answers.contains_key("exits") && !file.case.answers.contains_key("foods"));
    let foreign = stage.app.open_case(AREA, fire.case, &officer(&stage, food, Post::Clerk)).await;
    assert!(matches!(foreign, Err(app::Error::NotFound)), "{foreign:?}");

    // a correction in one part does not stop the other
    let about = BTreeMap::from([("m2".to_owned(), "出口没有标".to_owned())]);
    let ask = Command::AskCorrection { about };
    stage.app.act(AREA, fire.case, &officer(&stage, fire, Post::Colleague), ask).await.unwrap();
    reviewed(&stage, food).await;
    let grant = Command::Grant { words: String::new() };
    stage.app.act(AREA, food.case, &officer(&stage, food, Post::Head), grant).await.unwrap();
    stage.work().await;
    let outcomes = async || {
        let joint = stage.look(case).await.case;
        joint.branches.iter().map(|part| part.outcome).collect::<Vec<_>>()
    };
    assert_eq!(outcomes().await, [Some(Outcome::Granted), None]);
    let upload = app::Upload {
        material: "m2".to_owned(),
        name: "图.pdf".to_owned(),
        bytes: app::sample_pdf().to_vec(),
    };
    let sent = app::Correction { uploads: vec![upload], ..app::Correction::default() };
    stage.app.correct(who.id, fire.case, sent, None).await.unwrap();
    reviewed(&stage, fire).await;
    let refuse = Command::Refuse {
        reason: RefusalReason::ConditionsNotMet,
        words: "安全出口不够，不符合消防安全的要求".to_owned(),
    };
    stage.app.act(AREA, fire.case, &officer(&stage, fire, Post::Head), refuse).await.unwrap();
    stage.work().await;
    assert_eq!(outcomes().await, [Some(Outcome::Granted), Some(Outcome::Refused)]);
    let joint = stage.look(case).await;
    assert!(
        joint.events.iter().any(|event| matches!(event.what, casework::What::Joined { all_granted: false }))
    );
    assert_eq!(joint.case.status, Status::Closed(Outcome::NotAllGranted), "nobody grants it over a refusal");
    assert_eq!(joint.case.decision, None);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn withdrawing_the_whole_drops_the_parts(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = opened(&stage, &who, true).await;
    stage.work().await;
    let parts = stage.look(case).await.case.branches;
    assert_eq!(parts.len(), 3);
    stage.act(case, &who.actor(), Command::Withdraw { words: String::new() }).await.unwrap();
    stage.work().await;
    for part in &parts {
        let status = stage.look(part.case).await.case.status;
        assert_eq!(status, Status::Closed(Outcome::Withdrawn), "{}", part.branch);
    }
    assert_eq!(stage.look(case).await.case.status, Status::Closed(Outcome::Withdrawn));
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn parts_are_opened_once_however_many_workers_come(place: Place) {
    let stage = Stage::new(&place).await;
    let other = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = opened(&stage, &who, true).await;
    let mut workers = tokio::task::JoinSet::new();
    for number in 0..6 {
        let app = if number % 2 == 0 { stage.app.clone() } else { other.app.clone() };
        workers.spawn(async move { app.work_once().await.unwrap() });
    }
    workers.join_all().await;
    stage.work().await;
    assert_eq!(stage.app.store.stats().await.unwrap().cases, 4);
    for part in stage.look(case).await.case.branches {
        let events = stage.look(part.case).await.events;
        assert_eq!(events.iter().filter(|event| event.what.id() == "submitted").count(), 1);
    }
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

/// The joint case goes by the outcomes it was told: while it is open none of them is taken back.
async fn a_part_is_taken_up_again_once_the_whole_is_decided(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = opened(&stage, &who, false).await;
    stage.work().await;
    let [food, fire] = <[BranchCase; 2]>::try_from(stage.look(case).await.case.branches).unwrap();
    for part in [&fire, &food] {
        reviewed(&stage, part).await;
        let head = officer(&stage, part, Post::Head);
        stage.app.act(AREA, part.case, &head, Command::Grant { words: String::new() }).await.unwrap();
        if *part == fire {
            stage.work().await;
            let chief = officer(&stage, part, Post::Chief);
            refused(stage.app.act(AREA, part.case, &chief, again()).await, Rule::JointIsOpen);
        }
    }
    stage.work().await;
    let head = stage.officer(JOINT, Post::Head);
    stage.act(case, &head, Command::Grant { words: String::new() }).await.unwrap();
    stage.work().await;
    assert_eq!(stage.look(case).await.case.status, Status::Closed(Outcome::Granted));
    let chief = officer(&stage, &fire, Post::Chief);
    stage.app.act(AREA, fire.case, &chief, again()).await.unwrap();
    assert_eq!(stage.look(fire.case).await.case.status, Status::InReview);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

fn again() -> Command {
    Command::Reopen { ground: ReopenGround::OwnCorrection, words: "发现现场记录有误".to_owned() }
}
