//! Everything derived, made again from the events.

use casework::Case;
use domain::CaseId;
use store::{CaseView, Error as StoreError, InspectedUnit, StoredCase, verify_chain};
use uuid::Uuid;

use crate::mapping::{read_event, view};
use crate::stations::unit_row;
use crate::{App, Error, Fault};

/// What a rebuild found.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Rebuilt {
    /// Cases read.
    pub cases: u64,
    /// Cases whose view was not the fold of their events, and was written anew.
    pub rewritten: u64,
    /// Cases that could not be folded; they were left as they are.
    pub faults: Vec<Fault>,
}

const PAGE: i64 = 200;

impl App {
    /// Folds every case anew and writes the views and lists that differ. With `dry_run` it only counts them.
    ///
    /// Safe while the platform serves: a case that moves meanwhile has a new view of its own.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn rebuild(
        &self,
        dry_run: bool,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Rebuilt, Error> {
        let mut result = Rebuilt::default();
        let total = self.store.stats().await?.cases.unsigned_abs();
        let mut after = (String::new(), Uuid::nil());
        loop {
            let page = self.store.cases_after(&after.0, after.1, PAGE).await?;
            let Some(last) = page.last() else { return Ok(result) };
            after = (last.area.clone(), last.id);
            for row in page {
                if let Some(stored) = self.store.load_case(&row.area, row.id).await? {
                    self.rebuild_one(stored, dry_run, &mut result).await?;
                }
                result.cases += 1;
                progress(result.cases, total);
            }
        }
    }

    async fn rebuild_one(
        &self,
        stored: StoredCase,
        dry_run: bool,
        result: &mut Rebuilt,
    ) -> Result<(), Error> {
        let (area, id, person) = (stored.row.area.clone(), stored.row.id, stored.row.person);
        let mut fault = |what: &str| {
            result.faults.push(Fault { area: area.clone(), case: CaseId(id), what: what.to_owned() });
        };
        if let Err(error) = verify_chain(&stored) {
            fault(&format!("the hash chain is broken: {error}"));
            return Ok(());
        }
        let events: Result<Vec<_>, _> = stored.events.iter().map(|row| read_event(row, None)).collect();
        let Ok(Ok(Some(case))) = (match events {
            Ok(events) => Ok(self.fold(&events).await),
            Err(error) => Err(error),
        }) else {
            fault("the history cannot be folded");
            return Ok(());
        };
        let Some(folded) = self.folded_view(&case, &stored).await? else {
            fault("the definition it keeps is missing or altered");
            return Ok(());
        };
        let mine = self.store.my_case(person, id).await?;
        let listed = mine.is_some_and(|mine| {
            mine.area == area
                && mine.number == folded.number
                && mine.status == folded.status
                && mine.part_of == folded.part_of
        });
        let unit = self.folded_unit(&case, &stored).await?;
        let right = match &unit {
            Some(unit) => self.store.inspected_unit(&area, id).await?.as_ref() == Some(&**unit),
            None => true,
        };
        if folded == stored.row.view && listed && right {
            return Ok(());
        }
        if !dry_run {
            let head = stored.row.head;
            let rewritten = match unit {
                Some(unit) => self.store.rewrite_unit(person, head, folded, *unit).await,
                None => self.store.rewrite_view(&area, id, person, head, folded).await,
            };
            match rewritten {
                Ok(()) => {}
                // It moved meanwhile, and its view with it.
                Err(StoreError::Conflict) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        result.rewritten += 1;
        Ok(())
    }

    /// The row of the unit that a case is about, which takes the answers themselves; none for other cases.
    async fn folded_unit(
        &self,
        case: &Case,
        stored: &StoredCase,
    ) -> Result<Option<Box<InspectedUnit>>, Error> {
        let definition = self.definition(&case.definition).await?;
        if !definition.item.for_things() {
            return Ok(None);
        }
        let mut events = Vec::with_capacity(stored.events.len());
        for row in &stored.events {
            let private = match &row.sealed {
                Some(sealed) => self.private(stored.row.person, case.id.0, row.seq, sealed).await?,
                None => None,
            };
            events.push(read_event(row, private)?);
        }
        let case = self.fold(&events).await?.ok_or(Error::NotFound)?;
        Ok(unit_row(&definition, &case, events.iter()))
    }

    /// The view that a case's events make; `None` where the definition it keeps is missing.
    pub(crate) async fn folded_view(
        &self,
        case: &Case,
        stored: &StoredCase,
    ) -> Result<Option<CaseView>, Error> {
        let Ok(definition) = self.definition(&case.definition).await else { return Ok(None) };
        let at = stored.events.last().map_or(stored.row.view.updated_at, |event| event.at);
        Ok(Some(view(&definition, case, &self.catalogue.calendar, at)?))
    }
}
