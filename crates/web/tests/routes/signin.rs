//! `/signin`, `/signin/officer`, `/signout`, `/preferences`

use identity::{Post, demo_people};

use crate::client::Client;
use crate::house::{house, run, zh};
use crate::person::{CARD, Citizen, card, citizen, item, officer};

/// Places outside, dressed up as paths.
const OUTSIDE: [&str; 9] = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\r\nSet-Cookie: x=1",
    "evil.example",
    "/\t/evil.example",
];

fn encoded(path: &str) -> String {
    form_urlencoded::byte_serialize(path.as_bytes()).collect()
}

#[track_caller]
fn stays(place: Option<&str>, asked: &str) {
    let place = place.unwrap_or_else(|| panic!("{asked:?} leads nowhere"));
    let inside =
        place.starts_with('/') && !place.starts_with("//") && !place.contains(['\\', '\r', '\n', '\t']);
    assert!(inside && !place.starts_with("/evil"), "{asked:?} leads to {place:?}");
}

#[test]
fn nobody_is_led_away() {
    run(async {
        let house = house().await;
        let who = Citizen::new();
        for outside in OUTSIDE {
            let mut client = Client::new(house);
            let fields = [("name", who.name.as_str()), ("number", &who.number), ("back", outside)];
            stays(client.post_bare("/signin", &fields).await.is(303).location(), outside);
            let asked = encoded(outside);
            let page = client.get(&format!("/preferences?lang=zh&back={asked}")).await.is(303);
            stays(page.location(), outside);
            assert!(
                page.headers.get("x").is_none() && page.headers.get_all("set-cookie").iter().count() == 1
            );
            let mut fresh = Client::new(house);
            let page = fresh.get(&format!("/signin?back={asked}")).await.is(200);
            assert!(
                !page.source().contains(&format!("value=\"{outside}\"")),
                "{outside:?} stands in the form"
            );
            let id = format!("{}/{}", item(CARD).agency, card(&item(CARD).agency, Post::Head).id);
            let fields = [("officer", id.as_str()), ("back", outside)];
            stays(fresh.post_bare("/signin/officer", &fields).await.is(303).location(), outside);
        }
    });
}

#[test]
fn a_wrong_number_is_told_at_the_field_and_kept() {
    run(async {
        let mut client = Client::new(house().await);
        let person = demo_people().remove(0);
        let number = person.number.reveal();
        let wrong = [
            ("示例·某人", "123", "signin-number-shape"),
            ("示例·某人", "990000199013010018", "signin-number-birthday"),
            ("示例·某人", "", "signin-number-shape"),
            ("", number, "signin-name-missing"),
            ("示例·别人", number, "signin-mismatch"),
            ("示例·某人", "440106199001010012", "signin-number-check"),
        ];
        for (name, number, key) in wrong {
            let page = client.post_bare("/signin", &[("name", name), ("number", number)]).await.is(422);
            assert!(page.words().contains(&zh(key)), "{key}:\n{}", page.words());
            assert!(page.html.contains("aria-invalid=\"true\""));
            for typed in [name, number] {
                assert!(page.source().contains(&format!("value=\"{typed}\"")), "{typed} was lost");
            }
            assert!(client.cookie("session").is_none());
        }
    });
}

#[test]
fn a_number_that_could_be_real_is_not_taken() {
    run(async {
        let body = "00000019900101001";
        let number = format!("{body}{}", domain::CitizenNumber::check_character(body).unwrap());
        let mut client = Client::new(house().await);
        let page = client.post_bare("/signin", &[("name", "示例"), ("number", &number)]).await.is(422);
        page.says(&zh("signin-not-synthetic"));
    });
}

#[test]
fn a_listed_person_enters_with_one_touch() {
    run(async {
        let mut client = Client::new(house().await);
        let page = client.get("/signin").await.is(200);
        let person = demo_people().remove(1);
        assert!(page.words().contains(person.name));
        let fields = [("person", person.number.reveal()), ("back", "/me")];
        client.post_bare("/signin", &fields).await.goes_to("/me");
        client.get("/me").await.is(200);
    });
}

#[test]
fn signing_in_again_ends_the_old_session() {
    run(async {
        let house = house().await;
        let (_, mut client) = citizen(house).await;
        let old = client.clone();
        Citizen::new().enter(&mut client).await;
        assert_ne!(old.cookie("session"), client.cookie("session"));
        old.clone().get("/me").await.is(303);
        client.get("/me").await.is(200);
    });
}

#[test]
fn signing_out_ends_it_on_the_server_too() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let mut copy = client.clone();
        client.post("/signout", &[]).await.goes_to("/?notice=signed-out");
        assert!(client.cookie("session").is_none());
        client.get("/?notice=signed-out").await.is(200).says(&zh("notice-signed-out"));
        copy.get("/me").await.goes_to("/signin?back=%2Fme");
    });
}

#[test]
fn an_idle_session_ends() {
    run(async {
        let house = crate::house::House::open(crate::house::Setup::default()).await;
        let (_, mut person) = citizen(&house).await;
        let mut desk = officer(&house, CARD, Post::Head).await;
        house.clock.advance(29 * 60);
        desk.get("/desk").await.is(200);
        house.clock.advance(31 * 60);
        desk.get("/desk").await.goes_to("/signin?back=%2Fdesk");
        person.get("/me").await.is(200);
        house.clock.advance(2 * 3600 + 1);
        person.get("/me").await.goes_to("/signin?back=%2Fme");
    });
}

#[test]
fn an_officer_chooses_an_agency_and_a_post() {
    run(async {
        let mut client = Client::new(house().await);
        let agency = item(CARD).agency;
        let list = client.get("/signin/officer?back=%2Fdesk%3Fview%3Dmine").await.is(200);
        let way = list.link(&agency);
        assert!(way.contains("back=%2Fdesk%3Fview%3Dmine"), "{way}");
        let page = client.get(&way).await.is(200);
        // The specialist has a desk only where a procedure names roles of its own.
        for post in Post::ALL.into_iter().filter(|post| *post != Post::Specialist) {
            let card = card(&agency, post);
            assert!(page.words().contains(&card.name) && page.html.contains(&card.id.to_string()));
        }
        let nobody = format!("{agency}/01990000-0000-7000-8000-000000000001");
        client.post_bare("/signin/officer", &[("officer", &nobody)]).await.is(404);
        let stranger = format!("none/{}", card(&agency, Post::Head).id);
        client.post_bare("/signin/officer", &[("officer", &stranger)]).await.is(404);
        assert!(client.cookie("session").is_none());
    });
}

#[test]
fn a_notice_is_one_of_ours() {
    run(async {
        let mut client = Client::new(house().await);
        client.get("/?notice=%3Cb%3Eevil").await.is(200).never_says("evil</b>");
        let page = client.get("/?notice=you-have-won").await.is(200);
        assert!(!page.html.contains("class=\"notice\""));
    });
}
