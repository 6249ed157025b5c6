//! How long it took until the site was ready again.

use std::fmt;
use std::time::Duration;

use super::victim::Victim;

/// The time from the start of what was killed to the first 200 of `/readyz`, for each cycle.
pub(crate) struct Ready {
    limit: Duration,
    times: Vec<(Victim, Duration)>,
}

impl Ready {
    /// No cycle yet. The limit is that of the database.
    pub(crate) fn on(postgres: bool) -> Self {
        Self { limit: Duration::from_secs(if postgres { 10 } else { 2 }), times: Vec::new() }
    }

    /// Adds a cycle.
    pub(crate) fn add(&mut self, victim: Victim, took: Duration) {
        self.times.push((victim, took));
    }

    /// Whether no cycle took longer than the limit.
    pub(crate) fn in_time(&self) -> bool {
        self.times.iter().all(|(_, took)| *took <= self.limit)
    }

    /// The median and the longest of those that `counts`; nothing when there are none.
    fn of(&self, counts: impl Fn(Victim) -> bool) -> Option<(Duration, Duration)> {
        let mut times: Vec<_> =
            self.times.iter().filter(|(victim, _)| counts(*victim)).map(|(_, took)| *took).collect();
        times.sort_unstable();
        Some((*times.get((times.len().max(1) - 1) / 2)?, *times.last()?))
    }
}

/// One line for people: all cycles, the limit, and each kind of victim where there are several.
impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((p50, worst)) = self.of(|_| true) else { return f.write_str("no cycle was run") };
        let verdict = if self.in_time() { "within" } else { "BEYOND" };
        let (count, limit) = (self.times.len(), self.limit.as_secs());
        let [p50, worst] = [p50, worst].map(|time| time.as_millis());
        write!(
            f,
            "{count} cycles: ready again p50 {p50} ms, worst {worst} ms, {verdict} the {limit} s allowed"
        )?;
        for victim in [Victim::Server, Victim::Postgres, Victim::Both] {
            if self.times.iter().any(|(other, _)| *other != victim)
                && let Some((p50, worst)) = self.of(|other| other == victim)
            {
                let [p50, worst] = [p50, worst].map(|time| time.as_millis());
                write!(f, "; {}: p50 {p50} ms, worst {worst} ms", victim.name())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(on_postgres: bool, times: &[(Victim, u64)]) -> Ready {
        let mut ready = Ready::on(on_postgres);
        times.iter().for_each(|(victim, ms)| ready.add(*victim, Duration::from_millis(*ms)));
        ready
    }

    #[test]
    fn one_cycle_beyond_the_limit_is_too_late() {
        let times = [(Victim::Server, 2_000), (Victim::Server, 300), (Victim::Server, 400)];
        let in_time = ready(false, &times);
        assert!(in_time.in_time());
        let line = "3 cycles: ready again p50 400 ms, worst 2000 ms, within the 2 s allowed";
        assert_eq!(in_time.to_string(), line);
        let late = ready(false, &[(Victim::Server, 300), (Victim::Server, 2_001)]);
        assert!(!late.in_time());
        assert!(late.to_string().contains("BEYOND the 2 s"), "{late}");
    }

    #[test]
    fn postgres_is_given_longer_and_each_victim_is_told_apart() {
        let ready = ready(true, &[(Victim::Server, 300), (Victim::Postgres, 9_000), (Victim::Both, 3_000)]);
        assert!(ready.in_time());
        let line = ready.to_string();
        assert!(line.contains("PostgreSQL is killed: p50 9000 ms, worst 9000 ms"), "{line}");
    }
}
