//! Who somebody is: what a provider vouches for, real-name levels, sessions and their bounds, and the
//! demonstration provider with its synthetic people.
//!
//! Policy and protocol only: no SQL, no network, no clock, no chance. Whoever calls brings the time and the
//! random bytes, and keeps what must be kept.

mod claims;
mod demo;
mod demo_people;
mod device;
mod officers;
mod provider;
mod session;
pub mod webauthn;

pub use claims::{Claims, RealNameLevel};
pub use demo::{DemoProvider, is_synthetic};
pub use demo_people::{DemoPerson, demo_people};
pub use device::{device_words, known_device};
pub use officers::{DemoOfficers, OfficerCard, OfficerDirectory, Post};
pub use provider::{Begin, Denied, Provider, Returned};
pub use session::{Principal, Proof, SessionKind, SessionPolicy};
