//! A network as plain steps, for whoever writes it in another form: normalisation folded in, weights row by row.

use super::matrix::unpack;
use super::model::Network;
use super::plan::Kind;

/// What is done after each other. Value 0 is the picture; step `n` makes value `n + 1` of value `n`.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A convolution over a picture with a border of `size / 2` zeros, then ReLU.
    Conv {
        /// Pixels a side of its window: 1 or 3.
        size: usize,
        /// 1 or 2.
        stride: usize,
        /// This value is added before ReLU.
        skip: Option<usize>,
        /// Weights and shift; the rows are those of the window, from the top left, each pixel's channels together.
        product: Product,
    },
    /// The greatest of each 2×2 square.
    Pool,
    /// The picture as a vector, row by row, each pixel's channels together, then the extra numbers.
    Flatten,
    /// The mean of each channel, then the extra numbers.
    Average,
    /// A vector times a matrix.
    Dense {
        /// Whether ReLU follows.
        relu: bool,
        /// Weights and shift.
        product: Product,
    },
}

/// A matrix and what is added to its product.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// What an output is summed over.
    pub rows: usize,
    /// Outputs.
    pub columns: usize,
    /// `rows × columns`, row by row.
    pub weights: Vec<f32>,
    /// One for each column.
    pub shift: Vec<f32>,
}

impl Network {
    /// The steps of asking it, from the first to the outputs: the classes, then the box. What only matters while teaching is left
    /// out.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        // Which value each value of the plan is, without what is left out.
        let mut names = vec![0];
        for (stage, folded) in self.plan.stages.iter().zip(&self.folded) {
            let product = || {
                let (rows, columns) = (stage.depth, stage.output.channels);
                let mut weights = vec![0.0; rows * columns];
                unpack(rows, columns, &folded.panels, &mut weights);
                Product { rows, columns, weights, shift: folded.shift[..columns].to_vec() }
            };
            let step = match stage.kind {
                Kind::Conv { size, stride, skip } => Some(Step::Conv {
                    size,
                    stride,
                    skip: skip.map(|value| names[value]),
                    product: product(),
                }),
                Kind::Dense { relu } => Some(Step::Dense { relu, product: product() }),
                Kind::Pool => Some(Step::Pool),
                Kind::Flatten => Some(Step::Flatten),
                Kind::Average => Some(Step::Average),
                Kind::Dropout { .. } => None,
            };
            steps.extend(step);
            names.push(steps.len());
        }
        steps
    }
}
