//! The same submission twice is the same case.

use app::DeskFilter;
use casework::Officer;
use domain::CaseNumber;
use identity::Post;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::house::{House, Setup, house, run};
use crate::person::{Citizen, SHOP, act, at_desk, card, citizen, fill, item, officer};

#[test]
fn one_after_the_other() {
    run(async {
        let (who, mut client) = citizen(house().await).await;
        let draft = fill(&who, &mut client, SHOP).await;
        let check = format!("{draft}/check");
        let first = client.post(&check, &[]).await.is(303).location().unwrap().to_owned();
        let number = number_on(&mut client, &first).await;
        for _ in 0..3 {
            let again = client.post(&check, &[]).await.is(303).location().unwrap().to_owned();
            assert_eq!(again, first);
            assert_eq!(number_on(&mut client, &again).await, number);
        }
        let mine = client.get("/me").await.is(200);
        let cases = mine.links().into_iter().filter(|link| link.starts_with("/me/cases/")).count();
        assert_eq!(cases, 1, "{}", mine.words());
    });
}

#[test]
fn ten_at_once() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let draft = fill(&who, &mut client, SHOP).await;
        client.token().await;
        let mut clicks = JoinSet::new();
        for _ in 0..10 {
            let (mut click, check) = (client.clone(), format!("{draft}/check"));
            clicks.spawn(async move { click.post(&check, &[]).await.is(303).location().unwrap().to_owned() });
        }
        let mut places = clicks.join_all().await;
        places.sort();
        places.dedup();
        assert_eq!(places.len(), 1, "{places:?}");
        let stored = house.app.store.stats().await.unwrap();
        assert_eq!(stored.cases, 1);
        let (rows, _) = house.app.desk_queue(&clerk(), DeskFilter::All, None).await.unwrap();
        assert_eq!(rows.len(), 1);
        // and one message, not ten
        house.work().await;
        let messages = client.get("/me/messages").await.is(200);
        assert_eq!(messages.links().iter().filter(|link| link.starts_with("/me/messages/")).count(), 1);
    });
}

#[test]
fn a_rating_and_a_withdrawal_count_once() {
    run(async {
        let house = House::open(Setup::default()).await;
        let who = Citizen::new();
        let mut client = who.sign_in(&house).await;
        let id = crate::person::submit(&who, &mut client, SHOP).await;
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        let words = [("words", "不归本机关，请到示例局")];
        act(&mut desk, &at_desk(SHOP, &id), "not-ours", &words).await;
        client.get("/signout").await;
        let mut clicks = JoinSet::new();
        for level in 1..=5 {
            let (mut click, place) = (client.clone(), format!("/me/cases/{id}/rate"));
            clicks.spawn(async move { click.post(&place, &[("level", &level.to_string())]).await.status });
        }
        let mut answers = clicks.join_all().await;
        answers.sort_unstable();
        assert_eq!(answers, [303, 409, 409, 409, 409]);
    });
}

fn clerk() -> Officer {
    let item = item(SHOP);
    let card = card(&item.agency, Post::Colleague);
    Officer {
        id: card.id,
        name: card.name,
        agency: item.agency,
        area: item.area,
        roles: card.roles,
        person: None,
    }
}

/// The case's number as the receipt shows it.
async fn number_on(client: &mut Client, receipt: &str) -> String {
    let page = client.get(receipt).await.is(200);
    let words = page.words();
    let mut numbers = words.split_whitespace().filter(|word| word.parse::<CaseNumber>().is_ok());
    numbers.next().unwrap_or_else(|| panic!("no number on the receipt:\n{words}")).to_owned()
}
