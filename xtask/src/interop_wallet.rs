//! A wallet of others' code against a running server: it gets a certificate by OpenID4VCI and shows it by OpenID4VP.

use std::process::{Command, Stdio};

use crate::cargo::{self, check};
use crate::paths;
use crate::report::Report;
use crate::scratch::Scratch;
use crate::server::{Server, Setting};

const WALLET: &str = "a wallet with @openid4vc against a running server";

/// The step; Node.js and the packages are there.
pub(crate) fn step(report: &mut Report) {
    report.step(WALLET, talk);
}

/// Leaves it out aloud.
pub(crate) fn skip(report: &mut Report, why: &str) {
    report.skip(WALLET, why);
}

fn talk() -> Result<(), String> {
    cargo::run(&["build", "-p", "shengshi"], &[])?;
    let scratch = Scratch::new("wallet")?;
    let data = scratch.path().join("data");
    let server = Server::start(Setting { profile: "debug", data, database: None, more: Vec::new() })?;
    let mut node = Command::new("node");
    node.arg("wallet.mjs").arg(format!("http://{}", server.address));
    node.current_dir(paths::root().join("interop")).stdin(Stdio::null());
    check(&mut node, "node wallet.mjs (in interop)").map_err(|what| server.trouble(&what))
}
