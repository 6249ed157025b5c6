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
    /// Replay every case and compare it with its view, and the record with its signed checkpoints; exit 1 if
    /// anything is wrong.
    Verify {
        #[command(flatten)]
        place: Place,
        /// A copy of checkpoints.jsonl that was kept elsewhere.
        #[arg(long, value_name = "FILE")]
        anchor: Vec<PathBuf>,
        /// A key that may have signed beside this site's own: 64 hexadecimal digits.
        #[arg(long, value_name = "HEX")]
        public_key: Vec<String>,
        /// Add checkpoints that are missing in checkpoints.jsonl, after a crash or a restore.
        #[arg(long)]
        repair: bool,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make everything derived from events again: views and lists; exit 1 if a case cannot be replayed.
    Rebuild {
        #[command(flatten)]
        place: Place,
        /// Only count what differs.
        #[arg(long)]
        dry_run: bool,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Offer people what they are known to qualify for; each once a year.
    Offer {
        #[command(flatten)]
        place: Place,
        /// Only this item.
        #[arg(long, value_name = "CODE")]
        item: Option<String>,
        /// Only count the offers.
        #[arg(long)]
        dry_run: bool,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Issue certificates from a list.
    Certificates {
        /// What to do.
        #[command(subcommand)]
        command: CertificatesCommand,
    },
    /// List, rotate or retire the keys that sign certificates, codes and status lists.
    Keys {
        /// What to do.
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Who sits at which desk: invite officers to a first passkey, take lost ones away, say how each stands.
    Officers {
        /// What to do.
        #[command(subcommand)]
        command: OfficersCommand,
    },
    /// Register, list or remove partners' applications, to which people sign in with their account here.
    Partners {
        /// What to do.
        #[command(subcommand)]
        command: PartnersCommand,
    },
    /// Register, list or revoke stations: things of an organisation that report what they see.
    Stations {
        /// What to do.
        #[command(subcommand)]
        command: StationsCommand,
    },
    /// Erase somebody who asked on paper; their citizen number is read from standard input. What the law makes the site
    /// keep is kept until its term is over.
    Erase(Erase),
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
    /// Say what has changed between two versions of packs and what it means for running cases; exit 0 when
    /// nothing has, 1 when something has, 2 when packs cannot be read.
    Diff {
        /// Folders of the older packs.
        #[arg(long, required = true, num_args = 1.., value_name = "DIR")]
        old: Vec<PathBuf>,
        /// Folders of the newer packs. None: the packs built in.
        #[arg(long, num_args = 1.., value_name = "DIR")]
        new: Vec<PathBuf>,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the versions that open cases run under.
    Versions {
        /// Folders of packs. None: the packs built in.
        dirs: Vec<PathBuf>,
        #[command(flatten)]
        place: Place,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Move open cases to today's version of their item, on the record of each; exit 1 if some cannot be
    /// moved. It can be broken off and begun again.
    Migrate {
        /// Folders of packs. None: the packs built in.
        dirs: Vec<PathBuf>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        moving: Moving,
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

/// Commands for the keys of the issuer. Running servers follow within half a minute.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// All keys, the oldest first: name, when it was made, and whether it signs, verifies or is retired.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// A new key signs from now on; those before still verify.
    Rotate {
        #[command(flatten)]
        place: Place,
        /// Its kind; that of the last one when left out.
        #[arg(long)]
        algorithm: Option<KeyKind>,
    },
    /// From now on nothing that this key signed is accepted: for a key that others may have. A new one takes the
    /// place of the key that signs.
    Retire {
        #[command(flatten)]
        place: Place,
        /// The key's name, which may begin with a dash.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
}

/// Kinds of keys.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum KeyKind {
    /// EdDSA: the quickest.
    Ed25519,
    /// ES256: for wallets that know nothing else.
    P256,
    /// SM2 with SM3 (GM/T 0003), where the law asks for it; wallets elsewhere do not know it.
    Sm2,
}

impl From<KeyKind> for app::Algorithm {
    fn from(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Ed25519 => Self::Ed25519,
            KeyKind::P256 => Self::P256,
            KeyKind::Sm2 => Self::Sm2,
        }
    }
}

/// Commands for officers. Running servers follow at once.
#[derive(Debug, Subcommand)]
pub(crate) enum OfficersCommand {
    /// Read a citizen number from standard input and print what the list of officers calls `person`: a keyed hash, so
    /// that no number need stand in a file.
    Id {
        #[command(flatten)]
        place: Place,
    },
    /// Check the list and say how each officer stands: posts, passkeys, an open code, what was done and by whom.
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        list: OfficerList,
    },
    /// Print a one-time code with which an officer makes the first passkey within a day; one given before is over.
    Invite {
        #[command(flatten)]
        officer: OneOfficer,
    },
    /// Take an officer's passkeys and open code away, and end their sessions.
    Reset {
        #[command(flatten)]
        officer: OneOfficer,
    },
}

/// The list of officers, and what it is checked against.
#[derive(Debug, Args)]
pub(crate) struct OfficerList {
    /// The file, as the server has it.
    #[arg(long = "officers", env = "SHENGSHI_OFFICERS", value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Folders of packs, as the server has them; the packs built in when left out.
    #[arg(long, env = "SHENGSHI_PACKS", value_delimiter = ',')]
    pub(crate) packs: Vec<PathBuf>,
}

/// An officer to do something about, on the record.
#[derive(Debug, Args)]
pub(crate) struct OneOfficer {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) list: OfficerList,
    /// Their `id` in the list.
    pub(crate) id: String,
    /// Your name, for the record.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
}

/// Commands for partners' applications. Running servers follow at once.
#[derive(Debug, Subcommand)]
pub(crate) enum PartnersCommand {
    /// Register an application, or change what is registered; a new one's secret is shown once.
    Add {
        #[command(flatten)]
        place: Place,
        /// YAML or JSON, as docs/operations.md says.
        file: PathBuf,
    },
    /// All applications: id, kind, name and what they may ask for.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// A new secret takes the place of the one before, at once.
    RotateSecret {
        #[command(flatten)]
        place: Place,
        /// The application's id.
        id: String,
    },
    /// Take an application off: nothing that it was given opens anything any more, even if it comes back.
    Remove {
        #[command(flatten)]
        place: Place,
        /// The application's id.
        id: String,
    },
}

/// Commands for stations. Running servers follow with the next request.
#[derive(Debug, Subcommand)]
pub(crate) enum StationsCommand {
    /// Register a station; its credential is shown once.
    Register {
        #[command(flatten)]
        place: Place,
        /// Credit code of the organisation it belongs to: the code of the agency it reports to.
        #[arg(long, value_name = "CODE")]
        organisation: String,
        /// Name of the organisation, where it is not registered here yet.
        #[arg(long, value_name = "NAME")]
        organisation_name: Option<String>,
        /// What people know the station by.
        #[arg(long)]
        name: String,
    },
    /// All stations: id, organisation, name, since when, when it last reported, whether it is revoked.
    List {
        #[command(flatten)]
        place: Place,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Another credential takes the place of the one before, at once.
    Replace {
        #[command(flatten)]
        place: Place,
        /// The station's id.
        id: String,
    },
    /// Nothing opens for the station any more; what it reported stays.
    Revoke {
        #[command(flatten)]
        place: Place,
        /// The station's id.
        id: String,
    },
}

/// Commands for certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum CertificatesCommand {
    /// Issue what an authority has in stock. The file's columns are number, name, issued (2026-11-23) and the fields of the
    /// type; a row that was issued before is passed over, so the same file may be handed in again. Rows that are refused are
    /// named by their line, and the exit code is 1.
    Issue {
        #[command(flatten)]
        place: Place,
        /// Id of the type, as certificates.yaml has it.
        #[arg(long = "type", value_name = "TYPE")]
        kind: String,
        /// Code of the agency's area.
        #[arg(long, value_name = "CODE")]
        area: String,
        /// Code of the issuing agency.
        #[arg(long, value_name = "CODE")]
        agency: String,
        /// Name of the batch; the file's name unless said otherwise.
        #[arg(long, value_name = "NAME")]
        batch: Option<String>,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
        /// The rows (CSV, UTF-8).
        file: PathBuf,
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

/// Which cases to move, and how.
#[derive(Debug, Args)]
pub(crate) struct Moving {
    /// Only cases of this item.
    #[arg(long, value_name = "CODE")]
    pub(crate) item: Option<String>,
    /// Only cases under this version.
    #[arg(long, value_name = "DIGEST")]
    pub(crate) from: Option<String>,
    /// To this version and not to today's: the way back.
    #[arg(long, value_name = "DIGEST")]
    pub(crate) to: Option<String>,
    /// Only say, case by case, what would become of it.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A request to be erased.
#[derive(Debug, Args)]
pub(crate) struct Erase {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The number of the request in the files, which is kept.
    #[arg(long)]
    pub(crate) reference: String,
    /// For how many years closed cases are kept; the same as the server's.
    #[arg(long, env = "SHENGSHI_RETENTION_YEARS", default_value_t = app::DEFAULT_RETENTION_YEARS)]
    pub(crate) retention_years: u16,
    /// Folders of packs, in any order; the packs built in when left out.
    #[arg(long, env = "SHENGSHI_PACKS", value_delimiter = ',')]
    pub(crate) packs: Vec<PathBuf>,
    /// Only say what would be kept.
    #[arg(long)]
    pub(crate) dry_run: bool,
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
