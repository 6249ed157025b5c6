//! Doing something to a case.

use casework::{Actor, Command, Facts, decide, evolve};
use domain::{CaseId, micros};
use store::{CaseCommit, Error as StoreError};

use crate::mapping::view;
use crate::{App, CaseFile, Error};

/// How often a command is decided anew because somebody else's came first.
const TRIES: usize = 5;

impl App {
    /// Carries a command out: loads, decides, commits, and only then answers with the case as it now stands.
    ///
    /// When somebody else's command came first, the case is loaded again and decided anew, so that the
    /// answer is about the case as it is.
    ///
    /// # Errors
    /// [`Error::Refused`] with the rule, [`Error::NotFound`] where the actor may not even read,
    /// [`Error::Contention`] when others were always faster. Nothing is changed by an error.
    pub async fn act(
        &self,
        area: &str,
        id: CaseId,
        actor: &Actor,
        command: Command,
    ) -> Result<CaseFile, Error> {
        for _ in 0..TRIES {
            let file = self.open_case(area, id, actor).await?;
            match self.try_act(file, actor, command.clone()).await {
                Err(Error::Store(StoreError::Conflict)) => {}
                done => return done,
            }
        }
        Err(Error::Contention)
    }

    async fn try_act(&self, mut file: CaseFile, actor: &Actor, command: Command) -> Result<CaseFile, Error> {
        let facts = Facts { now: self.now(), actor, calendar: &self.catalogue.calendar };
        let events = decide(&file.definition, Some(&file.case), command, facts)?;
        if events.is_empty() {
            return Ok(file);
        }
        let first = file.case.seq + 1;
        for event in &events {
            let case = evolve(&file.definition, Some(file.case), event).ok_or(Error::NotFound)?;
            file.case = case;
        }
        let case = &file.case;
        let commit = CaseCommit {
            area: case.area.as_str().to_owned(),
            case_id: case.id.0,
            person: case.applicant.0,
            after: file.head,
            events: self.event_rows(case, first, &events).await?,
            view: view(&file.definition, case, &self.catalogue.calendar, micros(facts.now))?,
            outbox: self.effects(case, &events)?,
            draft_done: None,
            definition: None,
            once: None,
        };
        file.head = self.store.commit(commit).await?;
        self.wake.notify_one();
        file.events.extend(events);
        file.actions = casework::actions(&file.definition, &file.case, actor);
        Ok(file)
    }
}
