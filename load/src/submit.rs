//! Submissions, each sent once; and after a crash: those of unknown outcome sent again, and the check that none
//! acknowledged is lost or doubled.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
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

    fn get_receipt(&self, address: SocketAddr, location: &str) -> Vec<u8> {
        let cookie = &self.cookie;
        format!("GET {location} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n").into_bytes()
    }

    /// Where its receipt will be: the case has the draft's id.
    fn expected(&self) -> Option<String> {
        let id = self.path.strip_prefix("/apply/")?.strip_suffix("/check")?;
        Some(format!("/me/cases/{id}/receipt"))
    }

    /// The line of the draft once it is known where its case is.
    fn line(&self, location: &str) -> String {
        let Self { path, cookie, form, .. } = self;
        format!("{path}\t{cookie}\t{form}\t{location}\n")
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

/// The drafts left to send and what became of the others, shared by all connections of the thread.
#[derive(Default)]
struct Work {
    left: RefCell<Vec<Draft>>,
    /// Lines of those acknowledged.
    done: RefCell<String>,
    /// Lines of those sent and not answered, or answered with 503: stored or not, nobody said.
    unknown: RefCell<String>,
    /// Whether an answer of 503 is to be borne.
    outages: bool,
    refused: Cell<u64>,
    slowest_refusal: Cell<Duration>,
    /// Drafts of unknown outcome whose case was there already.
    stored: Cell<u64>,
}

/// Whoever is told that it does not work just now waits so long before the next attempt.
const PAUSE: Duration = Duration::from_millis(100);

/// Sends each draft of `--drafts` once, stops after `--seconds` if given, and writes the acknowledged ones, with the
/// receipts' addresses, to `--acknowledged`. A server that goes away ends the run without an error: what it had
/// acknowledged by then is the answer. With `--unknown` an answer of 503 is no error either, and drafts that were sent
/// without a clear answer are written there.
pub(crate) fn submit(options: &Options) -> Result<(), String> {
    let address = drive::address(options)?;
    let within = options.number("seconds").unwrap_or(600);
    let mut drafts = read(options, "drafts")?;
    drafts.reverse();
    let unknown = options.text("unknown").ok();
    let work = Rc::new(Work { left: drafts.into(), outages: unknown.is_some(), ..Work::default() });
    drive::all(options, |_| send(address, Rc::clone(&work), Duration::from_secs(within)))?;
    println!("left={}", work.left.borrow().len());
    println!("unknown={}", work.unknown.borrow().lines().count());
    println!("refused={}", work.refused.get());
    println!("slowest_refusal_ms={}", work.slowest_refusal.get().as_millis());
    if let Some(file) = unknown {
        write_lines(file, &work.unknown)?;
    }
    write_lines(options.text("acknowledged")?, &work.done)
}

fn write_lines(file: &str, lines: &RefCell<String>) -> Result<(), String> {
    std::fs::write(file, lines.borrow().as_str()).map_err(|e| format!("{file}: {e}"))
}

async fn send(address: SocketAddr, work: Rc<Work>, within: Duration) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let all = Stopwatch::start();
    let Ok(mut connection) = Connection::open(address).await else { return Ok(tally) };
    while all.elapsed() < within {
        let Some(draft) = work.left.borrow_mut().pop() else { break };
        let watch = Stopwatch::start();
        let Ok(answer) = connection.ask(&draft.post(address)).await else {
            work.unknown.borrow_mut().push_str(&draft.line(""));
            break;
        };
        let location = answer.header("location").unwrap_or_default();
        if answer.status == 303 && case_id(location).is_some() {
            tally.good(watch.elapsed());
            work.done.borrow_mut().push_str(&draft.line(location));
        } else if answer.status == 503 && work.outages {
            work.unknown.borrow_mut().push_str(&draft.line(""));
            work.refused.set(work.refused.get() + 1);
            work.slowest_refusal.set(work.slowest_refusal.get().max(watch.elapsed()));
            tokio::time::sleep(PAUSE).await;
        } else {
            tally.bad(format!("{} → {location} {}", draft.path, answer.beginning()));
        }
    }
    Ok(tally)
}

/// Sends each draft of `--drafts`, whose outcome nobody knows, twice more: both answers must name the one case that it
/// is, stored before or not. Writes them to `--acknowledged`.
pub(crate) fn again(options: &Options) -> Result<(), String> {
    let address = drive::address(options)?;
    let work = Rc::new(Work { left: read(options, "drafts")?.into(), ..Work::default() });
    drive::all(options, |_| repeat(address, Rc::clone(&work)))?;
    println!("stored={}", work.stored.get());
    write_lines(options.text("acknowledged")?, &work.done)
}

async fn repeat(address: SocketAddr, work: Rc<Work>) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut connection = Connection::open(address).await?;
    loop {
        let Some(draft) = work.left.borrow_mut().pop() else { return Ok(tally) };
        let expected = draft.expected().ok_or_else(|| format!("not a draft's address: {}", draft.path))?;
        let watch = Stopwatch::start();
        let before = connection.ask(&draft.get_receipt(address, &expected)).await?.status;
        work.stored.set(work.stored.get() + u64::from(before == 200));
        let mut wrong = (before != 200 && before != 404)
            .then(|| format!("{expected} gave {before} before it was sent again"));
        for _ in 0..2 {
            let answer = connection.ask(&draft.post(address)).await?;
            let location = answer.header("location").unwrap_or_default();
            if case_id(location).is_none_or(|id| case_id(&expected) != Some(id)) {
                wrong = Some(format!("{} again → {location} {}", draft.path, answer.beginning()));
            }
        }
        match wrong {
            Some(why) => tally.bad(why),
            None => {
                tally.good(watch.elapsed());
                work.done.borrow_mut().push_str(&draft.line(&expected));
            }
        }
    }
}

/// Checks each line of `--acknowledged`: its receipt is there, sending it again gives the same case, and no two
/// drafts share one.
pub(crate) fn check(options: &Options) -> Result<(), String> {
    let address = drive::address(options)?;
    let drafts = read(options, "acknowledged")?;
    let cases: BTreeSet<&str> = drafts.iter().filter_map(|draft| case_id(&draft.location)).collect();
    println!("acknowledged={}\ncases={}", drafts.len(), cases.len());
    let work = Rc::new(Work { left: drafts.into(), ..Work::default() });
    drive::all(options, |_| look(address, Rc::clone(&work)))
}

async fn look(address: SocketAddr, work: Rc<Work>) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut connection = Connection::open(address).await?;
    loop {
        let Some(draft) = work.left.borrow_mut().pop() else { return Ok(tally) };
        let watch = Stopwatch::start();
        let answer = connection.ask(&draft.get_receipt(address, &draft.location)).await?;
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
    fn a_drafts_case_has_its_id() {
        let draft = Draft::read("/apply/01890b/check\tsession=a\tcsrf=b").unwrap();
        let receipt = draft.expected().unwrap();
        assert_eq!(receipt, "/me/cases/01890b/receipt");
        let again = Draft::read(draft.line(&receipt).trim_end()).unwrap();
        assert_eq!((again.form.as_str(), again.location), ("csrf=b", receipt));
        assert_eq!(Draft::read("/me/1/check\ta\tb").unwrap().expected(), None);
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
