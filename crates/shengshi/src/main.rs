//! One binary: configuration, wiring, roles and sub-commands.

mod backup;
mod certificates;
mod cli;
mod clock;
mod erase;
mod fetch;
mod identity_file;
mod import;
mod keys;
mod offer;
mod officers;
mod officers_file;
mod open;
mod pack;
mod partners;
mod patience;
mod progress;
mod rebuild;
mod say;
mod seals_file;
mod serve;
mod stations;
mod verify;
mod versions;
mod webhooks_file;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command, ImportCommand, PackCommand};
use crate::say::complain;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime does not start: {error}")),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &str) -> ExitCode {
    complain!("shengshi: {error}");
    ExitCode::FAILURE
}

async fn run(cli: Cli) -> Result<ExitCode, String> {
    match cli.command {
        // Without arguments: a demonstration, at once.
        None => serve::serve(serve::Options::demonstration()).await,
        Some(Command::Serve(options)) => serve::serve(options).await,
        Some(Command::Pack { command: PackCommand::Check { dirs, json } }) => Ok(pack::check(&dirs, json)),
        Some(Command::Pack { command: PackCommand::Walk { dirs, json } }) => pack::walk(&dirs, json).await,
        Some(Command::Pack { command: PackCommand::Import { command } }) => {
            let ImportCommand::Digit { files, out, force } = command;
            import::digit(&files, &out, force)
        }
        Some(Command::Pack { command: PackCommand::Diff { old, new, json } }) => {
            Ok(versions::diff(&old, &new, json))
        }
        Some(Command::Pack { command: PackCommand::Versions { dirs, place, json } }) => {
            versions::versions(&dirs, &place, json).await
        }
        Some(Command::Pack { command: PackCommand::Migrate { dirs, place, moving } }) => {
            versions::migrate(&dirs, &place, &moving).await
        }
        Some(Command::Verify { place, anchor, public_key, repair, json }) => {
            verify::verify(&place, &verify::Against { anchor, public_key, repair }, json).await
        }
        Some(Command::Rebuild { place, dry_run, json }) => rebuild::rebuild(&place, dry_run, json).await,
        Some(Command::Offer { place, item, dry_run, json }) => {
            offer::offer(&place, item.as_deref(), dry_run, json).await
        }
        Some(Command::Certificates { command }) => certificates::certificates(&command).await,
        Some(Command::Keys { command }) => keys::keys(&command).await,
        Some(Command::Officers { command }) => officers::officers(&command).await,
        Some(Command::Partners { command }) => partners::partners(&command).await,
        Some(Command::Stations { command }) => stations::stations(&command).await,
        Some(Command::Erase(asked)) => erase::erase(&asked).await,
        Some(Command::Migrate { place }) => verify::migrate(&place).await,
        Some(Command::Backup { place, to }) => backup::backup(&place, &to).await,
        Some(Command::Restore { place, from }) => backup::restore(&place, &from).await,
    }
}
