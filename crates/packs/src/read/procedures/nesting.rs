//! Procedures inside procedures: a branch of a joint step is a case of its own, by a procedure of its own.

use std::collections::{BTreeMap, VecDeque};

use crate::limits;
use crate::problem::Problems;
use crate::procedure::Procedure;

use super::Places;

/// No procedure contains itself, and none lies deeper than [`limits::NESTING`].
pub(super) fn check(procedures: &[Procedure], places: &[Places], problems: &mut Problems) {
    let inside: BTreeMap<&str, Vec<&str>> =
        procedures.iter().map(|procedure| (procedure.procedure.as_str(), parts(procedure))).collect();
    let mut circles = Vec::new();
    for (procedure, places) in procedures.iter().zip(places) {
        let id = procedure.procedure.as_str();
        let Some(path) = round(&inside, id) else { continue };
        let mut members = path.clone();
        members.sort_unstable();
        if circles.contains(&members) {
            continue;
        }
        let message = format!(
            "the procedure {id} contains itself: {} → {id}; a case of it would open cases for ever; take one branch out",
            path.join(" → ")
        );
        problems.error(&places.whole, "procedure-nests-itself", message);
        circles.push(members);
    }
    if !circles.is_empty() {
        return;
    }
    let mut depths = BTreeMap::new();
    for (procedure, places) in procedures.iter().zip(places) {
        let id = procedure.procedure.as_str();
        // Deeper ones contain one that is too deep by one, and that one shows it in the fewest words.
        if depth(&inside, id, &mut depths) == limits::NESTING + 1 {
            let message = format!(
                "procedures lie at most {} inside each other: {}; let one of them have its branches itself",
                limits::NESTING,
                chain(&inside, id, &depths).join(" → ")
            );
            problems.error(&places.whole, "procedure-too-nested", message);
        }
    }
}

fn parts(procedure: &Procedure) -> Vec<&str> {
    let branches = procedure.steps.iter().flat_map(|step| &step.branches);
    branches.map(|branch| branch.procedure.as_str()).collect()
}

/// The shortest way from a procedure back to itself, without the last name.
fn round<'a>(inside: &BTreeMap<&'a str, Vec<&'a str>>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in inside.get(at).map_or(&[][..], Vec::as_slice) {
            if next == start {
                let mut path = vec![at];
                while let Some(&earlier) = before.get(path[path.len() - 1]) {
                    path.push(earlier);
                }
                path.reverse();
                return Some(path);
            }
            if !before.contains_key(next) {
                before.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    None
}

/// How many procedures lie inside each other, this one counted. There is no circle, so it comes to an end; it
/// looks at each procedure once.
fn depth<'a>(
    inside: &BTreeMap<&'a str, Vec<&'a str>>,
    start: &'a str,
    known: &mut BTreeMap<&'a str, usize>,
) -> usize {
    let mut waiting = vec![start];
    while let Some(&at) = waiting.last() {
        let parts: &[&'a str] = inside.get(at).map_or(&[], Vec::as_slice);
        if let Some(&part) = parts.iter().find(|part| !known.contains_key(*part)) {
            waiting.push(part);
        } else {
            let deepest = parts.iter().filter_map(|part| known.get(part)).max();
            known.insert(at, deepest.map_or(1, |deepest| deepest + 1));
            waiting.pop();
        }
    }
    known.get(start).copied().unwrap_or(1)
}

/// The deepest chain below a procedure.
fn chain<'a>(
    inside: &BTreeMap<&'a str, Vec<&'a str>>,
    start: &'a str,
    depths: &BTreeMap<&'a str, usize>,
) -> Vec<&'a str> {
    let mut chain = vec![start];
    let mut at = start;
    while let Some(&next) = inside.get(at).and_then(|parts| parts.iter().max_by_key(|part| depths.get(*part)))
    {
        chain.push(next);
        at = next;
    }
    chain
}
