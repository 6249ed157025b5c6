//! Reading a sidecar, which nobody needs to trust: it is bounded and checked.

use std::path::Path;

use inspection::{Card, Defect};

use crate::files;
use crate::sidecar::{NONE, Sidecar, beside};

/// The longest sidecar, in bytes.
const MAX_BYTES: usize = 64 << 10;
/// The longest name of an input or an output, in bytes.
const MAX_NAME: usize = 200;

impl Sidecar {
    /// Reads what lies beside a model, and checks its numbers.
    ///
    /// # Errors
    /// When it is not there, is none, or its numbers make no sense.
    pub(crate) fn read(model: &Path) -> Result<Self, String> {
        let path = beside(model);
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let bytes = files::read(&path, MAX_BYTES)?;
        let sidecar: Self = serde_json::from_slice(&bytes).map_err(|error| told(&error))?;
        sidecar.check().map_err(|error| told(&error))?;
        Ok(sidecar)
    }

    fn check(&self) -> Result<(), String> {
        let numbers = [self.temperature, self.threshold, self.bands.ok_below, self.bands.ng_from];
        if numbers.iter().any(|number| !number.is_finite() || *number < 0.0) || self.temperature < 0.05 {
            return Err("temperature, threshold or bands make no sense".to_owned());
        }
        let names = [Some(&self.inputs.crops), self.inputs.extra.as_ref()];
        let names = names.into_iter().chain([Some(&self.outputs.logits), self.outputs.edges.as_ref()]);
        if names.flatten().any(|name| name.is_empty() || name.len() > MAX_NAME) {
            return Err(format!("a name of an input or output has 1 to {MAX_NAME} bytes"));
        }
        if self.name.chars().count() > 80 {
            return Err("the name has more than 80 characters".to_owned());
        }
        self.places().map(drop)
    }

    /// Where each class stands among this program's own: 0 is none, then the defects by their numbers.
    ///
    /// # Errors
    /// For a class that is not known here or named twice, and where `none` or every defect is missing.
    pub(crate) fn places(&self) -> Result<Vec<usize>, String> {
        let place = |class: &String| {
            let defect = Defect::ALL.into_iter().find(|defect| defect.name() == class.as_str());
            let place = if class == NONE { Some(0) } else { defect.map(Defect::number) };
            place.ok_or_else(|| format!("the class {class:?} is neither {NONE:?} nor one of {}", known()))
        };
        let places = self.classes.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let mut once = places.clone();
        once.sort_unstable();
        once.dedup();
        if once.len() < places.len() || once.first() != Some(&0) || once.len() < 2 {
            return Err(format!("the classes are {NONE:?} and at least one defect, each once"));
        }
        Ok(places)
    }

    /// How the model is to be used.
    pub(crate) fn card(&self) -> Card {
        Card {
            name: self.name.clone(),
            temperature: self.temperature,
            threshold: self.threshold,
            bands: self.bands,
            costs: self.costs,
            taught: self.taught.clone(),
        }
    }

    /// The same model, to be used otherwise.
    pub(crate) fn with(&self, card: Card) -> Self {
        let Card { name, temperature, threshold, bands, costs, taught } = card;
        Self { name, temperature, threshold, bands, costs, taught, ..self.clone() }
    }
}

fn known() -> String {
    Defect::ALL.map(Defect::name).join(", ")
}
