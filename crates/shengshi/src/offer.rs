//! `offer`: what people are known to qualify for (免申即享), offered from outside the server, by a timer.

use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::Place;
use crate::clock::SystemClock;
use crate::say::say;
use crate::{open, progress};

pub(crate) async fn offer(
    place: &Place,
    item: Option<&str>,
    dry_run: bool,
    json: bool,
) -> Result<ExitCode, String> {
    let store = open::store(place, open::Site::Exists).await?;
    let people = store.stats().await.map_err(|error| error.to_string())?.persons.unsigned_abs();
    let app = open::app(open::catalogue(&[])?, store.clone(), Arc::new(SystemClock), false)?;
    let bar = progress::bar(people, "looking");
    let offered = app.offer_all(item, dry_run, &|done| bar.set_position(done)).await;
    bar.finish_and_clear();
    store.close().await;
    let offered = match (offered, item) {
        (Err(app::Error::NotFound), Some(item)) => {
            return Err(format!("{item} is not an item that is offered"));
        }
        (offered, _) => offered.map_err(|error| error.to_string())?,
    };
    if json {
        say!("{}", serde_json::json!(offered));
    } else {
        let word = if dry_run { "offers would be made" } else { "offers made" };
        say!("{} people, {} {word}", offered.people, offered.offers);
    }
    Ok(ExitCode::SUCCESS)
}
