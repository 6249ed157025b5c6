//! 一件事 in the browser: what is shown of a joint case while one of its parts stands still.

use casework::{Actor, Status};
use domain::CaseId;
use identity::Post;
use web::view::Arg;

use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::person::{act, at_desk, card, citizen, officer, submit};

const JOINT: &str = "ex-open-restaurant";

/// An officer of any agency, signed in.
async fn of_agency(house: &House, agency: &str, post: Post) -> Client {
    let mut client = Client::new(house);
    let id = format!("{agency}/{}", card(agency, post).id);
    client.post_bare("/signin/officer", &[("officer", &id), ("back", "/desk")]).await.goes_to("/desk");
    client
}

const MEETS: [(&str, &str); 2] = [("reason", "meets"), ("words", "条件符合")];

#[test]
fn one_refusal_among_three_is_told_as_it_is() {
    run(async {
        let house = House::open(Setup::default()).await;
        let who = crate::person::Citizen::new();
        let mut client = who.sign_in(&house).await;
        let id = submit(&who, &mut client, JOINT).await;
        let mut desk = officer(&house, JOINT, Post::Colleague).await;
        act(&mut desk, &at_desk(JOINT, &id), "accept", &[]).await;
        house.work().await;
        let joint = CaseId(id.parse().unwrap());
        let parts = house.app.open_case("440000", joint, &Actor::System).await.unwrap().case.branches;
        for part in &parts {
            let place = format!("/desk/cases/{}/{}", part.area, part.case);
            let mut first = of_agency(&house, &part.agency, Post::Colleague).await;
            act(&mut first, &place, "accept", &[]).await;
            act(&mut first, &place, "review", &MEETS).await;
            let mut second = of_agency(&house, &part.agency, Post::Clerk).await;
            act(&mut second, &place, "review", &MEETS).await;
            let mut head = of_agency(&house, &part.agency, Post::Head).await;
            if part.branch == parts[0].branch {
                let refused = [("reason", "conditions-not-met"), ("words", "不符合：厨房面积不够")];
                act(&mut head, &place, "refuse", &refused).await;
            } else {
                act(&mut head, &place, "grant", &[]).await;
            }
        }
        for _ in 0..4 {
            house.work().await;
        }
        let file = house.app.open_case("440000", joint, &Actor::System).await.unwrap();
        assert_eq!(file.case.status, Status::Closed(casework::Outcome::NotAllGranted));
        let granted = (parts.len() - 1).to_string();
        let args = [("granted", Arg::from(granted.as_str())), ("refused", Arg::from("1"))];
        let tally = crate::house::views().text(domain::Lang::Zh, "joint-tally", &args);
        let page = client.get(&format!("/me/cases/{id}")).await.is(200).says(&tally);
        page.says(&zh("joint-closing-title")).never_says(&zh("result-title-granted"));
    });
}

#[test]
fn a_part_is_called_by_its_name_and_its_documents_by_theirs() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, JOINT).await;
        let mut desk = officer(&house, JOINT, Post::Colleague).await;
        act(&mut desk, &at_desk(JOINT, &id), "accept", &[]).await;
        house.work().await;
        let joint = CaseId(id.parse().unwrap());
        let file = house.app.open_case("440000", joint, &Actor::System).await.unwrap();
        let fire = file.case.branches.iter().find(|part| part.branch == "fire").unwrap().clone();
        let name = app::part_title(&file.definition, "fire").get(domain::Lang::Zh).to_owned();
        let mut inspector = of_agency(&house, &fire.agency, Post::Colleague).await;
        for page in [inspector.get("/desk").await, client.get("/me").await, client.get("/me/messages").await]
        {
            page.is(200).says(&name).never_says("~fire");
        }
        let part = format!("/desk/cases/440000/{}", fire.case);
        inspector.get(&part).await.is(200).says("材料.pdf");
        client.get(&format!("/me/cases/{}", fire.case)).await.is(200).says("材料.pdf");
    });
}

#[test]
fn a_part_that_stands_still_stops_the_whole_and_no_day_is_promised() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, JOINT).await;
        let mut desk = officer(&house, JOINT, Post::Colleague).await;
        act(&mut desk, &at_desk(JOINT, &id), "accept", &[]).await;
        house.work().await;
        let joint = CaseId(id.parse().unwrap());
        let file = house.app.open_case("440000", joint, &Actor::System).await.unwrap();
        assert_eq!(file.case.status, Status::WithAgencies);
        let fire = file.case.branches.iter().find(|part| part.branch == "fire").unwrap().clone();
        let promised = web::view::format::date(file.case.clock.as_ref().unwrap().last_day, domain::Lang::Zh);
        let mine = format!("/me/cases/{id}");
        let rail = |page: &crate::page::Page| {
            let source = page.source();
            let (_, rail) = source.split_once("<aside class=\"rail\">").unwrap();
            rail.split_once("</aside>").unwrap().0.to_owned()
        };
        assert!(rail(&client.get(&mine).await.is(200)).contains(&promised));

        let part = format!("/desk/cases/440000/{}", fire.case);
        let mut inspector = of_agency(&house, &fire.agency, Post::Colleague).await;
        act(&mut inspector, &part, "accept", &[]).await;
        let needed = [("reason", "inspection"), ("days", "9"), ("words", "现场检验")];
        act(&mut inspector, &part, "suspend", &needed).await;
        house.work().await;
        let page = client.get(&mine).await.is(200).says(&zh("held-part")).says(&zh("special-inspection"));
        let page = page.says(&zh("clock-stopped")).says(&zh("event-part-held"));
        assert!(!rail(&page).contains(&promised), "no day is promised that cannot hold");
        let seen = desk.get(&at_desk(JOINT, &id)).await.is(200);
        seen.says(&zh("held-part")).says(&zh("special-inspection")).says(&zh("light-still"));
        desk.get("/desk?tab=waiting").await.is(200).says(&zh("special-inspection"));
        assert!(!desk.get("/desk").await.is(200).links().contains(&at_desk(JOINT, &id)));

        act(&mut inspector, &part, "resume", &[("words", "检验完了")]).await;
        house.work().await;
        let page = client.get(&mine).await.is(200).never_says(&zh("held-part")).says(&zh("event-part-freed"));
        assert!(rail(&page).contains(&promised), "it took less than a day");
    });
}

#[test]
fn the_guide_and_the_check_page_name_the_agencies_that_get_a_part() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let guide = client.get(&format!("/items/{JOINT}")).await.is(200);
        let draft = crate::person::fill(&who, &mut client, JOINT).await;
        let check = client.get(&format!("{draft}/check")).await.is(200);
        let catalogue = crate::house::catalogue().0;
        let procedure = catalogue.procedure("opening-a-restaurant").unwrap();
        for branch in procedure.steps.iter().flat_map(|step| &step.branches) {
            let agency = &catalogue.agency(&branch.agency).unwrap().name.zh;
            for page in [&guide, &check] {
                assert!(page.words().contains(agency.as_str()), "{agency}");
                assert!(page.words().contains(branch.title.zh.as_str()), "{}", branch.branch);
            }
        }
        let act = &procedure.law.act.zh;
        let source = guide.source();
        let (_, laws) = source.split_once(&format!("<h2>{}</h2>", zh("law"))).unwrap();
        let list = laws.split_once("</ul>").unwrap().0;
        assert_eq!(list.matches(act.as_str()).count(), 1, "one act stands once");
        client.get("/items/ex-small-restaurant").await.is(200).never_says(&zh("recipients-title"));
    });
}
