//! What people see: templates, their typed contexts, texts in two languages, and the static files.
//!
//! This room turns plain, display-ready data into HTML and nothing else: it knows no HTTP, no database,
//! no clock and no right. A handler fills a context (one struct a page, [`Page`]) and the [`Chrome`]
//! around it; [`Views::render`] answers with the page. Every context has samples, so that one test
//! renders every template in both languages, in normal and in large type.

pub mod account;
pub mod apply;
mod assets;
pub mod case;
pub mod catalogue;
pub mod chart;
mod chrome;
pub mod desk;
pub mod desk_case;
mod engine;
mod error;
mod field;
pub mod format;
pub mod home;
pub mod identity;
pub mod item;
pub mod life;
pub mod line;
pub mod notices;
pub mod pages;
pub mod partners;
mod parts;
pub mod permissions;
pub mod privacy;
pub mod providers;
pub mod review;
pub mod stations;
#[cfg(test)]
mod tests;
mod texts;
pub mod ties;
pub mod wallet;
pub mod wallets_elsewhere;

pub use assets::{Asset, asset_url, assets};
pub use chrome::{Chrome, SignedIn};
pub use engine::{Kept, Page, Views};
pub use error::ViewError;
pub use field::{FieldErrorView, FieldView, OptionView, SummaryLine, WhenView};
pub use parts::{LimitView, Link, Paragraphs, Tx};
pub use texts::Arg;
