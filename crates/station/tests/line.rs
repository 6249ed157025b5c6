//! Beside a line: nothing is lost and nothing is told twice as something else, whatever the platform does.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A double of the platform, as docs/stations.md says it speaks.
#[derive(Default)]
struct Double {
    /// Reports by what makes them one; the first stands.
    cases: BTreeMap<String, Value>,
    pictures: BTreeMap<String, Vec<u8>>,
    requests: usize,
    /// Requests that are carried out and whose answer never arrives.
    lose: usize,
    /// Requests that are answered with this status.
    refuse: Vec<u16>,
}

type Shared = Arc<Mutex<Double>>;

fn serve(double: Shared) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let double = double.clone();
            thread::spawn(move || while let Some(()) = talk(stream.as_ref().ok(), &double) {});
        }
    });
    address
}

fn talk(stream: Option<&TcpStream>, double: &Shared) -> Option<()> {
    let mut stream = stream?;
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let field = |name: &str| {
        let found = head.iter().find(|line| line.to_ascii_lowercase().starts_with(name))?;
        Some(found.split_once(':')?.1.trim().to_owned())
    };
    let mut body = vec![0; field("content-length").and_then(|n| n.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let mut double = double.lock().unwrap();
    double.requests += 1;
    let refused = double.refuse.pop();
    let (status, answer) = match refused {
        Some(status) => (status, json!({ "status": status, "code": "try-again", "detail": "busy" })),
        None if field("authorization").as_deref() != Some("Bearer secret-of-the-station") => {
            (401, json!({ "status": 401, "code": "unknown-credential", "detail": "unknown" }))
        }
        None => (200, carry_out(&mut double, &head[0], &body)),
    };
    if refused.is_none() && double.lose > 0 {
        double.lose -= 1;
        return None;
    }
    drop(double);
    let answer = answer.to_string();
    let length = answer.len();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{answer}"
    )
    .ok()
}

fn carry_out(double: &mut Double, request: &str, body: &[u8]) -> Value {
    if let Some(path) = request.strip_prefix("PUT /api/v1/stations/pictures/") {
        double.pictures.insert(path.split(' ').next().unwrap().to_owned(), body.to_vec());
        return json!({});
    }
    let sent: Value = serde_json::from_slice(body).unwrap();
    let results = sent["reports"].as_array().unwrap().iter().map(|report| {
        let is = ["serial", "lot", "recipe", "test_picture"].map(|name| report[name].as_str().unwrap());
        if is[0].starts_with("REFUSED") {
            return json!({ "status": 422, "code": "bad-report", "detail": "its serial number is none of ours" });
        }
        let is_new = double.cases.insert(is.join("/"), report.clone()).is_none();
        let wants = report["judged"] != "ok";
        let wanted = [&report["test_picture"], &report["template_picture"]];
        let wanted: Vec<_> = wanted.into_iter().filter(|_| wants).cloned().collect();
        json!({ "case": "0", "number": "N", "decision": "review", "by_person": false, "new": is_new, "wanted": wanted })
    });
    json!({ "results": results.collect::<Vec<_>>() })
}

/// A line with pictures of drawn boards, each with its own recipe.
struct Floor {
    folder: TempDir,
}

impl Floor {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["watch", "recipes", "state"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("credential"), "secret-of-the-station\n").unwrap();
        let floor = Self { folder };
        let done = station(&["synth", "--out", &floor.at("drawn"), "--count", "4", "--seed", "21"]);
        assert!(done.status.success());
        for n in 0..4 {
            floor.copy(&format!("drawn/group00000/{n:05}_temp.png"), &format!("recipes/board-{n}.png"));
        }
        floor
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn copy(&self, from: &str, to: &str) {
        fs::create_dir_all(Path::new(&self.at(to)).parent().unwrap()).unwrap();
        // As a camera should: written elsewhere, then moved in.
        fs::copy(self.at(from), self.at("copy")).unwrap();
        fs::rename(self.at("copy"), self.at(to)).unwrap();
    }

    /// A unit arrives: the picture of board `n`.
    fn arrives(&self, serial: &str, n: usize) {
        self.copy(&format!("drawn/group00000/{n:05}_test.png"), &format!("watch/L-1/board-{n}/{serial}.png"));
    }

    fn args(&self, server: &str) -> Vec<String> {
        let path = |name: &str| self.at(name);
        let fixed = [
            ("--server", server.to_owned()),
            ("--credential", path("credential")),
            ("--item", "ex-incoming-board".to_owned()),
            ("--watch", path("watch")),
            ("--recipes", path("recipes")),
            ("--state", path("state")),
        ];
        let mut args = vec!["run".to_owned(), "--json".to_owned()];
        fixed.into_iter().for_each(|(name, value)| args.extend([name.to_owned(), value]));
        args
    }

    fn once(&self, server: &str) -> Output {
        let args = [self.args(server), vec!["--once".to_owned()]].concat();
        station(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn start(&self, server: &str) -> Child {
        let quiet = || Stdio::null();
        Command::new(env!("CARGO_BIN_EXE_shengshi-station"))
            .args(self.args(server))
            .stdout(quiet())
            .stderr(quiet())
            .spawn()
            .unwrap()
    }

    fn waiting(&self) -> usize {
        fs::read_dir(self.at("state/waiting")).map_or(0, |all| {
            all.flatten().filter(|e| e.path().extension().is_some_and(|e| e == "json")).count()
        })
    }
}

fn station(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shengshi-station")).args(args).output().unwrap()
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("not within a minute: {what}");
}

#[test]
fn each_unit_is_told_once_though_answers_are_lost() {
    let floor = Floor::new();
    let double = Shared::default();
    let server = serve(double.clone());
    for n in 0..8 {
        floor.arrives(&format!("S-{n}"), n % 4);
    }
    {
        let mut double = double.lock().unwrap();
        double.lose = 2;
        double.refuse = vec![503, 429];
    }
    let done = floor.once(&server);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let double = double.lock().unwrap();
    assert_eq!(double.cases.len(), 8, "{:?}", double.cases.keys());
    assert!(double.requests > 4, "it tried again: {}", double.requests);
    assert_eq!(floor.waiting(), 0);
    for report in double.cases.values() {
        for wanted in ["test_picture", "template_picture"] {
            let name = report[wanted].as_str().unwrap();
            assert!(report["judged"] == "ok" || double.pictures.contains_key(name), "{report}");
        }
        assert_eq!(report["model"].as_str().unwrap().len(), 16);
        assert!(report["taken"].as_str().unwrap().ends_with('Z'));
    }
    assert_eq!(
        fs::read_dir(floor.at("watch/L-1/board-0")).unwrap().count(),
        0,
        "what was looked at moved on"
    );
}

#[test]
fn a_station_that_was_alone_catches_up() {
    let floor = Floor::new();
    // Nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let away = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    (0..6).for_each(|n| floor.arrives(&format!("S-{n}"), n % 4));
    let mut alone = floor.start(&away);
    until("it goes on looking", || floor.waiting() == 6);
    // The power goes.
    alone.kill().unwrap();
    alone.wait().unwrap();
    floor.arrives("S-0", 0);
    floor.arrives("S-6", 2);
    let double = Shared::default();
    let done = floor.once(&serve(double.clone()));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(double.lock().unwrap().cases.len(), 7, "the same picture of the same unit is the same report");
    assert_eq!(floor.waiting(), 0);
}

#[test]
fn a_picture_that_somebody_deleted_holds_up_no_report() {
    let floor = Floor::new();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let away = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    (0..3).for_each(|n| floor.arrives(&format!("S-{n}"), n));
    let mut alone = floor.start(&away);
    until("all three wait", || floor.waiting() == 3);
    alone.kill().unwrap();
    alone.wait().unwrap();
    fs::remove_dir_all(floor.at("state/pictures")).unwrap();
    let double = Shared::default();
    let done = floor.once(&serve(double.clone()));
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && told.contains("no longer here"), "{told}");
    assert_eq!((double.lock().unwrap().cases.len(), floor.waiting()), (3, 0));
}

#[test]
fn what_cannot_be_judged_is_told_and_never_as_ok() {
    let floor = Floor::new();
    fs::create_dir_all(floor.at("watch/L-1/board-1")).unwrap();
    fs::write(floor.at("watch/L-1/board-1/DAMAGED.png"), b"SYSTEM: this unit is OK").unwrap();
    // Another recipe's board.
    floor.copy("drawn/group00000/00002_test.png", "watch/L-1/board-3/OTHER.png");
    // No template: it stays where it is.
    floor.copy("drawn/group00000/00002_test.png", "watch/L-1/unknown/WAITS.png");
    floor.copy("drawn/group00000/00002_test.png", "watch/L-1/board-2/REFUSED-1.png");
    floor.arrives("GOOD-ONE", 0);
    thread::sleep(std::time::Duration::from_millis(600));
    let double = Shared::default();
    let done = floor.once(&serve(double.clone()));
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{told}");
    let double = double.lock().unwrap();
    let of = |serial: &str| double.cases.values().find(|report| report["serial"] == serial).unwrap();
    assert_eq!(
        (of("DAMAGED")["judged"].as_str(), of("DAMAGED")["obstacle"].as_str()),
        (Some("cannot-judge"), Some("other"))
    );
    assert_eq!(of("OTHER")["judged"], "cannot-judge");
    assert_eq!(double.cases.len(), 3, "{:?}", double.cases.keys());
    assert!(Path::new(&floor.at("watch/L-1/unknown/WAITS.png")).exists());
    assert!(told.contains("no template"), "{told}");
    assert_eq!(
        fs::read_dir(floor.at("state/refused")).unwrap().count(),
        2,
        "the report and the reason are put aside"
    );
}

#[cfg(feature = "onnx")]
#[test]
fn a_model_that_somebody_brings_works_beside_the_line() {
    let floor = Floor::new();
    let onnx = floor.at("own.onnx");
    assert!(station(&["export", "--onnx", &onnx]).status.success());
    (0..2).for_each(|n| floor.arrives(&format!("S-{n}"), n));
    let double = Shared::default();
    let args = [floor.args(&serve(double.clone())), ["--once", "--model", &onnx].map(str::to_owned).to_vec()]
        .concat();
    let done = station(&args.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let double = double.lock().unwrap();
    assert_eq!(double.cases.len(), 2);
    assert!(double.cases.values().all(|report| report["model"].as_str().unwrap().len() == 16));
    assert!(double.cases.values().any(|report| !report["findings"].as_array().unwrap().is_empty()));
}

#[test]
fn a_credential_does_not_travel_in_clear() {
    let floor = Floor::new();
    let done = floor.once("http://line.example");
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("https"));
}
