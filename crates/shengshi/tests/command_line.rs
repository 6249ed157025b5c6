//! The program as people meet it: on a terminal, in a pipe, in a log file.

use std::process::{Command, Output, Stdio};

fn shengshi(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shengshi"));
    command.args(args).stdin(Stdio::null());
    command
}

/// The end of a pipe that nobody reads any more.
fn nobody() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_reader_who_has_gone_is_no_panic() {
    let said = shengshi(&["pack", "check", "nowhere"]).stdout(nobody()).output().unwrap();
    assert_eq!((said.status.code(), stderr(&said).as_str()), (Some(1), ""));
    let said = shengshi(&["pack", "walk", "nowhere"]).stderr(nobody()).output().unwrap();
    assert_eq!(said.status.code(), Some(1), "the packs cannot be read, and that is all");
}

#[test]
fn packs_with_an_error_are_counted_and_a_missing_need_is_said_alone() {
    let cn = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/cn");
    let guangdong = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/guangdong");
    let said = shengshi(&["pack", "check", guangdong]).output().unwrap();
    let (lines, code) = (stdout(&said), said.status.code());
    assert!(lines.starts_with("error guangdong/pack.yaml:"), "{lines}");
    assert!(lines.ends_with("name its folder too\n1 errors, 0 warnings\n") && code == Some(1), "{lines}");
    let broken = tempfile::tempdir().unwrap();
    std::fs::write(broken.path().join("pack.yaml"), "id: Broken Pack\n").unwrap();
    let said = shengshi(&["pack", "check", cn, broken.path().to_str().unwrap()]).output().unwrap();
    let (lines, last) = (stdout(&said), stdout(&said).lines().last().unwrap_or_default().to_owned());
    assert!(lines.starts_with("error ") && !last.contains(" 0 areas"), "{lines}");
}
