//! Inspection of circuits against a template.

pub mod network;
