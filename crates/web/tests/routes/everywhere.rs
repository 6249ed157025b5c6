//! Every address there is, asked for by nobody, a citizen and an officer.

use identity::Post;

use crate::client::Client;
use crate::house::{House, Setup, house, run};
use crate::person::{CARD, Citizen, SHOP, at_desk, begin, citizen, officer, submit};

const OPEN: [&str; 13] = [
    "/",
    "/search",
    "/search?q=x",
    "/themes",
    "/agencies",
    "/areas",
    "/items/ex-elder-card",
    "/verify",
    "/help",
    "/about",
    "/signin",
    "/signin/officer",
    "/signin/officer?agency=11440000006940175Y",
];

#[test]
fn what_is_public_is_open_to_all_in_both_languages_and_sizes() {
    run(async {
        let house = house().await;
        let (_, mut person) = citizen(house).await;
        let desk = officer(house, CARD, Post::Head).await;
        for client in [&mut Client::new(house), &mut person, &mut desk.clone()] {
            for (lang, view) in [("zh", "standard"), ("en", "elders")] {
                client.set_cookie("lang", lang);
                client.set_cookie("view", view);
                for path in OPEN {
                    client.get(path).await.is(200);
                }
            }
        }
    });
}

#[test]
fn what_is_personal_sends_a_stranger_to_sign_in_and_back() {
    run(async {
        let mut stranger = Client::new(house().await);
        let id = "01990000-0000-7000-8000-000000000001";
        for path in citizens(id) {
            let sign_in = stranger.get(&path).await.is(303);
            let place = sign_in.location().unwrap();
            let back = path.replace('/', "%2F");
            assert_eq!(place, format!("/signin?back={back}"));
        }
        for path in desks("440000000000", id) {
            let place = stranger.get(&path).await.is(303).location().unwrap().to_owned();
            let next = stranger.get(&place).await.is(303);
            assert!(
                next.location().unwrap().starts_with("/signin/officer?back=%2Fdesk"),
                "{:?}",
                next.location()
            );
        }
        // whoever signs in there arrives where they wanted to go
        let citizen = Citizen::new();
        let fields = [("name", citizen.name.as_str()), ("number", &citizen.number), ("back", "/me/messages")];
        stranger.post_bare("/signin", &fields).await.goes_to("/me/messages");
        stranger.get("/me/messages").await.is(200);
    });
}

#[test]
fn a_citizen_has_no_desk_and_an_officer_no_cases_of_their_own() {
    run(async {
        let house = house().await;
        let (who, mut person) = citizen(house).await;
        let id = submit(&who, &mut person, SHOP).await;
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        for path in desks("440000000000", &id) {
            let page = person.get(&path).await.is(303);
            assert!(page.location().unwrap().starts_with("/signin"), "{path}");
        }
        for action in ["claim", "accept", "grant", "refuse"] {
            let page =
                person.post(&format!("{}/{action}", at_desk(SHOP, &id)), &[("words", "x")]).await.is(303);
            assert!(page.location().unwrap().starts_with("/signin"), "{action}");
        }
        for path in citizens(&id) {
            let page = desk.get(&path).await.is(303);
            assert!(page.location().unwrap().starts_with("/signin"), "{path}");
        }
        for path in [format!("/me/cases/{id}/withdraw"), format!("/me/cases/{id}/rate")] {
            let page = desk.post(&path, &[("level", "1")]).await.is(303);
            assert!(page.location().unwrap().starts_with("/signin"), "{path}");
        }
        let case = person.get(&format!("/me/cases/{id}")).await.is(200);
        assert!(case.words().contains(&crate::house::zh("status-received")));
    });
}

#[test]
fn a_cookie_that_is_no_session_is_nobody() {
    run(async {
        let house = house().await;
        let (_, client) = citizen(house).await;
        let real = client.cookie("session").unwrap().to_owned();
        let (owner, token) = real.split_once('.').unwrap();
        let other = token.replace(|c: char| c.is_ascii_hexdigit(), "0");
        for cookie in ["x", "", "a.b", owner, &format!("{owner}.{other}"), &format!("{owner}.{token}0")] {
            let mut guess = Client::new(house);
            guess.set_cookie("session", cookie);
            guess.get("/me").await.goes_to("/signin?back=%2Fme");
            guess.get("/").await.is(200);
        }
    });
}

#[test]
fn https_makes_cookies_secure_and_browsers_remember() {
    run(async {
        let house = House::open(Setup { public: Some("https://fuwu.example"), ..Setup::default() }).await;
        let citizen = Citizen::new();
        let mut client = Client::new(&house);
        let fields = [("name", citizen.name.as_str()), ("number", &citizen.number)];
        let page = client.post_bare("/signin", &fields).await.goes_to("/me");
        let cookie = page.header("set-cookie");
        assert!(cookie.starts_with("__Host-session="), "{cookie}");
        for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(page.header("strict-transport-security").starts_with("max-age=31536000"));
        client.get("/me").await.is(200);
        // the plain name is not believed here
        let mut plain = Client::new(&house);
        plain.set_cookie("session", client.cookie("__Host-session").unwrap());
        plain.get("/me").await.is(303);
        // without https there is nothing to promise
        let page = Client::new(crate::house::house().await).get("/").await;
        assert_eq!(page.header("strict-transport-security"), "");
    });
}

#[test]
fn a_citizens_pages_are_all_there() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let draft = begin(&mut client, CARD).await;
        client.set_cookie("lang", "en");
        let case = format!("/me/cases/{id}");
        let open = format!("{draft}/check");
        for path in ["/me", "/me/messages", "/signout", &case, &format!("{case}/receipt"), &open] {
            client.get(path).await.is(200).holds("<html lang=\"en\"").holds("noindex");
        }
        client.get(&format!("{case}/rate")).await.goes_to(&case);
    });
}

/// Pages that are the same for all are rendered once; what surrounds them is the asker's.
#[test]
fn what_is_kept_for_all_shows_nothing_of_anybody() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut person) = citizen(&house).await;
        let token = person.token().await;
        let draft = begin(&mut person, CARD).await;
        let card = format!("/items/{CARD}");
        let shop = format!("/items/{SHOP}");
        for path in
            ["/", "/themes", "/agencies", "/areas", &card, &shop, "/search?q=a%20b&online=1", "/search?q=x"]
        {
            let mut english = Client::new(&house).with("accept-language", "en");
            english.set_cookie("view", "elders");
            for _ in 0..2 {
                let mine = person.get(path).await.is(200);
                assert!(!mine.links().iter().any(|link| link.starts_with("/signin?")), "{path}");
                let page = english.get(path).await.is(200).holds("<html lang=\"en\" class=\"elders\"");
                assert!(!page.words().contains(&crate::house::zh("sign-in")), "{path}");
                let mut stranger = Client::new(&house);
                let page = stranger.get(path).await.is(200).holds("<html lang=\"zh-CN\"");
                assert!(!page.html.contains("class=\"elders\""), "{path}");
                assert!(page.links().iter().any(|link| link.starts_with("/signin?back=")), "{path}");
                for own in [&who.name, &who.number, &token, &draft] {
                    assert!(!page.source().contains(own.as_str()), "{path} shows a stranger {own}");
                }
                let way = page.link("/preferences?lang=en");
                stranger.get(&way).await.goes_to(path);
            }
        }
        let (again, mine) = (person.get(&card).await, person.get("/").await);
        assert!(again.links().contains(&again.link(&draft)) && mine.links().contains(&mine.link(&draft)));
    });
}

fn citizens(id: &str) -> Vec<String> {
    let case = format!("/me/cases/{id}");
    [
        "/me".to_owned(),
        "/me/messages".to_owned(),
        "/me/profile".to_owned(),
        "/me/level".to_owned(),
        "/me/sessions".to_owned(),
        "/me/passkeys".to_owned(),
        "/me/certificates".to_owned(),
        format!("/me/certificates/{id}"),
        format!("/me/certificates/{id}/show"),
        format!("/me/messages/{id}"),
        case.clone(),
        format!("{case}/receipt"),
        format!("{case}/rate"),
        format!("{case}/files/abc"),
        format!("/apply/{id}/applicant"),
        format!("/apply/{id}/materials"),
        format!("/apply/{id}/check"),
        format!("/apply/{id}/files/abc"),
        "/items/ex-elder-card/apply".to_owned(),
    ]
    .into()
}

fn desks(area: &str, id: &str) -> Vec<String> {
    let case = format!("/desk/cases/{area}/{id}");
    let own = ["/desk/window", "/desk/officers", "/desk/sessions", "/desk/passkeys"].map(str::to_owned);
    let mut all = own.to_vec();
    all.extend(["/desk".to_owned(), case.clone(), format!("{case}/files/abc")]);
    all.push(format!("/desk/certificates/{area}/{id}"));
    all
}
