//! Moving running cases to another version of their definition, many at a time, on the record of each.

use std::sync::Arc;

use casework::{Actor, Definition, Stuck, branch_definition, migrate};
use domain::{CaseId, micros};
use futures_util::future::join_all;
use serde::Serialize;
use store::{Definition as DefinitionRow, Error as StoreError};
use uuid::Uuid;

use crate::{App, Error};

/// What became, or would become, of one case.
#[derive(Debug, Clone, Serialize)]
pub struct Moved {
    /// Its area.
    pub area: String,
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Its status.
    pub status: String,
    /// Id of the step it stood at, and of the one it goes on with.
    pub steps: Option<(String, String)>,
    /// Why it cannot be moved.
    pub stuck: Option<Stuck>,
    /// Its record cannot be read, and why; `verify` says more.
    pub fault: Option<String>,
}

/// What a migration did, or would do.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Migration {
    /// Cases moved, or that would be.
    pub moved: u64,
    /// Cases that stay under the version they keep, or cannot be read.
    pub stuck: u64,
}

/// A version that cases still run under.
#[derive(Debug, Clone, Serialize)]
pub struct InUse {
    /// Digest of the definition.
    pub digest: String,
    /// Code of the item.
    pub item: String,
    /// Name of the item.
    pub name: String,
    /// Pack and version it came with.
    pub pack: String,
    /// Open cases.
    pub cases: u64,
    /// Digest of today's version; `None` when the item is no longer handled here.
    pub today: Option<String>,
    /// It is today's.
    pub current: bool,
}

/// Between a joint item's code and the part's id, in the code of a part.
const PART: char = '~';
const PAGE: i64 = 200;
/// Cases moved at the same time, so that their commits are grouped, and few enough that people's own writes
/// do not wait behind them.
const TOGETHER: usize = 32;

impl App {
    /// Every version that open cases run under.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn versions_in_use(&self) -> Result<Vec<InUse>, Error> {
        let mut versions = Vec::new();
        for row in self.store.definitions_in_use().await? {
            let definition = self.definition(&row.digest).await?;
            let today = self.todays(&definition)?.map(|today| today.digest().to_owned());
            versions.push(InUse {
                name: definition.item.name.zh.clone(),
                pack: definition.pack.clone(),
                current: today.as_ref() == Some(&row.digest),
                today,
                digest: row.digest,
                item: row.item,
                cases: row.cases.unsigned_abs(),
            });
        }
        Ok(versions)
    }

    /// Moves every open case of one version to another, or with `dry_run` only says what would become of
    /// each. It can be broken off and begun again at any time: what was moved no longer runs under `from`.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown digest; when the store cannot answer.
    pub async fn move_cases(
        &self,
        from: &str,
        to: &str,
        dry_run: bool,
        tell: &mut (dyn FnMut(Moved) + Send),
    ) -> Result<Migration, Error> {
        self.move_cases_by(TOGETHER, from, to, dry_run, tell).await
    }

    /// [`App::move_cases`] with at most `together` cases under way at a time: one by one their order is the
    /// same each time.
    ///
    /// # Errors
    /// As for [`App::move_cases`].
    pub async fn move_cases_by(
        &self,
        together: usize,
        from: &str,
        to: &str,
        dry_run: bool,
        tell: &mut (dyn FnMut(Moved) + Send),
    ) -> Result<Migration, Error> {
        let (from, to) = (self.definition(from).await?, self.definition(to).await?);
        if !dry_run {
            self.keep(&to).await?;
        }
        let mut result = Migration::default();
        let mut after = (String::new(), Uuid::nil());
        loop {
            let page = self.store.cases_by_definition(from.digest(), &after.0, after.1, PAGE).await?;
            let Some(last) = page.last() else { return Ok(result) };
            after = (last.area.clone(), last.id);
            for few in page.chunks(together.max(1)) {
                let moves =
                    few.iter().map(|key| self.move_or_say(&key.area, CaseId(key.id), &from, &to, dry_run));
                for moved in join_all(moves).await {
                    let Some(moved) = moved? else { continue };
                    let stays = moved.stuck.is_some() || moved.fault.is_some();
                    *(if stays { &mut result.stuck } else { &mut result.moved }) += 1;
                    tell(moved);
                }
            }
        }
    }

    /// Today's version of a definition: of its item, or of its part of a joint item. `None` when it is no
    /// longer handled here.
    fn todays(&self, definition: &Definition) -> Result<Option<Arc<Definition>>, Error> {
        let code = &definition.item.code;
        if let Some(current) = self.definitions.current(code) {
            return Ok(Some(current));
        }
        let Some((joint, part)) = code.split_once(PART) else { return Ok(None) };
        let Some(joint) = self.definitions.current(joint) else { return Ok(None) };
        let mut branches = joint.procedure.steps.iter().flat_map(|step| &step.branches);
        let Some(branch) = branches.find(|branch| branch.branch == part) else { return Ok(None) };
        let Some(procedure) = self.catalogue.procedure(&branch.procedure) else { return Ok(None) };
        let today = Arc::new(branch_definition(&joint, branch, procedure.clone())?);
        self.definitions.remember(&today);
        Ok(Some(today))
    }

    /// A case whose record cannot be read holds up no other.
    async fn move_or_say(
        &self,
        area: &str,
        id: CaseId,
        from: &Arc<Definition>,
        to: &Arc<Definition>,
        dry_run: bool,
    ) -> Result<Option<Moved>, Error> {
        match self.move_case(area, id, from, to, dry_run).await {
            Err(error @ (Error::NotFound | Error::Document(_) | Error::Store(StoreError::Corrupt(_)))) => {
                let fault = Some(error.to_string());
                let (number, status) = (String::new(), String::new());
                let area = area.to_owned();
                Ok(Some(Moved { area, case: id, number, status, steps: None, stuck: None, fault }))
            }
            done => done,
        }
    }

    /// Keeps a definition in the store, where a case that names it will be read.
    pub(crate) async fn keep(&self, definition: &Definition) -> Result<(), Error> {
        if self.definitions.is_kept(definition.digest()) {
            return Ok(());
        }
        let row = DefinitionRow {
            digest: definition.digest().to_owned(),
            item: definition.item.code.clone(),
            body: definition.body()?,
            created_at: micros(self.now()),
        };
        self.store.keep_definition(row).await?;
        self.definitions.was_kept(definition.digest());
        Ok(())
    }

    /// `None` for a case that no longer runs under `from`.
    async fn move_case(
        &self,
        area: &str,
        id: CaseId,
        from: &Arc<Definition>,
        to: &Arc<Definition>,
        dry_run: bool,
    ) -> Result<Option<Moved>, Error> {
        loop {
            let file = self.open_case(area, id, &Actor::System).await?;
            if file.case.definition != from.digest() {
                return Ok(None);
            }
            let mut moved = Moved {
                area: area.to_owned(),
                case: id,
                number: file.case.number.to_string(),
                status: file.case.status_id().to_owned(),
                steps: None,
                stuck: None,
                fault: None,
            };
            let events = match migrate(from, to, &file.case, self.facts_after(&Actor::System, &file.events)) {
                Ok(events) => events,
                Err(stuck) => {
                    moved.stuck = Some(stuck);
                    return Ok(Some(moved));
                }
            };
            let step = |definition: &Definition, index| {
                definition.step(index).map(|step| step.id().to_owned()).unwrap_or_default()
            };
            let landed = events.iter().find_map(|event| match &event.what {
                casework::What::Migrated { index, .. } => Some(*index),
                _ => None,
            });
            moved.steps = landed.map(|index| (step(from, file.case.step), step(to, index)));
            if dry_run {
                return Ok(Some(moved));
            }
            match self.commit_events(file, events, &Actor::System, None).await {
                Ok(_) => return Ok(Some(moved)),
                // Somebody acted on it meanwhile: look again.
                Err(Error::Store(StoreError::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}
