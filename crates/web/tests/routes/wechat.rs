//! `/signin/wechat`, `/me/wechat`: entering by a mini-program, against a double of Tencent's protocol.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::elsewhere::Elsewhere;
use crate::house::{House, Setup, run, zh};
use crate::page::Page;
use crate::person::{Citizen, citizen};

const WEB_VIEW: &str = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.42 NetType/WIFI miniProgram/wxexample";

async fn open() -> (House, Arc<Elsewhere>) {
    let elsewhere = Elsewhere::new();
    let setup = Setup { elsewhere: Some(elsewhere.clone()), ..Setup::default() };
    (House::open(setup).await, elsewhere)
}

fn account(openid: &str) -> Value {
    json!({"openid": openid, "session_key": "tiihtNczf5v6AKRyjwEUhQ=="})
}

async fn enter(client: &mut Client, code: &str) -> (Page, Value) {
    let body = Body::from(json!({ "code": code }).to_string());
    let page = client.send(Method::POST, "/signin/wechat", "application/json", body).await;
    let told = serde_json::from_str(&page.html).unwrap_or_default();
    (page, told)
}

/// The page with the ticket, as the mini-program opens it.
async fn ticket(house: &House, elsewhere: &Elsewhere, openid: &str) -> String {
    let mut phone = Client::new(house);
    let (page, told) = enter(&mut phone, &elsewhere.wechat_code(account(openid))).await;
    page.is(200);
    assert_eq!((told["outcome"].as_str(), told["expires_in"].as_i64()), (Some("bind"), Some(600)));
    assert!(phone.cookie("session").is_none(), "an account elsewhere is no real name");
    told["open"].as_str().unwrap().to_owned()
}

/// Somebody signed in inside the mini-program's web view.
async fn inside(house: &House) -> (Citizen, Client) {
    let (who, client) = citizen(house).await;
    (who, client.with("user-agent", WEB_VIEW))
}

fn of(open: &str) -> &str {
    open.split_once("ticket=").unwrap().1
}

#[test]
fn a_tied_account_opens_what_its_owner_tied_until_it_is_untied() {
    run(async {
        let (house, elsewhere) = open().await;
        let open = ticket(&house, &elsewhere, "oFirst").await;
        let (who, mut client) = inside(&house).await;
        Client::new(&house).get(&open).await.is(303);
        let page = client.get(&open).await.is(200).says(&zh("wechat-tie-says"));
        assert!(page.words().contains(&who.name));
        client.post("/me/wechat", &[("ticket", of(&open))]).await.goes_to("/me/wechat?notice=wechat-tied");
        client.get("/me/messages").await.is(200).says(&zh("message-wechat-tied-subject"));
        client.get("/me/profile").await.is(200).says(&zh("wechat-row-tied"));
        // from now on the account is enough
        let mut phone = Client::new(&house);
        let (page, told) = enter(&mut phone, &elsewhere.wechat_code(account("oFirst"))).await;
        page.is(200);
        assert_eq!(told["outcome"], "signed-in");
        assert!(phone.get("/me/profile").await.is(200).words().contains(&who.name));
        // until it is untied, which ends what it opened
        client.post("/me/wechat/untie", &[]).await.goes_to("/me/wechat?notice=wechat-untied");
        phone.get("/me").await.goes_to("/signin?back=%2Fme");
        ticket(&house, &elsewhere, "oFirst").await;
        client.post("/me/wechat/untie", &[]).await.is(404);
    });
}

#[test]
fn a_ticket_is_good_once_in_time_and_inside_the_mini_program_alone() {
    run(async {
        let (house, elsewhere) = open().await;
        let open = ticket(&house, &elsewhere, "oOnce").await;
        let (_, mut outside) = citizen(&house).await;
        outside.get(&open).await.is(200).says(&zh("wechat-outside"));
        outside.post("/me/wechat", &[("ticket", of(&open))]).await.is(422).says(&zh("wechat-outside"));
        let (_, mut client) = inside(&house).await;
        // changed in its first half, which says whose it is, and in its second
        for at in [3, 60] {
            let mut changed = of(&open).to_owned();
            let other = if &changed[at..=at] == "A" { "B" } else { "A" };
            changed.replace_range(at..=at, other);
            client.post("/me/wechat", &[("ticket", &changed)]).await.is(422).says(&zh("wechat-ticket"));
        }
        client.post("/me/wechat", &[("ticket", "")]).await.is(422).says(&zh("wechat-ticket"));
        client.post("/me/wechat", &[("ticket", of(&open))]).await.is(303);
        let (_, mut other) = inside(&house).await;
        other.post("/me/wechat", &[("ticket", of(&open))]).await.is(422).says(&zh("wechat-ticket"));
        let late = ticket(&house, &elsewhere, "oLate").await;
        house.clock.advance(601);
        other.post("/me/wechat", &[("ticket", of(&late))]).await.is(422).says(&zh("wechat-ticket"));
        // two tickets of one account: whoever comes second finds it somebody's
        let (first, second) =
            (ticket(&house, &elsewhere, "oTwo").await, ticket(&house, &elsewhere, "oTwo").await);
        client.post("/me/wechat", &[("ticket", of(&first))]).await.is(303);
        other.post("/me/wechat", &[("ticket", of(&second))]).await.is(422).says(&zh("wechat-taken"));
    });
}

#[test]
fn whoever_only_stated_a_number_ties_nothing_to_it() {
    run(async {
        let (house, elsewhere) = open().await;
        let open = ticket(&house, &elsewhere, "oStated").await;
        let who = Citizen::new();
        let mut client = Client::new(&house).with("user-agent", WEB_VIEW);
        let fields = [("name", who.name.as_str()), ("number", &who.number), ("level", "2")];
        client.post_bare("/signin", &fields).await.goes_to("/me");
        let page = client.post("/me/wechat", &[("ticket", of(&open))]).await.is(303);
        assert!(page.location().unwrap().starts_with("/me/level?needed=3&back=%2Fme%2Fwechat%3Fticket"));
        // the ticket waits for the step up
        client.post("/me/level", &[("back", "/me")]).await.is(303);
        client.post("/me/wechat", &[("ticket", of(&open))]).await.goes_to("/me/wechat?notice=wechat-tied");
    });
}

#[test]
fn each_refusal_of_wechat_is_told_in_its_own_words() {
    run(async {
        let (house, elsewhere) = open().await;
        let mut phone = Client::new(&house);
        for (errcode, status, reason) in [
            (40_029, 422, "code"),
            (45_011, 429, "too-often"),
            (40_226, 422, "risk"),
            (-1, 503, "busy"),
            (40_125, 503, "setup"),
        ] {
            let code = elsewhere.wechat_code(json!({"errcode": errcode, "errmsg": "x"}));
            let (page, told) = enter(&mut phone, &code).await;
            page.is(status);
            assert_eq!((told["outcome"].as_str(), told["reason"].as_str()), (Some("refused"), Some(reason)));
            assert_eq!(told["text"], zh(&format!("wechat-{reason}")));
        }
        // a code that was used
        let code = elsewhere.wechat_code(account("oUsed"));
        enter(&mut phone, &code).await.0.is(200);
        let (page, told) = enter(&mut phone, &code).await;
        page.is(422);
        assert_eq!(told["reason"], "code");
        elsewhere.away.store(true, Ordering::Relaxed);
        let (page, told) = enter(&mut phone, "any").await;
        page.is(503);
        assert_eq!(told["reason"], "away");
        let rubbish = phone.send(Method::POST, "/signin/wechat", "application/json", Body::from("{")).await;
        rubbish.is(422);
        // where no mini-program is connected there is no such place
        let bare = House::open(Setup::default()).await;
        enter(&mut Client::new(&bare), "any").await.0.is(404);
    });
}
