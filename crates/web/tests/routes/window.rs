//! `/desk/window`, `/desk/officers`: what an officer does to somebody's proof of identity.

use identity::{Post, demo_people};

use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::page::Page;
use crate::person::{CARD, Citizen, card, citizen, item, officer};

async fn register(desk: &mut Client, name: &str, number: &str, more: &[(&str, &str)]) -> Page {
    let mut fields = vec![("name", name), ("number", number), ("card", "id-card"), ("words", "本人到窗口")];
    fields.extend_from_slice(more);
    desk.post("/desk/window", &fields).await
}

#[test]
fn whoever_was_seen_at_a_window_has_the_highest_level_and_is_told() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let mut desk = officer(house, CARD, Post::Colleague).await;
        desk.get("/desk").await.is(200).says(&zh("tab-window"));
        register(&mut desk, &who.name, &who.number, &[]).await.goes_to("/desk/window?notice=registered");
        let page = client.get("/me/profile").await.is(200).says(&zh("level-5")).says(&zh("vouched-window"));
        let page = page.says(&card(&item(CARD).agency, Post::Colleague).name).says("本人到窗口");
        assert!(page.words().contains("2026年"), "who and when");
        let list = client.get("/me/messages").await.is(200).says(&zh("message-window-registered-subject"));
        let body = client.get(&list.link("/me/messages/")).await.is(200);
        body.says(&zh("message-window-registered-body")).link("/me/profile");
        // a weaker proof afterwards lowers nothing
        let mut again = who.sign_in(house).await;
        again.get("/me/profile").await.is(200).says(&zh("level-5"));
    });
}

#[test]
fn whoever_is_not_known_yet_is_registered_and_may_come_in() {
    run(async {
        let house = house().await;
        let who = Citizen::new();
        let mut desk = officer(house, CARD, Post::Colleague).await;
        register(&mut desk, &who.name, &who.number, &[]).await.is(303);
        let mut client = who.sign_in(house).await;
        client.get("/me/profile").await.is(200).says(&zh("level-5"));
    });
}

#[test]
fn what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let mut desk = officer(house, CARD, Post::Clerk).await;
        let real_shape = {
            let body = "00000019900101001";
            format!("{body}{}", domain::CitizenNumber::check_character(body).unwrap())
        };
        let cases = [
            ("", who.number.as_str(), "signin-name-missing"),
            ("示例·别人", &who.number, "window-mismatch"),
            (who.name.as_str(), "123", "signin-number-shape"),
            (&who.name, &real_shape, "signin-not-synthetic"),
        ];
        for (name, number, key) in cases {
            let page = register(&mut desk, name, number, &[]).await.is(422).says(&zh(key));
            assert!(
                page.html.contains("aria-invalid=\"true\"") && page.source().contains("本人到窗口"),
                "{key}"
            );
        }
        let bare = [("name", who.name.as_str()), ("number", &who.number)];
        desk.post("/desk/window", &bare).await.is(422).says(&zh("window-card-missing"));
        let reasonless = [bare[0], bare[1], ("card", "id-card")];
        desk.post("/desk/window", &reasonless).await.is(422).says(&zh("window-reason-missing"));
        client.get("/me/profile").await.is(200).says(&zh("level-3"));
    });
}

#[test]
fn nobody_registers_themselves_and_only_the_window_registers() {
    run(async {
        let house = house().await;
        let own = demo_people().pop().unwrap();
        let mut clerk = officer(house, CARD, Post::Clerk).await;
        register(&mut clerk, own.name, own.number.reveal(), &[]).await.is(409).says(&zh("refusal-own-case"));
        let who = Citizen::new();
        for post in [Post::Head, Post::Chief, Post::Operator] {
            let mut desk = officer(house, CARD, post).await;
            desk.get("/desk/window").await.is(403);
            register(&mut desk, &who.name, &who.number, &[]).await.is(403);
        }
        let (_, mut person) = citizen(house).await;
        register(&mut person, &who.name, &who.number, &[]).await.goes_to("/signin?back=%2Fme");
    });
}

#[test]
fn a_window_is_no_faster_than_people_come() {
    run(async {
        let house = House::open(Setup::default()).await;
        let mut desk = officer(&house, CARD, Post::Clerk).await;
        let who = Citizen::new();
        for n in 0..30 {
            let page = register(&mut desk, &who.name, &who.number, &[]).await;
            assert_eq!(page.status, 303, "{n}");
        }
        register(&mut desk, &who.name, &who.number, &[]).await.is(429);
        let mut other = officer(&house, CARD, Post::Colleague).await;
        register(&mut other, &who.name, &who.number, &[]).await.is(303);
    });
}

#[test]
fn only_the_head_sees_who_has_passkeys() {
    run(async {
        let house = house().await;
        let mut chief = officer(house, CARD, Post::Chief).await;
        let page = chief.get("/desk/officers").await.is(200);
        assert!(page.words().contains(&card(&item(CARD).agency, Post::Clerk).name));
        let chief_id = card(&item(CARD).agency, Post::Chief).id;
        let nobody = "/desk/officers/01990000-0000-7000-8000-000000000001/reset";
        chief.post(nobody, &[]).await.is(404);
        chief.post(&format!("/desk/officers/{chief_id}/reset"), &[]).await.is(409);
        let mut clerk = officer(house, CARD, Post::Clerk).await;
        clerk.get("/desk/officers").await.is(403);
        clerk.post(nobody, &[]).await.is(403);
        // another agency's officers are nobody's
        let elsewhere = card(&item(crate::person::SHOP).agency, Post::Clerk).id;
        if item(crate::person::SHOP).agency != item(CARD).agency {
            chief.post(&format!("/desk/officers/{elsewhere}/reset"), &[]).await.is(404);
        }
    });
}
