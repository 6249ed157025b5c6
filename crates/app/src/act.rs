//! Doing something to a case.

use casework::{Actor, Case, Command, Event, Facts, Rule, What, decide, evolve};
use domain::{CaseId, OfficerId, micros};
use identity::OfficerCard;
use packs::Role;
use store::{CaseCommit, Error as StoreError};

use crate::mapping::view;
use crate::once::Once;
use crate::reviews::Taken;
use crate::stations::unit_row;
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
        self.act_once(area, id, actor, command, None).await
    }

    /// [`App::act`] under an idempotency key: the same key with the same command is carried out once and
    /// answered alike each time, however often and however concurrently it is sent.
    ///
    /// # Errors
    /// As for [`App::act`]; [`Error::KeyReused`] when the key came with another command before.
    pub async fn act_once(
        &self,
        area: &str,
        id: CaseId,
        actor: &Actor,
        command: Command,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        for _ in 0..TRIES {
            if let Some(once) = once
                && self.done_before(area, id, once).await?
            {
                return self.case_to_act_on(area, id, actor).await;
            }
            let file = self.case_to_act_on(area, id, actor).await?;
            match self.try_act(file, actor, command.clone(), once).await {
                Err(Error::Store(StoreError::Conflict)) => {}
                // The same request may have been carried out between the look at its key and the look at the
                // case: then it is answered, not refused.
                Err(error @ Error::Refused(_)) => match once {
                    Some(once) if self.done_before(area, id, once).await? => {}
                    _ => return Err(error),
                },
                done => return done,
            }
        }
        Err(Error::Contention)
    }

    async fn try_act(
        &self,
        file: CaseFile,
        actor: &Actor,
        command: Command,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        let events =
            decide(&file.definition, Some(&file.case), command, self.facts_after(actor, &file.events))?;
        self.stands(&file, &events).await?;
        if events.is_empty() {
            return Ok(file);
        }
        self.commit_events(file, events, actor, once).await
    }

    /// Whether what was decided on one case stands beside what that case does not show: who the officers of its
    /// agency are, and how its joint case stands.
    async fn stands(&self, file: &CaseFile, events: &[Event]) -> Result<(), Error> {
        for event in events {
            match &event.what {
                What::HearingScheduled { host, .. } => self.may_preside(&file.case, *host).await?,
                What::Reopened { .. } => self.joint_case_is_closed(&file.case).await?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn may_preside(&self, case: &Case, host: OfficerId) -> Result<(), Error> {
        if !self.hosts(case).iter().any(|card| card.id == host) {
            return Err(Rule::HostIsReviewer.into());
        }
        let own = self.is_one_of(case.applicant, &case.agency, [host]).await?;
        if own { Err(Rule::HostIsReviewer.into()) } else { Ok(()) }
    }

    async fn joint_case_is_closed(&self, case: &Case) -> Result<(), Error> {
        let Some(part_of) = &case.part_of else { return Ok(()) };
        let joint = self.open_case(part_of.area.as_str(), part_of.case, &Actor::System).await?;
        if joint.case.status.open() { Err(Rule::JointIsOpen.into()) } else { Ok(()) }
    }

    /// Who may preside over a hearing on a case (行政许可法 art. 48): officers of its agency who handle cases and did
    /// not review this one. That they are not its applicant is looked at when they are named.
    #[must_use]
    pub fn hosts(&self, case: &Case) -> Vec<OfficerCard> {
        let mut cards =
            self.officers.as_ref().map(|directory| directory.of(&case.agency)).unwrap_or_default();
        let handles = |card: &OfficerCard| card.roles.iter().any(|role| *role != Role::OPERATE);
        cards.retain(|card| handles(card) && !case.reviewers().any(|reviewer| reviewer == card.id));
        cards
    }

    /// Stores events that were decided on a case as it was read.
    pub(crate) async fn commit_events(
        &self,
        file: CaseFile,
        events: Vec<Event>,
        actor: &Actor,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        self.commit_with(file, events, actor, (once, None)).await
    }

    /// The same for a verdict of the review desk, which is taken away by it: once it was taken back, nothing is stored.
    pub(crate) async fn commit_verdict(
        &self,
        file: CaseFile,
        events: Vec<Event>,
        actor: &Actor,
        taken: Taken,
    ) -> Result<CaseFile, Error> {
        self.commit_with(file, events, actor, (None, Some(taken))).await
    }

    async fn commit_with(
        &self,
        mut file: CaseFile,
        events: Vec<Event>,
        actor: &Actor,
        (once, taken): (Option<&Once>, Option<Taken>),
    ) -> Result<CaseFile, Error> {
        let first = file.case.seq + 1;
        let outbox_definition = file.definition.clone();
        for event in &events {
            file.case = evolve(&file.definition, Some(file.case), event).ok_or(Error::NotFound)?;
        }
        if file.case.definition != file.definition.digest() {
            file.definition = self.definition(&file.case.definition).await?;
        }
        let case = &file.case;
        // The time of the events themselves, so that the view can be made again from them.
        let at = events.last().map_or_else(|| micros(self.now()), |event| micros(event.at));
        let commit = CaseCommit {
            area: case.area.as_str().to_owned(),
            case_id: case.id.0,
            person: case.applicant.0,
            after: file.head,
            events: self.event_rows(case, first, &events).await?,
            view: view(&file.definition, case, &self.catalogue.calendar, at)?,
            outbox: self.effects(&outbox_definition, case, &events)?,
            messages: self.messages_of(&outbox_definition, case, &events)?,
            draft_done: None,
            definition: None,
            once: once.map(|once| once.row(case.id.to_string())),
            uses: Vec::new(),
            unit: unit_row(&file.definition, case, file.events.iter().chain(&events)),
            review: self.review_of(&file, first, &events, taken.as_ref())?,
        };
        file.head = self.store.commit(commit).await?;
        self.wake.notify_one();
        file.events.extend(events);
        file.actions = casework::actions(&file.definition, &file.case, actor);
        Ok(file)
    }

    /// The facts of this moment on a case with a history: where this server's clock is behind the one that
    /// wrote the last event, time stands still rather than run backwards on the record.
    pub(crate) fn facts_after<'a>(&'a self, actor: &'a Actor, events: &[Event]) -> Facts<'a> {
        let facts = self.facts(actor);
        Facts { now: events.last().map_or(facts.now, |event| facts.now.max(event.at)), ..facts }
    }

    /// The facts of this moment.
    pub(crate) fn facts<'a>(&'a self, actor: &'a Actor) -> Facts<'a> {
        let mut draw = [0; 8];
        self.random.fill(&mut draw);
        Facts { now: self.now(), actor, calendar: &self.catalogue.calendar, draw: u64::from_le_bytes(draw) }
    }
}
