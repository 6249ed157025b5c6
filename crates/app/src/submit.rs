//! Handing an application in.

use casework::{Command, Submission, decide, replay};
use domain::{CaseId, micros};
use store::{CaseCommit, DraftDone, Error as StoreError, Head};

use crate::mapping::view;
use crate::{App, Draft, Error, Party};

/// How often a draft that changed meanwhile is read again.
const TRIES: usize = 5;

impl App {
    /// Turns a draft into a case. The case has the draft's id, so the same draft sent twice (double click,
    /// retry, back button) is the same case, and the second answer is the first.
    ///
    /// # Errors
    /// [`Error::Refused`] with the fields and materials that are wrong, [`Error::Level`] below the item's real-name
    /// level, [`Error::Consent`] where answers take consent that was not given; nothing is stored then.
    pub async fn submit(&self, party: impl Into<Party>, id: CaseId) -> Result<CaseId, Error> {
        let party = party.into();
        for _ in 0..TRIES {
            let draft = self.draft(party, id).await?;
            if draft.submitted {
                return Ok(id);
            }
            match self.commit_new(party, &draft).await {
                // This person's other click was faster, or saved a page meanwhile: the draft shows which.
                Err(Error::Store(StoreError::Conflict)) => {}
                done => return done.map(|()| id),
            }
        }
        Err(Error::Contention)
    }

    async fn commit_new(&self, party: Party, draft: &Draft) -> Result<(), Error> {
        let item = &draft.definition.item;
        let hand = self.enough(&draft.definition, party).await?;
        self.consented(draft).await?;
        let submission = Submission {
            case: draft.id,
            number: self.new_number(&item.area),
            answers: draft.body.answers.clone(),
            materials: draft.handed(),
            about: draft.about()?,
            known: self.profile(draft.person).await?.known_by(&hand),
        };
        let actor = party.actor();
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
            draft_done: Some(DraftDone { id: draft.id.0, version: draft.version }),
            // Stored when the draft was begun.
            definition: None,
            once: None,
            uses: self.proofs_used(draft, party).await?,
            unit: None,
            review: None,
        };
        self.store.commit(commit).await?;
        self.wake.notify_one();
        Ok(())
    }
}
