//! `calibrate`: scores that mean what they say, and bands by what mistakes cost.

use std::process::ExitCode;

use inspection::calibrate::{Costs, Parting, bands, part, temperature};
use inspection::detect::Looked;
use inspection::evaluate::Judged;
use inspection::learn::{CLASSES, Lesson, explain};
use inspection::{Annotation, Card, Detector, Model};
use serde_json::json;

use crate::cli::{Calibrate, CostArgs};
use crate::eye::Eye;
use crate::say::say;
use crate::{data, evaluate};

impl CostArgs {
    pub(crate) fn costs(&self) -> Costs {
        Costs { escape: self.escape, overkill: self.overkill, review: 1.0 }
    }
}

pub(crate) fn calibrate(args: &Calibrate) -> Result<ExitCode, String> {
    let entries = data::entries(&args.data, &args.groups)?;
    let mut eye = Eye::load(Some(&args.model))?;
    let lessons = data::lessons(&args.data, &entries, args.threads)?;
    let mut outside = Outside::default();
    let mut looker = eye.looker();
    for lesson in &lessons {
        outside.add(looker.look(&lesson.pair, 1)?, lesson);
    }
    let mut card = eye.card().clone();
    card.taught.held_out = lessons.len();
    let parting = adjust_card(&mut card, &outside, args.costs.costs());
    eye.adjust(card);
    eye.write(&args.model)?;
    if args.json {
        say!("{}", json!({ "card": eye.card(), "parting": parting }));
    } else {
        evaluate::print_parting(eye.card(), &parting);
    }
    Ok(ExitCode::SUCCESS)
}

/// What a network says of pictures that it was not taught with.
#[derive(Default)]
pub(crate) struct Outside {
    pictures: Vec<(Looked, Vec<Annotation>)>,
    /// The numbers of each place, and the class that is right.
    cases: Vec<([f32; CLASSES], usize)>,
}

impl Outside {
    /// Adds what a model says of pictures.
    pub(crate) fn look(&mut self, model: &Model, lessons: &[&Lesson]) {
        let mut detector = Detector::new(model);
        for lesson in lessons {
            self.add(detector.look(&lesson.pair, 1), lesson);
        }
    }

    /// Adds what was said of one picture.
    fn add(&mut self, looked: Looked, lesson: &Lesson) {
        let right = explain(lesson).into_iter().map(|what| what.map_or(0, |a| a.defect.number()));
        self.cases.extend(looked.numbers().zip(right));
        self.pictures.push((looked, lesson.annotations.clone()));
    }

    /// The findings at a temperature.
    pub(crate) fn judged(&self, temperature: f32) -> Vec<Judged> {
        let judged = |(looked, annotations): &(Looked, Vec<Annotation>)| Judged {
            annotations: annotations.clone(),
            findings: looked.findings(temperature),
        };
        self.pictures.iter().map(judged).collect()
    }
}

/// Chooses temperature, threshold and bands by pictures that the network, or one taught alike, did not see.
pub(crate) fn adjust(model: &mut Model, outside: &Outside, costs: Costs) -> Parting {
    adjust_card(&mut model.card, outside, costs)
}

fn adjust_card(card: &mut Card, outside: &Outside, costs: Costs) -> Parting {
    card.temperature = temperature(&outside.cases);
    let judged = outside.judged(card.temperature);
    card.threshold = inspection::evaluate::best_threshold(&judged);
    card.bands = bands(&judged, costs);
    card.costs = Some(costs);
    part(&judged, card.bands)
}
