//! 授权用证: an agency asks within a case, the holder says yes or no, each look is on the record, and nobody else sees a thing.

use identity::Post;

use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::person::{CARD, Citizen, SHOP, act, at_desk, citizen, item, officer, submit};

const MEETS: [(&str, &str); 2] = [("reason", "meets"), ("words", "材料齐全，符合条件")];
const LIST: &str = "/me/certificates/permissions";

/// A citizen with a certificate of their shop: who, their browser, and the certificate's page.
async fn holder(house: &House) -> (Citizen, Client, String) {
    let (who, mut client) = citizen(house).await;
    let case = at_desk(SHOP, &submit(&who, &mut client, SHOP).await);
    let mut desk = officer(house, SHOP, Post::Colleague).await;
    act(&mut desk, &case, "accept", &[]).await;
    act(&mut desk, &case, "review", &MEETS).await;
    act(&mut officer(house, SHOP, Post::Clerk).await, &case, "review", &MEETS).await;
    act(&mut officer(house, SHOP, Post::Head).await, &case, "grant", &[]).await;
    house.work().await;
    let page = client.get("/me/certificates").await.is(200).link("/me/certificates/");
    (who, client, page)
}

/// The last part of the address of a form on a page.
fn id(page: &crate::page::Page, end: &str) -> String {
    let html = page.source();
    let (before, _) = html.split_once(end).unwrap();
    before.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn asked_within_a_case_answered_looked_at_and_ended() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client, page) = holder(&house).await;
        let case_id = submit(&who, &mut client, SHOP).await;
        let case = at_desk(SHOP, &case_id);
        let asks = format!("{case}/permissions");
        let mut desk = officer(&house, SHOP, Post::Clerk).await;
        desk.get(&case).await.is(200).says(&zh("permissions-ask"));
        let wish = [("kind", "small-restaurant"), ("words", "核对店名")];
        desk.post(&asks, &[("kind", "small-restaurant")]).await.is(409);
        desk.post(&asks, &[("kind", "nothing"), ("words", "看看")]).await.is(409);
        desk.post_bare(&asks, &wish).await.is(403);
        desk.post(&asks, &wish).await.goes_to(&format!("{case}?notice=asked"));
        // asked twice it is asked once
        desk.post(&asks, &wish).await.goes_to(&case);
        desk.get(&case).await.is(200).says(&zh("authority-asked")).never_says(&zh("permitted-look"));

        client.get(&format!("/me/cases/{case_id}")).await.is(200).says(&zh("permission-waits"));
        let told = client.get("/me/messages").await.is(200).link("/me/messages/");
        client.get(&told).await.is(200).says(&zh("permissions"));
        let seen = client.get(LIST).await.is(200).says("核对店名");
        let own = id(&seen, "/answer");
        let answer = format!("{LIST}/{own}/answer");
        let look = format!("{asks}/{own}");
        desk.get(&look).await.is(404);
        for until in ["", "2020-01-01", "2031-01-01"] {
            let wrong = client.post(&answer, &[("answer", "yes"), ("until", until)]).await.is(422);
            wrong.says(&zh("permission-until-wrong"));
        }
        let (_, mut other) = citizen(&house).await;
        other.post(&answer, &[("answer", "no")]).await.is(404);
        let today = house.app.catalogue.calendar.date_of(house.app.now()).to_string();
        let yes = [("answer", "yes"), ("until", today.as_str())];
        client.post(&answer, &yes).await.goes_to(&format!("{LIST}?notice=saved"));

        desk.get(&case).await.is(200).says(&zh("authority-stands"));
        desk.get(&look).await.is(200).says(&who.name).says(&zh("permitted-logged"));
        client.get(&page).await.is(200).says(&zh("ledger-seen"));
        let mut elsewhere = officer(&house, CARD, Post::Head).await;
        elsewhere.get(&look).await.is(404);
        desk.get(&look.replace(&case_id, "01990000-0000-7000-8000-000000000001")).await.is(404);

        client.post(&format!("{LIST}/{own}/end"), &[]).await.goes_to(&format!("{LIST}?notice=saved"));
        desk.get(&look).await.is(404);
        desk.get(&case).await.is(200).says(&zh("authority-ended"));
        client.post(&answer, &yes).await.goes_to(LIST);
        desk.get(&look).await.is(404);
    });
}

#[test]
fn no_is_no_and_a_day_ends_it() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client, page) = holder(&house).await;
        let case = at_desk(SHOP, &submit(&who, &mut client, SHOP).await);
        let asks = format!("{case}/permissions");
        let mut desk = officer(&house, SHOP, Post::Clerk).await;
        let wish = [("kind", "small-restaurant"), ("words", "核对店名")];
        desk.post(&asks, &wish).await.is(303);
        let first = id(&client.get(LIST).await, "/answer");
        client.post(&format!("{LIST}/{first}/answer"), &[("answer", "no")]).await.is(303);
        desk.get(&format!("{asks}/{first}")).await.is(404);
        desk.get(&case).await.is(200).says(&zh("authority-refused"));
        // permitted ahead, for this service alone, for today
        let found = client.get(&format!("{page}/permit?q=小餐饮")).await.is(200);
        found.says(&item(SHOP).name.zh);
        let today = house.app.catalogue.calendar.date_of(house.app.now()).to_string();
        let wanted = |code: &'static str| [("item", code), ("until", today.clone().leak() as &str)];
        let permit = format!("{page}/permit");
        client.post(&permit, &[("until", today.as_str())]).await.is(422).says(&zh("permit-lead"));
        client.post(&permit, &wanted(SHOP)).await.goes_to(&format!("{LIST}?notice=saved"));
        let own = id(&client.get(LIST).await.says(&zh("authority-stands")), "/end");
        let look = format!("{asks}/{own}");
        desk.get(&look).await.is(200).says(&who.name);
        house.clock.advance(24 * 3600);
        let mut desk = officer(&house, SHOP, Post::Clerk).await;
        let mut client = who.sign_in(&house).await;
        desk.get(&look).await.is(404);
        client.get(LIST).await.is(200).says(&zh("authority-over"));
    });
}
