//! What the law makes of clocks that run out, each through the worker: nothing a moment before, once afterwards,
//! and told to whom it concerns.

use std::path::Path;

use casework::{Actor, Command, Light, Outcome, Status};
use domain::{CaseId, Date, Limit};
use identity::Post;
use packs::Special;

use crate::life::meets;
use crate::stage::{Citizen, Place, SHOP, Stage, on_both, packs_folder, read_packs};
use crate::tampering::unreadable;

on_both! {
    an_unanswered_correction_is_taken_as_withdrawn_where_a_rule_says_so;
    what_was_promised_and_did_not_come_is_taken_as_withdrawn;
    a_suspension_ends_with_the_time_that_was_told;
    the_right_to_a_hearing_runs_out;
    silence_renews_a_permit;
    a_public_notice_ends_by_itself;
    an_offer_that_nobody_answers_is_over;
    one_case_that_cannot_go_on_holds_up_no_other;
}

const LATER: &str = "ex-residence-permit";
const HOUSING: &str = "ex-public-rental-housing";

fn area(stage: &Stage, item: &str) -> String {
    stage.app.catalogue.item(item).unwrap().area.as_str().to_owned()
}

async fn act(stage: &Stage, item: &str, case: CaseId, post: Post, command: Command) {
    let officer = stage.officer(item, post);
    stage.app.act(&area(stage, item), case, &officer, command).await.unwrap();
}

async fn look(stage: &Stage, item: &str, case: CaseId) -> app::CaseFile {
    stage.app.open_case(&area(stage, item), case, &Actor::System).await.unwrap()
}

/// Nothing on the last day; the day after it once, and told under `event`.
async fn lapses_after(stage: &Stage, who: &Citizen, last_day: Date, event: &str) {
    stage.turn_to(last_day, 23);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 0, "the last day is not over");
    stage.turn_to(last_day.tomorrow().unwrap(), 0);
    stage.clock.advance(1);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 1, "{event}");
    assert_eq!(stage.app.lapse_due().await.unwrap(), 0, "once");
    stage.work().await;
    let messages = stage.app.messages(who.id, None).await.unwrap().0;
    let told = messages.iter().filter(|message| message.event == event).count();
    assert_eq!(told, usize::from(!event.is_empty()), "{event}");
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// No procedure of the packs sets a term for the reply to a correction notice, since no national law does; a
/// place that has such a rule names it in its own.
async fn an_unanswered_correction_is_taken_as_withdrawn_where_a_rule_says_so(place: Place) {
    let folder = tempfile::tempdir().unwrap();
    copy(&packs_folder(), folder.path());
    let permit = folder.path().join("cn/procedures/permit.yaml");
    let text = std::fs::read_to_string(&permit).unwrap();
    let term = "correction: {within: 10 workdays, otherwise: deemed-withdrawn, law: {zh: 示例规定}}\n";
    std::fs::write(&permit, text + term).unwrap();
    let stage = Stage::with(&place, read_packs(folder.path())).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    let about = [("m2".to_owned(), "布局图看不清".to_owned())].into();
    act(&stage, SHOP, case, Post::Colleague, Command::AskCorrection { about }).await;
    let file = look(&stage, SHOP, case).await;
    let clock = file.case.clock.clone().unwrap();
    // Ten working days; Sunday the 20th is worked for the holidays that follow.
    assert_eq!(clock.last_day, Date::constant(2026, 9, 20));
    assert_eq!(
        file.case.light(stage.app.now(), &stage.app.catalogue.calendar),
        Light::Still,
        "it is the applicant's"
    );
    lapses_after(&stage, &who, clock.last_day, "deemed-withdrawn").await;
    assert_eq!(look(&stage, SHOP, case).await.case.status, Status::Closed(Outcome::DeemedWithdrawn));
}

async fn what_was_promised_and_did_not_come_is_taken_as_withdrawn(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let id = who.fill(&stage, LATER).await;
    let draft = stage.app.draft(who.id, id).await.unwrap();
    let photo = draft.body.materials["m2"].files[0].id.clone();
    let draft = stage.app.remove_file(&draft, "m2", &photo).await.unwrap();
    stage.app.promise_later(&draft, &["m2".to_owned()]).await.unwrap();
    let case = stage.app.submit(who.id, id).await.unwrap();
    act(&stage, LATER, case, Post::Colleague, Command::Accept).await;
    act(&stage, LATER, case, Post::Colleague, meets()).await;
    let owed = look(&stage, LATER, case).await.case.owed.unwrap();
    lapses_after(&stage, &who, owed.last_day, "deemed-withdrawn").await;
    assert_eq!(look(&stage, LATER, case).await.case.status, Status::Closed(Outcome::DeemedWithdrawn));
}

async fn suspended(stage: &Stage, kind: Special, needed: Option<Limit>) -> (Citizen, CaseId, Date) {
    let who = Citizen::new(stage).await;
    let case = who.submit(stage, SHOP).await;
    act(stage, SHOP, case, Post::Colleague, Command::Accept).await;
    let before = look(stage, SHOP, case).await.case.clock.unwrap().last_day;
    let words = "依法需要时间".to_owned();
    act(stage, SHOP, case, Post::Colleague, Command::Suspend { kind, needed, words }).await;
    (who, case, before)
}

async fn a_suspension_ends_with_the_time_that_was_told(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, case, before) = suspended(&stage, Special::Testing, Some(Limit::workdays(4))).await;
    lapses_after(&stage, &who, Date::constant(2026, 9, 11), "resumed").await;
    let file = look(&stage, SHOP, case).await.case;
    let calendar = &stage.app.catalogue.calendar;
    assert_eq!(
        calendar.working_days_between(before, file.clock.unwrap().last_day),
        4,
        "the days are given back"
    );
    assert_eq!(file.status, Status::InReview);
}

async fn the_right_to_a_hearing_runs_out(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, case, _) = suspended(&stage, Special::Hearing, None).await;
    lapses_after(&stage, &who, Date::constant(2026, 9, 14), "resumed").await;
    assert!(look(&stage, SHOP, case).await.case.heard, "there is no second one");

    // One that was asked for does not end by time: it is owed.
    let (other, case, _) = suspended(&stage, Special::Hearing, None).await;
    stage.act(case, &other.actor(), Command::RequestHearing).await.unwrap();
    stage.turn_to(Date::constant(2026, 12, 1), 9);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 0);
    let owed = look(&stage, SHOP, case).await.case;
    assert_eq!(owed.light(stage.app.now(), &stage.app.catalogue.calendar), Light::Red);
}

/// 行政许可法 art. 50.
async fn silence_renews_a_permit(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let renewal = |item: &&packs::ServiceItem| {
        stage.app.catalogue.procedure_of(item).is_some_and(|procedure| procedure.renewal.is_some())
    };
    let item = stage.app.catalogue.items.iter().find(renewal).unwrap().code.clone();
    let mut answers = who.answers(&stage, &item);
    answers.insert("expires".to_owned(), "2026-11-30".to_owned());
    let id = who.fill(&stage, &item).await;
    let pages = stage.app.draft(who.id, id).await.unwrap().definition.item.form.pages.clone();
    for page in &pages {
        let draft = stage.app.draft(who.id, id).await.unwrap();
        assert!(stage.app.save_page(&draft, &page.id, &answers).await.unwrap().is_empty());
    }
    let case = stage.app.submit(who.id, id).await.unwrap();
    act(&stage, &item, case, Post::Colleague, Command::Accept).await;
    lapses_after(&stage, &who, Date::constant(2026, 11, 30), "deemed-granted").await;
    let file = look(&stage, &item, case).await;
    assert_eq!(file.case.status, Status::Closed(Outcome::Granted), "and the result is made and delivered");
    assert!(file.events.iter().any(|event| event.what.id() == "carded"), "a supervisor is shown the silence");
}

async fn a_public_notice_ends_by_itself(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, HOUSING).await;
    act(&stage, HOUSING, case, Post::Colleague, Command::Accept).await;
    act(&stage, HOUSING, case, Post::Colleague, meets()).await;
    let file = look(&stage, HOUSING, case).await.case;
    assert_eq!(file.status, Status::Waiting);
    // Seven days from the 7th; the timer is nobody's business but the desk's.
    lapses_after(&stage, &who, Date::constant(2026, 9, 14), "").await;
    assert_eq!(look(&stage, HOUSING, case).await.case.status, Status::AwaitingDecision);
}

async fn an_offer_that_nobody_answers_is_over(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::born(&stage, "19400310").await;
    let case = CaseId(stage.app.my_cases(who.id, None).await.unwrap().cases[0].id);
    lapses_after(&stage, &who, Date::constant(2026, 11, 6), "").await;
    assert_eq!(stage.look(case).await.case.status, Status::Closed(Outcome::Declined));
}

async fn one_case_that_cannot_go_on_holds_up_no_other(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let (first, second) = (who.submit(&stage, SHOP).await, who.submit(&stage, SHOP).await);
    let number = stage.look(first).await.case.number;
    place.meddle(&unreadable(number.as_str())).await;
    stage.turn_to(Date::constant(2026, 9, 15), 0);
    stage.clock.advance(1);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 1);
    assert!(stage.look(second).await.case.accepted.unwrap().deemed);
    assert_eq!(stage.app.lapse_due().await.unwrap(), 0, "and it is not tried for ever");
}
