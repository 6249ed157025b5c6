//! What has changed between two catalogues, and what each change means for cases that are running.
//!
//! A case keeps the version it began under until it is moved. So nothing here happens by itself: `running`
//! says what becomes of a case when it is moved to the newer version.

mod item;
mod lists;
mod steps;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Catalogue;
use crate::item::ServiceItem;

/// What has changed between two catalogues.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Diff {
    /// Packs that came, went or have another version, by id. The version of its pack is part of an item's
    /// definition: with a new one each of its items has a new definition, whatever else has changed.
    pub packs: Vec<PackDiff>,
    /// Items that are new, in the new catalogue's order.
    pub added: Vec<Named>,
    /// Items that are gone, in the old catalogue's order.
    pub removed: Vec<Named>,
    /// Items that have changed, in the new catalogue's order.
    pub changed: Vec<ItemDiff>,
}

/// A pack in two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackDiff {
    /// Its id.
    pub id: String,
    /// The version that was; `None` for a new pack.
    pub from: Option<String>,
    /// The version that is; `None` for one that is gone.
    pub to: Option<String>,
}

/// An item by code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// 实施编码.
    pub code: String,
    /// 事项名称.
    pub name: String,
}

/// What has changed about one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDiff {
    /// Code of the item.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The changes: agency and limits first, then the procedure in its order, then form, materials, rules.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Of what kind.
    pub kind: Kind,
    /// What it is about: `step review`, `field name`, `material m1`, or the part of the item.
    pub about: String,
    /// What has changed, e.g. `officers 1 → 2`; empty where the kind says it all.
    pub what: String,
    /// What it means for cases that are running.
    pub running: Running,
    /// The same, in one sentence.
    pub means: String,
}

/// What a change means for cases that are running, once they are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Running {
    /// Nothing, or nothing before a later step begins.
    None,
    /// They go on under it by themselves.
    Moves,
    /// Some or all of them cannot be moved; the sentence says where they stand.
    Stuck,
}

impl Running {
    /// Id, as printed.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Moves => "moves",
            Self::Stuck => "stuck",
        }
    }
}

/// Kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Another agency or area handles it.
    HandledBy,
    /// What one can do here: applied for, looked up, or the guide only.
    Handling,
    /// A limit.
    Limit,
    /// Texts, fee, law, visits: what the guide says.
    Guide,
    /// 免申即享 on or off.
    Entitlement,
    /// A step that is new.
    StepAdded,
    /// A step that is gone, and that no step continues.
    StepRemoved,
    /// A step that goes by another id (`was`).
    StepRenamed,
    /// A step that became several.
    StepSplit,
    /// Several steps that became one.
    StepsMerged,
    /// A step that stands elsewhere in the order.
    StepMoved,
    /// A step whose kind, desk, officers, clock, condition, rules or texts changed.
    StepChanged,
    /// An outcome of a task: new, gone, or leading elsewhere.
    Outcome,
    /// A part of a joint step: new, gone, or with another agency or limit.
    Part,
    /// What the procedure says outside its steps: suspensions, extension, terms, remedies.
    Terms,
    /// A question that is new.
    FieldAdded,
    /// A question that is gone.
    FieldRemoved,
    /// A question that is asked otherwise.
    FieldChanged,
    /// A material: new, gone, or needed otherwise.
    Material,
    /// The decision model.
    Rules,
}

impl Kind {
    /// Id, as printed.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::HandledBy => "handled-by",
            Self::Handling => "handling",
            Self::Limit => "limit",
            Self::Guide => "guide",
            Self::Entitlement => "entitlement",
            Self::StepAdded => "step-added",
            Self::StepRemoved => "step-removed",
            Self::StepRenamed => "step-renamed",
            Self::StepSplit => "step-split",
            Self::StepsMerged => "steps-merged",
            Self::StepMoved => "step-moved",
            Self::StepChanged => "step-changed",
            Self::Outcome => "outcome",
            Self::Part => "part",
            Self::Terms => "terms",
            Self::FieldAdded => "field-added",
            Self::FieldRemoved => "field-removed",
            Self::FieldChanged => "field-changed",
            Self::Material => "material",
            Self::Rules => "rules",
        }
    }
}

impl Diff {
    /// The catalogues say the same of packs and items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Changes of all items.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changed.iter().flat_map(|item| &item.changes)
    }
}

impl fmt::Display for Change {
    /// `step-changed step review: officers 1 → 2; moves: …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, about, what, running, means } = self;
        write!(f, "{} {about}", kind.id())?;
        if !what.is_empty() {
            write!(f, ": {what}")?;
        }
        write!(f, "; {}: {means}", running.id())
    }
}

impl fmt::Display for Diff {
    /// A line for each change, and a last line that counts them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for pack in &self.packs {
            let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
            writeln!(f, "pack {}: {} → {}", pack.id, version(&pack.from), version(&pack.to))?;
        }
        for item in &self.added {
            writeln!(f, "added {} {}", item.code, item.name)?;
        }
        for item in &self.removed {
            let stay = "stuck: its cases go on under the version they keep";
            writeln!(f, "removed {} {}; {stay}", item.code, item.name)?;
        }
        for item in &self.changed {
            for change in &item.changes {
                writeln!(f, "changed {} {change}", item.code)?;
            }
        }
        let stuck = self.changes().filter(|change| change.running == Running::Stuck).count();
        write!(
            f,
            "{} items added, {} removed, {} changed; {} changes, {stuck} of which some cases cannot follow",
            self.added.len(),
            self.removed.len(),
            self.changed.len(),
            self.changes().count(),
        )
    }
}

/// Compares two catalogues, item by item.
#[must_use]
pub fn diff(old: &Catalogue, new: &Catalogue) -> Diff {
    let named = |item: &ServiceItem| Named { code: item.code.clone(), name: item.name.zh.clone() };
    let added = new.items.iter().filter(|item| old.item(&item.code).is_none());
    let removed = old.items.iter().filter(|item| new.item(&item.code).is_none());
    let changed = new.items.iter().filter_map(|item| {
        let changes = item::changes((old, old.item(&item.code)?), (new, item));
        let Named { code, name } = named(item);
        (!changes.is_empty()).then_some(ItemDiff { code, name, changes })
    });
    Diff {
        packs: packs(old, new),
        added: added.map(named).collect(),
        removed: removed.map(named).collect(),
        changed: changed.collect(),
    }
}

fn packs(old: &Catalogue, new: &Catalogue) -> Vec<PackDiff> {
    let versions = |catalogue: &Catalogue| -> BTreeMap<String, String> {
        catalogue.packs.iter().map(|pack| (pack.id.clone(), pack.version.clone())).collect()
    };
    let (old, new) = (versions(old), versions(new));
    let ids: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).cloned().collect();
    ids.into_iter()
        .map(|id| PackDiff { from: old.get(&id).cloned(), to: new.get(&id).cloned(), id })
        .filter(|pack| pack.from != pack.to)
        .collect()
}

impl Change {
    fn new(kind: Kind, about: impl Into<String>, what: impl Into<String>, running: Running) -> Self {
        Self { kind, about: about.into(), what: what.into(), running, means: String::new() }
    }

    fn meaning(mut self, means: impl Into<String>) -> Self {
        self.means = means.into();
        self
    }
}

/// `from → to`; nothing is `none`.
fn arrow(from: Option<String>, to: Option<String>) -> String {
    let word = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    format!("{} → {}", word(from), word(to))
}
