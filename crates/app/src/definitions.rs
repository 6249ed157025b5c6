//! Definitions by digest: those of today's catalogue, and those old cases keep.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use casework::{Case, Definition, Event, definitions_of, replay};
use packs::{Catalogue, Procedure, Role};

use crate::{App, Error};

/// At most so many old definitions are kept in memory.
const MAX_OLD: usize = 4_096;

/// Definitions by digest and by item.
#[derive(Debug)]
pub struct Definitions {
    by_digest: HashMap<String, Arc<Definition>>,
    by_item: HashMap<String, Arc<Definition>>,
    old: RwLock<HashMap<String, Arc<Definition>>>,
    /// Digests of definitions that this process knows to be stored: they are never taken away.
    kept: RwLock<HashSet<String>>,
}

impl Definitions {
    /// Snapshots every item that is handled here.
    ///
    /// # Errors
    /// When an item cannot be written as JSON, which no loaded pack can cause.
    pub fn of(catalogue: &Catalogue) -> Result<Self, Error> {
        let mut by_digest = HashMap::new();
        let mut by_item = HashMap::new();
        for item in &catalogue.items {
            let Some(procedure) = catalogue.procedure_of(item) else { continue };
            let pack = catalogue.pack_of(item);
            let name = format!("{}@{}", pack.id, pack.version);
            let procedure = placed(catalogue, procedure);
            let definition = Arc::new(Definition::new(name, item.clone(), procedure)?);
            by_digest.insert(definition.digest().to_owned(), definition.clone());
            by_item.insert(item.code.clone(), definition);
        }
        Ok(Self { by_digest, by_item, old: RwLock::default(), kept: RwLock::default() })
    }

    pub(crate) fn is_kept(&self, digest: &str) -> bool {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).contains(digest)
    }

    pub(crate) fn was_kept(&self, digest: &str) {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).insert(digest.to_owned());
    }

    /// Today's definition of an item that is handled here.
    #[must_use]
    pub fn current(&self, item: &str) -> Option<Arc<Definition>> {
        self.by_item.get(item).cloned()
    }

    /// Keeps one in memory that is not of today's catalogue.
    pub(crate) fn remember(&self, definition: &Arc<Definition>) {
        let mut old = self.old.write().unwrap_or_else(PoisonError::into_inner);
        if old.len() >= MAX_OLD {
            old.clear();
        }
        old.insert(definition.digest().to_owned(), definition.clone());
    }
}

/// The procedure with the area of each part's agency in it, so that a case knows where its parts go.
fn placed(catalogue: &Catalogue, procedure: &Procedure) -> Procedure {
    let mut procedure = procedure.clone();
    for branch in procedure.steps.iter_mut().flat_map(|step| &mut step.branches) {
        if branch.area.is_none() {
            branch.area = catalogue.agency(&branch.agency).map(|agency| agency.area.clone());
        }
    }
    procedure
}

/// Roles of officers that every agency knows.
pub const USUAL_ROLES: [Role; 7] =
    [Role::INTAKE, Role::REVIEW, Role::DECIDE, Role::HEAD, Role::SUPERVISE, Role::OPERATE, Role::REGISTER];

/// Roles that the procedures of an agency's items name beside those of the statutory steps, by agency: a
/// demonstration has an officer who holds them.
#[must_use]
pub fn special_roles(catalogue: &Catalogue) -> BTreeMap<String, Vec<Role>> {
    let mut by_agency: BTreeMap<String, Vec<Role>> = BTreeMap::new();
    for item in &catalogue.items {
        let Some(procedure) = catalogue.procedure_of(item) else { continue };
        let desks = procedure
            .steps
            .iter()
            .flat_map(|step| step.desk.iter().chain(step.outcomes.iter().flat_map(|outcome| &outcome.desks)));
        for role in desks.filter(|role| !USUAL_ROLES.contains(role) && **role != Role::APPLICANT) {
            let known = by_agency.entry(item.agency.clone()).or_default();
            if !known.contains(role) {
                known.push(role.clone());
            }
        }
    }
    by_agency
}

impl App {
    /// Folds a history, each event under the definition the case kept at the time.
    pub(crate) async fn fold(&self, events: &[Event]) -> Result<Option<Case>, Error> {
        let mut kept = Vec::new();
        for digest in definitions_of(events) {
            kept.push(self.definition(digest).await?);
        }
        Ok(replay(|digest| kept.iter().find(|known| known.digest() == digest).cloned(), events))
    }

    /// The definition a case or draft keeps, whatever the packs say now.
    pub(crate) async fn definition(&self, digest: &str) -> Result<Arc<Definition>, Error> {
        if let Some(known) = self.definitions.by_digest.get(digest) {
            return Ok(known.clone());
        }
        let old = self.definitions.old.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned();
        if let Some(known) = old {
            return Ok(known);
        }
        let stored = self.store.definition(digest).await?.ok_or(Error::NotFound)?;
        let definition = Arc::new(Definition::from_body(&stored.body)?);
        if definition.digest() != digest {
            return Err(store::Error::Corrupt(format!("definition {digest} was altered")).into());
        }
        self.definitions.remember(&definition);
        Ok(definition)
    }
}
