//! `shengshi-station`: inspection beside a line. It teaches, measures and looks; the platform's program never links it.

mod calibrate;
mod cli;
mod data;
mod evaluate;
mod export;
mod eye;
mod files;
mod inspect;
mod line;
mod models;
#[cfg(feature = "onnx")]
mod onnx;
mod outbox;
mod overlay;
mod progress;
mod protobuf;
mod report;
mod retrain;
mod reviews;
mod run;
mod say;
mod send;
mod sidecar;
#[cfg(feature = "onnx")]
mod sidecar_read;
mod synth;
mod train;
mod versions;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.command {
        Command::Train(args) => train::train(args),
        Command::Evaluate(args) => evaluate::evaluate(args),
        Command::Calibrate(args) => calibrate::calibrate(args),
        Command::Inspect(args) => inspect::inspect(args),
        Command::Run(args) => run::run(args),
        Command::Export(args) => export::export(args),
        Command::Reviews(args) => reviews::reviews(args),
        Command::Retrain(args) => retrain::retrain(args),
        Command::Models(args) => versions::models(args),
        Command::Synth(args) => synth::synth(args),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            say::complain!("shengshi-station: {error}");
            ExitCode::from(2)
        }
    }
}

/// The time, for records that people read.
#[expect(clippy::disallowed_methods, reason = "where time enters this program")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
