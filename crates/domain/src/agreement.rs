//! How far two people who judge the same things agree: the share, and Cohen's kappa, which takes away what chance alone
//! would give (J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement
//! 20 (1960), 37-46).

/// What two people said of the same things, where each thing is good or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agreement {
    /// Both said good.
    pub both_good: u32,
    /// The first said good, the second not.
    pub first_good: u32,
    /// The second said good, the first not.
    pub second_good: u32,
    /// Neither said good.
    pub both_bad: u32,
}

impl Agreement {
    /// Counts one thing more.
    pub fn count(&mut self, first: bool, second: bool) {
        let cell = match (first, second) {
            (true, true) => &mut self.both_good,
            (true, false) => &mut self.first_good,
            (false, true) => &mut self.second_good,
            (false, false) => &mut self.both_bad,
        };
        *cell = cell.saturating_add(1);
    }

    /// How many things both judged.
    #[must_use]
    pub fn things(&self) -> u32 {
        [self.first_good, self.second_good, self.both_bad]
            .into_iter()
            .fold(self.both_good, u32::saturating_add)
    }

    /// The share on which they agree, 0 to 1; none of nothing.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let agreed = f64::from(self.both_good) + f64::from(self.both_bad);
        (self.things() > 0).then(|| agreed / f64::from(self.things()))
    }

    /// Cohen's kappa, −1 to 1: 1 is agreement on everything, 0 what chance would give. None of nothing, and none where
    /// both said the same of everything: chance alone would give that as well.
    #[must_use]
    pub fn kappa(&self) -> Option<f64> {
        let (things, agreed) = (f64::from(self.things()), self.share()?);
        let first = (f64::from(self.both_good) + f64::from(self.first_good)) / things;
        let second = (f64::from(self.both_good) + f64::from(self.second_good)) / things;
        let chance = first * second + (1.0 - first) * (1.0 - second);
        (chance < 1.0).then(|| (agreed - chance) / (1.0 - chance))
    }
}

#[cfg(test)]
mod tests {
    use super::Agreement;

    fn near(found: Option<f64>, wanted: f64) {
        assert!(found.is_some_and(|found| (found - wanted).abs() < 1e-12), "{found:?}, not {wanted}");
    }

    /// By hand, 50 things: both good 20, only the first 5, only the second 10, neither 15. Agreed (20 + 15) / 50 = 0.7.
    /// The first says good of 25 / 50, the second of 30 / 50, so chance gives 0.5 × 0.6 + 0.5 × 0.4 = 0.5, and kappa is
    /// (0.7 − 0.5) / (1 − 0.5) = 0.4: Cohen's formula (1960, p. 40).
    #[test]
    fn kappa_is_what_is_found_by_hand() {
        let pair = Agreement { both_good: 20, first_good: 5, second_good: 10, both_bad: 15 };
        near(pair.share(), 0.7);
        near(pair.kappa(), 0.4);
        // Whoever is called first makes no difference.
        near(Agreement { first_good: 10, second_good: 5, ..pair }.kappa(), 0.4);
    }

    #[test]
    fn the_ends_of_the_scale() {
        near(Agreement { both_good: 3, both_bad: 7, ..Agreement::default() }.kappa(), 1.0);
        near(Agreement { first_good: 5, second_good: 5, ..Agreement::default() }.kappa(), -1.0);
        // Independent of each other: a half, and nothing beyond chance.
        let chance = Agreement { both_good: 5, first_good: 5, second_good: 5, both_bad: 5 };
        near(chance.share(), 0.5);
        near(chance.kappa(), 0.0);
    }

    #[test]
    fn nothing_is_said_where_nothing_can_be() {
        assert_eq!((Agreement::default().share(), Agreement::default().kappa()), (None, None));
        let same = Agreement { both_good: 9, ..Agreement::default() };
        near(same.share(), 1.0);
        assert_eq!(same.kappa(), None, "chance would give the same");
        let full = Agreement { both_good: u32::MAX, both_bad: 1, ..Agreement::default() };
        assert_eq!(full.things(), u32::MAX);
    }

    #[test]
    fn counting_fills_the_four_cells() {
        let mut pair = Agreement::default();
        for (first, second) in [(true, true), (true, false), (false, true), (false, true), (false, false)] {
            pair.count(first, second);
        }
        assert_eq!(pair, Agreement { both_good: 1, first_good: 1, second_good: 2, both_bad: 1 });
        assert_eq!(pair.things(), 5);
    }
}
