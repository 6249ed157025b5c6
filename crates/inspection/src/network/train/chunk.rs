//! One chunk of a mini-batch, forward and back, on one thread.

use std::ops::Range;

use fearless_simd::Level;

use super::TrainOptions;
use super::back::{Weights, move_apart};
use super::loss::{Loss, Target, judge};
use super::normalise::{self, Moments, Pictures};
use crate::network::kernel::{Finish, correlate, multiply};
use crate::network::matrix::{packed_len, unpack};
use crate::network::model::Network;
use crate::network::plan::{Kind, Plan, Stage};
use crate::network::random::Random;
use crate::network::shapes;

/// What a chunk found out.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) gradient: Vec<f32>,
    pub(super) statistics: Vec<f32>,
    pub(super) loss: Loss,
}

impl Chunk {
    pub(super) fn new(plan: &Plan) -> Self {
        let (gradient, statistics) = (vec![0.0; plan.parameters], vec![0.0; plan.statistics]);
        Self { gradient, statistics, loss: Loss::default() }
    }
}

/// Room for a chunk; one per thread.
#[derive(Debug)]
pub(super) struct Workspace {
    level: Level,
    crops: usize,
    inputs: Vec<f32>,
    targets: Vec<Target>,
    values: Vec<Vec<f32>>,
    /// Of a convolution what it summed, before normalisation; of dropout the factors.
    sums: Vec<Vec<f32>>,
    moments: Vec<Moments>,
    errors: Vec<Vec<f32>>,
    /// Errors set apart where a stride was 2.
    apart: Vec<Vec<f32>>,
    packed: Vec<f32>,
}

impl Workspace {
    pub(super) fn new(level: Level, plan: &Plan, size: usize) -> Self {
        let lens = (0..=plan.stages.len()).map(|index| size * plan.shape(index).len());
        let room = |len| vec![0.0; len];
        let sums = plan.stages.iter().map(|stage| match stage.kind {
            Kind::Conv { .. } | Kind::Dropout { .. } => room(size * stage.output.len()),
            _ => Vec::new(),
        });
        let apart = plan.stages.iter().map(|stage| match stage.kind {
            Kind::Conv { stride: 2, .. } => {
                room(size * (stage.input.len() / stage.input.channels) * stage.output.channels)
            }
            _ => Vec::new(),
        });
        let packed = plan.stages.iter().map(|stage| packed_len(stage.depth, stage.output.channels)).max();
        Self {
            level,
            crops: 0,
            inputs: room(size * plan.crop_len()),
            targets: Vec::new(),
            values: lens.clone().map(room).collect(),
            sums: sums.collect(),
            moments: vec![Moments::default(); plan.stages.len()],
            errors: lens.map(room).collect(),
            apart: apart.collect(),
            packed: room(packed.unwrap_or(0)),
        }
    }

    /// Lets the caller draw the samples of this chunk.
    pub(super) fn fill<F>(&mut self, network: &Network, samples: Range<usize>, fill: &F)
    where
        F: Fn(usize, &mut [f32]) -> Target,
    {
        self.crops = samples.len();
        let plan = &network.plan;
        let crops = self.inputs.chunks_exact_mut(plan.crop_len());
        self.targets.clear();
        for ((sample, crop), value) in
            samples.zip(crops).zip(self.values[0].chunks_exact_mut(plan.input.len()))
        {
            self.targets.push(fill(sample, crop));
            plan.place(crop, value);
        }
    }

    /// Forward, the loss, and back. `share` is one over the samples of the whole batch.
    pub(super) fn learn(
        &mut self,
        network: &Network,
        weights: &Weights,
        options: &TrainOptions,
        share: f32,
        places: &[u64],
        chunk: &mut Chunk,
    ) {
        for index in 0..network.plan.stages.len() {
            self.forward(network, weights, index, places);
        }
        chunk.loss = self.judge(network, options, share);
        for index in (0..network.plan.stages.len()).rev() {
            self.back(network, weights, index, chunk);
        }
        for (stage, moments) in network.plan.stages.iter().zip(&self.moments) {
            if let Kind::Conv { .. } = stage.kind {
                let own = &mut chunk.statistics[stage.statistics.clone()];
                own[..stage.output.channels].copy_from_slice(&moments.mean);
                own[stage.output.channels..].copy_from_slice(&moments.variance);
            }
        }
    }

    fn forward(&mut self, network: &Network, weights: &Weights, index: usize, places: &[u64]) {
        let stage = &network.plan.stages[index];
        let (before, after) = self.values.split_at_mut(index + 1);
        let (input, output) = (&before[index], &mut after[0]);
        let panels = &weights.forward[index];
        match stage.kind {
            Kind::Conv { skip, .. } => {
                let sums = &mut self.sums[index];
                multiply(self.level, &stage.windows(), self.crops, input, panels, sums, Finish::Plain);
                let vectors = network.parameters[stage.vectors.clone()].split_at(stage.output.channels);
                let straight = skip.map(|skip| &before[skip][..]);
                let moments = &mut self.moments[index];
                let pictures = Pictures { level: self.level, shape: stage.output, crops: self.crops };
                normalise::forward(pictures, vectors, moments, sums, straight, output);
            }
            Kind::Dense { relu } => {
                let shift = &weights.shifts[index];
                let finish = if relu { Finish::Relu(shift) } else { Finish::Shift(shift) };
                multiply(self.level, &stage.windows(), self.crops, input, panels, output, finish);
            }
            Kind::Dropout { percent } => {
                let places: Vec<u64> = places.iter().copied().chain([index as u64]).collect();
                let (mut random, share) = (Random::new(&places), f32::from(percent) / 100.0);
                let factors = &mut self.sums[index];
                factors.fill_with(|| if random.unit() < share { 0.0 } else { 1.0 / (1.0 - share) });
                let numbers = output.iter_mut().zip(input).zip(factors);
                numbers.for_each(|((output, input), factor)| *output = input * *factor);
            }
            Kind::Pool | Kind::Flatten | Kind::Average => {
                let crop_len = network.plan.crop_len();
                let values =
                    input.chunks_exact(stage.input.len()).zip(output.chunks_exact_mut(stage.output.len()));
                for ((input, output), crop) in values.zip(self.inputs.chunks_exact(crop_len)).take(self.crops)
                {
                    let extra = &crop[crop_len - network.plan.extra..];
                    match stage.kind {
                        Kind::Pool => shapes::pool(stage, input, output),
                        Kind::Flatten => shapes::flatten(stage, input, extra, output),
                        _ => shapes::average(stage, input, extra, output),
                    }
                }
            }
        }
    }

    fn judge(&mut self, network: &Network, options: &TrainOptions, share: f32) -> Loss {
        let plan = &network.plan;
        let (last, classes) = (plan.stages.len(), usize::from(network.architecture.classes));
        let len = plan.shape(last).len();
        let outputs = self.values[last].chunks_exact(len).zip(self.errors[last].chunks_exact_mut(len));
        let mut loss = Loss::default();
        for ((output, errors), target) in outputs.zip(&self.targets) {
            let errors = &mut errors[..plan.outputs];
            loss.add(judge(options, classes, &output[..plan.outputs], target, share, errors));
        }
        loss
    }

    fn back(&mut self, network: &Network, weights: &Weights, index: usize, chunk: &mut Chunk) {
        let stage = &network.plan.stages[index];
        let (before, after) = self.errors.split_at_mut(index + 1);
        let (back, errors) = (&mut before[index], &mut after[0]);
        let (input, output) = (&self.values[index], &self.values[index + 1]);
        let (crops, level) = (self.crops, self.level);
        match stage.kind {
            Kind::Conv { skip, .. } => {
                let scale = &network.parameters[stage.vectors.clone()][..stage.output.channels];
                let slopes = &mut chunk.gradient[stage.vectors.clone()];
                let straight = skip.map(|skip| &mut before[skip][..]);
                let (moments, sums) = (&self.moments[index], &self.sums[index]);
                let pictures = Pictures { level, shape: stage.output, crops };
                normalise::back(pictures, scale, moments, (sums, output), errors, straight, slopes);
            }
            Kind::Dense { relu } => {
                if relu {
                    let numbers = errors.iter_mut().zip(output).filter(|(_, output)| **output <= 0.0);
                    numbers.for_each(|(error, _)| *error = 0.0);
                }
                let slopes = &mut chunk.gradient[stage.vectors.clone()];
                slopes.fill(0.0);
                for errors in errors.chunks_exact(stage.output.len()).take(crops) {
                    slopes.iter_mut().zip(errors).for_each(|(slope, error)| *slope += error);
                }
            }
            Kind::Dropout { .. } => {
                let numbers = back.iter_mut().zip(errors.iter()).zip(&self.sums[index]);
                return numbers.for_each(|((back, error), factor)| *back = error * factor);
            }
            Kind::Pool | Kind::Flatten | Kind::Average => {
                return back_shapes(level, stage, crops, (input, output), errors, back);
            }
        }
        self.back_weights(network, weights, index, chunk);
    }

    /// From the errors of the sums of a stage: the slopes of its weights, and the errors of its input.
    fn back_weights(&mut self, network: &Network, weights: &Weights, index: usize, chunk: &mut Chunk) {
        let stage = &network.plan.stages[index];
        let (before, after) = self.errors.split_at_mut(index + 1);
        let (back, mut errors) = (&mut before[index], &after[0]);
        let packed = &mut self.packed[..packed_len(stage.depth, stage.output.channels)];
        packed.fill(0.0);
        correlate(self.level, &stage.windows(), self.crops, &self.values[index], errors, packed);
        unpack(stage.depth, stage.output.channels, packed, &mut chunk.gradient[stage.weights.clone()]);
        let Some(way) = weights.ways[index].as_ref().filter(|_| index > 0) else { return };
        if let Kind::Conv { stride: 2, .. } = stage.kind {
            let apart = &mut self.apart[index];
            let crops = errors.chunks_exact(stage.output.len()).zip(apart.chunks_exact_mut(way.apart.len()));
            crops.take(self.crops).for_each(|(errors, apart)| move_apart(stage, way, 2, errors, apart));
            errors = apart;
        }
        // where a straight way began here, its errors are there already
        let next = network.plan.stages.get(index + 1).map(|stage| stage.kind);
        let straight = matches!(next, Some(Kind::Conv { skip: Some(skip), .. }) if skip == index);
        let finish = if straight { Finish::Add } else { Finish::Plain };
        multiply(self.level, &way.windows(), self.crops, errors, &weights.back[index], back, finish);
    }
}

fn back_shapes(
    level: Level,
    stage: &Stage,
    crops: usize,
    (input, output): (&[f32], &[f32]),
    errors: &[f32],
    back: &mut [f32],
) {
    let (input_len, output_len) = (stage.input.len(), stage.output.len());
    let inputs = input.chunks_exact(input_len).zip(back.chunks_exact_mut(input_len));
    let outputs = output.chunks_exact(output_len).zip(errors.chunks_exact(output_len));
    for ((input, back), (output, errors)) in inputs.zip(outputs).take(crops) {
        match stage.kind {
            Kind::Pool => shapes::pool_back(level, stage, input, output, errors, back),
            Kind::Flatten => shapes::flatten_back(stage, errors, back),
            _ => shapes::average_back(stage, errors, back),
        }
    }
}
