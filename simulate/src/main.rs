//! `simulate [--seeds N] [--from S] [--seed S [--trace]]`: runs seeds and says which one fails first.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use simulate::{Told, simulate};

const SEEDS: u64 = 100;

struct Sums {
    seeds: u64,
    crashes: usize,
    faults: usize,
    commits: usize,
    acknowledged: usize,
    days: i64,
    failed: Option<u64>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match go(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("simulate: {message}");
            ExitCode::FAILURE
        }
    }
}

fn number(words: &[String], name: &str) -> Result<Option<u64>, String> {
    let Some(at) = words.iter().position(|word| word == name) else { return Ok(None) };
    let word = words.get(at + 1).ok_or_else(|| format!("{name} needs a number"))?;
    word.parse().map(Some).map_err(|error| format!("{name} {word}: {error}"))
}

#[expect(clippy::disallowed_methods, reason = "the speed of the simulation is measured in real time")]
fn go(words: &[String]) -> Result<bool, String> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs");
    let trace = words.iter().any(|word| word == "--trace");
    let (from, seeds) = match number(words, "--seed")? {
        Some(seed) => (seed, 1),
        None => (number(words, "--from")?.unwrap_or(1), number(words, "--seeds")?.unwrap_or(SEEDS)),
    };
    let began = Instant::now();
    let mut sums =
        Sums { seeds: 0, crashes: 0, faults: 0, commits: 0, acknowledged: 0, days: 0, failed: None };
    let all: Vec<u64> = (from..from + seeds).collect();
    simulate(&packs, &all, &mut |seed, told| {
        sums.add(seed, told, trace);
        told.fault.is_none()
    })?;
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{} seeds in {seconds:.1} s ({:.1}/s): {} simulated days, {} crashes, {} other faults, {} commits, {} acknowledged",
        sums.seeds,
        sums.seeds as f64 / seconds,
        sums.days,
        sums.crashes,
        sums.faults,
        sums.commits,
        sums.acknowledged
    );
    Ok(sums.failed.is_none())
}

impl Sums {
    fn add(&mut self, seed: u64, told: &Told, trace: bool) {
        if trace {
            told.trace.iter().for_each(|line| println!("{line}"));
            println!("trace {}", told.digest());
        }
        self.seeds += 1;
        self.crashes += told.crashes;
        self.faults += told.faults;
        self.commits += told.commits;
        self.acknowledged += told.acknowledged;
        self.days += told.days;
        if let Some(fault) = &told.fault {
            self.failed = Some(seed);
            println!("FAILED: seed {seed}: {fault}");
            println!("again: cargo xtask simulate --seed {seed} --trace");
        }
    }
}
