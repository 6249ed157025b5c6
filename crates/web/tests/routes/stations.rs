//! `/api/v1/stations`: what a station may ask, in the words that its program reads.

use app::StationCredential;
use axum::body::Body;
use axum::http::Method;
use domain::PersonId;
use identity::{Post, demo_companies, demo_people};
use serde_json::{Value, json};

use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::page::Page;
use crate::person::{Citizen, card, citizen};

const INSPECTIONS: &str = "/api/v1/stations/inspections";
const AREA: &str = "990000";

pub(crate) async fn factory() -> (House, PersonId, StationCredential) {
    let house = House::open(Setup { factory: true, ..Setup::default() }).await;
    let code = demo_companies().remove(1).code;
    house.app.register_organisation_by_hand(&code, "示例·远航电子科技有限公司").await.unwrap();
    let (id, credential) = house.app.register_station(&code, "示例·三号线工位", None).await.unwrap();
    (house, id, credential)
}

pub(crate) fn station(house: &House, credential: &StationCredential) -> Client {
    Client::new(house).with("authorization", &format!("Bearer {}", credential.0))
}

pub(crate) fn unit(serial: &str, judged: &str, score: f64) -> Value {
    let findings = json!([{ "class": "open", "score": score, "x": 1, "y": 2, "width": 3, "height": 4 }]);
    json!({
        "item": "ex-incoming-board", "serial": serial, "lot": "L1", "recipe": "r", "judged": judged, "score": score,
        "model": "synth-1", "findings": if judged == "ng" { findings } else { json!([]) },
        "test_picture": "ab".repeat(32), "template_picture": "cd".repeat(32),
    })
}

pub(crate) async fn send(client: &mut Client, report: &Value) -> Page {
    client.send(Method::POST, INSPECTIONS, "application/json", Body::from(report.to_string())).await
}

pub(crate) fn read(page: &Page) -> Value {
    serde_json::from_slice(&page.bytes).unwrap_or_else(|_| panic!("{}: {}", page.status, page.html))
}

#[track_caller]
pub(crate) fn problem(page: &Page, status: u16, code: &str) {
    assert_eq!(page.header("content-type"), "application/problem+json", "{}", page.html);
    let told = read(page);
    assert_eq!(
        (page.status, &told["status"], &told["code"]),
        (status, &json!(status), &json!(code)),
        "{told}"
    );
}

#[test]
fn a_report_is_created_once_and_answered_alike() {
    run(async {
        let (house, id, credential) = factory().await;
        let mut line = station(&house, &credential);
        let own = read(&line.get("/api/v1/stations/self").await.is(200));
        assert_eq!(own["station"], json!(id));
        assert_eq!(own["items"], json!(["ex-end-of-line-die", "ex-incoming-board", "ex-lot-release"]));
        let first = send(&mut line, &unit("A1", "ng", 0.99)).await.is(201);
        assert_eq!(first.header("cache-control"), "no-store");
        let first = read(&first);
        assert_eq!(
            (&first["decision"], &first["by_person"], &first["new"]),
            (&json!("ng"), &json!(false), &json!(true))
        );
        let again = read(&send(&mut line, &unit("A1", "ng", 0.99)).await.is(200));
        assert_eq!((&again["case"], &again["new"]), (&first["case"], &json!(false)));
        let stands =
            read(&line.get(&format!("{INSPECTIONS}/{}", first["case"].as_str().unwrap())).await.is(200));
        assert_eq!(stands["number"], first["number"]);
        let doubtful = read(&send(&mut line, &unit("A2", "cannot-judge", 0.0)).await.is(201));
        assert_eq!(doubtful["decision"], "review");
        assert_eq!(doubtful["wanted"], json!(["ab".repeat(32), "cd".repeat(32)]));
    });
}

#[test]
fn several_are_answered_one_by_one() {
    run(async {
        let (house, _, credential) = factory().await;
        let mut line = station(&house, &credential);
        let mut wrong = unit("B2", "ng", 0.99);
        wrong["score"] = json!("high");
        let mut other = unit("B3", "ng", 0.99);
        other["item"] = json!("ex-nothing");
        let sent = json!({ "reports": [unit("B1", "ng", 0.99), wrong, other, unit("B1", "ng", 0.99), 7] });
        let told = read(&send(&mut line, &sent).await.is(200));
        let results = told["results"].as_array().unwrap();
        let statuses: Vec<_> = results.iter().map(|result| result["status"].as_u64().unwrap()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert_eq!((statuses[1], statuses[2], statuses[4]), (422, 422, 422));
        assert_eq!(results[0]["case"], results[3]["case"]);
        assert_eq!(results[2]["code"], "unknown-item");
        for batch in [json!({ "reports": [] }), json!({ "reports": 1 }), json!({ "reports": vec![7; 101] })] {
            problem(&send(&mut line, &batch).await, 400, "bad-batch");
        }
        problem(
            &send(&mut line, &json!({ "reports": [unit("B9", "ng", 0.99)], "lot": 1 })).await,
            400,
            "bad-batch",
        );
    });
}

#[test]
fn without_its_credential_a_station_is_nobody() {
    run(async {
        let (house, id, credential) = factory().await;
        let report = unit("C1", "ng", 0.99);
        for wrong in [String::new(), "station_AAAA".to_owned(), credential.0.to_lowercase()] {
            let mut client = Client::new(&house).with("authorization", &format!("Bearer {wrong}"));
            let page = send(&mut client, &report).await;
            problem(&page, 401, "unknown-credential");
            assert!(page.header("www-authenticate").starts_with("Bearer"));
        }
        let mut line = station(&house, &credential);
        send(&mut line, &report).await.is(201);
        house.app.revoke_station(id).await.unwrap();
        problem(&send(&mut line, &report).await, 401, "unknown-credential");
        problem(&line.get("/api/v1/stations/self").await, 401, "unknown-credential");
        // It opens nothing else, and another's cookie opens nothing here.
        let mut other = station(&house, &credential);
        other.get("/me").await.is(303);
    });
}

#[test]
fn what_is_no_report_is_refused_within_bounds() {
    run(async {
        let (house, _, credential) = factory().await;
        let mut line = station(&house, &credential);
        let mut unknown = unit("D1", "ng", 0.99);
        unknown["colour"] = json!("green");
        let mut empty = unit("D1", "ng", 0.99);
        empty["serial"] = json!("");
        let missing = json!({ "item": "ex-incoming-board" });
        for report in [&unknown, &missing, &json!([]), &json!("x"), &json!(null), &empty] {
            problem(&send(&mut line, report).await, 422, "bad-report");
        }
        for body in ["", "{", "\u{0}", &"[".repeat(100_000)] {
            let page =
                line.send(Method::POST, INSPECTIONS, "application/json", Body::from(body.to_owned())).await;
            problem(&page, 422, "bad-report");
        }
        let large = Body::from(" ".repeat(2 * 1024 * 1024 + 1));
        problem(&line.send(Method::POST, INSPECTIONS, "application/json", large).await, 413, "too-large");
        let mut mine = unit("D2", "ng", 0.99);
        mine["item"] = json!("ex-lot-release");
        problem(&send(&mut line, &mine).await, 422, "unknown-item");
        let nowhere = format!("{INSPECTIONS}/01990000-0000-7000-8000-000000000001");
        problem(&line.get(&nowhere).await, 404, "not-found");
    });
}

#[test]
fn a_picture_is_its_hash_and_its_case_shows_it() {
    run(async {
        let (house, _, credential) = factory().await;
        let mut line = station(&house, &credential);
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0";
        let picture = [head.as_slice(), &[7; 40]].concat();
        let hex = store::sha256_hex(&picture);
        let place = format!("/api/v1/stations/pictures/{hex}");
        let put = |bytes: Vec<u8>| Body::from(bytes);
        line.send(Method::PUT, &place, "image/png", put(picture.clone())).await.is(201);
        line.send(Method::PUT, &place, "image/png", put(picture.clone())).await.is(200);
        problem(
            &line.send(Method::PUT, &place, "image/png", put(b"other".to_vec())).await,
            422,
            "wrong-digest",
        );
        let text = b"plain text".to_vec();
        let other = format!("/api/v1/stations/pictures/{}", store::sha256_hex(&text));
        problem(&line.send(Method::PUT, &other, "image/png", put(text)).await, 415, "bad-picture");
        let large = put(vec![0; 10 * 1024 * 1024 + 1]);
        problem(&line.send(Method::PUT, &place, "image/png", large).await, 413, "too-large");
        let mut report = unit("<b>E1</b>", "unsure", 0.5);
        report["test_picture"] = json!(hex);
        let told = read(&send(&mut line, &report).await.is(201));
        assert_eq!(told["wanted"], json!(["cd".repeat(32)]));
        let agency = demo_companies().remove(1).code;
        let mut desk = Client::new(&house);
        let clerk = format!("{agency}/{}", card(agency.as_str(), Post::Colleague).id);
        desk.post_bare("/signin/officer", &[("officer", &clerk), ("back", "/desk")]).await.goes_to("/desk");
        let case = format!("/desk/cases/{AREA}/{}", told["case"].as_str().unwrap());
        desk.get(&case).await.is(200).says("<b>E1</b>").says("示例·三号线工位").says("在两条线之间");
        let shown = desk.get(&format!("{case}/pictures/{hex}")).await.is(200);
        assert_eq!((shown.header("content-type"), shown.bytes.as_slice()), ("image/png", picture.as_slice()));
        assert!(shown.header("content-security-policy").contains("sandbox"));
        desk.get(&format!("{case}/pictures/{}", "cd".repeat(32))).await.is(404);
        Client::new(&house).get(&format!("{case}/pictures/{hex}")).await.is(303);
    });
}

#[test]
fn a_lot_says_what_it_lacks() {
    run(async {
        let (house, _, credential) = factory().await;
        let mut line = station(&house, &credential);
        let mut ask = async |wish: Value| {
            let body = Body::from(wish.to_string());
            line.send(Method::POST, "/api/v1/stations/lots", "application/json", body).await
        };
        let wish = json!({ "item": "ex-incoming-board", "lot": "L1", "size": 3 });
        let told = read(&ask(wish.clone()).await.is(200));
        assert_eq!((&told["reported"], &told["case"]), (&json!(0), &json!(null)));
        let mut hasty = wish.clone();
        hasty["as_it_is"] = json!(true);
        let told = read(&ask(hasty).await.is(201));
        assert_eq!(told["decision"], "review", "a person decides on what is lacking");
        let told = read(&ask(wish).await.is(200));
        assert_eq!((&told["decision"], &told["new"]), (&json!("review"), &json!(false)));
        problem(&ask(json!({ "item": "ex-nothing", "lot": "L1", "size": 3 })).await, 422, "unknown-item");
        problem(&ask(json!({ "item": "ex-incoming-board", "lot": "L1" })).await, 422, "bad-report");
    });
}

#[test]
fn an_organisation_registers_and_revokes_its_own() {
    run(async {
        let house = House::open(Setup { factory: true, ..Setup::default() }).await;
        let company = demo_companies().remove(1);
        let person = demo_people().into_iter().find(|person| person.number == company.legal).unwrap();
        let who = Citizen { name: person.name.to_owned(), number: person.number.reveal().to_owned() };
        let mut owner = who.sign_in(&house).await;
        owner.post("/me/organisations", &[("code", company.code.as_str())]).await.is(303);
        let organisation = owner.get("/me/organisations").await.link("/me/organisations/");
        let place = owner.get(&organisation).await.link("/stations");
        owner.get(&place).await.is(200).says(&zh("stations-none"));
        owner.post(&place, &[("name", " ")]).await.is(422).says(&zh("station-bad-name"));
        let shown = owner.post(&place, &[("name", "示例·三号线工位")]).await.is(200);
        let credential = |page: &Page| {
            let start = page.html.find("station_").expect("the credential is shown");
            StationCredential(page.html[start..start + 51].to_owned())
        };
        let first = credential(&shown);
        assert!(shown.header("cache-control").contains("no-store"));
        owner.post(&place, &[("name", "示例·三号线工位")]).await.is(422).says(&zh("station-name-taken"));
        owner.get(&place).await.is(200).never_says("station_").says(&zh("station-never"));
        send(&mut station(&house, &first), &unit("P1", "ng", 0.99)).await.is(201);
        let page = owner.get(&place).await.is(200).never_says(&zh("station-never"));
        let form = crate::kin::action(&page, "/replace");
        let second = credential(&owner.post(&form, &[]).await.is(200));
        problem(
            &send(&mut station(&house, &first), &unit("P2", "ng", 0.99)).await,
            401,
            "unknown-credential",
        );
        send(&mut station(&house, &second), &unit("P2", "ng", 0.99)).await.is(201);
        let (_, mut stranger) = citizen(&house).await;
        stranger.get(&place).await.is(404);
        stranger.post(&form, &[]).await.is(404);
        let revoke = form.replace("/replace", "/revoke");
        stranger.post(&revoke, &[]).await.is(404);
        owner.post_bare(&revoke, &[]).await.is(403);
        owner.post(&revoke, &[]).await.is(303);
        problem(
            &send(&mut station(&house, &second), &unit("P3", "ng", 0.99)).await,
            401,
            "unknown-credential",
        );
        owner.get(&place).await.is(200).never_says(&zh("station-replace"));
    });
}

#[test]
fn the_guide_of_such_an_item_has_nothing_to_press() {
    run(async {
        let (house, ..) = factory().await;
        let page = Client::new(&house).get("/items/ex-incoming-board").await.is(200).says(&zh("a-by-things"));
        assert!(!page.html.contains("/apply"), "nobody applies");
    });
}
