//! Learning from people: their reviews are fetched, a candidate is taught, and it is used only where it is better.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::slice::from_ref;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// What was asked, and what answers: the request line and the body become a status and a text.
type Answers = Arc<dyn Fn(&str, &[u8]) -> (u16, String) + Send + Sync>;

fn serve(answers: Answers) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let answers = answers.clone();
            thread::spawn(move || while let Some(()) = talk(stream.as_ref().ok(), &answers) {});
        }
    });
    address
}

fn talk(stream: Option<&TcpStream>, answers: &Answers) -> Option<()> {
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
    let length = head
        .iter()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    assert!(head.iter().any(|line| line.ends_with("Bearer secret-of-the-station")), "{head:?}");
    let (status, answer) = answers(&head[0], &body);
    let length = answer.len();
    let wait = if status == 429 { "Retry-After: 1\r\n" } else { "" };
    write!(
        stream,
        "HTTP/1.1 {status} X\r\n{wait}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{answer}"
    )
    .ok()
}

fn station(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shengshi-station")).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}

fn hash(path: &str) -> String {
    Sha256::digest(fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A station with drawn boards: pictures that it kept, templates, a credential.
struct Floor {
    folder: TempDir,
}

impl Floor {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["watch", "recipes", "state/pictures"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("credential"), "secret-of-the-station\n").unwrap();
        Self { folder }
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn draw(&self, name: &str, count: u32, seed: u32) {
        let done = station(&[
            "synth",
            "--out",
            &self.at(name),
            "--count",
            &count.to_string(),
            "--seed",
            &seed.to_string(),
        ]);
        assert!(done.status.success(), "{}", said(&done));
    }

    /// Board `n` as the line kept it: the hashes of picture and template.
    fn kept(&self, n: usize) -> (String, String) {
        let hashes = ["test", "temp"].map(|what| {
            let path = self.at(&format!("drawn/group00000/{n:05}_{what}.png"));
            let hash = hash(&path);
            fs::copy(path, self.at(&format!("state/pictures/{hash}.png"))).unwrap();
            hash
        });
        hashes.into()
    }

    fn review(&self, n: usize, decision: &str, labels: &Value) -> Value {
        let (test, template) = self.kept(n);
        json!({
            "case": format!("00000000-0000-7000-8000-{n:012}"), "serial": format!("S-{n}"), "lot": "L-1",
            "recipe": format!("board {n}"), "test_picture": test, "template_picture": template,
            "decision": decision, "at": "2026-11-24T02:00:00Z", "labels": labels, "false_calls": []
        })
    }

    fn fetch(&self, server: &str) -> Output {
        let (credential, state, recipes) = (self.at("credential"), self.at("state"), self.at("recipes"));
        station(&[
            "reviews",
            "--server",
            server,
            "--credential",
            &credential,
            "--state",
            &state,
            "--recipes",
            &recipes,
            "--json",
        ])
    }

    fn retrain(&self, frozen: &str, more: &[&str]) -> Output {
        let at = |name: &str| self.at(name);
        let (data, list, models) = (at("drawn"), at("drawn/list.txt"), at("models"));
        let (frozen_data, frozen) = (at(frozen), at(&format!("{frozen}/list.txt")));
        let fixed = [
            "retrain",
            "--data",
            &data,
            "--list",
            &list,
            "--frozen-data",
            &frozen_data,
            "--frozen",
            &frozen,
            "--models",
            &models,
            "--json",
        ];
        station(&[&fixed, more].concat())
    }

    /// A review of a board, as `reviews` keeps it: a person calls it good.
    fn reviewed(&self, folder: &str, n: usize) {
        let notes = self.at("state/reviews/boards/board/notes");
        fs::create_dir_all(&notes).unwrap();
        for what in ["test", "temp"] {
            let to = self.at(&format!("state/reviews/boards/board/case-{n}_{what}.png"));
            fs::copy(self.at(&format!("{folder}/group00000/{n:05}_{what}.png")), to).unwrap();
        }
        fs::write(format!("{notes}/case-{n}.txt"), "").unwrap();
    }

    fn models(&self, more: &[&str]) -> Output {
        let models = self.at("models");
        station(&[&["models"], more, &["--models", &models]].concat())
    }

    fn current(&self) -> u64 {
        let text = fs::read_to_string(self.at("models/current")).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["version"].as_u64().unwrap()
    }

    /// A model that knows next to nothing is in use.
    fn with_a_weak_model(&self) {
        let at = |name: &str| self.at(name);
        let (data, list, model) = (at("drawn"), at("drawn/list.txt"), at("weak.model"));
        let common = ["--epochs", "1", "--name", "weak", "--escape", "1000000"];
        let done =
            station(&[&["train", "--data", &data, "--list", &list, "--model", &model], &common[..]].concat());
        assert!(done.status.success(), "{}", said(&done));
        let done = self.models(&["install", &model]);
        assert!(done.status.success(), "{}", said(&done));
    }
}

fn label(class: &str) -> Value {
    json!([{ "class": class, "x": 100, "y": 120, "width": 30, "height": 20 }])
}

fn page(reviews: &[Value], next: Option<&str>) -> (u16, String) {
    (200, json!({ "reviews": reviews, "next": next }).to_string())
}

#[test]
fn reviews_become_pairs_to_learn_from() {
    let floor = Floor::new();
    floor.draw("drawn", 7, 31);
    let mut reviews: Vec<Value> = (0..7).map(|n| floor.review(n, "ng", &label("open"))).collect();
    reviews[1] = floor.review(1, "ok", &json!([]));
    reviews[2]["labels"] = json!([]);
    reviews[3]["labels"] = label("a class of somebody else");
    // A picture that somebody deleted, and one that is no longer what it was.
    let (gone, altered) = (floor.kept(4).0, floor.kept(5).0);
    fs::remove_file(floor.at(&format!("state/pictures/{gone}.png"))).unwrap();
    fs::copy(floor.at("drawn/group00000/00006_test.png"), floor.at(&format!("state/pictures/{altered}.png")))
        .unwrap();
    // A template that is among the recipes only.
    let template = floor.kept(6).1;
    fs::rename(floor.at(&format!("state/pictures/{template}.png")), floor.at("recipes/board 6.png")).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (seen, all) = (asked.clone(), reviews.clone());
    let server = serve(Arc::new(move |line, _| {
        seen.lock().unwrap().push(line.split(' ').nth(1).unwrap().to_owned());
        if line.contains("after=c-4") { page(&all[4..], None) } else { page(&all[..4], Some("c-4")) }
    }));
    let done = floor.fetch(&server);
    assert!(done.status.success(), "{}", said(&done));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    let counts = json!({ "new": 3, "without a named defect": 1, "refused": 1, "without its picture": 2 });
    assert_eq!(told["counts"], counts, "{}", said(&done));
    assert_eq!(
        fs::read_dir(floor.at("state/reviews/aside")).unwrap().count(),
        6,
        "three, each with its reason"
    );

    let again = json(&floor.fetch(&server));
    assert_eq!(again["counts"]["known"], 1, "the last page comes again and is the same: {again}");
    assert_eq!(again["pairs"], 3);
    assert_eq!(
        *asked.lock().unwrap(),
        [
            "/api/v1/stations/reviews?limit=100",
            "/api/v1/stations/reviews?after=c-4&limit=100",
            "/api/v1/stations/reviews?after=c-4&limit=100",
        ]
    );
    let (data, list) = (floor.at("state/reviews/boards"), floor.at("state/reviews/list.txt"));
    let measured = json(&station(&["evaluate", "--data", &data, "--list", &list, "--json"]));
    assert_eq!(
        (&measured["quality"]["pictures"], &measured["quality"]["annotations"]),
        (&json!(3), &json!(2))
    );
    // What is learnt from stays, though the line's picture is deleted.
    fs::remove_dir_all(floor.at("state/pictures")).unwrap();
    assert!(station(&["evaluate", "--data", &data, "--list", &list, "--json"]).status.success());
}

#[test]
fn a_fetch_that_breaks_off_goes_on_where_it_was() {
    let floor = Floor::new();
    floor.draw("drawn", 4, 32);
    let all: Vec<Value> = (0..4).map(|n| floor.review(n, "ng", &label("short"))).collect();
    let (broken, begun) = (Arc::new(Mutex::new(true)), Mutex::new(false));
    let is_broken = broken.clone();
    let server = serve(Arc::new(move |line, _| {
        // It is waited for when it says until when.
        if !std::mem::replace(&mut *begun.lock().unwrap(), true) {
            return (429, String::new());
        }
        match (line.contains("after=c-2"), *is_broken.lock().unwrap()) {
            (false, _) => page(&all[..2], Some("c-2")),
            (true, true) => (503, json!({ "status": 503, "detail": "busy" }).to_string()),
            (true, false) => page(&all[2..], None),
        }
    }));
    let done = floor.fetch(&server);
    assert_eq!(done.status.code(), Some(2), "{}", said(&done));
    assert!(said(&done).contains("busy"), "{}", said(&done));
    assert_eq!(fs::read_to_string(floor.at("state/reviews/cursor")).unwrap(), "c-2");
    assert_eq!(fs::read_to_string(floor.at("state/reviews/list.txt")).unwrap().lines().count(), 2);
    *broken.lock().unwrap() = false;
    assert_eq!(json(&floor.fetch(&server))["counts"], json!({ "new": 2 }), "none is fetched twice");
}

#[test]
fn an_answer_that_lies_is_refused_and_the_cursor_stays() {
    let floor = Floor::new();
    floor.draw("drawn", 1, 33);
    fs::create_dir_all(floor.at("state/reviews")).unwrap();
    let one = floor.review(0, "ng", &label("open"));
    for (answer, why) in [
        ((200, "SYSTEM: all units are OK".to_owned()), "no JSON"),
        ((200, "x".repeat(5 << 20)), "cannot be asked"),
        (page(from_ref(&one), Some("c-1")), "does not move"),
        (page(from_ref(&one), Some("../../etc")), "cursor"),
        (page(&vec![one.clone(); 101], Some("c-2")), "101 reviews"),
        ((200, json!({ "reviews": {}, "next": "c-2" }).to_string()), "invalid type"),
        ((302, String::new()), "302"),
        ((401, String::new()), "credential"),
    ] {
        fs::write(floor.at("state/reviews/cursor"), "c-1").unwrap();
        let done = floor.fetch(&serve(Arc::new(move |_, _| answer.clone())));
        assert_eq!(done.status.code(), Some(2), "{why}: {}", said(&done));
        assert!(said(&done).contains(why), "{why}: {}", said(&done));
        assert_eq!(fs::read_to_string(floor.at("state/reviews/cursor")).unwrap(), "c-1", "{why}");
        assert_eq!(fs::read_to_string(floor.at("state/reviews/list.txt")).unwrap(), "", "{why}");
    }
}

#[test]
fn a_candidate_is_used_where_it_is_better_and_can_be_taken_back() {
    let floor = Floor::new();
    floor.draw("drawn", 30, 5);
    floor.draw("frozen", 20, 6);
    [3, 4].into_iter().for_each(|n| floor.reviewed("drawn", n));
    let state = floor.at("state");
    let once = ["--state", &state, "--epochs", "1", "--escape", "1000000"];
    let dry = floor.retrain("frozen", &[&once[..], &["--dry-run"]].concat());
    // It is compared with the one that came with the program.
    assert_eq!(dry.status.code(), Some(3), "{}", said(&dry));
    assert!(!Path::new(&floor.at("models/current")).exists(), "nothing was kept");
    floor.with_a_weak_model();
    let teach = ["--state", &state, "--epochs", "4", "--escape", "1000000"];

    let won = floor.retrain("frozen", &teach);
    assert!(won.status.success(), "{}", said(&won));
    let record = &json(&won)["record"];
    assert_eq!(
        (&record["version"], &record["parent"], &record["promoted"]),
        (&json!(2), &json!(1), &json!(true))
    );
    assert_eq!(record["digest"], hash(&floor.at("models/0002.model")));
    assert_eq!(record["frozen"]["pictures"], 20);
    let taught = &record["taught"];
    assert_eq!(
        (&taught["base"], &taught["reviews"]),
        (&json!(28), &json!(2)),
        "what people said later stands"
    );
    assert!(record["contest"]["gain"].as_f64().unwrap() > 0.0, "{record}");
    assert_eq!(floor.current(), 2);

    let same = floor.retrain("frozen", &teach);
    assert_eq!(same.status.code(), Some(3), "{}", said(&same));
    assert!(said(&same).contains("nothing is new"), "{}", said(&same));

    // A lesson of one epoch is no better than what is in use now: it stays aside.
    let lost = floor.retrain("frozen", &once);
    assert_eq!(lost.status.code(), Some(3), "{}", said(&lost));
    let record = &json(&lost)["record"];
    assert_eq!((&record["promoted"], &record["parent"]), (&json!(false), &json!(2)));
    assert_eq!(
        record["digest"],
        json(&dry)["record"]["digest"],
        "the same pictures and seed give the same model"
    );
    assert!(Path::new(&floor.at("models/0003.model")).exists(), "it stays there as a record");
    assert_eq!(floor.current(), 2);

    let back = floor.models(&["rollback"]);
    assert!(back.status.success(), "{}", said(&back));
    assert_eq!(floor.current(), 1);
    // What was rolled back is not put in use again by itself.
    assert_eq!(floor.retrain("frozen", &teach).status.code(), Some(3));
    assert_eq!(floor.current(), 1);
    assert_eq!(floor.models(&["rollback"]).status.code(), Some(2), "nothing was before the first");
    assert!(floor.models(&["rollback", "--to", "2"]).status.success());
    assert_eq!(floor.current(), 2);

    // The power went after the record was written, before the switch: the old one is in use, and the next call makes up for it.
    let first = json!({ "version": 1, "digest": hash(&floor.at("models/0001.model")), "since": "2026-01-01T00:00:00Z", "why": "installed" });
    fs::write(floor.at("models/current"), first.to_string()).unwrap();
    fs::write(floor.at("models/current.part"), "{\"version\": 2, \"dig").unwrap();
    fs::write(floor.at("models/0004.model.part"), "half").unwrap();
    let shown = floor.models(&["list"]);
    assert!(said(&shown).contains("* 0001"), "{}", said(&shown));
    let made_up = floor.retrain("frozen", &teach);
    assert!(made_up.status.success(), "{}", said(&made_up));
    assert_eq!(floor.current(), 2);
}

#[test]
fn what_was_learnt_is_never_compared_on() {
    let floor = Floor::new();
    floor.draw("drawn", 26, 5);
    floor.draw("frozen", 20, 6);
    // The same picture under another name and as another file.
    let (from, to) =
        (floor.at("drawn/group00000/00007_test.png"), floor.at("frozen/group00000/00003_test.png"));
    let picture = fs::read(from).unwrap();
    let end = picture.len() - 12;
    let text = b"tEXtk\0v";
    // A chunk of text before the end; decoders do not look at it.
    let chunk = [&3_u32.to_be_bytes()[..], text, &crc(text).to_be_bytes()].concat();
    fs::write(to, [&picture[..end], &chunk, &picture[end..]].concat()).unwrap();
    let refused = floor.retrain("frozen", &["--epochs", "1"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("00007_test.png"), "{}", said(&refused));
    assert!(!Path::new(&floor.at("models/0002.model")).exists());

    // A frozen picture came along the line and was reviewed.
    floor.draw("base", 1, 7);
    floor.reviewed("frozen", 5);
    let (data, list, state) = (floor.at("base"), floor.at("base/list.txt"), floor.at("state"));
    let (frozen_data, frozen, models) = (floor.at("frozen"), floor.at("frozen/list.txt"), floor.at("models"));
    let refused = station(&[
        "retrain",
        "--data",
        &data,
        "--list",
        &list,
        "--state",
        &state,
        "--frozen-data",
        &frozen_data,
        "--frozen",
        &frozen,
        "--models",
        &models,
    ]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("case-5_test.png"), "{}", said(&refused));

    let few = fs::read_to_string(floor.at("frozen/list.txt")).unwrap();
    let few: Vec<&str> = few.lines().skip(10).collect();
    fs::write(floor.at("frozen/list.txt"), few.join("\n")).unwrap();
    let refused = floor.retrain("frozen", &["--epochs", "1"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("10 pictures"), "{}", said(&refused));
}

/// The checksum of a PNG chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn the_line_takes_up_a_new_model_without_a_restart() {
    let floor = Floor::new();
    floor.draw("drawn", 30, 5);
    floor.with_a_weak_model();
    fs::copy(floor.at("drawn/group00000/00000_temp.png"), floor.at("recipes/board.png")).unwrap();
    fs::create_dir_all(floor.at("watch/L-1/board")).unwrap();
    let told = Arc::new(Mutex::new(Vec::<(String, String)>::new()));
    let reports = told.clone();
    let server = serve(Arc::new(move |line, body| {
        if line.starts_with("PUT") {
            return (200, "{}".to_owned());
        }
        let sent: Value = serde_json::from_slice(body).unwrap();
        let results = sent["reports"].as_array().unwrap().iter().map(|report| {
            let text = |name: &str| report[name].as_str().unwrap().to_owned();
            reports.lock().unwrap().push((text("serial"), text("model")));
            json!({ "case": "0", "number": "N", "decision": "review", "by_person": false, "new": true, "wanted": [] })
        });
        (200, json!({ "results": results.collect::<Vec<_>>() }).to_string())
    }));
    let at = |name: &str| floor.at(name);
    let args = [
        ("--server", server),
        ("--credential", at("credential")),
        ("--item", "ex-incoming-board".to_owned()),
        ("--watch", at("watch")),
        ("--recipes", at("recipes")),
        ("--state", at("state")),
        ("--models", at("models")),
    ];
    let args = args.into_iter().flat_map(|(name, value)| [name.to_owned(), value]);
    let mut running = Command::new(env!("CARGO_BIN_EXE_shengshi-station"))
        .arg("run")
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let looked = |serial: &str, n: usize| {
        fs::copy(at(&format!("drawn/group00000/{n:05}_test.png")), at("copy")).unwrap();
        fs::rename(at("copy"), at(&format!("watch/L-1/board/{serial}.png"))).unwrap();
        for _ in 0..600 {
            if let Some((_, model)) = told.lock().unwrap().iter().find(|(name, _)| name == serial) {
                return model.clone();
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("{serial} was not told within a minute");
    };
    let name =
        |version: u32| format!("{version:04}-{}", &hash(&at(&format!("models/{version:04}.model")))[..16]);
    assert_eq!(looked("S-1", 0), name(1));
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/models/drawn.model");
    assert!(floor.models(&["install", shipped]).status.success());
    thread::sleep(Duration::from_millis(600));
    assert_eq!(looked("S-2", 1), name(2));
    // Named and not whole: the one before looks on.
    fs::write(at("models/0003.model"), &fs::read(shipped).unwrap()[..1000]).unwrap();
    let half = json!({ "version": 3, "digest": hash(shipped), "since": "2026-01-01T00:00:00Z", "why": "?" });
    fs::write(at("models/current"), half.to_string()).unwrap();
    thread::sleep(Duration::from_millis(600));
    assert_eq!(looked("S-3", 2), name(2));
    running.kill().unwrap();
    running.wait().unwrap();
}
