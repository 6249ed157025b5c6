//! The ledger of reads: who looked at what is held about somebody, when, why and for which case (个人信息保护法
//! art. 44, 45). One look of one reader at one thing is noted once in ten minutes, so that the list stays readable
//! and a desk that works through eighty cases a day writes little.
//!
//! A look is on the disk before the page is answered. Only where nothing can be written at all (a full or failing
//! disk) reading goes on, as the desk must, and the log says so; uncovering masked data does not.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use casework::{Actor, Case};
use domain::{CaseId, PersonId, Text, Timestamp, from_micros, micros};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use store::RecordRead;
use uuid::Uuid;

use crate::case_file::CaseFile;
use crate::{App, Error};

/// Looks at the same thing within so many milliseconds are one.
const TOGETHER: u64 = 600_000;
/// Ids of looks kept in memory, so that a look that was noted is not written again.
const REMEMBERED: usize = 20_000;
/// Lines on a page of the ledger.
const PAGE: i64 = 50;

/// Who looked, in kinds that the person reads about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// An officer.
    Officer,
    /// Somebody who acts for the person.
    Agent,
    /// Somebody who checked a certificate.
    Verifier,
    /// Another organisation's service, with the person's consent.
    Partner,
    /// The person.
    Oneself,
}

impl Reader {
    /// Id of its text (`reader-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Agent => "agent",
            Self::Verifier => "verifier",
            Self::Partner => "partner",
            Self::Oneself => "oneself",
        }
    }
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// A case with its answers.
    Case,
    /// An uploaded file.
    File,
    /// Name, number and what else the profile holds.
    Profile,
    /// A certificate.
    Certificate,
    /// Masked data, shown whole.
    Unmasked,
    /// Everything, as a file to keep.
    Export,
}

impl Looked {
    const ALL: [Self; 6] =
        [Self::Case, Self::File, Self::Profile, Self::Certificate, Self::Unmasked, Self::Export];

    /// Id of its text (`looked-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::File => "file",
            Self::Profile => "profile",
            Self::Certificate => "certificate",
            Self::Unmasked => "unmasked",
            Self::Export => "export",
        }
    }
}

/// A case, as a line of the ledger names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadCase {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Code of the item.
    pub item: String,
}

/// Who looked and why; sealed with the key of the person whose data they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// What kind of reader.
    pub reader: Reader,
    /// Their name: an officer's or agent's, or what a verifier said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// Code of an officer's agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Id of the reason, or of the kind of step at which the case stood (`step-<id>`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The step's own name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Text>,
    /// The reader's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// For which case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<ReadCase>,
    /// What, where that has a name: a file's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
}

impl Look {
    /// A look by `reader` of whom nothing more is known yet.
    #[must_use]
    pub fn by(reader: Reader) -> Self {
        Self {
            reader,
            who: String::new(),
            agency: None,
            why: String::new(),
            step: None,
            words: String::new(),
            case: None,
            what: String::new(),
        }
    }

    /// A look by an officer.
    #[must_use]
    pub fn by_officer(officer: &casework::Officer) -> Self {
        Self { who: officer.name.clone(), agency: Some(officer.agency.clone()), ..Self::by(Reader::Officer) }
    }

    /// The same, for a case.
    #[must_use]
    pub fn for_case(self, case: &Case) -> Self {
        let (number, item) = (case.number.as_str().to_owned(), case.item.clone());
        Self { case: Some(ReadCase { id: case.id, number, item }), ..self }
    }
}

/// A line of somebody's ledger.
#[derive(Debug, Clone)]
pub struct ReadLine {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Id of what was looked at (`looked-<id>`).
    pub looked: &'static str,
    /// Who and why.
    pub look: Look,
}

/// Looks that were noted lately.
#[derive(Default)]
pub(crate) struct Noted(Mutex<HashSet<Uuid>>);

impl Noted {
    fn holds(&self, id: Uuid) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }

    fn keep(&self, id: Uuid) {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.len() >= REMEMBERED {
            ids.clear();
        }
        ids.insert(id);
    }
}

/// What a sealed line is bound to.
pub(crate) fn purpose(id: Uuid) -> String {
    format!("read/{id}")
}

impl App {
    /// The id of a look: the same for the same parts within the same ten minutes, and in the order of time.
    pub(crate) fn look_id(&self, parts: &[&[u8]]) -> Uuid {
        let now = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        let began = now - now % TOGETHER;
        let mut context = Context::new(&SHA256);
        context.update(&began.to_be_bytes());
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut bytes = [0; 10];
        bytes.copy_from_slice(&context.finish().as_ref()[..10]);
        uuid::Builder::from_unix_timestamp_millis(began, &bytes).into_uuid()
    }

    /// A line for the ledger, sealed; `None` where the person was erased.
    pub(crate) async fn read_row(
        &self,
        person: PersonId,
        id: Uuid,
        looked: Looked,
        look: &Look,
    ) -> Result<Option<RecordRead>, Error> {
        let key = match self.store.person_key(person.0).await {
            Ok(key) => key,
            Err(store::Error::Erased) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let sealed = key.seal(&purpose(id), &serde_json::to_vec(look)?)?;
        let (at, kind) = (micros(self.now()), looked.id().to_owned());
        Ok(Some(RecordRead { person: person.0, id, at, kind, sealed }))
    }

    /// Notes that `reader` (an id of whoever looks: an officer's, an agent's, a partner's) looked at `thing` of
    /// `person`. It is durable when this returns.
    ///
    /// # Errors
    /// When the ledger cannot be written for another reason than that nothing can be written at all.
    pub async fn note_read(
        &self,
        person: PersonId,
        (reader, thing): (Uuid, &str),
        looked: Looked,
        look: &Look,
    ) -> Result<(), Error> {
        let case = look.case.as_ref().map(|case| case.id.0).unwrap_or_default();
        let parts = [
            person.0.as_bytes().as_slice(),
            reader.as_bytes(),
            looked.id().as_bytes(),
            case.as_bytes(),
            thing.as_bytes(),
        ];
        let id = self.look_id(&parts);
        if self.noted.holds(id) {
            return Ok(());
        }
        let Some(row) = self.read_row(person, id, looked, look).await? else { return Ok(()) };
        match self.store.note_read(row).await {
            Ok(()) => self.noted.keep(id),
            Err(error @ (store::Error::Full | store::Error::Busy | store::Error::Stopped)) => {
                tracing::warn!(%error, %reader, looked = looked.id(), %case, "a look could not be noted");
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Notes that an officer or agent looked at a case, or at one file of it. Whoever looks at their own leaves no line.
    pub(crate) async fn note_case_read(
        &self,
        actor: &Actor,
        file: &CaseFile,
        blob: Option<(&str, &str)>,
    ) -> Result<(), Error> {
        let (reader, look) = match actor {
            Actor::Officer(officer) => (officer.id.0, Look::by_officer(officer)),
            Actor::Agent(by) => {
                let who = self.name_of(by.agent).await?;
                (by.agent.0, Look { who, ..Look::by(Reader::Agent) })
            }
            Actor::Applicant(_) | Actor::System => return Ok(()),
        };
        let mut look = look.for_case(&file.case);
        if let (Actor::Officer(_), Some(step)) = (actor, file.definition.step(file.case.step)) {
            look.why = step.kind.id().to_owned();
            look.step = step.title.clone();
        }
        let (thing, looked) = match blob {
            Some((id, name)) => {
                look.what = name.to_owned();
                (id, Looked::File)
            }
            None => ("", Looked::Case),
        };
        self.note_read(file.case.applicant, (reader, thing), looked, &look).await
    }

    /// A page of one's own ledger, the latest first, and after which line the next page begins.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn reads(
        &self,
        person: PersonId,
        before: Option<Uuid>,
    ) -> Result<(Vec<ReadLine>, Option<Uuid>), Error> {
        let mut rows = self.store.reads(person.0, before, PAGE + 1).await?;
        let more = rows.len() as i64 > PAGE;
        rows.truncate(PAGE as usize);
        let Some(last) = rows.last().map(|row| row.id) else { return Ok((Vec::new(), None)) };
        let key = self.store.person_key(person.0).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let look = serde_json::from_slice(&key.open(&purpose(row.id), &row.sealed)?)?;
            let looked = Looked::ALL.into_iter().find(|known| known.id() == row.kind);
            let looked = looked.map_or("case", Looked::id);
            lines.push(ReadLine { id: row.id, at: from_micros(row.at), looked, look });
        }
        // Within ten minutes the order of ids is chance.
        lines.sort_by_key(|line| std::cmp::Reverse(line.at));
        Ok((lines, more.then_some(last)))
    }
}
