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

/// A throwaway server, running but between [`Postgres::family`] and [`Postgres::launch`].
pub(crate) struct Postgres {
    port: u16,
    bin: PathBuf,
    /// Words put before its command, to run it as another user.
    as_user: Vec<String>,
    // Dropped in this order: the server stops before its folder goes.
    server: Option<Service>,
    folder: Scratch,
}

impl Postgres {
    pub(crate) fn start() -> Result<Self, String> {
        let bin = binaries().ok_or("PostgreSQL's server programs (initdb, postgres) were not found")?;
        let folder = Scratch::new("postgres")?;
        let as_user = unprivileged(folder.path())?;
        let data = folder.path().join("data").display().to_string();
        let initdb = bin.join("initdb").display().to_string();
        let init = [&initdb, "-D", &data, "-U", "shengshi", "--auth=trust", "--encoding=UTF8", "--locale=C"];
        quietly(&as_user, &init, folder.path())?;
        let mut postgres = Self { port: free_port()?, bin, as_user, server: None, folder };
        postgres.launch()?;
        let (isready, port) = (postgres.bin.join("pg_isready"), postgres.port);
        if let Some(server) = &mut postgres.server {
            server.wait_until(Duration::from_secs(60), || {
                let mut ask = Command::new(&isready);
                ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
                ask.status().is_ok_and(|status| status.success())
            })?;
        }
        println!("   PostgreSQL is ready on port {port}");
        Ok(postgres)
    }

    /// Starts the server on its folder and port, again if it was killed, and does not wait until it takes connections.
    pub(crate) fn launch(&mut self) -> Result<(), String> {
        let within = self.folder.path();
        let data = within.join("data").display().to_string();
        let mut command = vec![self.bin.join("postgres").display().to_string(), "-D".to_owned(), data];
        command.extend(["-p".to_owned(), self.port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", CONNECTIONS] {
            command.extend(["-c".to_owned(), setting.to_owned()]);
        }
        self.server = Some(Service::start(Plan {
            name: "PostgreSQL",
            wrapped_in: self.as_user.clone(),
            command,
            signal: "INT",
            folder: None,
            log: within.join("log"),
            within: within.to_path_buf(),
        })?);
        Ok(())
    }

    /// All its processes, held still until they are killed.
    pub(crate) fn family(&self) -> Result<Vec<u32>, String> {
        self.server.as_ref().ok_or("PostgreSQL does not run")?.family()
    }

    /// To be told after a kill: there is nothing left to stop.
    pub(crate) fn was_killed(&mut self) {
        self.server = None;
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
