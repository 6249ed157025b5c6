//! `/desk/line…`: the light, the lots, and one lot, for the officers of its own agency.

use app::{Report, StationCredential};
use domain::Lang;
use identity::{Post, demo_companies};
use serde_json::json;

use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::person::{card, citizen};

const BOARD: &str = "ex-incoming-board";

async fn factory() -> (House, StationCredential) {
    let house = House::open(Setup { factory: true, ..Setup::default() }).await;
    let code = demo_companies().remove(1).code;
    house.app.register_organisation_by_hand(&code, "示例·远航电子科技有限公司").await.unwrap();
    let (_, credential) = house.app.register_station(&code, "示例·三号线工位", None).await.unwrap();
    (house, credential)
}

async fn report(house: &House, credential: &StationCredential, serial: &str, lot: &str, judged: &str) {
    let score = match judged {
        "ok" => 0.0,
        "ng" => 0.995,
        _ => 0.5,
    };
    let findings = json!([
        { "class": "open", "score": score, "x": 100, "y": 200, "width": 30, "height": 40 },
        { "class": "scratch<1>".replace(['<', '>'], "-"), "score": score, "x": 10, "y": 20, "width": 3, "height": 4 },
    ]);
    let report: Report = serde_json::from_value(json!({
        "item": BOARD, "serial": serial, "lot": lot, "recipe": "r", "judged": judged, "score": score,
        "model": "synth-1", "findings": if judged == "ng" { findings } else { json!([]) },
        "test_picture": "ab".repeat(32), "template_picture": "cd".repeat(32),
    }))
    .unwrap();
    let station = house.app.station(&credential.0).await.unwrap();
    house.app.inspect(&station, &report).await.unwrap();
}

async fn at_desk(house: &House, post: Post) -> Client {
    let agency = demo_companies().remove(1).code;
    let id = format!("{agency}/{}", card(agency.as_str(), post).id);
    let mut desk = Client::new(house);
    desk.post_bare("/signin/officer", &[("officer", &id), ("back", "/desk")]).await.goes_to("/desk");
    desk
}

#[test]
fn the_light_says_how_the_line_runs() {
    run(async {
        let (house, credential) = factory().await;
        let mut desk = at_desk(&house, Post::Clerk).await;
        desk.get("/desk").await.is(200).says(&zh("tab-line"));
        desk.get("/desk/line").await.is(200).says(&zh("line-nothing-yet")).says(&zh("line-never-reported"));
        let light = format!("/desk/line?item={BOARD}");
        report(&house, &credential, "A<1>", "L-1", "ng").await;
        let page = desk.get(&light).await.is(200);
        let page =
            page.says(&zh("line-light-ng")).says("A<1>").says("示例·三号线工位").says(&zh("line-runs"));
        assert!(page.html.contains("http-equiv=\"refresh\" content=\"30\""), "{}", page.html);
        house.clock.advance(60);
        report(&house, &credential, "A2", "L-1", "unsure").await;
        let page = desk.get(&format!("{light}&still=1")).await.is(200);
        let page = page.says(&zh("line-light-waiting")).says("A2");
        assert!(!page.html.contains("http-equiv=\"refresh\""), "it is held");
        // Silence is said.
        house.clock.advance(16 * 60);
        desk.get(&light).await.is(200).says(&zh("line-silent"));
        desk.get("/desk/line?item=ex-end-of-line-die").await.is(200).says(&zh("line-none-today"));
    });
}

#[test]
fn a_lot_shows_its_defects() {
    run(async {
        let (house, credential) = factory().await;
        let mut desk = at_desk(&house, Post::Head).await;
        desk.get("/desk/line/lots").await.is(200).says(&zh("line-no-lots"));
        let odd = "L/1?&<..";
        for n in 0..3 {
            report(&house, &credential, &format!("B{n}"), odd, "ng").await;
        }
        report(&house, &credential, "B9", odd, "unsure").await;
        let lots = desk.get("/desk/line/lots").await.is(200);
        let lots = lots.says("L/1?&<..").says(&zh("line-release-none"));
        let lot = lots.link("/desk/line/lot?").replace("&amp;", "&");
        let page = desk.get(&lot).await.is(200);
        let page = page.says("L/1?&<..").says(&zh("line-pareto")).says(&zh("defect-open")).says("scratch-1-");
        assert_eq!(page.html.matches("<svg class=\"chart\"").count(), 2);
        assert_eq!(page.html.matches("class=\"k k").count(), 6, "each finding is a box");
        assert_eq!(
            page.html.matches(">B0<").count() + page.html.matches(">B9<").count(),
            2,
            "units are linked"
        );
        let one = desk.get(&format!("{lot}&class=open")).await.is(200);
        assert_eq!(one.html.matches("class=\"k k").count(), 3, "one class alone");
        let csv = page.link("/desk/line/lot/units.csv").replace("&amp;", "&");
        assert!(desk.get(&csv).await.is(200).html.contains("B0"), "the lot as a file");
        desk.get(&format!("{lot}&class=nothing")).await.is(200);
        desk.get("/desk/line/lot?item=ex-incoming-board&lot=L-9").await.is(404);
        desk.get("/desk/line/lot?item=ex-nothing&lot=L-1").await.is(404);
        desk.get("/desk/line/lot").await.is(404);
        let english = desk.get(&format!("/preferences?lang=en&back={}", "/desk/line/lots")).await;
        english.is(303);
        let text = house_text("line-lots");
        desk.get("/desk/line/lots").await.is(200).says(&text);
    });
}

fn house_text(key: &str) -> String {
    web::view::Views::new().unwrap().text(Lang::En, key, &[])
}

#[test]
fn a_line_is_shown_to_its_own_officers() {
    run(async {
        let (house, credential) = factory().await;
        report(&house, &credential, "C1", "L-1", "ng").await;
        let pages = ["/desk/line", "/desk/line/lots", "/desk/line/lot?item=ex-incoming-board&lot=L-1"];
        for post in [Post::Clerk, Post::Colleague, Post::Head, Post::Chief] {
            let mut desk = at_desk(&house, post).await;
            for page in pages {
                desk.get(page).await.is(200);
            }
        }
        let mut operator = at_desk(&house, Post::Operator).await;
        let (_, mut someone) = citizen(&house).await;
        for page in pages {
            operator.get(page).await.is(403);
            someone.get(page).await.is(303);
            Client::new(&house).get(page).await.is(303);
        }
        let desk = operator.get("/desk").await.is(200);
        assert!(!desk.html.contains("/desk/line"), "no tab leads where nobody gets");
    });
}
