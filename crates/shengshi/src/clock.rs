//! The one real clock.

use domain::{Clock, Timestamp, from_micros, micros};

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time enters the program")]
    fn now(&self) -> Timestamp {
        // The record keeps microseconds: a finer time would not come back from it, and a replayed case would differ.
        from_micros(micros(Timestamp::now()))
    }
}
