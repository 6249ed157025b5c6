//! Time as an argument.

use std::sync::atomic::{AtomicI64, Ordering};

pub use jiff::Timestamp;

/// Where "now" comes from. Only the binary owns a real one; tests and the walk turn a [`ManualClock`].
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> Timestamp;
}

/// Microseconds since 1970-01-01T00:00:00Z, the form in which instants are stored.
#[must_use]
pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The instant for stored microseconds; what cannot be an instant becomes the nearest one.
#[must_use]
pub fn from_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// A clock that moves only when told.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock standing at `at`.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(micros(at)))
    }

    /// Puts the clock to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(micros(at), Ordering::SeqCst);
    }

    /// Puts the clock to `at` unless it is later already.
    pub fn advance_to(&self, at: Timestamp) {
        self.0.fetch_max(micros(at), Ordering::SeqCst);
    }

    /// Moves the clock on by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        from_micros(self.0.load(Ordering::SeqCst))
    }
}
