//! A whole course: networks that did not see a board's group judge it, temperature, threshold and bands follow from what they said,
//! and the model is taught with all.

use std::collections::BTreeMap;

use crate::calibrate::{Costs, Parting, bands, part, temperature};
use crate::defect::Annotation;
use crate::detect::{Detector, Looked};
use crate::evaluate::{Judged, best_threshold};
use crate::learn::{CLASSES, Course, Lesson, explain, teach};
use crate::model::{Card, Model, Taught};
use crate::network::{Loss, Network, NetworkError};

/// A lesson, and the make of its board: boards of one make are never parted when some are held out.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// The pictures and what is on them.
    pub lesson: &'a Lesson,
    /// What boards of one make share.
    pub group: &'a str,
}

/// How a model is to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it is called.
    pub name: String,
    /// Parts into which the groups are cut; below two nothing is calibrated and a person looks at everything.
    pub folds: usize,
    /// How long, from which seed, on how many threads.
    pub course: Course,
    /// What mistakes cost: the bands follow from it.
    pub costs: Costs,
}

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Which network is being taught, counted from 0; the last is the one that stays.
    pub network: usize,
    /// Networks in all.
    pub networks: usize,
    /// Steps done.
    pub done: usize,
    /// Steps of this network.
    pub steps: usize,
    /// The loss of the last step.
    pub loss: Loss,
}

/// A model, and how good networks taught alike were on boards that they never saw.
#[derive(Debug)]
pub struct Graduate {
    /// Calibrated where there were groups to hold out.
    pub model: Model,
    /// What those networks made of each picture, and what the bands make of that.
    pub unseen: Option<(Vec<Judged>, Parting)>,
}

/// Takes samples, and drawn boards that are never held out, through the course. The same samples in the same order give the same
/// model, byte for byte, with any number of threads.
///
/// # Errors
/// When there is nothing to learn from.
pub fn school(
    samples: &[Sample<'_>],
    drawn: &[Lesson],
    plan: &Plan,
    mut progress: impl FnMut(Progress),
) -> Result<Graduate, NetworkError> {
    let folds = folds(samples, plan.folds);
    let parted = if folds.len() < 2 { 0 } else { folds.len() };
    let mut run = |network: usize, lessons: &[&Lesson]| {
        teach(lessons, None, plan.course, |done, steps, loss| {
            progress(Progress { network, networks: parted + 1, done, steps, loss });
        })
    };
    let mut outside = Outside::default();
    for (n, fold) in folds.iter().take(parted).enumerate() {
        let seen = samples.iter().enumerate().filter(|(n, _)| !fold.contains(n)).map(|(_, one)| one.lesson);
        let seen: Vec<&Lesson> = seen.chain(drawn).collect();
        let model = uncalibrated(plan, run(n, &seen)?, &seen);
        outside.look(&model, &fold.iter().map(|n| samples[*n].lesson).collect::<Vec<_>>());
    }
    let all: Vec<&Lesson> = samples.iter().map(|one| one.lesson).chain(drawn).collect();
    let mut model = uncalibrated(plan, run(parted, &all)?, &all);
    if parted == 0 {
        return Ok(Graduate { model, unseen: None });
    }
    model.card.taught.held_out = samples.len();
    let parting = adjust(&mut model.card, &outside, plan.costs);
    let judged = outside.judged(model.card.temperature);
    Ok(Graduate { model, unseen: Some((judged, parting)) })
}

fn uncalibrated(plan: &Plan, network: Network, lessons: &[&Lesson]) -> Model {
    let taught = Taught {
        pictures: lessons.len(),
        annotations: lessons.iter().map(|lesson| lesson.annotations.len()).sum(),
        epochs: plan.course.epochs,
        seed: plan.course.seed,
        held_out: 0,
    };
    Model::uncalibrated(&plan.name, network, taught)
}

/// What networks say of pictures that they were not taught with.
#[derive(Debug, Default)]
pub struct Outside {
    pictures: Vec<(Looked, Vec<Annotation>)>,
    /// The numbers of each place, and the class that is right.
    cases: Vec<([f32; CLASSES], usize)>,
}

impl Outside {
    /// Adds what a model says of pictures.
    pub fn look(&mut self, model: &Model, lessons: &[&Lesson]) {
        let mut detector = Detector::new(model);
        lessons.iter().for_each(|lesson| self.add(detector.look(&lesson.pair, 1), lesson));
    }

    /// Adds what was said of one picture.
    pub fn add(&mut self, looked: Looked, lesson: &Lesson) {
        let right = explain(lesson).into_iter().map(|what| what.map_or(0, |a| a.defect.number()));
        self.cases.extend(looked.numbers().zip(right));
        self.pictures.push((looked, lesson.annotations.clone()));
    }

    /// The findings at a temperature.
    #[must_use]
    pub fn judged(&self, temperature: f32) -> Vec<Judged> {
        let judged = |(looked, annotations): &(Looked, Vec<Annotation>)| Judged {
            annotations: annotations.clone(),
            findings: looked.findings(temperature),
        };
        self.pictures.iter().map(judged).collect()
    }
}

/// Chooses temperature, threshold and bands by pictures that the network, or one taught alike, did not see.
pub fn adjust(card: &mut Card, outside: &Outside, costs: Costs) -> Parting {
    card.temperature = temperature(&outside.cases);
    let judged = outside.judged(card.temperature);
    card.threshold = best_threshold(&judged);
    card.bands = bands(&judged, costs);
    card.costs = Some(costs);
    part(&judged, card.bands)
}

/// The samples in parts of about one size, none of which shares a group with another; fewer where there are fewer groups.
fn folds(samples: &[Sample<'_>], count: usize) -> Vec<Vec<usize>> {
    let mut groups = BTreeMap::<&str, Vec<usize>>::new();
    samples.iter().enumerate().for_each(|(n, sample)| groups.entry(sample.group).or_default().push(n));
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut folds: Vec<Vec<usize>> = vec![Vec::new(); count.clamp(1, groups.len().max(1))];
    for group in groups {
        if let Some(smallest) = folds.iter_mut().min_by_key(|fold| fold.len()) {
            smallest.extend(group);
        }
    }
    folds
}
