//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::serve;

/// Shengshi 省事: the open engine behind one-stop public services.
///
/// Without a command it serves a demonstration on http://127.0.0.1:8080 with its data in ./data.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the portal and the desk.
    Serve(serve::Options),
    /// Check packs, or walk every item through its whole life.
    Pack {
        /// What to do.
        #[command(subcommand)]
        command: PackCommand,
    },
    /// Replay every case and compare it with its view; exit 1 if anything is wrong.
    Verify {
        #[command(flatten)]
        place: Place,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Bring the database to this program's schema.
    Migrate {
        #[command(flatten)]
        place: Place,
    },
    /// Write a consistent copy of everything but the master key, which must be kept elsewhere.
    Backup {
        #[command(flatten)]
        place: Place,
        /// An empty or new folder.
        to: PathBuf,
    },
    /// Read a copy into an empty database, of either kind.
    Restore {
        #[command(flatten)]
        place: Place,
        /// The folder of the copy.
        from: PathBuf,
    },
}

/// Commands for packs.
#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Check packs; the last line counts items, agencies, areas, errors and warnings.
    Check {
        /// Folders of packs, in any order. None: the packs built in.
        dirs: Vec<PathBuf>,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Take every online item through its whole life in a fresh store, as citizen and officer would.
    Walk {
        /// Folders of packs. None: the packs built in.
        dirs: Vec<PathBuf>,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a pack of definitions of another system.
    Import {
        /// Which system.
        #[command(subcommand)]
        command: ImportCommand,
    },
}

/// Systems whose definitions are read.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// BusinessService files of eGov DIGIT: what a procedure cannot say as the source does is a named warning.
    Digit {
        /// JSON files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The folder of the new pack.
        #[arg(long)]
        out: PathBuf,
        /// Write over files that are there.
        #[arg(long)]
        force: bool,
    },
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Folder of the database file, the master key and the uploaded files.
    #[arg(long, env = "SHENGSHI_DATA", default_value = "data")]
    pub(crate) data: PathBuf,
    /// postgres://user:password@host/name; a SQLite file in the data folder when left out.
    #[arg(long, env = "SHENGSHI_DATABASE")]
    pub(crate) database: Option<String>,
}
