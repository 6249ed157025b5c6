//! What ran, what was left out and why, and whether all of it passed.

use std::time::Duration;

use crate::clock::{Stopwatch, human};

enum Outcome {
    Passed(Duration),
    Failed(Duration, String),
    Skipped(String),
}

/// The steps of a run, in order.
pub(crate) struct Report {
    steps: Vec<(String, Outcome)>,
    watch: Stopwatch,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { steps: Vec::new(), watch: Stopwatch::start() }
    }

    /// Runs a step, says that it begins and how it ended, and goes on after a failure. Answers whether it passed.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<(), String>) -> bool {
        println!("\n── {name}");
        let watch = Stopwatch::start();
        let result = work();
        let took = watch.elapsed();
        let outcome = match result {
            Ok(()) => {
                println!("   passed in {}", human(took));
                Outcome::Passed(took)
            }
            Err(why) => {
                println!("   FAILED after {}: {why}", human(took));
                Outcome::Failed(took, why)
            }
        };
        let passed = matches!(outcome, Outcome::Passed(_));
        self.steps.push((name.to_owned(), outcome));
        passed
    }

    /// Notes that a step was left out.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        println!("\n── {name}\n   left out: {why}");
        self.steps.push((name.to_owned(), Outcome::Skipped(why.to_owned())));
    }

    /// Prints the summary; true when nothing failed. The last line is for programs.
    pub(crate) fn finish(self) -> bool {
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        println!("\n══ Summary, {} in all", human(self.watch.elapsed()));
        for (name, outcome) in &self.steps {
            match outcome {
                Outcome::Passed(took) => {
                    passed += 1;
                    println!("   passed    {name} ({})", human(*took));
                }
                Outcome::Failed(took, why) => {
                    failed += 1;
                    let first = why.lines().next().unwrap_or_default();
                    println!("   FAILED    {name} ({}): {first}", human(*took));
                }
                Outcome::Skipped(why) => {
                    skipped += 1;
                    println!("   left out  {name}: {why}");
                }
            }
        }
        println!("{passed} passed, {failed} failed, {skipped} skipped");
        failed == 0
    }
}
