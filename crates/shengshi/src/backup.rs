//! `backup` and `restore`

use std::path::Path;
use std::process::ExitCode;

use store::Store;

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
    if !from.join("manifest.json").is_file() {
        return Err(format!(
            "{} holds no manifest.json, so it is no backup or one that was cut short; name a folder that `shengshi backup` has finished",
            from.display()
        ));
    }
    let store = open::store(place, open::Site::MayBeNew).await?;
    if let Some(there) = rows(&store).await? {
        store.close().await;
        let data = place.data.display();
        return Err(format!(
            "there is a site already ({there}); a backup goes into an empty database. Make a new folder, put the master key of the copied site into it, and name it with --data in place of {data} (with --database an empty database too)"
        ));
    }
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
    say!("restored from {}; run `shengshi verify --repair` before opening to the public", from.display());
    Ok(ExitCode::SUCCESS)
}

/// How much a database holds, in words; `None` when it is empty.
async fn rows(store: &Store) -> Result<Option<String>, String> {
    let stats = store.stats().await.map_err(|error| error.to_string())?;
    let some = stats.persons > 0 || stats.cases > 0 || stats.drafts > 0;
    Ok(some.then(|| format!("people: {}, cases: {}", stats.persons, stats.cases)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::{backup, restore};
    use crate::cli::Place;
    use crate::clock::SystemClock;
    use crate::open;

    #[tokio::test]
    async fn a_backup_does_not_go_into_a_site_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().join("data"), database: None };
        let store = open::store(&place, open::Site::MayBeNew).await.unwrap();
        let cn = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/cn"));
        let catalogue = open::catalogue(&[cn]).unwrap();
        let app = open::app(catalogue, store.clone(), Arc::new(SystemClock), true).unwrap();
        app.walk_citizen(&app.walker(0).unwrap()).await.unwrap();
        store.close().await;
        let copy = folder.path().join("copy");
        backup(&place, &copy).await.unwrap();
        let refused = restore(&place, &copy).await.unwrap_err();
        assert!(refused.contains("people: 1, cases: 0") && refused.contains("new folder"), "{refused}");
    }
}
