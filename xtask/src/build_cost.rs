//! What a release build from nothing costs, and which crates cost most.
//!
//! Cargo calls this program in the compiler's place (`RUSTC_WRAPPER`); it passes the call on and notes how much
//! processor time it took. What remains of the total went to build scripts, which compile SQLite's and ring's C code.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::cargo;
use crate::clock::Stopwatch;
use crate::scratch::Scratch;

/// Names the file to note costs in; set only while a build is measured.
const LOG: &str = "SHENGSHI_BUILD_COST_LOG";

/// How many of the dearest crates are told.
const DEAREST: usize = 10;

/// The kernel tells processor time in ticks of 10 ms (`USER_HZ` is 100 on every Linux).
const TICKS_PER_SECOND: f64 = 100.0;

/// The cost of one build, in seconds.
pub(crate) struct BuildCost {
    /// On the clock.
    pub(crate) wall: f64,
    /// Of all cores together.
    pub(crate) processor: f64,
    /// Packages and the processor seconds that compiling them took, dearest first.
    pub(crate) dearest: Vec<(String, f64)>,
    /// How many packages were compiled.
    pub(crate) packages: usize,
    /// Processor seconds of everything but the compiler: build scripts, linking by Cargo, Cargo itself.
    pub(crate) rest: f64,
}

/// Acts as the compiler if Cargo called us as one.
pub(crate) fn as_compiler(args: &[String]) -> Option<ExitCode> {
    let log = std::env::var_os(LOG)?;
    let (compiler, rest) = args.split_first()?;
    if !Path::new(compiler).file_name().is_some_and(|name| name.to_string_lossy().contains("rustc")) {
        return None;
    }
    let status = Command::new(compiler).args(rest).status();
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    if let (false, Some(ticks)) = (package.is_empty(), ticks_of_children()) {
        let file = OpenOptions::new().append(true).create(true).open(log);
        // One short line each: appended whole, even by two compilers at once.
        if file.and_then(|mut file| file.write_all(format!("{package}\t{ticks}\n").as_bytes())).is_err() {
            eprintln!("xtask: the cost of {package} could not be noted");
        }
    }
    Some(match status.map(|status| status.code()) {
        Ok(Some(0)) => ExitCode::SUCCESS,
        Ok(Some(code)) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Ok(None) | Err(_) => ExitCode::FAILURE,
    })
}

/// Processor time of the children waited for so far, in ticks (`man 5 proc`, `cutime` and `cstime`).
fn ticks_of_children() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(13);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// Builds the release binary into an empty folder and counts.
pub(crate) fn measure() -> Result<BuildCost, String> {
    let scratch = Scratch::new("build")?;
    let log = scratch.path().join("costs");
    let wrapper = std::env::current_exe().map_err(|e| e.to_string())?;
    // What must come from the network is fetched before the clock starts.
    cargo::run(&["fetch", "--locked"], &[])?;
    let mut build = cargo::cargo();
    build.args(["build", "--release", "--locked", "--package", "shengshi"]);
    build.env("CARGO_TARGET_DIR", scratch.path().join("target"));
    build.env("RUSTC_WRAPPER", wrapper).env(LOG, &log);
    let before = ticks_of_children().unwrap_or_default();
    let watch = Stopwatch::start();
    cargo::check(&mut build, "cargo build --release --locked --package shengshi, from nothing")?;
    let wall: Duration = watch.elapsed();
    let ticks = ticks_of_children().unwrap_or_default().saturating_sub(before);
    let text = std::fs::read_to_string(&log).map_err(|e| format!("{}: {e}", log.display()))?;
    let costs = add_up(&text);
    let compiled: f64 = costs.iter().map(|(_, seconds)| seconds).sum();
    let processor = ticks as f64 / TICKS_PER_SECOND;
    Ok(BuildCost {
        wall: wall.as_secs_f64(),
        processor,
        packages: costs.len(),
        rest: (processor - compiled).max(0.0),
        dearest: costs.into_iter().take(DEAREST).collect(),
    })
}

/// Lines of `package<TAB>ticks` as packages with their seconds, dearest first.
fn add_up(log: &str) -> Vec<(String, f64)> {
    let mut costs: BTreeMap<&str, u64> = BTreeMap::new();
    for (package, ticks) in log.lines().filter_map(|line| line.split_once('\t')) {
        *costs.entry(package).or_default() += ticks.parse::<u64>().unwrap_or_default();
    }
    let mut costs: Vec<(&str, u64)> = costs.into_iter().collect();
    costs.sort_by_key(|(package, ticks)| (std::cmp::Reverse(*ticks), *package));
    costs.into_iter().map(|(package, ticks)| (package.to_owned(), ticks as f64 / TICKS_PER_SECOND)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packages_parts_are_added_and_the_dearest_comes_first() {
        let costs = add_up("ring\t50\nstore\t300\nring\t400\n");
        assert_eq!(costs, [("ring".to_owned(), 4.5), ("store".to_owned(), 3.0)]);
    }

    #[test]
    fn the_time_of_a_finished_child_is_counted() {
        let before = ticks_of_children().unwrap();
        let busy = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
        assert!(Command::new("sh").args(["-c", busy]).status().unwrap().success());
        assert!(ticks_of_children().unwrap() > before);
    }
}
