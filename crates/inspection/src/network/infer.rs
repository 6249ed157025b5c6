//! Asking a network.

use fearless_simd::Level;

use super::kernel::{Finish, multiply};
use super::model::Network;
use super::plan::{Kind, Plan, Shape};
use super::shapes;

/// Crops that go through the later, smaller stages together, so that their weights are read once for all.
const GROUP: usize = 8;
/// Floats of a value from which on crops go one by one, so that they stay in the nearest caches.
const LARGE: usize = 16 << 10;

/// Room that is used again from call to call; one per thread. It fits itself to the network that is asked.
#[derive(Debug, Clone)]
pub struct Scratch {
    level: Level,
    shapes: Vec<Shape>,
    values: Vec<Vec<f32>>,
    /// The first stage that takes crops together.
    together: usize,
    outputs: Vec<f32>,
}

impl Scratch {
    /// Empty; grows at the first call.
    pub fn new() -> Self {
        let level = Level::new();
        Self { level, shapes: Vec::new(), values: Vec::new(), together: 0, outputs: Vec::new() }
    }

    fn fit(&mut self, plan: &Plan) {
        let shapes = (0..=plan.stages.len()).map(|index| plan.shape(index));
        let together = together(plan);
        if together == self.together && shapes.clone().eq(self.shapes.iter().copied()) {
            return;
        }
        (self.shapes, self.together) = (shapes.collect(), together);
        let slots = |index| if index < together { 1 } else { GROUP };
        let values =
            self.shapes.iter().enumerate().map(|(index, shape)| vec![0.0; slots(index) * shape.len()]);
        self.values = values.collect();
    }
}

/// The first stage that takes crops together.
fn together(plan: &Plan) -> usize {
    let large = (0..=plan.stages.len()).rev().find(|index| plan.shape(*index).len() > LARGE);
    let mut together = large.map_or(0, |index| (index + 1).min(plan.stages.len()));
    // a straight way must not begin among the single crops and end among the many
    while matches!(plan.stages.get(together), Some(stage) if matches!(stage.kind, Kind::Conv { skip: Some(_), .. }))
    {
        together -= 1;
    }
    together
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl Network {
    /// The outputs for as many crops as the batch holds, `output_len` numbers each: the classes before softmax, then
    /// the box. A crop's outputs do not depend on the others beside it. What is left of an incomplete crop at the
    /// end is not looked at.
    pub fn infer<'a>(&self, scratch: &'a mut Scratch, batch: &[f32]) -> &'a [f32] {
        scratch.fit(&self.plan);
        scratch.outputs.clear();
        let crop_len = self.plan.crop_len();
        let crops = batch.len() / crop_len;
        for group in batch[..crops * crop_len].chunks(GROUP * crop_len) {
            self.group(scratch, group);
        }
        &scratch.outputs
    }

    fn group(&self, scratch: &mut Scratch, group: &[f32]) {
        let crop_len = self.plan.crop_len();
        let crops = group.len() / crop_len;
        let (together, stages) = (scratch.together, self.plan.stages.len());
        for (slot, crop) in group.chunks_exact(crop_len).enumerate() {
            let slot_of = |index| if index < together { 0 } else { slot };
            let len = self.plan.input.len();
            self.plan.place(crop, &mut scratch.values[0][slot_of(0) * len..][..len]);
            for index in 0..together {
                let output_slot = if index + 1 == together { slot } else { 0 };
                self.stage(scratch, index, 1, output_slot, crop);
            }
        }
        for index in together..stages {
            self.stage(scratch, index, crops, 0, group);
        }
        let (outputs, len) = (self.plan.outputs, self.plan.shape(stages).len());
        for value in scratch.values[stages].chunks_exact(len).take(crops) {
            scratch.outputs.extend_from_slice(&value[..outputs]);
        }
    }

    /// One stage for so many crops, whose output begins at a slot; `batch` is where the extra numbers are.
    fn stage(&self, scratch: &mut Scratch, index: usize, crops: usize, slot: usize, batch: &[f32]) {
        let stage = &self.plan.stages[index];
        let folded = &self.folded[index];
        let (before, after) = scratch.values.split_at_mut(index + 1);
        let input = &before[index];
        let output = &mut after[0][slot * stage.output.len()..];
        let (input_len, output_len) = (stage.input.len(), stage.output.len());
        let finish = match stage.kind {
            Kind::Conv { skip: Some(skip), .. } => Finish::AddRelu(&folded.shift, &before[skip]),
            Kind::Conv { .. } | Kind::Dense { relu: true } => Finish::Relu(&folded.shift),
            _ => Finish::Shift(&folded.shift),
        };
        if let Kind::Conv { .. } | Kind::Dense { .. } = stage.kind {
            return multiply(scratch.level, &stage.windows(), crops, input, &folded.panels, output, finish);
        }
        let crop_len = self.plan.crop_len();
        let values = input.chunks_exact(input_len).zip(output.chunks_exact_mut(output_len));
        for ((input, output), crop) in values.zip(batch.chunks_exact(crop_len)).take(crops) {
            let extra = &crop[crop_len - self.plan.extra..];
            match stage.kind {
                Kind::Pool => shapes::pool(stage, input, output),
                Kind::Flatten => shapes::flatten(stage, input, extra, output),
                Kind::Average => shapes::average(stage, input, extra, output),
                Kind::Conv { .. } | Kind::Dense { .. } | Kind::Dropout { .. } => {
                    output.copy_from_slice(input)
                }
            }
        }
    }
}

/// Turns the class numbers of one output into shares that add up to 1.
pub fn softmax(numbers: &mut [f32]) {
    let greatest = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    numbers.iter_mut().for_each(|number| *number = (*number - greatest).exp());
    let sum: f32 = numbers.iter().sum();
    numbers.iter_mut().for_each(|number| *number /= sum);
}
