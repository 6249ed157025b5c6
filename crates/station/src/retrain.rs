//! `retrain`: a candidate from the base pictures and what people reviewed, put in use only where it is better than the model in use
//! on pictures that neither was taught with.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use inspection::contest::{Contest, contest, enough};
use inspection::evaluate::Judged;
use inspection::learn::Course;
use inspection::school::{Plan, Sample};
use inspection::{Detector, Model};
use serde_json::json;

use crate::cli::{Data, Retrain};
use crate::data::Known;
use crate::models::{Current, Frozen, Lessons, Lock, Models, Record};
use crate::report::hash;
use crate::reviews::Shelf;
use crate::say::say;
use crate::{data, files, now, progress, train, versions};

/// A candidate that stays aside.
const STAYS: u8 = 3;

pub(crate) fn retrain(args: &Retrain) -> Result<ExitCode, String> {
    let models = Models::at(&args.models);
    let lock = models.lock()?;
    if models.current()?.is_none() && !args.dry_run {
        models.install(&lock, files::SHIPPED, now(), "came with the program")?;
    }
    let current = models.current()?;
    let old = match &current {
        Some(current) => models.load(current.version, &current.digest)?,
        None => files::model(None)?,
    };
    let pictures = Pictures::read(args)?;
    let (taught, frozen) = (pictures.lessons(args), pictures.frozen());
    enough(frozen.pictures, frozen.annotations).map_err(|why| format!("{}: {why}", args.frozen.display()))?;
    if let Some(current) = &current
        && let Some(done) = before(args, &models, &lock, current, (&taught, &frozen))?
    {
        return Ok(done);
    }
    let (candidate, bytes) = teach(args, &pictures)?;
    let told = compare(args, &pictures.frozen, &old, &candidate)?;
    let (wins, why) = (told.wins, told.why.clone());
    let record = |version: u32, digest: String| Record {
        version,
        digest,
        name: args.name.clone(),
        made: now(),
        parent: current.as_ref().map(|current| current.version),
        taught: Some(taught),
        frozen: Some(frozen),
        contest: Some(told),
        promoted: wins,
        why,
    };
    if args.dry_run {
        return tell(args, &record(0, hash(&bytes)), wins, "a dry run: nothing was kept");
    }
    let record = models.keep(&lock, &bytes, record)?;
    if wins {
        models.switch(&lock, &record, record.made, &record.why)?;
    }
    in_use(args, &models, &record, wins)
}

/// Where the same was taught and compared with the same before, that is the answer: it would be the same again, byte for byte.
fn before(
    args: &Retrain,
    models: &Models,
    lock: &Lock,
    current: &Current,
    (taught, frozen): (&Lessons, &Frozen),
) -> Result<Option<ExitCode>, String> {
    let records = models.records()?;
    let known = records.iter().rev().find(|record| {
        let is_same = record.taught.as_ref() == Some(taught) && record.frozen.as_ref() == Some(frozen);
        is_same && (record.parent == Some(current.version) || record.version == current.version)
    });
    let Some(record) = known else { return Ok(None) };
    // It won, and a crash kept it from being put in use. One that was rolled back is left: that came later.
    let is_due = record.promoted && record.version != current.version && record.made > current.since;
    if is_due && !args.dry_run {
        models.switch(lock, record, now(), &record.why)?;
        return in_use(args, models, record, true).map(Some);
    }
    tell(args, record, false, "nothing is new since then: not taught again").map(Some)
}

fn in_use(args: &Retrain, models: &Models, record: &Record, wins: bool) -> Result<ExitCode, String> {
    let version = models.current()?.map_or(0, |current| current.version);
    tell(args, record, wins, &format!("{version:04} is in use"))
}

fn tell(args: &Retrain, record: &Record, wins: bool, what: &str) -> Result<ExitCode, String> {
    if args.json {
        say!(
            "{}",
            json!({ "promoted": wins && !args.dry_run, "wins": wins, "record": record, "told": what })
        );
    } else {
        say!("{:04} {}", record.version, versions::tell(record));
        say!("{what}");
    }
    Ok(if wins { ExitCode::SUCCESS } else { ExitCode::from(STAYS) })
}

/// All that is learnt from and compared on.
struct Pictures {
    base: Vec<Known>,
    reviews: Vec<Known>,
    frozen: Vec<Known>,
}

impl Pictures {
    /// # Errors
    /// When some cannot be read, or a picture is both taught and frozen.
    fn read(args: &Retrain) -> Result<Self, String> {
        let read = |data: &Data| data::known(data, args.threads);
        let frozen_data = args.frozen_data.as_ref().unwrap_or(&args.data.data);
        let frozen = read(&Data { data: frozen_data.clone(), list: args.frozen.clone() })?;
        let mut base = read(&args.data)?;
        let mut reviews = Vec::new();
        if let Some(state) = &args.state {
            let shelf = Shelf::open(state)?;
            if shelf.write_list()? > 0 {
                reviews = read(&Data { data: shelf.boards(), list: shelf.list() })?;
            }
        }
        // What a person said of a picture later stands.
        let later: BTreeSet<&str> = reviews.iter().map(|one| one.digest.as_str()).collect();
        base.retain(|one| !later.contains(one.digest.as_str()));
        let names: BTreeMap<&str, &str> =
            frozen.iter().map(|one| (one.digest.as_str(), one.entry.test.as_str())).collect();
        let both = base.iter().chain(&reviews).filter(|one| names.contains_key(one.digest.as_str()));
        let both: Vec<&str> = both.map(|one| one.entry.test.as_str()).collect();
        if let Some(first) = both.first() {
            return Err(format!(
                "{} of the frozen pictures are also taught, {first} the first: what was learnt by heart proves nothing; take them out of one of the lists",
                both.len()
            ));
        }
        Ok(Self { base, reviews, frozen })
    }

    fn taught(&self) -> impl Iterator<Item = &Known> {
        self.base.iter().chain(&self.reviews)
    }

    fn lessons(&self, args: &Retrain) -> Lessons {
        let lines: Vec<String> =
            self.taught().map(|one| format!("{} {}", one.entry.group, one.line())).collect();
        Lessons {
            base: self.base.len(),
            reviews: self.reviews.len(),
            drawn: args.drawn as usize,
            annotations: self.taught().map(|one| one.lesson.annotations.len()).sum(),
            epochs: usize::from(args.epochs),
            folds: usize::from(args.folds),
            seed: args.seed,
            digest: hash(lines.concat().as_bytes()),
        }
    }

    fn frozen(&self) -> Frozen {
        let mut lines: Vec<String> = self.frozen.iter().map(Known::line).collect();
        lines.sort();
        Frozen {
            pictures: self.frozen.len(),
            annotations: self.frozen.iter().map(|one| one.lesson.annotations.len()).sum(),
            digest: hash(lines.concat().as_bytes()),
        }
    }
}

/// A network begun anew. Taught on from the old weights it would have seen the pictures on which its bands are chosen.
fn teach(args: &Retrain, pictures: &Pictures) -> Result<(Model, Vec<u8>), String> {
    let drawn = train::drawn(args.drawn as usize, args.seed, args.threads);
    let samples: Vec<Sample<'_>> =
        pictures.taught().map(|one| Sample { lesson: &one.lesson, group: &one.entry.group }).collect();
    let course = Course { epochs: usize::from(args.epochs), seed: args.seed, threads: args.threads };
    let plan =
        Plan { name: args.name.clone(), folds: usize::from(args.folds), course, costs: args.costs.costs() };
    let graduate = train::teach(&samples, &drawn, &plan)?;
    if graduate.unseen.is_none() {
        return Err("all pictures are of one group: none could be held out to choose the bands on".to_owned());
    }
    let bytes = graduate.model.write().map_err(|error| error.to_string())?;
    // Compared is what will be read.
    let model = Model::read(&bytes).map_err(|error| error.to_string())?;
    Ok((model, bytes))
}

fn compare(args: &Retrain, frozen: &[Known], old: &Model, new: &Model) -> Result<Contest, String> {
    let bar = progress::bar(2 * frozen.len() as u64, "comparing");
    let judge = |model: &Model| -> Vec<Judged> {
        data::on_threads(frozen.len(), args.threads, &bar, || {
            let mut detector = Detector::new(model);
            move |n: usize| Judged {
                findings: detector.find(&frozen[n].lesson.pair, 1),
                annotations: frozen[n].lesson.annotations.clone(),
            }
        })
    };
    let (before, after) = (judge(old), judge(new));
    bar.finish_and_clear();
    contest((&before, &old.card), (&after, &new.card), args.seed)
        .map_err(|why| format!("{}: {why}", args.frozen.display()))
}
