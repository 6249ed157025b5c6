//! What lies beside an ONNX file, as JSON under the same name: what its numbers mean, and how its scores are to be read. The
//! contract is in docs/inspection.md.

use std::path::{Path, PathBuf};

use inspection::Defect;
use inspection::calibrate::Costs;
use inspection::judge::Bands;
use inspection::model::Taught;
use serde::{Deserialize, Serialize};

/// The class of places where nothing is wrong.
pub(crate) const NONE: &str = "none";

/// The sidecar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sidecar {
    /// What its maker calls the model, at most 80 characters.
    pub(crate) name: String,
    pub(crate) inputs: Inputs,
    pub(crate) outputs: Outputs,
    /// What each class is, in the order of the numbers: `none` or a defect's name, each once.
    pub(crate) classes: Vec<String>,
    /// By what the numbers are divided before they become shares.
    pub(crate) temperature: f32,
    /// The score from which a finding counts in measures.
    pub(crate) threshold: f32,
    pub(crate) bands: Bands,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) costs: Option<Costs>,
    #[serde(default)]
    pub(crate) taught: Taught,
}

/// Names of inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Inputs {
    /// `N × 3 × 64 × 64`: picture, template, difference, 0 to 1.
    pub(crate) crops: String,
    /// `N × 6`: what a crop does not show; left out where the model does without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) extra: Option<String>,
}

/// Names of outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outputs {
    /// `N × classes`, before they become shares.
    pub(crate) logits: String,
    /// `N × 4`: how far the defect's edges lie from those of the place; left out where the model says none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) edges: Option<String>,
}

/// The sidecar's name: that of the model, ending in `.json`.
pub(crate) fn beside(model: &Path) -> PathBuf {
    model.with_extension("json")
}

impl Sidecar {
    /// As a file, for people to read too.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, String> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| error.to_string())?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// This program's own classes, in their order.
pub(crate) fn own_classes() -> Vec<String> {
    std::iter::once(NONE).chain(Defect::ALL.map(Defect::name)).map(str::to_owned).collect()
}
