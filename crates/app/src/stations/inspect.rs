//! A report becomes a case: once, however often it is sent.

use std::collections::BTreeMap;

use casework::{
    Actor, By, Case, Command, Definition, Facts, Known, Outcome, Status, Submission, decide, replay,
};
use domain::{CaseId, CaseNumber, PersonId, micros};
use futures_util::future::join_all;
use identity::Subject;
use packs::Answers;
use ring::hmac;
use serde::Serialize;
use store::{CaseCommit, Error as StoreError, Head, StationUnit};

use super::pictures::PICTURES;
use super::registered::PROVIDER;
use super::units::unit_row;
use super::{Report, Station, StationError};
use crate::mapping::view;
use crate::{App, Error};

/// Most reports in one call.
pub const MAX_BATCH: usize = 100;

/// How a unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// Good.
    Ok,
    /// Defective.
    Ng,
    /// A person looks.
    Review,
    /// It was ended otherwise.
    Ended,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reported {
    /// The case.
    pub case: CaseId,
    /// The number people know it by.
    pub number: CaseNumber,
    /// How it stands now.
    pub decision: Decided,
    /// A person had a hand in it, or is to have.
    pub by_person: bool,
    /// It was not known before.
    pub new: bool,
    /// Pictures that whoever looks will want and that are not here.
    pub wanted: Vec<String>,
}

impl Decided {
    pub(super) fn of(case: &Case) -> Self {
        match case.status {
            Status::Closed(Outcome::Granted) => Self::Ok,
            Status::Closed(Outcome::Refused) => Self::Ng,
            Status::Closed(_) => Self::Ended,
            _ => Self::Review,
        }
    }
}

impl App {
    /// Takes what a station reports of one unit. The case's id follows from station, serial number, lot, recipe and
    /// picture, so that the same sent again, by whichever server, is the same case and the answer is how it stands now.
    ///
    /// # Errors
    /// [`Error::Station`] for an item that is not the station's or a report that is wrong; nothing is stored then.
    pub async fn inspect(&self, station: &Station, report: &Report) -> Result<Reported, Error> {
        let definition = self.definitions.current(&report.item).ok_or(StationError::Item)?;
        let item = &definition.item;
        let takes =
            |name: &str| item.form.pages.iter().flat_map(|page| &page.fields).any(|field| field.name == name);
        // An item for things that takes no verdict, such as a lot's, is not reported to.
        if !item.for_things() || item.agency != station.agency || !takes("judged") {
            return Err(StationError::Item.into());
        }
        let actor = Actor::Applicant(station.id);
        self.may(&actor, Subject::Application { applicant: station.id, service: self.service(&item.code) })
            .await?;
        let answers = report.answers(&item.form, &station.name)?;
        let case = self.unit_case(station, report);
        let unit =
            StationUnit { case_id: case.0, area: item.area.as_str().to_owned(), at: micros(self.now()) };
        self.store.add_station_unit(station.id.0, self.lot_key(&report.item, &report.lot), unit).await?;
        let submission = self.things_own(&definition, case, answers);
        let draw = self.draw_for(&definition, report, case);
        match self.commit_unit(&definition, submission, &actor, draw).await {
            Ok(case) => self.answer(station, report.pictures(), &case, false, true).await,
            Err(Error::Store(StoreError::Conflict)) => {
                let file = self.case_to_act_on(item.area.as_str(), case, &Actor::System).await?;
                if file.case.item != report.item {
                    return Err(StationError::Other.into());
                }
                let by_officer = file.events.iter().any(|event| matches!(event.by, By::Officer { .. }));
                self.answer(station, report.pictures(), &file.case, by_officer, false).await
            }
            Err(error) => Err(error),
        }
    }

    /// The same for up to [`MAX_BATCH`] reports, each with an answer of its own.
    ///
    /// # Errors
    /// [`Error::Station`] with [`StationError::Batch`] for none or too many.
    pub async fn inspect_all(
        &self,
        station: &Station,
        reports: &[Report],
    ) -> Result<Vec<Result<Reported, Error>>, Error> {
        if reports.is_empty() || reports.len() > MAX_BATCH {
            return Err(StationError::Batch.into());
        }
        // Together, so that their commits share the disk's own time.
        Ok(join_all(reports.iter().map(|report| self.inspect(station, report))).await)
    }

    /// How a unit that this station reported stands now.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a case that is not its own.
    pub async fn inspection(&self, station: &Station, id: CaseId) -> Result<Reported, Error> {
        let mine = self.store.my_case(station.id.0, id.0).await?.ok_or(Error::NotFound)?;
        let file = self.case_to_act_on(&mine.area, id, &Actor::Applicant(station.id)).await?;
        let named = PICTURES.map(|field| file.case.answers.get(field).cloned().unwrap_or_default());
        let by_officer = file.events.iter().any(|event| matches!(event.by, By::Officer { .. }));
        self.answer(station, [&named[0], &named[1]], &file.case, by_officer, false).await
    }

    /// Codes of the items that a station may report to.
    #[must_use]
    pub fn station_items(&self, station: &Station) -> Vec<String> {
        let own =
            |item: &&packs::ServiceItem| item.online() && item.for_things() && item.agency == station.agency;
        self.catalogue.items.iter().filter(own).map(|item| item.code.clone()).collect()
    }

    async fn answer(
        &self,
        station: &Station,
        named: [&str; 2],
        case: &Case,
        by_officer: bool,
        new: bool,
    ) -> Result<Reported, Error> {
        let decision = Decided::of(case);
        let wanted = match decision {
            Decided::Review => self.pictures_wanted(station, named).await?,
            _ => Vec::new(),
        };
        let by_person = by_officer || decision == Decided::Review;
        Ok(Reported { case: case.id, number: case.number.clone(), decision, by_person, new, wanted })
    }

    /// A case of a thing's for the walk through all items, whatever its item asks.
    pub(crate) async fn walk_thing(
        &self,
        definition: &Definition,
        answers: Answers,
    ) -> Result<(PersonId, CaseId), Error> {
        let thing = self.new_thing("示例·工位").await?;
        let submission = self.things_own(definition, CaseId(self.new_id()), answers);
        let case = self.commit_unit(definition, submission, &Actor::Applicant(thing), u64::MAX).await?;
        Ok((thing, case.id))
    }

    pub(super) fn things_own(&self, definition: &Definition, case: CaseId, answers: Answers) -> Submission {
        Submission {
            case,
            number: self.new_number(&definition.item.area),
            answers,
            materials: Vec::new(),
            about: BTreeMap::new(),
            known: known(),
        }
    }

    pub(super) async fn commit_unit(
        &self,
        definition: &Definition,
        submission: Submission,
        actor: &Actor,
        draw: u64,
    ) -> Result<Case, Error> {
        self.keep(definition).await?;
        // Chance that a station cannot foresee, and that is the same each time it tries.
        let facts = Facts { draw, ..self.facts(actor) };
        let decided = decide(definition, None, Command::Submit(Box::new(submission)), facts);
        let events = decided.map_err(|refusal| match refusal.fields.first() {
            Some(field) => {
                StationError::Report { field: field.field.clone(), why: "not as the form of the item has it" }
                    .into()
            }
            None => Error::Refused(refusal),
        })?;
        let case = replay(|_| Some(definition), &events).ok_or(Error::NotFound)?;
        let commit = CaseCommit {
            area: case.area.as_str().to_owned(),
            case_id: case.id.0,
            person: case.applicant.0,
            after: Head::NEW,
            events: self.event_rows(&case, 1, &events).await?,
            view: view(definition, &case, &self.catalogue.calendar, micros(facts.now))?,
            outbox: self.effects(definition, &case, &events)?,
            messages: self.messages_of(definition, &case, &events)?,
            draft_done: None,
            definition: None,
            once: None,
            uses: Vec::new(),
            unit: unit_row(definition, &case, events.iter()),
            review: None,
        };
        let effects = !commit.outbox.is_empty();
        self.store.commit(commit).await?;
        if effects {
            self.wake.notify_one();
        }
        Ok(case)
    }

    /// The id of the case of this picture of this unit.
    fn unit_case(&self, station: &Station, report: &Report) -> CaseId {
        let bytes = first(&self.keyed_report(station, report));
        CaseId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// By what the units of a lot are found.
    pub(super) fn lot_key(&self, item: &str, lot: &str) -> store::Lookup {
        self.store.lookup("station-lot", &format!("{item}\n{lot}"))
    }

    /// A keyed hash of what makes a report this one: nobody without the master key can foresee it.
    fn keyed_report(&self, station: &Station, report: &Report) -> hmac::Tag {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.store.secret("station-case"));
        let mut context = hmac::Context::with_key(&key);
        context.update(station.id.0.as_bytes());
        for part in report.key() {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign()
    }
}

/// What is known of a station to decision models.
fn known() -> Known {
    Known { level: Some(3), provider: Some(PROVIDER.to_owned()), ..Known::default() }
}

/// The first bytes of a hash.
pub(super) fn first<const N: usize>(tag: &hmac::Tag) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&tag.as_ref()[..N]);
    bytes
}
