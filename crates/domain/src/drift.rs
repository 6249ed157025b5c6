//! Whether a model still judges as it did when it was new: the same line, the same boards, but a lamp that ages, another
//! supplier, a shifted camera. Two tests, since either sees what the other does not.
//!
//! * **More doubt**: a CUSUM of likelihood ratios (Page, Biometrika 41, 1954, 100-115) over the calls that rules left to
//!   people. It weighs "as when it was new" against "twice as many", one call after the other, and forgets whatever speaks
//!   for the former. Its mean run until a false alarm is at least e^h calls (Lorden, Ann. Math. Stat. 42, 1971, 1897-1908),
//!   which is how [`CUSUM_ALARM`] was chosen. What "when it was new" means is the upper end of the interval of the first
//!   calls, not their share: an alarm is not to come from a lucky beginning.
//! * **Other scores**: the two-sample test of Kolmogorov and Smirnov between the scores of the first and the last calls,
//!   with the approximation of Stephens (J. R. Stat. Soc. B 32, 1970, 115-122). Equal scores make it more cautious.

use crate::sampling::exact_interval;

/// Calls that say how the model was when it was new.
pub const DRIFT_BASE: usize = 500;
/// Calls that the CUSUM looks back on.
pub const DRIFT_WATCHED: usize = 2_000;
/// Calls whose scores are compared with the first ones.
pub const DRIFT_RECENT: usize = 500;
/// Fewer calls after the first ones say nothing.
pub const DRIFT_LEAST: usize = 100;
/// A false alarm in no fewer than 100,000 calls on the mean: ln(100,000).
const CUSUM_ALARM: f64 = 11.513;
/// Scores that differ as much by chance are this rare. Small, since it is looked at again with each call.
const SCORES_ALARM: f64 = 0.000_1;
/// Doubt below this share is not worth an alarm when it doubles.
const LEAST_DOUBT: f64 = 0.005;

/// A call of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Rules left it to a person.
    pub doubtful: bool,
    /// How likely a defect is, in ten thousandths.
    pub score: u32,
}

/// How a model judges now, beside how it judged when it was new.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Share of doubtful calls among the first ones, 0 to 1.
    pub doubt_then: f64,
    /// Among the last ones.
    pub doubt_now: f64,
    /// Mean score of the first calls, 0 to 1.
    pub score_then: f64,
    /// Of the last ones.
    pub score_now: f64,
    /// How far the CUSUM has come; the alarm is at 11.5.
    pub cusum: f64,
    /// The largest distance between the two distributions of scores, 0 to 1.
    pub distance: f64,
    /// How likely so large a distance is by chance.
    pub chance: f64,
    /// There is more doubt than there was.
    pub more_doubt: bool,
    /// Scores are not what they were.
    pub other_scores: bool,
}

impl Drift {
    /// Either alarm.
    #[must_use]
    pub fn alarm(&self) -> bool {
        self.more_doubt || self.other_scores
    }
}

/// How a model judges now. `first` are its first calls, of which [`DRIFT_BASE`] are looked at; `last` its last ones in the
/// order they came, none of them among the first, of which [`DRIFT_WATCHED`] are. `None` while there are too few.
#[must_use]
pub fn drift(first: &[Call], last: &[Call]) -> Option<Drift> {
    let base = first.get(..DRIFT_BASE)?;
    let last = &last[last.len().saturating_sub(DRIFT_WATCHED)..];
    let recent = &last[last.len().saturating_sub(DRIFT_RECENT)..];
    if recent.len() < DRIFT_LEAST {
        return None;
    }
    let cusum = cusum(base, last);
    let (distance, chance) = kolmogorov_smirnov(base, recent);
    Some(Drift {
        doubt_then: mean(base, doubt),
        doubt_now: mean(recent, doubt),
        score_then: mean(base, |call| f64::from(call.score)) / 10_000.0,
        score_now: mean(recent, |call| f64::from(call.score)) / 10_000.0,
        cusum,
        distance,
        chance,
        more_doubt: cusum >= CUSUM_ALARM,
        other_scores: chance < SCORES_ALARM,
    })
}

fn doubt(call: &Call) -> f64 {
    f64::from(u8::from(call.doubtful))
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
fn mean(calls: &[Call], of: impl Fn(&Call) -> f64) -> f64 {
    calls.iter().map(of).sum::<f64>() / calls.len() as f64
}

/// How far the sum stands now: 0 where all is as it was.
fn cusum(base: &[Call], last: &[Call]) -> f64 {
    let found = base.iter().filter(|call| call.doubtful).count() as u32;
    let (_, high) = exact_interval(found, base.len() as u32);
    let then = high.clamp(LEAST_DOUBT, 0.45);
    let twice = 2.0 * then;
    let (yes, no) = ((twice / then).ln(), ((1.0 - twice) / (1.0 - then)).ln());
    last.iter().fold(0.0, |sum: f64, call| (sum + if call.doubtful { yes } else { no }).max(0.0))
}

/// The largest distance between two distributions of scores, and how likely it is by chance.
#[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
fn kolmogorov_smirnov(first: &[Call], last: &[Call]) -> (f64, f64) {
    let sorted = |calls: &[Call]| {
        let mut scores: Vec<u32> = calls.iter().map(|call| call.score).collect();
        scores.sort_unstable();
        scores
    };
    let (a, b) = (sorted(first), sorted(last));
    let (n, m) = (a.len() as f64, b.len() as f64);
    let up_to = |scores: &[u32], score: u32| scores.partition_point(|other| *other <= score) as f64;
    let distance = a
        .iter()
        .chain(&b)
        .map(|&score| (up_to(&a, score) / n - up_to(&b, score) / m).abs())
        .fold(0.0, f64::max);
    let root = (n * m / (n + m)).sqrt();
    (distance, kolmogorov((root + 0.12 + 0.11 / root) * distance))
}

/// How likely more than `lambda` is under Kolmogorov's distribution.
fn kolmogorov(lambda: f64) -> f64 {
    // Below this it is 1 to six places, and the series takes long to say so.
    if lambda < 0.3 {
        return 1.0;
    }
    let term = |k: i32| {
        let k = f64::from(k);
        (-2.0 * k * k * lambda * lambda).exp()
    };
    let sum: f64 = (1..=50).map(|k| if k % 2 == 1 { term(k) } else { -term(k) }).sum();
    (2.0 * sum).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::{Call, DRIFT_BASE, drift, kolmogorov};

    /// xorshift64*: seeded, so that a failure can be had again.
    struct Random(u64);

    impl Random {
        fn unit(&mut self) -> f64 {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
        }

        /// A line: most boards clearly good, some clearly bad, `doubt` of them between.
        fn call(&mut self, doubt: f64) -> Call {
            let (kind, at) = (self.unit(), self.unit());
            let score = if kind < doubt {
                0.02 + 0.96 * at
            } else if kind < doubt + 0.05 {
                0.98 + 0.02 * at
            } else {
                0.02 * at * at
            };
            Call { doubtful: kind < doubt, score: (score * 10_000.0) as u32 }
        }

        fn calls(&mut self, n: usize, doubt: f64) -> Vec<Call> {
            (0..n).map(|_| self.call(doubt)).collect()
        }
    }

    #[test]
    fn kolmogorovs_distribution_is_the_tabled_one() {
        for (lambda, chance) in [(1.36, 0.049_4), (1.63, 0.009_84), (1.95, 0.001_0), (0.5, 0.963_9)] {
            assert!((kolmogorov(lambda) - chance).abs() < 2e-4, "{lambda}: {}", kolmogorov(lambda));
        }
        assert!((kolmogorov(0.1) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn too_few_calls_say_nothing() {
        let mut random = Random(1);
        let (first, last) = (random.calls(DRIFT_BASE, 0.1), random.calls(99, 0.1));
        assert!(drift(&first, &last).is_none() && drift(&first[1..], &first).is_none());
        assert!(drift(&first, &random.calls(100, 0.1)).is_some());
    }

    /// Looked at again and again over 10,000 calls of a line on which nothing changes. Measured with 1,000 seeds a share of
    /// doubt (0.002, 0.01, 0.1, 0.25), looked at after each fiftieth call: no line had an alarm by doubt, five to eight in a
    /// thousand had one by scores. Here fewer seeds, and a bound that holds for them.
    #[test]
    fn a_steady_line_gives_almost_no_alarm() {
        let mut alarms = 0;
        for seed in 1..=20 {
            for doubt in [0.01, 0.1, 0.25] {
                let mut random = Random(seed * 7919);
                let first = random.calls(DRIFT_BASE, doubt);
                let last = random.calls(10_000, doubt);
                let alarm = |end: usize| drift(&first, &last[..end]).is_some_and(|drift| drift.alarm());
                alarms += u32::from((100..=10_000).step_by(300).any(alarm));
            }
        }
        assert!(alarms <= 3, "{alarms} of 60 lines of 10,000 calls, seeds 7919 to 158,380");
    }

    #[test]
    fn a_drifting_line_gives_an_alarm() {
        for seed in 1..=40 {
            let mut random = Random(seed * 104_729);
            let first = random.calls(DRIFT_BASE, 0.1);
            let steady = random.calls(1_000, 0.1);
            assert!(!drift(&first, &steady).unwrap().more_doubt, "seed {seed}");
            // Three times as many doubtful calls.
            let mut calls = steady.clone();
            calls.extend(random.calls(500, 0.3));
            let found = drift(&first, &calls).unwrap();
            assert!(found.more_doubt, "seed {seed}: {found:?}");
            assert!(found.doubt_now > 0.2 && found.doubt_then < 0.2, "seed {seed}: {found:?}");
            // As much doubt as before, but a lamp that ages: what is good is no longer so clearly good.
            let mut calls = steady;
            calls.extend(random.calls(500, 0.1).into_iter().map(|call| Call {
                score: if call.doubtful { call.score } else { call.score / 2 + 60 },
                ..call
            }));
            let found = drift(&first, &calls).unwrap();
            assert!(found.other_scores && !found.more_doubt, "seed {seed}: {found:?}");
        }
    }
}
