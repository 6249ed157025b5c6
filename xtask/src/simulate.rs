//! `cargo xtask simulate`: the deterministic simulation of `simulate/`, as a program.

use crate::args::Args;
use crate::{cargo, mutants};

/// Runs seeds; the answer is whether all invariants held.
pub(crate) fn run(words: &[String]) -> Result<bool, String> {
    let mut args = Args::new(words);
    if args.flag("--mutants") {
        let only = args.value("--only")?;
        let seeds = args.value("--seeds")?.map_or(Ok(mutants::SEEDS), |seeds| {
            seeds.parse().map_err(|_| format!("{seeds} is no number of seeds"))
        })?;
        args.finish()?;
        return mutants::run(only.as_deref(), seeds).map(|()| true);
    }
    let mut given = Vec::new();
    for name in ["--seeds", "--from", "--seed"] {
        if let Some(value) = args.value(name)? {
            given.extend([name.to_owned(), value]);
        }
    }
    if args.flag("--trace") {
        given.push("--trace".to_owned());
    }
    args.finish()?;
    seeds(&given).map(|()| true)
}

/// Runs the program with these words.
pub(crate) fn seeds(given: &[String]) -> Result<(), String> {
    let mut words = vec!["run", "--quiet", "-p", "simulate", "--"];
    words.extend(given.iter().map(String::as_str));
    cargo::run(&words, &[])
}
