//! Verdicts: given, taken back while that may be, carried out once.

use casework::{Actor, By, Command, Event, Officer, Outcome, Rule, What, decide};
use domain::{CaseId, OfficerId, micros};
use identity::Principal;
use store::{Error as StoreError, PutVerdict, ReviewCommit, ReviewLook, ReviewVerdict};
use tracing::warn;

use super::marks::findings;
use super::{BAD, GOOD, HOLD, Marks, Said, UNDO, is_unit, says_good};
use crate::{App, CaseFile, Error, WORKER_BATCH};

/// How often a verdict is decided anew because somebody else's command came first.
const TRIES: usize = 5;

/// A verdict that is carried out by a commit.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    officer: OfficerId,
    id: uuid::Uuid,
    marks: Marks,
}

/// What somebody says of a unit.
#[derive(Debug, Clone)]
pub struct GivenVerdict {
    /// The unit.
    pub case: CaseId,
    /// What they say.
    pub said: Said,
}

/// What became of the verdict before this one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// It did not count: the unit, and the rule that stood against it.
    pub refused: Option<(CaseId, String)>,
}

impl App {
    /// Takes a verdict, which is carried out with the next one or after [`UNDO`], whichever comes first. Given again for
    /// the same unit before that, it takes the place of the first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no unit of this officer's desk; [`Error::Refused`] where they may not judge it.
    pub async fn give_verdict(&self, officer: &Officer, given: &GivenVerdict) -> Result<Given, Error> {
        let actor = Actor::Officer(officer.clone());
        let area = officer.area.as_str();
        let file = self.case_to_act_on(area, given.case, &actor).await?;
        if !is_unit(&file.definition, &file.case) {
            return Err(Error::NotFound);
        }
        let action = if given.said.good { GOOD } else { BAD };
        let mut said = given.said.clone();
        if !said.drawn.is_empty() {
            let sides = self.sides_of_unit(&file.case).await?;
            said.drawn.retain(|label| sides.is_some_and(|sides| label.place.within(sides)));
        }
        let marks = said.marks(&findings(&file.case.answers));
        decide(
            &file.definition,
            Some(&file.case),
            command(action, &marks),
            self.facts_after(&actor, &file.events),
        )?;
        let step = file.definition.step(file.case.step).ok_or(Rule::WrongStep)?.id().to_owned();
        let now = micros(self.now());
        let verdict = ReviewVerdict {
            area: area.to_owned(),
            agency: officer.agency.clone(),
            officer: officer.id.0,
            id: self.new_id(),
            case_id: given.case.0,
            step,
            action: action.to_owned(),
            marks: serde_json::to_string(&marks)?,
            due_at: now + UNDO,
            refused: None,
        };
        let mut told = Given::default();
        for _ in 0..TRIES {
            let before = self.store.verdict(area, &officer.agency, officer.id.0).await?;
            if let Some(before) = before.filter(|before| before.case_id != given.case.0) {
                let rule = match before.refused.clone() {
                    Some(rule) => Some(rule),
                    None => self.carry_out_verdict(&before).await?.map(|rule| rule.id().to_owned()),
                };
                told.refused = rule.map(|rule| (CaseId(before.case_id), rule)).or(told.refused);
            }
            match self.store.put_verdict(verdict.clone(), now + UNDO + HOLD, now).await? {
                PutVerdict::Done => {
                    self.wake.notify_one();
                    return Ok(told);
                }
                PutVerdict::HeldByOther => return Err(Rule::ClaimedByOther.into()),
                PutVerdict::AnotherWaits => {}
            }
        }
        Err(Error::Contention)
    }

    /// Takes a verdict back: the unit that it was about.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was carried out already, or is not this officer's.
    pub async fn undo_verdict(&self, officer: &Officer, id: uuid::Uuid) -> Result<CaseId, Error> {
        let area = officer.area.as_str();
        let waits = self.store.verdict(area, &officer.agency, officer.id.0).await?;
        let waits = waits.filter(|row| row.id == id).ok_or(Error::NotFound)?;
        match self.store.undo_verdict(area, &officer.agency, officer.id.0, id).await {
            Err(StoreError::NotFound) => Err(Error::NotFound),
            undone => Ok(undone.map(|()| CaseId(waits.case_id))?),
        }
    }

    /// Carries out the verdicts whose time to be taken back is over; how many were settled, one way or the other. One
    /// that cannot be carried out now does not hold up the others.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn settle_verdicts(&self) -> Result<usize, Error> {
        let (mut settled, now) = (0, micros(self.now()));
        for area in self.store.areas_with_verdicts(now).await? {
            for verdict in self.store.due_verdicts(&area, now, WORKER_BATCH).await? {
                match self.carry_out_verdict(&verdict).await {
                    Ok(_) => settled += 1,
                    Err(error) => {
                        warn!(%error, case = %verdict.case_id, "a verdict could not be carried out")
                    }
                }
            }
        }
        Ok(settled)
    }

    /// Carries a verdict out, unless it was taken back or carried out meanwhile: the rule that stood against it.
    async fn carry_out_verdict(&self, given: &ReviewVerdict) -> Result<Option<Rule>, Error> {
        for _ in 0..TRIES {
            let now = self.store.verdict(&given.area, &given.agency, given.officer).await?;
            if !now.is_some_and(|now| now.id == given.id && now.refused.is_none()) {
                return Ok(None);
            }
            match self.try_verdict(given).await {
                Err(Error::Store(StoreError::Conflict)) => {}
                Err(Error::Refused(refusal)) => return self.refuse(given, refusal.rule).await,
                // The case, or the desk, is not theirs any more.
                Err(Error::NotFound) => return self.refuse(given, Rule::NotYourDesk).await,
                done => return done.map(|()| None),
            }
        }
        Err(Error::Contention)
    }

    async fn refuse(&self, given: &ReviewVerdict, rule: Rule) -> Result<Option<Rule>, Error> {
        match self.store.refuse_verdict(given, rule.id()).await {
            Err(StoreError::NotFound) => Ok(None),
            refused => Ok(refused.map(|()| Some(rule))?),
        }
    }

    async fn try_verdict(&self, given: &ReviewVerdict) -> Result<(), Error> {
        let officer = self.sits_there(given).ok_or(Error::NotFound)?;
        let actor = Actor::Officer(officer);
        let file = self.case_to_act_on(&given.area, CaseId(given.case_id), &actor).await?;
        let marks: Marks = serde_json::from_str(&given.marks)?;
        let facts = self.facts_after(&actor, &file.events);
        let events = decide(&file.definition, Some(&file.case), command(&given.action, &marks), facts)?;
        // It was looked at as a first look, say, and is none any more.
        if file.definition.step(file.case.step).is_none_or(|step| step.id() != given.step) {
            return Err(Rule::WrongStep.into());
        }
        let taken = Taken { officer: OfficerId(given.officer), id: given.id, marks };
        self.commit_verdict(file, events, &actor, taken).await.map(drop)
    }

    /// The officer as the directory knows them now. As a citizen they are nobody here: the applicant is a thing, and that
    /// they stand on no other side was looked at when they gave the verdict.
    fn sits_there(&self, given: &ReviewVerdict) -> Option<Officer> {
        match self.at_desk(OfficerId(given.officer), &given.agency, None)? {
            Principal::Officer { id, name, agency, area, roles, person } => {
                Some(Officer { id, name, agency, area, roles, person })
            }
            Principal::Citizen { .. } => None,
        }
    }

    /// What a commit brings for the review desk: the looks of officers among its events, and that a unit which a person
    /// had a hand in is settled by it.
    pub(crate) fn review_of(
        &self,
        file: &CaseFile,
        first: i64,
        events: &[Event],
        taken: Option<&Taken>,
    ) -> Result<Option<Box<ReviewCommit>>, Error> {
        if !is_unit(&file.definition, &file.case) {
            return Ok(None);
        }
        let (mut looks, mut settled) = (Vec::new(), None);
        for (seq, event) in (first..).zip(events) {
            match (&event.what, &event.by) {
                (What::Done { step, action, .. }, By::Officer { id, .. }) => {
                    let Some(good) = says_good(action) else { continue };
                    let marks = match taken {
                        Some(taken) => taken.marks.clone(),
                        // Said at the desk of all cases, where nothing is marked.
                        None => Said { good, ..Said::default() }.marks(&said_there(file, good)),
                    };
                    looks.push(ReviewLook {
                        case_id: file.case.id.0,
                        seq,
                        officer: id.0,
                        step: step.clone(),
                        action: action.clone(),
                        marks: serde_json::to_string(&marks)?,
                        at: micros(event.at),
                    });
                }
                (What::Closed { outcome: Outcome::Granted | Outcome::Refused }, _) => {
                    settled = (!file.case.done_by.is_empty()).then(|| micros(event.at));
                }
                _ => {}
            }
        }
        let taken = taken.map(|taken| (taken.officer.0, taken.id));
        let nothing = looks.is_empty() && settled.is_none() && taken.is_none();
        let agency = file.case.agency.clone();
        Ok((!nothing).then(|| Box::new(ReviewCommit { agency, taken, looks, settled })))
    }
}

/// A good one was called falsely wherever it was; of a defective one nobody said where.
fn said_there(file: &CaseFile, good: bool) -> Vec<super::Found> {
    if good { findings(&file.case.answers) } else { Vec::new() }
}

fn command(action: &str, marks: &Marks) -> Command {
    let words = marks.words();
    // A third look says why, and here that is never nothing.
    let words = if words.is_empty() { action.to_owned() } else { words };
    Command::Do { action: action.to_owned(), words }
}
