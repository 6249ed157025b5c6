//! Scores that mean what they say, and the bands between which a person looks; both are chosen on boards held out of training.

use serde::{Deserialize, Serialize};

use crate::defect::Finding;
use crate::evaluate::Judged;
use crate::judge::Bands;

/// A score that no place reaches.
const NEVER: f32 = 2.0;

/// What a mistake costs, in any one currency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// A defect that is let by.
    pub escape: f64,
    /// A good place that is called a defect.
    pub overkill: f64,
    /// A person's look at a place.
    pub review: f64,
}

impl Default for Costs {
    /// Either mistake is worth twenty looks: what docs/inspection.md shows beside other costs.
    fn default() -> Self {
        Self { escape: 20.0, overkill: 20.0, review: 1.0 }
    }
}

/// How places were parted by bands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Parting {
    /// Calls: places that are not clear OK.
    pub calls: usize,
    /// Of them, those that a person looks at.
    pub reviewed: usize,
    /// Calls decided NG without a person.
    pub automatic: usize,
    /// Of those, where no annotation is.
    pub false_automatic: usize,
    /// Annotations that no call touches.
    pub untouched: usize,
    /// Annotations in all.
    pub annotations: usize,
}

/// A finding touches an annotation when they overlap at all: for OK or NG the kind does not matter.
fn touches(finding: &Finding, judged: &Judged) -> bool {
    judged.annotations.iter().any(|annotation| annotation.at.overlap(&finding.at) > 0.1)
}

/// What the bands make of pictures.
#[must_use]
pub fn part(judged: &[Judged], bands: Bands) -> Parting {
    let mut sum = Parting::default();
    for one in judged {
        let calls: Vec<&Finding> = one.findings.iter().filter(|f| f.any >= bands.ok_below).collect();
        sum.calls += calls.len();
        sum.annotations += one.annotations.len();
        for call in &calls {
            let is_automatic = call.any >= bands.ng_from;
            sum.automatic += usize::from(is_automatic);
            sum.reviewed += usize::from(!is_automatic);
            sum.false_automatic += usize::from(is_automatic && !touches(call, one));
        }
        let is_touched = |at: &crate::defect::Rect| calls.iter().any(|call| call.at.shared(at) > 0.0);
        sum.untouched += one.annotations.iter().filter(|annotation| !is_touched(&annotation.at)).count();
    }
    sum
}

/// The bands that cost least. Where the pictures leave a choice, the wider band is taken: a person rather looks once too often.
#[must_use]
pub fn bands(judged: &[Judged], costs: Costs) -> Bands {
    let mut places: Vec<(f32, bool)> =
        judged.iter().flat_map(|one| one.findings.iter().map(|f| (f.any, touches(f, one)))).collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Below a cut all is OK: escapes there, or a look at each above. One imagined mistake on each side, so that a sample without
    // any is not taken for a promise.
    let cut_ok =
        cheapest(&places, |(escapes, below)| costs.escape * escapes - costs.review * below, |real| real);
    let turned: Vec<(f32, bool)> = places.iter().rev().copied().collect();
    let cut_ng =
        cheapest(&turned, |(overkill, above)| costs.overkill * overkill - costs.review * above, |real| !real);
    let between = |cut: usize, sorted: &[(f32, bool)], end: f32| {
        let inner = sorted.get(cut).map_or(1.0 - end, |place| place.0);
        let outer = cut.checked_sub(1).map_or(end, |last| sorted[last].0);
        (inner + outer) / 2.0
    };
    let ok_below = if cut_ok == 0 { 0.0 } else { between(cut_ok, &places, 0.0) };
    let ng_from = if cut_ng == 0 { NEVER } else { between(cut_ng, &turned, 1.0) };
    Bands { ok_below: ok_below.min(ng_from), ng_from }
}

/// How many of the first places to cut off so that it costs least; the fewest of those.
fn cheapest(
    places: &[(f32, bool)],
    cost: impl Fn((f64, f64)) -> f64,
    is_mistake: impl Fn(bool) -> bool,
) -> usize {
    let (mut mistakes, mut best) = (0.0, (0.0, 0));
    for (n, (_, real)) in places.iter().enumerate() {
        mistakes += f64::from(u8::from(is_mistake(*real)));
        let cost = cost((mistakes, (n + 1) as f64));
        if cost < best.0 {
            best = (cost, n + 1);
        }
    }
    best.1
}

/// By what the numbers of the network are divided before they become shares, so that of places with 0.9 nine in ten are
/// right (Guo et al., ICML 2017). `cases` are the numbers of one place and the class that is right.
#[must_use]
pub fn temperature(cases: &[([f32; 7], usize)]) -> f32 {
    let loss = |temperature: f32| -> f64 {
        let one = |(numbers, right): &([f32; 7], usize)| {
            let mut shares = numbers.map(|number| number / temperature);
            crate::network::softmax(&mut shares);
            -f64::from(shares[*right].max(1e-9)).ln()
        };
        cases.iter().map(one).sum()
    };
    if cases.is_empty() {
        return 1.0;
    }
    // Golden section: the loss has one valley.
    let ratio = 0.618_034;
    let (mut low, mut high) = (0.1_f32, 10.0_f32);
    for _ in 0..40 {
        let (a, b) = (high - (high - low) * ratio, low + (high - low) * ratio);
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defect::{Annotation, Defect, Rect};

    fn judged(scores: &[(f32, bool)]) -> Vec<Judged> {
        let at =
            |n: usize| Rect { left: n as f32 * 50.0, top: 0.0, right: n as f32 * 50.0 + 20.0, bottom: 20.0 };
        let finding = |(n, (any, _)): (usize, &(f32, bool))| Finding {
            defect: Defect::Spur,
            score: *any,
            any: *any,
            at: at(n),
        };
        let real = scores.iter().enumerate().filter(|(_, (_, real))| *real);
        vec![Judged {
            annotations: real.map(|(n, _)| Annotation { defect: Defect::Spur, at: at(n) }).collect(),
            findings: scores.iter().enumerate().map(finding).collect(),
        }]
    }

    #[test]
    fn bands_follow_from_costs() {
        let mut scores: Vec<(f32, bool)> = (0..100).map(|n| (0.001 * n as f32, false)).collect();
        scores.extend((0..100).map(|n| (0.9 + 0.001 * n as f32, true)));
        scores.extend([(0.3, false), (0.4, true), (0.5, false), (0.6, true)]);
        let pictures = judged(&scores);
        let careful = bands(&pictures, Costs { escape: 1000.0, overkill: 1000.0, review: 1.0 });
        assert!(careful.ok_below > 0.3 && careful.ok_below < 0.4, "{careful:?}");
        assert!(careful.ng_from > 0.5 && careful.ng_from < 0.6, "{careful:?}");
        let parting = part(&pictures, careful);
        assert_eq!((parting.reviewed, parting.false_automatic, parting.untouched), (2, 0, 0));
        let hasty = bands(&pictures, Costs { escape: 0.1, overkill: 0.1, review: 1.0 });
        assert!(
            hasty.ok_below >= hasty.ng_from,
            "a look that costs more than a mistake is not taken: {hasty:?}"
        );
        assert_eq!(part(&pictures, hasty).reviewed, 0);
    }

    #[test]
    fn nothing_known_means_that_people_look() {
        let unknown = bands(&[], Costs::default());
        assert_eq!(unknown.ok_below, 0.0);
        assert!(unknown.ng_from > 1.0);
    }

    #[test]
    fn a_network_too_sure_of_itself_is_cooled() {
        // It says 0.98 and is right in three of four.
        let cases: Vec<_> = (0..400)
            .map(|n| ([4.0, 0.0, -30.0, -30.0, -30.0, -30.0, -30.0], usize::from(n % 4 == 0)))
            .collect::<Vec<_>>();
        let found = temperature(&cases);
        let mut shares = cases[0].0.map(|number| number / found);
        crate::network::softmax(&mut shares);
        assert!((shares[0] - 0.75).abs() < 0.05, "{found}: {shares:?}");
    }
}
