//! What a run counted: answers, refusals, and how long each took.

use std::time::{Duration, Instant};

/// Time that runs from the moment it was made.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "load is measured in real time")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The counts of one connection; added up at the end.
#[derive(Default)]
pub(crate) struct Tally {
    /// Microseconds of each good answer.
    took: Vec<u32>,
    /// Answers that were not what was asked for, with the first few in words.
    pub(crate) bad: u64,
    pub(crate) examples: Vec<String>,
}

impl Tally {
    const EXAMPLES: usize = 3;

    pub(crate) fn good(&mut self, took: Duration) {
        self.took.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    pub(crate) fn bad(&mut self, why: String) {
        self.bad += 1;
        if self.examples.len() < Self::EXAMPLES {
            self.examples.push(why);
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.took.extend(other.took);
        self.bad += other.bad;
        self.examples.extend(other.examples);
        self.examples.truncate(Self::EXAMPLES);
    }

    /// Prints the run for the program that started it.
    pub(crate) fn print(mut self, elapsed: Duration) {
        self.took.sort_unstable();
        let count = self.took.len();
        let at = |share: usize| self.took.get(count * share / 1000).copied().unwrap_or_default();
        println!("good={count}");
        println!("bad={}", self.bad);
        println!("seconds={:.3}", elapsed.as_secs_f64());
        println!("per_second={:.0}", count as f64 / elapsed.as_secs_f64());
        println!(
            "p50_us={}\np99_us={}\nmost_us={}",
            at(500),
            at(990),
            self.took.last().copied().unwrap_or_default()
        );
        for example in &self.examples {
            eprintln!("load: {example}");
        }
    }
}
