//! The programs that are killed and started again, and the folder they leave.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::victim::Victim;
use crate::clock::Stopwatch;
use crate::paths;
use crate::postgres::Postgres;
use crate::scratch::Scratch;
use crate::server::{Server, Setting, answers, status_within, unlimited};
use crate::service;

/// How long PostgreSQL stays away while the server lives: longer than the server waits for a connection, so that
/// people are told.
const AWAY: Duration = Duration::from_secs(7);

/// A server of ours and, if it is on PostgreSQL, its database's server.
pub(crate) struct Site<'a> {
    profile: &'static str,
    // Dropped in this order: nothing runs any more when the folder goes.
    server: Option<Server>,
    postgres: Option<&'a mut Postgres>,
    database: Option<String>,
    scratch: Scratch,
}

impl<'a> Site<'a> {
    /// Starts a server on an empty folder, and on an empty database where there is PostgreSQL.
    pub(crate) fn open(profile: &'static str, postgres: Option<&'a mut Postgres>) -> Result<Self, String> {
        let database = postgres.as_ref().map(|postgres| postgres.database("crash")).transpose()?;
        let mut site = Self { profile, server: None, postgres, database, scratch: Scratch::new("crash")? };
        site.server = Some(site.start_server()?);
        Ok(site)
    }

    pub(crate) fn on_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    /// Where the server answers now.
    pub(crate) fn address(&self) -> Result<SocketAddr, String> {
        self.server.as_ref().map(|server| server.address).ok_or_else(|| "the server does not run".to_owned())
    }

    /// A file of the test's own.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    fn start_server(&self) -> Result<Server, String> {
        Server::start(Setting {
            profile: self.profile,
            data: self.file("data"),
            database: self.database.clone(),
            more: unlimited(),
        })
    }

    /// Kills the victims with one signal to all their processes.
    pub(crate) fn kill(&mut self, victim: Victim) -> Result<(), String> {
        let mut processes = Vec::new();
        if victim.postgres() {
            processes.extend(self.postgres.as_ref().ok_or("there is no PostgreSQL to kill")?.family()?);
        }
        if victim.server() {
            processes.extend(self.server.as_ref().ok_or("there is no server to kill")?.family()?);
        }
        service::kill(&processes)?;
        if victim.server() {
            self.server = None;
        }
        if let Some(postgres) = self.postgres.as_mut().filter(|_| victim.postgres()) {
            postgres.was_killed();
        }
        Ok(())
    }

    /// The time without a database: the server stays, shows what needs no database, and says that it is not ready.
    pub(crate) fn outlive(&self) -> Result<(), String> {
        let watch = Stopwatch::start();
        let server = self.server.as_ref().ok_or("the server does not run")?;
        if !answers(server.address, "/") {
            return Err(server.trouble("showed no home page without its database"));
        }
        let ready = status_within(server.address, "/readyz", AWAY);
        if ready != Some(503) {
            return Err(
                server.trouble(&format!("was asked whether it is ready, without a database: {ready:?}"))
            );
        }
        thread::sleep(AWAY.saturating_sub(watch.elapsed()));
        Ok(())
    }

    /// Starts what was killed, both at once; the time from there until the site is ready.
    pub(crate) fn start_again(&mut self, victim: Victim) -> Result<Duration, String> {
        let watch = Stopwatch::start();
        if let Some(postgres) = self.postgres.as_mut().filter(|_| victim.postgres()) {
            postgres.launch()?;
        }
        match &mut self.server {
            Some(server) => server.wait_until_ready()?,
            None => self.server = Some(self.start_server()?),
        }
        Ok(watch.elapsed())
    }

    /// Replays every case beside the server; the last line, which counts. Any fault is an error.
    pub(crate) fn verify(&self) -> Result<String, String> {
        let mut command = Command::new(paths::built(self.profile, "shengshi")?);
        command.arg("verify").arg("--data").arg(self.file("data"));
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        let output =
            command.current_dir(paths::root()).output().map_err(|e| format!("shengshi verify: {e}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            Ok(text.lines().last().unwrap_or_default().to_owned())
        } else {
            Err(format!("shengshi verify: {text}{}", String::from_utf8_lossy(&output.stderr)))
        }
    }
}
