//! `reviews`: what people decided about this station's units becomes annotated pictures to learn from.

mod answer;
mod shelf;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::cli::Reviews;
use crate::say::{complain, say};
use crate::send::{Halt, Platform};
use answer::{MOST, Page};
pub(crate) use shelf::Shelf;
use shelf::{Kept, Pictures};

/// Pages in one call: a million reviews. A server that never ends is left there.
const MOST_PAGES: usize = 10_000;
/// How often in a row, and how long, a platform is waited for that says when to come again.
const MOST_WAITS: usize = 10;
const LONGEST: Duration = Duration::from_secs(60);
/// Reviews that are named one by one when they could not be used; beyond, they are counted.
const MOST_TOLD: usize = 20;

pub(crate) fn reviews(args: &Reviews) -> Result<ExitCode, String> {
    let platform = Platform::new(&args.server, &args.credential, args.authority.as_deref())?;
    let shelf = Shelf::open(&args.state)?;
    let mut pictures = Pictures::new(&args.state, args.recipes.as_deref());
    let mut counts = BTreeMap::<&'static str, usize>::new();
    let mut told = 0;
    let fetched = fetch(&platform, &shelf, |review| {
        let kept = shelf.take(review, &mut pictures)?;
        *counts.entry(kept.name()).or_default() += 1;
        if let Kept::Aside(_, why) = &kept {
            told += 1;
            if told <= MOST_TOLD {
                let case = answer::case_of(review).unwrap_or_else(|| "a review".to_owned());
                complain!("{case}: not learnt from: {why}");
            }
        }
        Ok(())
    });
    // What came before the server failed is there to be learnt from.
    let pairs = shelf.write_list()?;
    if args.json {
        say!("{}", json!({ "counts": counts, "pairs": pairs, "list": shelf.list(), "data": shelf.boards() }));
    } else {
        let counts: Vec<String> = counts.iter().map(|(what, n)| format!("{n} {what}")).collect();
        let counts = if counts.is_empty() { "no new reviews".to_owned() } else { counts.join(", ") };
        say!("{counts}; {pairs} pairs to learn from in {}", shelf.list().display());
    }
    fetched.map(|()| ExitCode::SUCCESS)
}

/// Page after page from where the last call ended. The cursor moves when all of a page is on the disk: after a crash some come
/// again, and are the same.
fn fetch(
    platform: &Platform,
    shelf: &Shelf,
    mut each: impl FnMut(&serde_json::Value) -> Result<(), String>,
) -> Result<(), String> {
    let mut after = shelf.cursor()?;
    for _ in 0..MOST_PAGES {
        let path = match &after {
            Some(cursor) => format!("/api/v1/stations/reviews?after={cursor}&limit={MOST}"),
            None => format!("/api/v1/stations/reviews?limit={MOST}"),
        };
        let answer = ask(platform, &path)?;
        let page = Page::read(answer, after.as_deref())
            .map_err(|why| format!("the platform's answer to reviews is refused: {why}"))?;
        page.reviews.iter().try_for_each(&mut each)?;
        let Some(next) = page.next else { return Ok(()) };
        shelf.move_cursor(&next)?;
        after = Some(next);
    }
    complain!("{MOST_PAGES} pages were read; call again for the rest");
    Ok(())
}

/// Asks, and again after the time that a busy platform names.
fn ask(platform: &Platform, path: &str) -> Result<serde_json::Value, String> {
    for _ in 0..MOST_WAITS {
        match platform.get(path) {
            Err(Halt::Away(_, Some(after))) => thread::sleep(after.min(LONGEST)),
            answer => return answer.map_err(away),
        }
    }
    platform.get(path).map_err(away)
}

fn away(halt: Halt) -> String {
    match halt {
        Halt::Away(why, _) => format!("the platform cannot be asked now: {why}"),
        Halt::Unknown => "it does not know this station's credential; ask its operator".to_owned(),
        Halt::Own(why) => why,
    }
}
