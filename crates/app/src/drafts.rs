//! Drafts: an application being written. Saved at every step, sealed, one person's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use casework::{Definition, Handed, Rule};
use domain::{CaseId, PersonId, Timestamp, from_micros, micros};
use identity::Subject;
use packs::{Answers, Audience, Field, FieldError, Page, Prefill, form};
use serde::{Deserialize, Serialize};
use store::Draft as DraftRow;
use uuid::Uuid;

use crate::files::{FileError, FileRef, MAX_FILES};
use crate::session::Profile;
use crate::{App, Error, Party, Proof};

/// Most open drafts of one person.
pub const MAX_DRAFTS: i64 = 50;
/// Longest answer kept as typed, in characters, so that a wrong one can be shown again.
const MAX_TYPED: usize = 5_000;

/// Longest reason why a material does not apply, in characters.
pub(crate) const MAX_EXCUSE: usize = 500;

/// An application being written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its id, and that of the case it becomes.
    pub id: CaseId,
    /// Whose.
    pub person: PersonId,
    /// The definition it was begun under.
    pub definition: Arc<Definition>,
    /// What was written so far.
    pub body: DraftBody,
    /// Its version, for optimistic writes.
    pub version: i64,
    /// Certificates that could stand for materials, by material.
    pub(crate) proofs: BTreeMap<String, Proof>,
    /// When it was last saved.
    pub updated: Timestamp,
    pub(crate) created: i64,
    /// Set once it has become a case.
    pub submitted: bool,
}

/// What was written so far; sealed as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftBody {
    /// Answers as typed, right or wrong.
    pub answers: Answers,
    /// Materials, by id.
    pub materials: BTreeMap<String, DraftMaterial>,
    /// Fields that still hold what a register or the profile said.
    #[serde(default)]
    pub prefilled: Vec<String>,
}

/// One material of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftMaterial {
    /// Uploaded files.
    pub files: Vec<FileRef>,
    /// Why it does not apply; empty when nothing was said.
    pub not_applicable: String,
    /// 容缺: promised for later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
    /// 免证办: the applicant took the certificate off that would stand for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uploads: bool,
}

impl DraftMaterial {
    /// Whether no certificate is to stand for it.
    pub(crate) fn stands_alone(&self) -> bool {
        self.uploads || self.is_given()
    }

    fn is_given(&self) -> bool {
        !self.files.is_empty() || !self.not_applicable.is_empty() || self.later
    }
}

impl DraftBody {
    /// The materials that were given by hand.
    #[must_use]
    pub(crate) fn handed(&self) -> Vec<Handed> {
        let given = self.materials.iter().filter(|(_, material)| material.is_given());
        given
            .map(|(id, material)| Handed {
                files: material.files.iter().map(|file| file.id.clone()).collect(),
                not_applicable: material.files.is_empty() && !material.not_applicable.is_empty(),
                later: material.later && material.not_applicable.is_empty(),
                ..Handed::nothing(id)
            })
            .collect()
    }

    /// The personal words about materials: why they do not apply, and the names of files.
    #[must_use]
    pub(crate) fn about(&self) -> BTreeMap<String, String> {
        let mut about = BTreeMap::new();
        for (id, material) in &self.materials {
            if material.files.is_empty() && !material.not_applicable.is_empty() {
                about.insert(id.clone(), material.not_applicable.clone());
            }
            for file in &material.files {
                about.insert(format!("file/{}", file.id), file.name.clone());
            }
        }
        about
    }

    fn files(&self) -> usize {
        self.materials.values().map(|material| material.files.len()).sum()
    }
}

/// Whether an item is for legal persons as well (服务对象 2 to 6).
fn takes_organisations(definition: &Definition) -> bool {
    definition.item.audiences.iter().any(|audience| !matches!(audience, Audience::Person | Audience::Thing))
}

fn prefill(definition: &Definition, profile: &Profile) -> DraftBody {
    let mut body = DraftBody::default();
    for field in definition.item.form.pages.iter().flat_map(|page| &page.fields) {
        let known = match field.prefill {
            Some(Prefill::Name) => Some(profile.name.clone()),
            Some(Prefill::CitizenNumber) => Some(profile.number.clone()).filter(|_| !profile.organisation),
            Some(Prefill::Mobile) => profile.mobile.clone(),
            Some(Prefill::Address) => profile.address.clone(),
            None => None,
        };
        if let Some(known) = known {
            body.prefilled.push(field.name.clone());
            body.answers.insert(field.name.clone(), known);
        }
    }
    body
}

/// What was typed on a page, cut to sane lengths; several values of a name are joined by `|`.
fn typed(page: &Page, given: &Answers) -> Vec<(String, String)> {
    let value = |field: &Field| given.get(&field.name).map(String::as_str).unwrap_or_default();
    page.fields
        .iter()
        .map(|field| (field.name.clone(), value(field).chars().take(MAX_TYPED).collect()))
        .collect()
}

impl App {
    /// Begins an application, with what is already known filled in. Whoever has an open draft of the same
    /// item continues that one.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown item, [`Error::NotOnline`] where one cannot apply here,
    /// [`Error::TooManyDrafts`] beyond [`MAX_DRAFTS`], [`Error::Level`] below the item's real-name level.
    pub async fn start_draft(&self, party: impl Into<Party>, item: &str) -> Result<CaseId, Error> {
        let party = party.into();
        let person = party.person;
        self.catalogue.item(item).ok_or(Error::NotFound)?;
        // Which services there are is public, so that it may be said which of them a tie leaves out.
        self.may_apply(party, item).await.map_err(|error| match error {
            Error::NotFound => Rule::NotCovered.into(),
            error => error,
        })?;
        // What is for things alone is reported by stations and written by nobody.
        let definition = self.definitions.current(item).filter(|definition| !definition.item.for_things());
        let definition = definition.ok_or(Error::NotOnline)?;
        let open = self.store.drafts(person.0, MAX_DRAFTS).await?;
        let same = |row: &&DraftRow| row.item == item && row.definition == definition.digest();
        if let Some(row) = open.iter().find(same) {
            return Ok(CaseId(row.id));
        }
        let profile = self.profile(person).await?;
        self.enough(&definition, party).await?;
        if profile.organisation && !takes_organisations(&definition) {
            return Err(Rule::NotForOrganisations.into());
        }
        if let Some(agent) = party.agent {
            let who = self.name_of(agent.agent).await?;
            let look = crate::Look { who, ..crate::Look::by(crate::Reader::Agent) };
            self.note_read(person, (agent.agent.0, item), crate::Looked::Profile, &look).await?;
        }
        let body = prefill(&definition, &profile);
        let id = self.new_id();
        let now = micros(self.now());
        // The definition first: a draft must stay readable when the packs move on.
        self.keep(&definition).await?;
        let row = DraftRow {
            person: person.0,
            id,
            item: item.to_owned(),
            definition: definition.digest().to_owned(),
            step: String::new(),
            sealed: self.seal_draft(person, id, &body).await?,
            files: "[]".to_owned(),
            version: 0,
            created_at: now,
            updated_at: now,
            submitted_case: None,
        };
        self.store.save_draft(row, MAX_DRAFTS).await.map_err(|error| match error {
            store::Error::TooMany { .. } => Error::TooManyDrafts,
            error => error.into(),
        })?;
        Ok(CaseId(id))
    }

    /// What is already known of an item's form.
    pub(crate) async fn prefilled(
        &self,
        person: PersonId,
        definition: &Definition,
    ) -> Result<Answers, Error> {
        Ok(prefill(definition, &self.profile(person).await?).answers)
    }

    /// Whether an application for this item is a party's to begin, read and write.
    async fn may_apply(&self, party: Party, item: &str) -> Result<(), Error> {
        let subject = Subject::Application { applicant: party.person, service: self.service(item) };
        self.may(&party.actor(), subject).await
    }

    /// A person's open drafts, the latest first; of an agent's principal those that the tie covers.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn drafts(&self, party: impl Into<Party>) -> Result<Vec<Draft>, Error> {
        let party = party.into();
        let (person, actor) = (party.person, party.actor());
        let reach = self.reach(&actor).await?;
        let mut drafts = Vec::new();
        for row in self.store.drafts(person.0, MAX_DRAFTS).await? {
            let service = self.service(&row.item);
            if reach.may(Subject::Application { applicant: person, service }).is_err() {
                continue;
            }
            drafts.push(self.read_draft(person, row).await?);
        }
        Ok(drafts)
    }

    /// One draft of this person.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs or not there.
    pub async fn draft(&self, party: impl Into<Party>, id: CaseId) -> Result<Draft, Error> {
        let party = party.into();
        let row = self.store.draft(party.person.0, id.0).await?.ok_or(Error::NotFound)?;
        self.may_apply(party, &row.item).await?;
        self.read_draft(party.person, row).await
    }

    /// Keeps what was typed on a page, right or wrong, and says what is wrong.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown page; [`Error::Contention`] when another window saved meanwhile.
    pub async fn save_page(
        &self,
        draft: &Draft,
        page: &str,
        given: &Answers,
    ) -> Result<Vec<FieldError>, Error> {
        let form = &draft.definition.item.form;
        let page = form.pages.iter().find(|p| p.id == page).ok_or(Error::NotFound)?;
        let mut body = draft.body.clone();
        for (name, value) in typed(page, given) {
            if body.answers.get(&name) != Some(&value) {
                body.prefilled.retain(|known| *known != name);
            }
            body.answers.insert(name, value);
        }
        self.save_draft(draft, &body).await?;
        let today = self.catalogue.calendar.date_of(self.now());
        Ok(form::validate_page(form, &page.id, &body.answers, today).err().unwrap_or_default())
    }

    /// Takes a file for a material.
    ///
    /// # Errors
    /// [`Error::File`] by the file's name; [`Error::NotFound`] for an unknown material.
    pub async fn upload(
        &self,
        draft: &Draft,
        material: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Draft, Error> {
        self.known_material(draft, material)?;
        if draft.body.files() >= MAX_FILES {
            return Err(FileError::TooMany.into());
        }
        let file = self.keep_file(draft.person, name, bytes).await?;
        let mut body = draft.body.clone();
        let slot = body.materials.entry(material.to_owned()).or_default();
        if !slot.files.iter().any(|known| known.id == file.id) {
            slot.files.push(file);
        }
        slot.not_applicable.clear();
        self.save_draft(draft, &body).await
    }

    /// Takes a file away again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown material.
    pub async fn remove_file(&self, draft: &Draft, material: &str, file: &str) -> Result<Draft, Error> {
        let mut body = draft.body.clone();
        let slot = body.materials.get_mut(material).ok_or(Error::NotFound)?;
        slot.files.retain(|known| known.id != file);
        self.save_draft(draft, &body).await
    }

    /// A file of a draft: its media type, name and bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn draft_file(&self, draft: &Draft, file: &str) -> Result<(String, String, Vec<u8>), Error> {
        let blob = self.store.get_blob(draft.person.0, file).await?.ok_or(Error::NotFound)?;
        Ok((blob.media_type, blob.name, blob.bytes))
    }

    /// 容缺: promises materials for later, or takes the promise back; only those the guide lets follow.
    ///
    /// # Errors
    /// [`Error::Contention`] when another window saved meanwhile.
    pub async fn promise_later(&self, draft: &Draft, promised: &[String]) -> Result<Draft, Error> {
        let mut body = draft.body.clone();
        for material in draft.definition.item.materials.iter().filter(|material| material.later) {
            let later = promised.contains(&material.id);
            if later || body.materials.contains_key(&material.id) {
                body.materials.entry(material.id.clone()).or_default().later = later;
            }
        }
        if body == draft.body {
            return Ok(draft.clone());
        }
        self.save_draft(draft, &body).await
    }

    /// Keeps why a material does not apply; empty words take it back.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown material.
    pub async fn say_not_applicable(&self, draft: &Draft, words: &Answers) -> Result<Draft, Error> {
        let mut body = draft.body.clone();
        for (material, why) in words {
            self.known_material(draft, material)?;
            let slot = body.materials.entry(material.clone()).or_default();
            slot.not_applicable = why.trim().chars().take(MAX_EXCUSE).collect();
        }
        self.save_draft(draft, &body).await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs, not there, or has become a case.
    pub async fn discard_draft(&self, party: impl Into<Party>, id: CaseId) -> Result<(), Error> {
        let party = party.into();
        let row = self.store.draft(party.person.0, id.0).await?.ok_or(Error::NotFound)?;
        self.may_apply(party, &row.item).await?;
        Ok(self.store.discard_draft(party.person.0, id.0).await?)
    }

    fn known_material(&self, draft: &Draft, id: &str) -> Result<(), Error> {
        draft.definition.item.materials.iter().any(|m| m.id == id).then_some(()).ok_or(Error::NotFound)
    }

    async fn read_draft(&self, person: PersonId, row: DraftRow) -> Result<Draft, Error> {
        let definition = self.definition(&row.definition).await?;
        let plain = self.store.person_key(person.0).await?.open(&purpose(row.id), &row.sealed)?;
        let submitted = row.submitted_case.is_some();
        let materials = &definition.item.materials;
        let proofs = if submitted { BTreeMap::new() } else { self.proofs_for(person, materials).await? };
        Ok(Draft {
            id: CaseId(row.id),
            person,
            proofs,
            definition,
            body: serde_json::from_slice(&plain)?,
            version: row.version,
            updated: from_micros(row.updated_at),
            created: row.created_at,
            submitted,
        })
    }

    async fn seal_draft(&self, person: PersonId, id: Uuid, body: &DraftBody) -> Result<Vec<u8>, Error> {
        Ok(self.store.person_key(person.0).await?.seal(&purpose(id), &serde_json::to_vec(body)?)?)
    }

    pub(crate) async fn save_draft(&self, draft: &Draft, body: &DraftBody) -> Result<Draft, Error> {
        if draft.submitted {
            return Err(casework::Rule::AlreadySubmitted.into());
        }
        let now = self.now();
        let row = DraftRow {
            person: draft.person.0,
            id: draft.id.0,
            item: draft.definition.item.code.clone(),
            definition: draft.definition.digest().to_owned(),
            step: String::new(),
            sealed: self.seal_draft(draft.person, draft.id.0, body).await?,
            files: "[]".to_owned(),
            version: draft.version,
            created_at: draft.created,
            updated_at: micros(now),
            submitted_case: None,
        };
        let version = match self.store.save_draft(row, MAX_DRAFTS).await {
            Err(store::Error::Conflict) => return Err(Error::Contention),
            saved => saved?,
        };
        Ok(Draft { body: body.clone(), version, updated: now, ..draft.clone() })
    }
}

fn purpose(id: Uuid) -> String {
    format!("draft/{id}")
}
