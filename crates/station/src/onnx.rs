//! A model that somebody brings, as ONNX with a sidecar: read within bounds, tried before the first picture, asked in pieces. The
//! contract is in docs/inspection.md.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use inspection::Card;
use inspection::crop::{EXTRA, LAYERS, LEN, SIDE};
use inspection::learn::CLASSES;
use rten::{
    DataType, Dimension, Model, ModelOptions, NodeId, OpRegistry, RunOptions, ThreadPool, Value, ValueType,
};
use rten::{RegisterOp, op_types as op};

use crate::files;
use crate::report::hash;
use crate::sidecar::{Sidecar, beside};

/// The largest model that is read, in bytes: eighty times ours.
const MAX_BYTES: usize = 64 << 20;
/// Crops asked at once, so that no picture with many places takes all memory.
const TOGETHER: usize = 32;
/// Crops of the trial. Three, so that a model for one or for two is found out.
const TRIAL: usize = 3;
/// The number of a class that a model does not know: its share is nothing.
const NEVER: f32 = -1e4;

/// What networks that look at crops are made of. Nothing that loops, and nothing that makes tensors of any size out of a number.
const OPERATORS: [&dyn RegisterOp; 46] = [
    &op::Add,
    &op::AveragePool,
    &op::BatchNormalization,
    &op::Cast,
    &op::Clip,
    &op::Concat,
    &op::Conv,
    &op::Div,
    &op::Elu,
    &op::Erf,
    &op::Exp,
    &op::Flatten,
    &op::Gather,
    &op::Gelu,
    &op::Gemm,
    &op::GlobalAveragePool,
    &op::HardSigmoid,
    &op::HardSwish,
    &op::Identity,
    &op::InstanceNormalization,
    &op::LayerNormalization,
    &op::LeakyRelu,
    &op::MatMul,
    &op::MaxPool,
    &op::Mul,
    &op::Neg,
    &op::PRelu,
    &op::Pad,
    &op::Pow,
    &op::Reciprocal,
    &op::ReduceMax,
    &op::ReduceMean,
    &op::Relu,
    &op::Reshape,
    &op::Shape,
    &op::Sigmoid,
    &op::Slice,
    &op::Softmax,
    &op::Softplus,
    &op::Split,
    &op::Sqrt,
    &op::Squeeze,
    &op::Sub,
    &op::Tanh,
    &op::Transpose,
    &op::Unsqueeze,
];

/// A model of somebody's own.
pub(crate) struct Brought {
    model: Model,
    sidecar: Sidecar,
    card: Card,
    digest: String,
    /// Where each class stands among ours.
    places: Vec<usize>,
    crops: NodeId,
    extra: Option<NodeId>,
    outputs: Vec<NodeId>,
}

impl Brought {
    /// Reads a model and its sidecar, and asks it once.
    ///
    /// # Errors
    /// Whatever keeps it from being used.
    pub(crate) fn load(path: &Path) -> Result<Self, String> {
        let bytes = files::read(path, MAX_BYTES)?;
        let sidecar = Sidecar::read(path)?;
        // A fault of the library that reads it is a fault of the file for us.
        let read = catch_unwind(AssertUnwindSafe(|| Self::read(bytes, sidecar)));
        let read = read.unwrap_or_else(|_| Err("the model cannot be worked with".to_owned()));
        read.map_err(|error| format!("{}: {error}", path.display()))
    }

    fn read(bytes: Vec<u8>, sidecar: Sidecar) -> Result<Self, String> {
        let digest = hash(&bytes);
        let options = ModelOptions::with_ops(OpRegistry::with_ops(&OPERATORS));
        let model =
            options.load(bytes).map_err(|error| format!("no model that this program can use: {error}"))?;
        let input = |name: &str| among(&model, model.input_ids(), name, "input");
        let output = |name: &str| among(&model, model.output_ids(), name, "output");
        let crops = input(&sidecar.inputs.crops)?;
        let extra = sidecar.inputs.extra.as_deref().map(input).transpose()?;
        let names = std::iter::once(sidecar.outputs.logits.as_str()).chain(sidecar.outputs.edges.as_deref());
        let outputs = names.map(output).collect::<Result<Vec<_>, _>>()?;
        fits(&model, crops, &[LAYERS, SIDE, SIDE])?;
        extra.map_or(Ok(()), |extra| fits(&model, extra, &[EXTRA]))?;
        let (card, places) = (sidecar.card(), sidecar.places()?);
        let brought = Self { model, sidecar, card, digest, places, crops, extra, outputs };
        brought.ask(&alone(), &[0.5; TRIAL * LEN], &mut Vec::new())?;
        Ok(brought)
    }

    pub(crate) fn card(&self) -> &Card {
        &self.card
    }

    pub(crate) fn adjust(&mut self, card: Card) {
        self.sidecar = self.sidecar.with(card.clone());
        self.card = card;
    }

    /// Of model and sidecar: other bands are another judge.
    ///
    /// # Errors
    /// When the sidecar cannot be written.
    pub(crate) fn version(&self) -> Result<String, String> {
        let both = [self.digest.as_bytes(), &self.sidecar.bytes()?].concat();
        Ok(hash(&both).chars().take(16).collect())
    }

    /// Writes the sidecar.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<(), String> {
        files::write(&beside(path), &self.sidecar.bytes()?)
    }

    /// Appends what it says of crops, for [`inspection::detect::look_with`].
    ///
    /// # Errors
    /// When it fails, or says something that is no answer. Nothing is ever taken for "no defect" because of that.
    pub(crate) fn ask(&self, alone: &RunOptions, crops: &[f32], said: &mut Vec<f32>) -> Result<(), String> {
        crops.chunks(TOGETHER * LEN).try_for_each(|some| self.ask_some(alone, some, said))
    }

    fn ask_some(&self, alone: &RunOptions, crops: &[f32], said: &mut Vec<f32>) -> Result<(), String> {
        let count = crops.len() / LEN;
        let told = |error: &dyn std::fmt::Display| format!("the model gives no answer: {error}");
        let (pixels, extra) = layers_first(crops);
        let value =
            |shape: &[usize], numbers| Value::from_shape(shape, numbers).map_err(|error| told(&error));
        let mut inputs = vec![(self.crops, value(&[count, LAYERS, SIDE, SIDE], pixels)?.into())];
        if let Some(id) = self.extra {
            inputs.push((id, value(&[count, EXTRA], extra)?.into()));
        }
        let outputs =
            self.model.run(inputs, &self.outputs, Some(alone.clone())).map_err(|error| told(&error))?;
        let mut outputs = outputs.into_iter();
        let logits = numbers(outputs.next(), [count, self.places.len()])?;
        let edges =
            self.sidecar.outputs.edges.as_ref().map(|_| numbers(outputs.next(), [count, 4])).transpose()?;
        for (n, logits) in logits.chunks_exact(self.places.len()).enumerate() {
            let mut classes = [NEVER; CLASSES];
            self.places.iter().zip(logits).for_each(|(place, number)| classes[*place] = *number);
            said.extend_from_slice(&classes);
            // Without a word of the model the place is the box.
            said.extend_from_slice(edges.as_ref().map_or(&[0.0; 4], |edges| &edges[n * 4..][..4]));
        }
        Ok(())
    }
}

/// One thread for one that looks: the station shares out pictures, not the sums of one.
pub(crate) fn alone() -> RunOptions {
    RunOptions::default().with_thread_pool(Some(Arc::new(ThreadPool::with_num_threads(1))))
}

/// Layer by layer, as ONNX has pictures, and the extra numbers by themselves.
fn layers_first(crops: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let (mut pixels, mut extra) = (Vec::with_capacity(crops.len()), Vec::new());
    for crop in crops.chunks_exact(LEN) {
        let (picture, beside) = crop.split_at(SIDE * SIDE * LAYERS);
        (0..LAYERS).for_each(|layer| pixels.extend(picture[layer..].iter().step_by(LAYERS)));
        extra.extend_from_slice(beside);
    }
    (pixels, extra)
}

/// An input or output by its name.
fn among(model: &Model, ids: &[NodeId], name: &str, what: &str) -> Result<NodeId, String> {
    let found =
        ids.iter().copied().find(|id| model.node_info(*id).and_then(|info| info.name()) == Some(name));
    found.ok_or_else(|| {
        let names = ids.iter().filter_map(|id| model.node_info(*id)?.name()).collect::<Vec<_>>().join(", ");
        format!("it has no {what} {name:?}, but: {names}")
    })
}

/// Whether an input takes floats of these sides for any number of crops, as far as the model says.
fn fits(model: &Model, id: NodeId, sides: &[usize]) -> Result<(), String> {
    let Some(info) = model.node_info(id) else { return Ok(()) };
    let name = info.name().unwrap_or_default();
    if info.dtype().is_some_and(|kind| kind != ValueType::Tensor(DataType::Float)) {
        return Err(format!("the input {name:?} does not take 32-bit floats"));
    }
    let Some(shape) = info.shape() else { return Ok(()) };
    let is = |dimension: &Dimension, side: usize| !matches!(dimension, Dimension::Fixed(n) if *n != side);
    let free = matches!(shape.first(), Some(Dimension::Symbolic(_)));
    let same = shape.len() == sides.len() + 1 && shape[1..].iter().zip(sides).all(|(d, side)| is(d, *side));
    if free && same {
        return Ok(());
    }
    let shown = |dimension: &Dimension| match dimension {
        Dimension::Fixed(n) => n.to_string(),
        Dimension::Symbolic(name) => name.clone(),
    };
    let theirs = shape.iter().map(shown).collect::<Vec<_>>().join("×");
    let ours = sides.iter().map(ToString::to_string).collect::<Vec<_>>().join("×");
    Err(format!("the input {name:?} takes {theirs}, and any number of {ours} is given"))
}

/// The numbers of an output, of this shape and all of them finite.
fn numbers(value: Option<Value>, wanted: [usize; 2]) -> Result<Vec<f32>, String> {
    let value = value.ok_or("the model gives too few outputs")?;
    let (shape, numbers) = value.into_shape_vec::<f32, 2>().map_err(|error| format!("an output: {error}"))?;
    if shape != wanted {
        let [a, b] = shape;
        return Err(format!("an output is {a}×{b} and should be {}×{}", wanted[0], wanted[1]));
    }
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err("the model says a number that is not finite".to_owned());
    }
    Ok(numbers)
}
