//! A network with its weights, ready to be asked.

use super::architecture::Architecture;
use super::error::NetworkError;
use super::half::{from_half, to_half};
use super::matrix::{pack, packed_len};
use super::plan::{Kind, PANEL, Plan, Stage};
use super::random::Random;

/// Added to a variance before its root is taken.
pub(super) const TINY: f32 = 1e-5;

/// An architecture, its weights, and bytes of the caller that travel with them.
///
/// Weights are rounded to 16 bits when a network is made, trained or read, so that what was measured, what was
/// written and what is read again are the same network in every bit.
#[derive(Debug, Clone)]
pub struct Network {
    pub(super) architecture: Architecture,
    pub(super) plan: Plan,
    pub(super) parameters: Vec<f32>,
    pub(super) statistics: Vec<f32>,
    pub(super) folded: Vec<Folded>,
    /// Whatever the caller wants to know again, JSON say; at most 1 MiB is written.
    pub metadata: Vec<u8>,
}

/// A stage's weights for inference: normalisation folded in, laid out for the kernel.
#[derive(Debug, Clone, Default)]
pub(super) struct Folded {
    pub(super) panels: Vec<f32>,
    pub(super) shift: Vec<f32>,
}

impl Network {
    /// A network that has learnt nothing: weights from the seed, of the size He et al. (2015) advise; the outputs
    /// begin at zero.
    ///
    /// # Errors
    /// `Architecture` if it cannot be built or is too large.
    pub fn new(architecture: &Architecture, seed: u64) -> Result<Self, NetworkError> {
        let plan = Plan::new(architecture)?;
        let mut parameters = vec![0.0; plan.parameters];
        let mut statistics = vec![0.0; plan.statistics];
        for (index, stage) in plan.stages.iter().enumerate() {
            let last = index + 1 == plan.stages.len();
            let size = if last { 0.0 } else { (2.0 / stage.depth.max(1) as f32).sqrt() };
            let mut random = Random::new(&[seed, index as u64]);
            parameters[stage.weights.clone()].fill_with(|| random.normal() * size);
            if matches!(stage.kind, Kind::Conv { .. }) {
                parameters[stage.vectors.clone()][..stage.output.channels].fill(1.0);
                statistics[stage.statistics.clone()][stage.output.channels..].fill(1.0);
            }
        }
        Ok(Self::assemble(architecture.clone(), plan, parameters, statistics, Vec::new()))
    }

    /// Rounds the weights and folds them.
    pub(super) fn assemble(
        architecture: Architecture,
        plan: Plan,
        mut parameters: Vec<f32>,
        statistics: Vec<f32>,
        metadata: Vec<u8>,
    ) -> Self {
        for stage in &plan.stages {
            for weight in &mut parameters[stage.weights.clone()] {
                *weight = from_half(to_half(weight.clamp(-65504.0, 65504.0)));
            }
        }
        let folded = plan.stages.iter().map(|stage| fold(stage, &parameters, &statistics)).collect();
        Self { architecture, plan, parameters, statistics, folded, metadata }
    }

    /// What the network looks like.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// How many numbers were learnt.
    pub fn parameters(&self) -> usize {
        self.parameters.len()
    }

    /// Multiply-adds for one crop.
    pub fn operations(&self) -> usize {
        self.plan.operations
    }
}

fn fold(stage: &Stage, parameters: &[f32], statistics: &[f32]) -> Folded {
    let columns = stage.output.channels;
    let weights = &parameters[stage.weights.clone()];
    let vectors = &parameters[stage.vectors.clone()];
    let (scale, mut shift) = match stage.kind {
        Kind::Conv { .. } => {
            let (mean, variance) = statistics[stage.statistics.clone()].split_at(columns);
            let scale: Vec<f32> = vectors[..columns]
                .iter()
                .zip(variance)
                .map(|(gamma, of)| gamma / (of + TINY).sqrt())
                .collect();
            let shift = (0..columns).map(|at| vectors[columns + at] - mean[at] * scale[at]).collect();
            (scale, shift)
        }
        Kind::Dense { .. } => (vec![1.0; columns], vectors.to_vec()),
        Kind::Pool | Kind::Flatten | Kind::Average | Kind::Dropout { .. } => return Folded::default(),
    };
    let mut panels = vec![0.0; packed_len(stage.depth, columns)];
    pack(stage.depth, columns, &mut panels, |row, column| weights[row * columns + column] * scale[column]);
    shift.resize(columns.next_multiple_of(PANEL), 0.0);
    Folded { panels, shift }
}
