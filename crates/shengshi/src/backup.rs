//! `backup` and `restore`

use std::path::Path;
use std::process::ExitCode;

use crate::cli::Place;
use crate::say::say;
use crate::{open, progress};

pub(crate) async fn backup(place: &Place, to: &Path) -> Result<ExitCode, String> {
    let store = open::store(place, open::Site::Exists).await?;
    let bar = progress::bar(0, "copying");
    let copied = store
        .backup(to, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .await;
    bar.finish_and_clear();
    store.close().await;
    copied.map_err(|error| error.to_string())?;
    say!(
        "copied to {}; keep {} elsewhere: without it nothing personal can be read again",
        to.display(),
        place.data.join("master.key").display()
    );
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn restore(place: &Place, from: &Path) -> Result<ExitCode, String> {
    let key = place.data.join("master.key");
    if !key.exists() {
        return Err(format!("put the master key of the copied site at {} first", key.display()));
    }
    let store = open::store(place, open::Site::MayBeNew).await?;
    let bar = progress::bar(0, "restoring");
    let restored = store
        .restore(from, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .await;
    bar.finish_and_clear();
    store.close().await;
    restored.map_err(|error| error.to_string())?;
    say!("restored from {}; run `shengshi verify` before opening to the public", from.display());
    Ok(ExitCode::SUCCESS)
}
