//! `cargo xtask crash`: the server is killed in the middle of submissions, again and again. What it acknowledged
//! must be there afterwards, once; what it did not acknowledge may be there or not, but never half.

use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::args::Args;
use crate::load::Load;
use crate::postgres::Postgres;
use crate::scratch::Scratch;
use crate::server::{Server, Setting};
use crate::{cargo, paths};

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
pub(crate) const SLOW: Pace = Pace { profile: "debug", drafts: 600, soonest_ms: 150, within_ms: 500 };

/// For the optimised build.
const FAST: Pace = Pace { profile: "release", drafts: 6_000, soonest_ms: 30, within_ms: 1_000 };

/// Runs the chore by hand: `--cycles N [--seed S] [--postgres]`.
pub(crate) fn run(words: &[String]) -> Result<bool, String> {
    let mut args = Args::new(words);
    let cycles = number(args.value("--cycles")?.as_deref().unwrap_or("10"))?;
    let seed = args.value("--seed")?.map(|text| number(&text)).transpose()?;
    let on_postgres = args.flag("--postgres");
    args.finish()?;
    cargo::run(&["build", "--release", "--package", "shengshi", "--package", "load"], &[])?;
    let postgres = on_postgres.then(Postgres::start).transpose()?;
    let database = postgres.as_ref().map(|postgres| postgres.database("crash")).transpose()?;
    cycles_of(FAST, cycles, seed, database)?;
    Ok(true)
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is no whole number"))
}

/// Kills a server `cycles` times, on one data folder that grows, and checks everything after each.
pub(crate) fn cycles_of(
    pace: Pace,
    cycles: u64,
    seed: Option<u64>,
    database: Option<String>,
) -> Result<(), String> {
    let Pace { profile, drafts: count, soonest_ms, within_ms } = pace;
    let mut chance = Chance(seed.unwrap_or_else(|| u64::from(std::process::id()) << 20 | 1));
    println!("   seed {} (cargo xtask crash --seed {0} plays the same times again)", chance.0);
    let scratch = Scratch::new("crash")?;
    let load = Load(profile);
    let setting = || Setting {
        profile,
        data: scratch.path().join("data"),
        database: database.clone(),
        more: crate::server::unlimited(),
    };
    let all = scratch.path().join("all");
    let mut acknowledged = String::new();
    for cycle in 0..cycles {
        let server = Server::start(setting())?;
        let address = server.address;
        let [drafts, done] = ["drafts", "done"].map(|name| scratch.path().join(name));
        load.seed(address, cycle * count, count, &drafts)?;
        let delay = Duration::from_millis(soonest_ms + chance.below(within_ms));
        let (sent, killed) = thread::scope(|scope| {
            let sending = scope.spawn(|| load.submit(address, &drafts, &done));
            thread::sleep(delay);
            let killed = server.kill();
            (sending.join().unwrap_or_else(|_| Err("the load generator's thread died".to_owned())), killed)
        });
        killed?;
        let sent = sent?;
        if sent.get("bad") > 0.0 {
            return Err(format!("{} submissions were answered wrongly", sent.get("bad")));
        }
        acknowledged.push_str(&std::fs::read_to_string(&done).map_err(|e| e.to_string())?);
        std::fs::write(&all, &acknowledged).map_err(|e| e.to_string())?;
        let after = Server::start(setting())?;
        let total = acknowledged.lines().count();
        if total > 0 {
            let seen = load.check(after.address, &all)?;
            if seen.get("cases") != total as f64 {
                return Err(format!("{total} acknowledged submissions became {} cases", seen.get("cases")));
            }
        }
        println!(
            "   cycle {}: killed after {} ms, {} acknowledged, {total} in all and all there",
            cycle + 1,
            delay.as_millis(),
            sent.get("good")
        );
    }
    if acknowledged.is_empty() {
        return Err("nothing was acknowledged before any kill, so nothing was shown".to_owned());
    }
    verify(profile, &scratch, database.as_deref())
}

/// Replays every case and compares it with its view.
fn verify(profile: &str, scratch: &Scratch, database: Option<&str>) -> Result<(), String> {
    let mut command = Command::new(paths::built(profile, "shengshi")?);
    command.arg("verify").arg("--data").arg(scratch.path().join("data"));
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    cargo::check(command.current_dir(paths::root()), "shengshi verify")
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
    use super::Chance;

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
