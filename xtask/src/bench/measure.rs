//! The measurements: each beside its floor, one after the other, so that none disturbs the next.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::figures::{Figures, Floor};
use super::station;
use crate::load::{self, CONNECTIONS, Counted, Load};
use crate::postgres::{self, Postgres};
use crate::scratch::Scratch;
use crate::server::{Server, Setting, answers};
use crate::service::{Plan, Service, free_port};
use crate::{cargo, paths};

const LOAD: Load = Load("release");

/// How long and how much.
#[derive(Clone, Copy)]
struct Extent {
    seconds: u32,
    submissions: u64,
    /// Lives through the use cases.
    lives: u64,
    /// Open cases before an officer's desk.
    open_cases: u64,
}

/// People and officers who act at once on whole lives: enough that a wait for the disk is shared by many.
const CALLERS: u32 = 256;
const FULL: Extent = Extent { seconds: 10, submissions: 30_000, lives: 10_000, open_cases: 1_000_000 };
const QUICK: Extent = Extent { seconds: 3, submissions: 5_000, lives: 3_000, open_cases: 1_000_000 };

/// Words that people search for.
const QUERIES: [&str; 12] = [
    "社保",
    "shebao",
    "sb",
    "教师资格",
    "jszg",
    "公积金",
    "居住证",
    "驾驶证",
    "出生",
    "营业执照",
    "残疾人证",
    "医保 报销",
];

/// Programs that measure one room from within.
const EXAMPLES: [(&str, &str); 7] = [
    ("casework", "speed"),
    ("certificates", "certificate_speed"),
    ("documents", "pdf_speed"),
    ("app", "lives"),
    ("app", "wallet"),
    ("store", "desk"),
    ("inspection", "station_speed"),
];

/// Builds what is needed and measures everything that runs.
pub(crate) fn all(quick: bool) -> Result<Figures, String> {
    let extent = if quick { QUICK } else { FULL };
    cargo::run(&["build", "--release", "--package", "shengshi", "--package", "load"], &[])?;
    cargo::run(&["build", "--release", "--package", "store", "--example", "floor"], &[])?;
    for (room, example) in EXAMPLES {
        cargo::run(&["build", "--release", "--package", room, "--example", example], &[])?;
    }
    let scratch = Scratch::new("bench")?;
    let mut figures = Figures::default();
    let hello = hello(&scratch, extent)?;
    portal(&mut figures, &scratch, extent, &hello)?;
    engine(&mut figures, extent)?;
    certificates(&mut figures, extent)?;
    documents(&mut figures)?;
    wallet(&mut figures)?;
    station::speed(&mut figures, extent.seconds)?;
    lives(&mut figures, extent, None)?;
    desk(&mut figures, extent, None)?;
    submissions(&mut figures, &scratch, extent, None)?;
    if postgres::binaries().is_some() {
        let postgres = Postgres::start()?;
        submissions(&mut figures, &scratch, extent, Some(&postgres))?;
        lives(&mut figures, extent, Some(&postgres))?;
        desk(&mut figures, extent, Some(&postgres))?;
    } else {
        println!("   PostgreSQL is not installed: submissions into it are not measured");
    }
    Ok(figures)
}

/// The product's HTTP stack with nothing behind it.
fn hello(scratch: &Scratch, extent: Extent) -> Result<Counted, String> {
    println!("── hello: the same HTTP stack with nothing behind it");
    let address = format!("127.0.0.1:{}", free_port()?).parse().map_err(|_| "no address")?;
    let mut service = Service::start(Plan {
        name: "hello",
        wrapped_in: Vec::new(),
        command: [&LOAD.program()?.display().to_string(), "hello", "--listen", &format!("{address}")]
            .map(str::to_owned)
            .to_vec(),
        signal: "TERM",
        folder: None,
        log: scratch.path().join("hello.log"),
        within: paths::root(),
    })?;
    service.wait_until(Duration::from_secs(10), || answers(address, "/"))?;
    let asks = written(scratch, "hello", "/\thello\n".to_owned())?;
    measured(extent, |seconds| LOAD.get(address, &asks, seconds))
}

/// Pages and searches, the start and the memory they took.
fn portal(figures: &mut Figures, scratch: &Scratch, extent: Extent, hello: &Counted) -> Result<(), String> {
    println!("── pages and searches");
    let data = scratch.path().join("portal");
    drop(Server::start(setting(&data, None))?);
    let server = Server::start(setting(&data, None))?;
    let items = written(scratch, "items", item_asks()?)?;
    let searches = written(scratch, "searches", search_asks())?;
    let pages = measured(extent, |seconds| LOAD.get(server.address, &items, seconds))?;
    let found = measured(extent, |seconds| LOAD.get(server.address, &searches, seconds))?;
    let different = written(scratch, "different", different_asks()?)?;
    let each = measured(extent, |seconds| LOAD.get(server.address, &different, seconds))?;
    let floor = |aim| Floor { value: hello.get("per_second"), aim };
    figures.add_beside("item pages", pages.get("per_second"), "/s", floor(0.5), latency(&pages));
    figures.add_beside("searches", found.get("per_second"), "/s", floor(0.3), latency(&found));
    let note = format!("more different ones than are kept rendered; {}", latency(&each));
    figures.add_beside("searches, each different", each.get("per_second"), "/s", floor(0.3), note);
    let started = server.started_in.as_secs_f64();
    figures.add("cold start", started, "s", "aim < 1 s; from start to the first 200 of /readyz");
    let peak = server.peak_memory().unwrap_or_default() as f64 / 1024.0;
    figures.add("peak memory, pages and searches", peak, "MiB", "aim < 256 MiB; VmHWM of the server");
    Ok(())
}

/// The engine alone, on one core.
fn engine(figures: &mut Figures, extent: Extent) -> Result<(), String> {
    println!("── the engine");
    let mut command = Command::new(paths::built("release", "examples/speed")?);
    let counted = load::counted(command.arg(extent.seconds.to_string()))?;
    let note = "aim ≥ 500,000/s; decide and evolve over whole lives, one core".to_owned();
    figures.add("commands decided and folded", counted.get("per_second"), "/s", note);
    Ok(())
}

/// Certificates issued and verified on all cores, beside the bare signature.
fn certificates(figures: &mut Figures, extent: Extent) -> Result<(), String> {
    println!("── certificates");
    let mut command = Command::new(paths::built("release", "examples/certificate_speed")?);
    let counted = load::counted(command.arg((f64::from(extent.seconds) / 5.0).to_string()))?;
    let rates = [
        ("certificates issued", "issue", "bare_sign", "aim ≥ 2,000/s; SD-JWT VC, Ed25519, ten fields hidden"),
        ("certificates verified", "verify", "bare_verify", "aim ≥ 5,000/s; two fields shown"),
        ("…with the holder's proof", "verify_with_proof", "bare_verify", "two signatures"),
    ];
    for (name, what, floor, note) in rates {
        let get = |what: &str| counted.get(&format!("ed25519_{what}"));
        let floor = Floor { value: get(floor), aim: 0.25 };
        figures.add_beside(name, get(what), "/s", floor, note.to_owned());
    }
    Ok(())
}

/// A certificate as a sealed PDF file, one core.
fn documents(figures: &mut Figures) -> Result<(), String> {
    println!("── sealed PDF files");
    let counted = load::counted(&mut Command::new(paths::built("release", "examples/pdf_speed")?))?;
    let note = format!(
        "aim < 50 ms; median {:.1} ms, without a seal {:.1} ms",
        counted.get("sealed_p50_ms"),
        counted.get("plain_p50_ms")
    );
    figures.add("a sealed PDF file, p99", counted.get("sealed_p99_ms"), "ms", note);
    Ok(())
}

/// A wallet of 200 certificates opened, and one of them shown, through the use cases.
fn wallet(figures: &mut Figures) -> Result<(), String> {
    println!("── a wallet of 200 certificates");
    let counted = load::counted(&mut Command::new(paths::built("release", "examples/wallet")?))?;
    for (name, what, aim) in [("a wallet of 200 opened, p99", "wallet", 20), ("a code shown, p99", "show", 5)]
    {
        let median = counted.get(&format!("{what}_p50_ms"));
        let note = format!("aim < {aim} ms; median {median:.2} ms; use case without HTTP and page");
        figures.add(name, counted.get(&format!("{what}_p99_ms")), "ms", note);
    }
    Ok(())
}

/// Whole lives through the use cases, durable at each step.
fn lives(figures: &mut Figures, extent: Extent, postgres: Option<&Postgres>) -> Result<(), String> {
    let (engine, aim) = if postgres.is_some() { ("PostgreSQL", 600) } else { ("SQLite", 1_000) };
    println!("── whole lives, {engine}");
    let mut command = Command::new(paths::built("release", "examples/lives")?);
    command.args([extent.lives.to_string(), CALLERS.to_string()]);
    if let Some(postgres) = postgres {
        command.arg(postgres.database("lives")?);
    }
    let counted = load::counted(&mut command)?;
    let events = counted.get("events") / counted.get("lives");
    let peak = counted.get("peak_kib") / 1024.0;
    let note = format!("aim ≥ {aim}/s; {events:.0} events each, {}; peak {peak:.0} MiB", latency(&counted));
    figures.add(&format!("whole lives, {engine}"), counted.get("per_second"), "/s", note);
    Ok(())
}

/// A desk with a million open cases: the slowest of its queries.
fn desk(figures: &mut Figures, extent: Extent, postgres: Option<&Postgres>) -> Result<(), String> {
    let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("── a desk with {} open cases, {engine}", extent.open_cases);
    let mut command = Command::new(paths::built("release", "examples/desk")?);
    command.arg(extent.open_cases.to_string());
    if let Some(postgres) = postgres {
        command.arg(postgres.database("desk")?);
    }
    let counted = load::counted(&mut command)?;
    let note = format!("aim < 20 ms; p99 of the slowest query, {} open cases", extent.open_cases);
    figures.add(&format!("officer's desk, {engine}"), counted.get("worst_p99_ms"), "ms", note);
    Ok(())
}

/// Durable submissions through HTTP, and the same rows in the same batches straight into the database.
fn submissions(
    figures: &mut Figures,
    scratch: &Scratch,
    extent: Extent,
    postgres: Option<&Postgres>,
) -> Result<(), String> {
    let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("── durable submissions, {engine}");
    let data = scratch.path().join(engine);
    let database = postgres.map(|postgres| postgres.database("bench")).transpose()?;
    let server = Server::start(setting(&data, database.clone()))?;
    let [drafts, acknowledged] =
        ["drafts", "acknowledged"].map(|name| scratch.path().join(format!("{engine}-{name}")));
    println!("   making {} applications", extent.submissions);
    LOAD.seed(server.address, 0, extent.submissions, &drafts)?;
    settle();
    let sent = LOAD.submit(server.address, &drafts, &acknowledged)?;
    if sent.get("good") != extent.submissions as f64 {
        return Err(server.trouble(&format!("acknowledged {} of {}", sent.get("good"), extent.submissions)));
    }
    LOAD.check(server.address, &acknowledged)?;
    let peak = server.peak_memory().unwrap_or_default() as f64 / 1024.0;
    drop(server);
    settle();
    let floor = floor(extent, database.as_deref(), &data, postgres)?;
    let name = format!("durable submissions, {engine}");
    let floor = Floor { value: floor.get("per_second"), aim: 0.4 };
    figures.add_beside(&name, sent.get("per_second"), "/s", floor, latency(&sent));
    figures.add(
        &format!("peak memory, submissions, {engine}"),
        peak,
        "MiB",
        "aim < 256 MiB; the making of applications included",
    );
    Ok(())
}

fn floor(
    extent: Extent,
    like: Option<&str>,
    data: &Path,
    postgres: Option<&Postgres>,
) -> Result<Counted, String> {
    let like = match like {
        Some(url) => url.to_owned(),
        None => sqlite_file(data)?.display().to_string(),
    };
    let mut command = Command::new(paths::built("release", "examples/floor")?);
    command.args([extent.submissions.to_string(), CONNECTIONS.to_string(), like]);
    if let Some(postgres) = postgres {
        command.arg(postgres.database("floor")?);
    }
    load::counted(&mut command)
}

/// The one SQLite file of a data folder.
fn sqlite_file(data: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(data).map_err(|e| format!("{}: {e}", data.display()))?;
    let mut files = entries.flatten().map(|entry| entry.path());
    let found = files.find(|path| path.extension().is_some_and(|end| end == "db" || end == "sqlite"));
    found.ok_or_else(|| format!("{} holds no SQLite file", data.display()))
}

fn setting(data: &Path, database: Option<String>) -> Setting {
    Setting { profile: "release", data: data.to_path_buf(), database, more: crate::server::unlimited() }
}

/// A short run to warm up, then the one that counts.
fn measured(extent: Extent, run: impl Fn(u32) -> Result<Counted, String>) -> Result<Counted, String> {
    run(1)?;
    let counted = run(extent.seconds)?;
    println!("   {:.0} /s, {}", counted.get("per_second"), latency(&counted));
    Ok(counted)
}

/// Lets the disk write back what earlier steps left to it.
fn settle() {
    // Without `sync` the next step would only pay for the one before.
    drop(Command::new("sync").status());
    thread::sleep(Duration::from_secs(1));
}

fn latency(counted: &Counted) -> String {
    let ms = |name| counted.get(name) / 1000.0;
    format!("{CONNECTIONS} connections, p50 {:.2} ms, p99 {:.2} ms", ms("p50_us"), ms("p99_us"))
}

fn written(scratch: &Scratch, name: &str, text: String) -> Result<PathBuf, String> {
    let path = scratch.path().join(format!("{name}.asks"));
    std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path)
}

/// Every ninth item of the catalogue, and the line of its page that only its page has.
fn item_asks() -> Result<String, String> {
    let codes: Vec<String> = items()?.into_iter().step_by(9).map(|(code, _)| code).collect();
    let lines: Vec<String> =
        codes.iter().map(|code| format!("/items/{code}\t<dd class=\"code\">{code}</dd>")).collect();
    Ok(lines.join("\n"))
}

/// Code and name of every item.
fn items() -> Result<Vec<(String, String)>, String> {
    let path = paths::root().join("packs/guangdong/items.csv");
    let wrong = |error: csv::Error| format!("{}: {error}", path.display());
    let mut reader = csv::Reader::from_path(&path).map_err(wrong)?;
    let name =
        reader.headers().map_err(wrong)?.iter().position(|column| column == "name").ok_or("no names")?;
    let text = |record: &csv::StringRecord, at| record.get(at).unwrap_or_default().to_owned();
    reader.records().map(|record| record.map(|r| (text(&r, 0), text(&r, name))).map_err(wrong)).collect()
}

/// Quotation marks and numbers alone find nothing.
fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Three searches for every item, by the beginning of its name: more than the server keeps rendered.
fn different_asks() -> Result<String, String> {
    let beginning = |name: &str, letters| name.chars().take(letters).collect::<String>();
    let names = items()?;
    let asks =
        [4, 6, 9].into_iter().flat_map(|letters| names.iter().map(move |(_, name)| beginning(name, letters)));
    let lines: std::collections::BTreeSet<String> = asks
        .filter(|words| words.chars().all(is_han))
        .map(|words| format!("/search?q={}\tclass=\"found\"", encoded(&words)))
        .collect();
    Ok(lines.into_iter().collect::<Vec<_>>().join("\n"))
}

fn search_asks() -> String {
    let lines: Vec<String> =
        QUERIES.iter().map(|query| format!("/search?q={}\tclass=\"found\"", encoded(query))).collect();
    lines.join("\n")
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
