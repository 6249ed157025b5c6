//! Verifying a code that somebody shows 验证. What could not be checked is never called valid.

use certificates::{Refusal, Shown, ShownCertificate};
use domain::{PersonId, Text, Timestamp};
use uuid::Uuid;

use crate::certificates_held::{Line, Standing};
use crate::{App, Error, certificate_serial};

/// Seconds by which the clocks of two servers may differ.
const LEEWAY: i64 = 2;
/// Characters kept of what a verifier says of themselves and of the purpose.
const WORDS: usize = 60;

/// Whoever verifies, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Verifier {
    /// Who, as they say, or as we know.
    pub who: String,
    /// Whether we know it: an officer who is signed in.
    pub known: bool,
    /// For what.
    pub purpose: String,
}

/// What was authorised, and nothing more.
#[derive(Clone)]
pub struct Told {
    /// What the certificate is called.
    pub name: Text,
    /// Who issued it.
    pub issuer: Text,
    /// Name of the field, its label (none for [`crate::NAMES`]) and its value.
    pub fields: Vec<(String, Option<Text>, String)>,
    /// When it was checked.
    pub at: Timestamp,
}

/// What a check found. Only the first may be shown as valid.
#[derive(Clone)]
pub enum Checked {
    /// Code, certificate and its issuer's word were checked.
    Valid(Box<Told>),
    /// It is not valid; the id of the reason's text: `code-expired`, `code-used`, `code-unreadable`, `altered`, `unknown`,
    /// `expired`, `not-yet`, `revoked`, `replaced`.
    Invalid(&'static str),
    /// Something needed for the check could not be had.
    NotChecked,
}

impl App {
    /// Verifies a code for anyone. The code is used up by it, and its holder's ledger says so, before the answer.
    pub async fn check_code(&self, text: &str, verifier: &Verifier) -> Checked {
        match self.try_check(text, verifier).await {
            Ok(checked) => checked,
            Err(error) => {
                tracing::warn!(%error, "a code could not be checked");
                Checked::NotChecked
            }
        }
    }

    async fn try_check(&self, text: &str, verifier: &Verifier) -> Result<Checked, Error> {
        let mut read = Shown::verify(text, &*self.key_set().await?, self.now(), LEEWAY);
        if matches!(read, Err(Refusal::UnknownKey)) {
            read = Shown::verify(text, &*self.newer_keys().await?, self.now(), LEEWAY);
        }
        let shown = match read {
            Ok(shown) => shown,
            Err(refusal) => return Ok(Checked::Invalid(reason(refusal))),
        };
        // Ours show one certificate each.
        let [one] = shown.certificates.as_slice() else { return Ok(Checked::Invalid("code-unreadable")) };
        let Some((area, id)) = certificate_serial::read(one.id.serial()) else {
            return Ok(Checked::Invalid("unknown"));
        };
        let version = i64::from(one.id.version());
        let Some(status) = self.store.certificate_status(area.as_str(), id, version).await? else {
            return Ok(Checked::Invalid("unknown"));
        };
        let Some(mut row) = self.store.certificate(status.person, id, Some(version)).await? else {
            return Ok(Checked::Invalid("unknown"));
        };
        // The issuer's word is the one it publishes.
        row.status = status.status;
        let held = match self.open_certificate(&row).await {
            // The holder's data were erased.
            Err(Error::Store(store::Error::Erased)) => return Ok(Checked::Invalid("unknown")),
            held => held?,
        };
        if held.certificate.id != one.id {
            return Ok(Checked::Invalid("unknown"));
        }
        if !self.use_up(&shown, one, row.person, id, held.standing, verifier).await? {
            return Ok(Checked::Invalid("code-used"));
        }
        let look = crate::Look {
            who: short(&verifier.who),
            words: short(&verifier.purpose),
            what: held.kind.name.zh.clone(),
            ..crate::Look::by(crate::Reader::Verifier)
        };
        // Each code is one look, whoever scanned it.
        let code = Uuid::from_bytes(shown.id);
        self.note_read(PersonId(row.person), (code, ""), crate::Looked::Certificate, &look).await?;
        if held.standing != Standing::Valid {
            return Ok(Checked::Invalid(held.standing.id()));
        }
        let seen = |(name, _): &(String, Option<String>)| {
            Some((name.clone(), held.label(name).cloned(), held.value(name)?))
        };
        Ok(Checked::Valid(Box::new(Told {
            name: held.kind.name.clone(),
            issuer: held.certificate.issuer.name.clone(),
            fields: one.fields.iter().filter_map(seen).collect(),
            at: self.now(),
        })))
    }

    /// Notes the use under the code's own id; false when it was used before.
    async fn use_up(
        &self,
        shown: &Shown,
        one: &ShownCertificate,
        person: Uuid,
        certificate: Uuid,
        standing: Standing,
        verifier: &Verifier,
    ) -> Result<bool, Error> {
        let line = Line {
            who: short(&verifier.who),
            known: verifier.known,
            purpose: short(&verifier.purpose),
            fields: one.fields.iter().map(|(name, _)| name.clone()).collect(),
            outcome: standing.id().to_owned(),
        };
        let entry = self.line(person, certificate, Uuid::from_bytes(shown.id), "verified", &line).await?;
        match self.store.use_certificate(entry).await {
            Ok(()) => Ok(true),
            Err(store::Error::Conflict) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Why a code is not believed, in words for people.
fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Expired => "code-expired",
        Refusal::Altered => "altered",
        Refusal::UnknownKey | Refusal::RetiredKey => "unknown",
        _ => "code-unreadable",
    }
}

/// As much as is kept of somebody's own words.
fn short(words: &str) -> String {
    words.trim().chars().filter(|c| !c.is_control()).take(WORDS).collect()
}
