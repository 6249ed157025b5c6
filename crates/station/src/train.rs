//! `train`: a model from annotated pictures.

use std::process::ExitCode;

use inspection::Pair;
use inspection::learn::{Course, Lesson};
use inspection::school::{Graduate, Plan, Sample};
use serde_json::json;

use crate::cli::Train;
use crate::say::say;
use crate::{data, evaluate, eye, files, progress};

pub(crate) fn train(args: &Train) -> Result<ExitCode, String> {
    eye::not_onnx(&args.model)?;
    let entries = data::entries(&args.data, &[])?;
    let lessons = data::lessons(&args.data, &entries, args.threads)?;
    let drawn = drawn(args.drawn as usize, args.seed, args.threads);
    let samples: Vec<Sample<'_>> =
        entries.iter().zip(&lessons).map(|(entry, lesson)| Sample { lesson, group: &entry.group }).collect();
    let course = Course { epochs: usize::from(args.epochs), seed: args.seed, threads: args.threads };
    let plan =
        Plan { name: args.name.clone(), folds: usize::from(args.folds), course, costs: args.costs.costs() };
    let Graduate { model, unseen } = teach(&samples, &drawn, &plan)?;
    let bytes = model.write().map_err(|error| error.to_string())?;
    files::write(&args.model, &bytes)?;
    let Some((judged, parting)) = unseen else {
        say!("{}: {} bytes, not calibrated: a person looks at everything", args.model.display(), bytes.len());
        return Ok(ExitCode::SUCCESS);
    };
    let quality = inspection::evaluate::evaluate(&judged, model.card.threshold);
    if args.json {
        say!(
            "{}",
            json!({ "card": model.card, "bytes": bytes.len(), "unseen": quality, "parting": parting })
        );
    } else {
        say!(
            "{}: {} bytes, {} pictures taught",
            args.model.display(),
            bytes.len(),
            model.card.taught.pictures
        );
        say!("Each picture judged by a network that saw no board of its group:");
        evaluate::print(&quality);
        evaluate::print_parting(&model.card, &parting);
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes samples through the course, with a bar.
///
/// # Errors
/// When there is nothing to learn from.
pub(crate) fn teach(samples: &[Sample<'_>], drawn: &[Lesson], plan: &Plan) -> Result<Graduate, String> {
    let bar = progress::bar(0, "teaching");
    let taught = inspection::school::school(samples, drawn, plan, |at| {
        bar.set_length(at.steps as u64);
        bar.set_position(at.done as u64);
        if at.done == 1 {
            let is_last = at.network + 1 == at.networks;
            bar.set_message(if is_last { "teaching with all" } else { "teaching without one part" });
        }
        if at.done % 100 == 0 {
            let right = 100.0 * at.loss.correct as f64 / at.loss.samples.max(1) as f64;
            bar.println(format!("step {}: loss {:.3}, {right:.1} % right", at.done, at.loss.mean()));
        }
    });
    bar.finish_and_clear();
    taught.map_err(|error| format!("it cannot be taught: {error}"))
}

/// Boards drawn from the seed.
pub(crate) fn drawn(count: usize, seed: u64, threads: usize) -> Vec<Lesson> {
    let bar = progress::bar(count as u64, "drawing");
    let lessons = data::on_threads(count, threads, &bar, || {
        |n: usize| {
            let drawn = inspection::synth::draw(seed, n as u64);
            Lesson { pair: Pair::new(&drawn.test, &drawn.template), annotations: drawn.annotations }
        }
    });
    bar.finish_and_clear();
    lessons
}
