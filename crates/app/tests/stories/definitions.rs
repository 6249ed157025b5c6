//! The catalogue moves on; a case and a draft keep the version they were begun under.

use std::path::Path;

use casework::Command;
use domain::{Date, Limit};
use identity::Post;

use crate::stage::{Citizen, Place, SHOP, Stage, on_both, packs_folder, read_packs};

on_both! {
    what_was_begun_keeps_its_version;
}

/// The real packs, with a promise of 3 working days where it was 10.
pub(crate) fn packs_with_a_shorter_promise() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&packs_folder(), copy.path());
    let item = copy.path().join("guangdong/items/small-restaurant.yaml");
    let text = std::fs::read_to_string(&item).unwrap();
    assert!(text.contains("promised: 10 workdays"));
    std::fs::write(&item, text.replace("promised: 10 workdays", "promised: 3 workdays")).unwrap();
    copy
}

async fn what_was_begun_keeps_its_version(place: Place) {
    let before = Stage::new(&place).await;
    let (early, drafting) = (Citizen::new(&before).await, Citizen::new(&before).await);
    let case = early.submit(&before, SHOP).await;
    let draft = drafting.fill(&before, SHOP).await;
    let old = before.look(case).await.case.definition;

    let folder = packs_with_a_shorter_promise();
    let after = Stage::with(&place, read_packs(folder.path())).await;
    let late = Citizen::new(&after).await;
    let new_case = late.submit(&after, SHOP).await;
    let desk = after.officer(SHOP, Post::Colleague);
    let accepted = after.act(case, &desk, Command::Accept).await.unwrap();
    assert_eq!(accepted.case.definition, old);
    assert_eq!(
        accepted.case.clock.unwrap().last_day,
        Date::constant(2026, 9, 20),
        "ten working days, Sunday the 20th is one"
    );
    let accepted = after.act(new_case, &desk, Command::Accept).await.unwrap();
    assert_ne!(accepted.case.definition, old);
    assert_eq!(accepted.case.clock.unwrap().last_day, Date::constant(2026, 9, 10), "three");

    // the draft is still there, readable, and is handed in under what it promised
    let kept = after.app.draft(drafting.id, draft).await.unwrap();
    assert_eq!(kept.definition.item.promised, Some(Limit::workdays(10)));
    assert_eq!(kept.body.answers["name"], drafting.name);
    let submitted = after.app.submit(drafting.id, draft).await.unwrap();
    assert_eq!(after.look(submitted).await.case.definition, old);
    assert_eq!(after.faults().await, Vec::<String>::new());
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = {
            let entry = entry.unwrap();
            (entry.path(), entry.file_name())
        };
        if path.is_dir() {
            copy_folder(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}
