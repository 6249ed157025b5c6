//! `officers`: who sits at which desk, and their passkeys.

use std::io::BufRead as _;
use std::process::ExitCode;
use std::sync::Arc;

use app::App;
use domain::CitizenNumber;
use identity::{Listed, Roster};

use crate::cli::{OfficerList, OfficersCommand, OneOfficer, Place};
use crate::clock::SystemClock;
use crate::officers_file;
use crate::open;
use crate::say::say;

pub(crate) async fn officers(command: &OfficersCommand) -> Result<ExitCode, String> {
    match command {
        OfficersCommand::Id { place } => id(place).await?,
        OfficersCommand::List { place, list } => {
            let (app, listed) = site(place, list).await?;
            let done = stand(&app, &listed).await;
            app.store.close().await;
            done.map_err(|error| error.to_string())?;
        }
        OfficersCommand::Invite { officer } => {
            let (app, one) = about(officer).await?;
            let code = app.invite_officer(one.id, &officer.by).await;
            app.store.close().await;
            let code = code.map_err(|error| match error {
                app::Error::Contention => {
                    format!("{0} has a passkey; take it away first: shengshi officers reset {0}", one.label)
                }
                error => error.to_string(),
            })?;
            say!("{code}");
            say!("It is shown this once, good once and for a day. Hand it to {} in person.", one.name);
        }
        OfficersCommand::Reset { officer } => {
            let (app, one) = about(officer).await?;
            let done = app.reset_officer(one.id, &officer.by).await;
            app.store.close().await;
            done.map_err(|error| error.to_string())?;
            say!(
                "{}: passkeys and sessions are gone; the next one needs a code (officers invite)",
                one.label
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the list calls somebody.
async fn id(place: &Place) -> Result<(), String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    // Not repeated in the message: what is printed may be kept somewhere.
    let number: CitizenNumber =
        line.trim().parse().map_err(|_| "what was read is not a citizen number".to_owned())?;
    let store = open::store(place, open::Site::Exists).await?;
    say!("{}", app::officer_id(&store, &number));
    store.close().await;
    Ok(())
}

async fn site(place: &Place, list: &OfficerList) -> Result<(App, Vec<Listed>), String> {
    let catalogue = open::catalogue(&list.packs)?;
    let listed = officers_file::read(&list.file, &catalogue)?;
    let store = open::store(place, open::Site::Exists).await?;
    let app = open::app(catalogue, store, Arc::new(SystemClock), false)?;
    Ok((app.with_officers(Arc::new(Roster::new(listed.clone()))), listed))
}

async fn about(officer: &OneOfficer) -> Result<(App, Listed), String> {
    if officer.by.trim().is_empty() {
        return Err("--by: your name, for the record".to_owned());
    }
    let (app, listed) = site(&officer.place, &officer.list).await?;
    match listed.into_iter().find(|one| one.label == officer.id) {
        Some(one) => Ok((app, one)),
        None => {
            app.store.close().await;
            Err(format!("{}: no officer has the id {}", officer.list.file.display(), officer.id))
        }
    }
}

async fn stand(app: &App, listed: &[Listed]) -> Result<(), app::Error> {
    for one in listed {
        let state = app.officer_state(one.id).await?;
        say!("{} {}: {} passkeys", one.label, one.name, state.passkeys);
        for (agency, roles) in &one.posts {
            let roles: Vec<_> = roles.iter().map(packs::Role::id).collect();
            say!("  at {agency}: {}", roles.join(", "));
        }
        if let Some(until) = state.invited_until {
            say!("  a code is open until {until}");
        }
        for act in state.acts {
            say!("  {} {} by {}", act.at, act.kind, act.by);
        }
    }
    Ok(())
}
