//! A lot as a file: of the agency's officers who see its line, and of the station that reported it.

use app::StationCredential;
use axum::body::Body;
use axum::http::Method;
use identity::{Post, demo_companies};
use serde_json::{Value, json};

use crate::client::Client;
use crate::house::{House, Setup, run};
use crate::person::{card, citizen};

const ASKED: &str = "item=ex-incoming-board&lot=L%2F1%3D%22";
const LOT: &str = "L/1=\"";

async fn factory() -> (House, StationCredential) {
    let house = House::open(Setup { factory: true, ..Setup::default() }).await;
    let code = demo_companies().remove(1).code;
    house.app.register_organisation_by_hand(&code, "示例·远航电子科技有限公司").await.unwrap();
    let (_, credential) = house.app.register_station(&code, "示例·三号线工位", None).await.unwrap();
    let mut line = station(&house, &credential);
    let report = json!({
        "item": "ex-incoming-board", "serial": "=HYPERLINK(1)", "lot": LOT, "recipe": "r", "judged": "ng", "score": 0.999,
        "model": "m", "findings": [{"class": "open", "score": 0.999, "x": 1, "y": 2, "width": 3, "height": 4}],
        "test_picture": "ab".repeat(32), "template_picture": "cd".repeat(32),
    });
    let body = Body::from(report.to_string());
    line.send(Method::POST, "/api/v1/stations/inspections", "application/json", body).await.is(201);
    (house, credential)
}

fn station(house: &House, credential: &StationCredential) -> Client {
    Client::new(house).with("authorization", &format!("Bearer {}", credential.0))
}

async fn officer(house: &House, agency: &str, post: Post) -> Client {
    let mut desk = Client::new(house);
    let id = format!("{agency}/{}", card(agency, post).id);
    desk.post_bare("/signin/officer", &[("officer", &id), ("back", "/desk")]).await.goes_to("/desk");
    desk
}

#[test]
fn each_format_is_an_attachment_of_its_type() {
    run(async {
        let (house, credential) = factory().await;
        let agency = demo_companies().remove(1).code;
        let desk = officer(&house, agency.as_str(), Post::Clerk).await;
        let own = station(&house, &credential);
        for (mut asks, place) in [(desk, "/desk/line/lot"), (own, "/api/v1/stations/lots")] {
            let csv = asks.get(&format!("{place}/units.csv?{ASKED}")).await.is(200);
            assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
            assert_eq!(
                csv.header("content-disposition"),
                "attachment; filename*=UTF-8''L%2F1%3D%22.units.csv"
            );
            assert!(csv.header("content-security-policy").contains("sandbox"));
            assert!(csv.header("cache-control").contains("no-store"));
            let text = String::from_utf8(csv.bytes.clone()).unwrap();
            assert!(text.starts_with('\u{feff}') && text.contains("\"'=HYPERLINK(1)\""), "{text}");
            let cfx = asks.get(&format!("{place}/units.cfx.json?{ASKED}")).await.is(200);
            let message: Value = serde_json::from_slice(&cfx.bytes).unwrap();
            assert_eq!(message["MessageName"], "CFX.Production.TestAndInspection.UnitsInspected");
            assert_eq!(message["MessageBody"]["InspectedUnits"][0]["UnitIdentifier"], "=HYPERLINK(1)");
            let map = asks.get(&format!("{place}/units.e142.xml?{ASKED}")).await.is(200);
            assert_eq!(map.header("content-type"), "application/xml");
            let text = String::from_utf8(map.bytes.clone()).unwrap();
            assert!(text.contains("<LotId>L/1=&quot;</LotId>") && text.ends_with("</MapData>\n"), "{text}");
            asks.get(&format!("{place}/units.pdf?{ASKED}")).await.is(404);
            asks.get(&format!("{place}/units.csv?item=ex-incoming-board&lot=L2")).await.is(404);
        }
    });
}

#[test]
fn nobody_else_gets_one() {
    run(async {
        let (house, credential) = factory().await;
        let agency = demo_companies().remove(1).code;
        let desk = format!("/desk/line/lot/units.csv?{ASKED}");
        let api = format!("/api/v1/stations/lots/units.csv?{ASKED}");
        officer(&house, agency.as_str(), Post::Operator).await.get(&desk).await.is(403);
        let (_, mut person) = citizen(&house).await;
        person.get(&desk).await.is(303);
        Client::new(&house).get(&desk).await.is(303);
        // No session opens the one, and no credential the other.
        officer(&house, agency.as_str(), Post::Clerk).await.get(&api).await.is(401);
        station(&house, &credential).get(&desk).await.is(303);
        Client::new(&house).get(&api).await.is(401);
        let (_, second) = house.app.register_station(&agency, "示例·四号线工位", None).await.unwrap();
        station(&house, &second).get(&api).await.is(404);
        let other = api.replace("ex-incoming-board", "ex-nothing");
        station(&house, &credential).get(&other).await.is(422);
    });
}
