//! Planted bugs: patches of `simulate/mutants` that the simulation must find. Each is applied to a copy of the
//! tree, built there and simulated until an invariant breaks; the first line of the patch says which ones may.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::clock::{Stopwatch, human};
use crate::{cargo, paths};

/// Seeds that each is given.
pub(crate) const SEEDS: u64 = 120;
/// A simulation of so many seeds that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(600);
const CAUGHT_BY: &str = " Caught by: ";

/// A planted bug.
struct Mutant {
    name: String,
    file: PathBuf,
    /// The invariants that may find it.
    by: Vec<String>,
}

/// How a simulation ended.
enum End {
    Passed,
    Failed { seed: u64, invariant: String, fault: String },
}

/// Whether every patch still applies to the tree as it stands.
pub(crate) fn apply_to_the_tree() -> Result<(), String> {
    let mutants = all()?;
    let stale: Vec<_> =
        mutants.iter().filter_map(|mutant| git(&paths::root(), &["--check"], mutant).err()).collect();
    println!("   {} patches, {} of them no longer apply", mutants.len(), stale.len());
    if stale.is_empty() { Ok(()) } else { Err(stale.join("\n")) }
}

/// The chore: plants all of them after the tree itself has passed the same seeds, or the one named.
pub(crate) fn run(only: Option<&str>, seeds: u64) -> Result<(), String> {
    if only.is_none() {
        let tree = Tree::copy()?;
        let watch = Stopwatch::start();
        tree.build("the tree itself")?;
        match tree.simulate(seeds)? {
            End::Passed => println!("   the tree itself passes {seeds} seeds in {}", human(watch.elapsed())),
            End::Failed { seed, fault, .. } => {
                return Err(format!("without any patch, seed {seed}: {fault}"));
            }
        }
    }
    plant(only, seeds)
}

/// Plants all of them, or the one named, each in its turn.
pub(crate) fn plant(only: Option<&str>, seeds: u64) -> Result<(), String> {
    let mut mutants = all()?;
    mutants.retain(|mutant| only.is_none_or(|name| name == mutant.name));
    if mutants.is_empty() {
        return Err(format!("no patch in simulate/mutants is called {}", only.unwrap_or_default()));
    }
    let tree = Tree::copy()?;
    let watch = Stopwatch::start();
    let mut wrong = Vec::new();
    println!("   {:<34} {:>5}  {:<16} {:>12}", "planted", "seed", "found by", "in all");
    for mutant in &mutants {
        let watch = Stopwatch::start();
        let end = tree.with(mutant, || tree.build(&mutant.name).and_then(|()| tree.simulate(seeds)))?;
        let time = human(watch.elapsed());
        match end {
            End::Failed { seed, invariant, .. } if mutant.by.contains(&invariant) => {
                println!("   {:<34} {seed:>5}  {invariant:<16} {time:>12}", mutant.name);
            }
            End::Failed { seed, fault, .. } => {
                println!("   {:<34} {seed:>5}  by another: {fault}", mutant.name);
                wrong.push(format!("{} was found, but not by {}", mutant.name, mutant.by.join(" or ")));
            }
            End::Passed => {
                println!("   {:<34} {:>5}  {:<16} {time:>12}", mutant.name, "none", "NOT FOUND");
                wrong.push(format!("{} was not found in {seeds} seeds", mutant.name));
            }
        }
    }
    println!(
        "   {} planted, {} found as told, {}",
        mutants.len(),
        mutants.len() - wrong.len(),
        human(watch.elapsed())
    );
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// The patches, ordered by the first file they touch, so that neighbours rebuild the same rooms.
fn all() -> Result<Vec<Mutant>, String> {
    let folder = paths::root().join("simulate/mutants");
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    let mut mutants = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let Some(name) = file.file_name().and_then(|name| name.to_str()?.strip_suffix(".patch")) else {
            continue;
        };
        let text = fs::read_to_string(&file).map_err(failed)?;
        let by = text.lines().next().and_then(|line| line.split_once(CAUGHT_BY)?.1.strip_suffix('.'));
        let by = by.ok_or_else(|| format!("{name}: the first line says not what it is caught by"))?;
        let by = by.split(", ").map(str::to_owned).collect();
        let touched = text.lines().find(|line| line.starts_with("--- ")).unwrap_or_default().to_owned();
        mutants.push((touched, Mutant { name: name.to_owned(), by, file }));
    }
    mutants.sort_by(|(one, a), (other, b)| (one, &a.name).cmp(&(other, &b.name)));
    Ok(mutants.into_iter().map(|(_, mutant)| mutant).collect())
}

/// `git apply` in a folder that belongs to no repository, or to one whose root it is.
fn git(folder: &Path, words: &[&str], mutant: &Mutant) -> Result<(), String> {
    let mut command = Command::new("git");
    command.args(["apply", "--whitespace=nowarn"]).args(words).arg(&mutant.file).current_dir(folder);
    if let Some(above) = folder.parent() {
        command.env("GIT_CEILING_DIRECTORIES", above);
    }
    let told = command.output().map_err(|error| format!("git: {error}"))?;
    if told.status.success() {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&told.stderr);
    Err(format!("simulate/mutants/{}.patch does not apply: {}", mutant.name, why.trim()))
}

/// A copy of the tracked files under the build folder, with a build folder of its own that stays.
struct Tree {
    folder: PathBuf,
    build: PathBuf,
}

impl Tree {
    /// Writes only what differs, so that what was built for the last run need not be built again.
    fn copy() -> Result<Self, String> {
        let mutants = paths::target()?.join("mutants");
        let tree = Self { folder: mutants.join("tree"), build: mutants.join("build") };
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached"])
            .current_dir(paths::root())
            .output()
            .map_err(|error| format!("git: {error}"))?;
        if !listed.status.success() {
            return Err("git ls-files failed: the planted bugs need a checkout".to_owned());
        }
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        for name in listed.split_terminator('\0') {
            let (from, to) = (paths::root().join(name), tree.folder.join(name));
            // Deleted in the working tree and not yet in a commit.
            let Ok(wanted) = fs::read(&from) else { continue };
            if fs::read(&to).is_ok_and(|there| there == wanted) {
                continue;
            }
            let made = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&to, wanted));
            made.map_err(|error| format!("{}: {error}", to.display()))?;
        }
        Ok(tree)
    }

    /// Does something while a bug is planted, and takes it out again.
    fn with<T>(&self, mutant: &Mutant, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        git(&self.folder, &[], mutant)?;
        let done = work();
        git(&self.folder, &["--reverse"], mutant)?;
        done
    }

    fn build(&self, what: &str) -> Result<(), String> {
        let mut command = cargo::cargo();
        command.args(["build", "--quiet", "--locked", "-p", "simulate"]).current_dir(&self.folder);
        command.env("CARGO_TARGET_DIR", &self.build).env("CARGO_PROFILE_DEV_DEBUG", "0");
        let told = command.output().map_err(|error| format!("cargo: {error}"))?;
        if told.status.success() {
            return Ok(());
        }
        Err(format!("{what} cannot be built:\n{}", String::from_utf8_lossy(&told.stderr)))
    }

    fn simulate(&self, seeds: u64) -> Result<End, String> {
        let told = self.build.join("told");
        let out = fs::File::create(&told).map_err(|error| format!("{}: {error}", told.display()))?;
        let mut child = Command::new(self.build.join("debug/simulate"))
            .args(["--seeds", &seeds.to_string()])
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("simulate: {error}"))?;
        let watch = Stopwatch::start();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                break status;
            }
            if watch.elapsed() > PATIENCE {
                child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
                return Err(format!("the simulation hangs for {}", human(PATIENCE)));
            }
            thread::sleep(Duration::from_millis(50));
        };
        let text = fs::read_to_string(&told).map_err(|error| error.to_string())?;
        match text.lines().find_map(failure) {
            Some(end) => Ok(end),
            None if status.success() => Ok(End::Passed),
            None => Err(format!("the simulation ended with {status} and told no fault")),
        }
    }
}

/// Reads `FAILED: seed 3: durability: request 7 …`.
fn failure(line: &str) -> Option<End> {
    let (seed, fault) = line.strip_prefix("FAILED: seed ")?.split_once(": ")?;
    let (invariant, _) = fault.split_once(": ")?;
    Some(End::Failed { seed: seed.parse().ok()?, invariant: invariant.to_owned(), fault: fault.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{End, all, failure};

    #[test]
    fn a_failure_names_its_seed_and_invariant() {
        let line = "FAILED: seed 12: one outcome: case x was closed: twice";
        let Some(End::Failed { seed, invariant, .. }) = failure(line) else { panic!("it is a failure") };
        assert_eq!((seed, invariant.as_str()), (12, "one outcome"));
        assert!(failure("40 seeds in 60.0 s").is_none());
    }

    #[test]
    fn every_patch_says_what_finds_it() {
        let mutants = all().unwrap();
        assert!(mutants.len() >= 12 && mutants.iter().all(|mutant| !mutant.by.is_empty()));
    }
}
