//! `run`: beside the line. One thread sends, the others look; the folder of what waits is all that they share.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::json;

use crate::cli::Run;
use crate::data::on_threads;
use crate::line::{Arrived, Eyes, Line};
use crate::models::Watched;
use crate::outbox::{Outbox, Waiting};
use crate::report::Report;
use crate::say::{complain, say};
use crate::send::{Halt, Platform, Stands};

/// Pictures that are looked at before their reports are shown.
const MOST: usize = 64;
/// Between two looks at a folder in which nothing new was.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest wait before the platform is tried again.
const LONGEST: Duration = Duration::from_secs(60);

pub(crate) fn run(args: &Run) -> Result<ExitCode, String> {
    let mut watched = Watched::new(args);
    let eyes = watched.first(args)?;
    let platform = Platform::new(&args.server, &args.credential, args.authority.as_deref())?;
    let outbox = Outbox::open(&args.state)?;
    let shown = Shown::new(args.json);
    let looked_all = AtomicBool::new(false);
    thread::scope(|scope| {
        let sender = scope.spawn(|| send(&platform, &outbox, &shown, args.once.then_some(&looked_all)));
        let looked = look(args, (eyes, &mut watched), &outbox, &shown);
        looked_all.store(true, Ordering::Release);
        let sent = sender.join().map_err(|_| "the sending ended".to_owned())?;
        looked.and(sent)
    })?;
    shown.end();
    Ok(ExitCode::SUCCESS)
}

/// Looks at what arrives, until nothing does where only once is asked for.
fn look(
    args: &Run,
    (eyes, watched): (Eyes, &mut Watched),
    outbox: &Outbox,
    shown: &Shown,
) -> Result<(), String> {
    let mut line = Line::new(eyes, &args.item, &args.recipes, outbox);
    let mut idle = 0;
    loop {
        let arrived = line.arrived(&args.watch)?;
        watched.renew(&mut line);
        if arrived.is_empty() {
            idle += 1;
            // A picture that is just being written is waited for.
            if args.once && idle > 4 {
                return Ok(());
            }
            thread::sleep(PAUSE);
            continue;
        }
        idle = 0;
        for some in arrived.chunks(MOST) {
            look_at(some, args.threads, &line, |looked| match looked {
                Ok(report) => shown.looked(&report, outbox),
                Err(error) => {
                    complain!("{error}");
                    // The disk, most likely: no hurry to find it full again.
                    thread::sleep(PAUSE);
                }
            });
            watched.renew(&mut line);
        }
    }
}

/// Looks at some pictures on all threads.
fn look_at(some: &[Arrived], threads: usize, line: &Line<'_>, told: impl FnMut(Result<Report, String>)) {
    let looked = on_threads(some.len(), threads, &ProgressBar::hidden(), || {
        let mut looker = line.eye().looker();
        move |n: usize| line.take(&mut looker, &some[n])
    });
    looked.into_iter().for_each(told);
}

/// Sends what waits, for ever or until all was looked at and sent.
fn send(
    platform: &Platform,
    outbox: &Outbox,
    shown: &Shown,
    until: Option<&AtomicBool>,
) -> Result<(), String> {
    let mut wait = Duration::ZERO;
    let mut trouble = String::new();
    loop {
        let is_last = until.is_some_and(|all| all.load(Ordering::Acquire));
        let mut pause = PAUSE;
        match platform.send(outbox, |one, stands| shown.stands(one, stands)) {
            Ok(0) if is_last && outbox.is_empty()? => return Ok(()),
            Ok(sent) => {
                if !trouble.is_empty() {
                    complain!("the platform is there again");
                    trouble.clear();
                }
                wait = Duration::ZERO;
                if sent > 0 {
                    continue;
                }
            }
            Err(halt) => {
                wait = (wait * 2).clamp(Duration::from_secs(1), LONGEST);
                let (why, after) = match halt {
                    Halt::Away(why, after) => (why, after),
                    Halt::Unknown => (
                        "it does not know this station's credential; ask its operator".to_owned(),
                        Some(LONGEST),
                    ),
                    Halt::Own(why) => (why, None),
                };
                if why != trouble {
                    complain!("not sent, {} wait and are sent later: {why}", outbox.len());
                    trouble = why;
                }
                pause = after.unwrap_or(wait);
            }
        }
        thread::sleep(pause);
    }
}

/// What somebody beside the line sees.
struct Shown {
    json: bool,
    bar: ProgressBar,
    counts: Mutex<BTreeMap<String, u64>>,
}

impl Shown {
    fn new(json: bool) -> Self {
        Self { json, bar: ProgressBar::new_spinner(), counts: Mutex::new(BTreeMap::new()) }
    }

    fn looked(&self, report: &Report, outbox: &Outbox) {
        if let Ok(mut counts) = self.counts.lock() {
            *counts.entry(report.judged.clone()).or_default() += 1;
            let counts: Vec<String> = counts.iter().map(|(what, n)| format!("{what} {n}")).collect();
            self.bar.set_message(format!("{}; {} wait", counts.join(", "), outbox.len()));
            self.bar.tick();
        }
    }

    fn stands(&self, one: &Waiting, stands: &Stands) {
        let Report { lot, serial, judged, score, .. } = &one.report;
        if self.json {
            say!(
                "{}",
                json!({ "lot": lot, "serial": serial, "judged": judged, "score": score, "case": stands.number, "decision": stands.decision })
            );
        } else {
            let line =
                format!("{lot} {serial}: {judged} {score:.3} -> {} {}", stands.decision, stands.number);
            self.bar.suspend(|| say!("{line}"));
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
