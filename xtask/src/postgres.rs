//! A throwaway PostgreSQL: its own folder, a free port of the loopback address, gone with its owner.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cargo::check;
use crate::paths;
use crate::scratch::Scratch;
use crate::service::{Plan, Service, free_port};
use crate::tools;

/// Enough for every test binary to keep a pool of its own.
const CONNECTIONS: &str = "max_connections=300";

/// A running throwaway server.
pub(crate) struct Postgres {
    port: u16,
    bin: PathBuf,
    // Dropped in this order: the server stops before its folder goes.
    _server: Service,
    _folder: Scratch,
}

impl Postgres {
    pub(crate) fn start() -> Result<Self, String> {
        let bin = binaries().ok_or("PostgreSQL's server programs (initdb, postgres) were not found")?;
        let scratch = Scratch::new("postgres")?;
        let as_user = unprivileged(scratch.path())?;
        let data = scratch.path().join("data").display().to_string();
        let initdb = bin.join("initdb").display().to_string();
        let init = [&initdb, "-D", &data, "-U", "shengshi", "--auth=trust", "--encoding=UTF8", "--locale=C"];
        quietly(&as_user, &init, scratch.path())?;
        let port = free_port()?;
        let mut command = vec![bin.join("postgres").display().to_string(), "-D".to_owned(), data];
        command.extend(["-p".to_owned(), port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", CONNECTIONS] {
            command.extend(["-c".to_owned(), setting.to_owned()]);
        }
        let mut server = Service::start(Plan {
            name: "PostgreSQL",
            wrapped_in: as_user,
            command,
            signal: "INT",
            folder: None,
            log: scratch.path().join("log"),
            within: scratch.path().to_path_buf(),
        })?;
        let isready = bin.join("pg_isready");
        server.wait_until(Duration::from_secs(60), || {
            let mut ask = Command::new(&isready);
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
            ask.status().is_ok_and(|status| status.success())
        })?;
        println!("   PostgreSQL is ready on port {port}");
        Ok(Self { port, bin, _server: server, _folder: scratch })
    }

    /// Makes an empty database of that name; answers its address.
    pub(crate) fn database(&self, name: &str) -> Result<String, String> {
        let port = self.port.to_string();
        let mut create = Command::new(self.bin.join("createdb"));
        create.args(["-h", "127.0.0.1", "-p", &port, "-U", "shengshi", name]);
        check(&mut create, &format!("createdb {name}"))?;
        Ok(format!("postgres://shengshi@127.0.0.1:{port}/{name}"))
    }
}

/// The programs of PostgreSQL that are called here.
const PROGRAMS: [&str; 4] = ["initdb", "postgres", "pg_isready", "createdb"];

/// The folder with PostgreSQL's programs: where `PATH` leads, or where Debian keeps them (the newest version).
pub(crate) fn binaries() -> Option<PathBuf> {
    // A link in PATH leads to the folder where the other programs are too.
    let linked = paths::in_path("initdb").and_then(|file| file.canonicalize().ok());
    let first = linked.and_then(|file| file.parent().map(Path::to_path_buf));
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let newest_first = versions.into_iter().rev().map(|version| version.join("bin"));
    let complete = |folder: &PathBuf| PROGRAMS.iter().all(|name| folder.join(name).is_file());
    first.into_iter().chain(newest_first).find(complete)
}

/// PostgreSQL refuses to run as root: then it is run as another user, who is given the folder.
fn unprivileged(folder: &Path) -> Result<Vec<String>, String> {
    if !tools::is_root() {
        return Ok(Vec::new());
    }
    let known = |user: &&str| {
        let id = Command::new("id").args(["-u", user]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        id.is_ok_and(|status| status.success())
    };
    let user =
        ["postgres", "nobody"].into_iter().find(known).ok_or("no unprivileged user to run PostgreSQL as")?;
    let mut chown = Command::new("chown");
    chown.arg(user).arg(folder);
    check(&mut chown, &format!("chown {user} {}", folder.display()))?;
    Ok(["runuser", "-u", user, "--"].map(str::to_owned).to_vec())
}

/// Runs a command without its chatter, which is shown only when it fails.
fn quietly(as_user: &[String], words: &[&str], within: &Path) -> Result<(), String> {
    let all: Vec<&str> = as_user.iter().map(String::as_str).chain(words.iter().copied()).collect();
    let (program, arguments) = all.split_first().ok_or("nothing to run")?;
    let mut command = Command::new(program);
    let output =
        command.args(arguments).current_dir(within).output().map_err(|e| format!("{program}: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
}
