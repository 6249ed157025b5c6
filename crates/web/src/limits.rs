//! Bounds on what one client may send. Each is named here.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// Largest body of an ordinary form, in bytes.
pub(crate) const FORM_BYTES: usize = 256 * 1024;
/// Largest body of an upload form, in bytes: a few of the largest files.
pub(crate) const UPLOAD_BYTES: usize = 64 * 1024 * 1024;
/// Longest query, in characters.
pub(crate) const QUERY_CHARS: usize = 100;
/// Longest value of a filter, in characters: no code of a pack is longer.
pub(crate) const FILTER_CHARS: usize = 64;
/// Largest body of a call with reports of a station, in bytes: a hundred of the longest.
pub(crate) const REPORTS_BYTES: usize = 2 * 1024 * 1024;
/// Largest picture of a station, in bytes.
pub(crate) const STATION_PICTURE_BYTES: usize = app::MAX_FILE_BYTES;
/// Exports of all data at once; whoever comes then is asked to come again.
pub(crate) const EXPORTS: usize = 4;
/// Maps of lots at once, 20 MB each at most.
pub(crate) const MAPS: usize = 4;
/// Memory of all forms with files together, in KiB; whoever comes when it is full is asked to come again.
pub(crate) const UPLOADS_KIB: usize = 1024 * 1024;
/// How long one form with files may take to arrive.
pub(crate) const UPLOAD_TIME: Duration = Duration::from_secs(300);
/// Guides and lists kept rendered: as many as the catalogue has, about 6 kB each.
pub(crate) const KEPT_PAGES: usize = 20_000;
/// Searches kept rendered, about 12 kB each: most people search for the same few hundred things.
pub(crate) const KEPT_SEARCHES: usize = 2_000;
/// Most registrations of one officer at a window in an hour: a queue at a counter is slower.
const WINDOW_PER_HOUR: NonZeroU32 = NonZeroU32::new(30).expect("30 is not 0");
/// Reports and pictures of one station in a second, over time: four times what a quick line makes, so that one that
/// was away catches up.
const STATION_PER_SECOND: NonZeroU32 = NonZeroU32::new(400).expect("400 is not 0");
/// The same at once.
const STATION_AT_ONCE: NonZeroU32 = NonZeroU32::new(2_000).expect("2,000 is not 0");
/// When this many keys are remembered, idle ones are forgotten.
const KEYS: usize = 100_000;

/// Counters of writes, by person and by address.
pub(crate) struct Limits {
    people: Option<DefaultKeyedRateLimiter<Uuid>>,
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    windows: DefaultKeyedRateLimiter<Uuid>,
    stations: DefaultKeyedRateLimiter<Uuid>,
}

impl Limits {
    pub(crate) fn new(writes_per_minute: u32) -> Self {
        let quota = NonZeroU32::new(writes_per_minute).map(Quota::per_minute);
        let windows = RateLimiter::keyed(Quota::per_hour(WINDOW_PER_HOUR));
        let stations = RateLimiter::keyed(Quota::per_second(STATION_PER_SECOND).allow_burst(STATION_AT_ONCE));
        Self {
            people: quota.map(RateLimiter::keyed),
            addresses: quota.map(RateLimiter::keyed),
            windows,
            stations,
        }
    }

    /// Whether this person may write now.
    pub(crate) fn person(&self, person: Uuid) -> bool {
        self.people.as_ref().is_none_or(|limiter| {
            if limiter.len() > KEYS {
                limiter.retain_recent();
            }
            limiter.check_key(&person).is_ok()
        })
    }

    /// Whether this officer may register somebody now.
    pub(crate) fn window(&self, officer: Uuid) -> bool {
        self.windows.check_key(&officer).is_ok()
    }

    /// Whether this station may send so many reports or pictures now.
    pub(crate) fn station(&self, station: Uuid, units: u32) -> bool {
        let units = NonZeroU32::new(units).unwrap_or(NonZeroU32::MIN);
        matches!(self.stations.check_key_n(&station, units), Ok(Ok(())))
    }

    /// Whether somebody at this address who is not signed in may write now.
    pub(crate) fn address(&self, address: IpAddr) -> bool {
        self.addresses.as_ref().is_none_or(|limiter| {
            if limiter.len() > KEYS {
                limiter.retain_recent();
            }
            limiter.check_key(&address).is_ok()
        })
    }
}

/// Memory for forms with files while they are read and kept.
pub(crate) struct Room(Arc<Semaphore>);

impl Room {
    pub(crate) fn of_kib(kib: usize) -> Self {
        Self(Arc::new(Semaphore::new(kib)))
    }

    /// A place for one form, empty as yet.
    pub(crate) fn enter(&self) -> Held {
        Held { room: self.0.clone(), taken: Vec::new(), free: 0 }
    }
}

/// What one form has taken of the room; given back when dropped.
pub(crate) struct Held {
    room: Arc<Semaphore>,
    taken: Vec<OwnedSemaphorePermit>,
    /// Bytes taken and not yet used.
    free: usize,
}

impl Held {
    /// Taken at once, in KiB, so that small pieces cost nothing.
    const STEP: u32 = 64;

    /// Takes so many bytes more; false when the room is full.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        while self.free < bytes {
            let Ok(permit) = self.room.clone().try_acquire_many_owned(Self::STEP) else { return false };
            self.taken.push(permit);
            self.free += Self::STEP as usize * 1024;
        }
        self.free -= bytes;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, Room};

    #[test]
    fn a_room_is_given_back_with_the_form() {
        let room = Room::of_kib(2 * Held::STEP as usize);
        let (mut one, mut other) = (room.enter(), room.enter());
        assert!(one.take(1) && one.take(60_000), "small pieces share a step");
        assert!(other.take(1) && !other.take(100_000) && !one.take(10_000), "the room is full");
        drop(other);
        assert!(one.take(10_000), "what the other held is free again");
    }
}
