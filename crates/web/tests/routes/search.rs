//! `/search`

use crate::client::Client;
use crate::house::{house, run, zh};
use crate::person::SHOP;

#[test]
fn finds_by_spoken_name_pinyin_and_slip() {
    run(async {
        let mut client = Client::new(house().await);
        for words in ["开饭店", "shipinjingyingxuke", "%E9%A3%9F%E5%93%81%E7%BB%8F%E8%90%A5"] {
            let page = client.get(&format!("/search?q={words}")).await.is(200);
            assert!(page.links().iter().any(|link| link.ends_with(SHOP)), "{words}:\n{}", page.words());
            assert!(page.html.contains("<mark>"), "{words} does not say why");
        }
    });
}

#[test]
fn filters_and_pages_keep_the_words() {
    run(async {
        let mut client = Client::new(house().await);
        let page = client.get("/search?q=%E8%AE%B8%E5%8F%AF").await.is(200);
        let filter = page.link("online=1");
        assert!(filter.contains("q=%E8%AE%B8%E5%8F%AF"), "{filter}");
        let filtered = client.get(&filter).await.is(200);
        let second = filtered.link("page=2");
        assert!(second.contains("online=1") && second.contains("q="), "{second}");
        let first: Vec<_> = filtered.links().into_iter().filter(|link| link.starts_with("/items/")).collect();
        let next = client.get(&second).await.is(200);
        let next: Vec<_> = next.links().into_iter().filter(|link| link.starts_with("/items/")).collect();
        assert!(!next.is_empty() && next.iter().all(|item| !first.contains(item)), "{first:?} {next:?}");
        for item in &next {
            client.get(item).await.is(200).says(&zh("apply-now"));
        }
    });
}

#[test]
fn helps_on_when_nothing_is_found() {
    run(async {
        let page = Client::new(house().await).get("/search?q=zzzzqqqq").await.is(200);
        assert!(page.links().iter().any(|link| link.starts_with("/themes/")));
    });
}

#[test]
fn takes_any_words_without_harm() {
    run(async {
        let mut client = Client::new(house().await);
        let page = client.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27").await.is(200);
        assert!(!page.html.contains("<script>alert"));
        let long = "%E5%8A%9E".repeat(5_000);
        for query in [long.as_str(), "%00%ff%fe", "&&&=&page=-1", "a&page=99999999999999999999", "a&page=900"]
        {
            client.get(&format!("/search?q={query}")).await.is(200);
        }
        // What is typed for a filter goes into every address of a page that is kept: it must not be large.
        for filter in ["online", "area", "theme"] {
            let page = client.get(&format!("/search?{filter}={}", "x".repeat(10_000))).await.is(200);
            assert!(page.html.len() < 100_000, "{filter}: {} bytes", page.html.len());
        }
        for filter in ["area=x", "kind=%22", "audience=nobody", "theme=none", "agency=0", "life=none"] {
            client.get(&format!("/search?{filter}")).await.is(200);
        }
    });
}
