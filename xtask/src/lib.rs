//! Chores of the workspace, run as `cargo xtask CHORE`. This room sets up, starts and measures the other rooms from
//! outside, as programs; it links none of them, so that it compiles in seconds on a fresh machine.

use std::process::ExitCode;

mod args;
mod cargo;
mod clock;
mod paths;
mod postgres;
mod report;
mod scratch;
mod service;
mod test;
mod tools;

const USAGE: &str = "\
Chores of the workspace.

  cargo xtask test [--quick]    set up what the tests need and pass them all;
                                --quick leaves out the browser and PostgreSQL
";

/// Runs the chore that the arguments (without the program's name) ask for, and says how it went.
#[must_use]
pub fn main(args: &[String]) -> ExitCode {
    let (chore, rest) = match args.split_first() {
        Some((chore, rest)) => (chore.as_str(), rest),
        None => ("help", args),
    };
    let outcome = match chore {
        "test" => test::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(true)
        }
        other => Err(format!("there is no chore called {other}\n\n{USAGE}")),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
