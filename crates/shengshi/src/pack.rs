//! `pack check` and `pack walk`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::{App, Failure, WalkReport};
use domain::{Clock, ManualClock, Timestamp};
use packs::Severity;

use crate::cli::Place;
use crate::say::say;
use crate::{open, progress};

/// Items that walk at the same time, each with a synthetic citizen of its own.
const WALKERS: usize = 32;

pub(crate) fn check(dirs: &[PathBuf], json: bool) -> ExitCode {
    let loaded = open::load(dirs);
    let counted = |severity| loaded.problems.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (counted(Severity::Error), counted(Severity::Warning));
    if json {
        let result = serde_json::json!({
            "counts": loaded.counts, "errors": errors, "warnings": warnings, "problems": loaded.problems,
        });
        say!("{result}");
    } else {
        for problem in &loaded.problems {
            say!("{problem}");
        }
        // A pack that lacks another is not read, so there is nothing to count.
        let counted = loaded.counts.map_or_else(String::new, |counts| {
            format!(
                "{} items and {} worked examples, {} agencies, {} areas, ",
                counts.published, counts.worked_examples, counts.agencies, counts.areas
            )
        });
        say!("{counted}{errors} errors, {warnings} warnings");
    }
    if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

pub(crate) async fn walk(dirs: &[PathBuf], json: bool) -> Result<ExitCode, String> {
    let catalogue = open::catalogue(dirs)?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let store =
        open::store(&Place { data: folder.path().to_owned(), database: None }, open::Site::MayBeNew).await?;
    // A Monday morning within the announced calendar.
    let start = catalogue.calendar.at(domain::Date::constant(2026, 3, 2), 9);
    let clock = Arc::new(ManualClock::at(start));
    let app = Arc::new(open::app(catalogue, store.clone(), clock.clone() as Arc<dyn Clock>, true)?);
    let report = walk_all(app, clock).await?;
    store.close().await;
    if json {
        say!("{}", serde_json::to_string(&report).map_err(|error| error.to_string())?);
    } else {
        for failure in &report.failed {
            say!("failed {}: {}", failure.item, failure.why);
        }
        say!(
            "items {}, online {}, completed {}, by_rules {}, zero_visit {}, failed {}",
            report.items,
            report.online,
            report.completed,
            report.by_rules,
            report.zero_visit,
            report.failed.len()
        );
    }
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn walk_all(app: Arc<App>, clock: Arc<ManualClock>) -> Result<WalkReport, String> {
    let online: Vec<(String, bool)> = app
        .catalogue
        .items
        .iter()
        .filter(|item| item.online())
        .map(|item| (item.code.clone(), item.zero_visit()))
        .collect();
    let mut report =
        WalkReport { items: app.catalogue.items.len(), online: online.len(), ..WalkReport::default() };
    let bar = progress::bar(online.len() as u64, "walking");
    let (online, next) = (Arc::new(online), Arc::new(AtomicUsize::new(0)));
    let mut walkers = tokio::task::JoinSet::new();
    for number in 0..WALKERS {
        let (app, clock, online, next, bar) =
            (app.clone(), clock.clone(), online.clone(), next.clone(), bar.clone());
        walkers.spawn(async move {
            let mut walked = Vec::new();
            let Some(person) = app.walker(number) else { return walked };
            let citizen = app.walk_citizen(&person).await;
            // Timers are waited for by moving the clock, never back.
            let wait = |until: Timestamp| clock.advance_to(until);
            while let Some((item, zero)) = online.get(next.fetch_add(1, Ordering::Relaxed)) {
                clock.advance(1);
                let result = match &citizen {
                    Ok(citizen) => {
                        let walked = app.walk_item(*citizen, &person, item, &wait).await;
                        walked.map_err(|error| error.to_string())
                    }
                    Err(error) => Err(error.to_string()),
                };
                walked.push((item.clone(), *zero, result));
                bar.inc(1);
            }
            walked
        });
    }
    while let Some(walked) = walkers.join_next().await {
        for (item, zero, result) in walked.map_err(|error| error.to_string())? {
            match result {
                Ok(walked) => {
                    report.completed += 1;
                    report.zero_visit += usize::from(zero);
                    report.by_rules += usize::from(walked.by_rules);
                    report.events += walked.events;
                }
                Err(why) => report.failed.push(Failure { item, why }),
            }
        }
    }
    bar.finish_and_clear();
    let verified = app.verify(&|_, _| {}).await.map_err(|error| error.to_string())?;
    report.failed.extend(
        verified.faults.into_iter().map(|fault| Failure { item: fault.case.to_string(), why: fault.what }),
    );
    report.failed.sort_by(|a, b| a.item.cmp(&b.item));
    Ok(report)
}
