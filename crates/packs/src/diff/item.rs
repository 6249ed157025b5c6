//! One item in two versions.

use sha2::{Digest, Sha256};

use super::{Change, Kind, Running, arrow, lists, steps};
use crate::item::{Handling, ItemRules, ServiceItem};
use crate::{Catalogue, Procedure};

pub(super) fn changes(
    (old_in, old): (&Catalogue, &ServiceItem),
    (new_in, new): (&Catalogue, &ServiceItem),
) -> Vec<Change> {
    let mut changes = Vec::new();
    hands(old, new, &mut changes);
    limits(old, new, &mut changes);
    if let (Some(before), Some(after)) = (old_in.procedure_of(old), new_in.procedure_of(new)) {
        steps::changes((old_in, before), (new_in, after), &mut changes);
        terms(before, after, &mut changes);
    }
    lists::fields(&old.form, &new.form, &mut changes);
    lists::materials(&old.materials, &new.materials, &mut changes);
    rules(old.rules.as_ref(), new.rules.as_ref(), &mut changes);
    guide(old, new, &mut changes);
    changes
}

fn hands(old: &ServiceItem, new: &ServiceItem, changes: &mut Vec<Change>) {
    for (about, from, to) in
        [("agency", old.agency.as_str(), new.agency.as_str()), ("area", old.area.as_str(), new.area.as_str())]
    {
        if from != to {
            let what = arrow(Some(from.to_owned()), Some(to.to_owned()));
            changes.push(Change::new(Kind::HandledBy, about, what, Running::Stuck).meaning(
                "no running case can be moved: a case does not change hands by a new version, it ends where it began",
            ));
        }
    }
    if old.handling == new.handling {
        return;
    }
    let what = arrow(Some(handling(&old.handling)), Some(handling(&new.handling)));
    let change = |running| Change::new(Kind::Handling, "handling", what.clone(), running);
    changes.push(match (old.online(), new.online()) {
        (true, true) => change(Running::Moves).meaning(
            "cases follow the new procedure from the step at which they stand, as said step by step",
        ),
        (true, false) => change(Running::Stuck)
            .meaning("nobody can apply any more; running cases end under the version they keep"),
        _ => change(Running::None).meaning("there are no running cases"),
    });
}

fn handling(handling: &Handling) -> String {
    match handling {
        Handling::Online { procedure } => format!("online by {procedure}"),
        Handling::LookUp { .. } => "look-up".to_owned(),
        Handling::GuideOnly { .. } => "guide only".to_owned(),
    }
}

fn limits(old: &ServiceItem, new: &ServiceItem, changes: &mut Vec<Change>) {
    for (about, from, to) in
        [("statutory limit", old.statutory, new.statutory), ("promised limit", old.promised, new.promised)]
    {
        if from != to {
            let what = arrow(from.map(|limit| limit.to_string()), to.map(|limit| limit.to_string()));
            changes.push(Change::new(Kind::Limit, about, what, Running::None).meaning(
                "clocks that run keep their last day; cases that are accepted after the move have the new limit",
            ));
        }
    }
}

/// What the procedure says outside its steps.
fn terms(old: &Procedure, new: &Procedure, changes: &mut Vec<Change>) {
    let mut term = |about: &str, same: bool, means: &str| {
        if !same {
            changes.push(Change::new(Kind::Terms, about, "", Running::None).meaning(means));
        }
    };
    term(
        "suspends",
        old.suspends == new.suspends,
        "suspensions that are going on end as they began; later ones follow the new list",
    );
    term(
        "extend",
        old.extend == new.extend,
        "what was extended stays so; later extensions follow the new rule",
    );
    term(
        "correction",
        old.correction == new.correction,
        "a term the applicant was told stays; later notices have the new one",
    );
    term(
        "owed",
        old.owed == new.owed,
        "a term the applicant was told stays; later promises have the new one",
    );
    term("forwards", old.forwards == new.forwards, "cases not yet decided follow the new rule");
    term(
        "renewal",
        old.renewal == new.renewal,
        "a day on the record stays; later applications follow the new rule",
    );
    term("remedies", old.remedies == new.remedies, "refusals after the move tell the new text");
    let words = (&old.title, &old.law, &old.origin) == (&new.title, &new.law, &new.origin);
    term("title or law", words, "a text alone");
}

fn rules(old: Option<&ItemRules>, new: Option<&ItemRules>, changes: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let name = |rules: Option<&ItemRules>| {
        rules.map(|rules| {
            let digest: String = Sha256::digest(rules.xml.as_bytes())
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let plan = rules.lot_plan.as_ref();
            let plan = plan.map(|plan| format!(", lots at level {:?}, AQL {}", plan.level, plan.aql));
            format!("{} {digest}, sample {} %{}", rules.file, rules.sample_percent, plan.unwrap_or_default())
        })
    };
    let means = if new.is_some() {
        "what was ruled stays on the record; steps reached after the move are judged by the new model"
    } else {
        "what was ruled stays on the record; steps reached after the move wait at the desk"
    };
    changes
        .push(Change::new(Kind::Rules, "rules", arrow(name(old), name(new)), Running::Moves).meaning(means));
}

fn guide(old: &ServiceItem, new: &ServiceItem, changes: &mut Vec<Change>) {
    if old.entitlement != new.entitlement {
        let what = arrow(Some(old.entitlement.to_string()), Some(new.entitlement.to_string()));
        changes.push(
            Change::new(Kind::Entitlement, "entitlement", what, Running::None)
                .meaning("offers that were made stand; later ones follow the new rule"),
        );
    }
    let parts = [
        ("name", old.name == new.name && old.common_names == new.common_names),
        ("summary", old.summary == new.summary),
        ("kind", old.kind == new.kind),
        ("level", old.level == new.level),
        ("parent", old.parent == new.parent),
        ("audiences", old.audiences == new.audiences),
        ("themes", old.themes == new.themes),
        ("visits", old.visits == new.visits),
        ("express", old.express == new.express),
        ("conditions", old.conditions == new.conditions),
        ("fee", old.fee == new.fee),
        ("law", old.law == new.law),
        ("windows", old.windows == new.windows),
        ("co-agencies", old.co_agencies == new.co_agencies),
        ("system", old.system == new.system),
        ("real-name level", old.real_name == new.real_name),
        ("worked example", old.worked_example == new.worked_example),
    ];
    let named: Vec<_> = parts.into_iter().filter(|(_, same)| !same).map(|(part, _)| part).collect();
    if !named.is_empty() {
        changes.push(
            Change::new(Kind::Guide, named.join(", "), "", Running::None)
                .meaning("cases show what they were begun under until they are moved"),
        );
    }
}
