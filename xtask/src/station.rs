//! The station beside the real server, and with models that customers bring.
//!
//! Each command names the whole workspace: so every crate has the features that it has in the other steps, and nothing is compiled
//! again but the station itself.

use crate::report::Report;
use crate::{cargo, paths};

/// The tests that are left out of `cargo test`, since they need a program of another package.
const PLATFORM: [&str; 6] = ["test", "--workspace", "--test", "platform", "--", "--ignored"];

/// What the feature changes. Its library costs 21 seconds of processor time in a debug build, once.
const BROUGHT: [&str; 8] =
    ["--workspace", "--features", "station/onnx", "--test", "brought", "--test", "line", "--no-fail-fast"];
const LINTS: [&str; 10] = [
    "clippy",
    "--workspace",
    "--features",
    "station/onnx",
    "--bin",
    "shengshi-station",
    "--test",
    "brought",
    "--",
    "-Dwarnings",
];

/// Models in ONNX, then the line against the program itself, on SQLite.
pub(crate) fn steps(report: &mut Report) {
    report.step("models in ONNX: the station with its feature", || {
        cargo::run(&LINTS, &[])?;
        cargo::run(&[&["test"], &BROUGHT[..]].concat(), &[])
    });
    // The feature is off again after this build.
    report.step("a station beside the real server", || {
        cargo::run(&["build", "--workspace", "--bins"], &[])?;
        let server = paths::built("debug", "shengshi")?;
        cargo::run(&PLATFORM, &[("SHENGSHI_SERVER", &server.display().to_string())])
    });
}
