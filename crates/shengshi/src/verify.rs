//! `verify` and `migrate`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use app::Verified;
use domain::{Clock, micros};
use serde_json::json;
use store::{CheckpointReport, PublicKey, Store};

use crate::cli::Place;
use crate::clock::SystemClock;
use crate::say::say;
use crate::{open, progress};

/// What the record is held against beside itself.
pub(crate) struct Against {
    /// Copies of `checkpoints.jsonl`.
    pub(crate) anchor: Vec<PathBuf>,
    /// Keys that may have signed beside the site's own, hexadecimal.
    pub(crate) public_key: Vec<String>,
    /// Missing lines of `checkpoints.jsonl` are added.
    pub(crate) repair: bool,
}

pub(crate) async fn verify(place: &Place, against: &Against, json: bool) -> Result<ExitCode, String> {
    // A copy that is not there would be an empty one, against which nothing shows.
    if let Some(missing) = against.anchor.iter().find(|path| !path.is_file()) {
        return Err(format!("{} is not there", missing.display()));
    }
    let keys: Result<Vec<PublicKey>, _> = against.public_key.iter().map(|key| key.parse()).collect();
    let mut keys = keys.map_err(|error| format!("--public-key: {error}"))?;
    let store = open::store(place, open::Site::Exists).await?;
    keys.push(store.signer().public());
    let app = open::app(open::catalogue(&[])?, store.clone(), Arc::new(SystemClock), false)?;
    let bar = progress::bar(0, "replaying");
    let cases = app
        .verify(&|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .await
        .map_err(|error| error.to_string())?;
    bar.finish_and_clear();
    let checked = checkpoints(&store, &keys, against).await.map_err(|error| error.to_string())?;
    store.close().await;
    if json {
        say!("{}", as_json(&cases, &checked, keys.last()));
    } else {
        tell(&cases, &checked);
    }
    let whole = cases.faults.is_empty() && checked.report.faults.is_empty();
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Checked {
    report: CheckpointReport,
    unanchored: i64,
    repaired: usize,
}

async fn checkpoints(store: &Store, keys: &[PublicKey], against: &Against) -> Result<Checked, store::Error> {
    let repaired = if against.repair { store.repair_checkpoint_file().await? } else { 0 };
    let copies: Vec<&Path> = against.anchor.iter().map(PathBuf::as_path).collect();
    let report = store.verify_checkpoints(keys, &copies).await?;
    Ok(Checked { report, unanchored: store.stats().await?.unanchored, repaired })
}

fn tell(cases: &Verified, checked: &Checked) {
    for fault in &cases.faults {
        say!("case {} in {}: {}", fault.case, fault.area, fault.what);
    }
    let report = &checked.report;
    for fault in &report.faults {
        say!("{fault}");
    }
    if checked.repaired > 0 {
        say!("{} lines added to checkpoints.jsonl", checked.repaired);
    }
    if report.unlisted > 0 {
        say!("{} checkpoints have no line in checkpoints.jsonl; --repair adds them", report.unlisted);
    }
    say!(
        "{} checkpoints, {} heads, {} cases not yet anchored",
        report.checkpoints,
        report.heads,
        checked.unanchored
    );
    let faults = cases.faults.len() + report.faults.len();
    say!("{} cases, {} events, {} files, {faults} faults", cases.cases, cases.events, cases.files);
}

fn as_json(cases: &Verified, checked: &Checked, own: Option<&PublicKey>) -> serde_json::Value {
    let report = &checked.report;
    let faults: Vec<_> = report
        .faults
        .iter()
        .map(|fault| {
            json!({
                "area": fault.area, "checkpoint": fault.checkpoint, "case": fault.case, "seq": fault.seq,
                "what": fault.what,
            })
        })
        .collect();
    let mut value = json!(cases);
    if let Some(object) = value.as_object_mut() {
        let checkpoints = json!({
            "checkpoints": report.checkpoints, "heads": report.heads, "unlisted": report.unlisted,
            "repaired": checked.repaired, "unanchored": checked.unanchored,
            "public_key": own.map(ToString::to_string), "faults": faults,
        });
        object.insert("anchors".to_owned(), checkpoints);
    }
    value
}

pub(crate) async fn migrate(place: &Place) -> Result<ExitCode, String> {
    let (store, _) = open::bare_store(place, open::Site::Exists)?.open().await?;
    let applied = store.migrate(micros(SystemClock.now())).await.map_err(|error| error.to_string())?;
    store.close().await;
    say!("{applied} changes applied; the schema is up to date");
    Ok(ExitCode::SUCCESS)
}
