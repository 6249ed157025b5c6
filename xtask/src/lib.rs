//! Chores of the workspace, run as `cargo xtask CHORE`. This room sets up, starts and measures the other rooms from
//! outside, as programs; it links none of them, so that it compiles in seconds on a fresh machine.

use std::path::Path;
use std::process::ExitCode;

use args::Args;

mod args;
mod bench;
mod browser;
mod build_cost;
mod cargo;
mod clock;
mod crash;
mod interop;
mod interop_oidc;
mod interop_pdf;
mod interop_relying;
mod interop_wallet;
mod load;
mod machine;
pub mod make_packs;
mod mutants;
mod paths;
mod postgres;
mod report;
mod scratch;
mod server;
mod service;
mod simulate;
mod station;
mod test;
mod tools;

const USAGE: &str = "\
Chores of the workspace.

  cargo xtask test [--quick]    set up what the tests need and pass them all;
                                --quick leaves out the browser and PostgreSQL
  cargo xtask interop           others' libraries (npm, PyPI) read what we sign, and we read theirs
  cargo xtask bench [--quick] [--json] [--record]
                                pages, searches, durable submissions, pictures judged a second beside their floors;
                                --record appends the figures to docs/performance.md
  cargo xtask bench --station   the station's figures alone; --quick, --json and --record as above
  cargo xtask bench --build     what a release build from nothing costs, and the dearest crates
  cargo xtask crash --cycles N [--seed S] [--postgres] [--debug]
                                kill the server, and with --postgres also the database or both, during
                                submissions: none acknowledged may be lost, all must be ready again in time
  cargo xtask simulate [--seeds N] [--from S] [--seed S] [--trace]
                                two servers under a seeded scheduler that crashes them; the first seed
                                that breaks an invariant is printed with how to repeat it
  cargo xtask simulate --mutants [--only NAME] [--seeds N]
                                plants the bugs of simulate/mutants one by one; each must be found
  cargo xtask interop-pdf       sealed PDF files before pyHanko, poppler, qpdf and PDFBox Preflight
  cargo xtask make-packs --data DIR
                                writes the packs' CSV files again from their source data
";

/// Runs the chore that the arguments (without the program's name) ask for, and says how it went.
#[must_use]
pub fn main(args: &[String]) -> ExitCode {
    if let Some(code) = build_cost::as_compiler(args) {
        return code;
    }
    let (chore, rest) = match args.split_first() {
        Some((chore, rest)) => (chore.as_str(), rest),
        None => ("help", args),
    };
    let outcome = match chore {
        "test" => test::run(rest),
        "interop" => interop::run(rest),
        "bench" => bench::run(rest),
        "crash" => crash::run(rest),
        "simulate" => simulate::run(rest),
        "interop-pdf" if rest.is_empty() => interop_pdf::run().map(|()| true),
        "make-packs" => packs_from_data(rest),
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

fn packs_from_data(words: &[String]) -> Result<bool, String> {
    let mut args = Args::new(words);
    let data = args.value("--data")?.ok_or("--data DIR is missing: the folder with the source files")?;
    args.finish()?;
    make_packs::run(Path::new(&data), &paths::root().join("packs"))?;
    println!("the packs' files were written from {data}");
    Ok(true)
}
