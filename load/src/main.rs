//! Load for measurements and for the crash test: asks a server of ours as fast as it answers, over connections kept
//! open, one request at a time on each, and believes no answer that it has not read. `cargo xtask bench` and
//! `cargo xtask crash` start it; it prints `name=value` lines for them.
//!
//! It sends to loopback addresses only, and every run is bounded in count and time.

use std::collections::HashMap;
use std::process::ExitCode;

mod connection;
mod drive;
mod get;
mod hello;
mod seed;
mod submit;
mod tally;

const USAGE: &str = "\
load hello  --listen ADDRESS
load get    --address ADDRESS --asks FILE --seconds N --connections N
load seed   --address ADDRESS --item CODE --drafts N --out FILE --connections N [--first N]
load submit --address ADDRESS --drafts FILE --acknowledged FILE --connections N [--seconds N] [--unknown FILE]
load again  --address ADDRESS --drafts FILE --acknowledged FILE --connections N
load check  --address ADDRESS --acknowledged FILE --connections N
";

/// The words after the verb: `--name value` pairs.
pub(crate) struct Options(HashMap<String, String>);

impl Options {
    fn read(words: &[String]) -> Result<Self, String> {
        let mut pairs = HashMap::new();
        for pair in words.chunks(2) {
            match pair {
                [name, value] if name.starts_with("--") => {
                    pairs.insert(name.trim_start_matches("--").to_owned(), value.clone())
                }
                _ => return Err(format!("not understood: {}\n{USAGE}", pair.join(" "))),
            };
        }
        Ok(Self(pairs))
    }

    /// The value of `--name`, or an error that names it.
    pub(crate) fn text(&self, name: &str) -> Result<&str, String> {
        self.0.get(name).map(String::as_str).ok_or_else(|| format!("--{name} is missing\n{USAGE}"))
    }

    /// The whole number after `--name`.
    pub(crate) fn number(&self, name: &str) -> Result<u64, String> {
        self.text(name)?.parse().map_err(|_| format!("--{name} takes a whole number"))
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("load: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<(), String> {
    let Some((verb, rest)) = words.split_first() else { return Err(USAGE.to_owned()) };
    let options = Options::read(rest)?;
    match verb.as_str() {
        "hello" => hello::serve(&options),
        "get" => get::run(&options),
        "seed" => seed::run(&options),
        "submit" => submit::submit(&options),
        "again" => submit::again(&options),
        "check" => submit::check(&options),
        _ => Err(format!("there is no {verb}\n{USAGE}")),
    }
}
