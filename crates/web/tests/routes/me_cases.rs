//! `/me` and `/me/cases/{id}`

use identity::Post;

use crate::house::{house, run, zh};
use crate::person::{
    CARD, SHOP, act, at_desk, begin, citizen, fill, fill_without, hand_in, item, officer, submit,
};

#[test]
fn mine_lists_drafts_and_cases() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        client.get("/me").await.is(200);
        let id = submit(&who, &mut client, SHOP).await;
        let draft = begin(&mut client, CARD).await;
        let mine = client.get("/me").await.is(200).says(&zh("status-received"));
        mine.link(&format!("/me/cases/{id}"));
        mine.link(&draft);
        let (_, mut other) = citizen(house).await;
        let theirs = other.get("/me").await.is(200);
        assert!(!theirs.links().iter().any(|link| link.contains(&id) || link.contains(&draft)));
    });
}

#[test]
fn a_receipt_says_what_was_received_and_masks_who() {
    run(async {
        let (who, mut client) = citizen(house().await).await;
        let id = submit(&who, &mut client, SHOP).await;
        let page = client.get(&format!("/me/cases/{id}/receipt?fresh=1")).await.is(200).says("材料.pdf");
        assert!(!page.html.contains(&who.number));
        assert!(page.words().contains("440000-20260907-"), "{}", page.words());
        // 行政许可法 art. 32: five working days from Monday 7 September
        assert!(page.words().contains("2026年9月14日"), "{}", page.words());
    });
}

#[test]
fn anothers_case_looks_like_none() {
    run(async {
        let house = house().await;
        let (who, mut owner) = citizen(house).await;
        let id = submit(&who, &mut owner, SHOP).await;
        let (_, mut other) = citizen(house).await;
        let file = at_desk(SHOP, &id);
        let mut desk = officer(house, SHOP, Post::Head).await;
        let file = desk.get(&file).await.is(200).link("/files/");
        let file = file.rsplit_once('/').unwrap().1;
        let none = "01990000-0000-7000-8000-000000000001";
        for rest in ["", "/receipt", "/rate", &format!("/files/{file}")] {
            let theirs = other.get(&format!("/me/cases/{id}{rest}")).await.is(404);
            let nobodys = other.get(&format!("/me/cases/{none}{rest}")).await.is(404);
            assert_eq!(theirs.words(), nobodys.words(), "{rest}");
        }
        for rest in ["/withdraw", "/rate"] {
            other.post(&format!("/me/cases/{id}{rest}"), &[("level", "5")]).await.is(404);
        }
        other.upload(&format!("/me/cases/{id}/correct"), &[("note", "x")], &[]).await.is(404);
        owner.get(&format!("/me/cases/{id}/files/{file}")).await.is(200);
        owner.get(&format!("/me/cases/{id}/files/{}", "0".repeat(file.len()))).await.is(404);
    });
}

#[test]
fn withdrawing_ends_it_and_cannot_be_done_twice() {
    run(async {
        let (who, mut client) = citizen(house().await).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = format!("/me/cases/{id}");
        let words = [("words", "先不开店了")];
        client.post(&format!("{case}/withdraw"), &words).await.goes_to(&format!("{case}?notice=withdrawn"));
        let page = client.get(&format!("{case}?notice=withdrawn")).await.is(200);
        for said in [zh("notice-withdrawn"), zh("status-closed-withdrawn"), "先不开店了".to_owned()] {
            assert!(page.words().contains(&said), "{said}:\n{}", page.words());
        }
        client.post(&format!("{case}/withdraw"), &[]).await.is(409).says(&zh("refusal-already-closed"));
        client
            .post(&format!("{case}/rate"), &[("level", "1")])
            .await
            .is(409)
            .says(&zh("refusal-not-rateable"));
    });
}

#[test]
fn only_an_asked_applicant_corrects() {
    run(async {
        let (who, mut client) = citizen(house().await).await;
        let id = submit(&who, &mut client, SHOP).await;
        let page = client.upload(&format!("/me/cases/{id}/correct"), &[("note", "多此一举")], &[]).await;
        page.is(409).says(&zh("refusal-nothing-to-correct"));
    });
}

#[test]
fn a_reply_that_changes_nothing_is_not_sent() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        act(&mut desk, &case, "ask-correction", &[("words", "店名和执照不一致")]).await;
        let mine = format!("/me/cases/{id}");
        let correct = format!("{mine}/correct");
        client.upload(&correct, &[("note", " ")], &[]).await.is(422).says(&zh("correction-unchanged"));
        client.get(&mine).await.is(200).says(&zh("status-awaiting-correction"));
        client
            .upload(&correct, &[("note", "店名没有错")], &[])
            .await
            .goes_to(&format!("{mine}?notice=corrected"));
    });
}

#[test]
fn a_correction_changes_answers_and_tells_which_are_wrong() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        act(&mut desk, &case, "ask-correction", &[("words", "店名和执照不一致")]).await;
        let mine = format!("/me/cases/{id}");
        let correct = format!("{mine}/correct");
        let wrong = [("answer-mobile", "123"), ("answer-shop_name", "示例新店"), ("note", "店名改了")];
        let page = client.upload(&correct, &wrong, &[]).await.is(422).says(&zh("rule-mobile"));
        assert!(page.html.contains("id=\"e-answer-mobile\"") && page.html.contains("value=\"123\""));
        assert!(page.source().contains("value=\"示例新店\"") && page.words().contains("店名改了"));
        desk.get(&case).await.is(200).never_says("示例新店");
        // a browser sends nothing for boxes that are not ticked, so silence about one takes it back
        let unticked = [("answer-shop_name", "示例新店"), ("answer-foods", "hot")];
        let page = client.upload(&correct, &unticked, &[]).await.is(422);
        assert!(
            page.html.contains("id=\"e-answer-statement\"") && !page.html.contains("id=\"e-answer-foods\"")
        );
        let right = [("answer-shop_name", "示例新店"), ("answer-foods", "cold"), ("answer-statement", "yes")];
        client.upload(&correct, &right, &[]).await.goes_to(&format!("{mine}?notice=corrected"));
        let seen = desk.get(&case).await.is(200).says("示例新店");
        assert!(seen.words().contains(&who.name), "what was right stays");
    });
}

#[test]
fn a_rating_needs_a_level() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let rate = format!("/me/cases/{id}/rate");
        client.post(&rate, &[("level", "1")]).await.is(409).says(&zh("refusal-not-rateable"));
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        act(&mut desk, &at_desk(SHOP, &id), "not-needed", &[("words", "不用办")]).await;
        client.get(&rate).await.is(200);
        for level in ["", "0", "6", "-1", "1.5", "best"] {
            let page = client.post(&rate, &[("level", level), ("words", "写下的话")]).await.is(422);
            assert!(page.words().contains("写下的话"), "what was typed is lost");
        }
        client.post(&rate, &[("level", "5"), ("words", "白跑")]).await.is(303);
        client.get(&format!("/me/cases/{id}")).await.is(200).says(&zh("rating-5"));
        client.post(&rate, &[("level", "1")]).await.is(409).says(&zh("refusal-already-rated"));
        client.get(&rate).await.goes_to(&format!("/me/cases/{id}"));
        client.get(&format!("/me/cases/{id}")).await.is(200).says(&zh("rating-5"));
    });
}

#[test]
fn a_long_list_goes_on() {
    run(async {
        let (who, mut client) = citizen(house().await).await;
        let mut ids = Vec::new();
        for _ in 0..21 {
            ids.push(submit(&who, &mut client, "ex-elder-card").await);
        }
        let first = client.get("/me").await.is(200);
        let older = client.get(&first.link("/me?before=")).await.is(200);
        let shown = |page: &crate::page::Page, id: &String| page.links().contains(&format!("/me/cases/{id}"));
        for id in &ids {
            assert!(shown(&first, id) != shown(&older, id), "{id} is shown once");
        }
        let draft = fill(&who, &mut client, CARD).await;
        client.get("/me").await.is(200).link(&draft);
        client.get("/").await.is(200).says(&zh("home-all-mine"));
    });
}

#[test]
fn an_excuse_goes_when_the_document_comes() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        const JOINT: &str = "ex-open-restaurant";
        let asked = item(JOINT);
        let material = asked.materials.iter().find(|material| material.required != Some(true)).unwrap();
        let draft = fill_without(&who, &mut client, JOINT, Some(&material.id)).await;
        let id = hand_in(&mut client, &draft).await;
        let (mine, case) = (format!("/me/cases/{id}"), at_desk(JOINT, &id));
        let mut desk = officer(house, JOINT, Post::Colleague).await;
        desk.get(&case).await.is(200).says("我没有这一项");
        act(&mut desk, &case, "ask-correction", &[("words", "这一项也要")]).await;
        // The form comes with the excuse still in it.
        let (excuse, file) = (format!("excuse-{}", material.id), format!("file-{}", material.id));
        let said = [(excuse.as_str(), "我没有这一项")];
        let files = [(file.as_str(), "补来的.pdf", app::sample_pdf())];
        client
            .upload(&format!("{mine}/correct"), &said, &files)
            .await
            .goes_to(&format!("{mine}?notice=corrected"));
        desk.get(&case).await.is(200).says("补来的.pdf").never_says("我没有这一项");
        client.get(&mine).await.is(200).says("补来的.pdf").never_says("我没有这一项");
    });
}
