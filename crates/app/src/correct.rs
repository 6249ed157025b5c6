//! Answering a correction notice.

use casework::{Action, Command, Handed, Rule};
use domain::CaseId;
use packs::{Answers, FieldKind};

use crate::drafts::MAX_EXCUSE;
use crate::files::{FileError, MAX_FILES};
use crate::{App, CaseFile, Error, Once, Party};

/// A file sent for a material.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Id of the material.
    pub material: String,
    /// The name it came with.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What the applicant sends: only what changes. What was right stays as it was.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// Answers to change, by field.
    pub answers: Answers,
    /// Why materials do not apply, by material; empty words are no excuse.
    pub excuses: Answers,
    /// Files to add.
    pub uploads: Vec<Upload>,
    /// Files to take away.
    pub remove: Vec<String>,
    /// Words to the officer.
    pub note: String,
}

impl App {
    /// Answers the correction notice of a citizen's own case.
    ///
    /// # Errors
    /// [`Error::CorrectionFile`] for a file that cannot be taken, [`Error::Refused`] with what is still
    /// missing; the case is unchanged then. [`Error::KeyReused`] when the key came with another request.
    pub async fn correct(
        &self,
        party: impl Into<Party>,
        id: CaseId,
        sent: Correction,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        let party = party.into();
        let answer = self.correct_now(party, id, sent, once).await;
        self.or_done(party, id, once, answer).await
    }

    async fn correct_now(
        &self,
        party: Party,
        id: CaseId,
        sent: Correction,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        let file = self.my_case(party, id).await?;
        may_correct(&file, &sent)?;
        let mut answers = Answers::clone(&file.case.answers);
        if !sent.answers.is_empty() {
            // A box that is no longer ticked is not sent at all.
            let boxes = file.definition.item.form.pages.iter().flat_map(|page| &page.fields);
            let boxes = boxes.filter(|f| matches!(f.kind, FieldKind::Choices { .. } | FieldKind::Confirm));
            boxes.for_each(|field| drop(answers.remove(&field.name)));
        }
        answers.extend(sent.answers);
        let mut about = excuses(&file);
        let asked = |id: &str| file.definition.item.materials.iter().any(|material| material.id == id);
        let said = sent.excuses.into_iter().filter(|(id, why)| asked(id) && !why.trim().is_empty());
        about.extend(said.map(|(id, why)| (id, why.trim().chars().take(MAX_EXCUSE).collect())));
        let mut materials = file.case.materials.clone();
        for given in &mut materials {
            given.files.retain(|known| !sent.remove.contains(known));
        }
        for upload in sent.uploads {
            let kept = match self.keep_file(party.person, &upload.name, upload.bytes).await {
                Err(Error::File(error)) => {
                    return Err(Error::CorrectionFile { material: upload.material, error });
                }
                kept => kept?,
            };
            about.insert(format!("file/{}", kept.id), kept.name);
            slot(&mut materials, &upload.material).files.push(kept.id);
        }
        for material in file.definition.item.materials.iter().filter(|m| about.contains_key(&m.id)) {
            slot(&mut materials, &material.id);
        }
        for given in &mut materials {
            // What is uploaded stands in the certificate's place.
            given.proven &= given.files.is_empty();
            given.not_applicable = !given.is_there() && about.contains_key(&given.material);
        }
        materials.retain(|given| given.is_there() || given.not_applicable || given.is_owed());
        if !sent.note.trim().is_empty() {
            about.insert("note".to_owned(), sent.note.trim().chars().take(MAX_EXCUSE).collect());
        }
        let command = Command::Correct { answers, materials, about };
        self.act_once(file.case.area.as_str(), id, &party.actor(), command, once).await
    }
}

/// Looks before any file is kept: a case that takes no correction takes no file either, and neither do a
/// material that was not asked for and a case that has all the files it may have.
fn may_correct(file: &CaseFile, sent: &Correction) -> Result<(), Error> {
    if !file.actions.contains(&Action::Correct) {
        let closed = !file.case.status.open();
        return Err(if closed { Rule::AlreadyClosed } else { Rule::NothingToCorrect }.into());
    }
    let asked = |upload: &Upload| file.definition.item.materials.iter().any(|m| m.id == upload.material);
    if !sent.uploads.iter().all(asked) {
        return Err(Error::NotFound);
    }
    let kept = file.case.materials.iter().flat_map(|given| &given.files);
    let held = kept.filter(|known| !sent.remove.contains(known)).count();
    match sent.uploads.first() {
        Some(first) if held + sent.uploads.len() > MAX_FILES => {
            Err(Error::CorrectionFile { material: first.material.clone(), error: FileError::TooMany })
        }
        _ => Ok(()),
    }
}

/// Why materials did not apply, as last said.
fn excuses(file: &CaseFile) -> Answers {
    let private = file.events.first().and_then(|event| event.private.as_ref());
    let about = private.map(|private| private.about.clone()).unwrap_or_default();
    let waived = |id: &str| file.case.materials.iter().any(|m| m.material == id && m.not_applicable);
    about.into_iter().filter(|(id, _)| waived(id)).collect()
}

fn slot<'a>(materials: &'a mut Vec<Handed>, id: &str) -> &'a mut Handed {
    let at = materials.iter().position(|given| given.material == id).unwrap_or_else(|| {
        materials.push(Handed::nothing(id));
        materials.len() - 1
    });
    &mut materials[at]
}
