//! What is derived can be made again from the events, byte for byte.

use casework::Command;
use identity::Post;

use crate::stage::{Citizen, Place, SHOP, Stage, on_both};
use crate::tampering::{AS_MIGRATED, WRECKED_VIEWS};

on_both! {
    wrecked_views_are_restored_byte_for_byte;
    rows_as_the_migration_leaves_them_are_right;
}

async fn rows(stage: &Stage) -> Vec<String> {
    let mut rows = Vec::new();
    for row in stage.app.store.cases_after("", uuid::Uuid::nil(), 500).await.unwrap() {
        rows.push(format!("{row:?}"));
    }
    rows
}

async fn peopled(place: &Place) -> Stage {
    let stage = Stage::new(place).await;
    let who = Citizen::new(&stage).await;
    let clerk = stage.officer(SHOP, Post::Colleague);
    who.submit(&stage, SHOP).await;
    let accepted = who.submit(&stage, SHOP).await;
    stage.act(accepted, &clerk, Command::Accept).await.unwrap();
    let asked = who.submit(&stage, SHOP).await;
    let about = [("m2".to_owned(), "看不清".to_owned())].into();
    stage.act(asked, &clerk, Command::AskCorrection { about }).await.unwrap();
    let granted = who.submit(&stage, SHOP).await;
    crate::life::grant(&stage, granted).await;
    who.submit(&stage, "ex-open-restaurant").await;
    stage.work().await;
    stage
}

async fn wrecked_views_are_restored_byte_for_byte(place: Place) {
    let stage = peopled(&place).await;
    let before = rows(&stage).await;
    let untouched = stage.app.rebuild(false, &|_, _| {}).await.unwrap();
    assert_eq!((untouched.cases, untouched.rewritten), (before.len() as u64, 0));
    assert!(untouched.faults.is_empty());

    for change in WRECKED_VIEWS {
        place.meddle(change).await;
    }
    let fresh = Stage::new(&place).await;
    assert_eq!(fresh.faults().await.len(), before.len() * 2, "each view and each list");
    let counted = fresh.app.rebuild(true, &|_, _| {}).await.unwrap();
    assert_eq!(counted.rewritten, before.len() as u64);
    assert_eq!(fresh.faults().await.len(), before.len() * 2, "a dry run changes nothing");
    let rebuilt = fresh.app.rebuild(false, &|_, _| {}).await.unwrap();
    assert_eq!(rebuilt.rewritten, before.len() as u64);
    assert_eq!(rows(&fresh).await, before);
    assert_eq!(fresh.faults().await, Vec::<String>::new());
    assert_eq!(fresh.app.rebuild(false, &|_, _| {}).await.unwrap().rewritten, 0);
}

/// What `0002_record.sql` makes of rows that were written before it.
async fn rows_as_the_migration_leaves_them_are_right(place: Place) {
    let stage = peopled(&place).await;
    let before = rows(&stage).await;
    for change in AS_MIGRATED {
        place.meddle(change).await;
    }
    let fresh = Stage::new(&place).await;
    assert_eq!(fresh.faults().await, Vec::<String>::new());
    let rebuilt = fresh.app.rebuild(false, &|_, _| {}).await.unwrap();
    assert!(rebuilt.faults.is_empty() && rebuilt.rewritten == 0, "{rebuilt:?}");
    assert_eq!(rows(&fresh).await, before);
}
