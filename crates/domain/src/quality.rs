//! Numbers that a line is run by: shares with their exact interval, and defects by how often they come (Pareto).

use std::collections::{BTreeMap, BTreeSet};

use crate::sampling::exact_interval;

/// So many of so many, with the Clopper-Pearson interval at 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// How many have it.
    pub found: u32,
    /// Of how many.
    pub all: u32,
    /// Lower end, 0 to 1.
    pub low: f64,
    /// Upper end, 0 to 1.
    pub high: f64,
}

impl Share {
    /// `found` of `all`; more than all is all.
    #[must_use]
    pub fn of(found: u32, all: u32) -> Self {
        let found = found.min(all);
        // The sum behind the interval grows with what is counted: of the two sides the smaller is.
        let (low, high) = if found > all / 2 {
            let (low, high) = exact_interval(all - found, all);
            (1.0 - high, 1.0 - low)
        } else {
            exact_interval(found, all)
        };
        Self { found, all, low, high }
    }

    /// The share, 0 to 1; none of nothing.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        (self.all > 0).then(|| f64::from(self.found) / f64::from(self.all))
    }
}

/// A class of defects among all.
#[derive(Debug, Clone, PartialEq)]
pub struct ParetoRow {
    /// The class.
    pub class: String,
    /// Units that have at least one.
    pub units: u32,
    /// How many there are.
    pub findings: u32,
    /// Of all findings, 0 to 1.
    pub share: f64,
    /// This one and those before it, 0 to 1.
    pub up_to: f64,
}

/// Defects by how many there are, the most frequent first; what is equally frequent by name. Each unit is the classes
/// of its findings.
pub fn pareto<'a, U>(units: impl IntoIterator<Item = U>) -> Vec<ParetoRow>
where
    U: IntoIterator<Item = &'a str>,
{
    let mut counted: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for unit in units {
        let mut seen = BTreeSet::new();
        for class in unit {
            let (units, findings) = counted.entry(class).or_default();
            *findings += 1;
            *units += u32::from(seen.insert(class));
        }
    }
    let all = f64::from(counted.values().map(|(_, findings)| findings).sum::<u32>());
    let mut rows: Vec<_> = counted.into_iter().collect();
    rows.sort_by_key(|(_, (_, findings))| std::cmp::Reverse(*findings));
    let mut sum = 0;
    let row = |(class, (units, findings)): (&str, (u32, u32))| {
        sum += findings;
        let (share, up_to) = (f64::from(findings) / all, f64::from(sum) / all);
        ParetoRow { class: class.to_owned(), units, findings, share, up_to }
    };
    rows.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::{Share, pareto};

    #[test]
    fn a_share_has_its_exact_interval_on_either_side() {
        let few = Share::of(2, 100);
        assert!((few.low - 0.002_431).abs() < 1e-5 && (few.high - 0.070_383).abs() < 1e-5, "{few:?}");
        let many = Share::of(98, 100);
        assert!((many.low - (1.0 - few.high)).abs() < 1e-9 && (many.high - (1.0 - few.low)).abs() < 1e-9);
        assert_eq!((Share::of(0, 0).rate(), Share::of(0, 0).low, Share::of(0, 0).high), (None, 0.0, 1.0));
        assert_eq!(Share::of(9, 4), Share::of(4, 4), "more than all is all");
        assert_eq!((Share::of(4, 4).rate(), Share::of(4, 4).high), (Some(1.0), 1.0));
    }

    #[test]
    fn the_most_frequent_comes_first_and_the_last_makes_it_whole() {
        let units = [vec!["open", "open", "short"], vec!["open"], vec![], vec!["mouse-bite"]];
        let rows = pareto(units);
        let found: Vec<_> = rows.iter().map(|row| (row.class.as_str(), row.units, row.findings)).collect();
        assert_eq!(found, [("open", 2, 3), ("mouse-bite", 1, 1), ("short", 1, 1)]);
        assert!((rows[0].share - 0.6).abs() < 1e-9 && (rows[1].up_to - 0.8).abs() < 1e-9);
        assert!((rows[2].up_to - 1.0).abs() < 1e-9);
        assert!(pareto(Vec::<Vec<&str>>::new()).is_empty());
    }
}
