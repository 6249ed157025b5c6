//! A small convolutional network for crops of images: inference, training and the file it is kept in.
//!
//! It reads crops of a fixed size, channels last, and says for each crop one number per class (before
//! softmax) and, if asked to, four numbers for a box. Everything is `f32` and runs on the CPU with the widest
//! vectors it has; the same seed gives the same bytes whatever the number of threads. The network knows
//! nothing of images, boards or defects, and must never learn of them: what the classes and the box mean is
//! the caller's. Why it is our own: docs/decisions/0015.

mod architecture;
mod error;
mod file;
mod half;
mod infer;
mod kernel;
mod matrix;
mod model;
mod plan;
mod random;
mod shapes;
mod steps;
#[cfg(test)]
mod tests;
mod train;

pub use architecture::{Architecture, Layer};
pub use error::NetworkError;
pub use infer::{Scratch, softmax};
pub use model::Network;
pub use random::Random;
pub use steps::{Product, Step};
pub use train::{Loss, Target, TrainOptions, Trainer};
