//! Definitions of other systems become procedures and whole packs. Pure: text in, files and warnings out.

pub mod digit;
mod yaml;

pub use yaml::procedure as procedure_yaml;
