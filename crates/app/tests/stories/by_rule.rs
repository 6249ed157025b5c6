//! 秒批 and 免申即享 on the real packs: what the rules decide from the application to the result, with nobody at a
//! desk but to post a card; and what is offered to whoever is known to qualify.

use app::CaseFile;
use casework::{
    Actor, By, Channel, ClockKind, Command, GrantedOrNot, Outcome, Rule, RuleVerdict, Status, What,
};
use domain::{CaseId, Date};
use identity::Post;
use packs::Answers;

use crate::life::refused;
use crate::stage::{AREA, Citizen, Place, Stage, on_both, sign_in};

on_both! {
    nine_services_are_decided_by_rule;
    what_the_rules_would_refuse_waits_for_a_person;
    an_offer_is_found_shown_confirmed_and_decided;
    an_offer_that_is_declined_is_not_made_again_this_year;
    everybody_known_is_looked_at_and_nobody_twice;
}

/// The hand-made services of Guangdong that rules decide, each with the birthday of somebody who qualifies.
const BY_RULE: [(&str, &str); 9] = [
    ("unemployment-registration", "19800229"),
    ("flexible-insurance", "19800229"),
    ("disability-card-renewal", "19800229"),
    ("insurance-certificate", "19800229"),
    ("residence-permit-endorsement", "19800229"),
    ("hk-macao-endorsement", "19800229"),
    ("marriage-appointment", "19800229"),
    ("elder-card", "19500310"),
    ("old-age-allowance", "19400310"),
];

const ALLOWANCE: &str = "ex-old-age-allowance";

/// The code of the service whose rules stand in a file of that name.
fn code(stage: &Stage, rules: &str) -> String {
    let file = format!("rules/{rules}.dmn");
    let mut items = stage.app.catalogue.items.iter();
    let item = items.find(|item| item.rules.as_ref().is_some_and(|rules| rules.file == file));
    item.unwrap_or_else(|| panic!("no service is decided by {file}")).code.clone()
}

fn ruled(file: &CaseFile) -> Vec<(RuleVerdict, bool)> {
    let of = |what: &What| match what {
        What::Ruled { verdict, sampled, .. } => Some((*verdict, *sampled)),
        _ => None,
    };
    file.events.iter().filter_map(|event| of(&event.what)).collect()
}

/// Handed in, and everything that follows carried out. One in twenty is drawn for a person to look at; then
/// somebody else hands the same in.
async fn decided(stage: &Stage, item: &str, born: &str) -> CaseFile {
    for _ in 0..9 {
        let who = Citizen::born(stage, born).await;
        let case = who.submit(stage, item).await;
        stage.work().await;
        let file = stage.app.my_case(who.id, case).await.unwrap();
        if ruled(&file).iter().all(|(_, sampled)| !sampled) {
            return file;
        }
        assert!(file.case.status.open(), "what was drawn waits for a person");
    }
    panic!("{item} was drawn nine times of nine");
}

/// What is a card is decided by rule, and then made and posted by people, within ten days (行政许可法 art. 44).
async fn posted(stage: &Stage, item: &str, file: &CaseFile) -> CaseFile {
    assert_eq!(file.case.clock.as_ref().unwrap().kind, ClockKind::Issue);
    let (clerk, area) = (stage.officer(item, Post::Clerk), file.case.area.as_str());
    let post = || Command::Deliver { channel: Channel::Post, words: "示例快递 0000".to_owned() };
    refused(stage.app.act(area, file.case.id, &clerk, post()).await, Rule::WrongStep);
    stage.app.act(area, file.case.id, &clerk, Command::Issue).await.unwrap();
    stage.work().await;
    let made = stage.app.open_case(area, file.case.id, &Actor::System).await.unwrap();
    assert_eq!(made.case.status, Status::Delivering, "the platform does not say that it has arrived");
    stage.app.act(area, file.case.id, &clerk, post()).await.unwrap();
    stage.work().await;
    let file = stage.app.my_case(file.case.applicant, file.case.id).await.unwrap();
    let parcel = file.events.iter().find(|event| event.what.id() == "delivered").unwrap();
    assert_eq!(parcel.what, What::Delivered { channel: Channel::Post });
    assert_eq!(parcel.private.as_ref().unwrap().words, "示例快递 0000", "the applicant is told the parcel");
    file
}

async fn nine_services_are_decided_by_rule(place: Place) {
    let stage = Stage::new(&place).await;
    for (rules, born) in BY_RULE {
        let item = code(&stage, rules);
        let mut file = decided(&stage, &item, born).await;
        let by_hand = file.events.iter().find(|event| matches!(event.by, By::Officer { .. }));
        let by_hand = by_hand.cloned();
        if file.case.status == Status::Issuing {
            file = posted(&stage, &item, &file).await;
        }
        assert_eq!(file.case.status, Status::Closed(Outcome::Granted), "{rules}: {:?}", ruled(&file));
        assert!(by_hand.is_none(), "{rules}: {by_hand:?}");
        assert!(ruled(&file).iter().all(|(verdict, _)| *verdict == RuleVerdict::Grant), "{rules}");
        let granted = |what: &What| matches!(what, What::Decided { decision: GrantedOrNot::Granted, .. });
        assert_eq!(file.events.iter().filter(|event| granted(&event.what)).count(), 1, "{rules}");
        assert!(file.case.document.is_some(), "{rules} gives a document");
        // What was judged, and by which rules, is on the record; the values are sealed.
        let ruling = file.events.iter().find(|event| event.what.id() == "ruled").unwrap();
        assert!(matches!(&ruling.what, What::Ruled { rules, words: Some(_), .. } if !rules.is_empty()));
        assert!(!ruling.private.as_ref().unwrap().inputs.is_empty(), "{rules}");
        let messages = stage.app.messages(file.case.applicant, None).await.unwrap().0;
        assert_eq!(messages.iter().filter(|message| message.event == "issued").count(), 1, "{rules}");
    }
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn what_the_rules_would_refuse_waits_for_a_person(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, "ex-elder-card").await;
    stage.work().await;
    let file = stage.look(case).await;
    assert_eq!(file.case.status, Status::Received, "forty-six is too young, and no rule refuses");
    assert!(matches!(ruled(&file)[..], [(RuleVerdict::WouldRefuse { .. }, false)]), "{:?}", ruled(&file));
    let clerk = stage.officer("ex-elder-card", Post::Colleague);
    stage.act(case, &clerk, Command::Accept).await.unwrap();
    let refuse = Command::Refuse {
        reason: casework::RefusalReason::ConditionsNotMet,
        words: "未满六十周岁，不符合办理条件".to_owned(),
    };
    refused(stage.act(case, &clerk, refuse.clone()).await, Rule::NotYourRole);
    let file = stage.act(case, &stage.officer("ex-elder-card", Post::Head), refuse).await.unwrap();
    assert_eq!(file.case.status, Status::Closed(Outcome::Refused));
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

/// The one offer a person has.
async fn offer(stage: &Stage, who: &Citizen) -> CaseId {
    let mine = stage.app.my_cases(who.id, None).await.unwrap().cases;
    assert_eq!(mine.len(), 1, "one offer");
    assert_eq!((mine[0].item.as_str(), mine[0].status.as_str()), (ALLOWANCE, "awaiting-confirmation"));
    CaseId(mine[0].id)
}

fn sent(stage: &Stage, who: &Citizen) -> Answers {
    who.answers(stage, ALLOWANCE)
}

async fn an_offer_is_found_shown_confirmed_and_decided(place: Place) {
    let stage = Stage::new(&place).await;
    let young = Citizen::born(&stage, "19460908").await;
    assert!(stage.app.my_cases(young.id, None).await.unwrap().cases.is_empty(), "eighty tomorrow");
    for _ in 0..9 {
        let who = Citizen::born(&stage, "19460907").await;
        let case = offer(&stage, &who).await;
        stage.work().await;
        let messages = stage.app.messages(who.id, None).await.unwrap().0;
        assert_eq!(messages.iter().map(|one| one.event.as_str()).collect::<Vec<_>>(), ["offered"]);
        let shown = stage.app.my_case(who.id, case).await.unwrap();
        assert!(shown.actions.contains(&casework::Action::Confirm), "{:?}", shown.actions);
        assert_eq!(shown.case.clock.as_ref().unwrap().last_day, Date::constant(2026, 11, 6), "sixty days");

        let lacking = stage.app.confirm(who.id, case, Answers::new(), Vec::new(), None).await;
        assert!(matches!(&lacking, Err(app::Error::Refused(refusal)) if !refusal.fields.is_empty()));
        assert_eq!(stage.look(case).await.case.status, Status::AwaitingConfirmation, "nothing has changed");
        stage.app.confirm(who.id, case, sent(&stage, &who), Vec::new(), None).await.unwrap();
        stage.work().await;
        let file = stage.look(case).await;
        if ruled(&file).iter().any(|(_, sampled)| *sampled) {
            continue;
        }
        assert_eq!(file.case.status, Status::Closed(Outcome::Granted), "{:?}", ruled(&file));
        assert!(file.events.iter().all(|event| !matches!(event.by, By::Officer { .. })));
        // Whoever has it is offered nothing more, this year or the next.
        stage.turn_to(Date::constant(2027, 9, 7), 9);
        sign_in(&stage, &who.name, &who.number).await;
        assert_eq!(stage.app.my_cases(who.id, None).await.unwrap().cases.len(), 1);
        assert_eq!(stage.faults().await, Vec::<String>::new());
        return;
    }
    panic!("drawn nine times of nine");
}

async fn an_offer_that_is_declined_is_not_made_again_this_year(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::born(&stage, "19400310").await;
    let case = offer(&stage, &who).await;
    stage.act(case, &who.actor(), Command::Decline).await.unwrap();
    assert_eq!(stage.look(case).await.case.status, Status::Closed(Outcome::Declined));
    sign_in(&stage, &who.name, &who.number).await;
    assert_eq!(stage.app.offer_to(who.id).await.unwrap(), 0);
    let again = stage.app.confirm(who.id, case, sent(&stage, &who), Vec::new(), None).await;
    refused(again, Rule::WrongStep);
    // It can still be applied for, and in another year it is offered anew.
    stage.turn_to(Date::constant(2027, 1, 4), 9);
    assert_eq!(stage.app.offer_to(who.id).await.unwrap(), 1);
    assert_eq!(stage.app.my_cases(who.id, None).await.unwrap().cases.len(), 2);
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn everybody_known_is_looked_at_and_nobody_twice(place: Place) {
    let stage = Stage::new(&place).await;
    let mut elders = Vec::new();
    for _ in 0..3 {
        elders.push(Citizen::born(&stage, "19470101").await);
        Citizen::new(&stage).await;
    }
    let count = async |item, dry_run| {
        let offered = stage.app.offer_all(item, dry_run, &|_| {}).await.unwrap();
        (offered.people, offered.offers)
    };
    assert_eq!(count(None, false).await, (6, 0), "nobody is eighty yet");
    stage.turn_to(Date::constant(2027, 1, 4), 9);
    assert_eq!(count(Some(ALLOWANCE), true).await, (6, 3), "a dry run only counts");
    assert!(stage.app.my_cases(elders[0].id, None).await.unwrap().cases.is_empty());
    assert_eq!(count(Some(ALLOWANCE), false).await, (6, 3));
    assert_eq!(count(None, false).await, (6, 0), "a second time finds the first");
    for who in &elders {
        let case = offer(&stage, who).await;
        assert_eq!(stage.app.open_case(AREA, case, &who.actor()).await.unwrap().case.applicant, who.id);
    }
    let none = stage.app.offer_all(Some("ex-elder-card"), false, &|_| {}).await;
    assert!(matches!(none, Err(app::Error::NotFound)), "{none:?}");
    assert_eq!(stage.faults().await, Vec::<String>::new());
}
