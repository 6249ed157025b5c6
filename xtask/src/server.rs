//! The product's own server, started for a chore on a free port.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::paths;
use crate::service::{Plan, Service, free_port};

/// How long a server may take from start to its first answer.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// A running server in demonstration mode.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// From start to the first 200 of `/readyz`.
    pub(crate) started_in: Duration,
    service: Service,
}

/// Where a server keeps its things.
pub(crate) struct Setting {
    /// `debug` or `release`.
    pub(crate) profile: &'static str,
    /// Its data folder.
    pub(crate) data: PathBuf,
    /// The PostgreSQL address; its own SQLite file when absent.
    pub(crate) database: Option<String>,
    /// More arguments of `shengshi serve`.
    pub(crate) more: Vec<String>,
}

impl Server {
    pub(crate) fn start(setting: Setting) -> Result<Self, String> {
        let port = free_port()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let program = paths::built(setting.profile, "shengshi")?;
        let mut command = vec![program.display().to_string(), "serve".to_owned(), "--demo".to_owned()];
        command.extend(["--listen".to_owned(), address.to_string()]);
        command.extend(["--data".to_owned(), setting.data.display().to_string()]);
        if let Some(database) = setting.database {
            command.extend(["--database".to_owned(), database]);
        }
        command.extend(setting.more);
        let watch = Stopwatch::start();
        let service = Service::start(Plan {
            name: "the server",
            wrapped_in: Vec::new(),
            command,
            signal: "TERM",
            folder: None,
            log: log_beside(&setting.data),
            within: paths::root(),
        })?;
        let mut server = Self { address, started_in: Duration::ZERO, service };
        server.wait_until_ready()?;
        server.started_in = watch.elapsed();
        Ok(server)
    }

    /// The most memory the server has held at once, in KiB.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.service.program()?)).ok()?;
        let peak = crate::machine::value_of(&text, "VmHWM")?;
        peak.split(' ').next()?.parse().ok()
    }

    /// A message with the last lines the server wrote.
    pub(crate) fn trouble(&self, what: &str) -> String {
        self.service.trouble(what)
    }

    /// Its processes, held still until they are killed.
    pub(crate) fn family(&self) -> Result<Vec<u32>, String> {
        self.service.family()
    }

    /// Waits until it says that it is ready (again).
    pub(crate) fn wait_until_ready(&mut self) -> Result<(), String> {
        let address = self.address;
        self.service.wait_until(READY_WITHIN, || answers(address, "/readyz"))
    }
}

fn log_beside(data: &Path) -> PathBuf {
    data.with_extension("log")
}

/// Arguments of `serve` that let one client write without a limit, for measurements.
pub(crate) fn unlimited() -> Vec<String> {
    ["--writes-per-minute", "0"].map(str::to_owned).to_vec()
}

/// Whether a page answers with 200.
pub(crate) fn answers(address: SocketAddr, path: &str) -> bool {
    status_of(address, path) == Some(200)
}

/// The status that a page answers with, if it answers at all within two seconds.
fn status_of(address: SocketAddr, path: &str) -> Option<u16> {
    status_within(address, path, Duration::from_secs(2))
}

/// The status that a page answers with, if it answers in time.
pub(crate) fn status_within(address: SocketAddr, path: &str, patience: Duration) -> Option<u16> {
    let mut stream = TcpStream::connect_timeout(&address, patience).ok()?;
    stream.set_read_timeout(Some(patience)).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    str::from_utf8(&head).ok()?.strip_prefix("HTTP/1.1 ")?.parse().ok()
}
