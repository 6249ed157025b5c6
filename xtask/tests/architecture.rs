//! The workspace's invariants: who may know whom, who may speak SQL, what no file may contain.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each room and the rooms of ours that it may know. A room that is not listed is an error: say here what it may know.
const MAY_KNOW: [(&str, &[&str]); 19] = [
    ("domain", &[]),
    ("documents", &["domain"]),
    ("dmn", &["domain"]),
    ("exchange", &[]),
    ("packs", &["dmn", "domain"]),
    ("casework", &["dmn", "domain", "packs"]),
    ("certificates", &["domain"]),
    ("identity", &["domain", "packs"]),
    ("inspection", &[]),
    ("search", &["domain", "packs"]),
    ("store", &["domain"]),
    (
        "app",
        &[
            "domain",
            "packs",
            "casework",
            "certificates",
            "documents",
            "exchange",
            "identity",
            "search",
            "store",
        ],
    ),
    ("web", &["app", "domain", "packs", "casework", "identity", "search", "store"]),
    ("shengshi", &["app", "domain", "packs", "casework", "identity", "search", "store", "web"]),
    ("fuzz-entries", &["certificates", "domain", "dmn", "packs"]),
    ("load", &[]),
    ("station", &["inspection"]),
    ("simulate", &["app", "domain", "packs", "casework", "identity", "search", "store"]),
    ("xtask", &[]),
];

/// Rooms that decide and never touch the world.
const PURE: [&str; 10] = [
    "domain",
    "documents",
    "dmn",
    "exchange",
    "inspection",
    "packs",
    "casework",
    "certificates",
    "identity",
    "search",
];

/// What a pure room must not name in its manifest.
const NOT_IN_PURE: [&str; 11] = [
    "tokio",
    "tokio-postgres",
    "rusqlite",
    "axum",
    "ring",
    "getrandom",
    "rand",
    "tower",
    "hyper",
    "minijinja",
    "tracing-subscriber",
];

/// What a pure room must not reach even through others.
const NOT_BEHIND_PURE: [&str; 6] = ["tokio", "tokio-postgres", "rusqlite", "axum", "ring", "hyper"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn cargo(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(words).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Each package of the workspace and what its manifest names outside `[dev-dependencies]`.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--no-deps"])).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let named = package["dependencies"].as_array().unwrap().iter();
        let named = named.filter(|dependency| dependency["kind"].as_str() != Some("dev"));
        all.insert(text(&package["name"]), named.map(|dependency| text(&dependency["name"])).collect());
    }
    assert!(all.contains_key("domain") && all.contains_key("xtask"), "read the wrong workspace: {all:?}");
    all
}

#[test]
fn each_room_knows_only_the_rooms_it_may() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_KNOW.into();
    let all = dependencies();
    let mut broken = Vec::new();
    for (room, named) in &all {
        let Some(may_know) = allowed.get(room.as_str()) else {
            broken.push(format!("{room} is new: say in MAY_KNOW which rooms it may know"));
            continue;
        };
        let ours = named.iter().filter(|name| all.contains_key(*name));
        for known in ours.filter(|name| !may_know.contains(&name.as_str())) {
            broken.push(format!("{room} knows {known} and must not"));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn pure_rooms_touch_nothing() {
    let all = dependencies();
    let mut broken = Vec::new();
    for room in PURE {
        let named = &all[room];
        broken.extend(
            NOT_IN_PURE.iter().filter(|no| named.contains(**no)).map(|no| format!("{room} names {no}")),
        );
        let tree = cargo(&["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}", "-p", room]);
        let reached: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(reached.contains(room), "cargo tree says nothing of {room}: {tree}");
        let behind = NOT_BEHIND_PURE.iter().filter(|no| reached.contains(**no));
        broken.extend(behind.map(|no| format!("{room} reaches {no}")));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn only_the_store_names_a_database_driver() {
    for driver in ["tokio-postgres", "rusqlite"] {
        let with: Vec<String> = dependencies()
            .into_iter()
            .filter(|(_, named)| named.contains(driver))
            .map(|(room, _)| room)
            .collect();
        assert_eq!(with, ["store"], "{driver} is named by others");
    }
}

#[test]
fn every_package_takes_the_workspace_lints_and_they_forbid_unsafe() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for line in ["unsafe_code = \"forbid\"", "disallowed_methods = \"deny\"", "allow_attributes = \"deny\""] {
        assert!(manifest.contains(line), "the root manifest no longer says {line}");
    }
    let clippy = std::fs::read_to_string(root().join("clippy.toml")).unwrap();
    for method in [
        "jiff::Timestamp::now",
        "jiff::Zoned::now",
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "uuid::Uuid::now_v7",
        "uuid::Uuid::new_v4",
    ] {
        assert!(clippy.contains(&format!("path = \"{method}\"")), "clippy.toml no longer forbids {method}");
    }
    let manifests = files().into_iter().filter(|file| {
        file.file_name().is_some_and(|name| name == "Cargo.toml") && *file != root().join("Cargo.toml")
    });
    for file in manifests {
        let text = std::fs::read_to_string(&file).unwrap();
        let own = text.contains("unsafe_code = \"forbid\"");
        assert!(own || text.contains("[lints]\nworkspace = true"), "{} has no lints", shown(&file));
    }
}

/// Every file of the project that a checkout would have.
fn files() -> Vec<PathBuf> {
    const NOT_OURS: [&str; 6] = [".git", "target", "node_modules", "data", "screenshots", "corpus"];
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_symlink() || NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    assert!(found.len() > 20, "found only {found:?}");
    found.sort();
    found
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}

fn rust_files() -> Vec<PathBuf> {
    files().into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs")).collect()
}

/// Whether a line of code holds a piece of SQL. Comments may speak of it.
fn speaks_sql(line: &str) -> bool {
    const STATEMENTS: [&str; 8] = [
        "INSERT INTO ",
        "DELETE FROM ",
        "CREATE TABLE ",
        "CREATE INDEX ",
        "ALTER TABLE ",
        "DROP TABLE ",
        "ON CONFLICT ",
        "PRAGMA ",
    ];
    let code = line.trim_start();
    if code.starts_with("//") {
        return false;
    }
    let pair = |first: &str, then: &str| {
        code.split_once(first).is_some_and(|(_, rest)| rest.contains(then) || rest.trim_end().ends_with('\\'))
    };
    STATEMENTS.iter().any(|statement| code.contains(statement))
        || pair("SELECT ", " FROM ")
        || pair("UPDATE ", " SET ")
}

#[test]
fn sql_is_recognised() {
    assert!(speaks_sql(r#"    "SELECT area, id FROM cases WHERE area = $1""#));
    assert!(speaks_sql(r#"let q = "UPDATE cases SET state = $1";"#));
    assert!(speaks_sql(r#""INSERT INTO events (area)""#));
    assert!(!speaks_sql("// an UPDATE would SET the lease"));
    assert!(!speaks_sql(r#"select("town", "from here")"#));
}

/// A stranger with the database's password: what they change is what `verify` must find.
const STRANGER: &str = "crates/app/tests/stories/tampering.rs";

#[test]
fn only_the_store_speaks_sql() {
    let mut broken = Vec::new();
    for file in rust_files() {
        let name = shown(&file);
        if name.starts_with("crates/store/")
            || [STRANGER, "xtask/tests/architecture.rs"].contains(&name.as_str())
        {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = text.lines().enumerate().filter(|(_, line)| speaks_sql(line));
        broken.extend(lines.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())));
    }
    assert!(broken.is_empty(), "SQL outside the store: {broken:#?}");
}

#[test]
fn a_rust_file_stays_readable() {
    const LINES: usize = 600;
    let long: Vec<String> = rust_files()
        .iter()
        .map(|file| (shown(file), std::fs::read_to_string(file).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "split these, {LINES} lines are the most: {long:#?}");
}

#[test]
fn no_file_names_a_package_registry_or_a_path_of_one_machine() {
    // Written in halves, so that this file passes its own test.
    let halves = [
        ("crates", ".io"),
        ("npm", "js.org"),
        ("npm", "mirror.com"),
        ("pypi", ".org"),
        ("deb", ".debian.org"),
        ("files.python", "hosted.org"),
        ("/wo", "rk/"),
        ("/ro", "ot/"),
        ("/ho", "me/"),
    ];
    let needles: Vec<String> = halves.iter().map(|(left, right)| format!("{left}{right}")).collect();
    let mut broken = Vec::new();
    for file in files() {
        // Cargo writes its registry's name into the lock file and reads it nowhere else.
        if file.file_name().is_some_and(|name| name == "Cargo.lock") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let found = needles.iter().filter(|needle| text.contains(needle.as_str()));
        broken.extend(found.map(|needle| format!("{} contains {needle}", shown(&file))));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
