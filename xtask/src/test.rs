//! `cargo xtask test`: everything that must hold, from formatting to the browser.

use crate::args::Args;
use crate::browser::Looks;
use crate::postgres::Postgres;
use crate::report::Report;
use crate::{browser, cargo, crash, interop, mutants, paths, simulate, station, tools};

/// All of them, whichever fails first.
const TESTS: [&str; 3] = ["test", "--workspace", "--no-fail-fast"];

/// Seeds of the simulation.
const SEEDS: u64 = 25;

const QUICK: &str = "--quick was asked for";

/// Runs all tests; the answer is whether everything passed.
pub(crate) fn run(words: &[String]) -> Result<bool, String> {
    let mut args = Args::new(words);
    let quick = args.flag("--quick");
    args.finish()?;
    let mut report = Report::new();
    report.step("format: cargo fmt", || cargo::run(&["fmt", "--all", "--check"], &[]));
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    report.step("lints: cargo clippy", || cargo::run(&clippy, &[]));
    deny(&mut report);
    if quick {
        report.step("tests on SQLite: cargo test", || cargo::run(&TESTS, &[]));
        station::steps(&mut report);
        simulated(&mut report);
        report.skip("the planted bugs are found", QUICK);
        report.skip("tests on PostgreSQL", QUICK);
        report.skip("the talk with others' libraries", QUICK);
        report.skip("the story in a browser", QUICK);
    } else {
        full(&mut report);
    }
    Ok(report.finish())
}

fn deny(report: &mut Report) {
    let name = "licences and sources: cargo deny";
    if paths::in_path("cargo-deny").is_some() {
        report.step(name, || cargo::run(&["deny", "check", "licenses", "bans", "sources"], &[]));
    } else {
        report.skip(name, "cargo-deny is not installed (cargo install cargo-deny)");
    }
}

/// Two simulated servers, and whether the bugs to plant in them still fit the code.
fn simulated(report: &mut Report) {
    let seeds = ["--seeds".to_owned(), SEEDS.to_string()];
    report.step("the simulation", || simulate::seeds(&seeds));
    report.step("the planted bugs still apply", mutants::apply_to_the_tree);
}

/// The part that takes longer, and the one that needs servers and a browser from the machine.
fn full(report: &mut Report) {
    simulated(report);
    interop::steps(report);
    report.step("the planted bugs are found", || mutants::plant(None, mutants::SEEDS));
    report.step("what the tests need from this machine", tools::provide);
    let mut postgres = None;
    report.step("a throwaway PostgreSQL", || {
        postgres = Some(Postgres::start()?);
        Ok(())
    });
    let Some(mut postgres) = postgres else {
        report.step("tests on SQLite: cargo test", || cargo::run(&TESTS, &[]));
        station::steps(report);
        return;
    };
    report.step("tests on SQLite and PostgreSQL: cargo test", || {
        let url = postgres.database("tests")?;
        cargo::run(&TESTS, &[("SHENGSHI_TEST_POSTGRES", &url)])
    });
    station::steps(report);
    if report.step("the programs", || cargo::run(&["build", "--workspace", "--bins"], &[])) {
        with_server(report, &mut postgres);
    } else {
        report.skip("kill -9 during submissions", "the programs were not built");
        report.skip("the story in a browser", "the programs were not built");
    }
}

/// What is tested from outside, against the running program, on both databases.
fn with_server(report: &mut Report, postgres: &mut Postgres) {
    const CYCLES: u64 = 3;
    // How long it took to be ready again is told and not judged: this machine does other things too.
    report.step("kill -9 during submissions, SQLite", || {
        crash::cycles_of(crash::SLOW, CYCLES, None, None).map(drop)
    });
    report.step("kill -9 of the server, of PostgreSQL, of both during submissions", || {
        crash::cycles_of(crash::SLOW, CYCLES, None, Some(postgres)).map(drop)
    });
    if report.step("the story's packages", browser::provide_packages) {
        report.step("the story in a browser, on SQLite", || browser::play(None, Looks::All));
        report.step("the story in a browser, on PostgreSQL", || {
            browser::play(Some(postgres.database("story")?), Looks::None)
        });
    } else {
        report.skip("the story in a browser", "its packages could not be installed");
    }
}
