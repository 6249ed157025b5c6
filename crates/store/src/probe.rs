//! The seam of the deterministic simulation: a probe is asked at every point at which a crash matters.
//!
//! Without one nothing is done at these points. With one, the writer's lane waits for what it returns:
//! a probe that never returns leaves the lane standing there, so that the simulator can drop everything
//! ([`Store::crash`](crate::Store::crash)) and open the database again; one that returns an error makes
//! the lane behave as on a failing disk: its connection is dropped, and nobody of that batch is told that
//! anything was stored, though after [`Point::BeforeCommit`] it may have been.
//!
//! Besides, nothing in the writers depends on chance or on the time of day: lanes are chosen by a fixed
//! hash, a batch is in the order of its cases, and a batch that lost a serialisation race runs again
//! without a pause. The two waits that remain (a place in a full queue, a locked database) end in
//! [`Error::Busy`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::Error;

/// Where the probe is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// Before a batch's transaction begins.
    BeforeBatch,
    /// After a batch's statements, before COMMIT.
    BeforeCommit,
    /// After COMMIT.
    Committed,
    /// Effects are claimed and on the disk as such; the worker has not got them yet.
    Claimed,
    /// Before the callers of a stored batch are answered.
    Answer,
}

/// What a probe returns.
pub type ProbeFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// Told where the writer stands.
///
/// [`Error::Stopped`] ends all writing until the store is opened again, [`Error::Busy`] and
/// [`Error::Full`] only the batch.
pub trait Probe: Send + Sync {
    /// The writer stands at `point` and waits.
    fn at<'a>(&'a self, point: Point) -> ProbeFuture<'a>;
}

impl fmt::Debug for dyn Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Probe")
    }
}
