//! `train`: a model from annotated pictures.

use std::collections::BTreeMap;
use std::process::ExitCode;

use inspection::dataset::Entry;
use inspection::learn::{Course, Lesson};
use inspection::model::Taught;
use inspection::network::Network;
use inspection::{Model, Pair};
use serde_json::json;

use crate::calibrate::{Outside, adjust};
use crate::cli::Train;
use crate::say::say;
use crate::{data, evaluate, eye, files, progress};

pub(crate) fn train(args: &Train) -> Result<ExitCode, String> {
    eye::not_onnx(&args.model)?;
    let entries = data::entries(&args.data, &[])?;
    let lessons = data::lessons(&args.data, &entries, args.threads)?;
    let drawn = drawn(args);
    let folds = folds(&entries, usize::from(args.folds));
    let outside = cross(args, &lessons, &drawn, &folds)?;
    let all: Vec<&Lesson> = lessons.iter().chain(&drawn).collect();
    let mut model = Model::uncalibrated(&args.name, teach(args, &all, "teaching with all")?, of(args, &all));
    let Some(outside) = outside else {
        let bytes = model.write().map_err(|error| error.to_string())?;
        files::write(&args.model, &bytes)?;
        say!("{}: {} bytes, not calibrated: a person looks at everything", args.model.display(), bytes.len());
        return Ok(ExitCode::SUCCESS);
    };
    model.card.taught.held_out = lessons.len();
    let parting = adjust(&mut model, &outside, args.costs.costs());
    let bytes = model.write().map_err(|error| error.to_string())?;
    files::write(&args.model, &bytes)?;
    let quality =
        inspection::evaluate::evaluate(&outside.judged(model.card.temperature), model.card.threshold);
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

/// What networks make of pictures of groups that they were not taught with; none where there is one fold only.
fn cross(
    args: &Train,
    lessons: &[Lesson],
    drawn: &[Lesson],
    folds: &[Vec<usize>],
) -> Result<Option<Outside>, String> {
    if folds.len() < 2 {
        return Ok(None);
    }
    let mut outside = Outside::default();
    for (n, fold) in folds.iter().enumerate() {
        let seen = lessons.iter().enumerate().filter(|(n, _)| !fold.contains(n)).map(|(_, lesson)| lesson);
        let seen: Vec<&Lesson> = seen.chain(drawn).collect();
        let network =
            teach(args, &seen, if n % 2 == 0 { "teaching without one part" } else { "and without another" })?;
        let model = Model::uncalibrated(&args.name, network, of(args, &seen));
        outside.look(&model, &fold.iter().map(|n| &lessons[*n]).collect::<Vec<_>>());
    }
    Ok(Some(outside))
}

fn teach(args: &Train, lessons: &[&Lesson], what: &'static str) -> Result<Network, String> {
    let course = Course { epochs: usize::from(args.epochs), seed: args.seed, threads: args.threads };
    let bar = progress::bar(0, what);
    let network = inspection::learn::teach(lessons, None, course, |done, all, loss| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        if done % 100 == 0 {
            let right = 100.0 * loss.correct as f64 / loss.samples.max(1) as f64;
            bar.println(format!("step {done}: loss {:.3}, {right:.1} % right", loss.mean()));
        }
    });
    bar.finish_and_clear();
    network.map_err(|error| format!("it cannot be taught: {error}"))
}

fn of(args: &Train, lessons: &[&Lesson]) -> Taught {
    Taught {
        pictures: lessons.len(),
        annotations: lessons.iter().map(|lesson| lesson.annotations.len()).sum(),
        epochs: usize::from(args.epochs),
        seed: args.seed,
        held_out: 0,
    }
}

/// Boards drawn from the seed.
fn drawn(args: &Train) -> Vec<Lesson> {
    let count = args.drawn as usize;
    let bar = progress::bar(count as u64, "drawing");
    let lessons = data::on_threads(count, args.threads, &bar, || {
        |n: usize| {
            let drawn = inspection::synth::draw(args.seed, n as u64);
            Lesson { pair: Pair::new(&drawn.test, &drawn.template), annotations: drawn.annotations }
        }
    });
    bar.finish_and_clear();
    lessons
}

/// The pictures in parts of about one size, none of which shares a group with another; fewer where there are fewer groups.
fn folds(entries: &[Entry], count: usize) -> Vec<Vec<usize>> {
    let mut groups = BTreeMap::<&str, Vec<usize>>::new();
    entries.iter().enumerate().for_each(|(n, entry)| groups.entry(&entry.group).or_default().push(n));
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut folds: Vec<Vec<usize>> = vec![Vec::new(); count.clamp(1, groups.len())];
    for group in groups {
        if let Some(smallest) = folds.iter_mut().min_by_key(|fold| fold.len()) {
            smallest.extend(group);
        }
    }
    folds
}
