//! From the guide to the rating, over HTTP, as people do it.

use app::sample_pdf;
use identity::Post;

use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::page::Page;
use crate::person::{SHOP, act, at_desk, citizen, officer, submit};

const MEETS: [(&str, &str); 2] = [("reason", "meets"), ("words", "材料齐全，符合条件")];

#[test]
fn from_application_to_rating_with_a_correction_on_the_way() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let (mine, case) = (format!("/me/cases/{id}"), at_desk(SHOP, &id));
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        act(&mut desk, &case, "claim", &[]).await;

        let asked = [("material", "m2"), ("words", "布局图看不清，请重新拍")];
        act(&mut desk, &case, "ask-correction", &asked).await;
        let page = client.get(&mine).await.is(200).says(&zh("wanted-correction"));
        let page = page.says("布局图看不清，请重新拍").says(&zh("clock-stopped"));
        assert!(page.html.contains("id=\"m-m2\""));
        desk.post(&format!("{case}/accept"), &[]).await.is(409);
        desk.post(&format!("{case}/ask-correction"), &asked).await.is(409);

        let correct = format!("{mine}/correct");
        let bad = client.upload(&correct, &[("note", "换了一张")], &[("file-m2", "图.exe", b"MZ\x90")]).await;
        bad.is(422).says("图.exe").says("换了一张");
        client.get(&mine).await.is(200).says(&zh("status-awaiting-correction"));
        let sent =
            client.upload(&correct, &[("note", "换了一张")], &[("file-m2", "新图.pdf", sample_pdf())]).await;
        sent.goes_to(&format!("{mine}?notice=corrected"));
        client.get(&mine).await.is(200).says(&zh("status-received")).says("新图.pdf");
        let seen = desk.get(&case).await.is(200).says("新图.pdf").says("换了一张");
        assert!(
            !seen.source().contains(&format!("action=\"{case}/ask-correction\"")),
            "asked once, all at once"
        );
        desk.post(&format!("{case}/ask-correction"), &asked)
            .await
            .is(409)
            .says(&zh("refusal-already-corrected-once"));

        act(&mut desk, &case, "accept", &[]).await;
        act(&mut desk, &case, "review", &MEETS).await;
        let mut second = officer(&house, SHOP, Post::Clerk).await;
        act(&mut second, &case, "review", &MEETS).await;
        let mut head = officer(&house, SHOP, Post::Head).await;
        act(&mut head, &case, "grant", &[]).await;
        client.post(&format!("{mine}/withdraw"), &[]).await.is(409).says(&zh("refusal-already-decided"));
        house.work().await;

        let done = client.get(&mine).await.is(200).says(&zh("status-closed-granted"));
        let done = done.says(&zh("result-title-granted")).says("-R1");
        let rate = done.link("/rate");
        client
            .post(&rate, &[("level", "1"), ("words", "很快")])
            .await
            .goes_to(&format!("{mine}?notice=rated"));
        client.get(&mine).await.is(200).says(&zh("rating-1"));
        client.post(&rate, &[("level", "5")]).await.is(409);
        every_message_reads_well(&mut client, 5).await;
        let verified = house.app.verify(&|_, _| {}).await.unwrap();
        assert_eq!((verified.cases, verified.faults.len()), (1, 0), "{:?}", verified.faults);
        in_english(&mut client, &[&mine, &format!("{mine}/receipt"), "/me", "/me/messages"]).await;
        in_english(&mut desk, &[&case, "/desk"]).await;
    });
}

#[test]
fn a_refusal_gives_its_reasons_and_the_ways_to_challenge_it() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let (mine, case) = (format!("/me/cases/{id}"), at_desk(SHOP, &id));
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        act(&mut desk, &case, "accept", &[]).await;
        let finding = [("reason", "does-not-meet"), ("words", "厨房没有隔开")];
        act(&mut desk, &case, "review", &finding).await;
        let mut second = officer(&house, SHOP, Post::Clerk).await;
        act(&mut second, &case, "review", &finding).await;
        let mut head = officer(&house, SHOP, Post::Head).await;
        let refuse = format!("{case}/refuse");
        head.post(&refuse, &[("words", "厨房面积不够")]).await.is(409).says(&zh("refusal-reasons-required"));
        let ground = ("reason", "conditions-not-met");
        head.post(&refuse, &[ground]).await.is(409).says(&zh("refusal-reasons-required"));
        act(&mut head, &case, "refuse", &[ground, ("words", "厨房面积不够")]).await;
        house.work().await;
        let page = client.get(&mine).await.is(200).says(&zh("status-closed-refused"));
        let page = page.says(&zh("reason-conditions-not-met")).says("厨房面积不够").says(&zh("remedies"));
        for way in ["行政复议", "六十日", "行政诉讼", "六个月"] {
            assert!(page.words().contains(way), "{way}");
        }
        assert!(!page.words().contains(&zh("result-title-granted")));
        every_message_reads_well(&mut client, 3).await;
        client.post(&format!("{mine}/rate"), &[("level", "4")]).await.is(303);
        client.set_cookie("lang", "en");
        client.get(&mine).await.is(200).says("reconsideration").says("厨房面积不够");
    });
}

#[test]
fn what_need_not_be_applied_for_and_what_is_not_ours_is_told_with_words() {
    run(async {
        let house = House::open(Setup::default()).await;
        for (action, status) in
            [("not-needed", "status-closed-not-needed"), ("not-ours", "status-closed-not-ours")]
        {
            let (who, mut client) = citizen(&house).await;
            let id = submit(&who, &mut client, SHOP).await;
            let mut desk = officer(&house, SHOP, Post::Colleague).await;
            act(&mut desk, &at_desk(SHOP, &id), action, &[("words", "请到示例区窗口")]).await;
            house.work().await;
            let page = client.get(&format!("/me/cases/{id}")).await.is(200).says(&zh(status));
            page.says("请到示例区窗口");
            every_message_reads_well(&mut client, 2).await;
        }
    });
}

#[test]
fn silence_beyond_the_period_counts_as_acceptance_on_every_page() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, SHOP).await;
        house.clock.advance(8 * 86_400);
        assert_eq!(house.app.lapse_due().await.unwrap(), 1);
        house.work().await;
        who.enter(&mut client).await;
        client.get(&format!("/me/cases/{id}")).await.is(200).says(&zh("event-deemed-accepted"));
        every_message_reads_well(&mut client, 2).await;
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        let words = [("words", "太晚了")];
        desk.post(&format!("{}/ask-correction", at_desk(SHOP, &id)), &words).await.is(409);
    });
}

/// Opens every message, in both languages.
async fn every_message_reads_well(client: &mut Client, count: usize) {
    let list = client.get("/me/messages").await.is(200);
    let ways: Vec<String> =
        list.links().into_iter().filter(|link| link.starts_with("/me/messages/")).collect();
    assert_eq!(ways.len(), count, "{}", list.words());
    for lang in ["en", "zh"] {
        client.set_cookie("lang", lang);
        for way in &ways {
            client.get(way).await.is(200).says("440000-2026");
        }
    }
}

async fn in_english(client: &mut Client, paths: &[&str]) {
    client.set_cookie("lang", "en");
    for path in paths {
        let page: Page = client.get(path).await.is(200);
        page.holds("<html lang=\"en\"");
    }
}
