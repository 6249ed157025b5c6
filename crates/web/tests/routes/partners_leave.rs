//! Leaving: `/oauth/logout`, `/oauth/signout`, withdrawal, and what applications hear of it.

use std::sync::{Arc, Mutex};

use app::{Answer, Ask, Fetch, FetchError, Fetched};

use crate::house::{House, Setup, run};
use crate::partner::{LEFT, TOLD, agree, asking, claims, fails, file, leads, look, member, register};
use crate::partners::{agree_again, alone_with_partner};
use crate::person::citizen;

/// Other services as a test has them: what was sent, and what is answered.
#[derive(Default)]
struct Double {
    asked: Mutex<Vec<Ask>>,
    away: Mutex<bool>,
}

impl Fetch for Double {
    fn fetch(&self, ask: Ask) -> Fetched<'_> {
        self.asked.lock().unwrap().push(ask);
        let away = *self.away.lock().unwrap();
        Box::pin(async move {
            if away {
                Err(FetchError::Away("no answer".to_owned()))
            } else {
                Ok(Answer { status: 204, body: Vec::new() })
            }
        })
    }
}

impl Double {
    /// The claims of the logout tokens that were sent.
    fn told(&self) -> Vec<serde_json::Value> {
        let token = |ask: &Ask| {
            assert_eq!(ask.url, TOLD);
            let (kind, body) = ask.body.clone().unwrap();
            assert_eq!(kind, "application/x-www-form-urlencoded");
            let token = String::from_utf8(body).unwrap().strip_prefix("logout_token=").unwrap().to_owned();
            let head = claims(&format!(".{}.", token.split('.').next().unwrap()));
            assert_eq!(head["typ"], "logout+jwt");
            claims(&token)
        };
        self.asked.lock().unwrap().drain(..).map(|ask| token(&ask)).collect()
    }
}

#[test]
fn who_withdraws_or_signs_out_is_no_longer_seen_and_the_application_hears_it() {
    run(async {
        let double = Arc::new(Double::default());
        let house = House::open(Setup { http: Some(double.clone()), ..Setup::default() }).await;
        let partner = register(&house, file("library")).await;
        let (who, mut client) = citizen(&house).await;
        let code = agree(&partner, &mut client, "openid profile").await;
        let tokens = partner.exchange(&house, &code).await.is(200);
        let id = claims(&member(&tokens, "id_token"));
        client.get("/me/authorisations").await.is(200).says("示例·图书馆").says("办理借书证");
        // Signing out ends what began in the session; it hears of it again until it answers.
        *double.away.lock().unwrap() = true;
        client.post("/signout", &[]).await.is(303);
        fails(&look(&house, &member(&tokens, "access_token")).await, 401, "invalid_token");
        assert_eq!(house.app.tell_partners().await.unwrap(), 0);
        let token = double.told().remove(0);
        assert_eq!(
            (&token["sub"], &token["sid"], token["aud"].as_str()),
            (&id["sub"], &id["sid"], Some("library"))
        );
        assert!(token.get("nonce").is_none() && token["events"].is_object());
        *double.away.lock().unwrap() = false;
        assert_eq!(house.app.tell_partners().await.unwrap(), 0, "not at once again");
        house.clock.advance(31);
        assert_eq!(house.app.tell_partners().await.unwrap(), 1);
        assert_eq!(double.told().len(), 1);
        house.clock.advance(3_600);
        assert_eq!(house.app.tell_partners().await.unwrap(), 0, "once told is told");
        // What outlives the session goes on after it, and ends with one touch.
        let mut client = who.sign_in(&house).await;
        let code = agree(&partner, &mut client, "openid offline_access").await;
        let tokens = partner.exchange(&house, &code).await.is(200);
        client.post("/signout", &[]).await.is(303);
        assert_eq!(house.app.tell_partners().await.unwrap(), 1);
        let mut client = who.sign_in(&house).await;
        look(&house, &member(&tokens, "access_token")).await.is(200);
        let page = client.post("/me/authorisations/withdraw", &[("partner", "library")]).await.is(303);
        client
            .get(page.location().unwrap())
            .await
            .is(200)
            .says(&crate::house::zh("notice-withdrawn-consent"));
        fails(&look(&house, &member(&tokens, "access_token")).await, 401, "invalid_token");
        fails(&partner.refresh(&house, &member(&tokens, "refresh_token")).await, 400, "invalid_grant");
        assert_eq!(house.app.tell_partners().await.unwrap(), 1);
        client.get(&asking(&partner, "openid", &[])).await.is(200);
        // It is given up some time, and until then asked ever more rarely.
        *double.away.lock().unwrap() = true;
        agree(&partner, &mut client, "openid").await;
        client.post("/signout", &[]).await.is(303);
        double.told();
        for _ in 0..20 {
            house.app.tell_partners().await.unwrap();
            house.clock.advance(3_600);
        }
        assert_eq!(double.told().len(), 8);
    });
}

#[test]
fn an_application_may_ask_people_to_sign_out() {
    run(async {
        let (house, partner) = alone_with_partner("leaving").await;
        let house = &house;
        let other = register(house, file("leaving-other")).await;
        let (who, mut client) = citizen(house).await;
        let tokens = partner.exchange(house, &agree(&partner, &mut client, "openid").await).await.is(200);
        let hint = member(&tokens, "id_token");
        let address = |pairs: &[(&str, &str)]| {
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            format!("/oauth/logout?{query}")
        };
        let (head, rest) = hint.split_once('.').unwrap();
        let (payload, signature) = rest.split_once('.').unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
        let foreign = format!("{head}.{payload}x.{signature}");
        for hint in [unsigned.as_str(), &foreign, "x", &member(&tokens, "access_token")] {
            let wish = address(&[("id_token_hint", hint), ("post_logout_redirect_uri", LEFT)]);
            client.get(&wish).await.is(400).holds("id_token_hint");
        }
        client.get(&address(&[("id_token_hint", &hint), ("client_id", &other.id)])).await.is(400);
        let evil = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "https://evil.example/")];
        client.get(&address(&evil)).await.is(400).holds("post_logout_redirect_uri");
        client.get(&address(&[("post_logout_redirect_uri", LEFT)])).await.is(400);
        client.get("/me").await.is(200);
        // Without an ID token of this session people are asked.
        let wish = address(&[("client_id", &partner.id), ("post_logout_redirect_uri", LEFT), ("state", "s")]);
        let page = client.get(&wish).await.is(200).says("示例·图书馆");
        let request = crate::partner::value(&page, "request");
        let page = client.post("/oauth/signout", &[("request", &request)]).await.is(200);
        assert_eq!(leads(&page), format!("{LEFT}?state=s"));
        client.get("/me").await.is(303);
        // With one they are not; that it has expired does not matter.
        let mut client = who.sign_in(house).await;
        let tokens = partner.exchange(house, &agree_again(&partner, &mut client).await).await.is(200);
        house.clock.advance(700);
        let hint = member(&tokens, "id_token");
        client
            .get(&address(&[("id_token_hint", &hint), ("post_logout_redirect_uri", LEFT)]))
            .await
            .goes_to(LEFT);
        client.get("/me").await.is(303);
        client.get(&address(&[("id_token_hint", &hint)])).await.is(200).says(&crate::house::zh("leave-done"));
    });
}
