//! `/signin/with/{provider}`, `/signin/callback/{provider}`: signing in through others.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::client::Client;
use crate::elsewhere::Elsewhere;
use crate::house::{House, Setup, run, zh};
use crate::page::Page;
use crate::person::{CARD, Citizen};

const LEAVE: &str = "/signin/with/province?back=%2Fme%2Fprofile";

/// What is done to a token's header and claims before it is signed.
type Change = Box<dyn FnOnce(&mut Value, &mut Value)>;

async fn open() -> (House, Arc<Elsewhere>) {
    let elsewhere = Elsewhere::new();
    let setup = Setup { elsewhere: Some(elsewhere.clone()), ..Setup::default() };
    (House::open(setup).await, elsewhere)
}

fn who<'a>(person: &'a Citizen, acr: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("name", &person.name), ("id_number", &person.number), ("acr", acr)]
}

/// Goes there and comes back, with what is signed altered.
async fn try_with(
    house: &House,
    elsewhere: &Elsewhere,
    client: &mut Client,
    change: impl FnOnce(&mut Value, &mut Value),
) -> Page {
    let person = Citizen::new();
    let sent_to = client.get(LEAVE).await.is(303).location().unwrap().to_owned();
    let back = elsewhere.authorise(house, &sent_to, &who(&person, "matched"), change);
    client.get(&back).await
}

#[test]
fn whom_a_provider_vouches_for_is_in_and_where_they_wanted_to_be() {
    run(async {
        let (house, elsewhere) = open().await;
        let mut client = Client::new(&house);
        let page = client.get("/signin?back=%2Fme%2Fprofile").await.is(200).says(&zh("signin-with"));
        assert!(page.words().contains("示例省统一身份认证"));
        let sent_to = client.get(&page.link("/signin/with/")).await.is(303).location().unwrap().to_owned();
        let person = Citizen::new();
        let back = elsewhere.authorise(&house, &sent_to, &who(&person, "matched"), |_, _| {});
        client.get(&back).await.goes_to("/me/profile");
        assert!(client.cookie("trip").is_none(), "one answer for one going");
        let page = client.get("/me/profile").await.is(200).says(&zh("level-3"));
        assert!(page.words().contains(&person.name) && page.words().contains("示例省统一身份认证"));
        // the same person, however they come
        let other = person.sign_in(&house).await;
        let mut people = Vec::new();
        for client in [&client, &other] {
            let session = house.app.session(client.cookie("session").unwrap()).await.unwrap().unwrap();
            people.push(session.citizen().unwrap());
        }
        assert_eq!(people[0], people[1]);
    });
}

#[test]
fn a_level_is_raised_elsewhere_and_people_come_back_to_what_they_were_doing() {
    run(async {
        let (house, elsewhere) = open().await;
        let person = Citizen::new();
        let mut client = Client::new(&house);
        let fields = [("name", person.name.as_str()), ("number", &person.number), ("level", "2")];
        client.post_bare("/signin", &fields).await.goes_to("/me");
        let apply = format!("/items/{CARD}/apply");
        let level = client.get(&apply).await.is(303).location().unwrap().to_owned();
        let page = client.get(&level).await.is(200).says(&zh("signin-here"));
        let leave = page.link("/signin/with/");
        let sent_to = client.get(&leave).await.is(303).location().unwrap().to_owned();
        assert!(sent_to.contains("acr_values=matched%20face"), "{sent_to}");
        // a proof about somebody else raises nothing, and the page says so where they are
        let other = Citizen::new();
        let back = elsewhere.authorise(&house, &sent_to, &who(&other, "face"), |_, _| {});
        client.get(&back).await.is(422).says(&zh("signin-other-person")).says(&zh("signin-here"));
        // a second try with one's own
        let sent_to = client.get(&leave).await.is(303).location().unwrap().to_owned();
        let old = client.clone();
        let back = elsewhere.authorise(&house, &sent_to, &who(&person, "face"), |_, _| {});
        client.get(&back).await.goes_to(&apply);
        client.get("/me/profile").await.is(200).says(&zh("level-4"));
        assert_ne!(old.cookie("session"), client.cookie("session"));
        old.clone().get("/me").await.goes_to("/signin?back=%2Fme");
        // no more to prove there: no way is offered
        let page = client.get("/me/level").await.is(200).says(&zh("level-window-says"));
        assert!(!page.html.contains("/signin/with/"));
    });
}

#[test]
fn an_answer_that_is_not_this_sign_ins_opens_nothing_and_says_why() {
    run(async {
        let (house, elsewhere) = open().await;
        let future = house.app.now().as_second() + 3_600;
        let wrong: Vec<(&str, &str, Change)> = vec![
            ("audience", "signin-not-genuine", Box::new(|_, claims| claims["aud"] = json!("another"))),
            (
                "issuer",
                "signin-not-genuine",
                Box::new(|_, claims| claims["iss"] = json!("https://evil.example")),
            ),
            ("nonce", "signin-not-genuine", Box::new(|_, claims| claims["nonce"] = json!("another"))),
            ("expired", "signin-late", Box::new(|_, claims| claims["exp"] = json!(1))),
            ("early", "signin-late", Box::new(move |_, claims| claims["iat"] = json!(future))),
            ("unsigned", "signin-not-genuine", Box::new(|header, _| header["alg"] = json!("none"))),
            ("algorithm", "signin-not-genuine", Box::new(|header, _| header["alg"] = json!("HS256"))),
            ("unknown-key", "signin-not-genuine", Box::new(|header, _| header["kid"] = json!("another"))),
            ("lacks", "signin-lacks", Box::new(|_, claims| claims["name"] = json!(""))),
            ("level", "signin-level-unknown", Box::new(|_, claims| claims["acr"] = json!("unheard of"))),
        ];
        for (code, key, change) in wrong {
            let mut client = Client::new(&house);
            let page = try_with(&house, &elsewhere, &mut client, change).await.is(422).says(&zh(key));
            assert!(page.words().contains(code), "{code}: {}", page.words());
            assert!(client.cookie("session").is_none(), "{code}");
        }
        // a number that could be a real person's, in a demonstration
        let mut client = Client::new(&house);
        let real = |_: &mut Value, claims: &mut Value| {
            let check = domain::CitizenNumber::check_character("00000019900101001").unwrap();
            claims["id_number"] = json!(format!("00000019900101001{check}"));
        };
        try_with(&house, &elsewhere, &mut client, real).await.is(422).says(&zh("signin-not-synthetic"));
    });
}

#[test]
fn a_state_is_one_browsers_and_a_code_is_taken_once() {
    run(async {
        let (house, elsewhere) = open().await;
        let person = Citizen::new();
        let mut client = Client::new(&house);
        let sent_to = client.get(LEAVE).await.is(303).location().unwrap().to_owned();
        let back = elsewhere.authorise(&house, &sent_to, &who(&person, "matched"), |_, _| {});
        // an attacker's answer in a victim's browser, with and without a going of its own
        let mut victim = Client::new(&house);
        victim.get(&back).await.is(422).says(&zh("signin-state"));
        victim.get(LEAVE).await.is(303);
        victim.get(&back).await.is(422).says(&zh("signin-state"));
        assert!(victim.cookie("session").is_none());
        // the cookie with one letter changed
        let trip = client.cookie("trip").unwrap().to_owned();
        let mut forger = client.clone();
        forger.set_cookie("trip", &format!("{}A{}", &trip[..40], &trip[41..]));
        forger.get(&back).await.is(422).says(&zh("signin-state"));
        // once, and not again: not without the cookie, nor with a kept copy of it
        let mut copy = client.clone();
        client.get(&back).await.goes_to("/me/profile");
        client.get(&back).await.is(422).says(&zh("signin-state"));
        copy.get(&back).await.is(422).says(&zh("signin-state"));
        assert!(copy.cookie("session").is_none());
        // too late
        let mut slow = Client::new(&house);
        let sent_to = slow.get(LEAVE).await.is(303).location().unwrap().to_owned();
        let back = elsewhere.authorise(&house, &sent_to, &who(&person, "matched"), |_, _| {});
        house.clock.advance(601);
        slow.get(&back).await.is(422).says(&zh("signin-state"));
    });
}

#[test]
fn whoever_says_no_or_finds_nobody_is_told_so() {
    run(async {
        let (house, elsewhere) = open().await;
        let mut client = Client::new(&house);
        let sent_to = client.get(LEAVE).await.is(303).location().unwrap().to_owned();
        let back = elsewhere.authorise(&house, &sent_to, &[], |_, _| {});
        let back = back.replace("code=", "error=access_denied&was=");
        client.get(&back).await.is(422).says(&zh("signin-refused"));
        // away: the site goes on, and finds it again by itself
        let (house, elsewhere) = open().await;
        elsewhere.away.store(true, Ordering::Relaxed);
        let mut client = Client::new(&house);
        client.get(LEAVE).await.is(503).says(&zh("signin-away"));
        client.get("/signin").await.is(200);
        elsewhere.away.store(false, Ordering::Relaxed);
        house.clock.advance(6);
        try_with(&house, &elsewhere, &mut client, |_, _| {}).await.goes_to("/me/profile");
        client.get("/signin/with/nobody").await.is(404);
        client.get("/signin/with/demo").await.is(404);
        client.get("/signin/callback/demo").await.is(404);
    });
}

#[test]
fn new_keys_are_found_and_not_looked_for_at_every_token() {
    run(async {
        let (house, elsewhere) = open().await;
        let mut client = Client::new(&house);
        try_with(&house, &elsewhere, &mut client, |_, _| {}).await.goes_to("/me/profile");
        assert_eq!(elsewhere.keys_fetched.load(Ordering::Relaxed), 1);
        house.clock.advance(61);
        elsewhere.new_key();
        try_with(&house, &elsewhere, &mut client, |_, _| {}).await.goes_to("/me/profile");
        assert_eq!(elsewhere.keys_fetched.load(Ordering::Relaxed), 2);
        for _ in 0..5 {
            let mut client = Client::new(&house);
            let strange = |header: &mut Value, _: &mut Value| header["kid"] = json!("strange");
            try_with(&house, &elsewhere, &mut client, strange).await.is(422);
        }
        assert_eq!(elsewhere.keys_fetched.load(Ordering::Relaxed), 2, "once a minute");
    });
}

#[test]
fn a_bare_statement_elsewhere_opens_nothing_that_was_proved_and_nobody_is_led_away() {
    run(async {
        let (house, elsewhere) = open().await;
        let person = Citizen::new();
        person.sign_in(&house).await;
        let mut client = Client::new(&house);
        let sent_to = client.get("/signin/with/province?back=//evil.example").await.is(303);
        let back =
            elsewhere.authorise(&house, sent_to.location().unwrap(), &who(&person, "stated"), |_, _| {});
        client.get(&back).await.is(422).says(&zh("signin-proved-more"));
        let sent_to = client.get("/signin/with/province?back=//evil.example").await.is(303);
        let back =
            elsewhere.authorise(&house, sent_to.location().unwrap(), &who(&person, "matched"), |_, _| {});
        client.get(&back).await.goes_to("/me");
    });
}

#[test]
fn sign_ins_of_one_address_are_counted() {
    run(async {
        let elsewhere = Elsewhere::new();
        let setup = Setup { elsewhere: Some(elsewhere), writes_per_minute: 5, ..Setup::default() };
        let house = House::open(setup).await;
        let mut client = Client::new(&house).from("192.0.2.7");
        for _ in 0..5 {
            client.get(LEAVE).await.is(303);
        }
        client.get(LEAVE).await.is(429);
    });
}
