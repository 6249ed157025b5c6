//! `/me/passkeys`, `/desk/passkeys`, `/signin/passkey`: the second factor.

use identity::Post;
use identity::webauthn::to_base64url;

use crate::authenticator::Authenticator;
use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::page::Page;
use crate::person::{CARD, Citizen, card, citizen, item, officer};

pub(crate) type Fields = Vec<(&'static str, String)>;

pub(crate) async fn challenge(client: &mut Client, place: &str) -> String {
    let page = client.post(&format!("{place}/challenge"), &[]).await.is(200);
    String::from_utf8(page.bytes.clone()).unwrap()
}

pub(crate) async fn send(client: &mut Client, place: &str, fields: &Fields) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post(place, &fields).await
}

async fn add(client: &mut Client, place: &str, authenticator: &Authenticator) -> Page {
    let challenge = challenge(client, place).await;
    send(client, place, &authenticator.create(&challenge)).await
}

/// Signs in by name and number; what is left is the second factor.
async fn half(house: &House, who: &Citizen) -> Client {
    let mut client = Client::new(house);
    let fields = [("name", who.name.as_str()), ("number", &who.number), ("back", "/me/messages")];
    client.post_bare("/signin", &fields).await.goes_to("/signin/passkey?back=%2Fme%2Fmessages");
    client.get("/signin/passkey?back=%2Fme%2Fmessages").await.is(200);
    client
}

async fn prove(client: &mut Client, authenticator: &mut Authenticator) -> Page {
    let challenge = challenge(client, "/signin/passkey").await;
    let mut fields = authenticator.get(&challenge);
    fields.push(("back", "/me/messages".to_owned()));
    send(client, "/signin/passkey", &fields).await
}

#[test]
fn whoever_has_a_passkey_is_asked_for_it() {
    run(async {
        let house = house().await;
        for mut key in [Authenticator::es256(b"one"), Authenticator::eddsa(b"two")] {
            let (who, mut client) = citizen(house).await;
            let mut elsewhere = who.sign_in(house).await;
            client.get("/me/passkeys").await.is(200).says(&zh("passkeys-none"));
            add(&mut client, "/me/passkeys", &key).await.goes_to("/me/passkeys?notice=passkey-added");
            elsewhere.get("/me").await.goes_to("/signin?back=%2Fme");
            client.get("/me").await.is(200);
            let mut half = half(house, &who).await;
            for closed in ["/me", "/me/messages", "/me/passkeys", "/items/ex-elder-card/apply"] {
                assert!(
                    half.get(closed).await.is(303).location().unwrap().starts_with("/signin"),
                    "{closed}"
                );
            }
            let waiting = half.cookie("session").unwrap().to_owned();
            prove(&mut half, &mut key).await.goes_to("/me/messages");
            assert_ne!(half.cookie("session"), Some(waiting.as_str()));
            half.get("/me/messages").await.is(200);
            let mut old = Client::new(house);
            old.set_cookie("session", &waiting);
            old.get("/signin/passkey").await.goes_to("/signin?back=%2Fme");
            half.get("/me/passkeys").await.is(200).says(&zh("passkey-remove"));
        }
    });
}

/// Each thing that can be wrong with an answer is refused with its own words, and lets nobody in.
#[test]
fn a_wrong_answer_lets_nobody_in() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let mut key = Authenticator::es256(b"mine");
        add(&mut client, "/me/passkeys", &key).await.is(303);
        type Bend = fn(&mut Authenticator);
        let bends: [(&str, Bend); 7] = [
            ("passkey-origin", |key| key.origin = "http://evil.example".to_owned()),
            ("passkey-origin", |key| key.cross_origin = true),
            ("passkey-domain", |key| key.domain = "evil.example".to_owned()),
            ("passkey-not-verified", |key| key.flags = 0x01),
            ("passkey-not-verified", |key| key.flags = 0x04),
            ("passkey-ceremony", |key| key.kind = Some("webauthn.create")),
            ("passkey-unknown", |key| key.id = b"other".to_vec()),
        ];
        let mut half = half(house, &who).await;
        for (told, bend) in bends {
            let (id, counter) = (key.id.clone(), key.counter);
            bend(&mut key);
            prove(&mut half, &mut key).await.is(422).says(&zh(told));
            (key.id, key.counter) = (id, counter);
            (key.origin, key.domain) = ("http://site.example".to_owned(), "site.example".to_owned());
            (key.flags, key.kind, key.cross_origin) = (0x05, None, false);
            half.get("/me").await.is(303);
        }
        // another key under the same id, and the words of one signature under another
        let mut copy = Authenticator::es256(b"mine");
        prove(&mut half, &mut copy).await.is(422).says(&zh("passkey-signature"));
        let mut other_kind = Authenticator::eddsa(b"mine");
        prove(&mut half, &mut other_kind).await.is(422).says(&zh("passkey-signature"));
        for (name, bad) in [("client", "e30"), ("client", "***"), ("data", "AA"), ("signature", "")] {
            let challenge = challenge(&mut half, "/signin/passkey").await;
            let mut fields = key.get(&challenge);
            fields
                .iter_mut()
                .filter(|(known, _)| *known == name)
                .for_each(|(_, value)| *value = bad.to_owned());
            send(&mut half, "/signin/passkey", &fields).await.is(422);
        }
        send(&mut half, "/signin/passkey", &Vec::new()).await.is(422).says(&zh("passkey-unreadable"));
        half.get("/me").await.is(303);
        prove(&mut half, &mut key).await.goes_to("/me/messages");
    });
}

#[test]
fn a_challenge_is_answered_once_by_whom_it_was_given_to_and_in_time() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let mut key = Authenticator::es256(b"mine");
        add(&mut client, "/me/passkeys", &key).await.is(303);
        let mut first = half(&house, &who).await;
        let given = challenge(&mut first, "/signin/passkey").await;
        let answer = key.get(&given);
        send(&mut first, "/signin/passkey", &answer).await.is(303);
        let mut second = half(&house, &who).await;
        send(&mut second, "/signin/passkey", &answer).await.is(422).says(&zh("passkey-challenge"));
        // made up, another's, for another ceremony, too late
        let made_up = key.get(&to_base64url(&[7; 32]));
        send(&mut second, "/signin/passkey", &made_up).await.is(422).says(&zh("passkey-challenge"));
        let (_, mut stranger) = citizen(&house).await;
        let foreign = challenge(&mut stranger, "/me/passkeys").await;
        send(&mut second, "/signin/passkey", &key.get(&foreign)).await.is(422);
        let making = challenge(&mut client, "/me/passkeys").await;
        let answer = key.get(&making);
        send(&mut second, "/signin/passkey", &answer).await.is(422).says(&zh("passkey-challenge"));
        let late = challenge(&mut second, "/signin/passkey").await;
        house.clock.advance(301);
        send(&mut second, "/signin/passkey", &key.get(&late)).await.is(422).says(&zh("passkey-challenge"));
        // the sign-in itself waits ten minutes
        house.clock.advance(600);
        second.get("/signin/passkey").await.goes_to("/signin?back=%2Fme");
    });
}

#[test]
fn a_copy_is_found_by_its_count() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let mut key = Authenticator::es256(b"mine");
        add(&mut client, "/me/passkeys", &key).await.is(303);
        let mut first = half(house, &who).await;
        key.counter = 10;
        prove(&mut first, &mut key).await.is(303);
        let mut second = half(house, &who).await;
        key.counter = 10;
        prove(&mut second, &mut key).await.is(422).says(&zh("passkey-copied"));
        key.counter = 11;
        prove(&mut second, &mut key).await.is(303);
    });
}

#[test]
fn a_passkey_that_was_not_asked_for_is_not_kept() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        type Bend = fn(&mut Authenticator);
        let bends: [(&str, Bend); 6] = [
            ("passkey-attestation", |key| key.format = "packed"),
            ("passkey-not-verified", |key| key.flags = 0x01),
            ("passkey-domain", |key| key.domain = "evil.example".to_owned()),
            ("passkey-origin", |key| key.origin = "https://site.example".to_owned()),
            ("passkey-ceremony", |key| key.kind = Some("webauthn.get")),
            ("passkey-unreadable", |key| key.id = Vec::new()),
        ];
        for (told, bend) in bends {
            let mut key = Authenticator::es256(b"new");
            bend(&mut key);
            add(&mut client, "/me/passkeys", &key).await.is(422).says(&zh(told));
        }
        client.get("/me/passkeys").await.is(200).says(&zh("passkeys-none"));
        let key = Authenticator::eddsa(b"new");
        add(&mut client, "/me/passkeys", &key).await.is(303);
        add(&mut client, "/me/passkeys", &key).await.is(422).says(&zh("passkey-too-many"));
        for n in 1..10 {
            add(&mut client, "/me/passkeys", &Authenticator::eddsa(&[n])).await.is(303);
        }
        add(&mut client, "/me/passkeys", &Authenticator::eddsa(b"x"))
            .await
            .is(422)
            .says(&zh("passkey-too-many"));
    });
}

#[test]
fn removing_one_ends_all_other_sessions_and_nobody_removes_anothers() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let mut key = Authenticator::es256(b"mine");
        add(&mut client, "/me/passkeys", &key).await.is(303);
        let mut other = half(house, &who).await;
        prove(&mut other, &mut key).await.is(303);
        let id = to_base64url(&key.id);
        let (_, mut stranger) = citizen(house).await;
        stranger.post("/me/passkeys/remove", &[("id", &id)]).await.is(404);
        client.post("/me/passkeys/remove", &[("id", "?")]).await.is(404);
        other.get("/me").await.is(200);
        client
            .post("/me/passkeys/remove", &[("id", &id)])
            .await
            .goes_to("/me/passkeys?notice=passkey-removed");
        other.get("/me").await.is(303);
        let list = client.get("/me/messages").await.is(200).says(&zh("message-passkey-added-subject"));
        let list = list.says(&zh("message-passkey-removed-subject"));
        client.get(&list.link("/me/messages/")).await.is(200).says(&zh("message-passkey-removed-body"));
        who.sign_in(house).await.get("/me").await.is(200);
    });
}

#[test]
fn lost_passkeys_go_at_the_window() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        add(&mut client, "/me/passkeys", &Authenticator::es256(b"lost")).await.is(303);
        let mut waiting = half(house, &who).await;
        let mut desk = officer(house, CARD, Post::Colleague).await;
        let fields = [
            ("name", who.name.as_str()),
            ("number", &who.number),
            ("card", "id-card"),
            ("words", "丢了手机"),
            ("passkeys", "1"),
        ];
        desk.post("/desk/window", &fields).await.goes_to("/desk/window?notice=registered");
        client.get("/me").await.is(303);
        waiting.get("/signin/passkey").await.goes_to("/signin?back=%2Fme");
        let mut again = who.sign_in(house).await;
        again.get("/me/profile").await.is(200).says(&zh("act-passkeys-removed"));
        again.get("/me/messages").await.is(200).says(&zh("message-window-passkeys-removed-subject"));
    });
}

/// Anybody can declare a number and put a passkey there; whoever proves that it is theirs is not kept out by it.
#[test]
fn a_passkey_of_whoever_only_declared_the_number_locks_nobody_out() {
    run(async {
        let house = house().await;
        let owner = Citizen::new();
        let mut squatter = Client::new(house);
        let fields = [("name", "示例·冒名"), ("number", owner.number.as_str()), ("level", "2")];
        squatter.post_bare("/signin", &fields).await.goes_to("/me");
        let mut key = Authenticator::es256(b"squat");
        let raise = "/me/level?needed=3&back=%2Fme%2Fpasskeys";
        squatter.get("/me/passkeys").await.goes_to(raise);
        add(&mut squatter, "/me/passkeys", &key).await.goes_to(raise);
        let mut real = owner.sign_in(house).await;
        real.get("/me/passkeys").await.is(200).says(&zh("passkeys-none"));
        squatter.get("/me").await.is(303);
        squatter.post_bare("/signin", &fields).await.is(422);
        // once the level is raised it can be made
        let who = Citizen::new();
        let mut client = Client::new(house);
        let fields = [("name", who.name.as_str()), ("number", &who.number), ("level", "2")];
        client.post_bare("/signin", &fields).await.goes_to("/me");
        key.id = b"kept".to_vec();
        client.post("/me/level", &[]).await.goes_to("/me/profile");
        add(&mut client, "/me/passkeys", &key).await.goes_to("/me/passkeys?notice=passkey-added");
        client.get("/me/passkeys").await.is(200).says(&zh("passkey-remove"));
        let mut half = half(house, &who).await;
        prove(&mut half, &mut key).await.goes_to("/me/messages");
    });
}

#[test]
fn officers_must_have_one_where_the_site_says_so() {
    run(async {
        let house = House::open(Setup { passkeys: true, ..Setup::default() }).await;
        let agency = item(CARD).agency;
        let enter = |post: Post| format!("{agency}/{}", card(&agency, post).id);
        let mut desk = Client::new(&house);
        let fields = [("officer", enter(Post::Clerk)), ("back", "/desk".to_owned())].map(|(k, v)| (k, v));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        desk.post_bare("/signin/officer", &fields).await.goes_to("/signin/passkey?back=%2Fdesk");
        desk.get("/desk").await.is(303);
        desk.get("/signin/passkey").await.is(200).says(&zh("factor-make-title"));
        let mut key = Authenticator::es256(b"desk");
        add(&mut desk, "/signin/passkey", &key).await.goes_to("/desk");
        desk.get("/desk").await.is(200);
        let id = to_base64url(&key.id);
        desk.post("/desk/passkeys/remove", &[("id", &id)]).await.is(422).says(&zh("passkey-last"));
        // next time it is asked for; a new one cannot be made instead
        let mut next = Client::new(&house);
        next.post_bare("/signin/officer", &fields).await.is(303);
        next.get("/signin/passkey").await.is(200).says(&zh("factor-title"));
        let given = challenge(&mut next, "/signin/passkey").await;
        let forged = Authenticator::es256(b"new").create(&given);
        send(&mut next, "/signin/passkey", &forged).await.is(422);
        next.get("/desk").await.is(303);
        let given = challenge(&mut next, "/signin/passkey").await;
        send(&mut next, "/signin/passkey", &key.get(&given)).await.goes_to("/desk");
        // citizens need none
        let (_, mut person) = citizen(&house).await;
        person.get("/me").await.is(200);
        // the head takes a lost one away; the record is kept and the sessions end
        let mut chief = Client::new(&house);
        let own = [("officer", enter(Post::Chief))];
        let own: Vec<(&str, &str)> = own.iter().map(|(k, v)| (*k, v.as_str())).collect();
        chief.post_bare("/signin/officer", &own).await.is(303);
        chief.get("/signin/passkey").await.is(200);
        add(&mut chief, "/signin/passkey", &Authenticator::eddsa(b"chief")).await.goes_to("/desk");
        let way = format!("/desk/officers/{}/reset", card(&agency, Post::Clerk).id);
        chief.get("/desk/officers").await.is(200).holds(&way);
        chief.post(&way, &[]).await.goes_to("/desk/officers?notice=done");
        next.get("/desk").await.is(303);
        let mut anew = Client::new(&house);
        anew.post_bare("/signin/officer", &fields).await.is(303);
        anew.get("/signin/passkey").await.is(200).says(&zh("factor-make-title"));
    });
}
