//! Questions and materials in two versions.

use super::{Change, Kind, Running, arrow};
use crate::form::{Field, FieldKind, Form, Page};
use crate::item::Material;

const MUST: &str = "cases past intake that have no answer are stuck, unless it is hidden for them; \
    those still at intake move, and the applicant can be asked once";

pub(super) fn fields(old: &Form, new: &Form, changes: &mut Vec<Change>) {
    let (before, after) = (of(old), of(new));
    for (page, field) in &after {
        let about = format!("field {}", field.name);
        match before.iter().find(|(_, known)| known.name == field.name) {
            None => changes.push(added(about, field)),
            Some((was_on, known)) => {
                let moved = was_on.id != page.id;
                changes.extend(changed(about, known, field, moved));
            }
        }
    }
    for (_, field) in
        before.iter().filter(|(_, known)| !after.iter().any(|(_, field)| field.name == known.name))
    {
        changes.push(
            Change::new(Kind::FieldRemoved, format!("field {}", field.name), "", Running::Moves).meaning(
                "cases move; the answer stays on the record and is shown with the version it was given under",
            ),
        );
    }
}

fn of(form: &Form) -> Vec<(&Page, &Field)> {
    form.pages.iter().flat_map(|page| page.fields.iter().map(move |field| (page, field))).collect()
}

fn added(about: String, field: &Field) -> Change {
    if field.required {
        Change::new(Kind::FieldAdded, about, "required", Running::Stuck).meaning(MUST)
    } else {
        Change::new(Kind::FieldAdded, about, "optional", Running::Moves)
            .meaning("cases move without an answer to it")
    }
}

fn changed(about: String, old: &Field, new: &Field, moved: bool) -> Option<Change> {
    let mut what = Vec::new();
    let mut running = Running::None;
    let mut means = Vec::new();
    if old.kind != new.kind {
        what.push(arrow(Some(kind(&old.kind)), Some(kind(&new.kind))));
        running = Running::Stuck;
        means.push("cases past intake whose answer does not fit are stuck; those still at intake move");
    }
    if old.required != new.required {
        what.push(if new.required { "required now" } else { "optional now" }.to_owned());
        if new.required {
            running = Running::Stuck;
            means.push(MUST);
        }
    }
    if old.show_when != new.show_when {
        what.push("asked under another condition".to_owned());
        if new.required {
            running = Running::Stuck;
            means.push("cases past intake to which it now applies and that have no answer are stuck");
        }
    }
    if moved || (&old.title, &old.help, old.prefill) != (&new.title, &new.help, new.prefill) {
        what.push("another text, page or first answer".to_owned());
    }
    if means.is_empty() {
        means.push("answers stay as they are");
    }
    (!what.is_empty())
        .then(|| Change::new(Kind::FieldChanged, about, what.join(", "), running).meaning(means.join("; ")))
}

/// A kind with its bounds, for a person.
fn kind(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text { min, max, multiline } => {
            format!("text of {min} to {max}{}", if *multiline { ", several lines" } else { "" })
        }
        FieldKind::Integer { min, max } => format!("whole number {min} to {max}"),
        FieldKind::Money { min, max } => format!("money {min} to {max} fen"),
        FieldKind::Date { past, future } => match (past, future) {
            (true, _) => "date, past".to_owned(),
            (_, true) => "date, future".to_owned(),
            _ => "date".to_owned(),
        },
        FieldKind::Choice { options } => {
            format!(
                "one of {}",
                options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>().join("|")
            )
        }
        FieldKind::Choices { options } => {
            format!(
                "some of {}",
                options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>().join("|")
            )
        }
        FieldKind::Confirm => "a statement".to_owned(),
        FieldKind::CitizenNumber => "citizen number".to_owned(),
        FieldKind::CreditCode => "credit code".to_owned(),
        FieldKind::Mobile => "mobile number".to_owned(),
    }
}

pub(super) fn materials(old: &[Material], new: &[Material], changes: &mut Vec<Change>) {
    for material in new {
        let about = format!("material {}", material.id);
        let known = old.iter().find(|known| known.id == material.id);
        changes.extend(match known {
            None => Some(new_material(about, material)),
            Some(known) => changed_material(about, known, material),
        });
    }
    for gone in old.iter().filter(|known| !new.iter().any(|material| material.id == known.id)) {
        changes.push(
            Change::new(Kind::Material, format!("material {}", gone.id), "gone", Running::Moves)
                .meaning("cases move; what was handed in stays with them"),
        );
    }
}

fn new_material(about: String, material: &Material) -> Change {
    if material.required == Some(false) {
        return Change::new(Kind::Material, about, "new, optional", Running::Moves)
            .meaning("cases move without it");
    }
    Change::new(Kind::Material, about, "new", Running::Stuck).meaning(
        "cases past intake are stuck, since they lack it; those still at intake move, and the applicant can be asked once",
    )
}

fn changed_material(about: String, old: &Material, new: &Material) -> Option<Change> {
    let mut what = Vec::new();
    let mut stuck = false;
    if old.required != new.required {
        let word = |required: Option<bool>| {
            let word = match required {
                Some(true) => "always needed",
                Some(false) => "optional",
                None => "needed where it applies",
            };
            Some(word.to_owned())
        };
        what.push(arrow(word(old.required), word(new.required)));
        stuck = new.required == Some(true) || old.required == Some(false);
    }
    if old.later != new.later {
        what.push(if new.later { "may follow later now" } else { "may no longer follow later" }.to_owned());
        stuck |= !new.later;
    }
    if (&old.name, &old.note) != (&new.name, &new.note) {
        what.push("another text".to_owned());
    }
    if what.is_empty() {
        return None;
    }
    let (running, means) = if stuck {
        (Running::Stuck, "cases past intake that have not handed it in are stuck; those still at intake move")
    } else {
        (Running::None, "what was handed in stays as it is")
    };
    Some(Change::new(Kind::Material, about, what.join(", "), running).meaning(means))
}
