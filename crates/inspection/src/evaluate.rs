//! How good findings are, by the published protocol of DeepPCB: a finding is right when an annotation of the same defect overlaps it
//! by more than 0.33 and no surer finding took that annotation.

use serde::Serialize;

use crate::defect::{Annotation, Defect, Finding};

/// The overlap above which a finding meets an annotation.
pub const MATCH: f32 = 0.33;

/// A picture with what is on it and what was found.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The boxes drawn by people.
    pub annotations: Vec<Annotation>,
    /// What was found, of any score.
    pub findings: Vec<Finding>,
}

/// The measures of the field, all 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    /// Pictures looked at.
    pub pictures: usize,
    /// Boxes drawn on them.
    pub annotations: usize,
    /// The score from which a finding counts in `precision`, `recall` and `f_mean`.
    pub threshold: f32,
    /// The share of findings that are right.
    pub precision: f64,
    /// The share of annotations that were found.
    pub recall: f64,
    /// Twice the product of both over their sum.
    pub f_mean: f64,
    /// Area under precision over recall, findings of all defects in one row.
    pub pooled_average_precision: f64,
    /// The mean of the six.
    pub mean_average_precision: f64,
    /// One for each defect; none when no annotation has it.
    pub average_precision: Vec<(Defect, Option<f64>)>,
    /// What findings above the threshold took for what: rows are annotations, columns findings, the last of each is *nothing*.
    pub confusion: [[usize; 7]; 7],
}

/// Compares findings with annotations; those with at least `threshold` count for precision, recall and F-mean.
#[must_use]
pub fn evaluate(judged: &[Judged], threshold: f32) -> Quality {
    let mut matched: Vec<(f32, Defect, bool)> = judged.iter().flat_map(match_up).collect();
    matched.sort_by(|a, b| b.0.total_cmp(&a.0));
    let drawn = |defect: Defect| {
        judged.iter().flat_map(|j| &j.annotations).filter(|annotation| annotation.defect == defect).count()
    };
    let annotations: usize = judged.iter().map(|j| j.annotations.len()).sum();
    let right: Vec<bool> = matched.iter().map(|m| m.2).collect();
    let average_precision: Vec<_> = Defect::ALL
        .iter()
        .map(|&defect| {
            let right: Vec<bool> = matched.iter().filter(|m| m.1 == defect).map(|m| m.2).collect();
            let drawn = drawn(defect);
            (defect, (drawn > 0).then(|| area(&right, drawn)))
        })
        .collect();
    let present: Vec<f64> = average_precision.iter().filter_map(|(_, ap)| *ap).collect();
    let counted = matched.iter().take_while(|m| m.0 >= threshold).count();
    let hits = right[..counted].iter().filter(|right| **right).count();
    let (precision, recall) = (ratio(hits, counted), ratio(hits, annotations));
    let f_mean = if hits > 0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    let mut confusion = [[0; 7]; 7];
    judged.iter().for_each(|judged| confuse(judged, threshold, &mut confusion));
    Quality {
        pictures: judged.len(),
        annotations,
        threshold,
        precision,
        recall,
        f_mean,
        pooled_average_precision: area(&right, annotations),
        mean_average_precision: present.iter().sum::<f64>() / present.len().max(1) as f64,
        average_precision,
        confusion,
    }
}

/// What was found on some pictures, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings that are right.
    pub hits: usize,
    /// Findings.
    pub found: usize,
    /// Annotations.
    pub drawn: usize,
}

impl Tally {
    /// Adds those of other pictures.
    pub fn add(&mut self, other: &Self) {
        self.hits += other.hits;
        self.found += other.found;
        self.drawn += other.drawn;
    }

    /// Twice the hits over all that was found and all that was drawn.
    #[must_use]
    pub fn f_mean(&self) -> f64 {
        ratio(2 * self.hits, self.found + self.drawn)
    }
}

/// Counts one picture; findings with at least `threshold` count.
#[must_use]
pub fn tally(judged: &Judged, threshold: f32) -> Tally {
    let counted: Vec<_> = match_up(judged).into_iter().filter(|(score, ..)| *score >= threshold).collect();
    let hits = counted.iter().filter(|(.., right)| *right).count();
    Tally { hits, found: counted.len(), drawn: judged.annotations.len() }
}

/// The score of the findings from which F-mean is highest, to be chosen on pictures that are held out.
#[must_use]
pub fn best_threshold(judged: &[Judged]) -> f32 {
    let mut matched: Vec<(f32, Defect, bool)> = judged.iter().flat_map(match_up).collect();
    matched.sort_by(|a, b| b.0.total_cmp(&a.0));
    let annotations: usize = judged.iter().map(|j| j.annotations.len()).sum();
    let (mut hits, mut best) = (0, (0.0, 0.5));
    for (n, (score, _, right)) in matched.iter().enumerate() {
        hits += usize::from(*right);
        // F-mean is twice the hits over all that was found and all that was drawn.
        let f_mean = 2.0 * hits as f64 / (n + 1 + annotations) as f64;
        if f_mean > best.0 {
            // Halfway to the next, so that one rounding more does not tip it.
            let next = matched.get(n + 1).map_or(0.0, |m| m.0);
            best = (f_mean, (score + next) / 2.0);
        }
    }
    best.1
}

/// Score, defect and whether it is right, for each finding.
fn match_up(judged: &Judged) -> Vec<(f32, Defect, bool)> {
    let mut findings = judged.findings.clone();
    findings.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut taken = vec![false; judged.annotations.len()];
    let mut matched = Vec::with_capacity(findings.len());
    for finding in findings {
        let best = (0..taken.len())
            .filter(|&n| !taken[n] && judged.annotations[n].defect == finding.defect)
            .map(|n| (judged.annotations[n].at.overlap(&finding.at), n))
            .filter(|(overlap, _)| *overlap > MATCH)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, n)) = best {
            taken[n] = true;
        }
        matched.push((finding.score, finding.defect, best.is_some()));
    }
    matched
}

/// Adds to the confusion, matching by place alone.
fn confuse(judged: &Judged, threshold: f32, confusion: &mut [[usize; 7]; 7]) {
    const NOTHING: usize = 6;
    let mut findings: Vec<&Finding> = judged.findings.iter().filter(|f| f.score >= threshold).collect();
    findings.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut taken = vec![false; judged.annotations.len()];
    for finding in findings {
        let best = (0..taken.len())
            .filter(|n| !taken[*n])
            .map(|n| {
                let annotation = &judged.annotations[n];
                let same = annotation.defect == finding.defect;
                (annotation.at.overlap(&finding.at), same, n)
            })
            .filter(|(overlap, ..)| *overlap > MATCH)
            .max_by(|a, b| a.1.cmp(&b.1).then(a.0.total_cmp(&b.0)));
        let row = best.map_or(NOTHING, |(_, _, n)| judged.annotations[n].defect.number() - 1);
        if let Some((_, _, n)) = best {
            taken[n] = true;
        }
        confusion[row][finding.defect.number() - 1] += 1;
    }
    for (annotation, _) in judged.annotations.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        confusion[annotation.defect.number() - 1][NOTHING] += 1;
    }
}

/// The area under the curve of precision over recall, where precision is the best at that recall or more. `right` is in falling
/// order of scores.
fn area(right: &[bool], drawn: usize) -> f64 {
    if drawn == 0 {
        return 0.0;
    }
    let mut hits = 0;
    let precision: Vec<f64> = right
        .iter()
        .enumerate()
        .map(|(n, right)| {
            hits += usize::from(*right);
            hits as f64 / (n + 1) as f64
        })
        .collect();
    let (mut sum, mut best) = (0.0, 0.0_f64);
    for (right, precision) in right.iter().zip(precision).rev() {
        best = best.max(precision);
        if *right {
            sum += best;
        }
    }
    sum / drawn as f64
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defect::Rect;

    fn at(left: f32, defect: Defect) -> Annotation {
        Annotation { defect, at: Rect { left, top: 0.0, right: left + 20.0, bottom: 20.0 } }
    }

    fn found(left: f32, defect: Defect, score: f32) -> Finding {
        Finding { defect, score, any: score, at: at(left, defect).at }
    }

    #[test]
    fn each_annotation_is_met_once_and_by_its_own_defect() {
        use Defect::{Open, Short};
        let judged = Judged {
            annotations: vec![at(0.0, Open), at(100.0, Short), at(200.0, Open)],
            findings: vec![
                found(2.0, Open, 0.9),   // right
                found(0.0, Open, 0.8),   // a double
                found(100.0, Open, 0.7), // another defect
                found(209.0, Open, 0.6), // overlaps by 11/29
                found(400.0, Short, 0.1),
            ],
        };
        let quality = evaluate(&[judged], 0.5);
        assert_eq!((quality.precision, quality.recall), (0.5, 2.0 / 3.0));
        // Right at ranks 1 and 4: precision 1 and 1/2 over three annotations.
        assert!((quality.pooled_average_precision - 1.5 / 3.0).abs() < 1e-9);
        assert_eq!(quality.confusion[1][0], 1, "a short was taken for an open");
        assert_eq!(quality.confusion[6][0], 1, "the double is nothing");
        assert_eq!(quality.average_precision[5], (Defect::PinHole, None));
    }

    #[test]
    fn the_threshold_is_where_f_is_highest() {
        let judged = Judged {
            annotations: vec![at(0.0, Defect::Spur), at(100.0, Defect::Spur)],
            findings: vec![
                found(0.0, Defect::Spur, 0.9),
                found(100.0, Defect::Spur, 0.4),
                found(300.0, Defect::Spur, 0.2),
            ],
        };
        let threshold = best_threshold(std::slice::from_ref(&judged));
        assert!(threshold > 0.2 && threshold < 0.4, "{threshold}");
        assert_eq!(tally(&judged, threshold), Tally { hits: 2, found: 2, drawn: 2 });
        let low = tally(&judged, 0.1);
        assert_eq!(low.f_mean(), evaluate(std::slice::from_ref(&judged), 0.1).f_mean);
        assert_eq!(evaluate(&[judged], threshold).f_mean, 1.0);
    }
}
