//! `stations`: things of an organisation that report what they see.

use std::process::ExitCode;
use std::sync::Arc;

use app::{App, StationCredential, StationError};
use domain::{CreditCode, PersonId};
use serde_json::json;

use crate::cli::{Place, StationsCommand};
use crate::clock::SystemClock;
use crate::open;
use crate::say::say;

pub(crate) async fn stations(command: &StationsCommand) -> Result<ExitCode, String> {
    let (StationsCommand::Register { place, .. }
    | StationsCommand::List { place, .. }
    | StationsCommand::Replace { place, .. }
    | StationsCommand::Revoke { place, .. }) = command;
    let app = site(place).await?;
    let done = match command {
        StationsCommand::Register { organisation, organisation_name, name, .. } => {
            register(&app, organisation, organisation_name.as_deref(), name).await
        }
        StationsCommand::Replace { id, .. } => match id.parse() {
            Ok(id) => app.replace_station_credential(PersonId(id)).await.map(|new| show(&new)),
            Err(_) => Err(app::Error::NotFound),
        },
        StationsCommand::Revoke { id, .. } => match id.parse() {
            Ok(station) => app
                .revoke_station(PersonId(station))
                .await
                .map(|()| say!("{id} is revoked: nothing opens for it any more")),
            Err(_) => Err(app::Error::NotFound),
        },
        StationsCommand::List { json, .. } => list(&app, *json).await,
    };
    app.store.close().await;
    match done {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(app::Error::NotFound) => Err("there is no such station, or it is revoked".to_owned()),
        Err(app::Error::Station(StationError::Organisation)) => {
            Err("no organisation is registered under this code; name it with --organisation-name".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

async fn site(place: &Place) -> Result<App, String> {
    let store = open::store(place, open::Site::Exists).await?;
    open::app(open::catalogue(&[])?, store, Arc::new(SystemClock), false)
}

async fn register(
    app: &App,
    organisation: &str,
    organisation_name: Option<&str>,
    name: &str,
) -> Result<(), app::Error> {
    let code: CreditCode = organisation.parse().map_err(|_| StationError::Organisation)?;
    if let Some(organisation_name) = organisation_name {
        app.register_organisation_by_hand(&code, organisation_name).await?;
    }
    let (id, credential) = app.register_station(&code, name, None).await?;
    say!("{} is registered", id.0);
    show(&credential);
    Ok(())
}

/// The one time that anybody sees it.
fn show(credential: &StationCredential) {
    say!("credential: {}", credential.0);
    say!("It is shown this once and kept as a keyed hash. Put it where the station alone reads it.");
}

async fn list(app: &App, as_json: bool) -> Result<(), app::Error> {
    let stations = app.stations().await?;
    if as_json {
        let row = |line: &app::StationLine| {
            json!({ "id": line.id, "name": line.name, "organisation": line.organisation, "code": line.code,
                "since": line.since.to_string(), "used": line.used.map(|at| at.to_string()),
                "revoked": line.revoked.map(|at| at.to_string()) })
        };
        say!("{}", json!(stations.iter().map(row).collect::<Vec<_>>()));
        return Ok(());
    }
    for line in stations {
        let used = line.used.map_or("never reported".to_owned(), |at| format!("last reported {at}"));
        let revoked = line.revoked.map_or(String::new(), |at| format!(", revoked {at}"));
        say!(
            "{} {} {} {} since {}, {used}{revoked}",
            line.id.0,
            line.code,
            line.organisation,
            line.name,
            line.since
        );
    }
    Ok(())
}
