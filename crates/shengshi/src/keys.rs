//! `keys`: the keys that sign certificates, codes and status lists.

use std::process::ExitCode;
use std::sync::Arc;

use app::App;

use crate::cli::{KeysCommand, Place};
use crate::clock::SystemClock;
use crate::open;
use crate::say::say;

pub(crate) async fn keys(command: &KeysCommand) -> Result<ExitCode, String> {
    let (KeysCommand::List { place } | KeysCommand::Rotate { place, .. } | KeysCommand::Retire { place, .. }) =
        command;
    let app = site(place).await?;
    let done = match command {
        KeysCommand::List { .. } => list(&app).await,
        KeysCommand::Rotate { algorithm, .. } => {
            let kid = app.rotate_issuer_key(algorithm.map(Into::into)).await;
            kid.map(|kid| say!("{kid} signs from now on"))
        }
        KeysCommand::Retire { kid, .. } => {
            let retired = app.retire_issuer_key(kid).await;
            retired.map(|next| {
                say!("{kid} is retired: nothing that it signed is accepted");
                if let Some(next) = next {
                    say!("{next} signs from now on");
                }
            })
        }
    };
    app.store.close().await;
    match done {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(app::Error::NotFound) => Err("there is no such key that is not retired".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

async fn site(place: &Place) -> Result<App, String> {
    let store = open::store(place, open::Site::Exists).await?;
    open::app(open::catalogue(&[])?, store, Arc::new(SystemClock), false)
}

async fn list(app: &App) -> Result<(), app::Error> {
    for key in app.issuer_key_list().await? {
        let state = match (key.signs, key.retired) {
            (true, _) => "signs".to_owned(),
            (false, None) => "verifies".to_owned(),
            (false, Some(at)) => format!("retired {at}"),
        };
        say!("{} {} {state}", key.kid, key.created);
    }
    Ok(())
}
