//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use inspection::calibrate::Costs;

/// Inspection beside a line: teaches, measures and looks
#[derive(Parser)]
#[command(name = "shengshi-station", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Teach a model from annotated pairs of pictures; networks that did not see a board calibrate its scores
    Train(Train),
    /// Measure a model by the DeepPCB protocol: a finding is right that overlaps an annotation of its kind by more than 0.33
    Evaluate(Evaluate),
    /// Choose anew, on boards held out of training, from which score a person looks and from which the machine decides
    Calibrate(Calibrate),
    /// Look at one picture: 0 when it is OK, 1 when not, 3 when a person should look, 4 when it cannot be judged
    Inspect(Inspect),
    /// Work beside a line: look at each picture that arrives and report it to the platform, at once or when it can be reached again
    Run(Run),
    /// Write a model as ONNX, with a sidecar that says what its numbers mean
    Export(Export),
    /// Fetch what people decided about this station's units and add it to the pictures to learn from
    Reviews(Reviews),
    /// Teach a candidate with the base pictures and the reviews, and put it in use where it is better: 0 when it is, 3 when the old one stays
    Retrain(Retrain),
    /// List the versions of the model, go back to one, or put one in use that was made elsewhere
    Models(Models),
    /// Draw boards with defects and exact labels, in the form that `train` and `evaluate` read
    Synth(Synth),
}

/// Annotated pictures.
#[derive(Args)]
pub(crate) struct Data {
    /// Folder of the pictures
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// List of pairs: `group/…/NAME.jpg group/…_not/NAME.txt` a line, relative to the folder
    #[arg(long)]
    pub(crate) list: PathBuf,
}

#[derive(Args)]
pub(crate) struct Train {
    #[command(flatten)]
    pub(crate) data: Data,
    /// File to write the model to
    #[arg(long)]
    pub(crate) model: PathBuf,
    /// Parts into which the groups of boards are cut to calibrate: a network taught with the others judges each; 1 calibrates nothing
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub(crate) folds: u8,
    /// How often each example is seen
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) epochs: u16,
    /// Everything by chance follows from it: the same seed gives the same file
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Drawn boards to teach beside the real ones
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=20_000))]
    pub(crate) drawn: u32,
    /// Threads; the result is the same with any number
    #[arg(long, default_value_t = threads())]
    pub(crate) threads: usize,
    /// What the model is called
    #[arg(long, default_value = "own")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) costs: CostArgs,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Evaluate {
    #[command(flatten)]
    pub(crate) data: Data,
    /// The model; the one that comes with the program where none is given
    #[arg(long)]
    pub(crate) model: Option<PathBuf>,
    /// From how many sides each place is looked at
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=8))]
    pub(crate) views: u8,
    /// Only these groups, parted by commas
    #[arg(long, value_delimiter = ',')]
    pub(crate) groups: Vec<String>,
    /// Threads
    #[arg(long, default_value_t = threads())]
    pub(crate) threads: usize,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Calibrate {
    #[command(flatten)]
    pub(crate) data: Data,
    /// The model, which is written back with its new bands
    #[arg(long)]
    pub(crate) model: PathBuf,
    /// Only these groups, parted by commas: none that the model was taught with
    #[arg(long, value_delimiter = ',')]
    pub(crate) groups: Vec<String>,
    #[command(flatten)]
    pub(crate) costs: CostArgs,
    /// Threads
    #[arg(long, default_value_t = threads())]
    pub(crate) threads: usize,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What mistakes cost beside each other.
#[derive(Args)]
pub(crate) struct CostArgs {
    /// What it costs to let a defect by, where one look of a person costs 1
    #[arg(long, default_value_t = Costs::default().escape)]
    pub(crate) escape: f64,
    /// What it costs to call a good place a defect
    #[arg(long, default_value_t = Costs::default().overkill)]
    pub(crate) overkill: f64,
}

#[derive(Args)]
pub(crate) struct Inspect {
    /// The picture
    pub(crate) test: PathBuf,
    /// What it should look like
    pub(crate) template: PathBuf,
    /// The model; the one that comes with the program where none is given
    #[arg(long)]
    pub(crate) model: Option<PathBuf>,
    /// Write the picture with what was found drawn on it, as PNG
    #[arg(long)]
    pub(crate) overlay: Option<PathBuf>,
    /// From how many sides each place is looked at
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=8))]
    pub(crate) views: u8,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Run {
    /// Address of the platform, such as https://fuwu.example.gov.cn
    #[arg(long)]
    pub(crate) server: String,
    /// File with the station's credential
    #[arg(long)]
    pub(crate) credential: PathBuf,
    /// Code of the item that units are reported to
    #[arg(long)]
    pub(crate) item: String,
    /// Folder that pictures arrive in, as LOT/RECIPE/SERIAL.png or .jpg; write elsewhere on the same disk and move them in
    #[arg(long)]
    pub(crate) watch: PathBuf,
    /// Folder of the templates, as RECIPE.png or .jpg
    #[arg(long)]
    pub(crate) recipes: PathBuf,
    /// Folder of what was looked at: reports that wait, and all pictures
    #[arg(long)]
    pub(crate) state: PathBuf,
    /// The model; the one that comes with the program where none is given
    #[arg(long)]
    pub(crate) model: Option<PathBuf>,
    /// Folder of versions, as `retrain` keeps it: the one in use looks, and a new one is taken up between two pictures
    #[arg(long, conflicts_with = "model")]
    pub(crate) models: Option<PathBuf>,
    /// Certificates of a factory's own authority, PEM; the web's are trusted where none are given
    #[arg(long)]
    pub(crate) authority: Option<PathBuf>,
    /// Threads that look
    #[arg(long, default_value_t = threads())]
    pub(crate) threads: usize,
    /// End when no picture and no report waits, instead of watching on
    #[arg(long)]
    pub(crate) once: bool,
    /// Print each unit as a line of JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Export {
    /// File to write; its name ends in .onnx, and the sidecar's in .json
    #[arg(long)]
    pub(crate) onnx: PathBuf,
    /// The model; the one that comes with the program where none is given
    #[arg(long)]
    pub(crate) model: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Reviews {
    /// Address of the platform, such as https://fuwu.example.gov.cn
    #[arg(long)]
    pub(crate) server: String,
    /// File with the station's credential
    #[arg(long)]
    pub(crate) credential: PathBuf,
    /// Folder of what was looked at, as `run` has it: pictures are found there, and reviews are kept there
    #[arg(long)]
    pub(crate) state: PathBuf,
    /// Folder of the templates, for those that are no longer in the other
    #[arg(long)]
    pub(crate) recipes: Option<PathBuf>,
    /// Certificates of a factory's own authority, PEM; the web's are trusted where none are given
    #[arg(long)]
    pub(crate) authority: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Retrain {
    #[command(flatten)]
    pub(crate) data: Data,
    /// Folder of the station, as `run` has it: the reviews there are taught beside the list
    #[arg(long)]
    pub(crate) state: Option<PathBuf>,
    /// List of pairs on which models are compared, and that are never taught
    #[arg(long)]
    pub(crate) frozen: PathBuf,
    /// Folder of those; the one of the list where none is given
    #[arg(long)]
    pub(crate) frozen_data: Option<PathBuf>,
    /// Folder of the versions
    #[arg(long)]
    pub(crate) models: PathBuf,
    /// Parts into which the groups of boards are cut to calibrate: a network taught with the others judges each
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=20))]
    pub(crate) folds: u8,
    /// How often each example is seen
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) epochs: u16,
    /// Everything by chance follows from it: the same seed and pictures give the same model and the same comparison
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Drawn boards to teach beside the real ones
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=20_000))]
    pub(crate) drawn: u32,
    /// Threads; the result is the same with any number
    #[arg(long, default_value_t = threads())]
    pub(crate) threads: usize,
    /// What the model is called
    #[arg(long, default_value = "own")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) costs: CostArgs,
    /// Teach and compare, and keep nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Models {
    #[command(subcommand)]
    pub(crate) command: ModelsCommand,
}

#[derive(Subcommand)]
pub(crate) enum ModelsCommand {
    /// All versions, with their figures; a star marks the one in use
    List {
        /// Folder of the versions
        #[arg(long)]
        models: PathBuf,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Put the version before the one in use in use again, or the one that is named
    Rollback {
        /// Folder of the versions
        #[arg(long)]
        models: PathBuf,
        /// This version, whichever it is
        #[arg(long)]
        to: Option<u32>,
    },
    /// Put a model in use that was made elsewhere, such as by `train`; nothing is compared
    Install {
        /// Folder of the versions
        #[arg(long)]
        models: PathBuf,
        /// The model
        file: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct Synth {
    /// Folder to write to
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// How many pairs
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) count: u32,
    /// The same seed draws the same boards
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
