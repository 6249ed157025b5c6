//! Many connections on one thread: the load must not take the core that the server is measured on.

use std::net::SocketAddr;

use crate::Options;
use crate::tally::{Stopwatch, Tally};

/// The most connections one run may open.
const MOST_CONNECTIONS: u64 = 1024;

/// The server's address from `--address`.
pub(crate) fn address(options: &Options) -> Result<SocketAddr, String> {
    let text = options.text("address")?;
    text.parse().map_err(|_| format!("{text} is no address such as 127.0.0.1:8080"))
}

/// Runs `work` once for each connection, all at once, and prints what they counted together.
pub(crate) fn all<F>(options: &Options, work: impl Fn(usize) -> F) -> Result<(), String>
where
    F: Future<Output = Result<Tally, String>> + 'static,
{
    let connections = options.number("connections")?.clamp(1, MOST_CONNECTIONS);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let watch = Stopwatch::start();
        let tasks: Vec<_> = (0..connections).map(|at| tokio::task::spawn_local(work(at as usize))).collect();
        let mut tally = Tally::default();
        for task in tasks {
            tally.add(task.await.map_err(|e| e.to_string())??);
        }
        tally.print(watch.elapsed());
        Ok(())
    })
}
