//! `/me/messages`

use crate::house::{House, Setup, run, zh};
use crate::person::{SHOP, citizen, submit};

#[test]
fn a_message_comes_is_read_and_is_nobody_elses() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        client.get("/me/messages").await.is(200).says(&zh("messages-empty"));
        let id = submit(&who, &mut client, SHOP).await;
        let list = client.get("/me/messages").await.is(200).says(&zh("unread"));
        let way = list.link("/me/messages/");
        let message = client.get(&way).await.is(200).says("440000-20260907-");
        message.link(&format!("/me/cases/{id}"));
        client.get("/me/messages").await.is(200).never_says(&format!(">{}<", zh("unread")));
        let (_, mut other) = citizen(&house).await;
        let theirs = other.get(&way).await.is(404);
        let nobodys = other.get("/me/messages/01990000-0000-7000-8000-000000000001").await.is(404);
        assert_eq!(theirs.words(), nobodys.words());
        other.get("/me/messages").await.is(200).says(&zh("messages-empty"));
    });
}
