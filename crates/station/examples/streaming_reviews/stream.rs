//! The line, the people and the lessons.

use cpu_time::ProcessTime;
use inspection::calibrate::Costs;
use inspection::contest::{contest, figures};
use inspection::evaluate::Judged;
use inspection::judge::{Verdict, verdict};
use inspection::learn::{Course, Lesson};
use inspection::network::Random;
use inspection::school::{Plan, Sample, school};
use inspection::{Detector, Model, Pair, synth};

use crate::data::{Board, load};
use crate::{Row, Run, keep};

/// What everything is taught and measured with.
struct Bench<'a> {
    args: &'a Run,
    base: Vec<&'a Board>,
    unseen: &'a [Board],
    drawn: Vec<Lesson>,
    plan: Plan,
    begun: ProcessTime,
}

pub(crate) fn run(args: &Run) -> Result<(), String> {
    let taught = load(&args.data, &args.list, args.threads)?;
    let unseen = load(&args.data, &args.unseen, args.threads)?;
    let (base, mut line): (Vec<&Board>, Vec<&Board>) =
        taught.iter().partition(|board| args.first.contains(&board.group));
    if base.is_empty()
        || line.is_empty()
        || unseen.iter().any(|one| taught.iter().any(|t| t.group == one.group))
    {
        return Err(
            "some groups are taught first, some come later, and none of both is measured on".to_owned()
        );
    }
    Random::new(&[args.seed, 3]).shuffle(&mut line);
    let bench = Bench::new(args, base, &unseen);
    let mut rows = Vec::new();
    let current = bench.teach(&[])?;
    rows.push(bench.row("reviewed", (0, 0), (0, 0, 0), figures(&bench.judge(&current), &current.card), None));
    keep(args, &rows)?;
    let first = current.clone();
    let (reviews, last) = bench.portions(current, &line, &mut rows)?;
    let mut compare = |policy: &str, some: &[&Board], model: &Model| {
        let figures = figures(&bench.judge(model), &model.card);
        rows.push(bench.row(policy, (line.len(), some.len()), (0, 0, 0), figures, None));
        keep(args, &rows)
    };
    compare("everything", &line, &bench.teach(&line)?)?;
    // The line is in a random order already: its first pictures are as good a choice by chance as any.
    let chosen = &line[..reviews.len()];
    compare("by-chance", chosen, &bench.teach(chosen)?)?;
    compare("further", &reviews, &bench.further(&first, &last, &reviews)?)
}

impl<'a> Bench<'a> {
    fn new(args: &'a Run, base: Vec<&'a Board>, unseen: &'a [Board]) -> Self {
        let drawn = (0..args.drawn as u64).map(|n| synth::draw(args.seed, n)).map(|drawn| Lesson {
            pair: Pair::new(&drawn.test, &drawn.template),
            annotations: drawn.annotations,
        });
        let course = Course { epochs: args.epochs, seed: args.seed, threads: args.threads };
        let costs = Costs { escape: args.escape, overkill: args.overkill, review: 1.0 };
        let plan = Plan { name: "experiment".to_owned(), folds: 2, course, costs };
        Self { args, base, unseen, drawn: drawn.collect(), plan, begun: ProcessTime::now() }
    }

    /// Portion after portion: judge, review, teach, compare. All reviews, and the last candidate.
    fn portions(
        &self,
        mut current: Model,
        line: &[&'a Board],
        rows: &mut Vec<Row>,
    ) -> Result<(Vec<&'a Board>, Model), String> {
        let mut reviews: Vec<&Board> = Vec::new();
        let mut last = current.clone();
        let mut streamed = 0;
        for (n, portion) in line.chunks(line.len().div_ceil(self.args.portions.max(1))).enumerate() {
            let (asked, by_worst) = self.review(&current, portion, n);
            streamed += portion.len();
            reviews.extend(&asked);
            let candidate = self.teach(&reviews)?;
            let (old, new) = (self.judge(&current), self.judge(&candidate));
            let told = contest((&old, &current.card), (&new, &candidate.card), self.args.seed)?;
            let sizes = (portion.len(), asked.len(), by_worst);
            let used = Some((told.wins, told.why));
            rows.push(self.row("reviewed", (streamed, reviews.len()), sizes, told.candidate, used));
            keep(self.args, rows)?;
            if told.wins {
                current = candidate.clone();
            }
            last = candidate;
        }
        Ok((reviews, last))
    }

    /// Those of a portion that a person looks at: with a place between the bands, or not to be judged, or in the sample. And how
    /// many would have gone there by their worst place alone, as units do.
    fn review(&self, model: &Model, portion: &[&'a Board], n: usize) -> (Vec<&'a Board>, usize) {
        let mut detector = Detector::new(model);
        let mut random = Random::new(&[self.args.seed, 4, n as u64]);
        let bands = model.card.bands;
        let mut by_worst = 0;
        let asked = portion.iter().copied().filter(|board| {
            let findings = detector.find(&board.lesson.pair, 1);
            by_worst += usize::from(!board.is_judged || verdict(&findings, bands) == Verdict::Doubtful);
            let is_between = findings.iter().any(|f| f.any >= bands.ok_below && f.any < bands.ng_from);
            let is_drawn = random.below(100) < self.args.sample_percent;
            !board.is_judged || is_between || is_drawn
        });
        (asked.collect(), by_worst)
    }

    fn teach(&self, reviews: &[&Board]) -> Result<Model, String> {
        let boards = self.base.iter().chain(reviews);
        let samples: Vec<Sample<'_>> =
            boards.map(|board| Sample { lesson: &board.lesson, group: &board.group }).collect();
        let taught = school(&samples, &self.drawn, &self.plan, |_| {}).map_err(|error| error.to_string())?;
        Ok(taught.model)
    }

    /// The first model taught on with all, for as many steps, and read with the card of the last candidate.
    fn further(&self, first: &Model, last: &Model, reviews: &[&Board]) -> Result<Model, String> {
        let lessons = self.base.iter().chain(reviews).map(|board| &board.lesson);
        let lessons: Vec<&Lesson> = lessons.chain(&self.drawn).collect();
        let begin = Some(first.network.clone());
        let network = inspection::learn::teach(&lessons, begin, self.plan.course, |_, _, _| {});
        Ok(Model { network: network.map_err(|error| error.to_string())?, card: last.card.clone() })
    }

    fn judge(&self, model: &Model) -> Vec<Judged> {
        let mut detector = Detector::new(model);
        let judged = |board: &Board| Judged {
            findings: detector.find(&board.lesson.pair, 1),
            annotations: board.lesson.annotations.clone(),
        };
        self.unseen.iter().map(judged).collect()
    }

    fn row(
        &self,
        policy: &str,
        (streamed, reviewed): (usize, usize),
        portion: (usize, usize, usize),
        figures: inspection::contest::Figures,
        used: Option<(bool, String)>,
    ) -> Row {
        let seconds = self.begun.elapsed().as_secs_f64();
        Row { policy: policy.to_owned(), streamed, reviewed, portion, figures, used, seconds }
    }
}
