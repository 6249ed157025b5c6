//! `/static/{name}`

use crate::client::Client;
use crate::house::{house, run};

#[test]
fn files_a_page_names_are_there_and_may_be_kept_for_ever() {
    run(async {
        let mut client = Client::new(house().await);
        let home = client.get("/").await;
        let mut names: Vec<String> =
            home.links().into_iter().filter(|link| link.starts_with("/static/")).collect();
        let (_, script) = home.html.split_once("src=\"/static/").unwrap();
        names.push(format!("/static/{}", script.split_once('"').unwrap().0));
        assert!(names.len() >= 3, "{names:?}");
        for name in names {
            let file = client.get(&name).await.is(200);
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
            let kind = file.header("content-type");
            let wanted = match name.split('?').next().unwrap().rsplit_once('.').unwrap().1 {
                "css" => "text/css",
                "js" => "text/javascript",
                _ => "image/svg+xml",
            };
            assert!(kind.starts_with(wanted), "{name}: {kind}");
            assert!(!file.bytes.is_empty());
        }
    });
}

#[test]
fn nothing_else_is_a_file() {
    run(async {
        let mut client = Client::new(house().await);
        for path in
            ["/static/none.css", "/static/..%2f..%2fCargo.toml", "/static/%2e%2e/Cargo.toml", "/static/"]
        {
            client.get(path).await.is(404);
        }
    });
}
