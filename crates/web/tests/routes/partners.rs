//! `/oauth/*`, `/me/authorisations`: what partners' applications get, and what they do not.

use app::Scope;

use crate::client::Client;
use crate::house::{House, Setup, house, run};
use crate::partner::{
    BACK, ISSUER, Partner, VERIFIER, agree, answer, asking, claims, fails, file, leads, look, member,
    parameter, register,
};
use crate::person::{Citizen, citizen};

/// A site of its own, where time is turned.
pub(crate) async fn alone_with_partner(id: &str) -> (House, Partner) {
    let house = House::open(Setup::default()).await;
    let partner = register(&house, file(id)).await;
    (house, partner)
}

/// The shared site with an application of this id.
async fn with_partner(id: &str) -> (&'static House, Partner) {
    let house = house().await;
    (house, register(house, file(id)).await)
}

#[test]
fn somebody_agrees_and_the_application_sees_what_they_agreed_to() {
    run(async {
        let (house, partner) = with_partner("whole-way").await;
        let (who, mut client) = citizen(house).await;
        let page = client.get(&asking(&partner, "openid profile id_number phone", &[])).await.is(200);
        let page = page.says("示例·图书馆").says("library.example").says("办理借书证").never_says(&who.name);
        let to = answer(&mut client, &page, "yes", &[]).await;
        assert_eq!(parameter(&to, "state").as_deref(), Some("s t&ate"));
        assert_eq!(parameter(&to, "iss").as_deref(), Some(ISSUER));
        let answer = partner.exchange(house, &parameter(&to, "code").unwrap()).await.is(200);
        assert_eq!(member(&answer, "scope"), "openid profile phone", "the sensitive one was not ticked");
        let claims = claims(&member(&answer, "id_token"));
        assert_eq!((claims["iss"].as_str(), claims["aud"].as_str()), (Some(ISSUER), Some("whole-way")));
        assert_eq!((claims["nonce"].as_str(), claims["acr"].as_str()), (Some("n-0S6"), Some("real-name:3")));
        let seen = look(house, &member(&answer, "access_token")).await.is(200);
        assert_eq!(member(&seen, "name"), who.name);
        assert_eq!(member(&seen, "sub"), claims["sub"].as_str().unwrap());
        assert!(!seen.html.contains(&who.number) && !seen.html.contains("id_number"), "{}", seen.html);
        client.get("/me/privacy").await.is(200).says("示例·图书馆").says(&crate::house::zh("reader-partner"));
        // The second time nobody is asked, unless the application asks for more or wants it.
        let to = client.get(&asking(&partner, "openid profile", &[])).await.is(303);
        assert!(parameter(to.location().unwrap(), "code").is_some());
        client.get(&asking(&partner, "openid profile address", &[])).await.is(200);
        client.get(&asking(&partner, "openid profile", &[("prompt", "consent")])).await.is(200);
    });
}

#[test]
fn what_is_sensitive_is_agreed_to_apart() {
    run(async {
        let (house, partner) = with_partner("sensitive").await;
        let (who, mut client) = citizen(house).await;
        let page =
            client.get(&asking(&partner, "openid id_number id_number_masked real_name", &[])).await.is(200);
        assert!(!page.html.contains(" checked"), "no box is ticked beforehand");
        let to =
            answer(&mut client, &page, "yes", &[("scope-id_number", "yes"), ("scope-phone", "yes")]).await;
        let tokens = partner.exchange(house, &parameter(&to, "code").unwrap()).await.is(200);
        assert_eq!(
            member(&tokens, "scope"),
            "openid real_name id_number_masked id_number",
            "nothing unasked"
        );
        let seen = look(house, &member(&tokens, "access_token")).await.is(200);
        assert_eq!(member(&seen, "id_number"), who.number);
        assert!(member(&seen, "id_number_masked").contains("****"));
        assert!(seen.html.contains("\"assurance_level\":\"real-name:3\""), "{}", seen.html);
        let no = client.get(&asking(&partner, "openid phone", &[])).await.is(200);
        let to = answer(&mut client, &no, "no", &[]).await;
        assert_eq!(parameter(&to, "error").as_deref(), Some("access_denied"));
    });
}

#[test]
fn nobody_is_sent_to_an_address_that_is_not_registered() {
    run(async {
        let (house, partner) = with_partner("strict").await;
        let (_, mut client) = citizen(house).await;
        let stranger = Partner { id: "nobody-knows".to_owned(), secret: String::new() };
        let page = client.get(&asking(&stranger, "openid", &[])).await.is(400);
        page.holds("invalid_client");
        for to in [
            "https://evil.example/cb",
            "https://library.example/cb/",
            "https://library.example/cb#x",
            "https://library.example/cb?x=1",
            "https://LIBRARY.example/cb",
            "https://library.example.evil.example/cb",
            "",
        ] {
            let page = client.get(&asking(&partner, "openid", &[("redirect_uri", to)])).await.is(400);
            page.holds("redirect_uri");
        }
        let twice = format!("{}&state=2", asking(&partner, "openid", &[]));
        client.get(&twice).await.is(400).holds("stands twice");
        client.get(&asking(&partner, "openid", &[("state", &"x".repeat(3_000))])).await.is(400);
    });
}

#[test]
fn an_application_is_told_what_is_wrong_with_its_request() {
    run(async {
        let house = house().await;
        let mut small = file("told");
        small.scopes.remove(&Scope::IdNumber);
        let partner = register(house, small).await;
        let (_, mut client) = citizen(house).await;
        for (scope, changed, code) in [
            ("openid id_number", ("state", "x"), "invalid_scope"),
            ("openid everything", ("state", "x"), "invalid_scope"),
            ("profile", ("state", "x"), "invalid_scope"),
            ("openid", ("code_challenge", ""), "invalid_request"),
            ("openid", ("code_challenge_method", "plain"), "invalid_request"),
            ("openid", ("code_challenge_method", ""), "invalid_request"),
            ("openid", ("response_type", "token"), "unsupported_response_type"),
            ("openid", ("response_type", "code id_token"), "unsupported_response_type"),
            ("openid", ("response_mode", "fragment"), "invalid_request"),
            ("openid", ("request", "eyJhbGciOiJub25lIn0.e30."), "request_not_supported"),
            ("openid", ("request_uri", "https://evil.example/r"), "request_uri_not_supported"),
            ("openid", ("prompt", "none login"), "invalid_request"),
            ("openid", ("max_age", "-1"), "invalid_request"),
            ("openid", ("prompt", "none"), "consent_required"),
        ] {
            let page = client.get(&asking(&partner, scope, &[changed])).await.is(303);
            let to = page.location().unwrap();
            assert!(to.starts_with(BACK), "{changed:?}: {to}");
            assert_eq!(parameter(to, "error").as_deref(), Some(code), "{scope} {changed:?}");
            assert_eq!(parameter(to, "iss").as_deref(), Some(ISSUER));
        }
        let page = Client::new(house).get(&asking(&partner, "openid", &[("prompt", "none")])).await.is(303);
        assert_eq!(parameter(page.location().unwrap(), "error").as_deref(), Some("login_required"));
    });
}

#[test]
fn a_code_opens_once_for_one_application_and_soon() {
    run(async {
        let (house, partner) = alone_with_partner("codes").await;
        let house = &house;
        let other = register(house, file("codes-other")).await;
        let (_, mut client) = citizen(house).await;
        let code = agree(&partner, &mut client, "openid profile").await;
        let verifier = VERIFIER.replace("forty", "fifty");
        fails(
            &partner.exchange_with(house, &[("code", &code), ("code_verifier", &verifier)]).await,
            400,
            "invalid_grant",
        );
        fails(
            &partner.exchange_with(house, &[("code", &code), ("code_verifier", "")]).await,
            400,
            "invalid_request",
        );
        let elsewhere = format!("{BACK}?from=there");
        fails(
            &partner.exchange_with(house, &[("code", &code), ("redirect_uri", &elsewhere)]).await,
            400,
            "invalid_grant",
        );
        fails(&other.exchange(house, &code).await, 400, "invalid_grant");
        let altered = format!("{}A", &code[..code.len() - 1]);
        fails(
            &partner.exchange(house, if altered == code { "x" } else { &altered }).await,
            400,
            "invalid_grant",
        );
        fails(&partner.refresh(house, &code).await, 400, "invalid_grant");
        let tokens = partner.exchange(house, &code).await.is(200);
        let access = member(&tokens, "access_token");
        look(house, &access).await.is(200);
        // Whoever comes a second time ends all that the first one got.
        fails(&partner.exchange(house, &code).await, 400, "invalid_grant");
        fails(&look(house, &access).await, 401, "invalid_token");
        fails(&partner.refresh(house, &member(&tokens, "refresh_token")).await, 400, "invalid_grant");
        let late = agree_again(&partner, &mut client).await;
        house.clock.advance(61);
        fails(&partner.exchange(house, &late).await, 400, "invalid_grant");
    });
}

/// A code for somebody who has agreed before.
pub(crate) async fn agree_again(partner: &Partner, client: &mut Client) -> String {
    let page = client.get(&asking(partner, "openid", &[])).await.is(303);
    parameter(page.location().unwrap(), "code").unwrap()
}

#[test]
fn of_ten_who_exchange_a_code_at_once_one_gets_tokens_and_loses_them() {
    run(async {
        let (house, partner) = with_partner("race").await;
        let (_, mut client) = citizen(house).await;
        let code = agree(&partner, &mut client, "openid").await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let mut server = partner.server(house);
            let code = code.clone();
            tasks.spawn(async move {
                let fields = [
                    ("grant_type", "authorization_code"),
                    ("redirect_uri", BACK),
                    ("code_verifier", VERIFIER),
                    ("code", &code),
                ];
                server.post_bare("/oauth/token", &fields).await
            });
        }
        let answers = tasks.join_all().await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1, "a code is exchanged once");
        fails(&look(house, &member(won[0], "access_token")).await, 401, "invalid_token");
    });
}

#[test]
fn an_application_proves_which_one_it_is() {
    run(async {
        let (house, partner) = with_partner("secrets").await;
        let (_, mut client) = citizen(house).await;
        let code = agree(&partner, &mut client, "openid").await;
        let form = |id: &str, secret: &str| {
            let mut fields = vec![("grant_type", "authorization_code".to_owned()), ("code", code.clone())];
            fields.extend([("redirect_uri", BACK.to_owned()), ("code_verifier", VERIFIER.to_owned())]);
            fields.extend([("client_id", id.to_owned()), ("client_secret", secret.to_owned())]);
            fields
        };
        let send = async |fields: Vec<(&'static str, String)>| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Client::new(house).post_bare("/oauth/token", &fields).await
        };
        fails(&send(form("secrets", "wrong")).await, 401, "invalid_client");
        fails(&send(form("secrets", "")).await, 401, "invalid_client");
        fails(&send(form("unheard-of", &partner.secret)).await, 401, "invalid_client");
        let wrong = Partner { id: partner.id.clone(), secret: "wrong".to_owned() };
        let page = wrong.exchange(house, &code).await;
        fails(&page, 401, "invalid_client");
        assert!(page.header("www-authenticate").starts_with("Basic"));
        let both = partner.exchange_with(house, &[("code", &code), ("client_secret", &partner.secret)]).await;
        fails(&both, 400, "invalid_request");
        let new = house.app.rotate_partner_secret("secrets").await.unwrap().0;
        fails(&partner.exchange(house, &code).await, 401, "invalid_client");
        send(form("secrets", &new)).await.is(200);
        // A public one has no secret, and cannot come with one.
        let mut public = file("public");
        public.public = true;
        let public = register(house, public).await;
        assert_eq!(public.secret, "");
        let code = agree(&public, &mut client, "openid").await;
        let fields = [("client_id", "public"), ("client_secret", "x"), ("code", &code)];
        let bare = Partner { id: "x".to_owned(), secret: String::new() };
        fails(&bare.exchange_with(house, &fields).await, 400, "invalid_request");
        public.exchange(house, &code).await.is(200);
        fails(
            &Client::new(house).post_bare("/oauth/token", &[("grant_type", "password")]).await,
            400,
            "unsupported_grant_type",
        );
        fails(&Client::new(house).post_bare("/oauth/token", &[]).await, 400, "invalid_request");
    });
}

#[test]
fn a_refresh_token_serves_once_and_its_reuse_ends_everything() {
    run(async {
        let (house, partner) = with_partner("refresh").await;
        let other = register(house, file("refresh-other")).await;
        let (_, mut client) = citizen(house).await;
        let code = agree(&partner, &mut client, "openid profile offline_access").await;
        let first = partner.exchange(house, &code).await.is(200);
        let token = member(&first, "refresh_token");
        fails(&other.refresh(house, &token).await, 400, "invalid_grant");
        let more = [("grant_type", "refresh_token"), ("refresh_token", &token), ("scope", "openid phone")];
        fails(&partner.server(house).post_bare("/oauth/token", &more).await, 400, "invalid_scope");
        let fewer = [("grant_type", "refresh_token"), ("refresh_token", &token), ("scope", "openid")];
        let second = partner.server(house).post_bare("/oauth/token", &fewer).await.is(200);
        let seen = look(house, &member(&second, "access_token")).await.is(200);
        assert_eq!(member(&seen, "name"), "", "fewer scopes show less");
        let sub = |page| claims(&member(page, "id_token"))["sub"].clone();
        assert_eq!(sub(&first), sub(&second));
        let third = partner.refresh(house, &member(&second, "refresh_token")).await.is(200);
        look(house, &member(&third, "access_token")).await.is(200).holds("name");
        // Used before: a thief, or the one who was robbed.
        fails(&partner.refresh(house, &token).await, 400, "invalid_grant");
        fails(&partner.refresh(house, &member(&third, "refresh_token")).await, 400, "invalid_grant");
        fails(&look(house, &member(&third, "access_token")).await, 401, "invalid_token");
    });
}

#[test]
fn tokens_end_with_time_and_can_be_revoked() {
    run(async {
        let (house, partner) = alone_with_partner("ends").await;
        let house = &house;
        let other = register(house, file("ends-other")).await;
        let (_, mut client) = citizen(house).await;
        let code = agree(&partner, &mut client, "openid").await;
        let tokens = partner.exchange(house, &code).await.is(200);
        let (access, refresh) = (member(&tokens, "access_token"), member(&tokens, "refresh_token"));
        other.server(house).post_bare("/oauth/revoke", &[("token", &access)]).await.is(200);
        look(house, &access).await.is(200);
        partner.server(house).post_bare("/oauth/revoke", &[("token", &access)]).await.is(200);
        fails(&look(house, &access).await, 401, "invalid_token");
        let tokens = partner.refresh(house, &refresh).await.is(200);
        let (access, refresh) = (member(&tokens, "access_token"), member(&tokens, "refresh_token"));
        house.clock.advance(601);
        fails(&look(house, &access).await, 401, "invalid_token");
        fails(&look(house, &refresh).await, 401, "invalid_token");
        partner.server(house).post_bare("/oauth/revoke", &[("token", &refresh)]).await.is(200);
        fails(&partner.refresh(house, &refresh).await, 400, "invalid_grant");
        let bare = Client::new(house).get("/oauth/userinfo").await.is(401);
        assert_eq!(bare.header("www-authenticate"), "Bearer");
    });
}

#[test]
fn applications_cannot_find_out_that_theirs_is_the_same_person() {
    run(async {
        let (house, one) = with_partner("pair-one").await;
        let neighbour = register(house, file("pair-neighbour")).await;
        let mut far = file("pair-far");
        far.redirect_uris = vec![BACK.replace("library", "theatre")];
        let sector = |at: &str| {
            let mut file = far.clone();
            (file.id, file.sector) = ("pair-joined".to_owned(), Some(at.to_owned()));
            file
        };
        let joined = register(house, sector("library.example")).await;
        let far = register(house, far.clone()).await;
        let (_, mut client) = citizen(house).await;
        let mut subs = Vec::new();
        for partner in [&one, &neighbour, &joined, &far] {
            let host = if partner.id.contains("far") || partner.id.contains("joined") {
                "theatre"
            } else {
                "library"
            };
            let back = BACK.replace("library", host);
            let page = client.get(&asking(partner, "openid", &[("redirect_uri", &back)])).await.is(200);
            let to = answer(&mut client, &page, "yes", &[]).await;
            let code = parameter(&to, "code").unwrap();
            let tokens =
                partner.exchange_with(house, &[("code", &code), ("redirect_uri", &back)]).await.is(200);
            subs.push(claims(&member(&tokens, "id_token"))["sub"].as_str().unwrap().to_owned());
        }
        assert_eq!(subs[0], subs[1], "one host, one pseudonym");
        assert_eq!(subs[0], subs[2], "the operator put them together");
        assert_ne!(subs[0], subs[3]);
    });
}

#[test]
fn a_sign_in_must_be_as_new_as_the_application_wishes() {
    run(async {
        let (house, partner) = alone_with_partner("fresh").await;
        let house = &house;
        let (who, mut client) = citizen(house).await;
        agree(&partner, &mut client, "openid").await;
        house.clock.advance(300);
        client.get(&asking(&partner, "openid", &[("max_age", "3600")])).await.is(303);
        for changed in [("max_age", "60"), ("prompt", "login"), ("max_age", "0")] {
            let page = client.get(&asking(&partner, "openid", &[changed])).await.is(303);
            let place = page.location().unwrap();
            assert!(place.starts_with("/signin?back="), "{changed:?}: {place}");
            let silent = asking(&partner, "openid", &[("max_age", "60"), ("prompt", "none")]);
            let page = client.get(&silent).await.is(303);
            assert_eq!(parameter(page.location().unwrap(), "error").as_deref(), Some("login_required"));
            // Signing in leads back, and then it is new enough.
            let back = parameter(place, "back").unwrap();
            let fields = [("name", who.name.as_str()), ("number", &who.number), ("back", &back)];
            let page = client.post_bare("/signin", &fields).await.is(303);
            let page = client.get(page.location().unwrap()).await.is(303);
            let code = parameter(page.location().unwrap(), "code").expect("a code");
            let tokens = partner.exchange(house, &code).await.is(200);
            let claims = claims(&member(&tokens, "id_token"));
            assert!(claims["iat"].as_i64().unwrap() - claims["auth_time"].as_i64().unwrap() < 60);
            house.clock.advance(300);
        }
    });
}

#[test]
fn who_only_said_who_they_are_proves_more_first() {
    run(async {
        let (house, partner) = with_partner("level").await;
        let who = Citizen::new();
        let mut client = Client::new(house);
        let fields = [("name", who.name.as_str()), ("number", &who.number), ("level", "2"), ("back", "/me")];
        client.post_bare("/signin", &fields).await.goes_to("/me");
        let page = client.get(&asking(&partner, "openid profile", &[])).await.is(303);
        assert!(page.location().unwrap().starts_with("/me/level?needed=3&back=%2Foauth%2Fauthorize"));
        let page = client.get(&asking(&partner, "openid", &[("prompt", "none")])).await.is(303);
        assert_eq!(parameter(page.location().unwrap(), "error").as_deref(), Some("interaction_required"));
        // What they agree to where their word is enough does not bind whoever then proves to be that person.
        let mut easy = file("level-easy");
        easy.level = 2;
        let easy = register(house, easy).await;
        let code = agree(&easy, &mut client, "openid profile phone").await;
        let tokens = easy.exchange(house, &code).await.is(200);
        assert_eq!(claims(&member(&tokens, "id_token"))["acr"], "real-name:2");
        look(house, &member(&tokens, "access_token")).await.is(200);
        let mut real = who.sign_in(house).await;
        fails(&look(house, &member(&tokens, "access_token")).await, 401, "invalid_token");
        fails(&easy.refresh(house, &member(&tokens, "refresh_token")).await, 400, "invalid_grant");
        real.get("/me/authorisations").await.is(200).never_says(&crate::house::zh("authorised-withdraw"));
        real.get(&asking(&easy, "openid", &[])).await.is(200);
    });
}

#[test]
fn other_sites_can_ask_and_do_nothing_else() {
    run(async {
        let (house, partner) = with_partner("foreign").await;
        let (_, mut client) = citizen(house).await;
        let page = client.get(&asking(&partner, "openid", &[])).await.is(200);
        let token = client.token().await;
        let mut foreign =
            client.clone().with("sec-fetch-site", "cross-site").with("origin", "https://evil.example");
        foreign.post("/oauth/consent", &[("answer", "yes")]).await.is(403);
        foreign.post("/oauth/signout", &[]).await.is(403);
        foreign.post("/me/authorisations/withdraw", &[("partner", "foreign")]).await.is(403);
        client.post_bare("/oauth/consent", &[("answer", "yes"), ("csrf", &token[1..])]).await.is(403);
        let asked = asking(&partner, "openid", &[]);
        let (path, query) = asked.split_once('?').unwrap();
        let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        foreign.post_bare(path, &fields).await.goes_to(&asked);
        let page_of =
            |host: &'static str| Client::new(house).with("origin", host).with("sec-fetch-site", "cross-site");
        let answer_of = page_of("https://spa.example").post_bare("/oauth/token", &[]).await.is(400);
        assert_eq!(answer_of.header("access-control-allow-origin"), "*");
        assert_eq!(answer_of.header("access-control-allow-credentials"), "", "never with cookies");
        assert_eq!(client.get("/me").await.header("access-control-allow-origin"), "");
        // After our own form a page leads on; Chromium holds form-action against a redirect.
        answer(&mut client, &page, "yes", &[]).await;
        let mut after_form = client.clone().with("sec-fetch-site", "same-origin");
        let to = leads(&after_form.get(&asking(&partner, "openid", &[])).await.is(200));
        assert!(parameter(&to, "code").is_some());
        let changed = [("request", "client_id=foreign"), ("seen", "1"), ("answer", "yes")];
        client.post("/oauth/consent", &changed).await.is(400);
    });
}

#[test]
fn what_was_changed_meanwhile_is_shown_again() {
    run(async {
        let (house, partner) = with_partner("changed").await;
        let (_, mut client) = citizen(house).await;
        let asked = asking(&partner, "openid profile", &[]);
        let page = client.get(&asked).await.is(200);
        register(house, file("changed")).await;
        let fields = [("request", asked.split_once('?').unwrap().1), ("seen", "1"), ("answer", "yes")];
        let again = client.post("/oauth/consent", &fields).await.is(303);
        assert!(again.location().unwrap().starts_with("/oauth/authorize?"));
        drop(page);
        // Taken off and put back: what was given before opens nothing.
        let code = agree(&partner, &mut client, "openid profile").await;
        let tokens = partner.exchange(house, &code).await.is(200);
        house.app.remove_partner("changed").await.unwrap();
        fails(&look(house, &member(&tokens, "access_token")).await, 401, "invalid_token");
        fails(&partner.refresh(house, &member(&tokens, "refresh_token")).await, 401, "invalid_client");
        client.get("/me/authorisations").await.is(200).never_says(&crate::house::zh("authorised-withdraw"));
        let back = register(house, file("changed")).await;
        fails(&look(house, &member(&tokens, "access_token")).await, 401, "invalid_token");
        fails(&back.refresh(house, &member(&tokens, "refresh_token")).await, 400, "invalid_grant");
        client.get(&asking(&back, "openid", &[])).await.is(200);
    });
}

#[test]
fn discovery_says_what_there_is() {
    run(async {
        let (house, _) = with_partner("found").await;
        let page = Client::new(house).get("/.well-known/openid-configuration").await.is(200);
        let found: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap();
        assert_eq!(found["issuer"], ISSUER);
        assert_eq!(found["id_token_signing_alg_values_supported"], serde_json::json!(["EdDSA"]));
        assert_eq!(found["subject_types_supported"], serde_json::json!(["pairwise"]));
        assert_eq!(page.header("access-control-allow-origin"), "*");
    });
}
