//! HTTP: parse, call one use case, render. Nothing here decides anything about a case.
//!
//! Every page works without script. Every state change is a POST that carries the session's token. What is
//! personal is never put into a shared cache.

mod api;
mod cross;
mod failure;
mod forms;
mod guard;
mod json;
mod limits;
mod origin;
mod pages;
mod routes;
mod shelf;
mod site;
pub mod view;
mod visitor;
mod zip;

pub use origin::{BadOrigin, Origin};
pub use routes::router;
pub use site::{Config, Site};
