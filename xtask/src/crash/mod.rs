//! `cargo xtask crash`: the server, PostgreSQL or both are killed in the middle of submissions, again and again. What
//! was acknowledged must be there afterwards, once; what was not may be there or not, but never half, and sent again it
//! is one case. What was killed must be ready again soon; what was not killed must live through it.

use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::args::Args;
use crate::load::{Counted, Load};
use crate::postgres::Postgres;
use crate::{cargo, machine};
use ready::Ready;
use site::Site;
use victim::Victim;

mod ready;
mod site;
mod victim;

/// How much a profile of the build can take.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// `debug` or `release`.
    profile: &'static str,
    /// Applications made for each cycle: more than can be sent before the kill.
    drafts: u64,
    /// The kill comes this many milliseconds after the load generator's start at the soonest: the first answers are out.
    soonest_ms: u64,
    /// And within this many milliseconds more.
    within_ms: u64,
}

/// For the unoptimised build that the tests use.
pub(crate) const SLOW: Pace = Pace { profile: "debug", drafts: 800, soonest_ms: 250, within_ms: 300 };

/// For the optimised build.
const FAST: Pace = Pace { profile: "release", drafts: 6_000, soonest_ms: 30, within_ms: 1_000 };

/// Runs the chore by hand: `--cycles N [--seed S] [--postgres] [--debug]`. The answer is whether everything was ready
/// again in time; what is lost or doubled is an error.
pub(crate) fn run(words: &[String]) -> Result<bool, String> {
    let mut args = Args::new(words);
    let cycles = number(args.value("--cycles")?.as_deref().unwrap_or("10"))?;
    let seed = args.value("--seed")?.map(|text| number(&text)).transpose()?;
    let on_postgres = args.flag("--postgres");
    let pace = if args.flag("--debug") { SLOW } else { FAST };
    args.finish()?;
    let mut build = vec!["build", "--package", "shengshi", "--package", "load"];
    if pace.profile == "release" {
        build.push("--release");
    }
    cargo::run(&build, &[])?;
    println!("   {}; {} build", machine::Machine::look().line(), pace.profile);
    let mut postgres = on_postgres.then(Postgres::start).transpose()?;
    Ok(cycles_of(pace, cycles, seed, postgres.as_mut())?.in_time())
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is no whole number"))
}

/// Kills `cycles` times, on one data folder that grows, and checks everything after each. On PostgreSQL the victims
/// take turns: the server, the database, both.
pub(crate) fn cycles_of(
    pace: Pace,
    cycles: u64,
    seed: Option<u64>,
    postgres: Option<&mut Postgres>,
) -> Result<Ready, String> {
    let mut chance = Chance(seed.unwrap_or_else(|| u64::from(std::process::id()) << 20 | 1));
    println!("   seed {} (cargo xtask crash --seed {0} plays the same times again)", chance.0);
    let mut ready = Ready::on(postgres.is_some());
    let mut site = Site::open(pace.profile, postgres)?;
    let (mut acknowledged, mut good) = (String::new(), 0.0);
    for cycle in 0..cycles {
        let victim = Victim::of(cycle, site.on_postgres());
        let delay = Duration::from_millis(pace.soonest_ms + chance.below(pace.within_ms));
        println!("   cycle {}: {} after {} ms", cycle + 1, victim.name(), delay.as_millis());
        let load = Load(pace.profile);
        load.seed(site.address()?, cycle * pace.drafts, pace.drafts, &site.file("drafts"))?;
        // Beside what is handed in there are cases that the site opens itself, for what people qualify for.
        let before = cases(&site.verify()?)?;
        let (sent, took) = crash(&mut site, load, victim, delay)?;
        ready.add(victim, took);
        good += sent.get("good");
        clean(victim, &sent)?;
        let settled = settle(&site, load)?;
        let new = read(&site.file("done"))? + &read(&site.file("settled"))?;
        acknowledged.push_str(&new);
        println!(
            "      ready again in {} ms; {} acknowledged, {} of unknown outcome ({settled} of them were stored), {} told \
             503 within {} ms",
            took.as_millis(),
            sent.get("good"),
            sent.get("unknown"),
            sent.get("refused"),
            sent.get("slowest_refusal_ms"),
        );
        whole(&site, load, &acknowledged, before + new.lines().count())?;
    }
    if good == 0.0 {
        return Err("nothing was acknowledged before any kill, so nothing was shown".to_owned());
    }
    println!("   {ready}");
    Ok(ready)
}

/// Sends, kills meanwhile, starts again what was killed; how the sending went and how long it took to be ready again.
fn crash(
    site: &mut Site,
    load: Load,
    victim: Victim,
    delay: Duration,
) -> Result<(Counted, Duration), String> {
    let address = site.address()?;
    let [drafts, done, unknown] = ["drafts", "done", "unknown"].map(|name| site.file(name));
    thread::scope(|scope| {
        let sending = scope.spawn(|| load.submit_through(address, &drafts, &done, &unknown));
        thread::sleep(delay);
        let ready = site.kill(victim).and_then(|()| {
            if victim == Victim::Postgres {
                site.outlive()?;
            }
            site.start_again(victim)
        });
        let sent = sending.join().unwrap_or_else(|_| Err("the load generator's thread died".to_owned()));
        Ok((sent?, ready?))
    })
}

/// Whether all answers were such as this crash may bring.
fn clean(victim: Victim, sent: &Counted) -> Result<(), String> {
    let (bad, refused) = (sent.get("bad"), sent.get("refused"));
    if bad > 0.0 {
        return Err(format!("{bad} submissions were answered wrongly"));
    }
    match victim {
        Victim::Server if refused > 0.0 => {
            Err(format!("{refused} submissions were refused, though the database was there"))
        }
        Victim::Postgres if refused == 0.0 => {
            let good = sent.get("good");
            Err(format!("nobody was told that the database is away ({good} acknowledged): nothing was shown"))
        }
        _ => Ok(()),
    }
}

/// Sends what is of unknown outcome again; how many of those were stored.
fn settle(site: &Site, load: Load) -> Result<f64, String> {
    let [unknown, settled] = ["unknown", "settled"].map(|name| site.file(name));
    if read(&unknown)?.is_empty() {
        return std::fs::write(settled, "").map(|()| 0.0).map_err(|e| e.to_string());
    }
    Ok(load.again(site.address()?, &unknown, &settled)?.get("stored"))
}

/// Every acknowledged submission is there, no two are one, and nothing else became a case, so that there are `expected`
/// now; every chain is whole.
fn whole(site: &Site, load: Load, acknowledged: &str, expected: usize) -> Result<(), String> {
    let total = acknowledged.lines().count();
    if total > 0 {
        let all = site.file("all");
        std::fs::write(&all, acknowledged).map_err(|e| e.to_string())?;
        let cases = load.check(site.address()?, &all)?.get("cases");
        if cases != total as f64 {
            return Err(format!("{total} acknowledged submissions became {cases} cases"));
        }
    }
    let verified = site.verify()?;
    println!("      {total} handed in since the first cycle, each there once; verify: {verified}");
    if cases(&verified)? == expected { Ok(()) } else { Err(format!("there should be {expected} cases")) }
}

/// The number of cases in the last line of `shengshi verify`.
fn cases(verified: &str) -> Result<usize, String> {
    let number = verified.split_once(" cases, ").and_then(|(number, _)| number.parse().ok());
    number.ok_or_else(|| format!("shengshi verify ended with: {verified}"))
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))
}

/// A small generator (xorshift) whose seed is printed, so that a run can be played again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance, cases};

    #[test]
    fn the_cases_are_counted_in_the_last_line_of_verify() {
        assert_eq!(cases("991 cases, 1240 events, 3 files, 0 faults"), Ok(991));
        assert!(cases("cases, none").is_err());
        assert!(cases("").is_err());
    }

    #[test]
    fn the_same_seed_gives_the_same_times() {
        let times = |seed| {
            let mut chance = Chance(seed);
            [(); 5].map(|()| chance.below(1_500))
        };
        assert_eq!(times(42), times(42));
        assert_ne!(times(42), times(43));
        assert!(times(7).iter().all(|time| *time < 1_500));
    }
}
