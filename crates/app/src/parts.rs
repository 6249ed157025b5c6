//! 一件事: the parts of a joint case, opened, joined and dropped by effects. Each may be carried out any number
//! of times: a part's id follows from the joint case, and an end that was told is not told again.

use casework::{
    Actor, BranchCase, Case, Command, Definition, Handed, Opening, PartOf, Rule, Status, Submission,
    branch_definition, decide, file_key, proof_key, replay, stops_of,
};
use domain::{AreaCode, CaseId, CaseNumber, micros};
use packs::{Answers, Branch};
use store::{CaseCommit, Error as StoreError, Head};

use crate::mapping::view;
use crate::{App, CaseFile, Error, Party};

/// A part of a joint case, as pages show it.
#[derive(Debug, Clone)]
pub struct Part {
    /// What people call it.
    pub title: domain::Text,
    /// How the joint case knows it.
    pub known: BranchCase,
    /// Its own case, once it is opened.
    pub case: Option<Case>,
}

/// More parts than a pack may name.
const MAX_PARTS: i64 = 64;

impl App {
    /// The parts of a joint case, each as it stands now, in the order of the procedure.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn parts(&self, file: &CaseFile) -> Result<Vec<Part>, Error> {
        let mut parts = Vec::with_capacity(file.case.branches.len());
        for known in &file.case.branches {
            let title = part_title(&file.definition, &known.branch);
            let stored = self.store.load_case(known.area.as_str(), known.case.0).await?;
            let case = stored.map(|stored| serde_json::from_str(&stored.row.view.view)).transpose()?;
            parts.push(Part { title, known: known.clone(), case });
        }
        Ok(parts)
    }

    /// Opens a part: a case of its own, with the answers and materials that its agency needs.
    pub(crate) async fn open_part(&self, area: &str, joint: CaseId, part: &str) -> Result<(), Error> {
        let file = self.open_case(area, joint, &Actor::System).await?;
        let Some(known) = file.case.branches.iter().find(|known| known.branch == part) else {
            return Err(Rule::NoSuchBranch.into());
        };
        if known.outcome.is_some() || !file.case.status.open() {
            return Ok(());
        }
        let branch = branch_of(&file.definition, part).ok_or(Error::NotFound)?;
        let procedure = self.catalogue.procedure(&branch.procedure).ok_or(Error::NotFound)?.clone();
        let definition = branch_definition(&file.definition, branch, procedure)?;
        self.keep(&definition).await?;
        let part_of =
            PartOf { area: file.case.area.clone(), case: file.case.id, branch: branch.branch.clone() };
        let submission = self.submission_of(&file, &definition, known);
        let opening = Opening { applicant: file.case.applicant, part_of: Some(part_of), submission };
        match self.commit_opening(&definition, opening).await {
            // It is there already.
            Ok(()) | Err(Error::Store(StoreError::Conflict)) => {}
            Err(error) => return Err(error),
        }
        // The joint case may have ended between the look and the opening, and its parts have been dropped
        // before this one was there.
        let joint = self.open_case(area, joint, &Actor::System).await?;
        if joint.case.status.open() { Ok(()) } else { self.drop_part(known).await }
    }

    fn submission_of(&self, file: &CaseFile, definition: &Definition, known: &BranchCase) -> Submission {
        let joint = &file.case;
        let fields = definition.item.form.pages.iter().flat_map(|page| &page.fields);
        let answers = fields.filter_map(|field| joint.answers.get_key_value(&field.name));
        let wanted = |id: &str| definition.item.materials.iter().any(|material| material.id == id);
        let materials: Vec<Handed> =
            joint.materials.iter().filter(|handed| wanted(&handed.material)).cloned().collect();
        Submission {
            case: known.case,
            number: self.new_number(&known.area),
            answers: answers.map(|(name, answer)| (name.clone(), answer.clone())).collect(),
            about: said_of(file, &materials),
            materials,
            known: casework::Known::clone(&joint.known),
        }
    }

    /// A new case number of an area.
    pub(crate) fn new_number(&self, area: &AreaCode) -> CaseNumber {
        let mut random = [0; 8];
        self.random.fill(&mut random);
        let today = self.catalogue.calendar.date_of(self.now());
        CaseNumber::new(area, today, u64::from_le_bytes(random))
    }

    /// Opens a case for somebody: a part of a joint case, or an offer.
    pub(crate) async fn commit_opening(
        &self,
        definition: &Definition,
        opening: Opening,
    ) -> Result<(), Error> {
        let facts = self.facts(&Actor::System);
        let events = decide(definition, None, Command::Open(Box::new(opening)), facts)?;
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
            unit: None,
            review: None,
        };
        self.store.commit(commit).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Tells the joint case when a part's clock stood still or does: all of it each time, so that word that
    /// comes late, twice or in another order says the same in the end.
    pub(crate) async fn tell_stops(&self, area: &str, part: CaseId) -> Result<(), Error> {
        let file = self.open_case(area, part, &Actor::System).await?;
        let stops = stops_of(&file.events, &self.catalogue.calendar);
        let Some(part_of) = file.case.part_of.as_ref().filter(|_| !stops.is_empty()) else { return Ok(()) };
        let command = Command::TellStops { branch: part_of.branch.clone(), case: part, stops };
        match self.act(part_of.area.as_str(), part_of.case, &Actor::System, command).await {
            Err(Error::Refused(refusal)) if refusal.rule == Rule::AlreadyClosed => Ok(()),
            done => done.map(drop),
        }
    }

    /// Tells the joint case how a part has ended; first when its clock stood still, since the end may lead on
    /// to a decision, whose clock must be right by then.
    pub(crate) async fn end_part(&self, area: &str, part: CaseId) -> Result<(), Error> {
        self.tell_stops(area, part).await?;
        let file = self.open_case(area, part, &Actor::System).await?;
        let (Some(part_of), Status::Closed(outcome)) = (&file.case.part_of, file.case.status) else {
            return Ok(());
        };
        let command = Command::EndBranch { branch: part_of.branch.clone(), case: part, outcome };
        match self.act(part_of.area.as_str(), part_of.case, &Actor::System, command).await {
            Err(Error::Refused(refusal)) if refusal.rule == Rule::AlreadyClosed => Ok(()),
            done => done.map(drop),
        }
    }

    /// Withdraws the parts of a joint case that ended before them.
    pub(crate) async fn drop_parts(&self, area: &str, joint: CaseId) -> Result<(), Error> {
        let file = self.open_case(area, joint, &Actor::System).await?;
        for part in file.case.branches.iter().filter(|part| part.outcome.is_none()) {
            self.drop_part(part).await?;
        }
        Ok(())
    }

    async fn drop_part(&self, part: &BranchCase) -> Result<(), Error> {
        let command = Command::Withdraw { words: String::new() };
        match self.act(part.area.as_str(), part.case, &Actor::System, command).await {
            // Decided or ended meanwhile, or not opened: whoever opens it looks at the joint case afterwards.
            Ok(_) | Err(Error::Refused(_) | Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A person's cases that are parts of this one.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn my_parts(
        &self,
        party: impl Into<Party>,
        joint: CaseId,
    ) -> Result<Vec<store::MyCase>, Error> {
        // Whoever may read the joint case may read its parts.
        let person = self.my_case(party, joint).await?.case.applicant;
        Ok(self.store.branches_of(person.0, joint.0, MAX_PARTS).await?)
    }
}

/// What the applicant last said of materials: the names of their files, and why one does not apply.
fn said_of(file: &CaseFile, materials: &[Handed]) -> Answers {
    let said = |name: &String| {
        let privates = file.events.iter().rev().filter_map(|event| event.private.as_ref());
        privates.filter_map(|private| private.about.get_key_value(name)).next()
    };
    let names = materials.iter().flat_map(|handed| {
        let files = handed.files.iter().map(|file| file_key(file));
        let proof = handed.proven.then(|| proof_key(&handed.material));
        files.chain(handed.not_applicable.then(|| handed.material.clone())).chain(proof)
    });
    names.filter_map(|name| said(&name).map(|(name, words)| (name.clone(), words.clone()))).collect()
}

/// What people call a part; its id where the definition no longer knows it.
#[must_use]
pub fn part_title(definition: &Definition, id: &str) -> domain::Text {
    branch_of(definition, id).map_or_else(|| domain::Text::zh(id.to_owned()), |branch| branch.title.clone())
}

fn branch_of<'a>(definition: &'a Definition, id: &str) -> Option<&'a Branch> {
    definition.procedure.steps.iter().flat_map(|step| &step.branches).find(|branch| branch.branch == id)
}
