//! The program as people meet it: on a terminal, in a pipe, in a log file.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

fn shengshi(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shengshi"));
    command.args(args).stdin(Stdio::null());
    command
}

/// The end of a pipe that nobody reads any more.
fn nobody() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
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

#[cfg(unix)]
#[test]
fn a_log_in_a_file_has_no_colours() {
    let data = tempfile::tempdir().unwrap();
    let cn = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/cn");
    let place = data.path().to_str().unwrap();
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", place, "--packs", cn];
    let mut server = shengshi(&arguments);
    // A real site without an address of its own would sign for whatever name its visitors write.
    let said = server.output().unwrap();
    assert!(stderr(&said).contains("--public-url") && said.status.code() == Some(2), "{}", stderr(&said));
    let mut server = shengshi(&arguments);
    let server = server.args(["--public-url", "https://fuwu.example"]);
    let server = server.env_remove("NO_COLOR").env_remove("RUST_LOG");
    let mut server = server.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut caller = TcpStream::connect(line.trim().trim_start_matches("shengshi: http://")).unwrap();
    caller.write_all(b"GET /readyz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").unwrap();
    caller.read_to_string(&mut String::new()).unwrap();
    // It serves now; ended politely, it says so in its log.
    Command::new("kill").arg(server.id().to_string()).status().unwrap();
    let log = stderr(&server.wait_with_output().unwrap());
    assert!(log.contains("stopped") && !log.contains('\u{1b}'), "{log:?}");
}

#[test]
fn commands_for_a_site_make_none_of_a_typing_mistake() {
    let parent = tempfile::tempdir().unwrap();
    let typo = parent.path().join("daat");
    let (place, from) = (typo.to_str().unwrap(), parent.path().to_str().unwrap());
    for command in ["migrate", "verify", "rebuild", "offer"] {
        let said = shengshi(&[command, "--data", place]).output().unwrap();
        assert!(stderr(&said).contains("there is no site in"), "{command}: {}", stderr(&said));
        assert!(said.status.code() == Some(1) && !typo.exists(), "{command} made a folder");
    }
    std::fs::create_dir(&typo).unwrap();
    std::fs::write(typo.join("master.key"), "00".repeat(32)).unwrap();
    let said = shengshi(&["restore", "--data", place, from]).output().unwrap();
    assert!(stderr(&said).contains("it is no backup or one that was cut short"), "{}", stderr(&said));
    assert!(!typo.join("shengshi.db").exists(), "a database was begun for nothing");
}

/// Begins a real site in a folder; what the log says of it.
fn begun(data: &str) -> std::io::Result<String> {
    let listen = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://fuwu.example", "--data", data];
    let mut server = shengshi(&listen).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let out = server.stdout.take().expect("it is piped");
    BufReader::new(out).read_line(&mut String::new())?;
    Command::new("kill").arg(server.id().to_string()).status()?;
    Ok(stderr(&server.wait_with_output()?))
}

/// An agency of the packs built in.
const AGENCY: &str = "114400000069401674";

/// The operator's part: a list with a hashed number, a code, a reset, all on the record.
#[test]
fn officers_are_listed_invited_and_reset_on_the_record() {
    let place = tempfile::tempdir().unwrap();
    let (data, list) = (place.path().join("data"), place.path().join("officers.yaml"));
    let (data, file) = (data.to_str().unwrap(), list.to_str().unwrap());
    let id = |number: &str, data: &str| {
        let mut child = shengshi(&["officers", "id", "--data", data])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(number.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    // No site, no hash: its key would be another one.
    let said = id("99000019800229001X\n", data);
    assert!(!said.status.success() && stderr(&said).contains("there is no site in"), "{}", stderr(&said));
    let log = begun(data).unwrap();
    assert!(log.contains("nobody can sit down at a desk"), "{log}");
    let said = id("990000198002290018\n", data);
    assert!(
        !said.status.success() && !stderr(&said).contains("99000019"),
        "a wrong check digit, not repeated"
    );
    let said = id("99000019800229001X\n", data);
    let person = stdout(&said).trim().to_owned();
    assert_eq!(person.len(), 36, "{person} {}", stderr(&said));
    let about = |agency: &str| {
        format!(
            "officers:\n- id: wang-01\n  name: 示例·王\n  person: {person}\n  posts:\n  - {{agency: {agency}, roles: [intake]}}\n"
        )
    };
    std::fs::write(&list, about("nowhere")).unwrap();
    let run = |more: &[&str]| {
        shengshi(&[&["officers"], more, &["--data", data, "--officers", file]].concat()).output().unwrap()
    };
    let said = run(&["list"]);
    assert!(stderr(&said).contains("officers.yaml:6: agency: nowhere is in no pack"), "{}", stderr(&said));
    let serve = ["serve", "--public-url", "https://fuwu.example", "--data", data, "--officers", file];
    let said = shengshi(&serve).output().unwrap();
    assert!(stderr(&said).contains("officers.yaml:6: agency") && said.status.code() == Some(1), "no start");
    let said = shengshi(&[&serve[..], &["--demo"]].concat()).output().unwrap();
    assert!(stderr(&said).contains("cannot be used with"), "{}", stderr(&said));
    std::fs::write(&list, about(AGENCY)).unwrap();
    let by = ["--by", "示例·管理员"];
    let said = run(&["invite", "li-02", by[0], by[1]]);
    assert!(stderr(&said).contains("no officer has the id li-02"), "{}", stderr(&said));
    assert!(!run(&["invite", "wang-01"]).status.success(), "nobody invites without a name");
    let said = run(&["invite", "wang-01", by[0], by[1]]);
    let code = stdout(&said).lines().next().unwrap_or_default().to_owned();
    assert_eq!((code.len(), code.matches('-').count()), (19, 3), "{} {}", stdout(&said), stderr(&said));
    let stands = stdout(&run(&["list"]));
    assert!(stands.contains("a code is open until") && stands.contains("invited by 示例·管理员"), "{stands}");
    assert!(!stands.contains(&code), "it is shown once");
    assert!(run(&["reset", "wang-01", by[0], by[1]]).status.success());
    let stands = stdout(&run(&["list"]));
    assert!(!stands.contains("a code is open") && stands.contains("passkeys-removed by"), "{stands}");
}
