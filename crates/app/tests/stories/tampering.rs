//! Whoever changes the record behind our back is found by `verify`.

use std::path::{Path, PathBuf};

use crate::stage::{Citizen, Place, SHOP, Stage, on_both};

/// Views and lists that are not what their events make.
pub(crate) const WRECKED_VIEWS: [&str; 3] = [
    "UPDATE cases SET status = 'x', step = 'x', due_at = 1, wake_at = 1, cards = 9, claimed_by = NULL",
    "UPDATE cases SET view = '{}', open = true, outcome = NULL",
    "UPDATE my_cases SET status = 'x'",
];

/// What `0002_record.sql` leaves of rows that were written before it.
pub(crate) const AS_MIGRATED: [&str; 3] = [
    "UPDATE cases SET wake_at = NULL, part_of = NULL, part_area = NULL, cards = NULL",
    "UPDATE cases SET wake_at = due_at WHERE status = 'received'",
    "UPDATE my_cases SET part_of = NULL",
];

/// What the rows of units say is gone, or something else.
pub(crate) const WRECKED_UNITS: [&str; 4] = [
    "DELETE FROM inspected_lots",
    "DELETE FROM inspected_units WHERE unit = 'B1'",
    "UPDATE inspected_units SET outcome = 'ok', lot = 'L-9' WHERE unit = 'B2'",
    "UPDATE inspected_units SET by_person = TRUE WHERE unit = 'B3'",
];

/// Some units, then all, as a site has them whose cases are older than their rows.
pub(crate) const NO_UNITS: [&str; 2] =
    ["DELETE FROM inspected_units WHERE unit LIKE 'L-1-2%'", "DELETE FROM inspected_units"];

/// What certificates say is exchanged for something that does not open.
pub(crate) const SWAPPED_CERTIFICATES: &str =
    "UPDATE certificates SET sealed = issuer_keys.sealed FROM issuer_keys";

/// What issuers say of their certificates is gone.
pub(crate) const LOST_STATUS: &str = "DELETE FROM certificate_status";

/// Certificates that were to be issued are not.
pub(crate) const NO_CERTIFICATES_TO_ISSUE: &str = "DELETE FROM outbox WHERE kind = 'issue-certificate'";

/// Effects that nobody can read.
pub(crate) const DAMAGED_EFFECTS: &str = "UPDATE outbox SET data = 'damaged'";

/// Cases of two events are gone.
pub(crate) const GONE_CASES: &str = "DELETE FROM cases WHERE seq = 2";

/// Whatever else stands of those cases is gone.
pub(crate) fn gone_with_them(table: &str, column: &str) -> String {
    format!("DELETE FROM {table} WHERE {column} IN (SELECT id FROM cases WHERE seq = 2)")
}

/// The events of one case cannot be read.
pub(crate) fn unreadable(number: &str) -> String {
    format!(
        "UPDATE events SET data = 'damaged' WHERE case_id IN (SELECT id FROM cases WHERE number = '{number}')"
    )
}

on_both! {
    a_changed_event_is_found;
    a_changed_view_is_found;
    a_changed_file_is_found;
    a_changed_definition_is_found;
}

/// A fresh process verifies, so that nothing kept in memory helps.
async fn found(place: &Place, word: &str) {
    let faults = Stage::new(place).await.faults().await;
    assert!(!faults.is_empty(), "nobody noticed ({word})");
    assert!(faults.iter().all(|fault| fault.contains(word)), "{faults:?}");
}

async fn granted(place: &Place) -> Stage {
    let stage = Stage::new(place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    crate::life::grant(&stage, case).await;
    stage.work().await;
    assert_eq!(stage.faults().await, Vec::<String>::new());
    stage
}

async fn a_changed_event_is_found(place: Place) {
    granted(&place).await;
    let swap = |from: &str, to: &str| {
        format!(
            "UPDATE events SET data = replace(data, '{from}', '{to}') WHERE kind = 'reviewed' AND seq = 3"
        )
    };
    place.meddle(&swap("\"meets\"", "\"does-not-meet\"")).await;
    found(&place, "chain").await;
    place.meddle(&swap("\"does-not-meet\"", "\"meets\"")).await;
    assert_eq!(Stage::new(&place).await.faults().await, Vec::<String>::new());
    place.meddle("UPDATE events SET at = at - 86400000000 WHERE seq = 1").await;
    found(&place, "chain").await;
    place.meddle("UPDATE events SET at = at + 86400000000 WHERE seq = 1").await;
    place.meddle("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)").await;
    found(&place, "chain").await;
}

async fn a_changed_view_is_found(place: Place) {
    granted(&place).await;
    place.meddle("UPDATE cases SET view = replace(view, 'granted', 'refused')").await;
    found(&place, "view").await;
    place.meddle("UPDATE cases SET view = replace(view, 'refused', 'granted')").await;
    // the columns the desk is sorted and filtered by
    for column in ["status", "agency", "outcome", "number"] {
        place.meddle(&format!("UPDATE cases SET {column} = {column} || 'x'")).await;
        found(&place, "view").await;
        place.meddle(&format!("UPDATE cases SET {column} = replace({column}, 'x', '')")).await;
    }
    assert_eq!(Stage::new(&place).await.faults().await, Vec::<String>::new());
    place.meddle("UPDATE my_cases SET status = 'closed-refused'").await;
    found(&place, "list").await;
    place.meddle("DELETE FROM my_cases").await;
    found(&place, "list").await;
}

async fn a_changed_file_is_found(place: Place) {
    granted(&place).await;
    let blobs = files_under(&place.folder().join("data").join("blobs"));
    assert_eq!(blobs.len(), 3);
    let whole = std::fs::read(&blobs[0]).unwrap();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&blobs[0], bytes).unwrap();
    found(&place, "altered").await;
    std::fs::remove_file(&blobs[0]).unwrap();
    found(&place, "missing").await;
    std::fs::write(&blobs[0], whole).unwrap();
    assert_eq!(Stage::new(&place).await.faults().await, Vec::<String>::new());
}

/// The definition of a case whose item the packs have changed since is read from the database.
async fn a_changed_definition_is_found(place: Place) {
    let changed = crate::definitions::packs_with_a_shorter_promise();
    let stage = Stage::with(&place, crate::stage::read_packs(changed.path())).await;
    let who = Citizen::new(&stage).await;
    who.submit(&stage, SHOP).await;
    assert_eq!(Stage::new(&place).await.faults().await, Vec::<String>::new());
    place.meddle("UPDATE definitions SET body = replace(body, '\"visits\":0', '\"visits\":1')").await;
    found(&place, "definition").await;
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
