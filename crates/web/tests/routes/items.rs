//! `/items/{code}`

use packs::Handling;

use crate::client::Client;
use crate::house::{catalogue, en, house, run, zh};
use crate::person::{CARD, SHOP, begin, citizen, item};

#[test]
fn tells_what_it_takes_before_anybody_signs_in() {
    run(async {
        let mut client = Client::new(house().await);
        let guide = client.get(&format!("/items/{SHOP}")).await.is(200).says(&zh("worked-example"));
        let item = item(SHOP);
        for words in item.materials.iter().map(|material| material.name.get(domain::Lang::Zh)) {
            assert!(guide.words().contains(words), "{words}");
        }
        let way = guide.link("/apply");
        client.get(&way).await.goes_to("/signin?back=%2Fitems%2Fex-small-restaurant%2Fapply");
        let mut english = Client::new(house().await).with("accept-language", "en");
        english
            .get(&format!("/items/{SHOP}"))
            .await
            .is(200)
            .says("Business licence")
            .says(&en("worked-example"));
    });
}

/// Steps of one kind are told apart by the names that the procedure gives them.
#[test]
fn steps_go_by_the_names_their_procedure_gives_them() {
    run(async {
        let mut client = Client::new(house().await);
        let (catalogue, _) = catalogue();
        let named = |item: &packs::ServiceItem| {
            let procedure = catalogue.procedure_of(item)?;
            procedure.steps.iter().find_map(|step| step.title.clone())
        };
        let (item, title) = catalogue.items.iter().find_map(|item| Some((item, named(item)?))).unwrap();
        client.get(&format!("/items/{}", item.code)).await.is(200).says(&title.zh);
    });
}

#[test]
fn one_item_of_each_kind_shows_its_guide() {
    run(async {
        let mut client = Client::new(house().await);
        let (catalogue, _) = catalogue();
        let look_up = catalogue.items.iter().find(|item| matches!(item.handling, Handling::LookUp { .. }));
        let guide = catalogue.items.iter().find(|item| matches!(item.handling, Handling::GuideOnly { .. }));
        for found in [look_up.unwrap(), guide.unwrap()] {
            let page = client.get(&format!("/items/{}", found.code)).await.is(200);
            assert!(!page.links().iter().any(|link| link.ends_with("/apply")), "{}", found.code);
        }
    });
}

#[test]
fn nobody_applies_for_what_is_not_handled_here() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let (catalogue, _) = catalogue();
        let guide = catalogue.items.iter().find(|item| !item.online()).unwrap();
        client.get(&format!("/items/{}/apply", guide.code)).await.is(404);
        client.get("/items/none/apply").await.is(404);
        client.get("/items/none").await.is(404).holds("action=\"/search\"");
    });
}

#[test]
fn whoever_comes_back_continues_the_open_application() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let first = begin(&mut client, CARD).await;
        assert_eq!(begin(&mut client, CARD).await, first);
        let guide = client.get(&format!("/items/{CARD}")).await.is(200);
        guide.link(&first);
    });
}
