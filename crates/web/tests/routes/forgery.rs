//! Forms that did not come from our own pages.

use identity::Post;

use crate::client::Client;
use crate::house::{house, run, zh};
use crate::person::{CARD, Citizen, SHOP, at_desk, begin, citizen, item, officer, submit};

/// Every address that changes something, as the citizen reaches it.
fn changes(draft: &str, case: &str) -> Vec<String> {
    let page = &item(CARD).form.pages[0].id;
    [
        format!("{draft}/{page}"),
        format!("{draft}/check"),
        format!("{draft}/discard"),
        format!("/me/cases/{case}/withdraw"),
        format!("/me/cases/{case}/rate"),
        "/signout".to_owned(),
        "/me/level".to_owned(),
        "/me/sessions/end".to_owned(),
        "/me/sessions/end-others".to_owned(),
        "/me/passkeys".to_owned(),
        "/me/passkeys/challenge".to_owned(),
        "/me/passkeys/remove".to_owned(),
    ]
    .into()
}

#[test]
fn without_the_sessions_token_nothing_is_done() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let case = submit(&who, &mut client, SHOP).await;
        let draft = begin(&mut client, CARD).await;
        let (_, mut other) = citizen(house).await;
        let foreign = other.token().await;
        for place in changes(&draft, &case) {
            client.post_bare(&place, &[("level", "1")]).await.is(403).says(&zh("error-403-title"));
            client.post_bare(&place, &[("csrf", "wrong")]).await.is(403);
            client.post_bare(&place, &[("csrf", &foreign)]).await.is(403);
        }
        for place in [format!("{draft}/materials"), format!("/me/cases/{case}/correct")] {
            client.upload_bare(&place, &[("csrf", "wrong")], &[]).await.is(403);
            client.upload_bare(&place, &[], &[]).await.is(403);
        }
        client.get(&format!("{draft}/check")).await.is(200);
        client.get(&format!("/me/cases/{case}")).await.is(200).says(&zh("status-received"));
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        for action in ["claim", "accept", "not-ours"] {
            let place = format!("{}/{action}", at_desk(SHOP, &case));
            desk.post_bare(&place, &[("words", "理由")]).await.is(403);
            desk.post_bare(&place, &[("csrf", &foreign), ("words", "理由")]).await.is(403);
        }
        for place in [
            "/desk/window",
            "/desk/officers/01990000-0000-7000-8000-000000000001/reset",
            "/desk/sessions/end",
            "/desk/sessions/end-others",
            "/desk/passkeys",
            "/desk/passkeys/challenge",
            "/desk/passkeys/remove",
        ] {
            desk.post_bare(place, &[]).await.is(403);
            desk.post_bare(place, &[("csrf", &foreign)]).await.is(403);
        }
        client.get(&format!("/me/cases/{case}")).await.is(200).says(&zh("status-received"));
    });
}

#[test]
fn another_sites_form_is_turned_away_even_with_the_token() {
    run(async {
        let house = house().await;
        let (_, mut client) = citizen(house).await;
        let token = client.token().await;
        let foreign = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "https://site.example.evil.example"),
        ];
        for (name, value) in foreign {
            let mut forged = client.clone().with(name, value);
            forged.post_bare("/signout", &[("csrf", &token)]).await.is(403);
        }
        client.get("/me").await.is(200);
        // signing somebody in as somebody else is forgery too
        let who = Citizen::new();
        let fields = [("name", who.name.as_str()), ("number", &who.number)];
        let mut victim = Client::new(house).with("sec-fetch-site", "cross-site");
        victim.post_bare("/signin", &fields).await.is(403);
        assert!(victim.cookie("session").is_none());
        let own = [
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
            ("origin", "http://site.example"),
        ];
        for (name, value) in own {
            Client::new(house).with(name, value).post_bare("/signin", &fields).await.is(303);
        }
    });
}

#[test]
fn a_link_from_another_site_may_be_followed() {
    run(async {
        let mut client = Client::new(house().await).with("sec-fetch-site", "cross-site");
        client.get("/").await.is(200);
        client.get("/items/ex-elder-card").await.is(200);
    });
}
