//! AdamW (Loshchilov and Hutter 2019) with a rate that rises, then falls along half a cosine.

use super::TrainOptions;
use crate::network::model::Network;

const FIRST: f32 = 0.9;
const SECOND: f32 = 0.999;
const TINY: f32 = 1e-8;
/// Share of the new in the running statistics.
const NEW: f32 = 0.1;

#[derive(Debug)]
pub(super) struct Optimiser {
    means: Vec<f32>,
    squares: Vec<f32>,
    averaged: Vec<f32>,
}

impl Optimiser {
    pub(super) fn new(network: &Network) -> Self {
        let none = vec![0.0; network.parameters.len()];
        Self { means: none.clone(), squares: none, averaged: network.parameters.clone() }
    }

    pub(super) fn step(
        &mut self,
        network: &mut Network,
        options: &TrainOptions,
        step: usize,
        gradient: &[f32],
        statistics: &[f32],
    ) {
        let length = gradient.iter().map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt() as f32;
        if !length.is_finite() {
            return; // one sample out of all bounds must not end the training of the others
        }
        let shorten = if length > options.clip { options.clip / length } else { 1.0 };
        let rate = rate(options, step);
        let turn = step as i32 + 1;
        let (first, second) = (1.0 - FIRST.powi(turn), 1.0 - SECOND.powi(turn));
        let keep = options.average.min((1.0 + step as f32) / (10.0 + step as f32));
        let mut part = |range: std::ops::Range<usize>, decay: f32| {
            for at in range {
                let slope = gradient[at] * shorten;
                self.means[at] = FIRST * self.means[at] + (1.0 - FIRST) * slope;
                self.squares[at] = SECOND * self.squares[at] + (1.0 - SECOND) * slope * slope;
                let parameter = &mut network.parameters[at];
                let to = (self.means[at] / first) / ((self.squares[at] / second).sqrt() + TINY);
                *parameter -= rate * (to + decay * *parameter);
                self.averaged[at] = keep * self.averaged[at] + (1.0 - keep) * *parameter;
            }
        };
        for stage in &network.plan.stages {
            part(stage.weights.clone(), options.decay);
            part(stage.vectors.clone(), 0.0);
        }
        for (running, new) in network.statistics.iter_mut().zip(statistics) {
            *running += NEW * (new - *running);
        }
    }

    pub(super) fn result(&self, network: &Network, options: &TrainOptions) -> Vec<f32> {
        if options.average > 0.0 { self.averaged.clone() } else { network.parameters.clone() }
    }
}

/// The rate of a step, counted from 0.
fn rate(options: &TrainOptions, step: usize) -> f32 {
    let risen = (step + 1) as f32 / (options.warm_up + 1) as f32;
    let left = options.steps.saturating_sub(options.warm_up).max(1);
    let gone = (step.saturating_sub(options.warm_up) as f32 / left as f32).min(1.0);
    options.rate * risen.min(1.0) * 0.5 * (1.0 + (std::f32::consts::PI * gone).cos())
}
