//! `evaluate`: how good a model is, and how fast.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use inspection::calibrate::{Parting, part};
use inspection::evaluate::{Judged, Quality};
use inspection::{Card, Defect};
use serde_json::json;

use crate::cli::Evaluate;
use crate::eye::Eye;
use crate::say::say;
use crate::{data, progress};

pub(crate) fn evaluate(args: &Evaluate) -> Result<ExitCode, String> {
    let entries = data::entries(&args.data, &args.groups)?;
    let eye = Eye::load(args.model.as_deref())?;
    let bar = progress::bar(entries.len() as u64, "looking");
    let clock = Clock::start();
    let looked = data::on_threads(entries.len(), args.threads, &bar, || {
        let mut looker = eye.looker();
        let (data, entries) = (&args.data, &entries);
        move |n: usize| {
            let lesson = data::lesson(data, &entries[n])?;
            let findings = looker.find(&lesson.pair, args.views)?;
            Ok(Judged { findings, annotations: lesson.annotations })
        }
    });
    let (wall, cpu) = clock.stop();
    bar.finish_and_clear();
    let judged = looked.into_iter().collect::<Result<Vec<Judged>, String>>()?;
    let card = eye.card();
    let quality = inspection::evaluate::evaluate(&judged, card.threshold);
    let parting = part(&judged, card.bands);
    let rate = judged.len() as f64 / wall.as_secs_f64();
    let each = cpu.as_secs_f64() * 1e3 / judged.len() as f64;
    let mut groups = BTreeMap::<&str, Vec<Judged>>::new();
    for (entry, judged) in entries.iter().zip(&judged) {
        groups.entry(&entry.group).or_default().push(judged.clone());
    }
    let groups: BTreeMap<_, _> = groups
        .into_iter()
        .map(|(group, judged)| (group, inspection::evaluate::evaluate(&judged, card.threshold)))
        .collect();
    if args.json {
        let speed =
            json!({ "pictures-per-second": rate, "cpu-ms-per-picture": each, "threads": args.threads });
        say!(
            "{}",
            json!({ "model": card, "quality": quality, "parting": parting, "speed": speed, "groups": groups })
        );
        return Ok(ExitCode::SUCCESS);
    }
    print(&quality);
    say!(
        "{rate:.1} pictures/s on {} threads, {each:.1} CPU ms each, reading and decoding included",
        args.threads
    );
    print_parting(card, &parting);
    for (group, quality) in groups {
        let Quality { pictures, f_mean, mean_average_precision: mean, .. } = quality;
        say!("{group}: {pictures} pictures, F {f_mean:.4}, mAP {mean:.4}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The measures of the field, for people.
pub(crate) fn print(quality: &Quality) {
    let Quality { pictures, annotations, threshold, precision, recall, f_mean, .. } = quality;
    say!("{pictures} pictures, {annotations} annotations; findings from score {threshold:.2}");
    say!("precision {precision:.4}, recall {recall:.4}, F-mean {f_mean:.4}");
    let (pooled, mean) = (quality.pooled_average_precision, quality.mean_average_precision);
    say!("average precision {pooled:.4} pooled, {mean:.4} as the mean of the defects");
    say!(
        "{:>16} {:>7}  taken for: {}",
        "",
        "AP",
        Defect::ALL.map(|d| format!("{:>9.9}", d.name())).join(" ")
    );
    for (n, row) in quality.confusion.iter().enumerate() {
        let name = Defect::ALL.get(n).map_or("nothing", |defect| defect.name());
        let ap = quality.average_precision.get(n).and_then(|(_, ap)| *ap);
        let ap = ap.map_or_else(String::new, |ap| format!("{ap:.4}"));
        say!(
            "{name:>16} {ap:>7}             {}",
            row[..6].iter().map(|n| format!("{n:>9}")).collect::<Vec<_>>().join(" ")
        );
    }
    let missed: usize = quality.confusion.iter().map(|row| row[6]).sum();
    say!("{:>16} {missed:>7}", "not found");
}

/// What the bands make of the pictures, for people.
pub(crate) fn print_parting(card: &Card, parting: &Parting) {
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let (bands, Parting { calls, reviewed, automatic, false_automatic, untouched, annotations }) =
        (card.bands, *parting);
    say!(
        "clear below {:.3}, NG from {:.3}: {calls} calls, {reviewed} ({:.1} %) to people, {automatic} decided NG of which {false_automatic} ({:.2} %) wrongly; {untouched} of {annotations} annotations ({:.2} %) without a call",
        bands.ok_below,
        bands.ng_from,
        share(reviewed, calls),
        share(false_automatic, automatic),
        share(untouched, annotations),
    );
}

/// Time on the wall and of the processor.
pub(crate) struct Clock(Instant, ProcessTime);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "a measurement of time")]
    pub(crate) fn start() -> Self {
        Self(Instant::now(), ProcessTime::now())
    }

    pub(crate) fn stop(&self) -> (Duration, Duration) {
        (self.0.elapsed(), self.1.elapsed())
    }
}
