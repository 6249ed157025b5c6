//! A disk that is full: nothing is acknowledged, it is said, and reading goes on.

use app::sample_pdf;
use identity::Post;

use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::person::{CARD, Citizen, SHOP, at_desk, fill, item, officer, submit};

/// People who have all but handed in when the disk fills up.
const READY: usize = 12;

#[test]
fn stops_acknowledging_says_so_and_keeps_nothing_by_half() {
    run(async {
        let house = House::open(Setup::default()).await;
        let mut ready = Vec::new();
        for _ in 0..READY {
            let who = Citizen::new();
            let mut client = who.sign_in(&house).await;
            let first = submit(&who, &mut client, SHOP).await;
            let draft = fill(&who, &mut client, CARD).await;
            ready.push((client, first, draft));
        }
        let house = house.restart_with_room_for(4).await;
        house.clock.advance(3_600);
        let (mut acknowledged, mut refused) = (0, Vec::new());
        for (mut client, first, draft) in ready {
            client.moves_to(&house);
            let page = client.post(&format!("{draft}/check"), &[]).await;
            let case = draft.replace("/apply/", "/me/cases/");
            if page.status == 303 {
                acknowledged += 1;
                client.get(&case).await.is(200);
            } else {
                page.is(503).says(&zh("error-disk-title")).says(&zh("error-disk-what"));
                client.get(&case).await.is(404);
                refused.push((client, first, draft));
            }
        }
        assert!(refused.len() > 1, "the disk never filled");
        let stored = house.app.store.stats().await.unwrap();
        assert_eq!(
            stored.cases,
            (READY + acknowledged) as i64,
            "stored without acknowledging, or the reverse"
        );
        let (mut client, first, draft) = refused.pop().unwrap();
        nothing_more_is_taken(&mut client, &first, &draft).await;

        // reading goes on, also for those who are signed in, also after a while
        house.clock.advance(600);
        for path in ["/", "/me", "/me/messages", "/search?q=%E8%AE%B8%E5%8F%AF", &format!("{draft}/check")] {
            client.get(path).await.is(200);
        }
        client.get(&format!("/me/cases/{first}")).await.is(200).says(&zh("status-received"));
        let verified = house.app.verify(&|_, _| {}).await.unwrap();
        assert!(verified.faults.is_empty(), "{:?}", verified.faults);

        // with room again the same click works
        let house = house.restart_with_room_for(10_000).await;
        house.clock.advance(7_200 - 600);
        for (mut client, _, draft) in refused {
            client.moves_to(&house);
            let case = draft.replace("/apply/", "/me/cases/");
            client.post(&format!("{draft}/check"), &[]).await.goes_to(&format!("{case}/receipt?fresh=1"));
        }
    });
}

/// The ledger of looks may lack a line then, and the log says so; what is masked stays masked.
#[test]
fn a_desk_reads_on_and_uncovers_nothing() {
    run(async {
        let house = House::open(Setup::default()).await;
        let who = Citizen::new();
        let mut client = who.sign_in(&house).await;
        let case = at_desk(CARD, &submit(&who, &mut client, CARD).await);
        let mut desk = officer(&house, CARD, Post::Colleague).await;
        let house = house.restart_with_room_for(0).await;
        let mut other = Client::new(&house);
        let full = async {
            for _ in 0..200 {
                let stranger = Citizen::new();
                let fields = [("name", stranger.name.as_str()), ("number", &stranger.number)];
                if other.post_bare("/signin", &fields).await.status == 503 {
                    return true;
                }
            }
            false
        };
        assert!(full.await, "the disk never fills");
        desk.moves_to(&house);
        desk.get(&case).await.is(200).never_says(&who.number).says(&zh("masked"));
        // What is small may still find a place; in the end it finds none.
        for n in 0..200 {
            let words = format!("{n}{}", "很长的理由".repeat(39));
            let page = desk.post(&format!("{case}/unmask"), &[("reason", "other"), ("words", &words)]).await;
            if page.status == 503 {
                page.says(&zh("error-disk-title")).never_says(&who.number);
                house.clock.advance(700);
                desk.get(&case).await.is(200).says(&zh("masked"));
                return;
            }
        }
        panic!("everything was uncovered");
    });
}

async fn nothing_more_is_taken(client: &mut Client, first: &str, draft: &str) {
    let page = format!("{draft}/{}", item(CARD).form.pages[0].id);
    let long = "很长的内容".repeat(2_000);
    let name = item(CARD).form.pages[0].fields[0].name.clone();
    client.post(&page, &[(&name, &long)]).await.is(503).says(&zh("error-disk-title"));
    client.get(&page).await.is(200).never_says("很长的内容很长的内容");
    let files = [("file-m1", "没存下.pdf", sample_pdf())];
    let page = client.upload(&format!("{draft}/materials"), &[], &files).await;
    assert!(page.status == 503 || page.words().contains("没存下.pdf"), "{}", page.status);
    client.get(&format!("/me/cases/{first}")).await.is(200).says(&zh("status-received"));
    // what is small may still find a place; in the end nobody new comes in
    let mut other = client.clone();
    for _ in 0..200 {
        other.set_cookie("session", "");
        let stranger = Citizen::new();
        let fields = [("name", stranger.name.as_str()), ("number", &stranger.number)];
        let page = other.post_bare("/signin", &fields).await;
        if page.status == 503 {
            page.says(&zh("error-disk-title"));
            assert!(other.cookie("session").is_none());
            return;
        }
    }
    panic!("the disk never fills");
}
