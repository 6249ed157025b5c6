//! The browser story: its two packages from npm, a fresh server, a real browser.

use std::process::{Command, Stdio};

use crate::cargo::check;
use crate::scratch::Scratch;
use crate::server::{Server, Setting};
use crate::{paths, tools};

/// What the story looks at.
#[derive(Clone, Copy)]
pub(crate) enum Looks {
    /// Pictures and axe-core of every page.
    All,
    /// Only the story.
    None,
}

/// Installs the story's packages unless they are there already.
pub(crate) fn provide_packages() -> Result<(), String> {
    let folder = paths::root().join("e2e");
    let wanted =
        std::fs::read_to_string(folder.join("package.json")).map_err(|e| format!("package.json: {e}"))?;
    let stamp = folder.join("node_modules/.installed-for");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("   the story's packages are there");
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock"])
        .current_dir(&folder)
        .stdin(Stdio::null());
    check(&mut npm, "npm install (in e2e)")?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Plays the story against a fresh server on SQLite, or on `database`.
pub(crate) fn play(database: Option<String>, looks: Looks) -> Result<(), String> {
    let chromium = tools::chromium().ok_or("no Chromium was found")?;
    let scratch = Scratch::new("story")?;
    let data = scratch.path().join("data");
    let mut partner = Command::new(paths::built("debug", "shengshi")?);
    partner.args(["partners", "add"]).arg(paths::root().join("e2e/library.json")).arg("--data").arg(&data);
    if let Some(database) = &database {
        partner.args(["--database", database]);
    }
    let server = Server::start(Setting { profile: "debug", data, database, more: Vec::new() })?;
    // The library that signs people in with their account here.
    check(&mut partner, "shengshi partners add library.json").map_err(|error| server.trouble(&error))?;
    let mut story = Command::new("node");
    story.arg("story.mjs").current_dir(paths::root().join("e2e")).stdin(Stdio::null());
    story.env("ORIGIN", format!("http://{}", server.address)).env("CHROMIUM", chromium);
    story.env("LOOK", if matches!(looks, Looks::All) { "all" } else { "none" });
    if matches!(looks, Looks::None) {
        story.env("SCREENSHOTS", paths::root().join("e2e/screenshots/postgres"));
    }
    let told = check(&mut story, "node story.mjs (in e2e)");
    told.map_err(|error| server.trouble(&format!("served the story, and {error}")))
}
