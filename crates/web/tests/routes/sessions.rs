//! `/me/sessions`, `/desk/sessions`: looked at, and ended.

use identity::Post;

use crate::house::{House, Setup, house, run, zh};
use crate::person::{CARD, Citizen, citizen, officer};

const PHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.42 secret-serial-77";

/// The ids of the sessions that may be ended.
fn ids(page: &crate::page::Page) -> Vec<String> {
    let parts = page.html.split("name=\"id\" value=\"").skip(1);
    parts.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know() {
    run(async {
        let house = house().await;
        let who = Citizen::new();
        let mut here = who.sign_in(house).await;
        let mut phone = crate::client::Client::new(house).with("user-agent", PHONE).from("203.0.113.77");
        who.enter(&mut phone).await;
        let mut third = who.sign_in(house).await;
        let page = here.get("/me/sessions").await.is(200);
        page.never_says("secret-serial").never_says("203.0.113");
        let page =
            here.get("/me/sessions").await.is(200).says(&zh("device-iphone")).says(&zh("browser-wechat"));
        assert_eq!(ids(&page).len(), 2, "all but the one that asks");
        let token = phone.cookie("session").unwrap().split_once('.').unwrap().1.to_owned();
        assert!(!page.html.contains(&token));
        // one of them
        for id in ids(&phone.get("/me/sessions").await) {
            if !ids(&page).contains(&id) {
                continue;
            }
            phone.post("/me/sessions/end", &[("id", &id)]).await.is(303);
        }
        third.get("/me").await.goes_to("/signin?back=%2Fme");
        here.get("/me").await.is(200);
        phone.get("/me").await.is(200);
        // all others
        here.post("/me/sessions/end-others", &[]).await.goes_to("/me/sessions?notice=session-ended");
        phone.get("/me").await.goes_to("/signin?back=%2Fme");
        let page = here.get("/me/sessions").await.is(200);
        assert!(ids(&page).is_empty() && !page.html.contains("end-others"));
    });
}

#[test]
fn nobody_ends_anothers() {
    run(async {
        let house = house().await;
        let who = Citizen::new();
        let mut first = who.sign_in(house).await;
        let mut second = who.sign_in(house).await;
        let id = ids(&first.get("/me/sessions").await).remove(0);
        let (_, mut stranger) = citizen(house).await;
        stranger.post("/me/sessions/end", &[("id", &id)]).await.is(303);
        stranger.post("/me/sessions/end-others", &[]).await.is(303);
        second.get("/me").await.is(200);
        stranger.get("/me").await.is(200);
        first.post("/me/sessions/end", &[("id", "nonsense")]).await.is(303);
        second.get("/me").await.is(200);
    });
}

#[test]
fn officers_have_the_same_at_the_desk() {
    run(async {
        let house = House::open(Setup::default()).await;
        let mut one = officer(&house, CARD, Post::Head).await;
        let mut other = officer(&house, CARD, Post::Head).await;
        assert_eq!(ids(&one.get("/desk/sessions").await.is(200)).len(), 1);
        one.get("/me/sessions").await.is(303);
        one.post("/desk/sessions/end-others", &[]).await.is(303);
        other.get("/desk").await.goes_to("/signin?back=%2Fdesk");
        one.get("/desk").await.is(200);
    });
}
