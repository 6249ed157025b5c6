//! What looks at places: a model of our own, or one that somebody brings (feature `onnx`).

use std::path::Path;

use inspection::detect::Looked;
use inspection::{Card, Detector, Finding, Model, Pair};

use crate::files;

/// A model, whoever made it.
pub(crate) enum Eye {
    /// Taught by this program.
    Own(Box<Model>),
    /// An ONNX file with its sidecar.
    #[cfg(feature = "onnx")]
    Brought(Box<crate::onnx::Brought>),
}

impl Eye {
    /// The model of a file, or the one that comes with the program. A name that ends in `.onnx` is somebody's own.
    ///
    /// # Errors
    /// When it cannot be read, is none, or is none for this program.
    pub(crate) fn load(path: Option<&Path>) -> Result<Self, String> {
        match path.filter(|path| is_onnx(path)) {
            Some(path) => Self::brought(path),
            None => files::model(path).map(|model| Self::Own(Box::new(model))),
        }
    }

    #[cfg(feature = "onnx")]
    fn brought(path: &Path) -> Result<Self, String> {
        crate::onnx::Brought::load(path).map(|brought| Self::Brought(Box::new(brought)))
    }

    #[cfg(not(feature = "onnx"))]
    fn brought(path: &Path) -> Result<Self, String> {
        Err(format!(
            "{}: this program was built without models in ONNX; build it with `cargo build --release -p station --features onnx`",
            path.display()
        ))
    }

    /// How it is to be used.
    pub(crate) fn card(&self) -> &Card {
        match self {
            Self::Own(model) => &model.card,
            #[cfg(feature = "onnx")]
            Self::Brought(brought) => brought.card(),
        }
    }

    /// Uses it so from now on.
    pub(crate) fn adjust(&mut self, card: Card) {
        match self {
            Self::Own(model) => model.card = card,
            #[cfg(feature = "onnx")]
            Self::Brought(brought) => brought.adjust(card),
        }
    }

    /// The name by which a verdict says which model gave it: 16 hexadecimal digits.
    ///
    /// # Errors
    /// When it cannot be written, of which its name follows.
    pub(crate) fn version(&self) -> Result<String, String> {
        match self {
            Self::Own(model) => model.version().map_err(|error| error.to_string()),
            #[cfg(feature = "onnx")]
            Self::Brought(brought) => brought.version(),
        }
    }

    /// Writes it back after [`Self::adjust`]; of somebody's own model, the sidecar.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<(), String> {
        match self {
            Self::Own(model) => files::write(path, &model.write().map_err(|error| error.to_string())?),
            #[cfg(feature = "onnx")]
            Self::Brought(brought) => brought.write(path),
        }
    }

    /// What looks with it; one a thread.
    pub(crate) fn looker(&self) -> Looker<'_> {
        let with = match self {
            Self::Own(model) => With::Own(Detector::new(model)),
            #[cfg(feature = "onnx")]
            Self::Brought(brought) => With::Brought(brought, crate::onnx::alone(), Vec::new()),
        };
        Looker { temperature: self.card().temperature, with }
    }
}

/// Whether a model's file is somebody's own, by its name.
pub(crate) fn is_onnx(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("onnx"))
}

/// What is taught is taught in the form of this program.
///
/// # Errors
/// Where the name is that of an ONNX file.
pub(crate) fn not_onnx(path: &Path) -> Result<(), String> {
    if is_onnx(path) {
        let what =
            "an ONNX file is used as it is and not taught; teach a model under another name and `export` it";
        return Err(format!("{}: {what}", path.display()));
    }
    Ok(())
}

/// A model with the room that it works in.
pub(crate) struct Looker<'a> {
    temperature: f32,
    with: With<'a>,
}

enum With<'a> {
    Own(Detector<'a>),
    #[cfg(feature = "onnx")]
    Brought(&'a crate::onnx::Brought, rten::RunOptions, Vec<f32>),
}

impl Looker<'_> {
    /// What it says of each place of a pair, looked at from `views` sides, 1 to 8.
    ///
    /// # Errors
    /// When somebody's own model gives no answer. A picture of which nothing was said must not be taken for a good one.
    pub(crate) fn look(&mut self, pair: &Pair, views: u8) -> Result<Looked, String> {
        match &mut self.with {
            With::Own(detector) => Ok(detector.look(pair, views)),
            #[cfg(feature = "onnx")]
            With::Brought(brought, alone, batch) => {
                inspection::detect::look_with(pair, views, batch, |crops, said| {
                    brought.ask(alone, crops, said)
                })
            }
        }
    }

    /// What is wrong on a pair, the surest first.
    ///
    /// # Errors
    /// As [`Self::look`].
    pub(crate) fn find(&mut self, pair: &Pair, views: u8) -> Result<Vec<Finding>, String> {
        Ok(self.look(pair, views)?.findings(self.temperature))
    }
}
