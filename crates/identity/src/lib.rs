//! Who somebody is: what a provider vouches for, real-name levels, sessions and their bounds, and the
//! demonstration provider with its synthetic people.
//!
//! Policy and protocol only: no SQL, no network, no clock, no chance. Whoever calls brings the time and the
//! random bytes, and keeps what must be kept.

mod claims;
mod company;
mod demo;
mod demo_people;
mod device;
mod kin;
mod officers;
pub mod oidc;
mod provider;
mod rights;
mod roster;
mod scope;
mod session;
mod tie;
pub mod webauthn;
mod wechat;

pub use claims::{Claims, RealNameLevel};
pub use company::{Company, CompanyRegister, DemoCompanies, demo_companies};
pub use demo::{DemoProvider, is_synthetic};
pub use demo_people::{DemoPerson, demo_people};
pub use device::{device_words, known_device};
pub use kin::{DemoChild, DemoKin, KinRegister, demo_children};
pub use officers::{DemoOfficers, OfficerCard, OfficerDirectory, Post};
pub use provider::{Answered, Begin, Denied, Provider, Returned, Visit};
pub use rights::{Barred, Subject, Who, may};
pub use roster::{Listed, Roster};
pub use scope::{MAX_SCOPE, Scope, Service};
pub use session::{Principal, Proof, SessionKind, SessionPolicy};
pub use tie::{Bond, Side, comes_of_age, is_minor, of_age_on};
pub use wechat::{API as WECHAT_API, MiniProgram, WechatFault};
