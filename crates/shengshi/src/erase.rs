//! `erase`: a request to be erased that came on paper.

use std::io::BufRead as _;
use std::process::ExitCode;
use std::sync::Arc;

use app::{Erased, Keep};
use domain::CitizenNumber;

use crate::cli::Erase;
use crate::clock::SystemClock;
use crate::open;
use crate::say::say;

pub(crate) async fn erase(asked: &Erase) -> Result<ExitCode, String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    // Not repeated in the message: what is printed may be kept somewhere.
    let number: CitizenNumber =
        line.trim().parse().map_err(|_| "what was read is not a citizen number".to_owned())?;
    let store = open::store(&asked.place, open::Site::Exists).await?;
    let app = open::app(open::catalogue(&asked.packs)?, store, Arc::new(SystemClock), false)?;
    let app = app.with_retention(asked.retention_years);
    let done = app.ask_erasure_on_paper(&number, &asked.reference, asked.dry_run).await;
    app.store.close().await;
    let (person, erased) = match done {
        Err(app::Error::NotFound) => return Err("nobody here has this number".to_owned()),
        done => done.map_err(|error| error.to_string())?,
    };
    let would = if asked.dry_run { "would be" } else { "is" };
    match erased {
        Erased::Gone => {
            say!("{person}: nothing must be kept; the key {would} destroyed by the server's worker")
        }
        Erased::Waits(keeps) => {
            say!(
                "{person}: drafts, passkeys, ties and sessions {} gone",
                if asked.dry_run { "would be" } else { "are" }
            );
            keeps.iter().for_each(|keep| say!("kept: {}", spoken(keep)));
            say!("the key {would} destroyed when none of this holds any more");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn spoken(keep: &Keep) -> String {
    let what = match keep.what {
        "open" => "cases under way",
        "record" => "closed cases within their term",
        _ => "certificates in force",
    };
    let until = keep.until.map_or_else(|| "no end known yet".to_owned(), |day| format!("until {day}"));
    format!("{} {what}, {until}", keep.count)
}
