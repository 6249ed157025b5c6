//! From a pair to findings.

use std::convert::Infallible;

use crate::candidates::{Candidate, Pair};
use crate::crop::{LEN, View};
use crate::defect::{Defect, Finding, Rect, without_doubles};
use crate::learn::CLASSES;
use crate::model::Model;
use crate::network::{Scratch, softmax};

/// Findings of one defect that overlap more are one.
const SAME: f32 = 0.25;
/// Findings of two defects that overlap more are one.
const OTHER: f32 = 0.45;

/// A model with the room that it works in; one a thread.
#[derive(Debug)]
pub struct Detector<'a> {
    model: &'a Model,
    scratch: Scratch,
    batch: Vec<f32>,
}

impl<'a> Detector<'a> {
    /// With its own room.
    #[must_use]
    pub fn new(model: &'a Model) -> Self {
        Self { model, scratch: Scratch::new(), batch: Vec::new() }
    }

    /// What the network says of each place of a pair, looked at from `views` sides, 1 to 8.
    pub fn look(&mut self, pair: &Pair, views: u8) -> Looked {
        let Self { model, scratch, batch } = self;
        let asked = look_with(pair, views, batch, |crops, outputs| {
            outputs.extend_from_slice(model.network.infer(scratch, crops));
            Ok::<(), Infallible>(())
        });
        match asked {
            Ok(looked) => looked,
        }
    }

    /// What is wrong on a pair, the surest first.
    pub fn find(&mut self, pair: &Pair, views: u8) -> Vec<Finding> {
        self.look(pair, views).findings(self.model.card.temperature)
    }
}

/// What a network that is not ours says of each place of a pair, looked at from `views` sides, 1 to 8. `ask` gets crops of
/// [`LEN`](crate::crop::LEN) numbers each, one behind the other, and appends for each the numbers of the [`CLASSES`] before they
/// become shares and the four of the box, as [`View::tell`] has them; `batch` is room that is used again.
///
/// # Errors
/// Those of `ask`, and none of its own. What was not answered for each place is a place that is left out: `ask` must not let it be.
pub fn look_with<E>(
    pair: &Pair,
    views: u8,
    batch: &mut Vec<f32>,
    mut ask: impl FnMut(&[f32], &mut Vec<f32>) -> Result<(), E>,
) -> Result<Looked, E> {
    let candidates = &pair.candidates;
    let mut looked = Looked { views: Vec::with_capacity(usize::from(views)) };
    let mut outputs = Vec::with_capacity(candidates.len() * (CLASSES + 4));
    for turn in 0..views {
        batch.resize(candidates.len() * LEN, 0.0);
        for (candidate, out) in candidates.iter().zip(batch.chunks_exact_mut(LEN)) {
            View::of(candidate, turn).draw(pair, candidate, out);
        }
        outputs.clear();
        ask(batch, &mut outputs)?;
        let outputs = outputs.chunks_exact(CLASSES + 4).zip(candidates);
        looked.views.push(outputs.map(|(output, candidate)| said(output, candidate, turn)).collect());
    }
    Ok(looked)
}

fn said(output: &[f32], candidate: &Candidate, turn: u8) -> ([f32; CLASSES], Rect) {
    let mut classes = [0.0; CLASSES];
    classes.copy_from_slice(&output[..CLASSES]);
    (classes, View::of(candidate, turn).understand(candidate, &output[CLASSES..]))
}

/// What a network said of the places of one pair, before it is read as findings.
#[derive(Debug, Clone)]
pub struct Looked {
    /// For each side, for each place: the classes before they become shares, and the box.
    views: Vec<Vec<([f32; CLASSES], Rect)>>,
}

impl Looked {
    /// The classes of each place, seen straight on.
    pub fn numbers(&self) -> impl Iterator<Item = [f32; CLASSES]> + '_ {
        self.views.first().into_iter().flatten().map(|(numbers, _)| *numbers)
    }

    /// The findings, the surest first: the mean over all sides, without doubles.
    #[must_use]
    pub fn findings(&self, temperature: f32) -> Vec<Finding> {
        let places = self.views.first().map_or(0, Vec::len);
        let findings =
            (0..places).filter_map(|n| finding(self.views.iter().map(|view| view[n]), temperature));
        without_doubles(findings.collect(), SAME, OTHER)
    }
}

/// The mean of what was said of one place.
fn finding(said: impl ExactSizeIterator<Item = ([f32; CLASSES], Rect)>, temperature: f32) -> Option<Finding> {
    let scale = 1.0 / said.len() as f32;
    let (mut shares, mut edges) = ([0.0_f32; CLASSES], [0.0_f32; 4]);
    for (numbers, at) in said {
        let mut classes = numbers.map(|number| number / temperature);
        softmax(&mut classes);
        shares.iter_mut().zip(classes).for_each(|(sum, share)| *sum += share * scale);
        let seen = [at.left, at.top, at.right, at.bottom];
        edges.iter_mut().zip(seen).for_each(|(sum, edge)| *sum += edge * scale);
    }
    let (n, score) = shares[1..].iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let [left, top, right, bottom] = edges;
    Some(Finding {
        defect: Defect::numbered(n + 1)?,
        score: *score,
        any: 1.0 - shares[0],
        at: Rect { left, top, right, bottom },
    })
}
