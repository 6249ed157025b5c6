//! `/me/profile`, `/me/level`: real-name levels and stepping up.

use identity::{Post, demo_companies, demo_people};

use crate::client::Client;
use crate::house::{House, house, run, zh};
use crate::person::{CARD, Citizen, begin, citizen, hand_in, item, officer};

/// An appointment, for which stating who one is will do.
const APPOINTMENT: &str = "11440000006940175Y2442108008000";

/// Signed in by stating name and number only.
async fn declared(house: &House, who: &Citizen) -> Client {
    let mut client = Client::new(house);
    let fields =
        [("name", who.name.as_str()), ("number", &who.number), ("level", "2"), ("back", "/me/profile")];
    client.post_bare("/signin", &fields).await.goes_to("/me/profile");
    client
}

#[test]
fn whoever_has_proved_too_little_is_told_why_and_comes_back_to_what_they_were_doing() {
    run(async {
        let house = house().await;
        let who = Citizen::new();
        let mut client = declared(house, &who).await;
        client.get("/me/profile").await.is(200).says(&zh("level-2")).says(&zh("vouched-demo"));
        let apply = format!("/items/{CARD}/apply");
        let way = client.get(&apply).await.is(303).location().unwrap().to_owned();
        assert!(way.starts_with("/me/level?needed=3&back=%2Fitems%2F"), "{way}");
        let page = client.get(&way).await.is(200).says(&zh("level-why-3")).says(&zh("level-do-3"));
        assert!(page.words().contains(&item(CARD).name.zh) && !page.source().contains(&who.number));
        let old = client.clone();
        client.post("/me/level", &[("back", &apply), ("needed", "3")]).await.goes_to(&apply);
        assert_ne!(old.cookie("session"), client.cookie("session"), "more rights, another token");
        old.clone().get("/me").await.goes_to("/signin?back=%2Fme");
        assert!(client.get(&apply).await.is(303).location().unwrap().starts_with("/apply/"));
        client.get("/me/profile").await.is(200).says(&zh("level-3"));
    });
}

/// Books the appointment, which asks for no documents; the case's id.
async fn book(who: &Citizen, client: &mut Client) -> String {
    let draft = begin(client, APPOINTMENT).await;
    let answers = who.answers(&item(APPOINTMENT));
    for page in &item(APPOINTMENT).form.pages {
        let own: Vec<(&str, &str)> = page
            .fields
            .iter()
            .filter_map(|field| Some((field.name.as_str(), answers.get(&field.name)?.as_str())))
            .collect();
        client.post(&format!("{draft}/{}", page.id), &own).await.is(303);
    }
    hand_in(client, &draft).await
}

#[test]
fn an_item_may_ask_for_less_and_the_record_says_what_was_proved() {
    run(async {
        let house = house().await;
        let who = Citizen::new();
        let mut client = declared(house, &who).await;
        let case = book(&who, &mut client).await;
        let mut desk = officer(house, APPOINTMENT, Post::Colleague).await;
        let place = crate::person::at_desk(APPOINTMENT, &case);
        desk.get(&place).await.is(200).says(&zh("level-2")).says(&zh("vouched-demo"));
        let (other, mut matched) = citizen(house).await;
        let case = book(&other, &mut matched).await;
        desk.get(&crate::person::at_desk(APPOINTMENT, &case)).await.is(200).says(&zh("level-3"));
    });
}

/// What had been typed stays: the draft is where it was after the level was raised in the middle of it.
#[test]
fn what_was_typed_is_kept_over_a_step_up() {
    run(async {
        let house = house().await;
        let who = Citizen::new();
        let mut client = declared(house, &who).await;
        let draft = begin(&mut client, APPOINTMENT).await;
        let page = &item(APPOINTMENT).form.pages[0];
        let answers = who.answers(&item(APPOINTMENT));
        let typed: Vec<(&str, &str)> = page
            .fields
            .iter()
            .filter_map(|field| Some((field.name.as_str(), answers.get(&field.name)?.as_str())))
            .collect();
        client.post(&format!("{draft}/{}", page.id), &typed).await.is(303);
        let back = format!("{draft}/check");
        client.post("/me/level", &[("back", &back)]).await.goes_to(&back);
        let page = client.get(&back).await.is(200);
        for (_, answer) in typed.iter().filter(|(_, answer)| answer.starts_with("示例")) {
            assert!(page.words().contains(answer), "{answer} was lost");
        }
    });
}

#[test]
fn stating_a_number_opens_nothing_that_was_proved() {
    run(async {
        let house = house().await;
        let (who, mut real) = citizen(house).await;
        let mut thief = Client::new(house);
        let fields = [("name", "示例·冒名"), ("number", who.number.as_str()), ("level", "2")];
        thief.post_bare("/signin", &fields).await.is(422).says(&zh("signin-proved-more"));
        assert!(thief.cookie("session").is_none());
        let page = real.get("/me/profile").await.is(200).says(&zh("level-3"));
        assert!(page.words().contains(&who.name));
        // whoever only stated a number is out as soon as its owner proves it
        let victim = Citizen::new();
        let mut first = Client::new(house);
        let fields = [("name", "示例·冒名"), ("number", victim.number.as_str()), ("level", "2")];
        first.post_bare("/signin", &fields).await.goes_to("/me");
        first.get("/me").await.is(200);
        let mut owner = victim.sign_in(house).await;
        first.get("/me").await.goes_to("/signin?back=%2Fme");
        let page = owner.get("/me/profile").await.is(200).says(&zh("level-3"));
        assert!(page.words().contains(&victim.name), "the proved name stands");
    });
}

#[test]
fn a_step_up_leads_nowhere_else_and_lowers_nothing() {
    run(async {
        let house = house().await;
        let (_, mut client) = citizen(house).await;
        client.get("/me/level").await.is(200).says(&zh("level-window-says"));
        let page = client.get("/me/level?needed=9&back=//evil.example").await.is(200);
        assert!(!page.html.contains("\"//evil"), "the way back is one of ours");
        let page = client.post("/me/level", &[("back", "//evil.example"), ("needed", "5")]).await;
        let page = page.is(422).says(&zh("signin-too-low"));
        assert!(!page.html.contains("\"//evil"));
        client.get("/me/profile").await.is(200).says(&zh("level-3"));
        client.get("/me/level?needed=4").await.is(200).says(&zh("level-no-face"));
    });
}

#[test]
fn a_listed_person_may_only_state_it() {
    run(async {
        let house = House::open(crate::house::Setup::default()).await;
        let mut client = Client::new(&house);
        let person = demo_people().remove(0);
        let fields = [("person", person.number.reveal()), ("level", "2"), ("back", "/me/profile")];
        client.post_bare("/signin", &fields).await.goes_to("/me/profile");
        client.get("/me/profile").await.is(200).says(&zh("level-2"));
    });
}

/// Relatives and organisations are for matched numbers alone: said before the form, not after it.
#[test]
fn ties_ask_for_the_level_first_and_lead_back() {
    run(async {
        let house = house().await;
        let mut client = declared(house, &Citizen::new()).await;
        let ask = "/me/relatives/ask";
        let way = "/me/level?needed=3&back=%2Fme%2Frelatives%2Fask";
        client.get(ask).await.goes_to(way);
        let code = demo_companies().remove(0).code.to_string();
        let organisations = "/me/level?needed=3&back=%2Fme%2Forganisations";
        client.post("/me/organisations", &[("code", &code)]).await.goes_to(organisations);
        client.post("/me/level", &[("back", ask), ("needed", "3")]).await.goes_to(ask);
        client.get(ask).await.is(200);
    });
}
