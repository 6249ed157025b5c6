//! A form's key: the same form sent again is answered alike and done once; the key with another form is an
//! error; another person's key of the same name is another key.

use domain::{CitizenNumber, micros};
use identity::Post;
use uuid::Uuid;

use crate::client::{Client, Part};
use crate::house::{House, Setup, house, run, zh};
use crate::person::{Citizen, SHOP, act, at_desk, begin, citizen, item, officer, submit};

const LATER: &str = "ex-residence-permit";

/// Sent three times it is answered alike, with other words it is an error; events of the case are counted by
/// what its page says.
async fn once_only(client: &mut Client, place: &str, fields: &[(&str, &str)], files: &[Part<'_>], to: &str) {
    for _ in 0..3 {
        client.upload(place, fields, files).await.goes_to(to);
    }
    let mut other = fields.to_vec();
    other.push(("note", "另一份"));
    client.upload(place, &other, files).await.is(409).says(&zh("error-409-title"));
}

async fn times(client: &mut Client, case: &str, event: &str) -> usize {
    client.get(case).await.is(200).words().matches(&zh(event)).count()
}

#[test]
fn a_correction() {
    run(async {
        let house = house().await;
        let mut cases = Vec::new();
        for _ in 0..2 {
            let (who, mut client) = citizen(house).await;
            let id = submit(&who, &mut client, SHOP).await;
            let mut desk = officer(house, SHOP, Post::Colleague).await;
            act(&mut desk, &at_desk(SHOP, &id), "ask-correction", &[("words", "布局图看不清")]).await;
            cases.push((format!("/me/cases/{id}"), client));
        }
        let file = app::sample_pdf();
        for (case, client) in &mut cases {
            // The second is another person's, under the same key.
            let (place, to) = (format!("{case}/correct"), format!("{case}?notice=corrected"));
            let fields = [("once", "correct-1"), ("answer-shop_name", "示例新店"), ("answer-foods", "cold")];
            let fields = [&fields[..], &[("answer-statement", "yes")]].concat();
            once_only(client, &place, &fields, &[("file-m2", "图.pdf", file)], &to).await;
            let other: [Part<'_>; 1] = [("file-m2", "图.pdf", b"%PDF-1.4 another\n%%EOF")];
            client.upload(&place, &fields, &other).await.is(409).says(&zh("error-409-title"));
            assert_eq!(times(client, case, "event-corrected").await, 1);
            client
                .upload(&place, &[("note", "x")], &[])
                .await
                .is(409)
                .says(&zh("refusal-nothing-to-correct"));
        }
    });
}

#[test]
fn a_correction_without_files_that_changes_nothing_any_more() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        act(&mut desk, &at_desk(SHOP, &id), "ask-correction", &[("words", "店名不一致")]).await;
        let mine = format!("/me/cases/{id}");
        let answers =
            [("answer-shop_name", "示例新店"), ("answer-foods", "cold"), ("answer-statement", "yes")];
        let keyed = [&answers[..], &[("once", "correct-2")]].concat();
        let to = format!("{mine}?notice=corrected");
        once_only(&mut client, &format!("{mine}/correct"), &keyed, &[], &to).await;
    });
}

/// An application in which the photograph is promised for later.
async fn promised(who: &Citizen, client: &mut Client) -> String {
    let item = item(LATER);
    let draft = begin(client, LATER).await;
    let answers = who.answers(&item);
    for page in &item.form.pages {
        let own: Vec<(&str, &str)> = page
            .fields
            .iter()
            .filter_map(|field| Some((field.name.as_str(), answers.get(&field.name)?.as_str())))
            .collect();
        client.post(&format!("{draft}/{}", page.id), &own).await.is(303);
    }
    let files = [("file-m1", "证.pdf", app::sample_pdf()), ("file-m3", "住址.pdf", app::sample_pdf())];
    let fields = [("do", "continue"), ("later-m2", "yes")];
    client.upload(&format!("{draft}/materials"), &fields, &files).await.goes_to(&format!("{draft}/check"));
    client.post(&format!("{draft}/check"), &[]).await.is(303);
    draft.strip_prefix("/apply/").unwrap().to_owned()
}

#[test]
fn what_was_promised_for_later() {
    run(async {
        let house = house().await;
        for _ in 0..2 {
            let (who, mut client) = citizen(house).await;
            let case = format!("/me/cases/{}", promised(&who, &mut client).await);
            let files: [Part<'_>; 1] = [("file-m2", "相片.pdf", app::sample_pdf())];
            let place = format!("{case}/supply");
            once_only(&mut client, &place, &[("once", "supply-1")], &files, &format!("{case}?notice=done"))
                .await;
            assert_eq!(times(&mut client, &case, "event-supplied").await, 1);
            client.upload(&place, &[("once", "supply-2")], &files).await.is(409);
        }
    });
}

/// Somebody old enough that the allowance is offered on signing in; the offer's page.
async fn offered(house: &House, order: u32) -> (Client, String) {
    let body = format!("99000019400101{order}");
    let number = format!("{body}{}", CitizenNumber::check_character(&body).unwrap());
    let who = Citizen { name: format!("示例·长者{order}"), number };
    let mut client = who.sign_in(house).await;
    let case = client.get("/me").await.is(200).link("/me/cases/");
    (client, case)
}

#[test]
fn an_offer_that_is_taken_up() {
    run(async {
        let house = House::open(Setup::default()).await;
        for order in [301, 302] {
            let (mut client, case) = offered(&house, order).await;
            let page = client.get(&case).await.is(200).source();
            assert!(page.contains("name=\"once\""), "the form brings a key of its own");
            let number = format!("99000019400101{order}");
            let number = format!("{number}{}", CitizenNumber::check_character(&number).unwrap());
            let who = Citizen { name: format!("示例·长者{order}"), number };
            let answers = who.answers(&item("ex-old-age-allowance"));
            let named: Vec<(String, String)> =
                answers.into_iter().map(|(name, answer)| (format!("answer-{name}"), answer)).collect();
            let mut fields: Vec<(&str, &str)> =
                named.iter().map(|(name, answer)| (name.as_str(), answer.as_str())).collect();
            fields.push(("once", "confirm-1"));
            let (place, to) = (format!("{case}/confirm"), format!("{case}?notice=done"));
            once_only(&mut client, &place, &fields, &[], &to).await;
            let id = domain::CaseId(case.rsplit_once('/').unwrap().1.parse().unwrap());
            let file = house.app.open_case("440000", id, &casework::Actor::System).await.unwrap();
            let confirmed = file.events.iter().filter(|event| event.what.id() == "confirmed").count();
            assert_eq!(confirmed, 1);
        }
    });
}

#[test]
fn a_rating() {
    run(async {
        let house = house().await;
        for _ in 0..2 {
            let (who, mut client) = citizen(house).await;
            let id = submit(&who, &mut client, SHOP).await;
            let mut desk = officer(house, SHOP, Post::Colleague).await;
            act(&mut desk, &at_desk(SHOP, &id), "not-needed", &[("words", "不用办")]).await;
            let case = format!("/me/cases/{id}");
            let (rate, to) = (format!("{case}/rate"), format!("{case}?notice=rated"));
            for _ in 0..3 {
                client.post(&rate, &[("level", "2"), ("once", "rate-1")]).await.goes_to(&to);
            }
            let other = client.post(&rate, &[("level", "1"), ("once", "rate-1")]).await;
            other.is(409).says(&zh("error-409-title"));
            client.get(&case).await.is(200).says(&zh("rating-2"));
        }
    });
}

#[test]
fn several_claims() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(submit(&who, &mut client, SHOP).await);
        }
        let mut clerk = officer(&house, SHOP, Post::Clerk).await;
        act(&mut clerk, &at_desk(SHOP, &ids[0]), "claim", &[]).await;
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        let picked: Vec<(&str, &str)> = ids.iter().map(|id| ("case", id.as_str())).collect();
        let keyed = [&picked[..], &[("once", "claims-1")]].concat();
        let first = desk.post("/desk/claim", &keyed).await.is(303).location().unwrap().to_owned();
        assert!(first.starts_with("/desk?view=mine&claimed=2&refused="), "{first}");
        for _ in 0..2 {
            desk.post("/desk/claim", &keyed).await.goes_to(&first);
        }
        // Another choice under the same key, of which nothing was claimed before, and another form.
        let fourth = submit(&who, &mut client, SHOP).await;
        let other = [("case", fourth.as_str()), ("once", "claims-1")];
        desk.post("/desk/claim", &other).await.is(409).says(&zh("error-409-title"));
        let single = format!("{}/claim", at_desk(SHOP, &fourth));
        desk.post(&single, &[("once", "claims-1")]).await.is(409);
        // Somebody else's key of that name.
        clerk.post("/desk/claim", &other).await.goes_to("/desk?view=mine&claimed=1");
        // A claim each, however often it was sent.
        let at = format!("{}/claim", at_desk(SHOP, &ids[1]));
        desk.post(&at, &[]).await.is(409).says(&zh("refusal-wrong-step"));
        for id in &ids[1..] {
            let file = desk.get(&at_desk(SHOP, id)).await.is(200);
            assert_eq!(file.words().matches(&zh("event-claimed")).count(), 1, "{id}");
        }
    });
}

#[test]
fn the_same_claims_at_once() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(submit(&who, &mut client, SHOP).await);
        }
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        desk.token().await;
        let mut clicks = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (mut click, ids) = (desk.clone(), ids.clone());
            clicks.spawn(async move {
                let picked: Vec<(&str, &str)> = ids.iter().map(|id| ("case", id.as_str())).collect();
                let keyed = [&picked[..], &[("once", "claims-2")]].concat();
                click.post("/desk/claim", &keyed).await.goes_to("/desk?view=mine&claimed=3");
            });
        }
        clicks.join_all().await;
        for id in &ids {
            let file = desk.get(&at_desk(SHOP, id)).await.is(200);
            assert_eq!(file.words().matches(&zh("event-claimed")).count(), 1, "{id}");
        }
    });
}

/// Two officers find that a shop meets the conditions, and a third grants it.
async fn granted(house: &House, id: &str) {
    let case = at_desk(SHOP, id);
    let (mut one, mut two) =
        (officer(house, SHOP, Post::Clerk).await, officer(house, SHOP, Post::Colleague).await);
    act(&mut one, &case, "accept", &[]).await;
    for desk in [&mut one, &mut two] {
        act(desk, &case, "review", &[("reason", "meets"), ("words", "材料齐全，符合条件")]).await;
    }
    act(&mut officer(house, SHOP, Post::Head).await, &case, "grant", &[]).await;
}

/// The deliveries that the outbox promises for an item's area are given up.
async fn buried(house: &House, code: &str) -> Vec<Uuid> {
    let (area, now) = (item(code).area.as_str().to_owned(), micros(house.app.now()));
    let rows = house.app.store.claim_outbox(&area, now, now + 1_000_000, 9).await.unwrap();
    let deliveries = || rows.iter().filter(|row| row.kind == "deliver");
    for row in deliveries() {
        house.app.store.outbox_bury(row.claim(), now, "no answer").await.unwrap();
    }
    deliveries().map(|row| row.id).collect()
}

#[test]
fn dead_letters_are_mended_once_and_by_their_own_agency() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        for _ in 0..2 {
            let id = submit(&who, &mut client, SHOP).await;
            granted(&house, &id).await;
        }
        let letters = buried(&house, SHOP).await;
        let [first, second] = letters[..] else { panic!("two deliveries: {letters:?}") };
        let mut operator = officer(&house, SHOP, Post::Operator).await;
        let page = operator.get("/desk/dead-letters").await.is(200).source();
        assert!(page.contains(&first.to_string()) && page.contains(&second.to_string()));

        // An operator of another agency of the same area neither sees nor mends them.
        let other = "ex-old-age-allowance";
        assert_eq!(item(other).area, item(SHOP).area);
        assert_ne!(item(other).agency, item(SHOP).agency);
        let mut foreign = officer(&house, other, Post::Operator).await;
        let theirs = foreign.get("/desk/dead-letters").await.is(200).says(&zh("dead-empty")).source();
        assert!(!theirs.contains("440000-2026"), "no number of another agency's case");
        let words = [("words", "已用电话告知"), ("once", "dead-1")];
        for verb in ["retry", "give-up"] {
            foreign.post(&format!("/desk/dead-letters/{first}/{verb}"), &words).await.is(404);
        }

        let (retry, give_up) =
            (format!("/desk/dead-letters/{first}/retry"), format!("/desk/dead-letters/{second}/give-up"));
        let to = "/desk/dead-letters?notice=done";
        for _ in 0..3 {
            operator.post(&retry, &[("once", "dead-1")]).await.goes_to(to);
        }
        operator.post(&retry, &[]).await.is(404);
        operator.post(&give_up, &words).await.is(409).says(&zh("error-409-title"));
        let words = [("words", "已用电话告知"), ("once", "dead-2")];
        for _ in 0..3 {
            operator.post(&give_up, &words).await.goes_to(to);
        }
        let more = [("words", "另一个理由"), ("once", "dead-2")];
        operator.post(&give_up, &more).await.is(409).says(&zh("error-409-title"));
        house.work().await;
        let messages = client.get("/me/messages").await.is(200).words();
        assert_eq!(
            messages.matches(&zh("event-issued")).count(),
            1,
            "one was tried again, the other given up"
        );
    });
}

/// The demonstration has somebody to whom something is offered; what is offered is confirmed or declined.
#[test]
fn one_of_the_demonstrations_people_is_offered_the_allowance() {
    run(async {
        let house = House::open(Setup::default()).await;
        let elder =
            identity::demo_people().into_iter().find(|person| person.number.reveal()[6..10] == *"1941");
        let elder = elder.expect("a demo person past eighty");
        let who = Citizen { name: elder.name.to_owned(), number: elder.number.reveal().to_owned() };
        let mut client = who.sign_in(&house).await;
        let case =
            client.get("/me").await.is(200).says(&zh("status-awaiting-confirmation")).link("/me/cases/");
        let page = client.get(&case).await.is(200).says(&zh("who-has-it-you")).says("前确认。");
        page.never_says(&zh("withdraw-do")).says(&zh("offer-decline"));
    });
}
