//! Teaching: annotated pairs become examples, examples a network.

use crate::candidates::{Candidate, Pair};
use crate::crop::{EXTRA, LAYERS, SIDE, View};
use crate::defect::{Annotation, Rect};
use crate::network::{
    Architecture, Layer, Loss, Network, NetworkError, Random, Target, TrainOptions, Trainer,
};

/// The classes of the network: nothing, then the six defects by their numbers.
pub const CLASSES: usize = 7;
/// Examples a step.
const BATCH: usize = 96;

/// A pair and what is on it.
#[derive(Debug)]
pub struct Lesson {
    /// The pictures, compared.
    pub pair: Pair,
    /// What people saw on the first.
    pub annotations: Vec<Annotation>,
}

/// How long and from which seed.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// How often each example is seen, on the mean.
    pub epochs: usize,
    /// What everything by chance follows from.
    pub seed: u64,
    /// Threads at most; the result is the same with any number.
    pub threads: usize,
}

/// The network that is taught.
#[must_use]
pub fn architecture() -> Architecture {
    let layers = vec![
        Layer::Conv3 { channels: 16, stride: 2 },
        Layer::Conv3 { channels: 32, stride: 2 },
        Layer::Residual,
        Layer::Conv3 { channels: 64, stride: 2 },
        Layer::Residual,
        Layer::Conv3 { channels: 96, stride: 2 },
        Layer::Dropout { percent: 20 },
        Layer::Dense { width: 128 },
        Layer::Dropout { percent: 20 },
    ];
    let side = SIDE as u16;
    Architecture {
        height: side,
        width: side,
        channels: LAYERS as u16,
        extra: EXTRA as u16,
        layers,
        classes: CLASSES as u16,
        boxes: true,
    }
}

/// What each candidate of a pair is: the annotation that it is best explained by, or nothing. Too much copper is never explained
/// by a defect of too little, whatever the boxes say.
#[must_use]
pub fn explain(lesson: &Lesson) -> Vec<Option<Annotation>> {
    let of = |candidate: &Candidate| {
        let region = Rect::from(candidate.region.bounds);
        let explains = |annotation: &&Annotation| {
            annotation.defect.is_extra() == candidate.is_extra && {
                let within = region.shared(&annotation.at) / region.area();
                within > 0.6 || region.padded(10.0).overlap(&annotation.at) > 0.33
            }
        };
        let nearness = |annotation: &Annotation| {
            region.padded(10.0).overlap(&annotation.at) + region.shared(&annotation.at) / region.area()
        };
        let explaining = lesson.annotations.iter().filter(explains);
        explaining.max_by(|a, b| nearness(a).total_cmp(&nearness(b))).copied()
    };
    lesson.pair.candidates.iter().map(of).collect()
}

/// Teaches a network, from a seed or from one that was taught before; `progress` hears the steps done, all of them, and the loss.
///
/// # Errors
/// When there is nothing to learn from, or the network is none for these crops.
pub fn teach(
    lessons: &[&Lesson],
    begin: Option<Network>,
    course: Course,
    mut progress: impl FnMut(usize, usize, Loss),
) -> Result<Network, NetworkError> {
    let examples: Vec<(usize, usize, Option<Annotation>)> = lessons
        .iter()
        .enumerate()
        .flat_map(|(n, lesson)| explain(lesson).into_iter().enumerate().map(move |(m, what)| (n, m, what)))
        .collect();
    let steps = (course.epochs * examples.len() / BATCH).max(1);
    let network = match begin {
        Some(network) => network,
        None => Network::new(&architecture(), course.seed)?,
    };
    let options = TrainOptions { seed: course.seed, threads: course.threads, ..TrainOptions::new(steps) };
    let mut trainer = Trainer::new(network, options)?;
    let mut order: Vec<usize> = Vec::new();
    let mut shuffler = Random::new(&[course.seed, 1]);
    for step in 0..steps {
        while order.len() < BATCH && !examples.is_empty() {
            let mut next: Vec<usize> = (0..examples.len()).collect();
            shuffler.shuffle(&mut next);
            order.splice(0..0, next);
        }
        let batch = order.split_off(order.len().saturating_sub(BATCH));
        let loss = trainer.step(batch.len(), |index, out| {
            let (lesson, candidate, what) = examples[batch[index]];
            let lesson = lessons[lesson];
            let candidate = &lesson.pair.candidates[candidate];
            let mut random = Random::new(&[course.seed, step as u64, index as u64]);
            let view = View::disturbed(candidate, &mut random);
            view.draw(&lesson.pair, candidate, out);
            Target {
                class: what.map_or(0, |annotation| annotation.defect.number()),
                weight: 1.0,
                region: what.map(|annotation| view.tell(candidate, &annotation.at)),
            }
        });
        progress(step + 1, steps, loss);
    }
    Ok(trainer.network())
}
