//! `partners`: the applications of partners, to which people sign in with their account here.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use app::{App, PartnerFile, PartnerSecret};

use crate::cli::{PartnersCommand, Place};
use crate::clock::SystemClock;
use crate::open;
use crate::say::say;

/// Largest file read, in bytes.
const MAX_FILE: u64 = 64 * 1024;

pub(crate) async fn partners(command: &PartnersCommand) -> Result<ExitCode, String> {
    let (PartnersCommand::Add { place, .. }
    | PartnersCommand::List { place }
    | PartnersCommand::RotateSecret { place, .. }
    | PartnersCommand::Remove { place, .. }) = command;
    // A file that cannot be read leaves the site alone.
    let about = match command {
        PartnersCommand::Add { file, .. } => Some(read(file)?),
        _ => None,
    };
    let app = site(place).await?;
    let done = match (command, about) {
        (PartnersCommand::Add { .. }, Some(about)) => add(&app, about).await,
        (PartnersCommand::RotateSecret { id, .. }, _) => {
            app.rotate_partner_secret(id).await.map(|new| show(&new))
        }
        (PartnersCommand::Remove { id, .. }, _) => app
            .remove_partner(id)
            .await
            .map(|()| say!("{id} is removed: nothing that it was given opens anything")),
        _ => list(&app).await,
    };
    app.store.close().await;
    match done {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(app::Error::NotFound) => Err("there is no such application, or it has no secret".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// YAML, of which JSON is a part.
fn read(file: &Path) -> Result<PartnerFile, String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let size = std::fs::metadata(file).map_err(|error| told(&error))?.len();
    if size > MAX_FILE {
        return Err(told(&format!("more than {MAX_FILE} bytes")));
    }
    let text = std::fs::read_to_string(file).map_err(|error| told(&error))?;
    serde_saphyr::from_str(&text).map_err(|error| told(&error))
}

async fn site(place: &Place) -> Result<App, String> {
    let store = open::store(place, open::Site::Exists).await?;
    open::app(open::catalogue(&[])?, store, Arc::new(SystemClock), false)
}

async fn add(app: &App, about: PartnerFile) -> Result<(), app::Error> {
    let id = about.id.clone();
    let secret = app.register_partner(about).await?;
    say!("{id} is registered");
    if let Some(secret) = secret {
        show(&secret);
    }
    Ok(())
}

/// The one time that anybody sees it.
fn show(secret: &PartnerSecret) {
    say!("client_secret: {}", secret.0);
    say!("It is shown this once and kept as a hash. Hand it over where nobody else reads it.");
}

async fn list(app: &App) -> Result<(), app::Error> {
    for partner in app.partners().await? {
        let scopes: Vec<_> = partner.about.scopes.keys().map(|scope| scope.id()).collect();
        let state = match (partner.removed, partner.about.public) {
            (true, _) => "removed",
            (false, true) => "public",
            (false, false) => "confidential",
        };
        say!("{} {state} {} [{}]", partner.about.id, partner.about.name.zh, scopes.join(" "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::read;

    fn problems(text: &str) -> Result<Vec<String>, String> {
        let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        std::fs::write(file.path(), text).map_err(|error| error.to_string())?;
        read(file.path()).map(|about| about.problems())
    }

    const GOOD: &str = "id: library\nname: {zh: 示例·图书馆, en: Example Library}\nrun_by: 示例·某市图书馆\n\
        redirect_uris: [https://library.example/cb]\nscopes:\n  profile: 印在借书证上\n";

    #[test]
    fn a_file_is_read_and_its_mistakes_are_named() {
        assert_eq!(problems(GOOD), Ok(Vec::new()));
        let json = r#"{"id":"library","name":"示例","run_by":"示例","redirect_uris":["https://a.example/"]}"#;
        assert_eq!(problems(json), Ok(Vec::new()));
        for (from, to, told) in [
            ("id: library", "id: Library 1", "id:"),
            ("https://library.example/cb", "http://library.example/cb", "redirect_uris:"),
            ("https://library.example/cb", "https://a.example/, https://b.example/", "sector:"),
            ("https://library.example/cb", "cn.example.app:/cb", "redirect_uris:"),
            ("scopes:", "consent_days: 9999\nscopes:", "consent_days:"),
            ("scopes:", "level: 1\nscopes:", "level:"),
            ("scopes:", "backchannel_logout_uri: ftp://a.example/\nscopes:", "backchannel_logout_uri:"),
            ("印在借书证上", "\"\"", "scopes:"),
        ] {
            let found = problems(&GOOD.replace(from, to));
            let named = found.as_ref().is_ok_and(|all| all.iter().any(|one| one.starts_with(told)));
            assert!(named, "{to}: {found:?}");
        }
        assert!(problems(&GOOD.replace("profile:", "everything:")).is_err(), "scopes are a closed list");
        assert!(problems(&GOOD.replace("id:", "nonsense: 1\nid:")).is_err(), "a mistyped field is named");
    }
}
