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
