//! A special procedure inside one part of a joint case (行政许可法 arts 42(2), 45).

use casework::{Action, BranchCase, CardRule, Command, Light, Status, What};
use domain::{CaseId, Date, Limit};
use identity::Post;
use packs::Special;

use crate::joint::{officer, opened, reviewed};
use crate::life::meets;
use crate::stage::{AREA, Citizen, Place, Stage, on_both};

on_both! {
    a_suspension_in_a_part_stops_the_joint_clock_too;
    word_of_a_stop_is_told_once_however_many_workers_come;
    a_part_that_is_dropped_while_it_stands_still_leaves_nothing_over;
}

/// A joint case with its parts open; the fire service's and the food one's.
async fn two_parts(stage: &Stage, who: &Citizen) -> (CaseId, BranchCase, BranchCase) {
    let case = opened(stage, who, false).await;
    stage.work().await;
    let [food, fire] = stage.look(case).await.case.branches.try_into().unwrap();
    (case, food, fire)
}

async fn suspended(stage: &Stage, part: &BranchCase) {
    let clerk = officer(stage, part, Post::Colleague);
    stage.app.act(AREA, part.case, &clerk, Command::Accept).await.unwrap();
    let needed = Some(Limit::workdays(9));
    let words = "现场检验需要时间".to_owned();
    let suspend = Command::Suspend { kind: Special::Inspection, needed, words };
    stage.app.act(AREA, part.case, &clerk, suspend).await.unwrap();
}

async fn resumed(stage: &Stage, part: &BranchCase) {
    let resume = Command::Resume { words: "检验完了".to_owned() };
    stage.app.act(AREA, part.case, &officer(stage, part, Post::Colleague), resume).await.unwrap();
}

async fn last_day(stage: &Stage, case: CaseId) -> Date {
    stage.look(case).await.case.decision_clock().unwrap().last_day
}

fn told(file: &app::CaseFile) -> usize {
    file.events.iter().filter(|event| matches!(event.what, What::PartStopped { .. })).count()
}

async fn a_suspension_in_a_part_stops_the_joint_clock_too(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let (case, food, fire) = two_parts(&stage, &who).await;
    let promised = last_day(&stage, case).await;
    suspended(&stage, &fire).await;
    stage.work().await;
    let joint = stage.look(case).await;
    assert_eq!(joint.case.status, Status::WithAgencies);
    assert_eq!(joint.case.light(stage.app.now(), &stage.app.catalogue.calendar), Light::Still);
    assert_eq!(joint.case.stopped_by().map(|(part, _)| part.branch.as_str()).collect::<Vec<_>>(), ["fire"]);
    let seen = stage.app.my_case(who.id, case).await.unwrap();
    assert!(seen.case.running().is_none(), "no day is promised that cannot hold");
    let messages = stage.app.messages(who.id, None).await.unwrap().0;
    assert_eq!(
        messages.iter().filter(|message| message.event == "suspended").count(),
        1,
        "told once, by the part"
    );

    // Monday the 7th to Monday the 14th: five working days that do not count.
    stage.turn_to(Date::constant(2026, 9, 14), 10);
    resumed(&stage, &fire).await;
    stage.work().await;
    let calendar = &stage.app.catalogue.calendar;
    let later = last_day(&stage, case).await;
    assert_eq!(calendar.working_days_between(promised, later), 5, "{promised} {later}");
    for part in [&food, &fire] {
        if part.branch == "food" {
            reviewed(&stage, part).await;
        } else {
            for post in [Post::Colleague, Post::Clerk] {
                stage.app.act(AREA, part.case, &officer(&stage, part, post), meets()).await.unwrap();
            }
        }
        let grant = Command::Grant { words: String::new() };
        stage.app.act(AREA, part.case, &officer(&stage, part, Post::Head), grant).await.unwrap();
    }
    stage.work().await;
    stage.turn_to(later, 10);
    let head = stage.officer(crate::joint::JOINT, Post::Head);
    let done = stage.act(case, &head, Command::Grant { words: String::new() }).await.unwrap();
    let late = |event: &casework::Event| matches!(event.what, What::Carded { card: CardRule::OverPromise });
    assert!(!done.events.iter().any(late), "on the last day, counted without the inspection");
    assert_eq!(told(&done), 2, "it began and it ended");
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn word_of_a_stop_is_told_once_however_many_workers_come(place: Place) {
    let stage = Stage::new(&place).await;
    let other = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let (case, _, fire) = two_parts(&stage, &who).await;
    let promised = last_day(&stage, case).await;
    suspended(&stage, &fire).await;
    stage.turn_to(Date::constant(2026, 9, 9), 10);
    other.turn_to(Date::constant(2026, 9, 9), 10);
    resumed(&stage, &fire).await;
    // Both words are under way together, and whoever comes first says all there is.
    let mut workers = tokio::task::JoinSet::new();
    for number in 0..6 {
        let app = if number % 2 == 0 { stage.app.clone() } else { other.app.clone() };
        workers.spawn(async move { app.work_once().await.unwrap() });
    }
    workers.join_all().await;
    stage.clock.advance(3_600);
    stage.work().await;
    let joint = stage.look(case).await;
    assert_eq!(told(&joint), 1);
    assert!(!joint.case.stands_still());
    let calendar = &stage.app.catalogue.calendar;
    assert_eq!(calendar.working_days_between(promised, last_day(&stage, case).await), 2);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn a_part_that_is_dropped_while_it_stands_still_leaves_nothing_over(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let (case, _, fire) = two_parts(&stage, &who).await;
    suspended(&stage, &fire).await;
    stage.work().await;
    assert!(!stage.look(case).await.actions.contains(&Action::Extend));
    stage.act(case, &who.actor(), Command::Withdraw { words: String::new() }).await.unwrap();
    stage.work().await;
    assert!(!stage.look(fire.case).await.case.status.open());
    assert!(!stage.look(case).await.case.status.open());
    stage.clock.advance(80 * 3_600);
    stage.work().await;
    assert_eq!(stage.app.store.stats().await.unwrap().outbox, 0);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}
