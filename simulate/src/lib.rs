//! A deterministic simulation of the whole engine: the real application, store and worker, two servers on
//! one database, under a seeded scheduler that holds the only token, with a clock, a network and a disk
//! that fail as the seed says. The same seed is the same run.

mod asks;
mod chance;
mod check;
mod gate;
mod law;
mod oracle;
mod run;
mod wish;
mod world;

use std::path::Path;

pub use run::Told;

/// Runs seeds one after the other on the packs in a folder, `services` with `first` or `later`, for as long as `told` says to go on.
///
/// # Errors
/// When the packs cannot be read or no runtime can be made: nothing was simulated then.
pub fn simulate(packs: &Path, seeds: &[u64], told: &mut dyn FnMut(u64, &Told) -> bool) -> Result<(), String> {
    let shared = world::Shared::read(packs)?;
    for seed in seeds {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
        let report = runtime.block_on(run::run(shared.clone(), *seed));
        if !told(*seed, &report) {
            break;
        }
    }
    Ok(())
}
