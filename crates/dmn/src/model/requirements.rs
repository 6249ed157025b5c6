//! The order of decisions: each after those it requires, never in a circle.

use std::collections::BTreeMap;

/// Puts `many` elements into an order in which each comes after those it requires, as near to the given order as may
/// be. The error is an element on a circle.
pub(super) fn order(many: usize, requires: &BTreeMap<usize, Vec<usize>>) -> Result<Vec<usize>, usize> {
    let none = Vec::new();
    let mut placed = vec![false; many];
    let mut ordered = Vec::with_capacity(many);
    while ordered.len() < many {
        let ready = |at: usize| requires.get(&at).unwrap_or(&none).iter().all(|other| placed[*other]);
        let next = (0..many).find(|at| !placed[*at] && ready(*at));
        let Some(next) = next else {
            return Err((0..many).find(|at| !placed[*at]).unwrap_or(0));
        };
        placed[next] = true;
        ordered.push(next);
    }
    Ok(ordered)
}
