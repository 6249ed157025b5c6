//! What may happen to a case beside the straight way: suspensions, hearings, keys, two officers at once,
//! drafted notices, several claims, supervision and dead letters.

use identity::Post;

use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::person::{SHOP, act, at_desk, card, citizen, item, officer, submit};

const NOBODYS: &str = "01990000-0000-7000-8000-000000000001";

/// A case of a shop that was accepted: its applicant's page and the desk's, the applicant, an officer.
async fn accepted(house: &House) -> (String, String, Client, Client) {
    let (who, mut client) = citizen(house).await;
    let id = submit(&who, &mut client, SHOP).await;
    let case = at_desk(SHOP, &id);
    let mut desk = officer(house, SHOP, Post::Colleague).await;
    act(&mut desk, &case, "accept", &[]).await;
    (format!("/me/cases/{id}"), case, client, desk)
}

#[test]
fn a_suspension_stops_the_clock_and_is_told() {
    run(async {
        let (mine, case, mut client, mut desk) = accepted(house().await).await;
        let suspend = format!("{case}/suspend");
        let untold = [("reason", "testing"), ("words", "样品送检")];
        desk.post(&suspend, &untold).await.is(409).says(&zh("refusal-needed-time-required")).says("样品送检");
        let told = [("reason", "testing"), ("days", "10"), ("words", "样品送检")];
        act(&mut desk, &case, "suspend", &told).await;
        let page = client.get(&mine).await.is(200).says(&zh("status-suspended")).says("样品送检");
        page.says(&zh("special-testing")).says(&zh("clock-law-special"));
        let finding = [("reason", "meets"), ("words", "符合条件")];
        desk.post(&format!("{case}/review"), &finding).await.is(409).says(&zh("refusal-suspended"));
        act(&mut desk, &case, "resume", &[("words", "检测合格")]).await;
        client.get(&mine).await.is(200).says(&zh("status-in-review")).says("检测合格");
        desk.get(&case).await.is(200).says(&zh("clocks-title")).says(&zh("ending-stopped"));
        let (_, mut stranger) = citizen(house().await).await;
        stranger.get(&mine).await.is(404);
    });
}

#[test]
fn the_head_extends_once_and_nobody_else_does() {
    run(async {
        let (mine, case, mut client, mut desk) = accepted(house().await).await;
        let extend = format!("{case}/extend");
        let asked = |days| [("days", days), ("words", "情况复杂")];
        desk.post(&extend, &asked("10")).await.is(409).says(&zh("refusal-not-your-role"));
        let mut chief = officer(house().await, SHOP, Post::Chief).await;
        chief.post(&extend, &asked("11")).await.is(409).says(&zh("refusal-extension-too-long"));
        chief.post(&extend, &asked("十")).await.is(409);
        act(&mut chief, &case, "extend", &asked("10")).await;
        chief.post(&extend, &asked("5")).await.is(409).says(&zh("refusal-already-extended"));
        client.get(&mine).await.is(200).says(&zh("event-extended")).says("情况复杂");
    });
}

#[test]
fn a_hearing_is_the_applicants_to_ask_for_and_told_in_time() {
    run(async {
        let house = house().await;
        let (mine, case, mut client, mut desk) = accepted(house).await;
        client.post(&format!("{mine}/request-hearing"), &[]).await.is(409);
        act(&mut desk, &case, "suspend", &[("reason", "hearing"), ("words", "你有权要求听证")]).await;
        let words = [("words", "不等了")];
        desk.post(&format!("{case}/resume"), &words).await.is(409).says(&zh("refusal-hearing-right-runs"));
        desk.get(&case).await.is(200).says(&zh("light-theirs")).never_says(&zh("light-none"));
        client.get(&mine).await.is(200).says(&zh("wanted-hearing")).says("你有权要求听证");
        let (_, mut stranger) = citizen(house).await;
        stranger.post(&format!("{mine}/request-hearing"), &[]).await.is(404);
        let done = format!("{mine}?notice=done");
        client.post(&format!("{mine}/request-hearing"), &[]).await.goes_to(&done);
        client.post(&format!("{mine}/waive-hearing"), &[]).await.is(409);
        let host = card(&item(SHOP).agency, Post::Head).id.to_string();
        let on = |date| [("date", date), ("host", host.as_str()), ("words", "示例路9号，上午九点")];
        let schedule = format!("{case}/schedule-hearing");
        let soon =
            desk.post(&schedule, &on("2026-09-10")).await.is(409).says(&zh("refusal-hearing-too-soon"));
        let form = soon.never_says(&card(&item(SHOP).agency, Post::Operator).name).source();
        for kept in ["value=\"2026-09-10\"", &format!("<option value=\"{host}\" selected")] {
            assert!(form.contains(kept), "{kept} is gone");
        }
        desk.post(&schedule, &on("2026-12-10")).await.is(409).says(&zh("refusal-hearing-too-late"));
        act(&mut desk, &case, "schedule-hearing", &on("2026-09-21")).await;
        client.get(&mine).await.is(200).says("2026年9月21日").says("示例路9号");
    });
}

#[test]
fn a_hearing_without_a_day_is_the_desks_to_do_and_other_waits_are_not() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (mine, case, mut client, mut desk) = accepted(&house).await;
        act(&mut desk, &case, "suspend", &[("reason", "hearing"), ("words", "你有权要求听证")]).await;
        for (place, there) in [("/desk", false), ("/desk?view=unclaimed", false), ("/desk?tab=waiting", true)]
        {
            assert_eq!(desk.get(place).await.is(200).links().contains(&case), there, "{place}");
        }
        client.post(&format!("{mine}/request-hearing"), &[]).await.is(303);
        let queue = desk.get("/desk").await.is(200);
        queue.link(&case);
        let due = queue.says(&zh("special-hearing"));
        assert!(due.words().contains("2026年10月"), "its light is the time to hold it:\n{}", due.words());
        assert!(!desk.get("/desk?tab=waiting").await.is(200).links().contains(&case));
        let host = card(&item(SHOP).agency, Post::Head).id.to_string();
        let on = [("date", "2026-09-21"), ("host", host.as_str()), ("words", "示例路9号，上午九点")];
        act(&mut desk, &case, "schedule-hearing", &on).await;
        desk.get("/desk?tab=waiting").await.is(200).link(&case);
    });
}

#[test]
fn a_form_sent_twice_is_answered_and_not_done_twice() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        let keyed = [("once", "life-key-1")];
        for _ in 0..3 {
            act(&mut desk, &case, "accept", &keyed).await;
        }
        desk.post(&format!("{case}/accept"), &[]).await.is(409).says(&zh("refusal-wrong-step"));
        // The same key with something else, on the same form or on another.
        let other = [("once", "life-key-1"), ("words", "另一份")];
        desk.post(&format!("{case}/accept"), &other).await.is(409).says(&zh("error-409-title"));
        desk.post(&format!("{case}/claim"), &keyed).await.is(409).says(&zh("error-409-title"));
        // Somebody else's key of the same name is another key.
        let mut clerk = officer(house, SHOP, Post::Clerk).await;
        act(&mut clerk, &case, "claim", &keyed).await;
        let mut header = clerk.clone().with("idempotency-key", "life-key-2");
        act(&mut header, &case, "release", &[]).await;
        act(&mut header, &case, "release", &[]).await;
        clerk.post(&format!("{case}/release"), &[]).await.is(409);
        let long = "k".repeat(300);
        clerk.post(&format!("{case}/claim"), &[("once", &long)]).await.is(400);
    });
}

#[test]
fn whoever_was_slower_is_told_who_did_what_and_keeps_their_words() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut slow = officer(house, SHOP, Post::Clerk).await;
        let source = slow.get(&case).await.is(200).source();
        let (_, seen) = source.split_once("name=\"seen\" value=\"").unwrap();
        let seen = seen.split('"').next().unwrap().to_owned();
        let mut fast = officer(house, SHOP, Post::Colleague).await;
        act(&mut fast, &case, "accept", &[]).await;
        let late = [("seen", seen.as_str()), ("material", "m2"), ("words", "布局图看不清")];
        let page = slow.post(&format!("{case}/ask-correction"), &late).await.is(409);
        let name = card(&item(SHOP).agency, Post::Colleague).name;
        page.says(&zh("conflict-title")).says(&name).says(&zh("event-accepted")).says("布局图看不清");
    });
}

#[test]
fn a_drafted_notice_comes_filled_in_and_can_be_changed() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        let link = desk.get(&case).await.is(200).link("template=correction-materials");
        let (place, _) = link.split_once('#').unwrap();
        let page = desk.get(place).await.is(200).source();
        let (_, text) = page.split_once("id=\"w-ask-correction\"").unwrap();
        let (text, _) = text.split_once("</textarea>").unwrap();
        let masked = web::view::format::masked_name(&who.name);
        for words in [masked.as_str(), item(SHOP).name.get(domain::Lang::Zh)] {
            assert!(text.contains(words), "{words} is not in {text}");
        }
        assert!(!text.contains('{'), "{text}");
        desk.get(&format!("{case}?template=no-such")).await.is(200);
        // A blank that nobody filled in goes to nobody; what was chosen and typed stays.
        act(&mut desk, &case, "accept", &[]).await;
        let open = format!("需要检测{}", casework::BLANK);
        let blank = [("reason", "testing"), ("days", "10"), ("words", open.as_str())];
        let page = desk.post(&format!("{case}/suspend"), &blank).await.is(409);
        let form = page.says(&zh("refusal-blank-left")).says(&open).source();
        for kept in ["value=\"testing\" checked", "name=\"days\" value=\"10\""] {
            assert!(form.contains(kept), "{kept} is gone");
        }
    });
}

#[test]
fn several_cases_are_claimed_at_once() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let first = submit(&who, &mut client, SHOP).await;
        let second = submit(&who, &mut client, SHOP).await;
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        let picked = [("case", first.as_str()), ("case", second.as_str()), ("case", NOBODYS)];
        desk.post("/desk/claim", &picked).await.goes_to("/desk?view=mine&claimed=2");
        let mine = desk.get("/desk?view=mine&claimed=2").await.is(200);
        for id in [&first, &second] {
            mine.link(id);
        }
        let mut clerk = officer(&house, SHOP, Post::Clerk).await;
        let answer = clerk.post("/desk/claim", &picked[..1]).await.is(303);
        let place = answer.location().unwrap().to_owned();
        clerk.get(&place).await.is(200).says(&zh("refusal-claimed-by-other"));
        client.post("/desk/claim", &picked).await.is(303);
        desk.post_bare("/desk/claim", &picked).await.is(403);
    });
}

#[test]
fn supervision_and_dead_letters_are_for_their_roles() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (mine, case, mut client, mut desk) = accepted(&house).await;
        let finding = [("reason", "meets"), ("words", "符合全部条件")];
        act(&mut desk, &case, "review", &finding).await;
        let mut second = officer(&house, SHOP, Post::Clerk).await;
        act(&mut second, &case, "review", &finding).await;
        let mut head = officer(&house, SHOP, Post::Head).await;
        act(&mut head, &case, "refuse", &[("reason", "conditions-not-met"), ("words", "不行")]).await;
        let told = client.get(&mine).await.is(200).says(&zh("status-closed-refused")).words();
        let at = |key: &str| told.find(&zh(key)).unwrap();
        assert!(at("remedies") < at("wanted-rate"), "what was decided stands before the question about it");
        let mut chief = officer(&house, SHOP, Post::Chief).await;
        let cards = chief.get("/desk/supervision").await.is(200).says(&zh("card-refused-qualified"));
        cards.says(&zh("card-no-reasons")).says(&zh("colour-red")).link(&case);
        let mut operator = officer(&house, SHOP, Post::Operator).await;
        operator.get("/desk/dead-letters").await.is(200).says(&zh("dead-empty"));
        for (who, other) in [(&mut desk, "/desk/supervision"), (&mut chief, "/desk/dead-letters")] {
            who.get(other).await.is(403);
        }
        operator.get("/desk/supervision").await.is(403);
        for verb in ["retry", "give-up"] {
            let place = format!("/desk/dead-letters/{NOBODYS}/{verb}");
            chief.post(&place, &[("words", "x")]).await.is(403);
            operator.post_bare(&place, &[("words", "x")]).await.is(403);
        }
    });
}
