//! Whether a new model is better than the one in use, and by more than chance, on pictures that neither was taught with.
//!
//! Both judge the same pictures; the gain is the F-mean of the new one less that of the old. How much of it is luck is told by a
//! paired bootstrap: pictures are drawn with replacement as often as there are, the gain is computed again, many times (Efron and
//! Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13; Koehn, *Statistical Significance Tests for Machine Translation
//! Evaluation*, EMNLP 2004). Pictures are drawn and not annotations, since defects of one picture are found or missed together. A
//! McNemar test would look at annotations alone and not see false findings, which the F-mean counts.

use serde::{Deserialize, Serialize};

use crate::calibrate::{Parting, part};
use crate::evaluate::{Judged, Tally, evaluate, tally};
use crate::model::Card;
use crate::network::Random;

/// Fewer pictures than this decide nothing.
pub const LEAST_PICTURES: usize = 20;
/// Fewer annotations than this decide nothing.
pub const LEAST_ANNOTATIONS: usize = 50;
/// How often the pictures are drawn.
const DRAWS: usize = 4_000;
/// The chance that is taken of putting a model in use that is no better.
pub const CHANCE: f64 = 0.05;

/// One model on the frozen pictures, with its own threshold and bands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// By the published protocol.
    pub f_mean: f64,
    /// The share of findings that are right.
    pub precision: f64,
    /// The share of annotations that were found.
    pub recall: f64,
    /// The mean of the average precisions of the defects.
    pub mean_average_precision: f64,
    /// What the bands make of the pictures; `untouched` are the escapes.
    pub parting: Parting,
}

/// How two models compare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contest {
    /// The one in use.
    pub current: Figures,
    /// The one that would replace it.
    pub candidate: Figures,
    /// F-mean of the candidate less that of the current one.
    pub gain: f64,
    /// Between these, nine of ten draws have their gain.
    pub gain_within: (f64, f64),
    /// The share of draws without a gain.
    pub chance: f64,
    /// Whether the candidate is to be used.
    pub wins: bool,
    /// In words, why or why not.
    pub why: String,
}

/// What a model made of pictures.
#[must_use]
pub fn figures(judged: &[Judged], card: &Card) -> Figures {
    let quality = evaluate(judged, card.threshold);
    Figures {
        f_mean: quality.f_mean,
        precision: quality.precision,
        recall: quality.recall,
        mean_average_precision: quality.mean_average_precision,
        parting: part(judged, card.bands),
    }
}

/// Whether so many pictures and annotations can decide anything.
///
/// # Errors
/// When they are too few.
pub fn enough(pictures: usize, annotations: usize) -> Result<(), String> {
    if pictures >= LEAST_PICTURES && annotations >= LEAST_ANNOTATIONS {
        return Ok(());
    }
    Err(format!(
        "{pictures} pictures with {annotations} annotations decide nothing: at least {LEAST_PICTURES} with {LEAST_ANNOTATIONS} are needed"
    ))
}

/// Compares what two models made of the same pictures, in the same order. The candidate wins when its F-mean is higher, when fewer
/// than [`CHANCE`] of the draws are without a gain, and when no more defects escape it: what nobody would see is worth more than any
/// mean.
///
/// # Errors
/// When the pictures are too few, or not the same.
pub fn contest(
    current: (&[Judged], &Card),
    candidate: (&[Judged], &Card),
    seed: u64,
) -> Result<Contest, String> {
    let count = current.0.len();
    enough(count, current.0.iter().map(|one| one.annotations.len()).sum())?;
    let same = |(a, b): (&Judged, &Judged)| a.annotations == b.annotations;
    if candidate.0.len() != count || !current.0.iter().zip(candidate.0).all(same) {
        return Err("the two models did not judge the same pictures".to_owned());
    }
    let tallies = |(judged, card): (&[Judged], &Card)| -> Vec<Tally> {
        judged.iter().map(|one| tally(one, card.threshold)).collect()
    };
    let pairs: Vec<(Tally, Tally)> = tallies(current).into_iter().zip(tallies(candidate)).collect();
    let gain = gain(pairs.iter());
    let mut gains = draws(&pairs, seed);
    gains.sort_by(f64::total_cmp);
    let chance = gains.iter().filter(|gain| **gain <= 0.0).count() as f64 / gains.len() as f64;
    let gain_within = (gains[gains.len() / 20], gains[gains.len() - 1 - gains.len() / 20]);
    let (current, candidate) = (figures(current.0, current.1), figures(candidate.0, candidate.1));
    let escapes = (current.parting.untouched, candidate.parting.untouched);
    let (wins, why) = if gain <= 0.0 {
        (false, format!("the F-mean does not rise: {:.4} after {:.4}", candidate.f_mean, current.f_mean))
    } else if chance >= CHANCE {
        (false, format!("the gain of {gain:.4} may be luck: {:.1} % of the draws have none", 100.0 * chance))
    } else if escapes.1 > escapes.0 {
        (false, format!("{} defects would escape, now {} do", escapes.1, escapes.0))
    } else {
        (
            true,
            format!("the F-mean rises by {gain:.4}, and {:.1} % of the draws have no gain", 100.0 * chance),
        )
    };
    Ok(Contest { current, candidate, gain, gain_within, chance, wins, why })
}

fn draws(pairs: &[(Tally, Tally)], seed: u64) -> Vec<f64> {
    let mut random = Random::new(&[seed, 2]);
    (0..DRAWS).map(|_| gain((0..pairs.len()).map(|_| &pairs[random.below(pairs.len())]))).collect()
}

fn gain<'a>(pairs: impl Iterator<Item = &'a (Tally, Tally)>) -> f64 {
    let (mut current, mut candidate) = (Tally::default(), Tally::default());
    for (one, other) in pairs {
        current.add(one);
        candidate.add(other);
    }
    candidate.f_mean() - current.f_mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defect::{Annotation, Defect, Finding, Rect};
    use crate::judge::Bands;
    use crate::model::Taught;

    fn card() -> Card {
        Card {
            name: "one".to_owned(),
            temperature: 1.0,
            threshold: 0.5,
            bands: Bands { ok_below: 0.2, ng_from: 0.9 },
            costs: None,
            taught: Taught::default(),
        }
    }

    /// Pictures with four annotations each, of which `found(picture, annotation)` says with which score it was found.
    fn judged(pictures: usize, found: impl Fn(usize, usize) -> f32) -> Vec<Judged> {
        let at =
            |n: usize| Rect { left: n as f32 * 50.0, top: 0.0, right: n as f32 * 50.0 + 20.0, bottom: 20.0 };
        let annotation = |n: usize| Annotation { defect: Defect::Open, at: at(n) };
        let finding = |score: f32, n: usize| Finding { defect: Defect::Open, score, any: score, at: at(n) };
        (0..pictures)
            .map(|picture| Judged {
                annotations: (0..4).map(annotation).collect(),
                findings: (0..4).map(|n| finding(found(picture, n), n)).collect(),
            })
            .collect()
    }

    #[test]
    fn a_clear_gain_wins_and_a_lucky_one_does_not() {
        let card = card();
        let old = judged(60, |picture, n| if (picture + n) % 5 == 0 { 0.3 } else { 0.95 });
        let better = judged(60, |picture, n| if (picture + n) % 20 == 0 { 0.3 } else { 0.95 });
        let won = contest((&old, &card), (&better, &card), 1).unwrap();
        assert!(won.wins && won.gain > 0.05 && won.gain_within.0 > 0.0, "{won:?}");
        assert_eq!(won, contest((&old, &card), (&better, &card), 1).unwrap(), "the same seed says the same");
        let lost = contest((&better, &card), (&old, &card), 1).unwrap();
        assert!(!lost.wins && lost.why.contains("does not rise"), "{lost:?}");
        // One annotation of 240 more.
        let lucky = judged(
            60,
            |picture, n| if (picture + n) % 5 == 0 && (picture, n) != (5, 0) { 0.3 } else { 0.95 },
        );
        let lost = contest((&old, &card), (&lucky, &card), 1).unwrap();
        assert!(!lost.wins && lost.gain > 0.0 && lost.why.contains("luck"), "{lost:?}");
    }

    #[test]
    fn a_model_that_lets_defects_by_never_wins() {
        let card = card();
        let old = judged(60, |picture, n| if (picture + n) % 5 == 0 { 0.3 } else { 0.95 });
        // Much better on the mean, and one defect falls below what anybody looks at.
        let blind = judged(60, |picture, n| if (picture, n) == (7, 2) { 0.1 } else { 0.95 });
        let lost = contest((&old, &card), (&blind, &card), 1).unwrap();
        assert!(!lost.wins && lost.gain > 0.05 && lost.why.contains("escape"), "{lost:?}");
    }

    #[test]
    fn too_few_or_other_pictures_decide_nothing() {
        let card = card();
        let (few, many) = (judged(19, |_, _| 0.9), judged(40, |_, _| 0.9));
        assert!(contest((&few, &card), (&few, &card), 1).unwrap_err().contains("19 pictures"));
        let mut other = many.clone();
        other[3].annotations[0].defect = Defect::Short;
        assert!(contest((&many, &card), (&other, &card), 1).unwrap_err().contains("same pictures"));
        assert!(contest((&many, &card), (&many[..39], &card), 1).is_err());
    }
}
