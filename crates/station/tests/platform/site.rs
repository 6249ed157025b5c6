//! A server of the platform on a free port, and a line beside it.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The example factory of packs/chip-inspection.
const ORGANISATION: &str = "91990000MADEMX02XW";
pub(crate) const ITEM: &str = "ex-incoming-board";

/// A child that does not outlive the test.
pub(crate) struct Running(Child);

impl Running {
    /// The power goes: nobody is asked.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// A server with its data, and a station that is registered there.
pub(crate) struct Site {
    // Dropped in this order: the server ends before its folder goes.
    server: Option<Running>,
    folder: TempDir,
    port: u16,
    pub(crate) station: String,
    credential: String,
}

impl Site {
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let none = String::new;
        let mut site = Self { server: None, folder, port, station: none(), credential: none() };
        site.start();
        let name =
            ["--organisation", ORGANISATION, "--organisation-name", "示例·远航电子", "--name", "一号工位"];
        let told = site.operator(&[&["stations", "register"], &name[..]].concat());
        site.station = told.split(' ').next().unwrap().to_owned();
        site.credential = credential(&told);
        site
    }

    fn data(&self) -> String {
        self.folder.path().join("data").to_str().unwrap().to_owned()
    }

    fn program() -> Command {
        let program = std::env::var_os("SHENGSHI_SERVER").unwrap_or_else(|| {
            panic!("SHENGSHI_SERVER names no program: run `cargo xtask test`, or name target/debug/shengshi there")
        });
        let mut command = Command::new(program);
        // The test's own folder is the crate's.
        command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).stdin(Stdio::null());
        command
    }

    /// Starts the server, again where it was killed.
    pub(crate) fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        let mut command = Self::program();
        command.args([
            "serve",
            "--demo",
            "--packs",
            "packs/cn,packs/chip-inspection",
            "--data",
            &self.data(),
        ]);
        command.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        command.stdout(log.try_clone().unwrap()).stderr(log);
        self.server = Some(Running(command.spawn().unwrap()));
        let ready = format!("{}/readyz", self.address());
        let told = until(|| ureq::get(&ready).call().is_ok());
        assert!(told, "the server was not ready: {}", fs::read_to_string(self.log()).unwrap());
    }

    pub(crate) fn kill(&mut self) {
        self.server.take().unwrap().kill();
    }

    fn log(&self) -> std::path::PathBuf {
        self.folder.path().join("log")
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A command of the operator's, which must succeed; what it printed.
    pub(crate) fn operator(&self, words: &[&str]) -> String {
        let output = Self::program().args(words).args(["--data", &self.data()]).output().unwrap();
        assert!(output.status.success(), "shengshi {words:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Another credential takes the place of the station's.
    pub(crate) fn replace(&mut self) {
        self.credential = credential(&self.operator(&["stations", "replace", &self.station]));
    }

    /// What the platform counts of a lot.
    pub(crate) fn lot(&self, lot: &str) -> Value {
        // More than there are, so that it counts and releases nothing.
        let wish = json!({ "item": ITEM, "lot": lot, "size": 1000 });
        let request = ureq::post(format!("{}/api/v1/stations/lots", self.address()))
            .header("Authorization", format!("Bearer {}", self.credential))
            .header("Content-Type", "application/json");
        let mut response = request.send(wish.to_string()).unwrap();
        serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap()
    }

    pub(crate) fn reported(&self, lot: &str) -> u64 {
        self.lot(lot)["reported"].as_u64().unwrap()
    }

    /// Ends the server and replays the record: how many cases it holds, in which nothing may be wrong.
    pub(crate) fn cases(&mut self) -> u64 {
        self.kill();
        let told: Value = serde_json::from_str(&self.operator(&["verify", "--json"])).unwrap();
        told["cases"].as_u64().unwrap()
    }
}

fn credential(told: &str) -> String {
    let line = told.lines().find_map(|line| line.strip_prefix("credential: "));
    line.unwrap_or_else(|| panic!("no credential is shown: {told}")).to_owned()
}

/// A line with templates of drawn boards, each its own recipe.
pub(crate) struct Line {
    folder: TempDir,
}

impl Line {
    pub(crate) fn beside(site: &Site) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let line = Self { folder };
        for name in ["watch", "recipes", "state"] {
            fs::create_dir(line.at(name)).unwrap();
        }
        let drawn = line.at("drawn");
        let done = Command::new(env!("CARGO_BIN_EXE_shengshi-station"))
            .args(["synth", "--out", &drawn, "--count", "4", "--seed", "21"])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", said(&done));
        for n in 0..4 {
            fs::copy(line.drawn(n, "temp"), line.at(&format!("recipes/board-{n}.png"))).unwrap();
        }
        line.show(site);
        line
    }

    /// Writes the site's credential where the station reads it.
    pub(crate) fn show(&self, site: &Site) {
        fs::write(self.at("credential"), &site.credential).unwrap();
    }

    pub(crate) fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// The picture of a drawn board, or its template.
    pub(crate) fn drawn(&self, n: usize, what: &str) -> String {
        self.at(&format!("drawn/group00000/{n:05}_{what}.png"))
    }

    /// A unit arrives, as a camera should bring it: written elsewhere, then moved in.
    pub(crate) fn arrives(&self, lot: &str, recipe: usize, serial: &str, picture: &[u8]) {
        let there = self.at(&format!("watch/{lot}/board-{recipe}/{serial}.png"));
        fs::create_dir_all(Path::new(&there).parent().unwrap()).unwrap();
        fs::write(self.at("copy"), picture).unwrap();
        fs::rename(self.at("copy"), there).unwrap();
    }

    /// Units of drawn boards.
    pub(crate) fn boards(&self, lot: &str, serials: std::ops::Range<usize>) {
        for n in serials {
            let picture = fs::read(self.drawn(n % 4, "test")).unwrap();
            self.arrives(lot, n % 4, &format!("S-{n:03}"), &picture);
        }
    }

    fn command(&self, site: &Site) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shengshi-station"));
        command.args(["run", "--json", "--server", &site.address(), "--item", ITEM]);
        for name in ["credential", "watch", "recipes", "state"] {
            command.args([format!("--{name}"), self.at(name)]);
        }
        command
    }

    /// Looks at all that is there, and sends it.
    pub(crate) fn once(&self, site: &Site) -> Output {
        let [out, told] = ["out", "told"].map(|name| File::create(self.at(name)).unwrap());
        let mut station = Running(self.command(site).arg("--once").stdout(out).stderr(told).spawn().unwrap());
        let ended = until(|| station.0.try_wait().unwrap().is_some());
        let status = station.0.try_wait().unwrap();
        let left = (self.arrived(), self.waiting());
        assert!(ended, "it does not come to an end; not looked at, and not sent: {left:?}: {}", self.told());
        let read = |name| fs::read(self.at(name)).unwrap();
        let done = Output { status: status.unwrap(), stdout: read("out"), stderr: read("told") };
        assert!(done.status.success(), "{}", said(&done));
        done
    }

    /// Starts the station; what it tells goes to the file that [`Self::told`] reads.
    pub(crate) fn start(&self, site: &Site) -> Running {
        let told = File::create(self.at("told")).unwrap();
        Running(self.command(site).stdout(Stdio::null()).stderr(told).spawn().unwrap())
    }

    pub(crate) fn told(&self) -> String {
        fs::read_to_string(self.at("told")).unwrap()
    }

    /// Reports that were not sent.
    pub(crate) fn waiting(&self) -> usize {
        files(&self.at("state/waiting")).into_iter().filter(|name| name.ends_with(".json")).count()
    }

    /// Pictures that nobody looked at.
    pub(crate) fn arrived(&self) -> usize {
        files(&self.at("watch")).len()
    }
}

fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path().to_str().unwrap().to_owned();
        if entry.path().is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// Whether it comes to hold. So long is waited that only what never comes is missed; nothing is said of time.
pub(crate) fn until(mut holds: impl FnMut() -> bool) -> bool {
    (0..1_800).any(|_| {
        let holds = holds();
        if !holds {
            thread::sleep(Duration::from_millis(100));
        }
        holds
    })
}
