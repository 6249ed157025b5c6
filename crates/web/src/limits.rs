//! Bounds on what one client may send. Each is named here.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

/// Largest body of an ordinary form, in bytes.
pub(crate) const FORM_BYTES: usize = 256 * 1024;
/// Largest body of an upload form, in bytes: a few of the largest files.
pub(crate) const UPLOAD_BYTES: usize = 64 * 1024 * 1024;
/// Longest query, in characters.
pub(crate) const QUERY_CHARS: usize = 100;
/// Guides and lists kept rendered: as many as the catalogue has, about 6 kB each.
pub(crate) const KEPT_PAGES: usize = 20_000;
/// Searches kept rendered, about 12 kB each: most people search for the same few hundred things.
pub(crate) const KEPT_SEARCHES: usize = 2_000;
/// When this many keys are remembered, idle ones are forgotten.
const KEYS: usize = 100_000;

/// Counters of writes, by person and by address.
pub(crate) struct Limits {
    people: Option<DefaultKeyedRateLimiter<Uuid>>,
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Limits {
    pub(crate) fn new(writes_per_minute: u32) -> Self {
        let quota = NonZeroU32::new(writes_per_minute).map(Quota::per_minute);
        Self { people: quota.map(RateLimiter::keyed), addresses: quota.map(RateLimiter::keyed) }
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
