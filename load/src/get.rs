//! Pages, asked for over and over for a bounded time.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use crate::connection::Connection;
use crate::tally::{Stopwatch, Tally};
use crate::{Options, drive};

/// A page to ask for and a text that only the right page holds.
struct Ask {
    request: Vec<u8>,
    path: String,
    marker: String,
}

/// Asks for the pages of `--asks` (lines of `path<TAB>marker`) in turn for `--seconds`.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let address = drive::address(options)?;
    let seconds = Duration::from_secs(options.number("seconds")?);
    let file = options.text("asks")?;
    let text = std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?;
    let asks: Result<Vec<Ask>, String> = text.lines().map(|line| ask(address, line)).collect();
    let asks = Rc::new(asks?);
    if asks.is_empty() {
        return Err(format!("{file} asks for nothing"));
    }
    let connections = usize::try_from(options.number("connections")?.max(1)).unwrap_or(1);
    // Spread over the whole list: were they close together, each would find what the one ahead of it had the
    // server keep, and a list longer than that keeps would measure nothing but kept pages.
    let start = |at: usize| at * asks.len() / connections;
    drive::all(options, |at| one_connection(address, Rc::clone(&asks), start(at), seconds))
}

fn ask(address: SocketAddr, line: &str) -> Result<Ask, String> {
    let (path, marker) = line.split_once('\t').ok_or_else(|| format!("no marker: {line}"))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Language: zh-CN\r\n\r\n");
    Ok(Ask { request: request.into_bytes(), path: path.to_owned(), marker: marker.to_owned() })
}

async fn one_connection(
    address: SocketAddr,
    asks: Rc<Vec<Ask>>,
    start: usize,
    within: Duration,
) -> Result<Tally, String> {
    let mut connection = Connection::open(address).await?;
    let mut tally = Tally::default();
    let all = Stopwatch::start();
    let mut next = start % asks.len();
    while all.elapsed() < within {
        let ask = &asks[next];
        next = (next + 1) % asks.len();
        let watch = Stopwatch::start();
        let answer = connection.ask(&ask.request).await?;
        if answer.status == 200 && answer.holds(&ask.marker) {
            tally.good(watch.elapsed());
        } else {
            tally.bad(format!("{} without {}: {}", ask.path, ask.marker, answer.beginning()));
        }
    }
    Ok(tally)
}
