//! People sign in to the built program through oidc-provider, a certified OpenID provider: `interop/relying.mjs`.

use std::process::{Command, Stdio};

use crate::cargo::{self, check};
use crate::paths;
use crate::report::Report;

/// The check as a step of a longer run. The packages from npm are there.
pub(crate) fn step(report: &mut Report) {
    const NAME: &str = "signing in through oidc-provider, a certified OpenID provider";
    if report.step("the program that people sign in to", || cargo::run(&["build", "-p", "shengshi"], &[])) {
        report.step(NAME, sign_in);
    } else {
        report.skip(NAME, "the program was not built");
    }
}

fn sign_in() -> Result<(), String> {
    let program = paths::built("debug", "shengshi")?;
    let mut node = Command::new("node");
    node.current_dir(paths::root().join("interop")).arg("relying.mjs").arg(program).stdin(Stdio::null());
    check(&mut node, "node relying.mjs (in interop)")
}
