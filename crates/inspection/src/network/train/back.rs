//! The way back through a stage's weights: errors of the output become errors of the input.
//!
//! For a convolution that is one more convolution, over the errors, with the window turned round; where the
//! stride was 2 the errors first move apart, with zeros between.

use crate::network::kernel::Windows;
use crate::network::matrix::{pack, packed_len};
use crate::network::model::Network;
use crate::network::plan::{Kind, PANEL, Plan, Shape, Stage};

/// How errors go back through one stage.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// The shape that errors of the output are brought to first.
    pub(super) apart: Shape,
    from: Vec<u32>,
    to: Vec<u32>,
    pieces: usize,
    length: usize,
    to_crop: usize,
}

impl Way {
    pub(super) fn new(stage: &Stage) -> Option<Self> {
        let (input, columns) = (stage.input, stage.output.channels);
        let to_crop = input.len();
        let Kind::Conv { size, .. } = stage.kind else {
            let (from, to) = (vec![0], vec![0]);
            let way = Self { apart: stage.output, from, to, pieces: 1, length: columns, to_crop };
            return matches!(stage.kind, Kind::Dense { .. }).then_some(way);
        };
        let apart = Shape { channels: columns, ..input };
        let corner = if size == 3 { apart.at(0, 0) } else { 0 };
        let pixels = || (0..input.height).flat_map(|row| (0..input.width).map(move |column| (row, column)));
        let from = pixels().map(|(row, column)| (apart.at(row, column) - corner) as u32).collect();
        let to = pixels().map(|(row, column)| input.at(row, column) as u32).collect();
        Some(Self { apart, from, to, pieces: size, length: size * columns, to_crop })
    }

    pub(super) fn windows(&self) -> Windows<'_> {
        Windows {
            from: &self.from,
            to: &self.to,
            pieces: self.pieces,
            step: self.apart.row(),
            length: self.length,
            from_crop: self.apart.len(),
            to_crop: self.to_crop,
        }
    }
}

/// Sets errors apart by the stride; the zeros between are there already and stay.
pub(super) fn move_apart(stage: &Stage, way: &Way, stride: usize, errors: &[f32], apart: &mut [f32]) {
    let channels = stage.output.channels;
    for row in 0..stage.output.height {
        for column in 0..stage.output.width {
            let from = stage.output.at(row, column);
            let to = way.apart.at(row * stride, column * stride);
            apart[to..to + channels].copy_from_slice(&errors[from..from + channels]);
        }
    }
}

/// The weights of all stages as one step needs them.
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) forward: Vec<Vec<f32>>,
    pub(super) back: Vec<Vec<f32>>,
    /// Shifts of dense layers, whole panels.
    pub(super) shifts: Vec<Vec<f32>>,
    pub(super) ways: Vec<Option<Way>>,
}

impl Weights {
    pub(super) fn new(plan: &Plan) -> Self {
        let ways: Vec<Option<Way>> = plan.stages.iter().map(Way::new).collect();
        let forward =
            plan.stages.iter().map(|stage| vec![0.0; packed_len(stage.depth, stage.output.channels)]);
        let back = plan.stages.iter().zip(&ways).map(|(stage, way)| {
            let rows = way.as_ref().map_or(0, |way| way.pieces * way.length);
            vec![0.0; packed_len(rows, stage.input.channels)]
        });
        let shifts = plan.stages.iter().map(|stage| vec![0.0; stage.output.channels.next_multiple_of(PANEL)]);
        Self { forward: forward.collect(), back: back.collect(), shifts: shifts.collect(), ways }
    }

    pub(super) fn load(&mut self, network: &Network) {
        for (index, stage) in network.plan.stages.iter().enumerate() {
            let weights = &network.parameters[stage.weights.clone()];
            let (inputs, columns) = (stage.input.channels, stage.output.channels);
            let Some(way) = &self.ways[index] else { continue };
            pack(stage.depth, columns, &mut self.forward[index], |row, column| {
                weights[row * columns + column]
            });
            // row of the way back: place in the turned window, then output channel
            let taps = stage.depth / inputs;
            pack(way.pieces * way.length, inputs, &mut self.back[index], |row, input| {
                let (tap, output) = (row / columns, row % columns);
                weights[((taps - 1 - tap) * inputs + input) * columns + output]
            });
            if let Kind::Dense { .. } = stage.kind {
                self.shifts[index][..columns].copy_from_slice(&network.parameters[stage.vectors.clone()]);
            }
        }
    }
}
