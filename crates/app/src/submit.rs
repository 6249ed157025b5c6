//! Handing an application in.

use casework::{Actor, Command, Submission, decide, replay};
use domain::{CaseId, PersonId, micros};
use store::{CaseCommit, Error as StoreError, Head};

use crate::mapping::view;
use crate::{App, Draft, Error};

impl App {
    /// Turns a draft into a case. The case has the draft's id, so the same draft sent twice (double click,
    /// retry, back button) is the same case, and the second answer is the first.
    ///
    /// # Errors
    /// [`Error::Refused`] with the fields and materials that are wrong; nothing is stored then.
    pub async fn submit(&self, person: PersonId, id: CaseId) -> Result<CaseId, Error> {
        let draft = self.draft(person, id).await?;
        if draft.submitted {
            return Ok(id);
        }
        match self.commit_new(&draft).await {
            // Somebody, most likely this person's other click, was faster.
            Err(Error::Store(StoreError::Conflict)) => {
                self.store.my_case(person.0, id.0).await?.map(|_| id).ok_or(Error::Contention)
            }
            Err(error) => Err(error),
            Ok(()) => Ok(id),
        }
    }

    async fn commit_new(&self, draft: &Draft) -> Result<(), Error> {
        let item = &draft.definition.item;
        let submission = Submission {
            case: draft.id,
            number: self.new_number(&item.area),
            answers: draft.body.answers.clone(),
            materials: draft.body.handed(),
            about: draft.body.about(),
            known: self.profile(draft.person).await?.known(),
        };
        let actor = Actor::Applicant(draft.person);
        let facts = self.facts(&actor);
        let events = decide(&draft.definition, None, Command::Submit(Box::new(submission)), facts)?;
        let case = replay(|_| Some(&draft.definition), &events).ok_or(Error::NotFound)?;
        let commit = CaseCommit {
            area: case.area.as_str().to_owned(),
            case_id: case.id.0,
            person: case.applicant.0,
            after: Head::NEW,
            events: self.event_rows(&case, 1, &events).await?,
            view: view(&draft.definition, &case, &self.catalogue.calendar, micros(facts.now))?,
            outbox: self.effects(&draft.definition, &case, &events)?,
            messages: self.messages_of(&draft.definition, &case, &events)?,
            draft_done: Some(draft.id.0),
            // Stored when the draft was begun.
            definition: None,
            once: None,
        };
        self.store.commit(commit).await?;
        self.wake.notify_one();
        Ok(())
    }
}
