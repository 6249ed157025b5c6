//! What lies on the disk tells nobody who applied or what they wrote.

use std::path::{Path, PathBuf};

use casework::Command;
use identity::Post;

use crate::stage::{Citizen, Place, SHOP, Stage};

/// The words of an uploaded file.
const UPLOADED: &str = "SHIYI-UPLOADED-CONTENT";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_personal_stands_in_any_file() {
    let place = Place::sqlite();
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let draft = who.fill(&stage, SHOP).await;
    let open = stage.app.draft(who.id, draft).await.unwrap();
    let mut pdf = app::sample_pdf().to_vec();
    pdf.extend_from_slice(UPLOADED.as_bytes());
    stage.app.upload(&open, "m1", "秘密文件名.pdf", pdf).await.unwrap();
    let case = stage.app.submit(who.id, draft).await.unwrap();
    let desk = stage.officer(SHOP, Post::Colleague);
    stage.act(case, &desk, Command::Accept).await.unwrap();
    let finding = casework::Finding::DoesNotMeet;
    let words = "审查意见里的话".to_owned();
    stage.act(case, &desk, Command::Review { finding, words }).await.unwrap();
    stage.act(case, &who.actor(), Command::Withdraw { words: "撤回的缘由".to_owned() }).await.unwrap();
    stage.work().await;
    stage.app.drafts(who.id).await.unwrap();

    let files = files_under(place.folder());
    let holds = |needle: &str| {
        let reads = |file: &&PathBuf| {
            let bytes = std::fs::read(file).unwrap();
            bytes.windows(needle.len()).any(|part| part == needle.as_bytes())
        };
        files.iter().find(reads)
    };
    // the search itself finds what is meant to be open
    assert!(holds(stage.look(case).await.case.number.as_str()).is_some());
    assert!(files.iter().any(|file| file.ends_with("store.db-wal")));
    assert_eq!(files.iter().filter(|file| file.starts_with(place.folder().join("data/blobs"))).count(), 4);
    let secrets = [
        who.number.as_str(),
        &who.number[6..14],
        &who.name,
        who.mobile,
        "示例省示例市示例路77号",
        UPLOADED,
        "秘密文件名",
        "审查意见里的话",
        "撤回的缘由",
    ];
    for secret in secrets {
        assert_eq!(holds(secret), None, "{secret} stands in clear");
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files
}
