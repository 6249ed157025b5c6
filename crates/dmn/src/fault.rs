//! What is wrong with a file.

use std::fmt;

use serde::Serialize;

/// Something wrong or doubtful in a DMN file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line in the file, from 1.
    pub line: u32,
    /// Where in the model, such as `decision 'Eligibility' / rule 3 / input 2`.
    pub path: String,
    /// What is wrong, why, and what to write instead.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.path, self.what)
    }
}
