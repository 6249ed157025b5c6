//! Moving a running case to another version of its definition, on the record.

use packs::form;
use serde::Serialize;

use crate::case::{Case, Status};
use crate::command::Facts;
use crate::decide::{by_system, today};
use crate::definition::Definition;
use crate::event::{Event, What};
use crate::materials::check_materials;

/// Why a case cannot be moved. It goes on under the version it keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Stuck {
    /// It is closed: a closed case keeps its version for ever.
    #[error("the case is closed")]
    Closed,
    /// It keeps another version than the one to be moved from.
    #[error("the case keeps another version")]
    OtherVersion,
    /// The new version is for another item.
    #[error("the new version is for another item")]
    OtherItem,
    /// Another agency or area handles the item now; a case does not change hands by a new version.
    #[error("the item is handled by another agency or area now")]
    OtherAgency,
    /// The step at which it stands is gone, and no new step names it under `was`.
    #[error("the step {step} is gone, and no step of the new version continues it (was: [{step}])")]
    StepGone {
        /// Id of the step.
        step: String,
    },
    /// The step is of another kind now.
    #[error("the step {step} is of another kind in the new version")]
    StepChanged {
        /// Id of the step.
        step: String,
    },
    /// Parts of it are with agencies that the new version does not know.
    #[error("the part {branch} is not in the new version")]
    BranchGone {
        /// Id of the part.
        branch: String,
    },
    /// Answers do not fit the new form, and the applicant cannot be asked any more.
    #[error("the answers do not fit the new form: {}", fields.join(", "))]
    AnswersMissing {
        /// Names of the fields.
        fields: Vec<String>,
    },
    /// Materials do not fit the new list.
    #[error("the materials do not fit the new list: {}", materials.join(", "))]
    MaterialsMissing {
        /// Ids of the materials.
        materials: Vec<String>,
    },
    /// The applicant's key was destroyed, so the answers cannot be compared with the new form.
    #[error("the applicant's answers were erased and cannot be compared with the new form")]
    AnswersErased,
}

/// Moves a case from the version it keeps to another, or says why it cannot be.
///
/// Clocks that run stay as they are: a deadline that people were told does not move with a new version.
/// While the applicant still can be asked (received, or asked for a correction), a form that asks for more
/// is no obstacle; afterwards it is.
///
/// # Errors
/// [`Stuck`], with the reason.
pub fn migrate(
    from: &Definition,
    to: &Definition,
    case: &Case,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Stuck> {
    if !case.status.open() {
        return Err(Stuck::Closed);
    }
    if case.definition != from.digest() {
        return Err(Stuck::OtherVersion);
    }
    if from.item.code != to.item.code {
        return Err(Stuck::OtherItem);
    }
    if case.agency != to.item.agency || case.area != to.item.area {
        return Err(Stuck::OtherAgency);
    }
    let index = landing(from, to, case)?;
    let branches = to.step(index).map_or(&[][..], |step| &step.branches);
    if case.status == Status::WithAgencies
        && let Some(part) =
            case.branches.iter().find(|part| !branches.iter().any(|b| b.branch == part.branch))
    {
        return Err(Stuck::BranchGone { branch: part.branch.clone() });
    }
    if from.item.form != to.item.form {
        answers_fit(to, case, facts)?;
    }
    if from.item.materials != to.item.materials && !can_be_asked(case) {
        materials_fit(to, case)?;
    }
    let step = to.step(index).map_or("", |step| step.id()).to_owned();
    let what = What::Migrated { from: from.digest().to_owned(), to: to.digest().to_owned(), step, index };
    Ok(vec![Event { by: facts.actor.by(), ..by_system(what, facts) }])
}

/// Index of the step at which the case goes on: the one of the same id, else the first that continues it.
fn landing(from: &Definition, to: &Definition, case: &Case) -> Result<usize, Stuck> {
    let Some(step) = from.step(case.step) else {
        // Past the last step: it is being delivered.
        return Ok(to.procedure.steps.len());
    };
    let id = step.id();
    let continues = || to.procedure.steps.iter().position(|next| next.was.iter().any(|was| was == id));
    // Back to an earlier version, the step goes on where it came from.
    let came_from = || step.was.iter().find_map(|was| to.procedure.index(was));
    let index = to.procedure.index(id).or_else(continues).or_else(came_from);
    let index = index.ok_or_else(|| Stuck::StepGone { step: id.to_owned() })?;
    let kind = to.step(index).map(|next| next.kind);
    if kind == Some(step.kind) { Ok(index) } else { Err(Stuck::StepChanged { step: id.to_owned() }) }
}

fn can_be_asked(case: &Case) -> bool {
    match case.status {
        Status::AwaitingCorrection | Status::AwaitingConfirmation => true,
        // One is asked once (行政许可法 art. 32).
        Status::Received => case.correction.is_none(),
        _ => false,
    }
}

fn answers_fit(to: &Definition, case: &Case, facts: Facts<'_>) -> Result<(), Stuck> {
    if can_be_asked(case) {
        return Ok(());
    }
    let asks = to.item.form.pages.iter().any(|page| !page.fields.is_empty());
    if asks && case.answers.is_empty() {
        return Err(Stuck::AnswersErased);
    }
    form::validate(&to.item.form, &case.answers, today(facts)).map(drop).map_err(|errors| {
        Stuck::AnswersMissing { fields: errors.into_iter().map(|error| error.field).collect() }
    })
}

fn materials_fit(to: &Definition, case: &Case) -> Result<(), Stuck> {
    let known = |material: &str| to.item.materials.iter().any(|known| known.id == material);
    // What the new list no longer asks for stays with the case.
    let handed: Vec<_> = case.materials.iter().filter(|handed| known(&handed.material)).cloned().collect();
    let errors = check_materials(&to.item, &handed);
    if errors.is_empty() {
        return Ok(());
    }
    Err(Stuck::MaterialsMissing { materials: errors.into_iter().map(|error| error.material).collect() })
}
