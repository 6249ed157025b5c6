//! The gate at every probe point: a server's writer stands there until the scheduler lets it go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use domain::{Clock, ManualClock, Timestamp, from_micros, micros};
use store::{Error, Point, Probe, ProbeFuture};
use tokio::sync::{mpsc, oneshot};

use crate::asks::Done;

/// What the scheduler hears.
pub(crate) enum Signal {
    /// A writer stands at a point.
    Parked { server: usize, at: Parked },
    /// A server's task has come to its end.
    Done { server: usize, done: Done },
}

/// A writer that waits, and how to let it go on: with success, or with what the disk says.
pub(crate) struct Parked {
    pub(crate) point: Point,
    pub(crate) go: oneshot::Sender<Result<(), Error>>,
}

/// One server's gate.
pub(crate) struct Gate {
    pub(crate) server: usize,
    /// Nobody is stopped: before the trouble begins and after it is over.
    pub(crate) open: Arc<AtomicBool>,
    pub(crate) signals: mpsc::UnboundedSender<Signal>,
}

impl Probe for Gate {
    fn at<'a>(&'a self, point: Point) -> ProbeFuture<'a> {
        Box::pin(async move {
            if self.open.load(Ordering::SeqCst) {
                return Ok(());
            }
            let (go, wait) = oneshot::channel();
            let signal = Signal::Parked { server: self.server, at: Parked { point, go } };
            if self.signals.send(signal).is_err() {
                return Err(Error::Stopped);
            }
            wait.await.unwrap_or(Err(Error::Stopped))
        })
    }
}

/// A server's clock: the true time, and by how much it is wrong.
pub(crate) struct SimClock {
    pub(crate) truth: Arc<ManualClock>,
    pub(crate) wrong_by: AtomicI64,
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        from_micros(micros(self.truth.now()) + self.wrong_by.load(Ordering::SeqCst))
    }
}
