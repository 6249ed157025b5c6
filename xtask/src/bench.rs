//! `cargo xtask bench`: figures beside their floors, taken in one run on one machine.

use crate::args::Args;
use crate::build_cost::{self, BuildCost};
use crate::machine::Machine;

/// Measures what was asked for and prints it.
pub(crate) fn run(words: &[String]) -> Result<bool, String> {
    let mut args = Args::new(words);
    let build = args.flag("--build");
    args.finish()?;
    let machine = Machine::look();
    println!("{}", machine.line());
    if build {
        print_build(&build_cost::measure()?);
    }
    Ok(true)
}

fn print_build(cost: &BuildCost) {
    let BuildCost { wall, processor, dearest, packages, rest } = cost;
    println!("release build from nothing: {wall:.0} s, {processor:.0} CPU s, {packages} packages compiled");
    println!("  build scripts and the rest: {rest:.0} CPU s");
    for (package, seconds) in dearest {
        println!("  {package}: {seconds:.1} CPU s");
    }
}
