//! `cargo xtask bench`: figures beside their floors, taken in one run on one machine.

mod figures;
mod measure;
mod station;

use crate::args::Args;
use crate::build_cost;
use crate::machine::Machine;

/// Measures what was asked for and prints it.
pub(crate) fn run(words: &[String]) -> Result<bool, String> {
    let mut args = Args::new(words);
    let (quick, json, record) = (args.flag("--quick"), args.flag("--json"), args.flag("--record"));
    let (build, alone) = (args.flag("--build"), args.flag("--station"));
    args.finish()?;
    let machine = Machine::look();
    let figures = match (build, alone) {
        (true, false) => figures::of_build(&build_cost::measure()?),
        (false, true) => station::alone(quick)?,
        (false, false) => measure::all(quick)?,
        (true, true) => return Err("--build and --station are measured one after the other".to_owned()),
    };
    let mut command = vec!["cargo xtask bench"];
    for (asked, flag) in [(build, "--build"), (alone, "--station"), (quick, "--quick")] {
        command.extend(asked.then_some(flag));
    }
    if json {
        println!("{}", figures.json(&machine));
    } else {
        println!("\n{}\n{}", machine.line(), figures.table());
    }
    if record {
        figures.record(&machine, &command.join(" "))?;
    }
    Ok(true)
}
