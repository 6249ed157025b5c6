//! Citizens signed in, each with an application that only waits to be sent: made as people make them, page by page.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::rc::Rc;

use crate::connection::{Answer, Connection};
use crate::tally::{Stopwatch, Tally};
use crate::{Options, drive};

/// Synthetic citizen numbers begin so; no area of the country has or had such a code.
const NOWHERE: &str = "990000";

/// What the forms of the catalogue's items ask for; whatever else is sent is ignored.
const ANSWERS: [(&str, &str); 6] = [
    ("applicant_kind", "person"),
    ("name", "示例·测量员"),
    ("mobile", "13000000009"),
    ("address", "示例省示例市示例路1号"),
    ("request", "申请办理，用于测量。"),
    ("statement", "yes"),
];

/// What all connections of a run share.
struct Work {
    address: SocketAddr,
    item: String,
    next: Cell<u64>,
    end: u64,
    made: RefCell<String>,
}

/// Makes `--drafts` applications for `--item`, the first for citizen number `--first`, and writes a line for each to
/// `--out`, as `load submit` reads them.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let first = options.number("first").unwrap_or(0);
    let work = Rc::new(Work {
        address: drive::address(options)?,
        item: options.text("item")?.to_owned(),
        next: Cell::new(first),
        end: first + options.number("drafts")?,
        made: RefCell::new(String::new()),
    });
    drive::all(options, |_| one_connection(Rc::clone(&work)))?;
    let file = options.text("out")?;
    std::fs::write(file, work.made.borrow().as_str()).map_err(|e| format!("{file}: {e}"))
}

async fn one_connection(work: Rc<Work>) -> Result<Tally, String> {
    let mut tally = Tally::default();
    loop {
        let citizen = work.next.get();
        if citizen >= work.end {
            return Ok(tally);
        }
        work.next.set(citizen + 1);
        let watch = Stopwatch::start();
        let mut browser = Browser::open(work.address).await?;
        match browser.application(&work.item, citizen).await {
            Ok(line) => {
                writeln!(work.made.borrow_mut(), "{line}").map_err(|e| e.to_string())?;
                tally.good(watch.elapsed());
            }
            Err(why) => tally.bad(format!("citizen {citizen}: {why}")),
        }
    }
}

/// A connection with cookies.
struct Browser {
    connection: Connection,
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
}

/// What is kept of an answer.
struct Page {
    status: u16,
    location: String,
    body: String,
}

impl Browser {
    async fn open(address: SocketAddr) -> Result<Self, String> {
        Ok(Self { connection: Connection::open(address).await?, address, cookies: BTreeMap::new() })
    }

    /// One citizen's way from signing in to the page with the last button.
    async fn application(&mut self, item: &str, citizen: u64) -> Result<String, String> {
        let number = citizen_number(citizen);
        let sign_in = self.get("/signin?back=/me").await?;
        let fields =
            [("csrf", csrf(&sign_in.body)?), ("name", ANSWERS[1].1), ("number", &number), ("back", "/me")];
        self.post("/signin", &form(&fields)).await?.redirected()?;
        let begin = format!("/items/{item}/apply");
        let mut at = self.send("GET", &begin, "text/plain", "").await?.redirected()?;
        for _ in 0..12 {
            let page = self.get(&at).await?;
            let token = csrf(&page.body)?;
            if at.ends_with("/materials") {
                at = self.post_parts(&at, &excuses(&page.body, token)).await?.redirected()?;
            } else if at.ends_with("/check") {
                let key = value_of(&page.body, "key").ok_or("the page to check has no key")?;
                let cookies = self.cookie_line();
                let sent = form(&[("csrf", token), ("key", key)]);
                return Ok(format!("{at}\t{cookies}\t{sent}"));
            } else {
                let mut fields = ANSWERS.to_vec();
                fields.extend([("csrf", token), ("citizen_number", &number)]);
                at = self.post(&at, &form(&fields)).await?.redirected()?;
            }
        }
        Err(format!("the application never came to its end: {at}"))
    }

    fn cookie_line(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    async fn get(&mut self, path: &str) -> Result<Page, String> {
        let page = self.send("GET", path, "text/plain", "").await?;
        if page.status == 200 {
            Ok(page)
        } else {
            Err(format!("GET {path}: {} {}", page.status, page.location))
        }
    }

    async fn post(&mut self, path: &str, body: &str) -> Result<Page, String> {
        self.send("POST", path, "application/x-www-form-urlencoded", body).await
    }

    async fn post_parts(&mut self, path: &str, fields: &[(String, String)]) -> Result<Page, String> {
        let mut body = String::new();
        for (name, value) in fields {
            let part =
                format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.push_str(&part);
        }
        body.push_str("--part--\r\n");
        self.send("POST", path, "multipart/form-data; boundary=part", &body).await
    }

    async fn send(&mut self, verb: &str, path: &str, kind: &str, body: &str) -> Result<Page, String> {
        let address = self.address;
        let cookies = self.cookie_line();
        let request = format!(
            "{verb} {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookies}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = self.connection.ask(request.as_bytes()).await?;
        let page = Page::from(&answer);
        let given: Vec<(String, String)> = answer.cookies().collect();
        self.cookies.extend(given);
        Ok(page)
    }
}

impl Page {
    fn from(answer: &Answer<'_>) -> Self {
        Self {
            status: answer.status,
            location: answer.header("location").unwrap_or_default().to_owned(),
            body: String::from_utf8_lossy(answer.body).into_owned(),
        }
    }

    /// Where the answer leads; anything but a redirection is an error that shows what the page complains about.
    fn redirected(self) -> Result<String, String> {
        if self.status == 303 {
            return Ok(self.location.split(['?', '#']).next().unwrap_or_default().to_owned());
        }
        let complaint = self.body.split("class=\"error").nth(1).unwrap_or(&self.body);
        Err(format!("{} {}", self.status, complaint.chars().take(300).collect::<String>()))
    }
}

/// The form token of a page.
fn csrf(html: &str) -> Result<&str, String> {
    value_of(html, "csrf").ok_or_else(|| "the page has no form token".to_owned())
}

/// The value of the hidden field of that name.
fn value_of<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// The form of the materials' page: no file, a reason why for each that may be left out.
fn excuses(html: &str, token: &str) -> Vec<(String, String)> {
    let mut fields = vec![("csrf".to_owned(), token.to_owned()), ("do".to_owned(), "continue".to_owned())];
    let names = html.split("name=\"excuse-").skip(1).filter_map(|rest| rest.split('"').next());
    fields.extend(names.map(|id| (format!("excuse-{id}"), "测量中不提交材料。".to_owned())));
    fields
}

/// Fields as a browser sends them.
fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
    pairs.join("&")
}

fn percent_encoded(text: &str) -> String {
    let mut out = String::new();
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A citizen number of nobody: each `n` gives another one.
fn citizen_number(n: u64) -> String {
    let (order, rest) = (n % 1000, n / 1000);
    let (day, rest) = (rest % 28 + 1, rest / 28);
    let (month, rest) = (rest % 12 + 1, rest / 12);
    let year = 1940 + rest % 60;
    let body = format!("{NOWHERE}{year:04}{month:02}{day:02}{order:03}");
    format!("{body}{}", check_character(&body))
}

/// The check character of GB 11643 for the first 17 digits.
fn check_character(body: &str) -> char {
    const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let sum: u64 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
    char::from(CHECKS[(sum % 11) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citizen_number_has_its_check_character() {
        assert_eq!(check_character("11010519491231002"), 'X', "the standard's own example");
        assert_eq!(citizen_number(0), "990000194001010006");
        assert_ne!(citizen_number(0), citizen_number(1));
        assert_ne!(citizen_number(999), citizen_number(1000));
    }

    #[test]
    fn the_materials_form_excuses_what_the_page_asks_for() {
        let html = r#"<textarea name="excuse-m1"></textarea><textarea name="excuse-m2"></textarea>"#;
        let names: Vec<String> = excuses(html, "t").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["csrf", "do", "excuse-m1", "excuse-m2"]);
    }

    #[test]
    fn a_form_token_is_read_from_the_page() {
        assert_eq!(csrf(r#"<input type="hidden" name="csrf" value="abc">"#), Ok("abc"));
        assert!(csrf("<p>no form</p>").is_err());
    }
}
