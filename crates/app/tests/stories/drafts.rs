//! Drafts: bounded, one's own, never two of the same item, and no window overwrites another.

use app::{Error, MAX_DRAFTS};
use packs::Answers;

use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

on_both! {
    there_is_an_end_to_drafts;
    two_windows_do_not_overwrite_each_other;
}

async fn there_is_an_end_to_drafts(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let limit = usize::try_from(MAX_DRAFTS).unwrap();
    let catalogue = stage.app.catalogue.clone();
    let online: Vec<&str> = catalogue
        .items
        .iter()
        .filter(|item| item.online())
        .map(|item| item.code.as_str())
        .take(limit + 1)
        .collect();
    let mut begun = Vec::new();
    for item in &online[..limit] {
        begun.push(stage.app.start_draft(who.id, item).await.unwrap());
    }
    let one_more = stage.app.start_draft(who.id, online[limit]).await;
    assert!(matches!(one_more, Err(Error::TooManyDrafts)), "{one_more:?}");
    assert_eq!(stage.app.start_draft(who.id, online[0]).await.unwrap(), begun[0], "an open one goes on");
    assert_eq!(stage.app.drafts(who.id).await.unwrap().len(), limit);
    stage.app.discard_draft(who.id, begun[3]).await.unwrap();
    stage.app.start_draft(who.id, online[limit]).await.unwrap();
    // another's limit is their own
    let other = Citizen::new(&stage).await;
    stage.app.start_draft(other.id, online[0]).await.unwrap();
    assert!(matches!(stage.app.draft(other.id, begun[0]).await, Err(Error::NotFound)));
    stage.app.discard_draft(other.id, begun[0]).await.ok();
    stage.app.draft(who.id, begun[0]).await.unwrap();
}

async fn two_windows_do_not_overwrite_each_other(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let id = stage.app.start_draft(who.id, SHOP).await.unwrap();
    let (one, two) = (stage.app.draft(who.id, id).await.unwrap(), stage.app.draft(who.id, id).await.unwrap());
    let named = |name: &str| Answers::from([("shop_name".to_owned(), name.to_owned())]);
    stage.app.save_page(&one, "applicant", &named("第一扇窗")).await.unwrap();
    let second = stage.app.save_page(&two, "applicant", &named("第二扇窗")).await;
    assert!(matches!(second, Err(Error::Contention)), "{second:?}");
    assert_eq!(stage.app.draft(who.id, id).await.unwrap().body.answers["shop_name"], "第一扇窗");
}
