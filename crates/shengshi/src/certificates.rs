//! `certificates`: what an authority has in stock, issued from a list.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use app::{Batch, BatchRow, Row};

use crate::cli::CertificatesCommand;
use crate::clock::SystemClock;
use crate::say::say;
use crate::{open, progress};

/// Bytes of a list: a million rows.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

pub(crate) async fn certificates(command: &CertificatesCommand) -> Result<ExitCode, String> {
    let CertificatesCommand::Issue { place, kind, area, agency, batch, json, file } = command;
    let (rows, mut refused) = rows(file)?;
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let batch = Batch {
        name: batch.clone().or(stem).unwrap_or_default(),
        kind: kind.clone(),
        area: area.parse().map_err(|_| format!("{area} is no code of an area"))?,
        agency: agency.clone(),
    };
    let store = open::store(place, open::Site::Exists).await?;
    let app = open::app(open::catalogue(&[])?, store.clone(), Arc::new(SystemClock), false)?;
    let bar = progress::bar(rows.len() as u64, "issuing");
    let (mut issued, mut there) = (0_u64, 0_u64);
    let mut told = |line: u64, row: Row| {
        bar.inc(1);
        match row {
            Row::Issued => issued += 1,
            Row::There => there += 1,
            Row::Refused(fault) => refused.push((line, fault.to_string())),
        }
    };
    let done = app.issue_batch(&batch, rows, &mut told).await;
    bar.finish_and_clear();
    store.close().await;
    match done {
        Err(app::Error::NotFound) => {
            return Err(format!("the packs have no type {kind}, or no agency {agency} in {area}"));
        }
        done => {
            done.map_err(|error| format!("{error}; {issued} rows were issued, hand the file in again"))?
        }
    }
    refused.sort();
    if *json {
        let refused: Vec<_> =
            refused.iter().map(|(line, why)| serde_json::json!({ "line": line, "why": why })).collect();
        say!("{}", serde_json::json!({ "issued": issued, "there": there, "refused": refused }));
    } else {
        for (line, why) in &refused {
            say!("line {line}: {why}");
        }
        say!("{issued} issued, {there} there before, {} refused", refused.len());
    }
    Ok(if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Lines that are no rows, and why.
type Wrong = Vec<(u64, String)>;

/// The rows of a list, and the lines that are no rows.
fn rows(file: &Path) -> Result<(Vec<BatchRow>, Wrong), String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let bytes = std::fs::metadata(file).map_err(|error| told(&error))?.len();
    if bytes > MAX_BYTES {
        return Err(told(&"a list holds at most 256 MiB; split it"));
    }
    let mut reader = csv::Reader::from_path(file).map_err(|error| told(&error))?;
    let header = reader.headers().map_err(|error| told(&error))?.clone();
    let columns: Vec<String> =
        header.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    for wanted in ["number", "name", "issued"] {
        if !columns.iter().any(|name| name == wanted) {
            return Err(told(&format!("there is no column {wanted}")));
        }
    }
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => rows.push(row(&columns, &record)),
            // Its text may hold a person's number: only the line is named.
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                wrong.push((line, "the line is no row of this table".to_owned()));
            }
        }
    }
    Ok((rows, wrong))
}

fn row(columns: &[String], record: &csv::StringRecord) -> BatchRow {
    let mut fields: BTreeMap<String, String> =
        columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    let mut take = |name: &str| fields.remove(name).unwrap_or_default();
    let (number, name, issued) = (take("number"), take("name"), take("issued"));
    BatchRow { line: record.position().map_or(0, csv::Position::line), number, name, issued, fields }
}
