//! What an applicant adds to a case of theirs: promised materials, and the answer to an offer.

use casework::{Action, Command, Handed, Rule};
use domain::{CaseId, PersonId};
use packs::Answers;

use crate::files::{FileError, MAX_FILES};
use crate::{App, CaseFile, Error, Once, Party, Upload};

impl App {
    /// Hands in what was promised for later (容缺).
    ///
    /// # Errors
    /// [`Error::CorrectionFile`] for a file that cannot be taken, [`Error::Refused`] when nothing that is
    /// owed was sent; the case is unchanged then. [`Error::KeyReused`] when the key came with another request.
    pub async fn supply(
        &self,
        party: impl Into<Party>,
        id: CaseId,
        uploads: Vec<Upload>,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        let party = party.into();
        let answer = self.supply_now(party, id, uploads, once).await;
        self.or_done(party, id, once, answer).await
    }

    async fn supply_now(
        &self,
        party: Party,
        id: CaseId,
        uploads: Vec<Upload>,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        let file = self.my_case(party, id).await?;
        if !file.actions.contains(&Action::Supply) {
            return Err(Rule::NothingOwed.into());
        }
        let owed = |material: &str| file.case.materials.iter().any(|m| m.material == material && m.is_owed());
        let uploads: Vec<Upload> = uploads.into_iter().filter(|upload| owed(&upload.material)).collect();
        let (materials, about) = self.taken(party.person, uploads).await?;
        let command = Command::Supply { materials, about };
        self.act_once(file.case.area.as_str(), id, &party.actor(), command, once).await
    }

    /// Takes up an offer (免申即享), with what it still asks for.
    ///
    /// # Errors
    /// As for [`App::supply`]; [`Error::Level`] below the item's real-name level; [`Error::Refused`] with the fields and materials that are wrong.
    pub async fn confirm(
        &self,
        party: impl Into<Party>,
        id: CaseId,
        sent: Answers,
        uploads: Vec<Upload>,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        let party = party.into();
        let answer = self.confirm_now(party, id, sent, uploads, once).await;
        self.or_done(party, id, once, answer).await
    }

    async fn confirm_now(
        &self,
        party: Party,
        id: CaseId,
        sent: Answers,
        uploads: Vec<Upload>,
        once: Option<&Once>,
    ) -> Result<CaseFile, Error> {
        let file = self.my_case(party, id).await?;
        if !file.actions.contains(&Action::Confirm) {
            return Err(Rule::WrongStep.into());
        }
        self.enough(&file.definition, party).await?;
        let asked = |material: &str| file.definition.item.materials.iter().any(|known| known.id == material);
        let uploads: Vec<Upload> = uploads.into_iter().filter(|upload| asked(&upload.material)).collect();
        let mut answers = Answers::clone(&file.case.answers);
        answers.extend(sent);
        let (materials, about) = self.taken(party.person, uploads).await?;
        let command = Command::Confirm { answers, materials, about };
        self.act_once(file.case.area.as_str(), id, &party.actor(), command, once).await
    }

    /// Keeps files: the materials they make, and their names.
    async fn taken(&self, person: PersonId, uploads: Vec<Upload>) -> Result<(Vec<Handed>, Answers), Error> {
        if let Some(first) = uploads.first().filter(|_| uploads.len() > MAX_FILES) {
            return Err(Error::CorrectionFile {
                material: first.material.clone(),
                error: FileError::TooMany,
            });
        }
        let (mut materials, mut about) = (Vec::<Handed>::new(), Answers::new());
        for upload in uploads {
            let kept = match self.keep_file(person, &upload.name, upload.bytes).await {
                Err(Error::File(error)) => {
                    return Err(Error::CorrectionFile { material: upload.material, error });
                }
                kept => kept?,
            };
            about.insert(format!("file/{}", kept.id), kept.name);
            match materials.iter_mut().find(|handed| handed.material == upload.material) {
                Some(handed) => handed.files.push(kept.id),
                None => {
                    materials.push(Handed { files: vec![kept.id], ..Handed::nothing(upload.material) });
                }
            }
        }
        Ok((materials, about))
    }
}
