//! The load generator, run as a program: it prints `name=value` lines.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::paths;

/// Connections of every run.
pub(crate) const CONNECTIONS: u32 = 64;

/// An item of the catalogue that asks for one material: the application that is sent in measurements.
pub(crate) const ITEM: &str = "11440000006939756B2440101007000";

/// What a run counted.
#[derive(Debug, Clone)]
pub(crate) struct Counted(BTreeMap<String, f64>);

impl Counted {
    /// A figure by its name; zero when the run printed none.
    pub(crate) fn get(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or_default()
    }
}

/// The load generator in a profile's folder.
#[derive(Clone, Copy)]
pub(crate) struct Load(pub(crate) &'static str);

impl Load {
    pub(crate) fn program(self) -> Result<PathBuf, String> {
        paths::built(self.0, "load")
    }

    /// Asks for the pages of `asks` for some seconds. Any wrong answer is an error.
    pub(crate) fn get(self, address: SocketAddr, asks: &Path, seconds: u32) -> Result<Counted, String> {
        let seconds = seconds.to_string();
        let asks = asks.display().to_string();
        let words = ["get", "--asks", &asks, "--seconds", &seconds];
        self.counted(address, &words).and_then(all_good)
    }

    /// Makes `drafts` applications ready to send. Any that could not be made is an error.
    pub(crate) fn seed(
        self,
        address: SocketAddr,
        first: u64,
        drafts: u64,
        out: &Path,
    ) -> Result<Counted, String> {
        let [first, drafts, out] = [first.to_string(), drafts.to_string(), out.display().to_string()];
        let words = ["seed", "--item", ITEM, "--first", &first, "--drafts", &drafts, "--out", &out];
        self.counted(address, &words).and_then(all_good)
    }

    /// Starts sending the applications of `drafts`; what was acknowledged goes to `acknowledged`.
    pub(crate) fn submit(
        self,
        address: SocketAddr,
        drafts: &Path,
        acknowledged: &Path,
    ) -> Result<Counted, String> {
        let [drafts, acknowledged] = [drafts, acknowledged].map(|path| path.display().to_string());
        self.counted(address, &["submit", "--drafts", &drafts, "--acknowledged", &acknowledged])
    }

    /// [`Load::submit`] through a crash: answers of 503 are counted (`refused`), and what was sent without a clear
    /// answer goes to `unknown`.
    pub(crate) fn submit_through(
        self,
        address: SocketAddr,
        drafts: &Path,
        acknowledged: &Path,
        unknown: &Path,
    ) -> Result<Counted, String> {
        let [drafts, acknowledged, unknown] =
            [drafts, acknowledged, unknown].map(|path| path.display().to_string());
        let words = ["submit", "--drafts", &drafts, "--acknowledged", &acknowledged, "--unknown", &unknown];
        self.counted(address, &words)
    }

    /// Sends applications of unknown outcome again, twice each; `stored` counts those that were there already. Any that
    /// did not become its one case is an error.
    pub(crate) fn again(
        self,
        address: SocketAddr,
        unknown: &Path,
        acknowledged: &Path,
    ) -> Result<Counted, String> {
        let [unknown, acknowledged] = [unknown, acknowledged].map(|path| path.display().to_string());
        self.counted(address, &["again", "--drafts", &unknown, "--acknowledged", &acknowledged])
            .and_then(all_good)
    }

    /// Looks for every acknowledged application. Any lost or doubled is an error.
    pub(crate) fn check(self, address: SocketAddr, acknowledged: &Path) -> Result<Counted, String> {
        let acknowledged = acknowledged.display().to_string();
        self.counted(address, &["check", "--acknowledged", &acknowledged]).and_then(all_good)
    }

    fn counted(self, address: SocketAddr, words: &[&str]) -> Result<Counted, String> {
        let mut command = Command::new(self.program()?);
        command.args(words).args(["--address", &address.to_string()]);
        command.args(["--connections", &CONNECTIONS.to_string()]);
        counted(&mut command)
    }
}

/// Runs a program that prints `name=value` lines.
pub(crate) fn counted(command: &mut Command) -> Result<Counted, String> {
    let what = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{what}: {e}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{what} ended with {}: {}", output.status, errors.trim()));
    }
    eprint!("{errors}");
    let text = String::from_utf8_lossy(&output.stdout);
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    Ok(Counted(pairs.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect()))
}

fn all_good(counted: Counted) -> Result<Counted, String> {
    let (good, bad) = (counted.get("good"), counted.get("bad"));
    if bad > 0.0 || good == 0.0 {
        Err(format!("{bad} wrong answers beside {good} right ones"))
    } else {
        Ok(counted)
    }
}
