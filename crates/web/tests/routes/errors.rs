//! What does not exist, cannot be done so, or is too much.

use axum::body::Body;
use axum::http::Method;

use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::person::{CARD, Citizen, begin, citizen};

#[test]
fn an_unknown_page_helps_to_search() {
    run(async {
        let mut client = Client::new(house().await);
        let nowhere =
            ["/none", "/items", "/items/", "/apply/x/y", "/me/cases/not-an-id", "/desk/cases/1", "/x/%ff"];
        for path in nowhere {
            client.get(path).await.is(404).says(&zh("error-404-title")).holds("action=\"/search\"");
        }
        let mut english = Client::new(house().await).with("accept-language", "en");
        english.get("/none").await.is(404).holds("<html lang=\"en\"");
    });
}

#[test]
fn a_wrong_method_is_told_and_which_is_right() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let wrong = [(Method::POST, "/search", "GET,HEAD"), (Method::GET, "/apply/1/discard", "POST")];
        for (method, path, allow) in wrong {
            let page =
                client.send(method, path, "", Body::empty()).await.is(405).says(&zh("error-405-title"));
            assert_eq!(page.header("allow"), allow);
        }
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            client.send(method, "/me", "", Body::empty()).await.is(405);
        }
        client.send(Method::HEAD, "/", "", Body::empty()).await.is(200);
    });
}

#[test]
fn the_address_of_a_form_leads_back_to_its_case() {
    run(async {
        let mut client = Client::new(house().await);
        let id = "01990000-0000-7000-8000-000000000001";
        let mine = format!("/me/cases/{id}");
        for form in ["withdraw", "correct", "supply", "confirm", "decline", "request-hearing", "do"] {
            client.get(&format!("{mine}/{form}")).await.goes_to(&mine);
        }
        let case = format!("/desk/cases/440000/{id}");
        for action in ["claim", "accept", "schedule-hearing"] {
            client.get(&format!("{case}/{action}?lang=en")).await.goes_to(&case);
        }
        client.get(&format!("{case}/no-such")).await.is(404);
        client.get("/desk/claim").await.goes_to("/desk");
    });
}

#[test]
fn a_body_beyond_the_bound_is_refused_and_nothing_kept() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, CARD).await;
        let page = format!("{draft}/{}", crate::person::item(CARD).form.pages[0].id);
        let before = client.get(&page).await.is(200);
        let much = "x".repeat(300 * 1024);
        client.post(&page, &[("name", &much)]).await.is(413).says(&zh("error-413-title"));
        let after = client.get(&page).await.is(200);
        assert_eq!(before.html.matches("xxx").count(), after.html.matches("xxx").count());
    });
}

#[test]
fn a_body_that_is_no_form_is_no_fault() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, CARD).await;
        let broken = [
            ("multipart/form-data", "no boundary"),
            ("multipart/form-data; boundary=edge", "--edge\r\nnonsense"),
            ("application/json", "{}"),
            ("", ""),
        ];
        for (kind, body) in broken {
            let page = client.send(Method::POST, &format!("{draft}/materials"), kind, Body::from(body)).await;
            assert!((400..500).contains(&page.status), "{kind}: {}", page.status);
        }
        client.send(Method::POST, "/signin", "", Body::from(vec![0xff, 0xfe, 0x00])).await.is(422);
        client.send(Method::POST, "/signin/officer", "", Body::from("officer=x")).await.is(400);
    });
}

#[test]
fn too_many_writes_wait_a_minute() {
    run(async {
        let house = House::open(Setup { writes_per_minute: 3, ..Setup::default() }).await;
        let citizen = Citizen::new();
        let mut client = citizen.sign_in(&house).await;
        let draft = begin(&mut client, CARD).await;
        let page = format!("{draft}/{}", crate::person::item(CARD).form.pages[0].id);
        for _ in 0..3 {
            let answer = client.post(&page, &[("name", "示例")]).await;
            assert!([303, 422].contains(&answer.status), "{}", answer.status);
        }
        let stopped = client.post(&page, &[("name", "不该留下")]).await.is(429).says(&zh("error-429-title"));
        assert_eq!(stopped.header("retry-after"), "60");
        client.get(&page).await.is(200).never_says("不该留下");
    });
}

#[test]
fn guessing_from_one_address_is_slow() {
    run(async {
        let house = House::open(Setup { writes_per_minute: 3, ..Setup::default() }).await;
        let mut client = Client::new(&house).from("192.0.2.7");
        for _ in 0..3 {
            client.post_bare("/signin", &[("name", "示例"), ("number", "1")]).await.is(422);
        }
        let stopped = client.post_bare("/signin", &[("name", "示例"), ("number", "1")]).await.is(429);
        assert_eq!(stopped.header("retry-after"), "60");
        let mut other = Client::new(&house).from("192.0.2.8");
        other.post_bare("/signin", &[("name", "示例"), ("number", "1")]).await.is(422);
    });
}
