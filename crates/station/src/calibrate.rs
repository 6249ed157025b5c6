//! `calibrate`: scores that mean what they say, and bands by what mistakes cost.

use std::process::ExitCode;

use inspection::calibrate::{Costs, Parting, bands, part, temperature};
use inspection::detect::Looked;
use inspection::evaluate::Judged;
use inspection::learn::{CLASSES, Lesson, explain};
use inspection::{Annotation, Detector, Model};
use serde_json::json;

use crate::cli::{Calibrate, CostArgs};
use crate::say::say;
use crate::{data, evaluate, files};

impl CostArgs {
    pub(crate) fn costs(&self) -> Costs {
        Costs { escape: self.escape, overkill: self.overkill, review: 1.0 }
    }
}

pub(crate) fn calibrate(args: &Calibrate) -> Result<ExitCode, String> {
    let entries = data::entries(&args.data, &args.groups)?;
    let mut model = files::model(Some(&args.model))?;
    let lessons = data::lessons(&args.data, &entries, args.threads)?;
    let mut outside = Outside::default();
    outside.look(&model, &lessons.iter().collect::<Vec<_>>());
    model.card.taught.held_out = lessons.len();
    let parting = adjust(&mut model, &outside, args.costs.costs());
    files::write(&args.model, &model.write().map_err(|error| error.to_string())?)?;
    if args.json {
        say!("{}", json!({ "card": model.card, "parting": parting }));
    } else {
        evaluate::print_parting(&model.card, &parting);
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
            let looked = detector.look(&lesson.pair, 1);
            let right = explain(lesson).into_iter().map(|what| what.map_or(0, |a| a.defect.number()));
            self.cases.extend(looked.numbers().zip(right));
            self.pictures.push((looked, lesson.annotations.clone()));
        }
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
    model.card.temperature = temperature(&outside.cases);
    let judged = outside.judged(model.card.temperature);
    model.card.threshold = inspection::evaluate::best_threshold(&judged);
    model.card.bands = bands(&judged, costs);
    model.card.costs = Some(costs);
    part(&judged, model.card.bands)
}
