//! What a network looks like, as plain data.

use serde::{Deserialize, Serialize};

/// The whole of a network but its weights. Crops are `height × width × channels`, channels last, followed by
/// `extra` numbers that join where the picture becomes a vector (sizes, say).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// Rows of a crop, 1 to 512.
    pub height: u16,
    /// Columns of a crop, 1 to 512.
    pub width: u16,
    /// Numbers per pixel, 1 to 64.
    pub channels: u16,
    /// Numbers beside the picture, at most 1024.
    pub extra: u16,
    /// From the picture to the vector that the output is read from, at most 64.
    pub layers: Vec<Layer>,
    /// Classes told apart, 1 to 1024.
    pub classes: u16,
    /// Whether four more outputs say a box.
    pub boxes: bool,
}

/// One layer. Convolutions are followed by batch normalisation (folded into them for inference) and ReLU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Layer {
    /// 3×3 convolution with a border of zeros; `channels` is a multiple of 16, `stride` 1 or 2.
    Conv3 {
        /// Channels of the output.
        channels: u16,
        /// 2 halves the picture, rounding up.
        stride: u8,
    },
    /// 1×1 convolution; `channels` is a multiple of 16.
    Conv1 {
        /// Channels of the output.
        channels: u16,
    },
    /// Two 3×3 convolutions beside a straight way, added before the last ReLU; channels stay.
    Residual,
    /// The greatest of each 2×2 square; the picture is halved, an odd last row or column falls away.
    Pool,
    /// The mean of each channel over the picture: the picture becomes a vector.
    Average,
    /// Each output from all inputs, then ReLU; a picture is flattened first.
    Dense {
        /// Length of the output.
        width: u16,
    },
    /// While training, this share of a vector is left out at random; a picture is flattened first.
    Dropout {
        /// 0 to 90.
        percent: u8,
    },
}

impl Architecture {
    /// Length of one crop with its extra numbers.
    pub fn input_len(&self) -> usize {
        usize::from(self.height) * usize::from(self.width) * usize::from(self.channels)
            + usize::from(self.extra)
    }

    /// Length of one output: the classes, then the box.
    pub fn output_len(&self) -> usize {
        usize::from(self.classes) + if self.boxes { 4 } else { 0 }
    }
}
