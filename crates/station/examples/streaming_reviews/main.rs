//! The experiment of docs/inspection.md: does a model learn from what people review?
//!
//! Some makes of boards are taught; the other makes come along the line in portions. The model in use judges each portion; only
//! pictures that it sends to a person, and the sample of the others, get an answer, and only those are learnt from. After each portion
//! a candidate is taught and compared as `retrain` does, and measured on boards that nobody taught.
//!
//!     cargo run --release -p station --example streaming_reviews -- run --data PCBData --list taught.txt \
//!         --first group13000,group92000 --unseen judged.txt --out learning.json
//!     cargo run --release -p station --example streaming_reviews -- draw learning.json docs/learning.svg

mod data;
mod plot;
mod stream;

use std::fs;
use std::path::PathBuf;

use clap::{Args, Parser};
use serde::{Deserialize, Serialize};

/// Streams reviews into training
#[derive(Parser)]
enum Cli {
    /// Run the experiment; what is done is written after each step
    Run(Run),
    /// Draw what was written
    Draw {
        /// What `run` wrote
        record: PathBuf,
        /// The picture
        svg: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct Run {
    /// Folder of the pictures
    #[arg(long)]
    data: PathBuf,
    /// Pairs to teach: at first some groups, then the others as reviews
    #[arg(long)]
    list: PathBuf,
    /// The groups that are taught at first
    #[arg(long, value_delimiter = ',')]
    first: Vec<String>,
    /// Pairs to measure on, of other groups
    #[arg(long)]
    unseen: PathBuf,
    /// File to write to
    #[arg(long)]
    out: PathBuf,
    /// In how many portions the others come
    #[arg(long, default_value_t = 4)]
    portions: usize,
    /// How often each example is seen
    #[arg(long, default_value_t = 12)]
    epochs: usize,
    /// Drawn boards beside the real ones
    #[arg(long, default_value_t = 150)]
    drawn: usize,
    /// Of what the model decides alone, so many of a hundred are reviewed all the same
    #[arg(long, default_value_t = 2)]
    sample_percent: usize,
    /// What it costs to let a defect by, where one look of a person costs 1
    #[arg(long, default_value_t = 200.0)]
    escape: f64,
    /// What it costs to call a good place a defect
    #[arg(long, default_value_t = 50.0)]
    overkill: f64,
    /// Everything by chance follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

/// What was measured after a step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Row {
    /// `reviewed`, `everything`, `by-chance`, or `further`: the first model taught on instead of anew.
    policy: String,
    /// Pictures that came along the line by then.
    streamed: usize,
    /// Of them, those that a person reviewed: all that was learnt from them.
    reviewed: usize,
    /// Of the last portion: pictures, those that went to a person, and those whose worst place alone would have sent them there.
    portion: (usize, usize, usize),
    /// On the boards that nobody taught.
    figures: inspection::contest::Figures,
    /// Whether it was put in use, with the reason; none for the first and for comparisons.
    used: Option<(bool, String)>,
    /// Processor time so far.
    seconds: f64,
}

fn main() -> Result<(), String> {
    match Cli::parse() {
        Cli::Run(args) => stream::run(&args),
        Cli::Draw { record, svg } => {
            let told = |error: &dyn std::fmt::Display| format!("{}: {error}", record.display());
            let text = fs::read_to_string(&record).map_err(|error| told(&error))?;
            let rows: Vec<Row> = serde_json::from_str(&text).map_err(|error| told(&error))?;
            fs::write(&svg, plot::draw(&rows)).map_err(|error| format!("{}: {error}", svg.display()))
        }
    }
}

/// The rows so far, for `draw` and for people.
pub(crate) fn keep(args: &Run, rows: &[Row]) -> Result<(), String> {
    let text = serde_json::to_string_pretty(rows).map_err(|error| error.to_string())?;
    fs::write(&args.out, text).map_err(|error| format!("{}: {error}", args.out.display()))?;
    if let Some(Row { policy, streamed, reviewed, figures, used, seconds, .. }) = rows.last() {
        let parting = figures.parting;
        println!(
            "{policy}: streamed {streamed}, reviewed {reviewed}: F {:.4}, mAP {:.4}, {:.1} % of {} calls to people, {} of {} NG false, {} escape; {seconds:.0} s {}",
            figures.f_mean,
            figures.mean_average_precision,
            100.0 * parting.reviewed as f64 / parting.calls.max(1) as f64,
            parting.calls,
            parting.false_automatic,
            parting.automatic,
            parting.untouched,
            used.as_ref().map_or("", |(_, why)| why),
        );
    }
    Ok(())
}
