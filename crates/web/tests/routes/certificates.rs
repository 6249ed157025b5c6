//! `/me/certificates`, `/verify`, `/desk/certificates`, `/status`, `/.well-known`: from the grant to the stranger who
//! checks, and what each of the others may do.

use identity::Post;

use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::page::Page;
use crate::person::{CARD, Citizen, SHOP, act, at_desk, citizen, item, officer, submit};

const MEETS: [(&str, &str); 2] = [("reason", "meets"), ("words", "材料齐全，符合条件")];

/// A citizen with a certificate: who, their browser, the case and the certificate's page.
pub(crate) async fn holder(house: &House) -> (Citizen, Client, String, String) {
    let (who, mut client) = citizen(house).await;
    client.get("/me/certificates").await.is(200).says(&zh("certificates-none"));
    let id = submit(&who, &mut client, SHOP).await;
    let case = at_desk(SHOP, &id);
    let mut desk = officer(house, SHOP, Post::Colleague).await;
    act(&mut desk, &case, "claim", &[]).await;
    act(&mut desk, &case, "accept", &[]).await;
    act(&mut desk, &case, "review", &MEETS).await;
    act(&mut officer(house, SHOP, Post::Clerk).await, &case, "review", &MEETS).await;
    act(&mut officer(house, SHOP, Post::Head).await, &case, "grant", &[]).await;
    house.work().await;
    let page = client.get(&format!("/me/cases/{id}")).await.is(200).link("/me/certificates/");
    (who, client, id, page)
}

/// The issuer takes back what followed from a case.
pub(crate) async fn revoke(house: &House, case: &str) {
    let mut head = officer(house, SHOP, Post::Head).await;
    let desk = head.get(&at_desk(SHOP, case)).await.is(200).link("/desk/certificates/");
    let sent = head.post(&format!("{desk}/revoke"), &[("seen", "1"), ("words", "登记有误")]).await;
    sent.goes_to(&format!("{desk}?notice=done"));
}

/// The code in a page that shows one is drawn, so it is asked of the application, as the page does.
async fn code(house: &House, client: &mut Client, page: &str, fields: &[&str]) -> String {
    let session = house.app.session(client.cookie("session").unwrap()).await.unwrap().unwrap();
    let id = page.rsplit('/').next().unwrap().parse().unwrap();
    let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    house.app.show_code(session.citizen().unwrap(), id, &fields).await.unwrap().1.text
}

async fn check(client: &mut Client, code: &str) -> Page {
    client.post_bare("/verify", &[("code", code), ("who", "示例旅馆"), ("purpose", "入住登记")]).await
}

#[test]
fn from_the_grant_to_the_stranger_and_back() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client, id, page) = holder(&house).await;
        client.get("/me/certificates").await.is(200).says(&zh("standing-valid")).link(&page);
        client.get(&page).await.is(200).says("1.2.156.3005.2.").says(&who.name).says(&zh("ledger-none"));
        for preset in ["", "?preset=valid", "?preset=all", "?preset=some&f=shop&f=name", "?preset=x"] {
            let shown = client.get(&format!("{page}/show{preset}")).await.is(200).holds("<svg ");
            assert!(shown.html.len() < 40_000, "{} bytes", shown.html.len());
        }

        let mut stranger = Client::new(&house);
        stranger.get("/verify").await.is(200).says(&zh("verify-says"));
        let first = code(&house, &mut client, &page, &["name", "shop"]).await;
        // opening the address uses nothing up
        stranger.get(&format!("/verify?c={first}")).await.is(200).holds(&first);
        let found = check(&mut stranger, &format!("http://site.example/verify?c={first}")).await.is(200);
        let found = found.says(&zh("verify-valid")).says(&who.name);
        assert!(!found.words().contains(&zh("certificate-until")), "what was not chosen is not told");
        check(&mut stranger, &first).await.is(200).says(&zh("invalid-code-used"));
        let ledger =
            client.get(&page).await.is(200).says("示例旅馆").says("入住登记").says(&zh("ledger-said"));
        assert_eq!(ledger.words().matches(&zh("ledger-verified")).count(), 1);

        let late = code(&house, &mut client, &page, &[]).await;
        house.clock.advance(70);
        check(&mut stranger, &late).await.is(200).says(&zh("invalid-code-expired"));
        check(&mut stranger, "HELLO").await.is(200).says(&zh("invalid-code-unreadable"));
        check(&mut stranger, "").await.is(422).says(&zh("verify-code-missing"));

        let shown = code(&house, &mut client, &page, &[]).await;
        let mut head = officer(&house, SHOP, Post::Head).await;
        let desk = head.get(&at_desk(SHOP, &id)).await.is(200).link("/desk/certificates/");
        head.get(&desk).await.is(200).says(&zh("certificate-do-revoke"));
        head.post(&format!("{desk}/revoke"), &[("seen", "1"), ("words", " ")])
            .await
            .is(409)
            .says(&zh("refusal-reasons-required"));
        let sent = head.post(&format!("{desk}/revoke"), &[("seen", "1"), ("words", "登记有误")]).await;
        sent.goes_to(&format!("{desk}?notice=done"));
        let again = head.post(&format!("{desk}/revoke"), &[("seen", "1"), ("words", "登记有误")]).await;
        again.goes_to(&desk);
        check(&mut stranger, &shown).await.is(200).says(&zh("invalid-revoked"));
        client.get(&page).await.is(200).says("登记有误").says(&zh("standing-revoked"));
        let none = client.get(&format!("{page}/show")).await.is(200).says(&zh("show-not-valid"));
        assert!(!none.html.contains("data-renew=\""));
        let told = client.get("/me/messages").await.is(200).link("/me/messages/");
        client.get(&told).await.is(200).says("我的证照");
    });
}

#[test]
fn a_certificate_is_its_holders_and_its_issuers() {
    run(async {
        let house = house().await;
        let (_, mut client, id, page) = holder(house).await;
        let (_, mut other) = citizen(house).await;
        let nobodys = "/me/certificates/01990000-0000-7000-8000-000000000001";
        for tail in ["", "/show"] {
            let theirs = other.get(&format!("{page}{tail}")).await.is(404);
            let nothing = other.get(&format!("{nobodys}{tail}")).await.is(404);
            assert_eq!(theirs.words(), nothing.words(), "denials are alike");
            let sent = Client::new(house).get(&format!("{page}{tail}")).await.is(303);
            assert!(sent.location().unwrap().starts_with("/signin?back="));
        }
        let own = page.rsplit('/').next().unwrap();
        let desk = format!("/desk/certificates/{}/{own}", item(SHOP).area);
        let mut review = officer(house, SHOP, Post::Colleague).await;
        let seen = review.get(&desk).await.is(200);
        assert!(!seen.source().contains(&format!("{desk}/revoke")), "who does not decide takes nothing back");
        review.post(&format!("{desk}/revoke"), &[("words", "理由")]).await.is(403);
        let mut elsewhere = officer(house, CARD, Post::Head).await;
        elsewhere.get(&desk).await.is(404);
        elsewhere.post(&format!("{desk}/revoke"), &[("words", "理由")]).await.is(404);
        let mut city = officer(house, "ex-residence-permit", Post::Head).await;
        city.get(&desk).await.is(404);
        let mut head = officer(house, SHOP, Post::Head).await;
        head.get(&desk.replace("440000", "440100")).await.is(404);
        head.post_bare(&format!("{desk}/revoke"), &[("words", "理由")]).await.is(403);
        head.post_bare(&format!("{desk}/revoke"), &[("csrf", "wrong"), ("words", "理由")]).await.is(403);
        head.post(&format!("{desk}/burn"), &[("words", "理由")]).await.is(404);
        head.get(&format!("{desk}/revoke")).await.goes_to(&desk);
        let page_of_case = client.get(&format!("/me/cases/{id}")).await.is(200);
        assert!(page_of_case.links().contains(&page));
        client.get(&page).await.is(200).says(&zh("standing-valid"));
    });
}

#[test]
fn what_verifiers_fetch_is_there_for_all() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (..) = holder(&house).await;
        let mut stranger = Client::new(&house);
        let keys = stranger.get("/.well-known/jwks.json").await.is(200);
        assert_eq!(keys.header("content-type"), "application/jwk-set+json");
        assert!(keys.html.contains("\"kty\":\"OKP\"") && !keys.html.contains("\"d\":"), "{}", keys.html);
        let issuer = stranger.get("/.well-known/jwt-vc-issuer").await.is(200);
        assert!(issuer.html.contains("\"issuer\":\"http://site.example\""), "{}", issuer.html);
        let list = stranger.get("/status/440000/0").await.is(200);
        assert_eq!(list.header("content-type"), "application/statuslist+jwt");
        for nothing in ["/status/440000/1", "/status/440100/0", "/status/x/0", "/status/440000/x"] {
            stranger.get(nothing).await.is(404);
        }
    });
}

#[test]
fn guessing_codes_is_slow() {
    run(async {
        let house = House::open(Setup { writes_per_minute: 3, ..Setup::default() }).await;
        let mut stranger = Client::new(&house).from("192.0.2.7");
        for _ in 0..3 {
            check(&mut stranger, "HELLO").await.is(200);
        }
        check(&mut stranger, "HELLO").await.is(429);
    });
}
