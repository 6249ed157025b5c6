//! `verify` and `migrate`

use std::process::ExitCode;
use std::sync::Arc;

use domain::{Clock, micros};

use crate::cli::Place;
use crate::clock::SystemClock;
use crate::{open, progress};

pub(crate) async fn verify(place: &Place, json: bool) -> Result<ExitCode, String> {
    let store = open::store(place, open::Site::Exists).await?;
    let app = open::app(open::catalogue(&[])?, store.clone(), Arc::new(SystemClock), false)?;
    let bar = progress::bar(0, "replaying");
    let result = app
        .verify(&|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .await
        .map_err(|error| error.to_string())?;
    bar.finish_and_clear();
    store.close().await;
    if json {
        println!("{}", serde_json::to_string(&result).map_err(|error| error.to_string())?);
    } else {
        for fault in &result.faults {
            println!("case {} in {}: {}", fault.case, fault.area, fault.what);
        }
        let faults = result.faults.len();
        println!("{} cases, {} events, {} files, {faults} faults", result.cases, result.events, result.files);
    }
    Ok(if result.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(crate) async fn migrate(place: &Place) -> Result<ExitCode, String> {
    let (store, _) = open::bare_store(place, open::Site::MayBeNew)?.open().await?;
    let applied = store.migrate(micros(SystemClock.now())).await.map_err(|error| error.to_string())?;
    store.close().await;
    println!("{applied} changes applied; the schema is up to date");
    Ok(ExitCode::SUCCESS)
}
