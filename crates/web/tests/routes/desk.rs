//! `/desk`

use identity::{Post, demo_people};

use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::person::{CARD, Citizen, SHOP, act, at_desk, citizen, officer, submit};

#[test]
fn a_case_is_seen_by_its_own_agency_only() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut own = officer(house, SHOP, Post::Colleague).await;
        let page = own.get(&case).await.is(200).says(&who.name);
        let file = page.link("/files/");
        assert_eq!(own.get(&file).await.is(200).header("content-type"), "application/pdf");
        let mut other = officer(house, CARD, Post::Colleague).await;
        let theirs = other.get(&case).await.is(404);
        let nobodys = other.get(&at_desk(CARD, "01990000-0000-7000-8000-000000000001")).await.is(404);
        assert_eq!(theirs.words(), nobodys.words());
        other.get(&file).await.is(404);
        for action in ["claim", "accept", "refuse", "not-ours"] {
            other.post(&format!("{case}/{action}"), &[("words", "x")]).await.is(404);
        }
        // another area's door does not lead to it either
        own.get(&format!("/desk/cases/440100000000/{id}")).await.is(404);
        own.post(&format!("/desk/cases/440100000000/{id}/accept"), &[]).await.is(404);
        let mut city = officer(house, "ex-residence-permit", Post::Colleague).await;
        city.get(&case).await.is(404);
        own.get(&case).await.is(200).says(&zh("status-received"));
    });
}

#[test]
fn the_whole_number_is_no_officers_to_see() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        for path in [at_desk(SHOP, &id), "/desk".to_owned(), "/desk?view=mine".to_owned()] {
            let page = desk.get(&path).await.is(200);
            assert!(!page.html.contains(&who.number), "{path}");
        }
    });
}

#[test]
fn the_queue_claims_releases_and_finds() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let receipt = client.get(&format!("/me/cases/{id}/receipt")).await.is(200).words();
        let number = receipt.split_whitespace().find(|word| word.starts_with("440000-2026")).unwrap();
        let case = at_desk(SHOP, &id);
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        let mut clerk = officer(&house, SHOP, Post::Clerk).await;
        desk.get("/desk?view=unclaimed").await.is(200).link(&case);
        desk.get(&format!("/desk?q={number}")).await.goes_to(&case);
        desk.post(&format!("{case}/claim"), &[]).await.goes_to(&case);
        desk.get("/desk?view=mine").await.is(200).link(&case);
        for view in ["mine", "unclaimed"] {
            let page = clerk.get(&format!("/desk?view={view}")).await.is(200);
            assert!(!page.links().iter().any(|link| link.contains(&id)), "{view}");
        }
        clerk.post(&format!("{case}/claim"), &[]).await.is(409).says(&zh("refusal-claimed-by-other"));
        clerk.post(&format!("{case}/accept"), &[]).await.is(409).says(&zh("refusal-claimed-by-other"));
        desk.post(&format!("{case}/release"), &[]).await.goes_to("/desk?notice=released");
        clerk.post(&format!("{case}/claim"), &[]).await.goes_to(&case);
        for query in ["view=none", "after=x&due=y", "q=%3Cb%3E", "q=440000-20260907-00000000-0"] {
            desk.get(&format!("/desk?{query}")).await.is(200);
        }
    });
}

#[test]
fn a_finished_case_is_found_again() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let mut cases = Vec::new();
        for _ in 0..2 {
            let id = submit(&who, &mut client, SHOP).await;
            client.post(&format!("/me/cases/{id}/withdraw"), &[]).await.is(303);
            cases.push(at_desk(SHOP, &id));
        }
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        assert!(!desk.get("/desk").await.is(200).links().contains(&cases[0]));
        let done = desk.get("/desk?tab=done").await.is(200).says(&zh("status-closed-withdrawn"));
        let listed: Vec<String> = done.links().into_iter().filter(|link| cases.contains(link)).collect();
        assert_eq!(listed, [cases[1].clone(), cases[0].clone()], "the latest first");
        for place in ["/desk?q=440000-2026", "/desk?tab=done&q=440000-2026"] {
            desk.get(place).await.is(200).link(&cases[0]);
        }
        desk.get("/desk?tab=done&q=none").await.is(200).says(&zh("queue-no-match"));
        let mut other = officer(&house, "ex-residence-permit", Post::Colleague).await;
        other.get("/desk?tab=done").await.is(200).says(&zh("done-empty"));
    });
}

#[test]
fn only_what_is_lawful_is_offered_and_done() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        let offered = desk.get(&case).await.is(200);
        for (action, lawful) in
            [("accept", true), ("ask-correction", true), ("grant", false), ("issue", false)]
        {
            assert_eq!(offered.source().contains(&format!("action=\"{case}/{action}\"")), lawful, "{action}");
        }
        for action in
            ["review", "grant", "refuse", "issue", "deliver", "lapse", "withdraw", "rate", "correct"]
        {
            let page = desk.post(&format!("{case}/{action}"), &[("words", "x"), ("reason", "meets")]).await;
            assert_eq!(page.status, 409, "{action}");
        }
        desk.post(&format!("{case}/nothing"), &[]).await.is(404);
        let mut head = officer(house, SHOP, Post::Head).await;
        head.post(&format!("{case}/accept"), &[]).await.is(409).says(&zh("refusal-not-your-role"));
        client.get(&format!("/me/cases/{id}")).await.is(200).says(&zh("status-received"));
    });
}

#[test]
fn reasons_are_asked_for_where_the_law_wants_them_and_what_was_typed_stays() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        for action in ["not-needed", "not-ours", "ask-correction"] {
            for words in ["", "  \n "] {
                let page = desk.post(&format!("{case}/{action}"), &[("words", words)]).await.is(409);
                page.says(&zh("refusal-reasons-required"));
            }
        }
        act(&mut desk, &case, "accept", &[]).await;
        let page = desk.post(&format!("{case}/review"), &[("words", "写了一半的意见")]).await.is(409);
        page.says(&zh("refusal-reasons-required")).says("写了一半的意见");
    });
}

#[test]
fn the_second_officer_is_another_one() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut first = officer(house, SHOP, Post::Colleague).await;
        let mut second = officer(house, SHOP, Post::Clerk).await;
        let finding = [("reason", "meets"), ("words", "现场与图纸一致")];
        act(&mut first, &case, "accept", &[]).await;
        act(&mut first, &case, "review", &finding).await;
        let page = first.get(&case).await.is(200).says(&zh("refusal-same-officer-twice"));
        assert!(!page.source().contains(&format!("action=\"{case}/review\"")));
        first.post(&format!("{case}/review"), &finding).await.is(409).says(&zh("refusal-same-officer-twice"));
        let page = client.get(&format!("/me/cases/{id}")).await.is(200).says(&zh("status-in-review"));
        page.says(&zh("event-reviewed-first")).never_says(&zh("event-reviewed"));
        act(&mut second, &case, "review", &finding).await;
        let told = client.get(&format!("/me/cases/{id}")).await.is(200).says(&zh("status-awaiting-decision"));
        let told = told.says(&zh("event-reviewed-first")).says(&zh("event-reviewed"));
        assert!(!told.words().contains("现场与图纸一致"), "findings are for the desk");
    });
}

#[test]
fn nobody_handles_their_own_case() {
    run(async {
        let house = House::open(Setup::default()).await;
        let both = demo_people().pop().unwrap();
        let mut client = Client::new(&house);
        let fields = [("person", both.number.reveal()), ("back", "/me")];
        client.post_bare("/signin", &fields).await.goes_to("/me");
        let who = Citizen { name: both.name.to_owned(), number: both.number.reveal().to_owned() };
        let id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &id);
        let mut clerk = officer(&house, SHOP, Post::Clerk).await;
        clerk.get(&case).await.is(404);
        for action in ["claim", "accept", "not-ours"] {
            clerk.post(&format!("{case}/{action}"), &[("words", "x")]).await.is(404);
        }
        for view in ["all", "unclaimed", "mine"] {
            let page = clerk.get(&format!("/desk?view={view}")).await.is(200);
            assert!(!page.html.contains(&id), "their own case stands in the queue ({view})");
        }
        let mut colleague = officer(&house, SHOP, Post::Colleague).await;
        colleague.get(&case).await.is(200);
        act(&mut colleague, &case, "claim", &[]).await;
    });
}
