//! `pack walk`: takes every item through its whole life, as citizen and officer would.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use casework::{
    Action, Actor, By, Channel, Command, Definition, Finding, Officer, Outcome, Rule, Status, What,
};
use domain::{CaseId, CitizenNumber, PersonId, Timestamp};
use identity::{DemoPerson, OfficerCard, RealNameLevel, Returned, demo_people};
use packs::form::{self, SamplePerson};
use packs::{Answers, StepKind, walks};
use serde::Serialize;

use crate::{App, CaseFile, Error, Profile};

/// What a walk found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WalkReport {
    /// Items in the catalogue.
    pub items: usize,
    /// Items one can apply for.
    pub online: usize,
    /// Online items taken through their whole life: granted, delivered, closed and rated.
    pub completed: usize,
    /// Completed items without a visit to an office.
    pub zero_visit: usize,
    /// Completed items that rules decided from end to end, without an officer.
    pub by_rules: usize,
    /// Events of all cases.
    pub events: u64,
    /// Items that did not complete.
    pub failed: Vec<Failure>,
}

/// What one item's walk was.
#[derive(Debug, Clone, Copy, Default)]
pub struct Walked {
    /// Events.
    pub events: u64,
    /// Nobody but the applicant and the rules had a hand in it.
    pub by_rules: bool,
}

/// Why an item did not complete.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// Its code.
    pub item: String,
    /// What happened.
    pub why: String,
}

/// More steps than any lawful life has, waiting for effects included.
const MAX_STEPS: usize = 2_000;
/// How long a walker waits for an effect that another carries out.
const MOMENT: Duration = Duration::from_millis(5);

/// A one-page PDF for uploads of the walk and of tests.
#[must_use]
pub fn sample_pdf() -> &'static [u8] {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
      3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
}

/// What a task's path asks for: at this step, this outcome.
type Path = VecDeque<(String, String)>;

impl App {
    /// Walks one online item from the guide to the rating; an item whose procedure has tasks once for each
    /// of its ends. `wait` is told until when a timer runs. Returns the number of events and whether every
    /// automatic step was taken by rules.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub async fn walk_item(
        &self,
        citizen: PersonId,
        person: &DemoPerson,
        item: &str,
        wait: &(dyn Fn(Timestamp) + Sync),
    ) -> Result<Walked, Error> {
        let definition = self.definitions.current(item).ok_or(Error::NotOnline)?;
        let ends = walks(&definition.procedure).into_iter().filter_map(|walk| {
            let end = definition.step(definition.procedure.index(&walk.end)?)?;
            (end.kind == StepKind::End).then_some((end.end, walk.path))
        });
        let mut all = Walked::default();
        let mut ends = ends.peekable();
        if ends.peek().is_none() {
            return self.walk_once(citizen, person, item, Path::new(), Outcome::Granted, wait).await;
        }
        for (end, path) in ends {
            let outcome = match end {
                Some(packs::End::Refused) => Outcome::Refused,
                Some(packs::End::Terminated) => Outcome::Terminated,
                _ => Outcome::Granted,
            };
            let walked = self.walk_once(citizen, person, item, path.into(), outcome, wait).await?;
            all.events += walked.events;
        }
        Ok(all)
    }

    async fn walk_once(
        &self,
        citizen: PersonId,
        person: &DemoPerson,
        item: &str,
        mut path: Path,
        outcome: Outcome,
        wait: &(dyn Fn(Timestamp) + Sync),
    ) -> Result<Walked, Error> {
        let definition = self.definitions.current(item).ok_or(Error::NotOnline)?;
        let (applicant, case) = if definition.item.for_things() {
            let answers = self.sampled(&definition, person);
            self.walk_thing(&definition, answers).await?
        } else {
            let draft = self.start_draft(citizen, item).await?;
            self.fill(citizen, person, draft).await?;
            self.give_consent(citizen, draft).await?;
            (citizen, self.submit(citizen, draft).await?)
        };
        let area = self.catalogue.item(item).ok_or(Error::NotFound)?.area.clone();
        self.handle(area.as_str(), case, &mut path, wait).await?;
        let actor = Actor::Applicant(applicant);
        let rate = Command::Rate { level: 1, words: String::new() };
        let file = self.act(area.as_str(), case, &actor, rate).await?;
        let done = file.case.status == Status::Closed(outcome) && file.case.level == Some(1);
        if !done {
            return Err(Error::Contention);
        }
        let by_person = file.events.iter().any(|event| matches!(event.by, By::Officer { .. }));
        let ruled = file.events.iter().any(|event| matches!(event.what, What::Ruled { .. }));
        Ok(Walked { events: file.events.len() as u64, by_rules: ruled && !by_person })
    }

    /// Answers that an item's form takes.
    fn sampled(&self, definition: &Definition, person: &DemoPerson) -> Answers {
        let sample = SamplePerson {
            name: person.name.to_owned(),
            citizen_number: person.number.reveal().to_owned(),
            mobile: person.mobile.to_owned(),
            address: person.address.to_owned(),
        };
        let today = self.catalogue.calendar.date_of(self.now());
        form::sample(&definition.item.form, today, &sample)
    }

    async fn fill(&self, citizen: PersonId, person: &DemoPerson, id: CaseId) -> Result<(), Error> {
        let draft = self.draft(citizen, id).await?;
        let definition = draft.definition.clone();
        let answers = self.sampled(&definition, person);
        for page in &definition.item.form.pages {
            let draft = self.draft(citizen, id).await?;
            let wrong = self.save_page(&draft, &page.id, &answers).await?;
            if !wrong.is_empty() {
                return Err(Error::Answers(wrong));
            }
        }
        let mut draft = self.draft(citizen, id).await?;
        for material in &definition.item.materials {
            draft = if material.required == Some(false) {
                continue;
            } else if material.required.is_none() && material.id.ends_with('2') {
                // Guides do not say what is always needed, so the walk also says "does not apply".
                let words = BTreeMap::from([(material.id.clone(), "本人情况不涉及".to_owned())]);
                self.say_not_applicable(&draft, &words).await?
            } else {
                self.upload(&draft, &material.id, "sample.pdf", sample_pdf().to_vec()).await?
            };
        }
        Ok(())
    }

    /// Acts as whoever may lawfully act, until the case is closed.
    async fn handle(
        &self,
        area: &str,
        id: CaseId,
        path: &mut Path,
        wait: &(dyn Fn(Timestamp) + Sync),
    ) -> Result<(), Error> {
        for _ in 0..MAX_STEPS {
            self.work_once().await?;
            let file = self.open_case(area, id, &Actor::System).await?;
            if !file.case.status.open() {
                return Ok(());
            }
            match file.case.status {
                Status::WithAgencies => {
                    self.handle_parts(&file, wait).await?;
                    continue;
                }
                Status::Waiting => {
                    let over = file.case.clock.as_ref().map(|clock| clock.over_at(&self.catalogue.calendar));
                    wait(over.ok_or(Error::Forbidden)?);
                    self.lapse_due().await?;
                    continue;
                }
                _ => {}
            }
            let Some((actor, command)) = self.next(&file, path) else {
                if file.case.status == Status::Delivering {
                    // Another walker's round holds the effect; it is carried out in a moment.
                    tokio::time::sleep(MOMENT).await;
                    continue;
                }
                return Err(Error::Refused(Rule::WrongStep.into()));
            };
            match self.act(area, id, &actor, command).await {
                // Another walker's wait moved the clock they share, and one of this case's has run out: look anew.
                Err(Error::Refused(refusal)) if refusal.rule == Rule::DeemedAccepted => {}
                done => drop(done?),
            }
        }
        Err(Error::Contention)
    }

    async fn handle_parts(&self, file: &CaseFile, wait: &(dyn Fn(Timestamp) + Sync)) -> Result<(), Error> {
        for part in file.case.branches.iter().filter(|part| part.outcome.is_none()) {
            if self.store.load_case(part.area.as_str(), part.case.0).await?.is_none() {
                // Another walker's round holds the effect that opens it.
                tokio::time::sleep(MOMENT).await;
                continue;
            }
            Box::pin(self.handle(part.area.as_str(), part.case, &mut Path::new(), wait)).await?;
        }
        tokio::time::sleep(MOMENT).await;
        Ok(())
    }

    /// The first lawful action of the applicant or of any officer of the agency, with what it needs.
    fn next(&self, file: &CaseFile, path: &mut Path) -> Option<(Actor, Command)> {
        let cards = self.officers.as_ref().map(|officers| officers.of(&file.case.agency)).unwrap_or_default();
        let officers = cards.into_iter().map(|card| officer(file, card));
        let mut everybody = std::iter::once(Actor::Applicant(file.case.applicant)).chain(officers);
        let step = file.definition.step(file.case.step).map(|step| step.id().to_owned());
        let planned =
            path.front().filter(|(at, _)| Some(at) == step.as_ref()).map(|(_, action)| action.clone());
        everybody.find_map(|actor| {
            let lawful = casework::actions(&file.definition, &file.case, &actor);
            let command = lawful.into_iter().find_map(|action| match action {
                Action::Do => {
                    let choices = casework::choices(&file.definition, &file.case, &actor);
                    let chosen =
                        choices.into_iter().find(|choice| Some(&choice.action) == planned.as_ref())?;
                    Some(Command::Do { action: chosen.action.clone(), words: "已核实".to_owned() })
                }
                action => plain(action),
            })?;
            if matches!(command, Command::Do { .. }) {
                path.pop_front();
            }
            Some((actor, command))
        })
    }

    /// Signs a synthetic person in for the walk.
    ///
    /// # Errors
    /// As for signing in.
    pub async fn walk_citizen(&self, person: &DemoPerson) -> Result<PersonId, Error> {
        let returned: Returned = [("name", person.name), ("number", person.number.reveal())]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let signed_in = self.sign_in_citizen(&returned).await?;
        let session = self.session(&signed_in.cookie).await?.ok_or(Error::SignIn)?;
        let person = session.citizen().ok_or(Error::SignIn)?;
        // The walk goes through every item, whatever level it asks for.
        let raised = |profile: &Profile| Ok(Profile { level: RealNameLevel::InPerson, ..profile.clone() });
        self.change_profile(person, raised).await?;
        Ok(person)
    }

    /// A synthetic citizen for the walk who is not also an officer.
    #[must_use]
    pub fn walker(&self, number: usize) -> Option<DemoPerson> {
        let mut people = demo_people();
        people.pop();
        let mut person = people.get(number % people.len())?.clone();
        // More synthetic people than the sign-in page lists: the order digits vary, then the birthday.
        let (order, day, month) = (number % 1_000, number / 1_000 % 28 + 1, number / 28_000 % 12 + 1);
        let body = format!("9900001990{month:02}{day:02}{order:03}");
        let check = CitizenNumber::check_character(&body)?;
        person.number = format!("{body}{check}").parse().ok()?;
        Some(person)
    }
}

/// What carries a case forward without a choice.
fn plain(action: Action) -> Option<Command> {
    let words = || "材料齐全，符合条件".to_owned();
    match action {
        Action::Accept => Some(Command::Accept),
        Action::Review => Some(Command::Review { finding: Finding::Meets, words: words() }),
        Action::Grant => Some(Command::Grant { words: String::new() }),
        Action::Issue => Some(Command::Issue),
        Action::Deliver => Some(Command::Deliver { channel: Channel::Window, words: words() }),
        Action::Check => Some(Command::Check { kept: true, words: words() }),
        _ => None,
    }
}

fn officer(file: &CaseFile, card: OfficerCard) -> Actor {
    Actor::Officer(Officer {
        id: card.id,
        name: card.name,
        agency: file.case.agency.clone(),
        area: file.case.area.clone(),
        roles: card.roles,
        person: None,
    })
}
