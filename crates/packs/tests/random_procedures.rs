//! Random procedures: what the check accepts can always be brought to an end and never past the law; what it refuses
//! as hanging cannot. The walker here knows nothing of the check's graph: it takes one step at a time.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::Limit;
use packs::{
    Branch, End, Memory, Problem, Procedure, Role, Severity, Step, StepKind, TaskOutcome, Within,
    import::procedure_yaml, load_files,
};
use proptest::prelude::*;

/// Where a case is after one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Now {
    At(usize),
    Ended(End),
    /// Past the last step, open for ever.
    Lost,
    /// At a task that nobody can leave.
    Stuck,
}

/// Everything that may come next. `None` as condition means that it is not asked.
fn next(procedure: &Procedure, at: usize) -> Vec<Now> {
    let steps = &procedure.steps;
    let step = &steps[at];
    let following = if at + 1 < steps.len() { Now::At(at + 1) } else { Now::Lost };
    let mut all = Vec::new();
    match step.kind {
        StepKind::Task => {
            for outcome in &step.outcomes {
                all.extend(steps.iter().position(|other| other.id() == outcome.to).map(Now::At));
            }
            if all.is_empty() {
                all.push(Now::Stuck);
            }
        }
        StepKind::End => return vec![Now::Ended(step.end.unwrap_or(End::Terminated))],
        StepKind::Confirm | StepKind::Intake => all.extend([following, Now::Ended(End::Terminated)]),
        StepKind::Decide => all.extend([following, Now::Ended(End::Refused)]),
        StepKind::Together => {
            all.push(following);
            if steps[at..].iter().all(|step| step.kind != StepKind::Decide) {
                all.push(Now::Ended(End::Refused));
            }
        }
        StepKind::Check => all.extend([Now::Ended(End::Granted), Now::Ended(End::Terminated)]),
        StepKind::Deliver if following == Now::Lost => all.push(Now::Ended(End::Granted)),
        StepKind::Review | StepKind::Wait | StepKind::Issue | StepKind::Deliver => all.push(following),
    }
    if step.when.is_some() {
        all.push(following);
    }
    all
}

/// Every step a case can come to from here.
fn comes_to(procedure: &Procedure, from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(
                next(procedure, at)
                    .into_iter()
                    .filter_map(|now| if let Now::At(to) = now { Some(to) } else { None }),
            );
        }
    }
    seen
}

fn can_end(procedure: &Procedure, from: usize) -> bool {
    comes_to(procedure, from)
        .into_iter()
        .any(|at| next(procedure, at).into_iter().any(|now| matches!(now, Now::Ended(_))))
}

/// Whether a grant can be reached without really taking any of these steps.
fn granted_past(procedure: &Procedure, law: &dyn Fn(&Step) -> bool) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![0];
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        let step = &procedure.steps[at];
        let ways = if law(step) {
            // Only passed over, where it can be.
            let over = if at + 1 < procedure.steps.len() { Now::At(at + 1) } else { Now::Lost };
            if step.when.is_some() { vec![over] } else { Vec::new() }
        } else {
            next(procedure, at)
        };
        for now in ways {
            match now {
                Now::Ended(End::Granted) => return true,
                Now::At(to) => open.push(to),
                Now::Ended(_) | Now::Lost | Now::Stuck => {}
            }
        }
    }
    false
}

fn intake(step: &Step) -> bool {
    matches!(step.kind, StepKind::Intake | StepKind::Confirm)
}

/// A step drawn at random: its kind, whether it has a condition, where its outcomes lead, and how it ends.
type Drawn = (u8, bool, Vec<u8>, u8);

fn procedure(drawn: &[Drawn], kinds: &[StepKind]) -> Procedure {
    let many = drawn.len();
    let mut steps: Vec<Step> = Vec::new();
    for (at, (kind, when, to, end)) in drawn.iter().enumerate() {
        let kind = kinds[usize::from(*kind) % kinds.len()];
        let mut step = Step::new(kind);
        step.id = Some(format!("s{at}"));
        step.when = (*when && kind != StepKind::End).then(|| "today = today".to_owned());
        match kind {
            StepKind::Task => {
                step.desk = Some(Role::REVIEW);
                let outcome = |(n, to): (usize, &u8)| TaskOutcome {
                    action: format!("a{n}"),
                    title: domain::Text::zh("走"),
                    // Now and then to a step that is not there.
                    to: format!("s{}", usize::from(*to) % (many + usize::from(*to > 250))),
                    desks: Vec::new(),
                    reasons: false,
                    by_rules: None,
                };
                step.outcomes = to.iter().enumerate().map(outcome).collect();
            }
            StepKind::End => {
                step.end = Some([End::Granted, End::Refused, End::Terminated][usize::from(*end) % 3]);
            }
            StepKind::Wait => step.within = Some(Within::Days(Limit::workdays(1))),
            StepKind::Intake | StepKind::Review | StepKind::Decide | StepKind::Check => {
                step.desk = Some(Role::REVIEW);
            }
            StepKind::Together => step.branches = vec![branch(*end % 2 == 0)],
            StepKind::Confirm | StepKind::Issue | StepKind::Deliver => {}
        }
        steps.push(step);
    }
    Procedure {
        procedure: "g".into(),
        title: domain::Text::zh("随机"),
        law: packs::Law { act: domain::Text::zh("例"), article: None },
        steps,
        remedies: domain::Text::zh("复议"),
        suspends: Vec::new(),
        extend: None,
        correction: None,
        owed: None,
        forwards: false,
        renewal: None,
        origin: std::collections::BTreeMap::new(),
    }
}

fn branch(sometimes: bool) -> Branch {
    Branch {
        branch: "b".into(),
        title: domain::Text::zh("支"),
        agency: "11440000553612461J".into(),
        area: None,
        procedure: "child".into(),
        when: sometimes.then(|| "today = today".to_owned()),
        fields: Vec::new(),
        materials: Vec::new(),
        statutory: None,
        promised: None,
        law: vec![],
    }
}

/// What a branch goes through.
fn child() -> Procedure {
    let drawn: Vec<Drawn> = vec![(0, false, vec![1], 0), (1, false, Vec::new(), 0)];
    Procedure { procedure: "child".into(), ..procedure(&drawn, &[StepKind::Task, StepKind::End]) }
}

/// Complaints about the procedure, each with the step its line belongs to.
fn complaints(procedure: &Procedure) -> Vec<(Problem, Option<usize>)> {
    let yaml = procedure_yaml(procedure);
    let lines: Vec<u64> =
        (1u64..).zip(yaml.lines()).filter(|(_, line)| line.starts_with("  - kind")).map(|(n, _)| n).collect();
    let files = [
        ("pack.yaml", "id: base\nversion: 1.0.0\ntitle: t\npublisher: p\nsources: []\n".to_owned()),
        ("agencies.csv", "code,name,area\n11440000553612461J,人社厅,440000\n".to_owned()),
        ("procedures/child.yaml", procedure_yaml(&child())),
        ("procedures/g.yaml", yaml),
    ];
    let files = files.map(|(path, content)| (path, Cow::Owned(content.into_bytes())));
    let problems = load_files(&[&Memory::new("base", files)]).problems.into_iter();
    let problems = problems.filter(|problem| problem.file == "base/procedures/g.yaml");
    problems
        .map(|problem| {
            let step = lines.iter().position(|line| Some(*line) == problem.line);
            (problem, step)
        })
        .collect()
}

fn judge(procedure: &Procedure, walk: &[u8]) -> Result<(), TestCaseError> {
    let found = complaints(procedure);
    let said = |rule: &str| found.iter().any(|(problem, _)| problem.rule == rule);
    let reachable = comes_to(procedure, 0);
    let accepted = found.iter().all(|(problem, _)| problem.severity == Severity::Warning);
    if accepted {
        // Wherever chance leads, no step is a dead end, and an end can still be reached.
        let mut at = 0;
        for choice in walk {
            prop_assert!(can_end(procedure, at), "accepted, yet s{at} cannot end: {procedure:#?}");
            let ways = next(procedure, at);
            match ways[usize::from(*choice) % ways.len()] {
                Now::At(to) => {
                    prop_assert!(
                        procedure.steps[at].kind == StepKind::Task || to > at,
                        "only a task leads back"
                    );
                    at = to;
                }
                Now::Ended(_) => break,
                Now::Lost | Now::Stuck => {
                    prop_assert!(false, "accepted, yet lost after s{at}: {procedure:#?}")
                }
            }
        }
    }
    for (problem, step) in &found {
        match (problem.rule, step) {
            ("procedure-hangs", Some(at)) => {
                prop_assert!(reachable.contains(at) && !can_end(procedure, *at), "{problem}\n{procedure:#?}");
            }
            ("procedure-never-ends", Some(at)) => {
                prop_assert!(
                    reachable.contains(at) && next(procedure, *at).contains(&Now::Lost),
                    "{problem}"
                );
            }
            ("step-unreachable", Some(at)) => prop_assert!(!reachable.contains(at), "{problem}"),
            _ => {}
        }
    }
    // Nothing that hangs is passed over in silence.
    let hangs = reachable.iter().any(|at| !can_end(procedure, *at));
    let told = ["procedure-hangs", "procedure-never-ends", "task-without-outcomes", "unknown-step"];
    prop_assert!(
        !hangs || told.iter().any(|rule| said(rule)),
        "it hangs, and nothing says so: {procedure:#?}"
    );
    law(procedure, &found)
}

/// A complaint about the law's steps is right, and none is missing.
fn law(procedure: &Procedure, found: &[(Problem, Option<usize>)]) -> Result<(), TestCaseError> {
    let has = |kind| procedure.steps.iter().any(|step| step.kind == kind);
    if procedure.generic() {
        return Ok(());
    }
    let decides = has(StepKind::Decide);
    let decision = |step: &Step| match step.kind {
        StepKind::Decide => true,
        StepKind::Together => !decides && step.branches.iter().any(|branch| branch.when.is_none()),
        _ => false,
    };
    let said = |what: &str| {
        found.iter().any(|(problem, _)| {
            matches!(problem.rule, "procedure-skips-step" | "procedure-lacks-step")
                && problem.message.contains(what)
        })
    };
    let past_intake = granted_past(procedure, &intake);
    let past_decision = granted_past(procedure, &decision);
    let no_intake = !has(StepKind::Intake) && !has(StepKind::Confirm);
    let no_decision = !decides && !has(StepKind::Together);
    prop_assert_eq!(said("intake"), past_intake || no_intake, "{:#?}", procedure);
    prop_assert_eq!(said("decide"), past_decision || no_decision, "{:#?}", procedure);
    Ok(())
}

const FREE: [StepKind; 6] =
    [StepKind::Task, StepKind::Task, StepKind::Task, StepKind::End, StepKind::Wait, StepKind::Together];
const OF_THE_LAW: [StepKind; 11] = [
    StepKind::Confirm,
    StepKind::Intake,
    StepKind::Review,
    StepKind::Together,
    StepKind::Wait,
    StepKind::Task,
    StepKind::Decide,
    StepKind::Issue,
    StepKind::Deliver,
    StepKind::Check,
    StepKind::End,
];

fn drawn(most: usize) -> impl Strategy<Value = Vec<Drawn>> {
    let to = prop::collection::vec(any::<u8>(), 0..4);
    prop::collection::vec((any::<u8>(), prop::bool::weighted(0.15), to, any::<u8>()), 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn free_procedures(drawn in drawn(9), walk in prop::collection::vec(any::<u8>(), 60)) {
        judge(&procedure(&drawn, &FREE), &walk)?;
    }

    /// Kinds in any order, and then in the law's: the order is refused, the rest is judged all the same.
    #[test]
    fn procedures_of_the_law(drawn in drawn(9), sorted in any::<bool>(), walk in prop::collection::vec(any::<u8>(), 60)) {
        let mut drawn = drawn;
        if sorted {
            drawn.sort_by_key(|(kind, ..)| usize::from(*kind) % OF_THE_LAW.len());
        }
        judge(&procedure(&drawn, &OF_THE_LAW), &walk)?;
    }
}
