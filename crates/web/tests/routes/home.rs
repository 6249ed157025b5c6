//! `/`, `/help`, `/about`, `/readyz` and the choices a visitor makes on every page.

use crate::client::Client;
use crate::house::{House, Setup, en, house, run, zh};
use crate::person::{CARD, begin, citizen};

#[test]
fn shows_the_way_to_everything() {
    run(async {
        let mut client = Client::new(house().await);
        let home = client.get("/").await.is(200).holds("<html lang=\"zh-CN\"").says(&zh("demo-word"));
        for place in ["/themes", "/agencies", "/areas", "/help", "/about", "/signin/officer", "/signin"] {
            let way = home.link(place);
            client.visit(&way).await.is(200);
        }
        assert!(home.html.contains("action=\"/search\""));
        let pick = home.link("/items/");
        client.get(&pick).await.is(200);
    });
}

#[test]
fn shows_a_citizen_what_is_open() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, CARD).await;
        let home = client.get("/").await.is(200).says(&zh("status-draft"));
        let way = home.link(&draft);
        client.get(&way).await.is(200);
    });
}

#[test]
fn is_ready_when_the_store_answers() {
    run(async {
        let ready = Client::new(house().await).get("/readyz").await.is(200);
        assert_eq!(ready.html, "ready\n");
    });
}

#[test]
fn speaks_the_language_chosen_or_the_browsers() {
    run(async {
        let house = house().await;
        for (wanted, tag) in [("en-GB,en;q=0.9", "en"), ("zh-CN", "zh-CN"), ("fr", "zh-CN")] {
            let page = Client::new(house).with("accept-language", wanted).get("/help").await.is(200);
            page.holds(&format!("<html lang=\"{tag}\""));
        }
        let mut client = Client::new(house).with("accept-language", "en");
        let way = client.get("/help").await.says(&en("help")).link("/preferences?lang=zh");
        client.get(&way).await.goes_to("/help");
        assert_eq!(client.cookie("lang"), Some("zh"));
        client.get("/help").await.holds("<html lang=\"zh-CN\"");
        client.get("/preferences?lang=tlh&back=/help").await.goes_to("/help");
        assert_eq!(client.cookie("lang"), Some("zh"), "a language we do not speak changes nothing");
    });
}

#[test]
fn remembers_the_elders_version() {
    run(async {
        let mut client = Client::new(house().await);
        let normal = client.get("/").await.is(200);
        assert!(!normal.html.contains("class=\"elders\""));
        let way = normal
            .links()
            .into_iter()
            .find(|link| link.starts_with("/preferences") && !link.contains("lang="));
        client.get(&way.unwrap()).await.goes_to("/");
        let large = client.get("/").await.holds("class=\"elders\"");
        let way = large
            .links()
            .into_iter()
            .find(|link| link.starts_with("/preferences") && !link.contains("lang="));
        client.get(&way.unwrap()).await.goes_to("/");
        assert!(!client.get("/").await.html.contains("class=\"elders\""));
    });
}

#[test]
fn never_calls_itself_a_demonstration_when_it_is_none() {
    run(async {
        let house = House::open(Setup { demo: false, ..Setup::default() }).await;
        let mut client = Client::new(&house);
        for path in ["/", "/help", "/about", "/search?q=x"] {
            client.get(path).await.is(200).never_says(&zh("demo-says"));
        }
        client.get("/signin").await.is(200).never_says(&zh("signin-demo-title"));
        client.get("/signin/officer").await.is(404);
        let fields = [("name", "示例"), ("number", "990000199001010019")];
        let refused = client.post_bare("/signin", &fields).await;
        assert!(client.cookie("session").is_none(), "{}", refused.status);
    });
}
