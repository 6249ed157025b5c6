//! `pack walk`: takes every item through its whole life, as citizen and officer would.

use std::collections::BTreeMap;
use std::time::Duration;

use casework::{Action, Actor, Command, Finding, Officer, Outcome, Status};
use domain::{CaseId, CitizenNumber, PersonId};
use identity::{DemoOfficers, DemoPerson, OfficerCard, OfficerDirectory, Returned, demo_people};
use packs::form::{self, SamplePerson};
use serde::Serialize;

use crate::{App, Error};

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
    /// Events of all cases.
    pub events: u64,
    /// Items that did not complete.
    pub failed: Vec<Failure>,
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

impl App {
    /// Walks one online item from the guide to the rating.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub async fn walk_item(&self, citizen: PersonId, person: &DemoPerson, item: &str) -> Result<u64, Error> {
        let draft = self.start_draft(citizen, item).await?;
        self.fill(citizen, person, draft).await?;
        let case = self.submit(citizen, draft).await?;
        let area = self.catalogue.item(item).ok_or(Error::NotFound)?.area.clone();
        self.handle(area.as_str(), case).await?;
        let actor = Actor::Applicant(citizen);
        let rate = Command::Rate { level: 1, words: String::new() };
        let file = self.act(area.as_str(), case, &actor, rate).await?;
        let done = file.case.status == Status::Closed(Outcome::Granted) && file.case.level == Some(1);
        if done { Ok(file.events.len() as u64) } else { Err(Error::Contention) }
    }

    async fn fill(&self, citizen: PersonId, person: &DemoPerson, id: CaseId) -> Result<(), Error> {
        let draft = self.draft(citizen, id).await?;
        let definition = draft.definition.clone();
        let sample = SamplePerson {
            name: person.name.to_owned(),
            citizen_number: person.number.reveal().to_owned(),
            mobile: person.mobile.to_owned(),
            address: person.address.to_owned(),
        };
        let today = self.catalogue.calendar.date_of(self.now());
        let answers = form::sample(&definition.item.form, today, &sample);
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

    /// Acts as whichever officer may lawfully act, until the case is closed.
    async fn handle(&self, area: &str, id: CaseId) -> Result<(), Error> {
        for _ in 0..MAX_STEPS {
            self.work_once().await?;
            let file = self.open_case(area, id, &Actor::System).await?;
            if !file.case.status.open() {
                return Ok(());
            }
            if file.case.status == Status::Delivering {
                // Another walker's round holds the effect; it is carried out in a moment.
                tokio::time::sleep(MOMENT).await;
                continue;
            }
            let Some((actor, command)) = next(&file) else { return Err(Error::Forbidden) };
            self.act(area, id, &actor, command).await?;
        }
        Err(Error::Contention)
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
        session.citizen().ok_or(Error::SignIn)
    }

    /// A synthetic citizen for the walk who is not also an officer.
    #[must_use]
    pub fn walker(&self, number: usize) -> Option<DemoPerson> {
        let mut people = demo_people();
        people.pop();
        let mut person = people.get(number % people.len())?.clone();
        // More synthetic people than the sign-in page lists: the order digits vary.
        let body = format!("99000019900101{:03}", number % 1000);
        let check = CitizenNumber::check_character(&body)?;
        person.number = format!("{body}{check}").parse().ok()?;
        Some(person)
    }
}

/// The first lawful action of any officer of the agency, with what it needs.
fn next(file: &crate::CaseFile) -> Option<(Actor, Command)> {
    let cards = DemoOfficers.of(&file.case.agency);
    cards.into_iter().map(|card| officer(file, card)).find_map(|actor| {
        let lawful = casework::actions(&file.definition, &file.case, &actor);
        let command = lawful.into_iter().find_map(|action| match action {
            Action::Accept => Some(Command::Accept),
            Action::Review => Some(Command::Review {
                finding: Finding::Meets,
                words: "材料齐全，符合条件".to_owned(),
            }),
            Action::Grant => Some(Command::Grant { words: String::new() }),
            Action::Issue => Some(Command::Issue),
            _ => None,
        });
        command.map(|command| (actor, command))
    })
}

fn officer(file: &crate::CaseFile, card: OfficerCard) -> Actor {
    Actor::Officer(Officer {
        id: card.id,
        name: card.name,
        agency: file.case.agency.clone(),
        area: file.case.area.clone(),
        roles: card.roles,
        person: None,
    })
}
