//! A database that went away under a running site: it is said, with what to do, and what needs no database stays.

use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::person::{CARD, Citizen, fill};

#[test]
fn says_so_with_what_to_do_and_shows_the_catalogue_all_the_same() {
    run(async {
        let house = House::open(Setup::default()).await;
        let who = Citizen::new();
        let mut citizen = who.sign_in(&house).await;
        let draft = fill(&who, &mut citizen, CARD).await;
        let check = format!("{draft}/check");
        let mut stranger = Client::new(&house);
        stranger.get("/readyz").await.is(200);
        house.app.store.close().await;

        for path in ["/me", "/me/messages", check.as_str(), "/"] {
            let page = citizen.get(path).await.is(503).says(&zh("error-away-title"));
            page.says(&zh("error-away-what")).says(&zh("error-away-do"));
        }
        let sent = citizen.post(&check, &[]).await.is(503).says(&zh("error-away-do"));
        assert_eq!(sent.header("retry-after"), "10");
        stranger.get("/readyz").await.is(503);
        let item = format!("/items/{CARD}");
        for path in ["/", "/search?q=%E8%AE%B8%E5%8F%AF", item.as_str(), "/help"] {
            stranger.get(path).await.is(200);
        }
    });
}
