//! A case with everything on it, for whoever may read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use casework::{Action, Actor, Case, Definition, Event, Private, actions, lapsed};
use domain::{CaseId, PersonId};
use identity::Subject;
use store::{Head, History, MyCase};

use crate::mapping::{event_purpose, read_event};
use crate::{App, Error, Party};

/// A case, its definition and its history, with private parts opened where the applicant's key exists.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The definition it keeps.
    pub definition: Arc<Definition>,
    /// Its state.
    pub case: Case,
    /// Its history.
    pub events: Vec<Event>,
    /// What the reader may do now.
    pub actions: Vec<Action>,
    /// Who acted for the applicant, by name; none for who is erased.
    pub agents: BTreeMap<PersonId, String>,
    pub(crate) head: Head,
}

/// A page of a citizen's cases, and whether there are more.
#[derive(Debug, Clone)]
pub struct MyCases {
    /// The latest first.
    pub cases: Vec<MyCase>,
    /// There are older ones after the last.
    pub more: bool,
}

const PAGE: i64 = 20;
/// A page for an agent reads so many pages at most, passing over what the tie does not cover.
const PASSED: usize = 8;

impl App {
    /// A citizen's own cases, the latest first, `before` a case of theirs; of an agent's principal those that
    /// the tie covers.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn my_cases(&self, party: impl Into<Party>, before: Option<CaseId>) -> Result<MyCases, Error> {
        let party = party.into();
        let actor = party.actor();
        let reach = self.reach(&actor).await?;
        let (mut cases, mut before) = (Vec::new(), before.map(|id| id.0));
        for _ in 0..PASSED {
            let page = self.store.my_cases(party.person.0, before, PAGE + 1).await?;
            let last = page.last().map(|case| case.id).filter(|_| page.len() as i64 > PAGE);
            cases.extend(page.into_iter().filter(|case| {
                let service = self.service(&case.item);
                reach.may(Subject::Application { applicant: party.person, service }).is_ok()
            }));
            before = last;
            if before.is_none() || cases.len() as i64 > PAGE {
                break;
            }
        }
        let more = cases.len() as i64 > PAGE;
        cases.truncate(PAGE as usize);
        Ok(MyCases { cases, more })
    }

    /// A citizen's own case.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs or not there: the two look alike.
    pub async fn my_case(&self, party: impl Into<Party>, id: CaseId) -> Result<CaseFile, Error> {
        let party = party.into();
        let mine = self.store.my_case(party.person.0, id.0).await?.ok_or(Error::NotFound)?;
        self.open_case(&mine.area, id, &party.actor()).await
    }

    /// A case for `actor`: the applicant or their agent, or an officer of its agency and area who stands on no
    /// other side of it. The applicant's ledger says that an officer or agent looked.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs or not there: the two look alike.
    pub async fn open_case(&self, area: &str, id: CaseId, actor: &Actor) -> Result<CaseFile, Error> {
        let file = self.case_to_act_on(area, id, actor).await?;
        self.note_case_read(actor, &file, None).await?;
        Ok(file)
    }

    /// The same without a line in the ledger: for what is done to a case, which its own record tells.
    pub(crate) async fn case_to_act_on(
        &self,
        area: &str,
        id: CaseId,
        actor: &Actor,
    ) -> Result<CaseFile, Error> {
        let history = self.store.history(area, id.0).await?.ok_or(Error::NotFound)?;
        let mut file = self.read_case(id, &history).await?;
        if !self.may_read(actor, &file.case, &file.events).await? {
            return Err(Error::NotFound);
        }
        let facts = self.facts_after(actor, &file.events);
        let in_law = lapsed(&file.definition, &file.case, facts);
        file.actions = actions(&file.definition, in_law.as_ref().unwrap_or(&file.case), actor);
        Ok(file)
    }

    /// One uploaded file of a case: its media type, name and bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the case does not hold it or it is not the reader's to see.
    pub async fn case_attachment(
        &self,
        area: &str,
        id: CaseId,
        file: &str,
        actor: &Actor,
    ) -> Result<(String, String, Vec<u8>), Error> {
        let opened = self.case_to_act_on(area, id, actor).await?;
        let held = opened.case.materials.iter().any(|m| m.files.iter().any(|known| known == file));
        if !held {
            return Err(Error::NotFound);
        }
        let blob = self.store.get_blob(opened.case.applicant.0, file).await?.ok_or(Error::NotFound)?;
        self.note_case_read(actor, &opened, Some((file, &blob.name))).await?;
        Ok((blob.media_type, blob.name, blob.bytes))
    }

    /// Replays a case.
    async fn read_case(&self, id: CaseId, history: &History) -> Result<CaseFile, Error> {
        let mut events = Vec::with_capacity(history.events.len());
        for row in &history.events {
            let private = match &row.sealed {
                Some(sealed) => self.private(history.person, id.0, row.seq, sealed).await?,
                None => None,
            };
            events.push(read_event(row, private)?);
        }
        let case = self.fold(&events).await?.ok_or(Error::NotFound)?;
        let definition = self.definition(&case.definition).await?;
        let mut agents = BTreeMap::new();
        for &agent in &case.agents {
            agents.insert(agent, self.name_of(agent).await?);
        }
        Ok(CaseFile { definition, case, events, actions: Vec::new(), agents, head: history.head })
    }

    pub(crate) async fn private(
        &self,
        person: uuid::Uuid,
        case: uuid::Uuid,
        seq: i64,
        sealed: &[u8],
    ) -> Result<Option<Private>, Error> {
        let key = match self.store.person_key(person).await {
            Ok(key) => key,
            // Destroyed on purpose: the case stays, the person's words are gone.
            Err(store::Error::Erased) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let plain = key.open(&event_purpose(case, seq), sealed)?;
        Ok(Some(serde_json::from_slice(&plain)?))
    }
}
