//! The station beside the real server.

use crate::report::Report;
use crate::{cargo, paths};

/// The tests that are left out of `cargo test`, since they need a program of another package. The whole workspace is named so
/// that nothing is compiled again with other features.
const PLATFORM: [&str; 7] =
    ["test", "--workspace", "--test", "platform", "--", "--ignored", "--test-threads=3"];

/// Against the program itself, on SQLite.
pub(crate) fn steps(report: &mut Report) {
    report.step("a station beside the real server", || {
        cargo::run(&["build", "--workspace", "--bins"], &[])?;
        let server = paths::built("debug", "shengshi")?;
        cargo::run(&PLATFORM, &[("SHENGSHI_SERVER", &server.display().to_string())])
    });
}
