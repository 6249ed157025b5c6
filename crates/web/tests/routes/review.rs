//! `/desk/review` and `GET /api/v1/stations/reviews`: units one after the other, a verdict by one button, taken back while it
//! may be, and told to the station.

use std::time::Duration;

use app::StationCredential;
use axum::body::Body;
use axum::http::Method;
use identity::{Post, demo_companies};
use serde_json::{Value, json};

use crate::client::Client;
use crate::house::{House, en, run, zh};
use crate::page::Page;
use crate::person::{card, citizen};
use crate::stations::{factory, problem, read, send, station, unit};

const AREA: &str = "990000";
const REVIEWS: &str = "/api/v1/stations/reviews";

/// An officer of the factory.
async fn desk(house: &House, post: Post) -> Client {
    let agency = demo_companies().remove(1).code;
    let mut desk = Client::new(house);
    let id = format!("{agency}/{}", card(agency.as_str(), post).id);
    desk.post_bare("/signin/officer", &[("officer", &id), ("back", "/desk")]).await.goes_to("/desk");
    desk
}

/// A unit that waits for a person; its page at the review desk.
async fn doubtful(house: &House, credential: &StationCredential, item: &str, serial: &str) -> String {
    let mut report = unit(serial, "ng", 0.5);
    report["item"] = json!(item);
    report["judged"] = json!("unsure");
    let told = read(&send(&mut station(house, credential), &report).await.is(201));
    format!("/desk/review/units/{}", told["case"].as_str().unwrap())
}

/// Time passes until what waits is carried out.
async fn later(house: &House) {
    house.clock.advance(11);
    house.app.settle_verdicts().await.unwrap();
}

/// Where the one form of a page that ends so leads.
#[track_caller]
fn form(page: &Page, end: &str) -> String {
    crate::kin::action(page, end)
}

/// What the first field of this name holds.
#[track_caller]
fn value(page: &Page, name: &str) -> String {
    let (_, rest) = page.html.split_once(&format!("name=\"{name}\" value=\"")).expect("a field of this name");
    rest.split('"').next().unwrap().to_owned()
}

async fn reviews(house: &House, credential: &StationCredential, query: &str) -> Value {
    read(&station(house, credential).get(&format!("{REVIEWS}{query}")).await.is(200))
}

#[test]
fn a_unit_after_the_other_and_the_last_one_back() {
    run(async {
        let (house, _, credential) = factory().await;
        let mut clerk = desk(&house, Post::Clerk).await;
        clerk.get("/desk/review").await.is(200).says(&zh("review-nothing"));
        clerk.get("/desk").await.is(200).holds("/desk/review\"").says(&zh("tab-review"));
        for serial in ["<b>R1</b>", "R2"] {
            doubtful(&house, &credential, "ex-incoming-board", serial).await;
        }
        let page = clerk.get("/desk/review").await.is(200);
        let page = page.says(&zh("defect-open")).says("50.0 %").says(&zh("review-no-pictures"));
        assert!(!page.html.contains("<b>R"), "a text is a text");
        assert!(page.header("cache-control").contains("no-store"));
        let first = form(&page, "/verdict");
        let chosen = [("verdict", "ng-short"), ("find-0", "open"), ("why", "dust")];
        clerk.post(&first, &chosen).await.goes_to("/desk/review");
        let page = clerk.get("/desk/review").await.is(200).says(&zh("review-undo")).says(&zh("defect-short"));
        let second = form(&page, "/verdict");
        assert_ne!(first, second);
        let waits = value(&page, "verdict");
        clerk
            .post("/desk/review/undo", &[("verdict", &waits)])
            .await
            .goes_to(first.trim_end_matches("/verdict"));
        later(&house).await;
        assert_eq!(reviews(&house, &credential, "").await["reviews"], json!([]), "it was never given");
        clerk.post("/desk/review/undo", &[("verdict", &waits)]).await.goes_to("/desk/review?late=1");
        clerk.get("/desk/review?late=1").await.is(200).says(&zh("review-late"));
        clerk.post(&first, &[("verdict", "ok"), ("why", "dust")]).await.goes_to("/desk/review");
        clerk.post(&second, &[("verdict", "ng"), ("find-0", "none")]).await.goes_to("/desk/review");
        later(&house).await;
        clerk.get("/desk/review").await.is(200).says(&zh("review-nothing")).never_says(&zh("review-undo"));
        let told = reviews(&house, &credential, "").await;
        let decisions: Vec<_> = (0..2).map(|n| told["reviews"][n]["decision"].clone()).collect();
        assert_eq!(decisions, ["ok", "ng"]);
        // Once more, by a browser that went back.
        let again = clerk.post(&first, &[("verdict", "ng")]).await.is(303);
        let place = again.location().unwrap().to_owned();
        clerk.get(&place).await.is(200).says(&zh("review-refused-already-closed"));
        clerk.post(&first, &[("verdict", "maybe")]).await.is(400);
        for forged in ["open 1 2 3 4; false-call 9 9 9 9", "<b>", ""] {
            clerk.post(&first, &[("verdict", "ng"), ("find-0", forged)]).await.is(400);
        }
        clerk.post_bare(&first, &[("verdict", "ok")]).await.is(403);
        clerk.get(&first).await.goes_to("/desk/review");
    });
}

#[test]
fn what_is_passed_over_comes_again_from_the_top() {
    run(async {
        let (house, _, credential) = factory().await;
        let mut clerk = desk(&house, Post::Clerk).await;
        for serial in ["S1", "S2"] {
            doubtful(&house, &credential, "ex-incoming-board", serial).await;
        }
        let page = clerk.get("/desk/review").await;
        let skip = form(&page, "/skip");
        let place = [("due", value(&page, "due")), ("after", value(&page, "after"))];
        let place: Vec<(&str, &str)> = place.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let on = clerk.post(&skip, &place).await.is(303).location().unwrap().to_owned();
        let next = clerk.get(&on).await.is(200);
        assert_ne!(form(&next, "/skip"), skip);
        // The form of a verdict keeps the place, so that what was passed over does not come next.
        let given = clerk.post(&form(&next, "/verdict"), &[&place[..], &[("verdict", "ok")]].concat()).await;
        assert_eq!(given.is(303).location().unwrap(), on);
        let end = clerk.get(&on).await.is(200);
        assert_eq!(form(&end, "/skip"), skip, "behind the last one the queue begins anew");
    });
}

#[test]
fn one_looks_at_a_unit_and_nobody_else_has_it() {
    run(async {
        let (house, _, credential) = factory().await;
        let place = doubtful(&house, &credential, "ex-end-of-line-die", "T1").await;
        let (mut clerk, mut colleague) =
            (desk(&house, Post::Clerk).await, desk(&house, Post::Colleague).await);
        clerk.get("/desk/review").await.is(200).says("T1");
        colleague.get("/desk/review").await.is(200).says(&zh("review-nothing"));
        colleague.get(&place).await.is(200).says(&zh("review-held")).never_says(&zh("review-skip"));
        let refused = colleague.post(&format!("{place}/verdict"), &[("verdict", "ok")]).await.is(303);
        let refused = refused.location().unwrap().to_owned();
        colleague.get(&refused).await.is(200).says(&zh("review-refused-claimed-by-other"));
        clerk.post(&format!("{place}/verdict"), &[("verdict", "ok")]).await.is(303);
        later(&house).await;
        clerk.get("/desk/review").await.is(200).says(&zh("review-nothing"));
        clerk.get(&place).await.is(200).says(&zh("review-not-open"));
        // The second look does not hear of the first.
        let second = colleague.get("/desk/review").await.is(200);
        second.says("T1").never_says(&zh("review-third"));
        colleague.post(&format!("{place}/verdict"), &[("verdict", "ng-open")]).await.is(303);
        later(&house).await;
        let mut head = desk(&house, Post::Head).await;
        head.get("/desk/review").await.is(200).says(&zh("review-third"));
        head.post(&format!("{place}/verdict"), &[("verdict", "ng-spur")]).await.is(303);
        later(&house).await;
        let told = reviews(&house, &credential, "").await;
        assert_eq!(told["reviews"][0]["labels"][0]["class"], "spur");
        // How far they agree is told to whoever answers for it.
        let page =
            head.get("/desk/review/agreement").await.is(200).says("0.0 %").says(&zh("agreement-upheld"));
        assert!(page.html.contains("0.00"), "kappa of nothing but one disagreement");
        clerk.get("/desk/review/agreement").await.is(403);
        assert!(!clerk.get("/desk/review").await.html.contains("/desk/review/agreement"));
    });
}

#[test]
fn a_unit_is_shown_with_its_pictures_here_and_at_its_case() {
    run(async {
        let (house, _, credential) = factory().await;
        let mut line = station(&house, &credential);
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xE0\x08\0\0\0\0";
        let mut hexes = Vec::new();
        for seed in [1, 2] {
            let picture = [head.as_slice(), &[seed; 40]].concat();
            let hex = store::sha256_hex(&picture);
            let put = format!("/api/v1/stations/pictures/{hex}");
            line.send(Method::PUT, &put, "image/png", Body::from(picture)).await.is(201);
            hexes.push(hex);
        }
        let mut report = unit("U1", "ng", 0.5);
        report["judged"] = json!("unsure");
        (report["test_picture"], report["template_picture"]) = (json!(hexes[0]), json!(hexes[1]));
        let told = read(&send(&mut line, &report).await.is(201));
        let case = format!("/desk/cases/{AREA}/{}", told["case"].as_str().unwrap());
        let mut clerk = desk(&house, Post::Clerk).await.with("accept-language", "en");
        let place = format!("/desk/review/units/{}", told["case"].as_str().unwrap());
        for page in [clerk.get("/desk/review").await, clerk.get(&case).await] {
            let page =
                page.is(200).holds("viewBox=\"0 0 640 480\"").holds(&format!("1 {}", en("defect-open")));
            for hex in &hexes {
                assert!(page.html.contains(&format!("href=\"{case}/pictures/{hex}\"")));
            }
        }
        clerk.get(&case).await.holds(&place);
        // A browser may keep a picture for this session and a while, so that the next one is there already.
        let shown = clerk.get(&format!("{case}/pictures/{}", hexes[0])).await.is(200);
        assert_eq!((shown.header("cache-control"), shown.header("vary")), ("private, max-age=600", "cookie"));
        // While another one is looked at, this one's pictures are named.
        let before = doubtful(&house, &credential, "ex-incoming-board", "U0").await;
        let page = clerk.get(&before).await.is(200);
        assert!(page.html.contains("<img class=\"ahead\" hidden") && page.html.contains(&hexes[1]));
        // What was drawn outside of the picture is not kept, and what was drawn on it is.
        let boxes = [("verdict", "ng-short"), ("box", "short 1 2 30 40"), ("box", "short 630 2 30 40")];
        clerk.post(&format!("{place}/verdict"), &boxes).await.is(303);
        later(&house).await;
        let labels = reviews(&house, &credential, "").await["reviews"][0]["labels"].clone();
        let drawn = json!({ "class": "short", "x": 1, "y": 2, "width": 30, "height": 40 });
        assert_eq!(labels, json!([{ "class": "open", "x": 1, "y": 2, "width": 3, "height": 4 }, drawn]));
    });
}

#[test]
fn nobody_else_comes_near_a_unit() {
    run(async {
        let (house, _, credential) = factory().await;
        let place = doubtful(&house, &credential, "ex-incoming-board", "V1").await;
        let nothing = "/desk/review/units/01990000-0000-7000-8000-000000000001";
        let (_, mut person) = citizen(&house).await;
        let mut line = station(&house, &credential);
        for client in [&mut person, &mut line, &mut Client::new(&house)] {
            for address in ["/desk/review", &place, nothing, "/desk/review/agreement"] {
                client.get(address).await.is(303).never_says("V1");
            }
        }
        // A station reads its own alone, by its credential alone.
        let mut clerk = desk(&house, Post::Clerk).await;
        problem(&clerk.get(REVIEWS).await, 401, "unknown-credential");
        for query in ["?after=-1", "?limit=many", "?after=1.5"] {
            problem(&line.get(&format!("{REVIEWS}{query}")).await, 400, "bad-query");
        }
        assert_eq!(
            reviews(&house, &credential, "?limit=999999").await,
            json!({ "reviews": [], "next": null })
        );
    });
}

#[test]
fn reviews_are_read_page_by_page() {
    run(async {
        let (house, _, credential) = factory().await;
        let mut clerk = desk(&house, Post::Clerk).await;
        for serial in ["W1", "W2", "W3"] {
            let place = doubtful(&house, &credential, "ex-incoming-board", serial).await;
            clerk.post(&format!("{place}/verdict"), &[("verdict", "ng")]).await.is(303);
        }
        later(&house).await;
        let (mut query, mut serials) = ("?limit=2".to_owned(), Vec::new());
        loop {
            let page = reviews(&house, &credential, &query).await;
            for review in page["reviews"].as_array().unwrap() {
                serials.push(review["serial"].as_str().unwrap().to_owned());
                assert_eq!(review["labels"][0]["class"], "open");
                assert!(review["at"].as_str().unwrap().parse::<domain::Timestamp>().is_ok());
            }
            let Some(next) = page["next"].as_str() else { break };
            query = format!("?limit=2&after={next}");
        }
        assert_eq!(serials, ["W1", "W2", "W3"]);
        // Nobody waits for the worker here, and yet nothing was given twice.
        tokio::time::sleep(Duration::from_millis(1)).await;
        house.app.settle_verdicts().await.unwrap();
        assert_eq!(reviews(&house, &credential, "").await["reviews"].as_array().unwrap().len(), 3);
    });
}
