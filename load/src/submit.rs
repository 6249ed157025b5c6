//! Submissions, each sent once; and the check, after a crash, that none acknowledged is lost or doubled.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use crate::connection::Connection;
use crate::tally::{Stopwatch, Tally};
use crate::{Options, drive};

/// A draft that only waits to be sent: a line of `path<TAB>cookie<TAB>form<TAB>location`, location empty until known.
#[derive(Clone)]
struct Draft {
    path: String,
    cookie: String,
    form: String,
    location: String,
}

impl Draft {
    fn read(line: &str) -> Result<Self, String> {
        let mut parts = line.split('\t').map(str::to_owned);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(path), Some(cookie), Some(form)) => {
                Ok(Self { path, cookie, form, location: parts.next().unwrap_or_default() })
            }
            _ => Err(format!("not a draft: {line}")),
        }
    }

    fn post(&self, address: SocketAddr) -> Vec<u8> {
        let Self { path, cookie, form, .. } = self;
        format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        )
        .into_bytes()
    }

    fn get_receipt(&self, address: SocketAddr) -> Vec<u8> {
        let Self { location, cookie, .. } = self;
        format!("GET {location} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n").into_bytes()
    }
}

/// The case's id in a receipt's address, `/me/cases/{id}/receipt`.
fn case_id(location: &str) -> Option<&str> {
    let path = location.split(['?', '#']).next()?;
    let id = path.strip_prefix("/me/cases/")?.strip_suffix("/receipt")?;
    (!id.is_empty()).then_some(id)
}

fn read(options: &Options, name: &str) -> Result<Vec<Draft>, String> {
    let file = options.text(name)?;
    let text = std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?;
    text.lines().map(Draft::read).collect()
}

/// The drafts left to send and what was acknowledged so far, shared by all connections of the thread.
struct Work {
    left: RefCell<Vec<Draft>>,
    done: RefCell<String>,
}

/// Sends each draft of `--drafts` once, stops after `--seconds` if given, and writes the acknowledged ones, with the
/// receipts' addresses, to `--acknowledged`. A server that goes away ends the run without an error: what it had
/// acknowledged by then is the answer.
pub(crate) fn submit(options: &Options) -> Result<(), String> {
    let address = drive::address(options)?;
    let within = options.number("seconds").unwrap_or(600);
    let mut drafts = read(options, "drafts")?;
    drafts.reverse();
    let work = Rc::new(Work { left: RefCell::new(drafts), done: RefCell::new(String::new()) });
    drive::all(options, |_| send(address, Rc::clone(&work), Duration::from_secs(within)))?;
    let file = options.text("acknowledged")?;
    println!("left={}", work.left.borrow().len());
    std::fs::write(file, work.done.borrow().as_str()).map_err(|e| format!("{file}: {e}"))
}

async fn send(address: SocketAddr, work: Rc<Work>, within: Duration) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let all = Stopwatch::start();
    let Ok(mut connection) = Connection::open(address).await else { return Ok(tally) };
    while all.elapsed() < within {
        let Some(draft) = work.left.borrow_mut().pop() else { break };
        let watch = Stopwatch::start();
        let Ok(answer) = connection.ask(&draft.post(address)).await else { break };
        let location = answer.header("location").unwrap_or_default();
        if answer.status == 303 && case_id(location).is_some() {
            tally.good(watch.elapsed());
            let Draft { path, cookie, form, .. } = &draft;
            let mut done = work.done.borrow_mut();
            writeln!(done, "{path}\t{cookie}\t{form}\t{location}").map_err(|e| e.to_string())?;
        } else {
            tally.bad(format!("{} → {location} {}", draft.path, answer.beginning()));
        }
    }
    Ok(tally)
}

/// Checks each line of `--acknowledged`: its receipt is there, sending it again gives the same case, and no two
/// drafts share one.
pub(crate) fn check(options: &Options) -> Result<(), String> {
    let address = drive::address(options)?;
    let drafts = read(options, "acknowledged")?;
    let cases: BTreeSet<&str> = drafts.iter().filter_map(|draft| case_id(&draft.location)).collect();
    println!("acknowledged={}\ncases={}", drafts.len(), cases.len());
    let work = Rc::new(Work { left: RefCell::new(drafts), done: RefCell::new(String::new()) });
    drive::all(options, |_| look(address, Rc::clone(&work)))
}

async fn look(address: SocketAddr, work: Rc<Work>) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut connection = Connection::open(address).await?;
    loop {
        let Some(draft) = work.left.borrow_mut().pop() else { return Ok(tally) };
        let watch = Stopwatch::start();
        let answer = connection.ask(&draft.get_receipt(address)).await?;
        if answer.status != 200 {
            tally.bad(format!("lost: {} {}", draft.location, answer.beginning()));
            continue;
        }
        let again = connection.ask(&draft.post(address)).await?;
        let location = again.header("location").unwrap_or_default();
        if case_id(location) == case_id(&draft.location) {
            tally.good(watch.elapsed());
        } else {
            tally.bad(format!("doubled: {} became {location} {}", draft.location, again.beginning()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipts_address_names_its_case() {
        assert_eq!(case_id("/me/cases/01890b/receipt"), Some("01890b"));
        assert_eq!(case_id("/me/cases/01890b/receipt?new=1"), Some("01890b"));
        assert_eq!(case_id("/signin?back=/me/cases/1/receipt"), None);
        assert_eq!(case_id("/me/cases//receipt"), None);
    }

    #[test]
    fn a_draft_is_sent_with_its_citizens_cookie() {
        let draft = Draft::read("/apply/1/check\tsession=a\tcsrf=b").unwrap();
        let request = String::from_utf8(draft.post("127.0.0.1:80".parse().unwrap())).unwrap();
        assert!(request.starts_with("POST /apply/1/check HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains("\r\nCookie: session=a\r\n") && request.ends_with("\r\n\r\ncsrf=b"),
            "{request}"
        );
        assert!(Draft::read("/apply/1/check").is_err());
    }
}
