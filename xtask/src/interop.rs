//! `cargo xtask interop`: others' libraries read what we sign, and we read what they sign. Each check is left out
//! aloud where its tools are missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::args::Args;
use crate::cargo::check;
use crate::report::Report;
use crate::scratch::Scratch;
use crate::{cargo, clock, interop_oidc, interop_pdf, interop_relying, interop_wallet, paths, tools};

/// The oldest Node.js that the packages from npm run on.
const OLDEST_NODE: u32 = 20;

/// Runs all checks; the answer is whether everything passed.
pub(crate) fn run(words: &[String]) -> Result<bool, String> {
    Args::new(words).finish()?;
    let mut report = Report::new();
    steps(&mut report);
    Ok(report.finish())
}

/// All checks, as steps of a longer run.
pub(crate) fn steps(report: &mut Report) {
    interop_pdf::step(report);
    const NPM: &str = "SD-JWT VC and status lists with @sd-jwt";
    const OIDC: &str = "sign-in at a partner's application with openid-client";
    const PYPI: &str = "SD-JWT with sd-jwt, the reference implementation";
    let example = ["build", "-p", "certificates", "--example", "interop"];
    if !report.step("our side of the talk with others", || cargo::run(&example, &[])) {
        report.skip(NPM, "our side was not built");
        report.skip(OIDC, "our side was not built");
        interop_wallet::skip(report, "our side was not built");
        report.skip(PYPI, "our side was not built");
        return;
    }
    if tools::node_version() < Some(OLDEST_NODE) || paths::in_path("npm").is_none() {
        report.skip(NPM, "Node.js 20 or newer with npm is not installed");
        report.skip(OIDC, "Node.js 20 or newer with npm is not installed");
        interop_wallet::skip(report, "Node.js 20 or newer with npm is not installed");
    } else if report.step("others' packages from npm", provide_npm) {
        report.step(NPM, || talk("node", Path::new("node"), "sd-jwt.mjs"));
        report.step(OIDC, interop_oidc::talk);
        interop_relying::step(report);
        interop_wallet::step(report);
    } else {
        report.skip(NPM, "its packages could not be installed");
        report.skip(OIDC, "its packages could not be installed");
        interop_wallet::skip(report, "its packages could not be installed");
    }
    let Some(python) = paths::in_path("python3") else {
        report.skip(PYPI, "Python 3 with pip is not installed");
        return;
    };
    let mut own = None;
    if report.step("others' packages from PyPI", || {
        own = Some(provide_pypi(&python)?);
        Ok(())
    }) && let Some(own) = own
    {
        report.step(PYPI, || talk("python", &own, "sd_jwt_check.py"));
    } else {
        report.skip(PYPI, "its packages could not be installed");
    }
}

/// The folder with the others' side.
fn folder() -> PathBuf {
    paths::root().join("interop")
}

/// Both ways: they read what we signed, we read what they signed.
fn talk(name: &str, program: &Path, script: &str) -> Result<(), String> {
    let scratch = Scratch::new("interop")?;
    let (ours, theirs) = (scratch.path().join("ours.json"), scratch.path().join("theirs.json"));
    let example = paths::built("debug", "examples/interop")?;
    let now = clock::unix_seconds().to_string();
    written(Command::new(&example).args(["sign", &now]), &ours)?;
    let mut reads = Command::new(program);
    reads.current_dir(folder()).arg(script).arg("read").arg(&ours).stdin(Stdio::null());
    check(&mut reads, &format!("{name} {script} read (in interop)"))?;
    written(Command::new(program).current_dir(folder()).args([script, "sign", &now]), &theirs)?;
    check(Command::new(&example).arg("read").arg(&theirs), "examples/interop read")
}

/// Runs a command and keeps what it prints.
fn written(command: &mut Command, file: &Path) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|e| format!("{command:?}: {e}"))?;
    if !output.status.success() {
        return Err(format!("{command:?} ended with {}", output.status));
    }
    std::fs::write(file, output.stdout).map_err(|e| format!("{}: {e}", file.display()))
}

/// Installs what the lock file names, unless it is there already.
fn provide_npm() -> Result<(), String> {
    let lock = read(&folder().join("package-lock.json"))?;
    let stamp = folder().join("node_modules/.installed-for");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        println!("   the packages are there");
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder()).stdin(Stdio::null());
    check(&mut npm, "npm ci (in interop)")?;
    std::fs::write(&stamp, lock).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Installs the requirements into an environment of their own in the build folder; answers its Python.
fn provide_pypi(python: &Path) -> Result<PathBuf, String> {
    let wanted = read(&folder().join("requirements.txt"))?;
    let home = paths::target()?.join("interop-python");
    let (own, stamp) = (home.join("bin/python"), home.join("installed-for"));
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("   the packages are there");
        return Ok(own);
    }
    let mut venv = Command::new(python);
    venv.args(["-m", "venv", "--clear"]).arg(&home).stdin(Stdio::null());
    check(&mut venv, "python3 -m venv interop-python")?;
    let mut pip = Command::new(&own);
    pip.args(["-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", "requirements.txt"]);
    check(pip.current_dir(folder()).stdin(Stdio::null()), "pip install -r requirements.txt (in interop)")?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok(own)
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))
}
