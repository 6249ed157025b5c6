//! An architecture worked out: each stage with its shapes, and where in the flat parameters its own lie.

use std::ops::Range;

use super::architecture::{Architecture, Layer};
use super::error::NetworkError;
use super::kernel::Windows;

/// Columns of a panel of weights; channels of convolutions are multiples of it.
pub(super) const PANEL: usize = 16;
const MAX_LAYERS: usize = 64;
const MAX_PARAMETERS: usize = 8 << 20;
const MAX_VALUES: usize = 64 << 20;
const MAX_OPERATIONS: usize = 4 << 30;

/// Rows, columns and channels; a vector is `1 × 1 × n` and has no border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
    pub(super) vector: bool,
}

impl Shape {
    fn picture(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels, vector: false }
    }

    fn vector(length: usize) -> Self {
        Self { height: 1, width: 1, channels: length, vector: true }
    }

    /// Floats from one row of the bordered picture to the next.
    pub(super) fn row(self) -> usize {
        (self.width + 2) * self.channels
    }

    /// Floats that one crop takes: a picture has a border of one pixel, a vector whole panels.
    pub(super) fn len(self) -> usize {
        if self.vector { self.channels.next_multiple_of(PANEL) } else { (self.height + 2) * self.row() }
    }

    pub(super) fn pixels(self) -> usize {
        self.height * self.width
    }

    /// Where the pixel lies; of a vector there is one.
    pub(super) fn at(self, row: usize, column: usize) -> usize {
        if self.vector { 0 } else { (row + 1) * self.row() + (column + 1) * self.channels }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `skip`: the output is added to what this earlier value held, before ReLU.
    Conv {
        size: usize,
        stride: usize,
        skip: Option<usize>,
    },
    Pool,
    Flatten,
    Average,
    Dense {
        relu: bool,
    },
    Dropout {
        percent: u8,
    },
}

/// What turns value `i` into value `i + 1`.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    pub(super) kind: Kind,
    pub(super) input: Shape,
    pub(super) output: Shape,
    /// Rows of the weight matrix: what one output number is summed over.
    pub(super) depth: usize,
    /// The matrix `depth × output channels` in the parameters.
    pub(super) weights: Range<usize>,
    /// Per channel: of a convolution the scale and then the shift of its normalisation, of a dense layer the shift.
    pub(super) vectors: Range<usize>,
    /// Per channel: running mean, then running variance.
    pub(super) statistics: Range<usize>,
    /// Where each window begins in the input, and where its result begins in the output.
    from: Vec<u32>,
    to: Vec<u32>,
}

impl Stage {
    /// The windows of a convolution or a dense layer, over crops that lie behind each other.
    pub(super) fn windows(&self) -> Windows<'_> {
        let (pieces, length) = match self.kind {
            Kind::Conv { size: 3, .. } => (3, 3 * self.input.channels),
            _ => (1, self.input.channels),
        };
        Windows {
            from: &self.from,
            to: &self.to,
            pieces,
            step: self.input.row(),
            length,
            from_crop: self.input.len(),
            to_crop: self.output.len(),
        }
    }
}

/// Where the windows of a stage begin and where their results go.
fn places(kind: Kind, input: Shape, output: Shape) -> (Vec<u32>, Vec<u32>) {
    let (size, stride) = match kind {
        Kind::Conv { size, stride, .. } => (size, stride),
        Kind::Dense { .. } => return (vec![0], vec![0]),
        Kind::Pool | Kind::Flatten | Kind::Average | Kind::Dropout { .. } => return Default::default(),
    };
    let back = if size == 3 { input.at(0, 0) } else { 0 };
    let pixels = || (0..output.height).flat_map(|row| (0..output.width).map(move |column| (row, column)));
    let from = |(row, column)| (input.at(row * stride, column * stride) - back) as u32;
    (pixels().map(from).collect(), pixels().map(|(row, column)| output.at(row, column) as u32).collect())
}

#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) stages: Vec<Stage>,
    pub(super) input: Shape,
    pub(super) extra: usize,
    pub(super) outputs: usize,
    pub(super) parameters: usize,
    pub(super) statistics: usize,
    /// Multiply-adds for one crop.
    pub(super) operations: usize,
}

impl Plan {
    pub(super) fn new(architecture: &Architecture) -> Result<Self, NetworkError> {
        let refuse = NetworkError::Architecture;
        let [height, width, channels, extra, classes] = [
            architecture.height,
            architecture.width,
            architecture.channels,
            architecture.extra,
            architecture.classes,
        ]
        .map(usize::from);
        if !(1..=512).contains(&height) || !(1..=512).contains(&width) || !(1..=64).contains(&channels) {
            return Err(refuse("crops are 1 to 512 pixels a side with 1 to 64 channels"));
        }
        if extra > 1024 || !(1..=1024).contains(&classes) || architecture.layers.len() > MAX_LAYERS {
            return Err(refuse("at most 1024 extra numbers, 1 to 1024 classes, 64 layers"));
        }
        let input = Shape::picture(height, width, channels);
        let mut plan = Self {
            stages: Vec::new(),
            input,
            extra,
            outputs: architecture.output_len(),
            parameters: 0,
            statistics: 0,
            operations: 0,
        };
        for layer in &architecture.layers {
            plan.layer(*layer)?;
            plan.within_bounds()?;
        }
        plan.flatten()?;
        plan.push(Kind::Dense { relu: false }, Shape::vector(plan.outputs));
        plan.within_bounds()?;
        Ok(plan)
    }

    fn within_bounds(&self) -> Result<(), NetworkError> {
        let values: usize = self.stages.iter().map(|stage| stage.output.len()).sum();
        if self.parameters > MAX_PARAMETERS || values > MAX_VALUES || self.operations > MAX_OPERATIONS {
            return Err(NetworkError::Architecture("too many parameters, values or operations"));
        }
        Ok(())
    }

    fn last(&self) -> Shape {
        self.stages.last().map_or(self.input, |stage| stage.output)
    }

    fn flatten(&mut self) -> Result<(), NetworkError> {
        let last = self.last();
        if !last.vector {
            self.push(Kind::Flatten, Shape::vector(last.pixels() * last.channels + self.extra));
        }
        Ok(())
    }

    fn layer(&mut self, layer: Layer) -> Result<(), NetworkError> {
        let refuse = |why| Err(NetworkError::Architecture(why));
        let last = self.last();
        let of_pictures = !matches!(layer, Layer::Dense { .. } | Layer::Dropout { .. });
        if of_pictures && last.vector {
            return refuse("this layer needs a picture and gets a vector");
        }
        match layer {
            Layer::Conv3 { channels, stride } => self.convolution(3, channels, stride)?,
            Layer::Conv1 { channels } => self.convolution(1, channels, 1)?,
            Layer::Residual => {
                if !last.channels.is_multiple_of(PANEL) {
                    return refuse("channels are multiples of 16");
                }
                let skip = Some(self.stages.len());
                self.push(Kind::Conv { size: 3, stride: 1, skip: None }, last);
                self.push(Kind::Conv { size: 3, stride: 1, skip }, last);
            }
            Layer::Pool => {
                if last.height < 2 || last.width < 2 {
                    return refuse("nothing is left to pool");
                }
                self.push(Kind::Pool, Shape::picture(last.height / 2, last.width / 2, last.channels));
            }
            Layer::Average => self.push(Kind::Average, Shape::vector(last.channels + self.extra)),
            Layer::Dense { width } => {
                if !(1..=4096).contains(&width) {
                    return refuse("a dense layer is 1 to 4096 wide");
                }
                self.flatten()?;
                self.push(Kind::Dense { relu: true }, Shape::vector(usize::from(width)));
            }
            Layer::Dropout { percent } => {
                if percent > 90 {
                    return refuse("at most 90 percent are left out");
                }
                self.flatten()?;
                self.push(Kind::Dropout { percent }, self.last());
            }
        }
        Ok(())
    }

    fn convolution(&mut self, size: usize, channels: u16, stride: u8) -> Result<(), NetworkError> {
        let (channels, stride) = (usize::from(channels), usize::from(stride));
        if channels == 0 || channels > 1024 || !channels.is_multiple_of(PANEL) || !(1..=2).contains(&stride) {
            return Err(NetworkError::Architecture(
                "a convolution has 16, 32, … 1024 channels and a stride of 1 or 2",
            ));
        }
        let last = self.last();
        let output = Shape::picture(last.height.div_ceil(stride), last.width.div_ceil(stride), channels);
        self.push(Kind::Conv { size, stride, skip: None }, output);
        Ok(())
    }

    fn push(&mut self, kind: Kind, output: Shape) {
        let input = self.last();
        let (depth, vectors, statistics) = match kind {
            Kind::Conv { size, .. } => (size * size * input.channels, 2, 2),
            Kind::Dense { .. } => (input.channels, 1, 0),
            Kind::Pool | Kind::Flatten | Kind::Average | Kind::Dropout { .. } => (0, 0, 0),
        };
        let channels = output.channels;
        let weights = self.parameters..self.parameters + depth * channels;
        let vectors = weights.end..weights.end + vectors * channels;
        let statistics = self.statistics..self.statistics + statistics * channels;
        self.parameters = vectors.end;
        self.statistics = statistics.end;
        self.operations += output.pixels() * depth * channels;
        let (from, to) = places(kind, input, output);
        self.stages.push(Stage { kind, input, output, depth, weights, vectors, statistics, from, to });
    }

    /// The shape of value `index`: the input, or what a stage made.
    pub(super) fn shape(&self, index: usize) -> Shape {
        if index == 0 { self.input } else { self.stages[index - 1].output }
    }

    /// Length of a crop as callers lay it out: no border, extra numbers behind.
    pub(super) fn crop_len(&self) -> usize {
        self.input.pixels() * self.input.channels + self.extra
    }

    /// Puts a crop into its bordered place.
    pub(super) fn place(&self, crop: &[f32], value: &mut [f32]) {
        let line = self.input.width * self.input.channels;
        for (row, from) in crop.chunks_exact(line).take(self.input.height).enumerate() {
            let at = self.input.at(row, 0);
            value[at..at + line].copy_from_slice(from);
        }
    }
}
