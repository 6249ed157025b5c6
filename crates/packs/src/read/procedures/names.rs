//! The names that procedures read: fields, materials and facts, in each item that goes through them.
//!
//! A branch of a joint step is a case of its own that sees only the fields and materials it names, so its
//! procedure is checked with those.

use std::collections::BTreeSet;

use crate::form::FieldKind;
use crate::item::ServiceItem;
use crate::limits;
use crate::problem::{Place, Problems};
use crate::procedure::{Branch, Procedure};
use crate::read::Draft;
use crate::read::condition::{self, Named};

use super::{Places, uses};

/// Conditions first, once each; then, for each item, that what they name is there.
pub(super) fn check(draft: &Draft, problems: &mut Problems) {
    let mut read: Vec<Reads> = Vec::with_capacity(draft.procedures.len());
    for (procedure, places) in draft.procedures.iter().zip(&draft.procedure_places) {
        read.push(reads(procedure, places, problems));
    }
    let mut told = BTreeSet::new();
    for item in draft.items.iter().filter(|item| item.online()) {
        let at = draft.procedures.iter().position(|procedure| uses::goes_through(item, procedure));
        let Some(at) = at else { continue };
        let mut one = One { draft, read: &read, item, told: &mut told, problems: &mut *problems };
        one.procedure(at, &Seen::All, 0);
    }
}

/// What a procedure reads.
struct Reads {
    /// Name, and where it is read.
    named: Vec<(Named, Spot)>,
}

/// A step, or one of its branches, by position.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    step: usize,
    branch: Option<usize>,
}

impl Spot {
    fn place(self, places: &Places) -> &Place {
        match self.branch {
            Some(branch) => places.branch(self.step, branch),
            None => places.step(self.step),
        }
    }
}

fn reads(procedure: &Procedure, places: &Places, problems: &mut Problems) -> Reads {
    let mut named = Vec::new();
    for (at, step) in procedure.steps.iter().enumerate() {
        let own = step.when.iter().map(|when| (None, when));
        let of_branches = step.branches.iter().enumerate();
        let of_branches = of_branches.filter_map(|(n, branch)| Some((Some(n), branch.when.as_ref()?)));
        for (branch, when) in own.chain(of_branches) {
            let spot = Spot { step: at, branch };
            match condition::read(when) {
                Ok(names) => named.extend(names.into_iter().map(|name| (name, spot))),
                Err((rule, message)) => {
                    let message = format!("step {} ({}), when: {message}", at + 1, step.id());
                    problems.error(spot.place(places), rule, message);
                }
            }
        }
    }
    Reads { named }
}

/// What a case sees of its item.
enum Seen<'a> {
    All,
    /// A branch of this step, within what the case above it sees.
    Branch(&'a Branch),
}

struct One<'a> {
    draft: &'a Draft,
    read: &'a [Reads],
    item: &'a ServiceItem,
    /// What was said already: a fault of a procedure is told with the first item that shows it.
    told: &'a mut BTreeSet<(usize, Spot, String)>,
    problems: &'a mut Problems,
}

impl One<'_> {
    fn procedure(&mut self, at: usize, seen: &Seen<'_>, depth: usize) {
        let procedure = &self.draft.procedures[at];
        for (named, spot) in &self.read[at].named {
            if let Some((rule, message)) = self.missing(named, seen) {
                self.tell(at, *spot, rule, format!("when: {message}"));
            }
        }
        if let Some(renewal) = procedure.renewal.as_ref().filter(|_| matches!(seen, Seen::All)) {
            self.expires(at, &renewal.expires);
        }
        for (n, step) in procedure.steps.iter().enumerate() {
            for (nth, branch) in step.branches.iter().enumerate() {
                self.branch(at, Spot { step: n, branch: Some(nth) }, branch, seen);
                let child =
                    self.draft.procedures.iter().position(|other| other.procedure == branch.procedure);
                if let Some(child) = child.filter(|_| depth < limits::NESTING) {
                    self.procedure(child, &Seen::Branch(branch), depth + 1);
                }
            }
        }
    }

    /// The fields and materials that a branch asks for.
    fn branch(&mut self, at: usize, spot: Spot, branch: &Branch, seen: &Seen<'_>) {
        let fields = branch.fields.iter().map(|name| Named::Field(name.clone()));
        let materials = branch.materials.iter().map(|id| Named::Material(id.clone()));
        for named in fields.chain(materials).collect::<Vec<_>>() {
            if let Some((rule, message)) = self.missing(&named, seen) {
                self.tell(at, spot, rule, format!("the branch {}: {message}", branch.branch));
            }
        }
    }

    fn expires(&mut self, at: usize, name: &str) {
        let mut fields = self.item.form.pages.iter().flat_map(|page| &page.fields);
        match fields.find(|field| field.name == name).map(|field| &field.kind) {
            Some(FieldKind::Date { .. }) => {}
            found => {
                let message = format!(
                    "renewal: {name} is {} in the form of {}; name the date field on which the permit expires",
                    if found.is_some() { "no date" } else { "no field" },
                    self.item.code
                );
                self.tell(at, Spot { step: usize::MAX, branch: None }, "unknown-field", message);
            }
        }
    }

    fn missing(&self, named: &Named, seen: &Seen<'_>) -> Option<(&'static str, String)> {
        let code = &self.item.code;
        match named {
            Named::Field(name) => {
                let there =
                    self.item.form.pages.iter().flat_map(|page| &page.fields).any(|f| f.name == *name);
                if !there {
                    let message =
                        format!("the form of {code} has no field {name}; mend the name or add the field");
                    return Some(("unknown-field", message));
                }
                hidden(seen, |branch| &branch.fields, name).map(|branch| {
                    (
                        "unknown-field",
                        format!("the branch {branch} is not given the field {name}; add it to fields"),
                    )
                })
            }
            Named::Material(id) => {
                if !self.item.materials.iter().any(|material| material.id == *id) {
                    let message = format!("{code} has no material {id}; mend the id or add the material");
                    return Some(("unknown-material", message));
                }
                hidden(seen, |branch| &branch.materials, id).map(|branch| {
                    (
                        "unknown-material",
                        format!("the branch {branch} is not given the material {id}; add it to materials"),
                    )
                })
            }
        }
    }

    fn tell(&mut self, at: usize, spot: Spot, rule: &'static str, message: String) {
        let places = &self.draft.procedure_places[at];
        let place = spot.place(places);
        let what = message.replace(&self.item.code, "");
        if self.told.insert((at, spot, what)) {
            self.problems.error(place, rule, message);
        }
    }
}

/// The branch that does not see a name, where the case is one. Fields that are not listed are all of them.
fn hidden<'a>(seen: &Seen<'a>, list: impl Fn(&'a Branch) -> &'a Vec<String>, name: &str) -> Option<&'a str> {
    let Seen::Branch(branch) = seen else { return None };
    let listed = list(branch);
    (!listed.is_empty() && !listed.iter().any(|other| other == name)).then_some(branch.branch.as_str())
}
