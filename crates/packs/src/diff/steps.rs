//! The steps of a procedure in two versions, matched as a moved case finds its place: by id, else by `was`.

use std::collections::BTreeSet;

use super::{Change, Kind, Running, arrow};
use crate::{Branch, Catalogue, Procedure, Step, StepKind};

/// How deep parts of parts are compared; the pack check allows fewer.
const DEEP: usize = 4;

pub(super) fn changes(
    old: (&Catalogue, &Procedure),
    new: (&Catalogue, &Procedure),
    changes: &mut Vec<Change>,
) {
    compare(old, new, "", DEEP, changes);
}

fn compare(
    (old_in, old): (&Catalogue, &Procedure),
    (new_in, new): (&Catalogue, &Procedure),
    within: &str,
    deep: usize,
    changes: &mut Vec<Change>,
) {
    let pairs = pairs(old, new);
    let moved = moved(&pairs);
    for (at, step) in new.steps.iter().enumerate() {
        let about = format!("{within}step {}", step.id());
        let sources: Vec<usize> = pairs.iter().filter(|(_, to)| *to == at).map(|(from, _)| *from).collect();
        let Some(known) = sources.first().and_then(|&from| old.steps.get(from)) else {
            changes.push(added(about, new, at, &pairs));
            continue;
        };
        naming(&about, old, &sources, step, changes);
        if moved.contains(&at) {
            changes.push(Change::new(Kind::StepMoved, &about, "", Running::Moves).meaning(
                "cases at it go on from its new place: steps now before it are not made up for, steps now after it come",
            ));
        }
        changes.extend(changed(&about, known, step));
        outcomes(&about, known, step, changes);
        branches(&about, known, step, changes);
        for branch in &step.branches {
            let before = known.branches.iter().find(|known| known.branch == branch.branch);
            let before = before.and_then(|before| old_in.procedure(&before.procedure));
            if let (Some(before), Some(after), true) = (before, new_in.procedure(&branch.procedure), deep > 0)
            {
                let within = format!("{within}part {} ", branch.branch);
                compare((old_in, before), (new_in, after), &within, deep - 1, changes);
            }
        }
    }
    for (at, step) in old.steps.iter().enumerate() {
        if !pairs.iter().any(|(from, _)| *from == at) {
            changes.push(
                Change::new(Kind::StepRemoved, format!("{within}step {}", step.id()), "", Running::Stuck)
                    .meaning(format!(
                        "cases that stand at it are stuck, since no step continues it (was: [{}]); others go on without it",
                        step.id()
                    )),
            );
        }
    }
}

/// Where each old step goes on: (old index, new index).
fn pairs(old: &Procedure, new: &Procedure) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (from, step) in old.steps.iter().enumerate() {
        let continues = || new.steps.iter().position(|next| next.was.iter().any(|was| was == step.id()));
        // Back to an earlier version, a step goes on where it came from.
        let came_from = || step.was.iter().find_map(|was| new.index(was));
        if let Some(to) = new.index(step.id()).or_else(continues).or_else(came_from) {
            pairs.push((from, to));
        }
    }
    pairs
}

/// New indices of steps that stand in another order: all but a longest run that kept its order.
fn moved(pairs: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut runs: Vec<Vec<usize>> = Vec::with_capacity(pairs.len());
    for (at, &(_, to)) in pairs.iter().enumerate() {
        let before = runs.iter().take(at).filter(|run| run.last().is_some_and(|&last| last <= to));
        let mut run = before.max_by_key(|run| run.len()).cloned().unwrap_or_default();
        run.push(to);
        runs.push(run);
    }
    let kept = runs.into_iter().max_by_key(Vec::len).unwrap_or_default();
    pairs.iter().map(|&(_, to)| to).filter(|to| !kept.contains(to)).collect()
}

/// A step without a counterpart: new, or split off from the continuing step of its kind just before it.
fn added(about: String, new: &Procedure, at: usize, pairs: &[(usize, usize)]) -> Change {
    let step = &new.steps[at];
    let same_kind =
        new.steps[..at].iter().enumerate().rev().take_while(|(_, before)| before.kind == step.kind);
    let from =
        same_kind.filter(|(index, _)| pairs.iter().any(|(_, to)| to == index)).map(|(_, step)| step).next();
    match from.filter(|from| !from.was.is_empty() && step.kind != StepKind::End) {
        Some(from) => {
            Change::new(Kind::StepSplit, about, format!("off {}", from.was.join(", ")), Running::Moves)
                .meaning(format!("cases at it go on at {} and come to this step after it", from.id()))
        }
        None => Change::new(Kind::StepAdded, about, step.kind.id(), Running::Moves)
            .meaning("cases that stand before it come to it; those past it do not go back"),
    }
}

fn naming(about: &str, old: &Procedure, sources: &[usize], step: &Step, changes: &mut Vec<Change>) {
    let ids: Vec<&str> = sources.iter().filter_map(|&from| old.steps.get(from)).map(Step::id).collect();
    if ids.len() > 1 {
        let what = format!("of {}", ids.join(", "));
        changes.push(
            Change::new(Kind::StepsMerged, about, what, Running::Moves)
                .meaning(format!("cases at any of them go on at {}", step.id())),
        );
    } else if ids.iter().any(|id| *id != step.id()) {
        let what = format!("was {}", ids.join(", "));
        changes.push(
            Change::new(Kind::StepRenamed, about, what, Running::Moves)
                .meaning(format!("cases at it go on at {}", step.id())),
        );
    }
}

fn changed(about: &str, old: &Step, new: &Step) -> Option<Change> {
    let mut what = Vec::new();
    let mut means = Vec::new();
    let mut running = Running::None;
    let mut note = |changed: bool, words: String, then: Running, mean: &'static str| {
        if changed {
            what.push(words);
            means.push(mean);
            running = running.max(then);
        }
    };
    let text = |value: &Option<String>| value.clone();
    note(
        old.kind != new.kind,
        arrow(Some(old.kind.id().to_owned()), Some(new.kind.id().to_owned())),
        Running::Stuck,
        "cases that stand at it are stuck, since what has begun as one kind of step does not go on as another",
    );
    let desk = |step: &Step| step.desk.as_ref().map(|role| role.id().to_owned());
    note(
        old.desk != new.desk,
        format!("desk {}", arrow(desk(old), desk(new))),
        Running::Moves,
        "cases at it go on at the new desk",
    );
    note(
        old.officers != new.officers,
        format!("officers {} → {}", old.officers, new.officers),
        Running::Moves,
        "reviews that were given count; cases at it go on when there are as many as are asked for now",
    );
    let within = |step: &Step| step.within.map(String::from);
    note(
        old.within != new.within,
        format!("within {}", arrow(within(old), within(new))),
        Running::None,
        "clocks that run keep their last day; later ones have the new limit",
    );
    note(
        old.otherwise != new.otherwise,
        "silence means something else".to_owned(),
        Running::Moves,
        "cases at it follow the new rule when their clock runs out",
    );
    note(
        old.when != new.when,
        format!("when {}", arrow(text(&old.when), text(&new.when))),
        Running::None,
        "the condition is asked when a case comes to the step, not again while it stands there",
    );
    note(
        old.rules != new.rules,
        format!("rules {} → {}", old.rules, new.rules),
        Running::None,
        if new.rules {
            "cases that come to it are ruled first"
        } else {
            "cases that come to it wait at the desk"
        },
    );
    note(
        old.not_by != new.not_by,
        format!("not_by [{}] → [{}]", old.not_by.join(", "), new.not_by.join(", ")),
        Running::Moves,
        "cases at it are done by others than those who did these tasks",
    );
    note(
        old.each_decides != new.each_decides,
        format!("each_decides {} → {}", old.each_decides, new.each_decides),
        Running::Moves,
        "cases that are with agencies follow the new rule when all parts have ended",
    );
    note(
        old.end != new.end,
        format!(
            "end {}",
            arrow(old.end.map(|end| end.id().to_owned()), new.end.map(|end| end.id().to_owned()))
        ),
        Running::None,
        "cases that come to it end so",
    );
    let words = (&old.title, &old.law, &old.origin) != (&new.title, &new.law, &new.origin);
    note(words, "another title or law".to_owned(), Running::None, "a text alone");
    (!what.is_empty())
        .then(|| Change::new(Kind::StepChanged, about, what.join(", "), running).meaning(means.join("; ")))
}

fn outcomes(about: &str, old: &Step, new: &Step, changes: &mut Vec<Change>) {
    let mut push = |action: &str, what: String, means: &str| {
        let about = format!("{about} outcome {action}");
        changes.push(Change::new(Kind::Outcome, about, what, Running::Moves).meaning(means));
    };
    for outcome in &new.outcomes {
        let Some(known) = old.outcomes.iter().find(|known| known.action == outcome.action) else {
            push(&outcome.action, format!("new, to {}", outcome.to), "cases at the step may take it");
            continue;
        };
        if known.to != outcome.to {
            let what = format!("to {}", arrow(Some(known.to.clone()), Some(outcome.to.clone())));
            push(&outcome.action, what, "cases at the step go the new way");
        }
        if (known.desks != outcome.desks)
            || (known.reasons != outcome.reasons)
            || (known.by_rules != outcome.by_rules)
            || (known.title != outcome.title)
        {
            let what = "another desk, text, need of reasons or word of the rules".to_owned();
            push(&outcome.action, what, "cases at the step follow the new rule");
        }
    }
    for gone in old.outcomes.iter().filter(|known| !new.outcomes.iter().any(|new| new.action == known.action))
    {
        push(&gone.action, "gone".to_owned(), "cases at the step choose among the others");
    }
}

fn branches(about: &str, old: &Step, new: &Step, changes: &mut Vec<Change>) {
    let mut push = |branch: &str, what: &str, running, means: &str| {
        let about = format!("{about} part {branch}");
        changes.push(Change::new(Kind::Part, about, what, running).meaning(means));
    };
    for branch in &new.branches {
        match old.branches.iter().find(|known| known.branch == branch.branch) {
            None => push(
                &branch.branch,
                "new",
                Running::None,
                "cases that come to the step open it; those that are with agencies already do not",
            ),
            Some(known) if known != branch => push(
                &branch.branch,
                &part(known, branch),
                Running::None,
                "parts that are open keep their agency and clocks; later ones follow the new rule",
            ),
            Some(_) => {}
        }
    }
    for gone in old.branches.iter().filter(|known| !new.branches.iter().any(|new| new.branch == known.branch))
    {
        push(
            &gone.branch,
            "gone",
            Running::Stuck,
            "cases that are with agencies are stuck until their parts have ended; others go on without it",
        );
    }
}

fn part(old: &Branch, new: &Branch) -> String {
    let parts = [
        ("agency", (&old.agency, &old.area) != (&new.agency, &new.area)),
        ("procedure", old.procedure != new.procedure),
        ("condition", old.when != new.when),
        ("fields or materials", (&old.fields, &old.materials) != (&new.fields, &new.materials)),
        ("limits", (old.statutory, old.promised) != (new.statutory, new.promised)),
        ("law", old.law != new.law),
        ("title", old.title != new.title),
    ];
    let named: Vec<_> = parts.into_iter().filter(|(_, changed)| *changed).map(|(part, _)| part).collect();
    format!("another {}", named.join(", "))
}
