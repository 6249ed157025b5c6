//! Telling the platform, one request after another.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;
use std::{fs, io, thread};

use serde::Deserialize;
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{Response, StatusCode};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::files;
use crate::outbox::{Outbox, Waiting};
use crate::say::complain;

/// Reports in one request, the most that the platform takes.
const BATCH: usize = 100;
/// An answer of the platform, in bytes.
const MOST_ANSWER: u64 = 4 << 20;
/// One request, all in all.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where reports go.
pub(crate) struct Platform {
    agent: Agent,
    server: String,
    credential: String,
}

/// Why sending stopped for now.
#[derive(Debug)]
pub(crate) enum Halt {
    /// Away, busy, or in trouble: the same is sent again, after the time it asked for.
    Away(String, Option<Duration>),
    /// It does not know this station.
    Unknown,
    /// The disk.
    Own(String),
}

/// How a unit stands, in the platform's words.
#[derive(Debug, Deserialize)]
pub(crate) struct Stands {
    pub(crate) number: String,
    pub(crate) decision: String,
    #[serde(default)]
    pub(crate) wanted: Vec<String>,
}

impl Platform {
    /// # Errors
    /// When the address is none, or would carry the credential over a network in clear, or a file cannot be read.
    pub(crate) fn new(server: &str, credential: &Path, authority: Option<&Path>) -> Result<Self, String> {
        let server = server.trim_end_matches('/').to_owned();
        let uri: ureq::http::Uri = server.parse().map_err(|_| format!("{server} is no address"))?;
        let is_here = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_here => {}
            Some("http") => return Err(format!("{server}: the credential would travel in clear; use https")),
            _ => return Err(format!("{server} is no address such as https://fuwu.example.gov.cn")),
        }
        let text = files::text(credential)?;
        let credential = text.trim().to_owned();
        if credential.is_empty() || credential.chars().any(|c| !c.is_ascii_graphic()) {
            return Err("the file of the credential holds none".to_owned());
        }
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .user_agent("shengshi-station");
        if let Some(path) = authority {
            let pem = files::read(path, 1 << 20)?;
            let certificates: Vec<_> = ureq::tls::parse_pem(&pem)
                .filter_map(|item| match item {
                    Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(certificate),
                    _ => None,
                })
                .collect::<Vec<Certificate<'static>>>();
            if certificates.is_empty() {
                return Err(format!("{}: no certificate in PEM", path.display()));
            }
            let roots = RootCerts::new_with_certs(&certificates);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Self { agent: config.build().into(), server, credential })
    }

    /// Sends what waits, oldest first, at most one batch. `told` hears how each unit stands. How many were taken off.
    ///
    /// # Errors
    /// When the rest has to wait.
    pub(crate) fn send(
        &self,
        outbox: &Outbox,
        mut told: impl FnMut(&Waiting, &Stands),
    ) -> Result<usize, Halt> {
        let waiting = outbox.some(BATCH).map_err(Halt::Own)?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let reports: Vec<&crate::report::Report> = waiting.iter().map(|(_, one)| &one.report).collect();
        let answer = self.post("/api/v1/stations/inspections", &json!({ "reports": reports }))?;
        let results = answer.get("results").and_then(Value::as_array);
        let results = results.filter(|results| results.len() == waiting.len());
        let results = results.ok_or_else(|| Halt::Away("its answer is none to reports".to_owned(), None))?;
        let mut sent = 0;
        for ((path, one), result) in waiting.iter().zip(results) {
            match serde_json::from_value::<Stands>(result.clone()) {
                Ok(stands) => {
                    for wanted in &stands.wanted {
                        self.give(outbox, one, wanted)?;
                    }
                    told(one, &stands);
                    outbox.done(path).map_err(Halt::Own)?;
                    sent += 1;
                }
                Err(_) => self.judge(outbox, path, result)?,
            }
        }
        Ok(sent)
    }

    /// A report that was not taken: for now, or ever.
    fn judge(&self, outbox: &Outbox, path: &Path, problem: &Value) -> Result<(), Halt> {
        let status = problem.get("status").and_then(Value::as_u64).unwrap_or(500);
        let detail = problem.get("detail").and_then(Value::as_str).unwrap_or("no reason").to_owned();
        if status >= 500 || status == 429 {
            return Err(Halt::Away(detail, None));
        }
        complain!("the platform refuses {}: {detail}; it is put aside", path.display());
        outbox.refuse(path, &detail).map_err(Halt::Own)
    }

    /// Gives a picture that whoever looks will want.
    fn give(&self, outbox: &Outbox, one: &Waiting, wanted: &str) -> Result<(), Halt> {
        let name = if wanted == one.report.test_picture {
            &one.picture
        } else if wanted == one.report.template_picture {
            &one.template
        } else {
            return Ok(());
        };
        let bytes = match kept(&outbox.picture(name)) {
            Ok(bytes) => bytes,
            // Somebody deleted it: the report stands without it, and what waits behind it goes out.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                complain!("the platform wants the picture {name}, which is no longer here");
                return Ok(());
            }
            Err(error) => return Err(Halt::Own(format!("{name}: {error}"))),
        };
        let kind = if name.ends_with(".png") { "image/png" } else { "image/jpeg" };
        let url = format!("{}/api/v1/stations/pictures/{wanted}", self.server);
        let request = self.agent.put(url).header("Authorization", self.bearer()).header("Content-Type", kind);
        let response = request.send(&bytes[..]).map_err(away)?;
        match response.status() {
            status if status.is_success() => Ok(()),
            // It is no picture, or too large: the report stands without it.
            StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNPROCESSABLE_ENTITY => {
                complain!("the platform does not take the picture {name}");
                Ok(())
            }
            _ => Err(halt(response)),
        }
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Halt> {
        let request =
            self.agent.post(format!("{}{path}", self.server)).header("Authorization", self.bearer());
        let request = request.header("Content-Type", "application/json");
        read(request.send(body.to_string().as_bytes()).map_err(away)?)
    }

    /// Asks for something.
    ///
    /// # Errors
    /// When it is not to be had now.
    pub(crate) fn get(&self, path: &str) -> Result<Value, Halt> {
        let request = self.agent.get(format!("{}{path}", self.server));
        read(request.header("Authorization", self.bearer()).call().map_err(away)?)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.credential)
    }
}

/// The JSON of an answer, of at most [`MOST_ANSWER`] bytes.
fn read(mut response: Response<ureq::Body>) -> Result<Value, Halt> {
    if !response.status().is_success() {
        return Err(halt(response));
    }
    let text = response.body_mut().with_config().limit(MOST_ANSWER).read_to_string().map_err(away)?;
    serde_json::from_str(&text).map_err(|error| Halt::Away(format!("its answer is no JSON: {error}"), None))
}

fn away(error: ureq::Error) -> Halt {
    Halt::Away(error.to_string(), None)
}

fn halt(mut response: Response<ureq::Body>) -> Halt {
    if response.status() == StatusCode::UNAUTHORIZED {
        return Halt::Unknown;
    }
    let after = response.headers().get("retry-after").and_then(|text| text.to_str().ok()?.parse().ok());
    let text = response.body_mut().with_config().limit(MOST_ANSWER).read_to_string().unwrap_or_default();
    let detail = serde_json::from_str::<Value>(&text).ok();
    let detail = detail.and_then(|problem| Some(problem.get("detail")?.as_str()?.to_owned()));
    let detail = detail.unwrap_or_else(|| format!("it answered {}", response.status()));
    Halt::Away(detail, after.map(|seconds: u64| Duration::from_secs(seconds.min(600))))
}

/// A picture that the line keeps. Its report is on the disk a moment before it: where it is not there, it is looked for again.
fn kept(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path).or_else(|error| {
        if error.kind() == ErrorKind::NotFound {
            thread::sleep(Duration::from_secs(1));
            return fs::read(path);
        }
        Err(error)
    })
}
