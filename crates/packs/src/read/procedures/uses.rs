//! Procedures beside what uses them and what they name: items, agencies, areas, each other.

use crate::item::{Handling, ItemKind, ServiceItem};
use crate::problem::Problems;
use crate::procedure::Procedure;
use crate::read::{Draft, models};

use super::{Places, law, names, nesting};

/// All checks that need more than one file.
pub(in crate::read) fn used(draft: &mut Draft) {
    let mut problems = std::mem::take(&mut draft.problems);
    there(draft, &mut problems);
    for (procedure, places) in draft.procedures.iter().zip(&draft.procedure_places) {
        branches(procedure, places, draft, &mut problems);
        let mut items = draft.items.iter().filter(|item| goes_through(item, procedure));
        if let Some(item) = items.find(|item| item.kind == ItemKind::Permit) {
            law::permit(procedure, &draft.procedures, &item.code, places, &mut problems);
        }
    }
    unused(draft, &mut problems);
    nesting::check(&draft.procedures, &draft.procedure_places, &mut problems);
    names::check(draft, &mut problems);
    models::used(draft, &mut problems);
    draft.problems = problems;
}

/// Whether an item is handled by this procedure.
pub(in crate::read) fn goes_through(item: &ServiceItem, procedure: &Procedure) -> bool {
    matches!(&item.handling, Handling::Online { procedure: id } if *id == procedure.procedure)
}

/// A procedure that nothing goes through is a name mistyped in an item more often than not. Those of a kind are
/// found without being named, those without steps are for look-ups, and a pack without items brings its own for
/// others.
fn unused(draft: &Draft, problems: &mut Problems) {
    let branches = || draft.procedures.iter().flat_map(|other| &other.steps).flat_map(|step| &step.branches);
    for (procedure, places) in draft.procedures.iter().zip(&draft.procedure_places) {
        let id = &procedure.procedure;
        let unnamed = procedure.steps.is_empty() || ItemKind::ALL.iter().any(|kind| kind.id() == id);
        let used = unnamed
            || draft.items.iter().any(|item| goes_through(item, procedure))
            || branches().any(|branch| branch.procedure == *id);
        if !used && !places.library {
            let message = format!(
                "no item and no branch goes through {id}; name it as the procedure of an item, or take it out"
            );
            problems.warning(&places.whole, "unused-procedure", message);
        }
    }
}

/// Each handled item names a procedure that is there and has steps.
fn there(draft: &Draft, problems: &mut Problems) {
    for (item, place) in draft.items.iter().zip(&draft.item_places) {
        let Handling::Online { procedure: id } = &item.handling else { continue };
        match draft.procedures.iter().find(|procedure| procedure.procedure == *id) {
            None => {
                let message = format!("the procedure {id} is not in any pack; add procedures/{id}.yaml");
                problems.error(place, "unknown-procedure", message);
            }
            Some(procedure) if procedure.steps.is_empty() => {
                let message = format!("the procedure {id} has no steps, so no case can go through it");
                problems.error(place, "procedure-without-steps", message);
            }
            Some(_) => {}
        }
    }
}

/// Each branch names an agency, an area and a procedure that are there.
fn branches(procedure: &Procedure, places: &Places, draft: &Draft, problems: &mut Problems) {
    for (at, step) in procedure.steps.iter().enumerate() {
        for (n, branch) in step.branches.iter().enumerate() {
            let (place, id) = (places.branch(at, n), &branch.branch);
            if !draft.agency_codes.contains(&branch.agency) {
                let message = format!(
                    "the agency {} of the branch {id} is not in agencies.csv; add it or mend the code",
                    branch.agency
                );
                problems.error(place, "unknown-agency", message);
            }
            if let Some(area) = &branch.area
                && !draft.area_codes.contains_key(area.as_str())
            {
                let message =
                    format!("the area {area} of the branch {id} is not listed; add it or mend the code");
                problems.error(place, "unknown-area", message);
            }
            let named = &branch.procedure;
            match draft.procedures.iter().find(|other| other.procedure == *named) {
                None => {
                    let message = format!(
                        "the procedure {named} of the branch {id} is not in any pack; add procedures/{named}.yaml"
                    );
                    problems.error(place, "unknown-procedure", message);
                }
                Some(other) if other.steps.is_empty() => {
                    let message = format!(
                        "the procedure {named} of the branch {id} has no steps, so no case can go through it"
                    );
                    problems.error(place, "procedure-without-steps", message);
                }
                Some(_) => {}
            }
        }
    }
}
