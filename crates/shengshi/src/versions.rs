//! `pack diff`, `pack versions` and `pack migrate`: packs in several versions, and the cases that run under
//! them.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use app::{App, InUse, Moved};
use serde_json::{Value, json};

use crate::cli::{Moving, Place};
use crate::clock::SystemClock;
use crate::say::{complain, say};
use crate::{open, progress};

/// As `diff` does: different is 1, trouble is 2.
pub(crate) fn diff(old: &[PathBuf], new: &[PathBuf], json: bool) -> ExitCode {
    let (old, new) = match (open::catalogue(old), open::catalogue(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(error), _) | (_, Err(error)) => {
            complain!("shengshi: {error}");
            return ExitCode::from(2);
        }
    };
    let diff = packs::diff(&old, &new);
    if json {
        say!("{}", json!(diff));
    } else {
        say!("{diff}");
    }
    if diff.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

pub(crate) async fn versions(dirs: &[PathBuf], place: &Place, json: bool) -> Result<ExitCode, String> {
    let app = opened(dirs, place).await?;
    let versions = app.versions_in_use().await.map_err(|error| error.to_string())?;
    app.store.close().await;
    if json {
        say!("{}", json!({ "versions": versions }));
        return Ok(ExitCode::SUCCESS);
    }
    for version in &versions {
        say!("{}", line(version));
    }
    let older: u64 = versions.iter().filter(|version| !version.current).map(|version| version.cases).sum();
    let cases: u64 = versions.iter().map(|version| version.cases).sum();
    say!(
        "{} versions, {cases} open cases, {older} of them under another version than today's",
        versions.len()
    );
    Ok(ExitCode::SUCCESS)
}

fn line(version: &InUse) -> String {
    let InUse { digest, item, name, pack, cases, today, current } = version;
    let state = match (current, today) {
        (true, _) => "today's".to_owned(),
        (false, Some(today)) => format!("today's is {today}"),
        (false, None) => "the item is no longer handled here".to_owned(),
    };
    format!("{digest} {cases} cases, {item} {name}, {pack}, {state}")
}

pub(crate) async fn migrate(dirs: &[PathBuf], place: &Place, moving: &Moving) -> Result<ExitCode, String> {
    let app = opened(dirs, place).await?;
    let versions = app.versions_in_use().await.map_err(|error| error.to_string())?;
    let plan = plan(&versions, moving);
    let mut told = Told::new(moving, plan.iter().map(|(version, _)| version.cases).sum());
    let stopped = tokio::select! {
        done = run(&app, &plan, moving.dry_run, &mut told) => done.map(|()| false)?,
        _ = tokio::signal::ctrl_c() => true,
    };
    app.store.close().await;
    Ok(told.end(stopped))
}

/// Which versions are moved to which; a version whose item is gone has nowhere to go.
fn plan<'a>(versions: &'a [InUse], moving: &'a Moving) -> Vec<(&'a InUse, Option<&'a str>)> {
    let item = match &moving.to {
        // A version to go back to is one item's.
        Some(to) if moving.item.is_none() && moving.from.is_none() => {
            versions.iter().find(|version| version.digest == *to).map(|version| version.item.as_str())
        }
        _ => moving.item.as_deref(),
    };
    let wanted = |version: &&InUse| {
        item.is_none_or(|item| item == version.item)
            && moving.from.as_ref().is_none_or(|from| *from == version.digest)
    };
    let to = |version: &'a InUse| moving.to.as_deref().or(version.today.as_deref());
    let plan = versions.iter().filter(wanted).map(|version| (version, to(version)));
    plan.filter(|(version, to)| *to != Some(version.digest.as_str())).collect()
}

async fn run(
    app: &App,
    plan: &[(&InUse, Option<&str>)],
    dry_run: bool,
    told: &mut Told,
) -> Result<(), String> {
    for (version, to) in plan {
        let Some(to) = to else {
            told.no_longer_handled(version);
            continue;
        };
        let moved =
            app.move_cases(&version.digest, to, dry_run, &mut |moved| told.case(version, &moved)).await;
        moved.map_err(|error| format!("{} to {to}: {error}", version.digest))?;
    }
    Ok(())
}

/// What is said while cases are moved, and at the end.
struct Told {
    dry_run: bool,
    json: bool,
    bar: indicatif::ProgressBar,
    cases: Vec<Value>,
    moved: u64,
    stay: u64,
}

impl Told {
    fn new(moving: &Moving, total: u64) -> Self {
        let bar = progress::bar(total, "moving");
        Self { dry_run: moving.dry_run, json: moving.json, bar, cases: Vec::new(), moved: 0, stay: 0 }
    }

    /// A dry run names every case, a real one those that stay.
    fn case(&mut self, version: &InUse, moved: &Moved) {
        self.bar.inc(1);
        let why = moved.stuck.as_ref().map(ToString::to_string).or_else(|| moved.fault.clone());
        *(if why.is_none() { &mut self.moved } else { &mut self.stay }) += 1;
        if why.is_none() && !self.dry_run {
            return;
        }
        if self.json {
            let mut case = json!(moved);
            if let (Some(case), Some(why)) = (case.as_object_mut(), &why) {
                case.insert("words".to_owned(), json!(why));
            }
            self.cases.push(case);
            return;
        }
        let number = if moved.number.is_empty() { moved.case.to_string() } else { moved.number.clone() };
        let head = format!("{} {number} {}", version.item, moved.status);
        let tail = match (&why, &moved.steps) {
            (Some(why), _) => format!("stays: {why}"),
            (None, Some((from, to))) => format!("{} → {}", step(from), step(to)),
            (None, None) => "moves".to_owned(),
        };
        self.bar.suspend(|| say!("{head}: {tail}"));
    }

    fn no_longer_handled(&mut self, version: &InUse) {
        self.stay += version.cases;
        self.bar.inc(version.cases);
        if !self.json {
            let cases = version.cases;
            let words = "the item is no longer handled here; they end under the version they keep";
            self.bar.suspend(|| say!("{}: {cases} cases stay: {words}", version.item));
        }
    }

    fn end(self, stopped: bool) -> ExitCode {
        self.bar.finish_and_clear();
        let (moved, stay) = (self.moved, self.stay);
        if self.json {
            say!(
                "{}",
                json!({ "dry_run": self.dry_run, "moved": moved, "stay": stay, "stopped": stopped, "cases": self.cases })
            );
        } else {
            let word = if self.dry_run { "would be moved" } else { "moved" };
            let again = if stopped { "; stopped before the end, run it again to go on" } else { "" };
            say!("{moved} cases {word}, {stay} stay under the version they keep{again}");
        }
        if stay == 0 && !stopped { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Past the last step a case is being delivered.
fn step(id: &str) -> &str {
    if id.is_empty() { "delivered" } else { id }
}

async fn opened(dirs: &[PathBuf], place: &Place) -> Result<App, String> {
    let catalogue = open::catalogue(dirs)?;
    let store = open::store(place, open::Site::Exists).await?;
    open::app(catalogue, store, Arc::new(SystemClock), false)
}
