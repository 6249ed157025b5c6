//! `/themes`, `/agencies`, `/areas`

use crate::client::Client;
use crate::house::{house, run};

#[test]
fn each_index_leads_to_lists_and_they_to_items() {
    run(async {
        let mut client = Client::new(house().await);
        for (index, below) in [("/themes", "/themes/"), ("/agencies", "/agencies/"), ("/areas", "/areas/")] {
            let way = client.get(index).await.is(200).link(below);
            let list = client.get(&way).await.is(200);
            let item = list.link("/items/");
            client.get(&item).await.is(200);
        }
    });
}

#[test]
fn long_lists_are_paged() {
    run(async {
        let mut client = Client::new(house().await);
        let list = client.get("/areas/440000").await.is(200);
        let second = list.link("page=2");
        let second = client.get(&format!("/areas/440000{second}")).await.is(200);
        assert_ne!(list.link("/items/"), second.link("/items/"));
        client.get("/areas/440000?page=1000").await.is(200);
    });
}

#[test]
fn what_is_not_there_is_a_helpful_page() {
    run(async {
        let mut client = Client::new(house().await);
        for path in ["/themes/none", "/agencies/none", "/areas/000000", "/areas/x"] {
            client.get(path).await.is(404).holds("action=\"/search\"");
        }
    });
}
