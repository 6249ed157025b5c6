//! What a station loads: a network, and the card that says where it comes from and how its scores are to be read.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::calibrate::Costs;
use crate::judge::Bands;
use crate::learn::architecture;
use crate::network::{Network, NetworkError};

/// The largest model file that is read, in bytes.
pub const MAX_BYTES: usize = 2 << 20;

/// How a network was made and is to be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// What its maker calls it, at most 80 characters.
    pub name: String,
    /// By what the network's numbers are divided before they become shares.
    pub temperature: f32,
    /// The score of a finding from which it counts.
    pub threshold: f32,
    /// The scores of a place between which a person looks.
    pub bands: Bands,
    /// What the bands were chosen for; none before they were.
    pub costs: Option<Costs>,
    /// What it was taught with.
    pub taught: Taught,
}

/// What a network was taught with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taught {
    /// Pictures, reviews among them.
    pub pictures: usize,
    /// Defects drawn on them.
    pub annotations: usize,
    /// How often each example was seen.
    pub epochs: usize,
    /// From which seed.
    pub seed: u64,
    /// Pictures held out, on which temperature, threshold and bands were chosen.
    pub held_out: usize,
}

/// A network with its card.
#[derive(Debug, Clone)]
pub struct Model {
    /// What looks at crops.
    pub network: Network,
    /// How it is to be used.
    pub card: Card,
}

/// Why a file is no model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is longer than [`MAX_BYTES`].
    #[error("the file has {0} bytes, more than {MAX_BYTES}")]
    TooLong(usize),
    /// The network cannot be read.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// It looks at other crops than this program draws.
    #[error("the network was made for other crops than this program draws; teach one anew")]
    OtherCrops,
    /// The card cannot be read, or has numbers that make no sense.
    #[error("the model's card: {0}")]
    Card(String),
}

impl Model {
    /// A network whose scores were not calibrated yet: a person looks at everything.
    #[must_use]
    pub fn uncalibrated(name: &str, network: Network, taught: Taught) -> Self {
        let bands = Bands { ok_below: 0.0, ng_from: 2.0 };
        let card = Card {
            name: name.chars().take(80).collect(),
            temperature: 1.0,
            threshold: 0.5,
            bands,
            costs: None,
            taught,
        };
        Self { network, card }
    }

    /// As a file.
    ///
    /// # Errors
    /// When it would be longer than one may be.
    pub fn write(&self) -> Result<Vec<u8>, ModelError> {
        let mut network = self.network.clone();
        network.metadata =
            serde_json::to_vec(&self.card).map_err(|error| ModelError::Card(error.to_string()))?;
        let bytes = network.write()?;
        if bytes.len() > MAX_BYTES { Err(ModelError::TooLong(bytes.len())) } else { Ok(bytes) }
    }

    /// From a file, which nobody needs to trust: it is bounded and checked.
    ///
    /// # Errors
    /// Whatever is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        if bytes.len() > MAX_BYTES {
            return Err(ModelError::TooLong(bytes.len()));
        }
        let network = Network::read(bytes)?;
        let (ours, theirs) = (architecture(), network.architecture());
        let same = (ours.height, ours.width, ours.channels, ours.extra, ours.classes, ours.boxes)
            == (theirs.height, theirs.width, theirs.channels, theirs.extra, theirs.classes, theirs.boxes);
        if !same {
            return Err(ModelError::OtherCrops);
        }
        let card: Card =
            serde_json::from_slice(&network.metadata).map_err(|error| ModelError::Card(error.to_string()))?;
        let numbers = [card.temperature, card.threshold, card.bands.ok_below, card.bands.ng_from];
        if numbers.iter().any(|number| !number.is_finite() || *number < 0.0) || card.temperature < 0.05 {
            return Err(ModelError::Card("its numbers make no sense".to_owned()));
        }
        Ok(Self { network, card })
    }

    /// The name by which a verdict says which model gave it: the first 16 hexadecimal digits of the file's SHA-256.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn version(&self) -> Result<String, ModelError> {
        Ok(Sha256::digest(self.write()?).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }
}
