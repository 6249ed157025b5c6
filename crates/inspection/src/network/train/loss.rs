//! How far an output is from what is right, and which way it should move.

use super::TrainOptions;
use crate::network::softmax;

/// What is right for one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The class; below the number of classes.
    pub class: usize,
    /// How much the class of this sample counts; 1 is usual.
    pub weight: f32,
    /// The four numbers of the box, if the sample has one.
    pub region: Option<[f32; 4]>,
}

impl Target {
    /// A class without a box, counting as one.
    pub fn class(class: usize) -> Self {
        Self { class, weight: 1.0, region: None }
    }
}

/// Sums over samples.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Loss {
    /// Samples.
    pub samples: usize,
    /// Of them, those whose greatest class is the right one.
    pub correct: usize,
    /// Loss of the classes, summed.
    pub classes: f64,
    /// Loss of the boxes, summed and weighted.
    pub boxes: f64,
}

impl Loss {
    /// Adds another's samples.
    pub fn add(&mut self, other: Self) {
        self.samples += other.samples;
        self.correct += other.correct;
        self.classes += other.classes;
        self.boxes += other.boxes;
    }

    /// Classes and boxes together, per sample; 0 without samples.
    pub fn mean(&self) -> f64 {
        (self.classes + self.boxes) / self.samples.max(1) as f64
    }
}

/// The loss of one output; `errors` becomes its slope times `share`. A class beyond the outputs counts as none.
pub(super) fn judge(
    options: &TrainOptions,
    classes: usize,
    output: &[f32],
    target: &Target,
    share: f32,
    errors: &mut [f32],
) -> Loss {
    let (numbers, region) = output.split_at(classes);
    let (class_errors, box_errors) = errors.split_at_mut(classes);
    let mut loss = Loss { samples: 1, ..Loss::default() };
    let best = numbers
        .iter()
        .enumerate()
        .fold(0, |best, (at, number)| if *number > numbers[best] { at } else { best });
    loss.correct = usize::from(best == target.class);
    class_errors.copy_from_slice(numbers);
    softmax(class_errors);
    loss.classes = f64::from(judge_class(options, target, share, class_errors));
    box_errors.fill(0.0);
    if let Some(wanted) = target.region {
        for ((error, number), wanted) in box_errors.iter_mut().zip(region).zip(wanted) {
            let (off, bend) = (number - wanted, options.box_bend);
            let far = off.abs() >= bend;
            let size = if far { off.abs() - bend / 2.0 } else { off * off / (2.0 * bend) };
            *error = options.box_weight * share * if far { off.signum() } else { off / bend };
            loss.boxes += f64::from(options.box_weight * size);
        }
    }
    loss
}

/// `-Σ tₖ (1-pₖ)^γ log pₖ` and its slope, from the shares that `shares` holds and that it replaces.
fn judge_class(options: &TrainOptions, target: &Target, share: f32, shares: &mut [f32]) -> f32 {
    let spread = options.smoothing / shares.len() as f32;
    let gamma = options.focal;
    let wanted = |class| spread + if class == target.class { 1.0 - options.smoothing } else { 0.0 };
    // the slope by pₖ, times pₖ
    let slope = |class, p: f32| {
        let rest = 1.0 - p;
        let bend = if gamma == 0.0 || rest <= 0.0 {
            0.0
        } else {
            gamma * rest.powf(gamma - 1.0) * p * p.max(1e-30).ln()
        };
        wanted(class) * (bend - rest.powf(gamma))
    };
    let mut loss = 0.0;
    let mut sum = 0.0;
    for (class, p) in shares.iter().enumerate() {
        loss -= wanted(class) * (1.0 - p).powf(gamma) * p.max(1e-30).ln();
        sum += slope(class, *p);
    }
    for (class, p) in shares.iter_mut().enumerate() {
        *p = share * target.weight * (slope(class, *p) - *p * sum);
    }
    target.weight * loss
}
