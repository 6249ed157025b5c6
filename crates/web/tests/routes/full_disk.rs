//! A disk that is full: nothing is acknowledged, it is said, and reading goes on.

use app::sample_pdf;

use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::person::{CARD, Citizen, SHOP, begin, fill, item, submit};

/// Room for a few people and cases, in pages of 4 KiB.
const PAGES: u32 = 140;

#[test]
fn stops_acknowledging_says_so_and_keeps_nothing_by_half() {
    run(async {
        let house = House::open(Setup { max_pages: Some(PAGES), ..Setup::default() }).await;
        let who = Citizen::new();
        let mut client = who.sign_in(&house).await;
        let first = submit(&who, &mut client, SHOP).await;
        let draft = fill(&who, &mut client, CARD).await;
        let kept = fill_the_disk(&house).await;
        let before = house.app.store.stats().await.unwrap();

        let refused = client.post(&format!("{draft}/check"), &[]).await.is(503);
        refused.says(&zh("error-disk-title")).says(&zh("error-disk-what"));
        let case = draft.replace("/apply/", "/me/cases/");
        client.get(&case).await.is(404);
        let page = format!("{draft}/{}", item(CARD).form.pages[0].id);
        let long = "很长的地址".repeat(500);
        client.post(&page, &[("name", "没有存下的名字"), ("address", &long)]).await;
        let files = [("file-m1", "没存下.pdf", sample_pdf())];
        client.upload(&format!("{draft}/materials"), &[], &files).await;
        client.post(&format!("/me/cases/{first}/withdraw"), &[]).await.is(503);
        let after = house.app.store.stats().await.unwrap();
        assert_eq!(
            (before.cases, before.events),
            (after.cases, after.events),
            "stored without acknowledging"
        );

        // reading goes on, also for those who are signed in, also an hour later
        house.clock.advance(3_600);
        for path in
            ["/", "/me", "/me/messages", "/search?q=%E8%AE%B8%E5%8F%AF", &format!("/me/cases/{first}")]
        {
            client.get(path).await.is(200);
        }
        client.get(&format!("/me/cases/{first}")).await.is(200).says(&zh("status-received"));
        client.get(&format!("{draft}/check")).await.is(200);
        for (mut owner, case) in kept {
            owner.get(&case).await.is(200);
        }
        let verified = house.app.verify(&|_, _| {}).await.unwrap();
        assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    });
}

/// Others hand in until nothing is taken any more; whose and where what was acknowledged is.
async fn fill_the_disk(house: &House) -> Vec<(Client, String)> {
    let mut kept = Vec::new();
    for _ in 0..500 {
        let who = Citizen::new();
        let mut client = Client::new(house);
        let fields = [("name", who.name.as_str()), ("number", &who.number), ("back", "/me")];
        if client.post_bare("/signin", &fields).await.status == 503 {
            return kept;
        }
        let begun = client.get("/items/ex-elder-card/apply").await;
        if begun.status == 503 {
            continue;
        }
        let place = begun.is(303).location().unwrap().to_owned();
        kept.push((client, place));
    }
    panic!("the disk never fills");
}

#[test]
fn a_new_application_needs_room() {
    run(async {
        let house = House::open(Setup { max_pages: Some(PAGES), ..Setup::default() }).await;
        let who = Citizen::new();
        let mut client = who.sign_in(&house).await;
        begin(&mut client, CARD).await;
        fill_the_disk(&house).await;
        let page = client.get(&format!("/items/{SHOP}/apply")).await.is(503);
        page.says(&zh("error-disk-title"));
    });
}
