//! BusinessService definitions of eGov DIGIT become procedures of tasks and ends.
//!
//! Each state is a step with the state's name as its id (`PENDING_APPROVAL` is `pending-approval`), each action an
//! outcome with its roles as desks (`CITIZEN` is the applicant); a terminal state is an end. What a procedure has no
//! place for stands word for word under `origin`, or is a [`Warning`] that names it: nothing is lost in silence.

mod make;
mod pack;
mod source;
mod targets;
mod words;

pub use pack::{Made, pack, pack_id};

use crate::limits;
use crate::procedure::Procedure;

/// What came of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Each procedure, and the text of its file.
    pub procedures: Vec<(Procedure, String)>,
    /// What could not be carried over as it is.
    pub warnings: Vec<Warning>,
    /// Where the file says that it comes from.
    pub source: Option<String>,
    /// On what licence.
    pub licence: Option<String>,
    /// States in the file.
    pub states: usize,
    /// Actions in the file.
    pub actions: usize,
}

/// Something that a procedure says in another way than the source, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// The business service.
    pub service: String,
    /// The state as the source names it; empty for the service itself, `(start)` for the state without a name.
    pub state: String,
    /// One sentence; it names the action where it is about one.
    pub what: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.service)?;
        if !self.state.is_empty() {
            write!(f, ", {}", self.state)?;
        }
        write!(f, ": {}", self.what)
    }
}

/// The file holds no business service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadImport {
    /// Too many bytes.
    #[error("the file holds more than {} bytes; split it", limits::DOCUMENT_BYTES)]
    TooLarge,
    /// Not JSON.
    #[error("line {line}: the file is not JSON: {what}")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// What the parser says.
        what: String,
    },
    /// JSON of another kind.
    #[error("there is no BusinessServices list and no businessService in it")]
    NoService,
    /// A service that cannot become a procedure.
    #[error("{service}: {what}")]
    Service {
        /// Which.
        service: String,
        /// What is wrong, and what to do.
        what: String,
    },
}

/// Reads a file: `{"BusinessServices": […]}`, a list of services, or one service by itself.
///
/// # Errors
/// [`BadImport`] when there is no service in it, or more than a procedure may hold.
pub fn import(json: &str) -> Result<Imported, BadImport> {
    if json.len() > limits::DOCUMENT_BYTES {
        return Err(BadImport::TooLarge);
    }
    let file = source::read(json)?;
    let mut imported = Imported { source: file.source, licence: file.licence, ..Imported::default() };
    for service in &file.services {
        imported.states += service.states.len();
        imported.actions += service.states.iter().map(|state| state.actions.len()).sum::<usize>();
        imported.warnings.extend(service.warnings.iter().cloned());
        let (procedure, warnings) = make::procedure(service)?;
        imported.warnings.extend(warnings);
        let yaml = super::procedure_yaml(&procedure);
        imported.procedures.push((procedure, yaml));
    }
    Ok(imported)
}
