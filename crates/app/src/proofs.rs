//! 免证办: certificates that stand for materials. A draft finds them in its holder's wallet; a case keeps what was used as
//! it was then, sealed, and its desk sees beside it how each stands today.

use std::collections::BTreeMap;

use casework::{Handed, Officer, proof_key};
use domain::{Date, PersonId, Text, Timestamp};
use packs::{CertificateGrade, Material, MaterialProof};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::certificates_held::{Held, Line, MOST, Standing};
use crate::{App, CaseFile, Draft, Error, Party};

/// A certificate that stands for a material: what is given of it, and nothing else (个人信息保护法 art. 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Its id in the wallet.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// The issuer's area, where its status stands.
    pub area: String,
    /// What it is called.
    pub name: Text,
    /// Who issued it.
    pub issuer: Text,
    /// The issuer's code.
    pub agency: String,
    /// 证照标识 (GB/T 36904).
    pub identifier: String,
    /// Id of its trust grade.
    pub grade: String,
    /// Name of its holder.
    pub holder: String,
    /// The day it was issued.
    pub issued: Date,
    /// The first day on which it holds.
    pub from: Date,
    /// The last day on which it holds; none for one without an end.
    pub until: Option<Date>,
    /// The fields that the guide needs.
    pub fields: Vec<ProofField>,
    /// How it stood when it was used: id of a [`Standing`].
    pub standing: String,
}

/// A field of a certificate that a case was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofField {
    /// Its name in the certificate.
    pub id: String,
    /// What people read before it.
    pub label: Text,
    /// What it says.
    pub value: String,
}

/// A certificate that a case used, for its desk.
#[derive(Debug, Clone)]
pub struct UsedProof {
    /// Id of the material it stands for.
    pub material: String,
    /// What was given of it.
    pub proof: Proof,
    /// When it was given.
    pub at: Timestamp,
    /// Id of a [`Standing`]: what its issuer says of it today.
    pub today: &'static str,
}

impl Proof {
    fn of(held: &Held, asked: &MaterialProof) -> Self {
        let field = |id: &String| {
            let label = held.label(id)?.clone();
            Some(ProofField { id: id.clone(), label, value: held.value(id)? })
        };
        let certificate = &held.certificate;
        Self {
            id: held.id,
            version: i64::from(certificate.id.version()),
            area: held.area.clone(),
            name: held.kind.name.clone(),
            issuer: certificate.issuer.name.clone(),
            agency: certificate.issuer.code.clone(),
            issued: certificate.issued_on,
            from: certificate.valid_from,
            identifier: certificate.id.as_str().to_owned(),
            grade: held.grade().to_owned(),
            holder: certificate.holder.name.clone(),
            until: certificate.valid_until,
            fields: asked.fields.iter().filter_map(field).collect(),
            standing: held.standing.id().to_owned(),
        }
    }
}

impl Draft {
    /// The certificate that could stand for a material.
    #[must_use]
    pub fn provable(&self, material: &str) -> Option<&Proof> {
        self.proofs.get(material)
    }

    /// The certificate that stands for a material: one that holds, where the applicant did not take it off, upload
    /// something or say why the material does not apply.
    #[must_use]
    pub fn proof(&self, material: &str) -> Option<&Proof> {
        let given = self.body.materials.get(material);
        self.proofs.get(material).filter(|_| given.is_none_or(|given| !given.stands_alone()))
    }

    /// The materials as a case takes them.
    #[must_use]
    pub fn handed(&self) -> Vec<Handed> {
        let mut handed = self.body.handed();
        for id in self.proofs.keys().filter(|id| self.proof(id).is_some()) {
            handed.retain(|given| given.material != *id);
            handed.push(Handed { proven: true, ..Handed::nothing(id) });
        }
        handed
    }

    /// The personal words about materials, and the certificates that stand for them.
    pub(crate) fn about(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut about = self.body.about();
        for id in self.proofs.keys() {
            if let Some(proof) = self.proof(id) {
                about.insert(proof_key(id), serde_json::to_string(proof)?);
            }
        }
        Ok(about)
    }
}

impl CaseFile {
    /// The certificate that the case was given for a material, and when.
    #[must_use]
    pub fn proof(&self, material: &str) -> Option<(Proof, Timestamp)> {
        self.case.materials.iter().find(|given| given.material == material && given.proven)?;
        let key = proof_key(material);
        let mut told = self.events.iter().rev();
        told.find_map(|event| {
            let words = event.private.as_ref()?.about.get(&key)?;
            Some((serde_json::from_str(words).ok()?, event.at))
        })
    }
}

impl App {
    /// Lets a certificate stand for a material of a draft again, or takes it off so that something is uploaded instead.
    ///
    /// # Errors
    /// [`Error::NotFound`] where no certificate could stand for it.
    pub async fn attach_proof(&self, draft: &Draft, material: &str, on: bool) -> Result<Draft, Error> {
        draft.provable(material).ok_or(Error::NotFound)?;
        let mut body = draft.body.clone();
        body.materials.entry(material.to_owned()).or_default().uploads = !on;
        self.save_draft(draft, &body).await
    }

    /// The certificates of a wallet that could stand for materials, by material: of several the latest.
    pub(crate) async fn proofs_for(
        &self,
        person: PersonId,
        materials: &[Material],
    ) -> Result<BTreeMap<String, Proof>, Error> {
        let asked: Vec<(&str, &MaterialProof)> = materials
            .iter()
            .filter_map(|material| Some((material.id.as_str(), material.certificate.as_ref()?)))
            .collect();
        let mut proofs = BTreeMap::new();
        if asked.is_empty() {
            return Ok(proofs);
        }
        for row in self.store.certificates(person.0, MOST).await? {
            if !asked.iter().any(|(_, proof)| proof.kind == row.kind)
                || row.status != crate::certificates_held::VALID
            {
                continue;
            }
            let held = self.open_certificate(&row).await?;
            for (id, proof) in &asked {
                let fits = proof.kind == held.kind.id && grade(&held) <= proof.grade;
                if fits && held.standing == Standing::Valid && !proofs.contains_key(*id) {
                    proofs.insert((*id).to_owned(), Proof::of(&held, proof));
                }
            }
        }
        Ok(proofs)
    }

    /// Lines for the ledgers of the certificates that a draft hands in: to which agency, for what, by whom.
    pub(crate) async fn proofs_used(
        &self,
        draft: &Draft,
        party: Party,
    ) -> Result<Vec<store::CertificateUse>, Error> {
        let item = &draft.definition.item;
        let agency =
            self.catalogue.agency(&item.agency).map_or(item.agency.as_str(), |agency| &agency.name.zh);
        let mut uses: Vec<store::CertificateUse> = Vec::new();
        for material in &item.materials {
            let Some(proof) = draft.proof(&material.id) else { continue };
            let agent = match party.agent {
                Some(agent) => format!("（{}）", self.name_of(agent.agent).await?),
                None => String::new(),
            };
            let line = Line {
                who: agency.to_owned(),
                known: true,
                purpose: format!("{}{agent}", item.name.zh),
                fields: proof.fields.iter().map(|field| field.id.clone()).collect(),
                outcome: proof.standing.clone(),
            };
            uses.push(self.line(draft.person.0, proof.id, self.new_id(), "used", &line).await?);
        }
        Ok(uses)
    }

    /// Notes in the holder's ledger that an officer looked at a certificate that a case was given.
    ///
    /// # Errors
    /// When it cannot be written: then nothing is to be shown.
    pub async fn note_look(&self, officer: &Officer, file: &CaseFile, proof: &Proof) -> Result<(), Error> {
        let fields = proof.fields.iter().map(|field| field.id.clone()).collect();
        self.look(officer, file, proof.id, fields, "valid").await
    }

    /// A line of the ledger: which officer looked at which fields, for which case.
    pub(crate) async fn look(
        &self,
        officer: &Officer,
        file: &CaseFile,
        certificate: Uuid,
        fields: Vec<String>,
        outcome: &str,
    ) -> Result<(), Error> {
        let agency = self.catalogue.agency(&officer.agency);
        let agency = agency.map_or(officer.agency.as_str(), |agency| agency.name.zh.as_str());
        let line = Line {
            who: format!("{agency} {}", officer.name),
            known: true,
            purpose: format!("{} {}", file.definition.item.name.zh, file.case.number.as_str()),
            fields,
            outcome: outcome.to_owned(),
        };
        let entry = self.line(file.case.applicant.0, certificate, self.new_id(), "seen", &line).await?;
        Ok(self.store.use_certificate(entry).await?)
    }

    /// The certificates that a case was given, each with what its issuer says of it today.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn proofs_of(&self, file: &CaseFile) -> Result<Vec<UsedProof>, Error> {
        let mut used = Vec::new();
        for material in file.definition.item.materials.iter().map(|material| &material.id) {
            let Some((proof, at)) = file.proof(material) else { continue };
            let status = self.store.certificate_status(&proof.area, proof.id, proof.version).await?;
            let today = self.catalogue.calendar.date_of(self.now());
            let today = match status.as_ref().map(|status| status.status.as_str()) {
                Some("valid") if proof.until.is_some_and(|last| last < today) => "expired",
                Some("valid") => "valid",
                Some("replaced") => "replaced",
                // A word that is not known is no "valid".
                Some(_) => "revoked",
                None => "unknown",
            };
            used.push(UsedProof { material: material.clone(), proof, at, today });
        }
        Ok(used)
    }
}

/// The grade of a certificate as packs name it.
fn grade(held: &Held) -> CertificateGrade {
    match held.certificate.grade {
        certificates::Grade::A => CertificateGrade::A,
        certificates::Grade::B => CertificateGrade::B,
        certificates::Grade::C => CertificateGrade::C,
        certificates::Grade::D => CertificateGrade::D,
    }
}
