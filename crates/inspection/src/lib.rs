//! Template-based inspection of circuits: a picture of a board and the picture it should look like become findings.
//!
//! decode → binarise → register → compare → regions → network → findings. Everything here is a pure function of bytes and
//! numbers: no clock, no ambient randomness, no files, no network. Copper is dark in a picture and a set bit in a [`Bitmap`].

pub mod bitmap;
pub mod calibrate;
pub mod candidates;
pub mod compare;
pub mod contest;
pub mod crop;
pub mod dataset;
pub mod defect;
pub mod detect;
pub mod evaluate;
pub mod judge;
pub mod learn;
pub mod model;
pub mod network;
pub mod picture;
pub mod regions;
pub mod register;
pub mod school;
pub mod synth;

pub use bitmap::Bitmap;
pub use candidates::{Candidate, Pair};
pub use defect::{Annotation, Defect, Finding, Rect};
pub use detect::Detector;
pub use model::{Card, Model};
pub use picture::{Picture, PictureError};
