//! Cargo, called from a program that Cargo itself started.

use std::process::{Command, Stdio};

use crate::paths;

/// Variables that `cargo run` sets for us. Handed on, they would make build scripts (ring's, for one) run again.
fn is_ours_alone(name: &str) -> bool {
    const PREFIXES: [&str; 5] =
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"];
    name == "OUT_DIR" || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// `cargo` in the workspace's root, as if typed there by hand.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_ours_alone) {
            command.env_remove(name);
        }
    }
    command.current_dir(paths::root()).stdin(Stdio::null());
    command
}

/// Runs `cargo` with these words; its output goes to ours.
pub(crate) fn run(words: &[&str], env: &[(&str, &str)]) -> Result<(), String> {
    let mut command = cargo();
    command.args(words).envs(env.iter().copied());
    check(&mut command, &format!("cargo {}", words.join(" ")))
}

/// Runs a command to its end; anything but success is an error named `what`.
pub(crate) fn check(command: &mut Command, what: &str) -> Result<(), String> {
    println!("   $ {what}");
    let status = command.status().map_err(|e| format!("{what}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what} ended with {status}")) }
}
