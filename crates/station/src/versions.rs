//! `models`: which versions there are, and which one looks.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use crate::cli::{Models as Args, ModelsCommand};
use crate::models::{Models, Record};
use crate::say::say;
use crate::{files, now};

pub(crate) fn models(args: &Args) -> Result<ExitCode, String> {
    match &args.command {
        ModelsCommand::List { models, json } => list(&Models::at(models), *json),
        ModelsCommand::Rollback { models, to } => roll_back(&Models::at(models), *to),
        ModelsCommand::Install { models, file } => {
            let models = Models::at(models);
            let bytes = files::read(file, inspection::model::MAX_BYTES)?;
            let lock = models.lock()?;
            let record = models
                .install(&lock, &bytes, now(), "installed by hand")
                .map_err(|why| format!("{}: {why}", file.display()))?;
            say!("{:04} ({}) is in use", record.version, record.name);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn list(models: &Models, json: bool) -> Result<ExitCode, String> {
    let (current, records) = (models.current()?, models.records()?);
    if json {
        say!("{}", json!({ "current": current, "models": records }));
        return Ok(ExitCode::SUCCESS);
    }
    for record in &records {
        let is_used = current.as_ref().is_some_and(|current| current.version == record.version);
        say!(
            "{} {:04} {} {}: {}",
            if is_used { "*" } else { " " },
            record.version,
            at(record.made),
            record.name,
            tell(record)
        );
    }
    if let Some(current) = current {
        say!("in use since {}: {:04}, {}", at(current.since), current.version, current.why);
    }
    Ok(ExitCode::SUCCESS)
}

/// To the second.
fn at(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// A version in a line.
pub(crate) fn tell(record: &Record) -> String {
    let Record { taught, frozen, contest, why, .. } = record;
    let (Some(taught), Some(frozen), Some(contest)) = (taught, frozen, contest) else { return why.clone() };
    let figures = &contest.candidate;
    let to_people = 100.0 * figures.parting.reviewed as f64 / figures.parting.calls.max(1) as f64;
    format!(
        "{} pictures and {} reviews; on the frozen {}: F {:.4} (then {:.4}), mAP {:.4}, {to_people:.1} % of calls to people, {} escape; {}: {why}",
        taught.base,
        taught.reviews,
        &frozen.digest[..8],
        figures.f_mean,
        contest.current.f_mean,
        figures.mean_average_precision,
        figures.parting.untouched,
        if record.promoted { "promoted" } else { "not promoted" },
    )
}

fn roll_back(models: &Models, to: Option<u32>) -> Result<ExitCode, String> {
    let lock = models.lock()?;
    let current = models.current()?.ok_or("no model is in use here")?;
    let records = models.records()?;
    let of = |version: u32| records.iter().find(|record| record.version == version);
    let to = match to {
        Some(to) => to,
        None => of(current.version)
            .and_then(|record| record.parent)
            .ok_or_else(|| format!("nothing was in use before {:04}", current.version))?,
    };
    let record = of(to).ok_or_else(|| format!("there is no version {to:04}"))?;
    models.switch(&lock, record, now(), &format!("rolled back from {:04}", current.version))?;
    say!("{to:04} ({}) is in use", record.name);
    Ok(ExitCode::SUCCESS)
}
