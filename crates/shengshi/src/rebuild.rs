//! `rebuild`: everything derived, made again from the events.

use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::Place;
use crate::clock::SystemClock;
use crate::say::say;
use crate::{open, progress};

pub(crate) async fn rebuild(place: &Place, dry_run: bool, json: bool) -> Result<ExitCode, String> {
    let store = open::store(place, open::Site::Exists).await?;
    let app = open::app(open::catalogue(&[])?, store.clone(), Arc::new(SystemClock), false)?;
    let bar = progress::bar(0, "folding");
    let rebuilt = app
        .rebuild(dry_run, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .await;
    bar.finish_and_clear();
    store.close().await;
    let rebuilt = rebuilt.map_err(|error| error.to_string())?;
    if json {
        say!("{}", serde_json::json!(rebuilt));
    } else {
        for fault in &rebuilt.faults {
            say!("case {} in {}: {}", fault.case, fault.area, fault.what);
        }
        let word = if dry_run { "would be rewritten" } else { "rewritten" };
        let faults = rebuilt.faults.len();
        say!("{} cases, {} {word}, {faults} faults", rebuilt.cases, rebuilt.rewritten);
    }
    Ok(if rebuilt.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
