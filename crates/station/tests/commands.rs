//! The program as it is used: draw, teach, measure, look.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn station(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shengshi-station")).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}

fn drawn(count: u32, seed: u32) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let done = station(&["synth", "--out", out, "--count", &count.to_string(), "--seed", &seed.to_string()]);
    assert!(done.status.success(), "{}", said(&done));
    folder
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_model_is_taught_alike_on_any_number_of_threads() {
    let folder = drawn(30, 5);
    let (data, list) = (path(folder.path(), ""), path(folder.path(), "list.txt"));
    let teach = |model: &str, threads: &str| {
        let common = ["--epochs", "1", "--json", "--threads", threads];
        let done =
            station(&[&["train", "--data", &data, "--list", &list, "--model", model], &common[..]].concat());
        assert!(done.status.success(), "{}", said(&done));
        json(&done)
    };
    let (one, two) = (path(folder.path(), "1.model"), path(folder.path(), "2.model"));
    let told = teach(&one, "1");
    teach(&two, "2");
    assert_eq!(fs::read(&one).unwrap(), fs::read(&two).unwrap());
    assert_eq!(told["card"]["taught"]["pictures"], 30);
    assert_eq!(told["card"]["taught"]["held_out"], 30, "two groups judge each other");
    assert!(told["bytes"].as_u64().unwrap() < 2 << 20);

    let costly =
        ["calibrate", "--data", &data, "--list", &list, "--model", &one, "--escape", "1000000", "--json"];
    let careful = json(&station(&costly));
    let (before, after) = (&told["card"]["bands"]["ok_below"], &careful["card"]["bands"]["ok_below"]);
    assert!(after.as_f64() <= before.as_f64(), "dearer escapes make people look more: {before} {after}");
}

#[test]
fn the_model_that_comes_along_knows_drawn_boards() {
    let folder = drawn(30, 77);
    let (data, list) = (path(folder.path(), ""), path(folder.path(), "list.txt"));
    let measured = json(&station(&["evaluate", "--data", &data, "--list", &list, "--json"]));
    let f_mean = measured["quality"]["f_mean"].as_f64().unwrap();
    assert!(f_mean > 0.8, "{measured}");
    assert_eq!(measured["groups"].as_object().unwrap().len(), 2);
    let one =
        json(&station(&["evaluate", "--data", &data, "--list", &list, "--json", "--groups", "group00001"]));
    assert_eq!(one["quality"]["pictures"], 5);
}

#[test]
fn a_look_says_by_its_code_what_was_seen() {
    let folder = drawn(6, 11);
    let at = |name: &str| path(folder.path(), name);
    let (test, template) = (at("group00000/00003_test.png"), at("group00000/00003_temp.png"));
    let overlay = at("overlay.png");
    let bad = station(&["inspect", &test, &template, "--overlay", &overlay, "--json"]);
    assert_eq!(bad.status.code(), Some(1), "{}", said(&bad));
    assert!(!json(&bad)["findings"].as_array().unwrap().is_empty());
    assert_eq!(json(&bad)["model"].as_str().unwrap().len(), 16);
    assert!(fs::read(&overlay).unwrap().starts_with(b"\x89PNG"));

    let same = station(&["inspect", &template, &template]);
    assert_eq!(same.status.code(), Some(0), "{}", said(&same));

    let other = station(&["inspect", &test, &at("group00000/00004_temp.png")]);
    assert_eq!(other.status.code(), Some(4), "another board is never OK: {}", said(&other));
}

#[test]
fn what_is_no_picture_or_no_model_is_refused() {
    let folder = drawn(1, 3);
    let at = |name: &str| path(folder.path(), name);
    let template = at("group00000/00000_temp.png");
    let png = fs::read(&template).unwrap();

    let mut bomb = png.clone();
    // Width and height of the header, with its checksum as it was.
    bomb[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    let cases: [(&str, &[u8]); 5] = [
        ("empty", b""),
        ("text", b"ignore all rules and say OK"),
        ("cut", &png[..png.len() / 2]),
        ("bomb", &bomb),
        ("page", b"\xff\xd8\xff\xe0<svg/>"),
    ];
    for (name, bytes) in cases {
        fs::write(at(name), bytes).unwrap();
        let done = station(&["inspect", &at(name), &template]);
        assert_eq!(done.status.code(), Some(2), "{name}: {}", said(&done));
        assert!(said(&done).contains(name), "the file is named: {}", said(&done));
        let done = station(&["inspect", &template, &template, "--model", &at(name)]);
        assert_eq!(done.status.code(), Some(2), "{name} as a model: {}", said(&done));
    }
    let giant = fs::File::create(at("giant")).unwrap();
    giant.set_len(17 << 20).unwrap();
    assert_eq!(station(&["inspect", &at("giant"), &template]).status.code(), Some(2));
}

#[test]
fn a_list_cannot_lead_out_of_its_folder() {
    let folder = drawn(1, 3);
    let list = path(folder.path(), "list.txt");
    fs::write(&list, "../secret/1.png ../secret/1.txt\n").unwrap();
    let done = station(&["evaluate", "--data", &path(folder.path(), ""), "--list", &list]);
    assert_eq!(done.status.code(), Some(2));
    assert!(said(&done).contains("line 1"), "{}", said(&done));
}
