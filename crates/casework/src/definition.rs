//! The version of an item and its procedure that a case was begun under.

use std::sync::OnceLock;

use dmn::Model;
use packs::{Procedure, ServiceItem, Step, StepKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A snapshot of everything that governs a case. A running case keeps the one it began under, whatever the
/// packs say later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Definition {
    /// Pack id and version, e.g. `guangdong@0.1.0`.
    pub pack: String,
    /// The item.
    pub item: ServiceItem,
    /// Its procedure.
    pub procedure: Procedure,
    /// What a case names it by: SHA-256 of the stored body, first 32 hex digits.
    #[serde(skip)]
    digest: String,
    /// The decision model, read once.
    #[serde(skip)]
    model: OnceLock<Result<Model, ()>>,
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.pack == other.pack
    }
}

impl AsRef<Self> for Definition {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Definition {
    /// Takes the snapshot.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which no loaded pack can cause.
    pub fn new(pack: String, item: ServiceItem, procedure: Procedure) -> Result<Self, serde_json::Error> {
        let mut definition = Self { pack, item, procedure, digest: String::new(), model: OnceLock::new() };
        definition.digest = digest(&definition.body()?);
        Ok(definition)
    }

    /// Reads a stored snapshot back.
    ///
    /// # Errors
    /// When the body is not a definition.
    pub fn from_body(body: &str) -> Result<Self, serde_json::Error> {
        let mut definition: Self = serde_json::from_str(body)?;
        definition.digest = digest(body);
        Ok(definition)
    }

    /// The snapshot as stored.
    ///
    /// # Errors
    /// As for [`Definition::new`].
    pub fn body(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// What a case names it by.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The step with this index.
    #[must_use]
    pub fn step(&self, index: usize) -> Option<&Step> {
        self.procedure.steps.get(index)
    }

    /// The item's decision model, where it has one; an error where its document cannot be read, which no
    /// loaded pack can cause.
    pub(crate) fn model(&self) -> Option<&Result<Model, ()>> {
        let rules = self.item.rules.as_ref()?;
        Some(self.model.get_or_init(|| Model::parse(&rules.xml).map_err(drop)))
    }

    /// Index of the first step of a kind at or after `from`.
    #[must_use]
    pub fn find(&self, kind: StepKind, from: usize) -> Option<usize> {
        self.procedure.steps.iter().enumerate().skip(from).find(|(_, step)| step.kind == kind).map(|(i, _)| i)
    }
}

fn digest(body: &str) -> String {
    Sha256::digest(body.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
